package firewall

import (
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// role is what the rules make of an endpoint: a host, on which rules are enforced,
// or an actor or an outside system, which belongs to somebody else.
type role struct {
	host    bool           // it is neither of the two in one rule at least
	purpose matrix.Purpose // of a rule in which it is an actor or an outside system; zero: none
}

// roles are what the rules make of their endpoints, by id.
type roles map[string]role

// rolesOf finds them. An endpoint that is only ever a source of user_access,
// administration or events rules is an actor, and one that is only ever a
// destination of external or installation rules an outside system.
func rolesOf(rules map[string]deployment.Rule) roles {
	found := make(roles)
	for _, r := range rules {
		source, destination := found[r.Source], found[r.Destination]
		switch r.Purpose {
		case matrix.UserAccess, matrix.Administration, matrix.Events:
			source.purpose = max(source.purpose, r.Purpose)
			if r.Source == r.Destination {
				source.host = true
			}
			found[r.Source] = source
			found[r.Destination] = role{true, found[r.Destination].purpose}
		case matrix.Outbound, matrix.Installation:
			destination.purpose = max(destination.purpose, r.Purpose)
			found[r.Destination] = destination
			found[r.Source] = role{true, found[r.Source].purpose}
		case matrix.Internal:
			source.host, destination.host = true, true
			found[r.Source] = role{true, source.purpose}
			found[r.Destination] = role{true, found[r.Destination].purpose}
		}
	}
	return found
}

// checkAttached refuses to attach rules to what is no host of the rules: a typed
// variable that dropped an attribute, or an identifier under the wrong name, would
// write into the group of a bastion or a load balancer. It refuses to attach them
// where attach is false, too: only that is certain not to be meant.
func (r *bindingsReader) checkAttached(parties, resolved map[string]*party, roles roles) {
	whole := make(map[*party]role, len(parties)) // of a party under all its names
	for id, p := range resolved {
		one := whole[p]
		whole[p] = role{one.host || roles[id].host, max(one.purpose, roles[id].purpose)}
	}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		p := parties[id]
		is := whole[p]
		if p.managed() && p.binding.Unattached && (is.host || is.purpose == 0) {
			r.Add(&refusal.Error{
				At:      r.at.Key(id).Attribute("attach"),
				Summary: "Two answers in one binding",
				Found:   "attach is false, and " + p.attached.Name + " attaches rules to it",
				Remedy:  "Write " + r.referring(p.attached) + " in its place, to which peers refer and nothing is attached, or leave attach out",
			})
		}
		if !p.managed() || p.binding.Attach || is.host || is.purpose == 0 || r.another[id] {
			continue // of what has to become another's alias nothing else is asked
		}
		if own := roles[id].purpose; own != 0 {
			is.purpose = own
		}
		r.Add(&refusal.Error{
			At:      r.at.Key(id).Attribute(p.attached.Name),
			Summary: "Rules attached to what is no host",
			Found:   strconv.Quote(id) + " is " + onlyEver(is.purpose) + ", and " + p.attached.Name + " would attach rules to what is probably someone else's",
			Remedy:  r.detach(p),
		})
	}
}

// onlyEver says what an endpoint is that is in rules for a purpose alone and no host.
func onlyEver(purpose matrix.Purpose) string {
	if purpose == matrix.Outbound || purpose == matrix.Installation {
		return "only ever a destination of " + purpose.String() + " rules"
	}
	return "only ever a source of " + purpose.String() + " rules"
}

// detach says what to write so that nothing is attached to a party. What stands beside
// the attaching form alone goes with it.
func (r *bindingsReader) detach(p *party) string {
	goes := p.attached.Name
	for _, f := range r.target.Forms {
		if _, given := p.binding.Forms[f.Name]; given && slices.Equal(f.Of, []string{p.attached.Name}) {
			goes += " and " + f.Name
		}
	}
	write := "Write " + r.referring(p.attached) + " in its place, to which peers refer and nothing is attached"
	switch {
	case p.referred != nil && p.referred != p.attached:
		return "Leave " + goes + " out, so that peers refer to " + p.referred.Name + " and nothing is attached, or write attach = true beside it if the rules belong there"
	case goes != p.attached.Name:
		write = "In place of " + goes + " write " + r.referring(p.attached) + ", to which peers refer and nothing is attached"
	}
	return write + ", or attach = true beside it if the rules belong there"
}

// referring names the form that only refers to what another attaches rules to.
func (r *bindingsReader) referring(attached *Form) string {
	names := r.target.names(func(f Form) bool { return f.Refers && !f.Attaches && (f.Peer == attached.Peer || attached.Peer == "") })
	return joined(names, " or ")
}
