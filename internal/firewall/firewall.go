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
func Targets() []Target { return []Target{AWS(), GCP(), OpenStack(), Kubernetes(), Address(), Azure()} }

// Render binds the rules, which are named by their keys. All that is wrong with
// the bindings is returned at once, as *refusal.Errors.
func (t Target) Render(rules map[string]deployment.Rule, bindings map[string]Binding) (*Result, error) {
	return t.RenderWith(rules, bindings, nil)
}

// RenderWith is Render with settings, by their names.
func (t Target) RenderWith(rules map[string]deployment.Rule, bindings map[string]Binding, settings map[string]Cell) (*Result, error) {
	p, err := newPlan(&t, rules, bindings)
	if err != nil {
		return nil, err
	}
	p.settings = settings
	if t.checkSettings != nil {
		if err := t.checkSettings(p); err != nil {
			return nil, err
		}
	}
	result := t.render(p)
	result.Unenforced = p.unenforced
	for _, entries := range result.Entries {
		slices.SortFunc(entries, func(a, b Bound) int { return cmp.Compare(a.Key, b.Key) })
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
