// Package firewall turns rules and bindings into one cloud's own rules.
//
// A binding says what an endpoint is in that cloud. Keys follow from the rules,
// from the names in the bindings and from the CIDRs of lists alone, so that they
// are known while identifiers and named CIDRs are not.
package firewall

import (
	"cmp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// Binding is what an endpoint is in one cloud. The zero value says nothing and
// is refused; absent attributes are as if they were not written.
type Binding struct {
	CIDRs      []string                 // prefixes, known at plan; nil: absent, empty: no address
	NamedCIDRs map[string]Value[string] // prefixes that may be unknown at plan, by a name for keys
	Group      Value[string]            // id of its security group
	Tags       Texts                    // network tags of its machines
	Accounts   Texts                    // service accounts of its machines
	List       Value[string]            // id of a list of addresses that the cloud keeps
	MaxEntries Value[int64]             // how many rules the list counts for in quotas
	Ethertypes []string                 // IPv4, IPv6: families of rules to and from its group or list; nil: both
	Unmanaged  bool                     // peers refer to its group, tags or accounts, nothing is attached to them
	Public     bool                     // its addresses may be public
	SameAs     string                   // another endpoint's id: the same peer
}

// Kind is the type of an argument.
type Kind uint8

// The types of arguments.
const (
	Text     Kind = iota + 1
	Number        // whole
	TextList      // in the order of the texts
	TextSet       // may hold texts that are not known yet
)

// Argument describes an argument of a cloud's resource.
type Argument struct {
	Name string // the resource's own name for it
	Kind Kind
	Doc  string // a sentence without its full stop
}

// Cell is an argument's value in one rule: a text, a number or texts, as its
// Argument says. The zero value is null.
type Cell struct {
	Text   Value[string]
	Number int64 // 0: null; no number of a rule is 0
	Texts  Texts // never empty
}

// PeerKind says what the other side of a bound rule is.
type PeerKind string

// The kinds of peers, as users read them.
const (
	CIDRPeer                   PeerKind = "cidr"
	SecurityGroupPeer          PeerKind = "security_group"
	PrefixListPeer             PeerKind = "prefix_list"
	AddressGroupPeer           PeerKind = "address_group"
	NetworkTagsPeer            PeerKind = "network_tags"
	ServiceAccountsPeer        PeerKind = "service_accounts"
	CIDRAndNetworkTagsPeer     PeerKind = "cidr_and_network_tags"
	CIDRAndServiceAccountsPeer PeerKind = "cidr_and_service_accounts"
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

// Target is a cloud.
type Target struct {
	Name      string     // "aws", as in the function's name
	Arguments []Argument // of its rule resource, in a fixed order

	// What a binding calls its group, its tags, its accounts, its list of
	// addresses, the list's quota and its address families in this cloud; empty
	// where the cloud has none.
	GroupAttribute, TagsAttribute, AccountsAttribute        string
	ListAttribute, MaxEntriesAttribute, EthertypesAttribute string

	listPeer PeerKind // what the other side is where it is a list

	// lacks says why this cloud has no words for a rule between a managed host
	// and the other side; empty where it has.
	lacks  func(host, other *party, direction Direction) string
	render func(p *plan) *Result
}

// Render binds the rules, which are named by their keys. All that is wrong with
// the bindings is returned at once, as *refusal.Error joined.
func (t Target) Render(rules map[string]deployment.Rule, bindings map[string]Binding) (*Result, error) {
	p, err := newPlan(t, rules, bindings)
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

// Targets returns all clouds.
func Targets() []Target { return []Target{AWS, GCP, OpenStack} }

// identifierAttributes names, for errors, what makes an endpoint one of the
// cloud's own.
func (t Target) identifierAttributes() string {
	var names []string
	for _, name := range []string{t.GroupAttribute, t.TagsAttribute, t.AccountsAttribute} {
		if name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, " or ")
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
