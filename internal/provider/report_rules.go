package provider

import (
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// rules reads what rules functions returned.
func (r *reportReader) rules(f field) {
	const like = "results of rules functions by a name of your own, as in { aws = local.aws }"
	for name, returned := range f.Like(like).Entries() {
		o, ok := returned.Object("what a rules function returned, as in local.aws")
		if !ok {
			continue
		}
		if name == "ingress" || name == "egress" || o.attributes["ingress"].Type() == nil || o.attributes["egress"].Type() == nil {
			r.Add(&refusal.Error{
				At: returned.Path(), Summary: "Not what a rules function returned", Found: "the object has no ingress and egress",
				Allowed: "the whole result of a rules function, under a name of your own", Remedy: "Write rules = { aws = local.aws }, where local.aws = provider::canopsis::aws_rules(...)",
			})
			continue
		}
		enforced := report.Enforced{Name: name, Unenforced: o.Optional("unenforced").Map()}
		if isPolicies(o.attributes["ingress"], o.attributes["egress"]) {
			enforced.Ingress, enforced.Egress = r.policies(o.Required("ingress"), cloud.Ingress), r.policies(o.Required("egress"), cloud.Egress)
		} else {
			enforced.Ingress, enforced.Egress = r.bound(o.Required("ingress"), "source_"), r.bound(o.Required("egress"), "destination_")
		}
		r.report.Enforced = append(r.report.Enforced, enforced)
	}
}

// naming returns the arguments of every target's rules that name the other side, with
// what they name.
func naming() map[string]firewall.PeerKind {
	arguments := make(map[string]firewall.PeerKind)
	for _, target := range firewall.Targets() {
		maps.Copy(arguments, target.Naming)
	}
	return arguments
}

// bound reads rules of one direction; side is how the arguments of the other
// side begin there, where a cloud has both.
func (r *reportReader) bound(f field, side string) []report.Bound {
	var rules []report.Bound
	arguments := naming()
	for _, rule := range f.Like("the rules as the function returned them").Entries() {
		o, ok := rule.Object("a rule as the function returned it")
		if !ok {
			continue
		}
		b := report.Bound{Host: o.Required("host").Text(), Flows: o.Required("flows").List(textWords).Texts()}
		for _, name := range slices.Sorted(maps.Keys(o.attributes)) {
			kind, isPeer := arguments[name]
			value := o.Optional(name)
			if !isPeer || value.IsNull() || oneSided(name) && !strings.HasPrefix(name, side) {
				continue
			}
			var names []string
			if value.isSequence() {
				names = value.Texts()
			} else {
				names = []string{value.Text()}
			}
			if kind == firewall.CIDRPeer {
				b.Peers = append(b.Peers, names...)
			} else {
				b.Peer = report.Peer{Kind: string(kind), Name: strings.Join(names, ", ")}
			}
		}
		if len(b.Peers) == 0 && b.Peer == (report.Peer{}) {
			b.Peers = []string{o.Required("peer").Text()}
		}
		rules = append(rules, b)
	}
	return rules
}

// policies reads network policies of one direction: each of their rules is one.
func (r *reportReader) policies(f field, direction cloud.Direction) []report.Bound {
	var rules []report.Bound
	side := map[cloud.Direction]string{cloud.Ingress: "from", cloud.Egress: "to"}[direction]
	for host, policy := range f.Like("the policies as the function returned them").Entries() {
		o, ok := policy.Object("a policy as the function returned it")
		if !ok {
			continue
		}
		spec, ok := o.Required("spec").Object("a policy's spec")
		if !ok {
			continue
		}
		var allowed []report.Bound
		for _, rule := range spec.Optional(string(direction)).Elements() {
			b := report.Bound{Host: host}
			if part, ok := rule.Object("a rule of the spec"); ok {
				for _, peer := range part.Required(side).Elements() {
					r.policyPeer(&b, peer)
				}
			}
			allowed = append(allowed, b)
		}
		for i, peer := range o.Required("peers").Elements() {
			if p, ok := peer.Object("an object with peer and flows"); ok && i < len(allowed) {
				allowed[i].Flows = p.Required("flows").Texts()
			}
		}
		rules = append(rules, allowed...)
	}
	return rules
}

// policyPeer reads a block of addresses, or the names of a namespace and labels.
func (r *reportReader) policyPeer(b *report.Bound, peer field) {
	p, ok := peer.Object("a peer of the spec")
	if !ok {
		return
	}
	if block, ok := p.Optional("ipBlock").Object("a block of addresses"); ok {
		b.Peers = append(b.Peers, block.Required("cidr").Text())
		return
	}
	name := strings.Join(r.labelValues(p.Optional("namespaceSelector")), ", ")
	if labels := r.labelValues(p.Optional("podSelector")); len(labels) > 0 {
		name += "/" + strings.Join(labels, ", ")
	}
	b.Peer = report.Peer{Kind: string(firewall.PodsPeer), Name: name}
}

// labelValues returns the values of a selector's labels, in the order of their names.
func (r *reportReader) labelValues(selector field) []string {
	var values []string
	if o, ok := selector.Object("a selector"); ok {
		for _, label := range o.Required("matchLabels").Entries() {
			values = append(values, label.Text())
		}
	}
	return values
}

func oneSided(argument string) bool {
	return strings.HasPrefix(argument, "source_") || strings.HasPrefix(argument, "destination_")
}
