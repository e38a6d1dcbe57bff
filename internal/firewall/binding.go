package firewall

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Binding is what an endpoint is in one cloud. The zero value says nothing and
// is refused; absent attributes are as if they were not written.
type Binding struct {
	CIDRs      []string                 // prefixes, known at plan; nil: absent, empty: no address
	NamedCIDRs map[string]Value[string] // prefixes that may be unknown at plan, by a name for keys
	Forms      Forms                    // what the cloud knows it by
	Attach     bool                     // rules are attached to it although it is no host of the rules
	Unattached bool                     // attach is false, and not left out: no rules are to be attached to it
	Public     bool                     // its addresses may be public
	SameAs     string                   // another endpoint's id: the same peer
}

// Forms are the values of a target's forms, by their names.
type Forms map[string]Cell

// party is an endpoint with a binding that has been read.
type party struct {
	id       string
	binding  Binding
	prefixes []netip.Prefix // of the list: sorted, masked, none covers another
	named    []namedCIDR    // sorted by name
	attached *Form          // what rules are attached to; nil: the endpoint is not managed
	referred *Form          // what peers refer to, addresses apart; nil: nothing
	peers    []peer         // what it is as the other side, its list of CIDRs apart
	families families       // of rules to and from what it refers to
	public   netip.Prefix   // a public block that its addresses hold, as far as they are known; invalid: none
}

type namedCIDR struct {
	name      string
	prefix    Value[netip.Prefix]
	attribute string   // of the binding; empty: named_cidrs
	family    families // that the attribute says; none: the prefix alone says it
}

// in names the attribute of the binding.
func (n namedCIDR) in() string { return cmp.Or(n.attribute, "named_cidrs") }

// peer is one form in which an endpoint is the other side of a rule: a named
// prefix, or what it refers to.
type peer struct {
	kind     PeerKind
	side     string              // in the key
	prefix   Value[netip.Prefix] // of a CIDR; unknown for a named one until apply
	named    bool                // it is a named CIDR
	referred Cell                // of any other kind
	party    *party              // of any other kind
}

// families is a set of address families.
type families uint8

const (
	ipv4 families = 1 << iota
	ipv6

	anyFamily = ipv4 | ipv6
)

func (p *party) managed() bool { return p.attached != nil }

// form returns the value of one of the binding's forms.
func (p *party) form(name string) Cell { return p.binding.Forms[name] }

// of returns what the peer refers to where it is of this kind, and null otherwise.
func (p peer) of(kind PeerKind) Cell {
	if p.kind != kind {
		return Cell{}
	}
	return p.referred
}

// hasRanges reports whether addresses say what it is, or will.
func (p *party) hasRanges() bool { return len(p.prefixes) > 0 || len(p.named) > 0 }

// hasRangesIn reports whether addresses of these families say what it is, or will.
func (p *party) hasRangesIn(in families) bool {
	return len(p.listed(in)) > 0 || slices.ContainsFunc(p.named, func(n namedCIDR) bool { return in.has(n.prefix) })
}

// bindingsReader reads bindings and collects what is wrong with them.
type bindingsReader struct {
	refusal.Errors
	target  *Target
	at      refusal.Path    // where they stand
	another map[string]bool // endpoints that were refused as being another one
}

// read reads every binding and checks each by itself.
func (r *bindingsReader) read(bindings map[string]Binding) map[string]*party {
	parties := make(map[string]*party, len(bindings))
	for _, id := range slices.Sorted(maps.Keys(bindings)) {
		if !matrix.IsID(id) {
			r.Add(matrix.InvalidID(r.at.Key(id), id))
			continue
		}
		parties[id] = r.readOne(id, bindings[id])
	}
	return parties
}

func (r *bindingsReader) readOne(id string, b Binding) *party {
	at := r.at.Key(id)
	p := &party{id: id, binding: b, families: anyFamily}
	if b.SameAs != "" {
		r.checkAlone(at, b)
		return p
	}
	p.binding.Forms = make(Forms, len(b.Forms))
	for i := range r.target.Forms {
		form := &r.target.Forms[i]
		value := b.Forms[form.Name]
		if value.IsAbsent() {
			continue
		}
		p.binding.Forms[form.Name] = form.read(at.Attribute(form.Name), value, &r.Errors)
		if form.Attaches && p.attached == nil {
			p.attached = form
		}
		if form.Refers && (p.referred == nil || p.referred.Attaches && !form.Attaches) {
			p.referred = form
		}
	}
	r.checkForms(at, p)
	p.prefixes = readCIDRs(at.Attribute("cidrs"), b.CIDRs, &r.Errors)
	p.named = readNamedCIDRs(at.Attribute("named_cidrs"), b.NamedCIDRs, &r.Errors)
	if r.target.check != nil {
		r.target.check(p, at, &r.Errors)
	}
	p.public = publicBlock(p)
	p.readPeers()
	return p
}

// readPeers fills in what the party is as the other side of a rule.
func (p *party) readPeers() {
	for _, n := range p.named {
		p.peers = append(p.peers, peer{kind: CIDRPeer, side: n.name, prefix: n.prefix, named: true})
	}
	if p.referred != nil {
		p.peers = append(p.peers, peer{kind: p.referred.Peer, side: p.id, referred: p.binding.Forms[p.referred.Name], party: p})
	}
}

// checkAlone refuses what stands beside same_as and would be ignored.
func (r *bindingsReader) checkAlone(at refusal.Path, b Binding) {
	alone := b.CIDRs == nil && b.NamedCIDRs == nil && !b.Public && !b.Attach
	for _, value := range b.Forms {
		alone = alone && value.IsAbsent()
	}
	if !alone {
		r.Add(&refusal.Error{
			At:      at.Attribute("same_as"),
			Summary: "Two answers in one binding",
			Found:   "same_as says that this endpoint is " + strconv.Quote(b.SameAs) + ", and other attributes say what it is",
			Remedy:  "Leave same_as out, or leave out the other attributes",
		})
	}
}

// checkForms refuses attributes that contradict each other or miss one another.
func (r *bindingsReader) checkForms(at refusal.Path, p *party) {
	if p.binding.CIDRs == nil && p.binding.NamedCIDRs == nil && len(p.binding.Forms) == 0 {
		r.Add(&refusal.Error{
			At:      at,
			Summary: "Binding without content",
			Found:   "none of its attributes says what the endpoint is: all are left out or null (an identifier that was unknown at plan may have become null)",
			Remedy:  "Write " + r.forHost() + "cidrs = [\"10.20.0.0/16\"] for a network, or cidrs = [] for what has no addresses yet",
		})
		return
	}
	if p.binding.Attach && p.attached == nil {
		r.Add(&refusal.Error{
			At:      at.Attribute("attach"),
			Summary: "Nothing to attach to",
			Found:   "attach is true, and the binding has no " + r.target.attaching(),
			Remedy:  "Add " + r.target.attaching() + ", or leave attach out",
		})
	}
	for i := range r.target.Forms {
		form := &r.target.Forms[i]
		if _, ok := p.binding.Forms[form.Name]; ok {
			r.checkExcluded(at, form, p.binding.Forms)
		}
		r.checkOption(at, form, p.binding.Forms)
	}
}

// forHost proposes what a host is bound by, where the target has words for that.
func (r *bindingsReader) forHost() string {
	if attaching := r.target.attaching(); attaching != "" {
		return attaching + " for a host, "
	}
	return ""
}

// checkExcluded refuses a form beside one that it excludes.
func (r *bindingsReader) checkExcluded(at refusal.Path, form *Form, given Forms) {
	for _, other := range form.Excludes {
		if _, ok := given[other]; ok {
			r.Add(&refusal.Error{
				At:      at,
				Summary: "Two answers in one binding",
				Found:   form.Name + " and " + other + " are both set",
				Remedy:  "Keep one of the two; CIDRs may stand beside either",
			})
		}
	}
}

// checkOption refuses an option without a form that it belongs to, and such a
// form without the option where it needs it.
func (r *bindingsReader) checkOption(at refusal.Path, form *Form, given Forms) {
	if len(form.Of) == 0 {
		return
	}
	_, has := given[form.Name]
	base := ""
	for _, name := range form.Of {
		if _, ok := given[name]; ok {
			base = name
		}
	}
	switch {
	case has && base == "":
		names := joined(form.Of, " or ")
		err := &refusal.Error{
			At:      at.Attribute(form.Name),
			Summary: "Attribute without its own",
			Found:   form.Name + " is set without " + names,
			Remedy:  "Add " + names + ", or leave " + form.Name + " out",
		}
		if !form.Needed {
			err.Found += "; " + form.Without
			err.Remedy = "Leave " + form.Name + " out, or add " + names
		}
		r.Add(err)
	case !has && base != "" && form.Needed:
		r.Add(&refusal.Error{
			At:      at,
			Summary: "Missing attribute",
			Found:   base + " is set without " + form.Name + "; " + form.Without,
			Remedy:  form.Remedy,
		})
	}
}
