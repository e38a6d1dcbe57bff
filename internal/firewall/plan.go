package firewall

import (
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// plan is what a target renders: rules whose ends are parties, checked.
type plan struct {
	hosts      []*party // the managed ones, by id
	edges      []edge
	unenforced map[string]string
	settings   map[string]Cell
}

// edge is what one rule asks for at one of its managed ends.
type edge struct {
	host, other *party
	direction   Direction
	ports       matrix.PortRange
	flow        string
}

// newPlan reads the bindings, checks them against each other and the rules, and
// finds what is to be opened.
func newPlan(t *Target, rules map[string]deployment.Rule, bindings map[string]Binding) (*plan, error) {
	r := &bindingsReader{target: t, at: refusal.At("bindings")}
	keys := slices.Sorted(maps.Keys(rules))
	roles := rolesOf(rules)
	parties := r.read(bindings)
	resolved := r.resolveAliases(parties)
	r.checkNames(parties)
	r.checkDuplicates(parties, roles)
	r.checkMixed(parties)
	if t.across != nil {
		t.across(r, parties)
	}
	r.checkAttached(parties, resolved, roles)
	r.checkMissing(keys, rules, parties, resolved, roles)
	r.checkPublic(keys, rules, parties, resolved)
	if !t.unattached { // there, a name says its family
		r.checkFamilies(keys, rules, resolved)
	}
	r.checkSums(keys, rules, resolved)
	if err := r.Err(); err != nil {
		return nil, err
	}
	p := &plan{unenforced: make(map[string]string)}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		if parties[id].managed() {
			p.hosts = append(p.hosts, parties[id])
		}
	}
	for _, key := range keys {
		p.add(t, key, rules[key], resolved)
	}
	return p, nil
}

// add adds what a rule asks for at its managed ends, and the reason where one of
// them cannot have it.
func (p *plan) add(t *Target, key string, r deployment.Rule, resolved map[string]*party) {
	source, destination := resolved[r.Source], resolved[r.Destination]
	if t.unattached {
		e := edge{destination, source, Ingress, r.Ports, r.Flow}
		if reason := t.lacks(e); reason != "" {
			p.unenforced[key] = reason
			return
		}
		p.edges = append(p.edges, e)
		return
	}
	if !source.managed() && !destination.managed() {
		p.unenforced[key] = "neither end is managed here: " + r.Source + " and " + r.Destination + " have no " + t.attaching() + " to attach rules to"
		return
	}
	var lacking []string
	for _, e := range []edge{
		{destination, source, Ingress, r.Ports, r.Flow},
		{source, destination, Egress, r.Ports, r.Flow},
	} {
		if !e.host.managed() {
			continue
		}
		if reason := t.lacks(e); reason != "" {
			lacking = append(lacking, reason)
			continue
		}
		p.edges = append(p.edges, e)
	}
	if len(lacking) > 0 {
		p.unenforced[key] = joined(slices.Compact(lacking), "; ")
	}
}
