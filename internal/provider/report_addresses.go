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

// identifier is an attribute of bindings that names what a cloud has in place of
// addresses, and what that is.
type identifier struct {
	attribute string
	kind      firewall.PeerKind
}

// identifiers returns those of every target's forms, each once: those that only refer
// first, which is what peers refer to where an endpoint has several of one kind.
func identifiers() []identifier {
	var referring, attaching []identifier
	for _, target := range firewall.Targets() {
		for _, form := range target.Forms {
			found := identifier{nameOf(form, target.Forms), form.Peer}
			switch {
			case form.Peer == "" || found.attribute == "" || slices.Contains(referring, found) || slices.Contains(attaching, found):
			case form.Attaches:
				attaching = append(attaching, found)
			default:
				referring = append(referring, found)
			}
		}
	}
	return append(referring, attaching...)
}

// nameOf returns the attribute by which a report names what a form says: its own,
// or, of labels, that of the text that has to stand beside them.
func nameOf(form firewall.Form, forms []firewall.Form) string {
	if form.Kind != firewall.Nested {
		return form.Name
	}
	for _, beside := range forms {
		if beside.Kind == firewall.Text && beside.Needed && slices.Contains(beside.Of, form.Name) {
			return beside.Name
		}
	}
	return ""
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
		refuseBesideAlias(&r.Errors, o)
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
	for _, identifier := range identifiers() {
		f, kind := o.Optional(identifier.attribute), string(identifier.kind)
		names := []string{}
		switch {
		case f.IsNull() || f.IsUnknown():
			r.unknown = r.unknown || f.IsUnknown()
		case f.isSequence():
			names = f.Texts()
		default:
			names = append(names, f.Text())
		}
		if slices.ContainsFunc(peers, func(p report.Peer) bool { return p.Kind == kind }) {
			continue
		}
		for _, name := range names {
			peers = append(peers, report.Peer{Kind: kind, Name: name})
		}
	}
	return peers
}
