// Package firewall turns rules and bindings into one cloud's own rules.
//
// A binding says what an endpoint is in that cloud. Keys follow from the rules,
// from the names in the bindings and from the CIDRs of lists alone, so that they
// are known while identifiers and named CIDRs are not.
package firewall

import (
	"cmp"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// Targets returns all clouds.
func Targets() []Target { return []Target{AWS(), GCP(), OpenStack()} }

// Bound is a rule in a cloud's own arguments, with what is always known of it.
type Bound struct {
	Key      string   // SOURCE-to-DESTINATION/PROTOCOL-PORTS
	Host     string   // id of the managed endpoint that it is attached to
	Peer     string   // the other side, as in the key
	PeerKind PeerKind // what the other side is
	Flows    []string // ids of the flows that it serves, sorted
	Cells    []Cell   // one for each of the target's arguments, in their order
}

// Count is a number of rules as a cloud's quota counts them, at the worst. A
// number is unknown where it depends on the size of a list that is not known;
// one that is known does not change when other values become known.
type Count struct{ Ingress, Egress Value[int64] }

// Result is what a target makes of rules.
type Result struct {
	Ingress, Egress []Bound           // sorted by key, unique
	Unenforced      map[string]string // from a rule's key to the reason
	Counts          map[string]Count  // by managed endpoint, those without rules too
}

// Render binds the rules, which are named by their keys. All that is wrong with
// the bindings is returned at once, as *refusal.Errors.
func (t Target) Render(rules map[string]deployment.Rule, bindings map[string]Binding) (*Result, error) {
	p, err := newPlan(&t, rules, bindings)
	if err != nil {
		return nil, err
	}
	result := t.render(p)
	result.Unenforced = p.unenforced
	for _, rules := range [][]Bound{result.Ingress, result.Egress} {
		slices.SortFunc(rules, func(a, b Bound) int { return cmp.Compare(a.Key, b.Key) })
	}
	return result, nil
}

// Direction is that of the connection, seen from the managed endpoint.
type Direction uint8

// The directions.
const (
	Ingress Direction = iota + 1
	Egress
)

// String returns the direction in lower case.
func (d Direction) String() string {
	switch d {
	case Ingress:
		return "ingress"
	case Egress:
		return "egress"
	}
	return "invalid"
}

// sides is the part of a key that says who connects to whom.
func (d Direction) sides(host, peer string) string {
	if d == Ingress {
		return peer + "-to-" + host
	}
	return host + "-to-" + peer
}

// add adds a rule in its direction.
func (r *Result) add(direction Direction, rule Bound) {
	if direction == Ingress {
		r.Ingress = append(r.Ingress, rule)
	} else {
		r.Egress = append(r.Egress, rule)
	}
}

// countRules counts every rule as one, as OpenStack's and Google's quotas do.
func (r *Result) countRules(hosts []*party) {
	ingress, egress := make(map[string]int64), make(map[string]int64)
	for _, rule := range r.Ingress {
		ingress[rule.Host]++
	}
	for _, rule := range r.Egress {
		egress[rule.Host]++
	}
	r.Counts = make(map[string]Count, len(hosts))
	for _, host := range hosts {
		r.Counts[host.id] = Count{Known(ingress[host.id]), Known(egress[host.id])}
	}
}
