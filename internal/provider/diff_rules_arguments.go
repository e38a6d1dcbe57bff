package provider

import (
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// diffReader reads the arguments of diff_rules.
type diffReader struct {
	reader
	ends, endsBefore map[string][]packet.Peer // by endpoint, as bindings say; nil: none are given
	target           string                   // of settings
	given            []string                 // settings that have a value
	aliases          []alias                  // of endpoints that no binding names
}

// alias is an endpoint that same_as names.
type alias struct {
	at refusal.Path
	of string
}

// diffSetting is an attribute of the settings.
type diffSetting struct {
	settingDoc
	read func(r *diffReader, f field)
}

func diffSettings() map[string]diffSetting {
	return map[string]diffSetting{
		"bindings": {
			settingDoc{"Map of Object", "Bindings of the endpoints, as the rules functions take them: the matrix's rules are then compared by addresses and identifiers, so that a CIDR which one endpoint loses and another gains at the same host is no change, and neither is `same_as`."},
			func(r *diffReader, f field) { r.ends = r.bindings(f) },
		},
		"from_bindings": {
			settingDoc{"Map of Object", "The bindings of `from`, where they are others than those of `to`."},
			func(r *diffReader, f field) { r.endsBefore = r.bindings(f) },
		},
		"target": {
			settingDoc{"String", "The target, as in `aws`, where results of a rules function have no rule that says so."},
			func(r *diffReader, f field) {
				of := &auditReader{}
				of.targetName(f)
				r.Merge(of.Err())
				r.target = of.target
			},
		},
	}
}

// read reads both sides.
func (r *diffReader) read(from, to tftypes.Value, settings field) (before, after audit.Side) {
	const like = "the data source's rules, as in data.canopsis_flows.this.rules, or the whole result of a rules function"
	if !from.IsKnown() || !to.IsKnown() {
		r.unknown = true
		return before, after
	}
	for name, v := range map[string]tftypes.Value{"from": from, "to": to} {
		if v.IsNull() {
			r.Root(name, v).Like(like).wrong("")
			return before, after
		}
	}
	r.settings(settings)
	switch returnedFrom, returnedTo := isReturned(from), isReturned(to); {
	case returnedFrom != returnedTo:
		at, other := "to", "from"
		if returnedTo {
			at, other = other, at
		}
		r.Add(&refusal.Error{
			At: refusal.At(at), Summary: "Two kinds of rules", Found: "this is not what a rules function returned, and " + other + " is",
			Allowed: "rules of the data source on both sides, or whole results of one rules function on both",
		})
	case returnedFrom:
		return r.returned(from, to, settings)
	default:
		after.Openings = r.rules("to", to, r.ends)
		if r.endsBefore == nil {
			r.endsBefore = r.ends
		}
		before.Openings = r.rules("from", from, r.endsBefore)
		r.checkAliases(slices.Concat(before.Openings, after.Openings))
	}
	return before, after
}

// checkAliases refuses what same_as names and neither a binding nor a rule does.
func (r *diffReader) checkAliases(openings []audit.Opening) {
	known := slices.Concat(slices.Collect(maps.Keys(r.ends)), slices.Collect(maps.Keys(r.endsBefore)))
	for _, o := range openings {
		known = append(known, o.Source, o.Destination)
	}
	slices.Sort(known)
	for _, a := range r.aliases {
		if r.Len() == 0 && !slices.Contains(known, a.of) {
			r.Unknown(a.at, a.of, "an endpoint of these rules or bindings", slices.Compact(known))
		}
	}
}

func (r *diffReader) settings(f field) {
	o, ok := f.Optional().Object(`an object, as in { bindings = local.bindings }, or {} for none`)
	if !ok {
		return
	}
	settings := diffSettings()
	names := slices.Sorted(maps.Keys(settings))
	o.RefuseOthers("a setting of the comparison", names)
	for _, name := range names {
		if part := o.Optional(name); !part.IsNull() {
			r.given = append(r.given, name)
			settings[name].read(r, part)
		}
	}
}

// isReturned reports whether this is what a rules function returned.
func isReturned(v tftypes.Value) bool {
	values, _ := elements(v)
	for _, name := range []string{"ingress", "egress", "counts"} {
		if values[name].Type() == nil {
			return false
		}
	}
	return true
}

// returned reads two results of one rules function.
func (r *diffReader) returned(from, to tftypes.Value, settings field) (before, after audit.Side) {
	for _, name := range r.given {
		if name != "target" {
			r.Add(&refusal.Error{
				At: settings.Path().Attribute(name), Summary: "Setting without effect", Found: "the rules of a rules function have their peers already", Remedy: "Leave the setting out",
			})
		}
	}
	read := func(name string, v tftypes.Value) (*auditReader, audit.Side) {
		of := &auditReader{target: r.target}
		of.expected(of.Root(name, v))
		side, known, err := audit.SideOf(of.input)
		r.Merge(of.Err())
		if of.Len() == 0 {
			r.Merge(err)
		}
		r.unknown = r.unknown || of.unknown || !known
		return of, side
	}
	one, before := read("from", from)
	other, after := read("to", to)
	if r.Len() == 0 && !r.unknown && one.input.Cloud.Name != other.input.Cloud.Name {
		r.Add(&refusal.Error{
			At: refusal.At("to"), Summary: "Two targets", Found: "these are rules of " + other.input.Cloud.Name + ", and from has rules of " + one.input.Cloud.Name,
			Allowed: "results of one rules function on both sides, or the matrix's rules on both",
		})
	}
	return before, after
}

// rules reads the matrix's rules.
func (r *diffReader) rules(name string, v tftypes.Value, ends map[string][]packet.Peer) []audit.Opening {
	read := readRules(name, v, &r.Errors)
	origins := &reader{} // what else the data source's rules say
	said := make(map[string]string, len(read))
	for key, rule := range origins.Root(name, v).Optional().Entries() {
		if o, ok := rule.Object(""); ok {
			said[key] = o.Optional("origin").Text()
		}
	}
	if r.Len() == 0 {
		r.Merge(origins.Err())
	}
	peers := func(id string) []packet.Peer {
		if found, ok := ends[id]; ok {
			return found
		}
		return audit.Named(id)
	}
	openings := make([]audit.Opening, 0, len(read))
	for _, key := range slices.Sorted(maps.Keys(read)) {
		o := audit.OpeningOf(key, read[key], said[key])
		o.At, o.Peers = peers(o.Destination), peers(o.Source)
		openings = append(openings, o)
	}
	return openings
}

// bindings reads what endpoints are: addresses, and names of what a cloud has in
// their place.
func (r *diffReader) bindings(f field) map[string][]packet.Peer {
	attributes := make(map[string]bindingAttribute)
	for _, target := range firewall.Targets() {
		maps.Copy(attributes, bindingAttributes(target))
	}
	of := &reportReader{}
	ends, same := make(map[string][]packet.Peer), make(map[string]alias)
	for id, binding := range of.At(f.Path(), f.value).Like(`bindings as the rules take them, as in { users = { cidrs = ["10.20.0.0/16"] } }`).Entries() {
		o, ok := binding.Optional().Object(`an object, as in { cidrs = ["10.20.0.0/16"] }`)
		if !ok {
			continue
		}
		read := readAttributes(attributes, o)
		refuseBesideAlias(&of.Errors, o)
		if read.SameAs != "" {
			same[id] = alias{o.at.Attribute("same_as"), read.SameAs}
			continue
		}
		peers := audit.Prefixes(of.prefixes(o.Optional("cidrs").Optional())...)
		for _, prefix := range o.Optional("named_cidrs").Entries() {
			if text, known := prefix.text(); known {
				parsed, err := firewall.ParseCIDR(prefix.Path(), text)
				of.Merge(err)
				peers = append(peers, audit.Prefixes(parsed)...)
			}
		}
		for _, p := range of.peers(o) {
			peers = append(peers, packet.Atom(p.Name, false))
		}
		if len(peers) > 0 {
			ends[id] = peers
		}
	}
	r.Merge(of.Err())
	r.unknown = r.unknown || of.unknown
	for _, id := range slices.Sorted(maps.Keys(same)) {
		a := same[id]
		switch next, isAlias := same[a.of]; {
		case a.of == id:
			r.Add(firewall.BoundToItself(a.at, id))
			continue
		case isAlias:
			r.Add(firewall.ChainOfAliases(a.at, a.of, next.of))
			continue
		}
		peers, bound := ends[a.of]
		if !bound {
			peers = audit.Named(a.of)
			r.aliases = append(r.aliases, a)
		}
		ends[id] = peers
	}
	return ends
}

// endsOf returns what the bindings of a report's settings, which were read before
// and are right, say of endpoints.
func endsOf(settings tftypes.Value) map[string][]packet.Peer {
	r := &diffReader{}
	values, _ := elements(settings)
	bindings := r.Root("bindings", values["bindings"])
	if bindings.IsNull() {
		return nil
	}
	return r.bindings(bindings)
}
