package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// expectedPolicies reads network policies of one direction, as the function returned
// them. What is wanted is each of their rules, under PEER-to-HOST or HOST-to-PEER,
// and of a host without one, under the host, that it is closed.
func (r *auditReader) expectedPolicies(f field, direction cloud.Direction) {
	const like = "a policy as the function returned it"
	for host, policy := range f.Like("the policies as the function returned them").Entries() {
		o, ok := policy.Like(like).Object(like)
		if !ok {
			continue
		}
		for _, name := range []string{"name", "namespace", "spec", "peers"} {
			if o.attributes[name].Type() == nil {
				r.notReturned(policy.Path(), "the policy has no "+name)
				return
			}
		}
		if !slices.Contains(r.input.Hosts, host) && r.Len() == 0 && !r.unknown {
			r.notReturned(policy.Path(), `"`+host+`" is not in counts`)
		}
		seen, err := cloud.Kubernetes().Objects(policy.Path(), map[string]any{
			"kind":     "NetworkPolicy",
			"metadata": map[string]any{"name": plainOf(o.attributes["name"]), "namespace": plainOf(o.attributes["namespace"])},
			"spec":     plainOf(o.attributes["spec"]),
		})
		if err != nil {
			r.Merge(err)
			continue
		}
		r.unknown = r.unknown || seen.Unknown
		peers := o.Required("peers")
		of := make([]audit.Expected, 0, len(seen.Rules))
		for _, element := range peers.Elements() {
			if p, ok := element.Object("an object with peer and flows"); ok {
				key := p.Required("peer").Text() + "-to-" + host
				if direction == cloud.Egress {
					key = host + "-to-" + p.Required("peer").Text()
				}
				of = append(of, audit.Expected{Key: key, Direction: direction, Host: host, Flows: p.Required("flows").Texts()})
			}
		}
		if len(of) == 0 {
			of = append(of, audit.Expected{Key: host, Direction: direction, Host: host})
		}
		if len(of) != len(seen.Rules) || slices.ContainsFunc(seen.Rules, func(p cloud.Printed) bool { return p.Direction != direction }) {
			if !r.unknown && r.Len() == 0 {
				r.notReturned(policy.Path(), "its spec and its peers differ")
			}
			return
		}
		for i := range of {
			of[i].Row = seen.Rules[i].Row
		}
		r.input.Expected = append(r.input.Expected, of...)
	}
}

// isPolicies reports whether these are policies by host rather than rules.
func isPolicies(directions ...tftypes.Value) bool {
	return slices.Contains(attributeNames(directions...), "spec")
}
