package firewall

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// checkMissing names every endpoint of a rule that has no binding.
func (r *bindingsReader) checkMissing(keys []string, rules map[string]deployment.Rule, parties, resolved map[string]*party, roles roles) {
	flows := make(map[string][]string) // by missing endpoint
	for _, key := range keys {
		rule := rules[key]
		for _, end := range []string{rule.Source, rule.Destination} {
			if _, ok := resolved[end]; !ok {
				flows[end] = append(flows[end], rule.Flow)
			}
		}
	}
	if len(flows) == 0 {
		return
	}
	given := slices.Collect(maps.Keys(parties))
	missing := slices.Sorted(maps.Keys(flows))
	lines := make([]string, 0, len(missing))
	for _, id := range missing[:min(len(missing), refusal.MaxShown)] {
		line := "- " + id + ", needed by " + refusal.List(flows[id])
		if nearest := deployment.Nearest(id, given); nearest != "" {
			line += " (given: " + nearest + ")"
		}
		if kept := deployment.KeepsHost(id); kept != "" {
			line += " (where the host stays as it was, write " + kept + " into the data source: its group and its rules' keys stay)"
		}
		lines = append(lines, line)
	}
	if more := len(missing) - refusal.MaxShown; more > 0 {
		lines = append(lines, fmt.Sprintf("- and %d more", more))
	}
	r.Add(&refusal.Error{
		At:      r.at,
		Summary: "Missing bindings",
		Found:   "these endpoints of the rules have no binding:\n" + strings.Join(lines, "\n") + "\nGiven: " + cmp.Or(refusal.List(given), "none"),
		Remedy:  r.exampleBindings(missing, roles),
	})
}

// exampleBindings writes a binding for the first host and the first other endpoint
// that have none.
func (r *bindingsReader) exampleBindings(missing []string, roles roles) string {
	var examples []string
	host := slices.IndexFunc(missing, func(id string) bool { return roles[id].host })
	other := slices.IndexFunc(missing, func(id string) bool { return !roles[id].host })
	for _, form := range r.target.Forms {
		if host >= 0 && form.Attaches && form.Host != nil && len(examples) == 0 {
			examples = append(examples, missing[host]+" = { "+form.Name+" = "+form.Host(missing[host])+" }")
		}
	}
	if other >= 0 || len(examples) == 0 {
		examples = append(examples, missing[max(other, 0)]+" = { cidrs = [\"10.20.0.0/16\"] }")
	}
	remedy := "Write a binding for each, as in " + strings.Join(examples, " and ") + ", or name it in the data source's exclude"
	if host >= 0 && r.target.attaching() != "" {
		remedy += ".\nIf the plan only refreshes or destroys, a host may be missing since its group does not exist (yet or any more): apply first, or destroy with the whole state"
	}
	return remedy
}
