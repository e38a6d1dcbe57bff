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
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Binding is what an endpoint is in one cloud. The zero value says nothing and
// is refused; absent attributes are as if they were not written.
type Binding struct {
	CIDRs      []string                 // prefixes, known at plan; nil: absent, empty: no address
	NamedCIDRs map[string]Value[string] // prefixes that may be unknown at plan, by a name for keys
	Group      Value[string]            // id of its security group
	List       Value[string]            // id of a list of addresses that the cloud keeps (prefix list)
	MaxEntries Value[int64]             // how many rules the list counts for in quotas
	Unmanaged  bool                     // peers refer to its group, nothing is attached to it
	Public     bool                     // its addresses may be public
	SameAs     string                   // another endpoint's id: the same peer
}

// Kind is the type of an argument.
type Kind uint8

// The types of arguments.
const (
	Text Kind = iota + 1
	Number
)

// Argument describes an argument of a cloud's resource.
type Argument struct {
	Name string // the resource's own name for it
	Kind Kind
	Doc  string // a sentence without its full stop
}

// Cell is an argument's value in one rule: a text or a number, as its Argument
// says. The zero value is null.
type Cell struct {
	Text   Value[string]
	Number int64 // 0: null; no number of a rule is 0
}

// PeerKind says what the other side of a bound rule is.
type PeerKind string

// The kinds of peers, as users read them.
const (
	CIDRPeer          PeerKind = "cidr"
	SecurityGroupPeer PeerKind = "security_group"
	PrefixListPeer    PeerKind = "prefix_list"
)

// Bound is a rule in a cloud's own arguments, with what is always known of it.
type Bound struct {
	Key      string   // SOURCE-to-DESTINATION/PROTOCOL-PORTS
	Host     string   // id of the managed endpoint that it is attached to
	Peer     string   // the other side, as in the key
	PeerKind PeerKind // what the other side is
	Flows    []string // ids of the flows that it serves, sorted
	Cells    []Cell   // one for each of the target's arguments, in their order
}

// Count is a number of rules as a cloud's quota counts them. A number that
// depends on something unknown is unknown.
type Count struct{ Ingress, Egress Value[int64] }

// Result is what a target makes of rules.
type Result struct {
	Ingress, Egress []Bound           // sorted by key, unique
	Unenforced      map[string]string // from a rule's key to the reason
	Counts          map[string]Count  // by managed endpoint, those without rules too
}

// Target is a cloud.
type Target struct {
	Name      string     // "aws", as in the function's name
	Arguments []Argument // of its rule resource, in a fixed order

	// What a binding calls its group, its list of addresses and the list's
	// quota in this cloud; empty where the cloud has none.
	GroupAttribute, ListAttribute, MaxEntriesAttribute string

	render func(p *plan) *Result
}

// Render binds the rules, which are named by their keys. All that is wrong with
// the bindings is returned at once, as *input.Error joined.
func (t Target) Render(rules map[string]deployment.Rule, bindings map[string]Binding) (*Result, error) {
	p, err := newPlan(t, rules, bindings)
	if err != nil {
		return nil, err
	}
	return t.render(p), nil
}

// Direction is that of the connection, seen from the managed endpoint.
type Direction uint8

// The directions.
const (
	Ingress Direction = iota + 1
	Egress
)

// opening is one rule between a managed endpoint and one peer.
type opening struct {
	host      *party
	direction Direction
	ports     matrix.PortRange
	peer      peer
	flows     []string // sorted, unique
}

// key is the sentence that says what the opening is.
func (o opening) key() string {
	if o.direction == Ingress {
		return o.peer.side + "-to-" + o.host.id + "/" + o.ports.Key()
	}
	return o.host.id + "-to-" + o.peer.side + "/" + o.ports.Key()
}

func (o opening) bound(cells []Cell) Bound {
	return Bound{Key: o.key(), Host: o.host.id, Peer: o.peer.side, PeerKind: o.peer.kind, Flows: o.flows, Cells: cells}
}

func sortBound(rules []Bound) {
	slices.SortFunc(rules, func(a, b Bound) int { return cmp.Compare(a.Key, b.Key) })
}
