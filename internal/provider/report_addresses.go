package provider

import (
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// addresses reads what stands for endpoints in this report alone.
func (r *reportReader) addresses(f field) {
	var ends []string
	for _, flow := range r.report.Flows {
		ends = append(ends, flow.Source, flow.Destination)
	}
	slices.Sort(ends)
	ends = slices.Compact(ends)
	for id, texts := range f.Like(`a map, as in { users = ["10.20.0.0/16"] }`).Entries() {
		if !matrix.IsID(id) {
			r.Merge(matrix.InvalidID(texts.Path(), id))
			continue
		}
		// One map may be for several reports: a name that this one lacks is no fault.
		if same := deployment.SameByVendor(id, ends); same != "" && !slices.Contains(ends, id) {
			r.Add(deployment.Unknown(texts.Path(), id, "an endpoint of these flows", ends))
			continue
		}
		a, err := report.ParseAddresses(texts.Path(), texts.List(addressWords).Texts())
		r.Merge(err)
		r.setAddresses(id, a)
	}
}

var addressWords = listWords{"a prefix, an address or a name", "a list of prefixes, addresses or names", `"10.20.0.0/16"`, ""}

func (r *reportReader) setAddresses(id string, a report.Addresses) {
	if r.report.Addresses == nil {
		r.report.Addresses = make(map[string]report.Addresses)
	}
	r.report.Addresses[id] = a
}

// identifiers are the attributes of bindings that name what a cloud has in place
// of addresses, with what it is. Where an endpoint has several, the first is what
// its peers refer to.
var identifiers = []struct{ attribute, kind string }{
	{"referenced_security_group_id", "security_group"},
	{"remote_group_id", "security_group"},
	{"security_group_id", "security_group"},
	{"source_tags", "network_tags"},
	{"network_tags", "network_tags"},
	{"source_service_accounts", "service_accounts"},
	{"service_accounts", "service_accounts"},
	{"prefix_list_id", "prefix_list"},
	{"address_group_id", "address_group"},
	{"peer_namespace", string(firewall.PodsPeer)},
	{"namespace", string(firewall.PodsPeer)},
}

// bindings reads what endpoints are bound to, in any cloud. What is not said to
// the reader is checked for its spelling alone.
func (r *reportReader) bindings(f field) {
	if f.IsNull() {
		return
	}
	r.report.Bound = true
	attributes := make(map[string]bindingAttribute)
	for _, target := range firewall.Targets() {
		maps.Copy(attributes, bindingAttributes(target))
	}
	bindings, peers := make(map[string]firewall.Binding), make(map[string][]report.Peer)
	for id, binding := range f.Like(`bindings as the rules take them, as in { users = { cidrs = ["10.20.0.0/16"] } }`).Entries() {
		o, ok := binding.Optional().Object(`an object, as in { cidrs = ["10.20.0.0/16"] }`)
		if !ok {
			continue
		}
		o.RefuseOthers("an attribute of a binding", slices.Collect(maps.Keys(attributes)))
		peers[id] = r.peers(o)
		said := maps.Clone(o.attributes)
		for name, value := range said {
			switch {
			case name != "cidrs" && name != "named_cidrs" && name != "same_as":
				delete(said, name)
			case !value.IsFullyKnown():
				r.unknown = true
				delete(said, name)
			}
		}
		o.attributes = said
		bindings[id] = readAttributes(attributes, o)
	}
	if r.Err() != nil {
		return
	}
	prefixes, err := firewall.Addresses(f.Path(), bindings)
	r.Merge(err)
	for id, binding := range bindings {
		if _, said := r.report.Addresses[id]; said {
			continue // what is said for the reader comes first
		}
		of := id
		if binding.SameAs != "" {
			of = binding.SameAs
		}
		a := report.Addresses{Texts: prefixes[id], Peers: peers[of]}
		a.None = len(a.Texts) == 0 && len(a.Peers) == 0
		r.setAddresses(id, a)
	}
}

// peers reads the identifiers of a binding.
func (r *reportReader) peers(o fields) []report.Peer {
	var peers []report.Peer
	for _, identifier := range identifiers {
		f := o.Optional(identifier.attribute)
		names := []string{}
		switch {
		case f.IsNull() || f.IsUnknown():
			r.unknown = r.unknown || f.IsUnknown()
		case f.isSequence():
			names = f.Texts()
		default:
			names = append(names, f.Text())
		}
		if slices.ContainsFunc(peers, func(p report.Peer) bool { return p.Kind == identifier.kind }) {
			continue
		}
		for _, name := range names {
			peers = append(peers, report.Peer{Kind: identifier.kind, Name: name})
		}
	}
	return peers
}
