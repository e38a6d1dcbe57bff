package deployment

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// exclude leaves out the flows of endpoints, to components and services, and
// for purposes. A component's name takes away the flows to it, not those that
// it opens.
func exclude(m *matrix.Matrix, known names, names []string) (*matrix.Matrix, error) {
	if err := checkExclude(m, known, names); err != nil {
		return nil, err
	}
	excluded := make(map[string]bool, len(names))
	for _, name := range names {
		excluded[name] = true
	}
	d := m.Draft()
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		return excluded[m.EndpointAt(f.Source)] || excluded[m.EndpointAt(f.Destination)] ||
			excluded[f.Component] || excluded[m.PurposeOf(f).String()]
	})
	return d.Matrix()
}

func checkExclude(m *matrix.Matrix, known names, excluded []string) error {
	all := slices.Concat(known.all(), matrix.PurposeNames())
	for e := range m.Endpoints() {
		all = append(all, e.ID)
	}
	for f := range m.Flows() {
		all = append(all, f.Component)
	}
	var errs []error
	for _, name := range slices.Sorted(slices.Values(excluded)) {
		if !slices.Contains(all, name) {
			wrong := unknown(refusal.At("exclude"), name, "an endpoint, a component or a purpose of this edition", all)
			if strings.Contains(name, "-to-") {
				wrong.Remedy = fmt.Sprintf("To leave one flow out, filter the rules: { for key, rule in data.canopsis_flows.this.rules : key => rule if rule.flow != %q }", name)
			}
			errs = append(errs, wrong)
		}
	}
	return errors.Join(errs...)
}
