package matrix

import (
	"cmp"
	"fmt"
	"slices"
)

// Kind says what an endpoint is. The zero value is invalid.
type Kind uint8

// The kinds of endpoints.
const (
	Actor    Kind = iota + 1 // opens connections and is no machine of Canopsis: users, event sources
	Host                     // a machine, or several alike, on which components run
	Relay                    // a load balancer or a proxy between others
	External                 // a system outside of Canopsis that it calls
)

var kindNames = [...]string{"invalid", "actor", "host", "relay", "external"}

// String returns the kind in lower case.
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return kindNames[0]
}

// KindNames lists the kinds as users read them.
func KindNames() []string { return slices.Clone(kindNames[1:]) }

// ParseKind reads what String returns.
func ParseKind(text string) (Kind, error) {
	if i := slices.Index(kindNames[1:], text); i >= 0 {
		return Kind(i + 1), nil
	}
	return 0, fmt.Errorf("%q is not a kind of endpoint", text)
}

// Endpoint is one side of a flow.
type Endpoint struct {
	ID         string   // matches IDPattern
	Name       string   // the page's own word
	Definition string   // from the page's glossary; empty where it has none
	Kind       Kind     // decides purposes
	FQDNs      []string // host names that the page gives, sorted; no addresses
}

func (e Endpoint) clone() Endpoint {
	e.FQDNs = slices.Clone(e.FQDNs)
	return e
}

func compareEndpoints(a, b Endpoint) int { return cmp.Compare(a.ID, b.ID) }

// equalEndpoints leaves out prose: two pages that say the same in other words
// are equal.
func equalEndpoints(a, b Endpoint) bool {
	return a.ID == b.ID && a.Kind == b.Kind && slices.Equal(a.FQDNs, b.FQDNs)
}
