package firewall

import (
	"cmp"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Target is a cloud, or whatever else enforces rules. Each stands in a file of
// its own, which says all there is to say of it: what bindings may say there,
// which arguments its resource takes, its words, and how a rule is written.
type Target struct {
	Name     string // "aws"
	Function string // of Terraform, where it is not the name with _rules behind it

	Summary     string // of the function, as a title
	Description string // of the function, in Markdown: what a user has to know before calling it
	Bastion     string // an address that only apply knows, as an expression, for examples
	Closing     string // what closes egress, which is open by default

	Forms     []Form     // what a binding may say, its addresses apart
	Arguments []Argument // of its rule resource, in a fixed order
	Results   []Part     // what its function returns
	Settings  []Setting  // what a call may say beside rules and bindings
	Setting   string     // one of them, as a call writes it, in HCL
	Peers     []PeerKind // what the other side of its rules can be
	// Naming has the arguments that name the other side, with what they name. Those
	// that begin with source_ or destination_ do so in one direction only.
	Naming map[string]PeerKind

	// unmixed are two kinds of forms that may not both be used in one call.
	unmixed *unmixed
	// check refuses what a form by itself cannot tell; nil: nothing.
	check func(p *party, at refusal.Path, errs *refusal.Errors)
	// unattached says that rules stand between two endpoints, and are attached to
	// neither.
	unattached bool
	// across refuses what two bindings together cannot say; nil: nothing.
	across func(r *bindingsReader, parties map[string]*party)
	// lacks says why this cloud has no words for a rule between a managed host
	// and the other side; empty where it has.
	lacks func(e edge) string
	// checkSettings refuses settings that do not fit the rules; nil: nothing. The error
	// is an *refusal.Errors.
	checkSettings func(p *plan) error
	render        func(p *plan) *Result
}

// Kind is the type of an argument, or of what a form has.
type Kind uint8

// The types of arguments.
const (
	Text      Kind = iota + 1
	Number         // whole
	Bool           // true or false
	TextList       // in the order of the texts
	TextSet        // may hold texts that are not known yet
	Nested         // an object or a list whose shape the rule decides
	TextMap        // texts by name
	RangeMap       // objects with from_port and to_port by name, of which either may be null
	NumberMap      // whole numbers by name
)

// Argument describes an argument of a cloud's resource.
type Argument struct {
	Name string // the resource's own name for it
	Kind Kind
	Doc  string // a sentence without its full stop
}

// Setting is an attribute of a call's third argument.
type Setting struct {
	Name string
	Kind Kind   // Bool, Number or NumberMap
	Doc  string // in Markdown, with its full stop
}

// Cell is a value of one Kind: an argument's in a rule, or a form's in a binding.
// The zero value is null.
type Cell struct {
	Text   Value[string]
	Number Value[int64]
	Bool   Value[bool]
	Texts  Texts
	Nested *NestedCell
}

// NestedCell is an object, or a list where Object is nil. An attribute that is
// not in the object is absent, not null.
type NestedCell struct {
	Object map[string]Cell
	List   []Cell
}

// IsAbsent reports whether the cell has nothing; what is unknown is something.
func (c Cell) IsAbsent() bool {
	return c.Text.IsAbsent() && c.Number.IsAbsent() && c.Bool.IsAbsent() && c.Texts.IsAbsent() && c.Nested == nil
}

// TextCell returns a cell that has a known text.
func TextCell(text string) Cell { return Cell{Text: Known(text)} }

// NumberCell returns a cell that has a known number.
func NumberCell(number int64) Cell { return Cell{Number: Known(number)} }

// TextsCell returns a cell that has known texts.
func TextsCell(texts ...string) Cell {
	known := make([]Value[string], 0, len(texts))
	for _, text := range texts {
		known = append(known, Known(text))
	}
	return Cell{Texts: Known(known)}
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
	PodsPeer                   PeerKind = "pods"
	ApplicationGroupPeer       PeerKind = "application_security_group"
	ServiceTagPeer             PeerKind = "service_tag"
	AnyPeer                    PeerKind = "any"
)

// Form is an attribute of a binding by which a cloud knows an endpoint.
type Form struct {
	Name string
	Kind Kind
	// Attaches: rules are attached to what it names. Refers: peers name it, before
	// one that attaches as well. A form with neither is an option of others.
	Attaches, Refers bool
	Peer             PeerKind // what its peers are, of a form that refers
	Excludes         []string // forms that may not stand beside it

	Of      []string // of an option: the forms, any of which it must stand beside
	Needed  bool     // of an option: those forms need it
	Without string   // of an option: why it says nothing without them, or what they lack without it
	Remedy  string   // what to type where a needed option is missing

	MustBeKnown string // what to type where it is not known at plan; empty: it need not be known

	Doc       string // in Markdown, with its full stop
	One, Many string // "a network tag", "a list of network tags"
	Example   string // of one: `"canopsis"`
	Like      string // of a text that is not the id of a resource: "a namespace, as in ..."

	// Host spells the form's value for a host, for examples.
	Host func(id string) string

	most    int      // of several texts: how many at most; 0: any number
	upTo    int64    // of a number: the highest, inclusive; the lowest is 1
	wrong   *wording // how each text is spelt; nil: any way
	option  []string // the only texts that there are; nil: any
	anyCase bool     // the cloud does not tell capital letters from small ones
	many    bool     // several endpoints may have the same, as a namespace
	// inside checks what is in an object; nil: nothing.
	inside func(f *Form, at refusal.Path, value Cell, errs *refusal.Errors)
}

// unmixed are kinds of forms that stand in no common rule.
type unmixed struct {
	summary string
	forms   [2][]string
}

// FunctionName is what users call it by.
func (t Target) FunctionName() string { return cmp.Or(t.Function, t.Name+"_rules") }

// names returns the names of the forms that are wanted, in their order.
func (t *Target) names(wanted func(f Form) bool) []string {
	var names []string
	for _, f := range t.Forms {
		if wanted(f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// attaching names, for errors, the forms that rules are attached to.
func (t *Target) attaching() string {
	return strings.Join(t.names(func(f Form) bool { return f.Attaches }), " or ")
}
