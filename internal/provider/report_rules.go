package provider

import (
	"maps"
	"slices"
	"strings"

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
		r.report.Enforced = append(r.report.Enforced, report.Enforced{
			Name:       name,
			Ingress:    r.bound(o.Required("ingress"), "source_"),
			Egress:     r.bound(o.Required("egress"), "destination_"),
			Unenforced: o.Optional("unenforced").Map(),
		})
	}
}

// peerArguments are the arguments of clouds' rules that name the other side, with
// what it is; prefixes have no kind. Those that begin with source_ or
// destination_ name the other side in one direction only.
var peerArguments = map[string]string{
	"cidr_ipv4": "", "cidr_ipv6": "", "remote_ip_prefix": "",
	"source_ranges": "", "destination_ranges": "",
	"source_address_prefix": "", "source_address_prefixes": "", "destination_address_prefix": "", "destination_address_prefixes": "",
	"referenced_security_group_id": "security_group", "remote_group_id": "security_group",
	"prefix_list_id": "prefix_list", "remote_address_group_id": "address_group",
	"source_tags": "network_tags", "source_service_accounts": "service_accounts",
	"source_application_security_group_ids": "security_group", "destination_application_security_group_ids": "security_group",
}

// bound reads rules of one direction; side is how the arguments of the other
// side begin there, where a cloud has both.
func (r *reportReader) bound(f field, side string) []report.Bound {
	var rules []report.Bound
	for _, rule := range f.Like("the rules as the function returned them").Entries() {
		o, ok := rule.Object("a rule as the function returned it")
		if !ok {
			continue
		}
		b := report.Bound{Host: o.Required("host").Text(), Flows: o.Required("flows").List(textWords).Texts()}
		for _, name := range slices.Sorted(maps.Keys(o.attributes)) {
			kind, isPeer := peerArguments[name]
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
			if kind == "" {
				b.Peers = append(b.Peers, names...)
			} else {
				b.Peer = report.Peer{Kind: kind, Name: strings.Join(names, ", ")}
			}
		}
		if len(b.Peers) == 0 && b.Peer == (report.Peer{}) {
			b.Peers = []string{o.Required("peer").Text()}
		}
		rules = append(rules, b)
	}
	return rules
}

func oneSided(argument string) bool {
	return strings.HasPrefix(argument, "source_") || strings.HasPrefix(argument, "destination_")
}
