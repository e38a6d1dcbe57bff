package deployment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// exclude leaves out the flows of endpoints, to components and services, and
// for purposes. A component's name takes away the flows to it, not those that
// it opens.
func (b *builder) exclude() *matrix.Draft {
	if len(b.choices.Exclude) == 0 {
		return nil
	}
	b.checkExclude()
	excluded := make(map[string]bool, len(b.choices.Exclude))
	for _, name := range b.choices.Exclude {
		excluded[name] = true
	}
	d := b.m.Draft()
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		return excluded[b.m.EndpointAt(f.Source)] || excluded[b.m.EndpointAt(f.Destination)] ||
			excluded[f.Component] || excluded[b.m.PurposeOf(f).String()]
	})
	return d
}

func (b *builder) checkExclude() {
	all := slices.Concat(b.known.all(), matrix.PurposeNames())
	for e := range b.m.Endpoints() {
		all = append(all, e.ID)
	}
	for f := range b.m.Flows() {
		all = append(all, f.Component)
	}
	all = append(all, b.wrongFlows...)
	known := make(map[string]bool, len(all))
	for _, name := range all {
		known[name] = true
	}
	for _, name := range b.named {
		known[name] = true
	}
	for _, name := range slices.Sorted(slices.Values(b.choices.Exclude)) {
		if known[name] || b.known.knows(name) {
			continue
		}
		wrong := unknown(refusal.At("exclude"), name, "an endpoint, a component or a purpose of this edition", all)
		if strings.Contains(name, "-to-") {
			wrong.Remedy = fmt.Sprintf("To leave one flow out, filter the rules: { for key, rule in data.canopsis_flows.this.rules : key => rule if rule.flow != %q }", name)
		}
		b.errs.Add(wrong)
	}
}
