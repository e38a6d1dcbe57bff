package firewall

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// identity is what an endpoint is in the cloud. A group and a list that have the
// same id are two things still.
type identity struct {
	kind  PeerKind
	value string
}

// identities returns what is known of the names of the endpoint in the cloud, as
// far as rules are attached to them or peers refer to them: those that are the
// endpoint by themselves, and, of what rules are attached to, each of several.
func (p *party) identities() (whole []identity, each []string) {
	for _, form := range []*Form{p.attached, p.referred} {
		if form == nil || form.many {
			continue
		}
		values, all := p.identifiers(form)
		if all && len(values) > 0 {
			whole = append(whole, identity{form.Peer, joined(values, ", ")})
		}
		if form.Attaches && form.Kind != Text {
			each = values
		}
	}
	return slices.Compact(whole), each
}

// identifiers returns what is known of a form's texts, in small letters where the
// cloud does not tell them from capitals, and whether all are known.
func (p *party) identifiers(form *Form) (texts []string, all bool) {
	texts, all = p.binding.Forms[form.Name].values()
	if form.anyCase {
		for i, text := range texts {
			texts[i] = strings.ToLower(text)
		}
	}
	return texts, all
}

// checkDuplicates refuses two endpoints that are the same group, list, tags or
// accounts. Hosts may not share a single tag or account either: the rules of one
// would open the other.
func (r *bindingsReader) checkDuplicates(parties map[string]*party, roles roles) {
	owner := make(map[identity]*party) // by everything that identifies it
	sharer := make(map[string]*party)  // managed, by each of its tags or accounts
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		p := parties[id]
		whole, each := p.identities()
		duplicate := false
		for _, identity := range whole {
			other, taken := owner[identity]
			switch {
			case !taken:
				owner[identity] = p
			case !duplicate: // one is enough to say
				duplicate = true
				r.Add(r.duplicate(other, p, roles))
			}
		}
		for _, value := range each {
			other, taken := sharer[value]
			switch {
			case !taken:
				sharer[value] = p
			case !duplicate:
				r.Add(&refusal.Error{
					At:      r.at.Key(id),
					Summary: "Two hosts that share machines",
					Found:   strconv.Quote(other.id) + " and " + strconv.Quote(id) + " share one of their " + p.attached.Name + ", and the rules of each would open the machines of the other",
					Remedy:  "Leave what they share out of both, so that each host has a name of its own",
				})
			}
		}
	}
}

// duplicate words that two endpoints are one: the one that rules are attached to
// stays, and the other is the same. Of two hosts the data source could make one,
// unless one of them is a relay, which the rules do not say.
func (r *bindingsReader) duplicate(first, second *party, roles roles) *refusal.Error {
	err := &refusal.Error{
		Summary: "Two endpoints that are one",
		Found:   strconv.Quote(first.id) + " and " + strconv.Quote(second.id) + " have the same " + r.commonForm(first, second),
	}
	stays, goes := first, second
	if second.managed() && !first.managed() || first.managed() == second.managed() && roles[second.id].host && !roles[first.id].host {
		stays, goes = second, first
	}
	if r.another == nil {
		r.another = make(map[string]bool)
	}
	r.another[goes.id] = true
	err.At = r.at.Key(goes.id)
	err.Remedy = "Write " + goes.id + " = { same_as = " + strconv.Quote(stays.id) + " }"
	if first.managed() && second.managed() && roles[first.id].host && roles[second.id].host {
		err.At = r.at.Key(second.id)
		err.Remedy += ", or, where both are hosts of the data source, place what runs on one of them on the other there, and list that in clusters if it is several machines"
	}
	return err
}

// commonForm names the attributes in which two endpoints are the same, without
// their value: Terraform does not tell which values are sensitive.
func (r *bindingsReader) commonForm(first, second *party) string {
	for _, a := range []*Form{second.attached, second.referred} {
		for _, b := range []*Form{first.attached, first.referred} {
			if a == nil || b == nil || a.Peer != b.Peer {
				continue
			}
			values, _ := second.identifiers(a)
			others, _ := first.identifiers(b)
			if slices.Equal(values, others) {
				if a.Name == b.Name {
					return a.Name
				}
				return b.Name + " and " + a.Name
			}
		}
	}
	return "identifier"
}

// checkMixed refuses forms that no common rule takes, in two bindings of one call
// or in one.
func (r *bindingsReader) checkMixed(parties map[string]*party) {
	if r.target.unmixed == nil {
		return
	}
	unmixed := r.target.unmixed
	var ids, names [2]string
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		var has [2]string
		for i, forms := range unmixed.forms {
			for _, name := range forms {
				if _, ok := parties[id].binding.Forms[name]; ok && parties[id].binding.SameAs == "" {
					has[i] = cmp.Or(has[i], name)
				}
			}
		}
		if has[0] != "" && has[1] != "" {
			r.Add(&refusal.Error{
				At: r.at.Key(id), Summary: unmixed.summary,
				Found:  has[0] + " and " + has[1] + " are both set, which cannot stand in one rule",
				Remedy: "Use one of the two for every endpoint",
			})
			continue
		}
		for i := range has {
			if has[i] != "" && ids[i] == "" {
				ids[i], names[i] = id, has[i]
			}
		}
	}
	if ids[0] == "" || ids[1] == "" {
		return
	}
	r.Add(&refusal.Error{
		At: r.at, Summary: unmixed.summary,
		Found:  strconv.Quote(ids[0]) + " has " + names[0] + " and " + strconv.Quote(ids[1]) + " has " + names[1] + ", which cannot stand in one rule",
		Remedy: "Use one of the two for every endpoint",
	})
}
