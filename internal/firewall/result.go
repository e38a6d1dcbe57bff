package firewall

// Part is a map in a target's result, which users read by the part's name.
type Part struct {
	Name      string // "ingress"
	Kind      PartKind
	Arguments []Argument // of an entry, where the kind says so; of rules they are the target's
	Doc       string     // what its entries are and what their keys are, in Markdown, with its full stop; empty: what is said of its kind is all
}

// PartKind says what the entries of a part are.
type PartKind uint8

// The kinds of parts.
const (
	RulesPart   PartKind = iota + 1 // rules: what is always known of one, and the target's arguments
	ObjectsPart                     // objects of the part's own arguments
	CellsPart                       // the part's one argument, without an object around it: a text for each host
	ReasonsPart                     // Result.Unenforced
	CountsPart                      // Result.Counts
)

// parts returns those that every target has around those of its own.
func parts(own ...Part) []Part {
	return append(own,
		Part{Name: "unenforced", Kind: ReasonsPart, Doc: "Why a rule is not enforced, by its key: of each rule that is enforced at neither end, or at one end only."},
		Part{Name: "counts", Kind: CountsPart, Doc: "How many rules each endpoint has that rules are attached to, as quotas count them."},
	)
}

// byDirection returns the parts of a target whose rules have a direction.
func byDirection() []Part {
	return parts(Part{Name: Ingress.String(), Kind: RulesPart}, Part{Name: Egress.String(), Kind: RulesPart})
}

// ArgumentsOf returns the arguments that each entry of a part has.
func (t Target) ArgumentsOf(part Part) []Argument {
	if part.Kind == RulesPart {
		return t.Arguments
	}
	return part.Arguments
}

// Result is what a target makes of rules.
type Result struct {
	Entries    map[string][]Bound // by the part's name; sorted by key, unique
	Unenforced map[string]string  // from a rule's key to the reason
	Counts     map[string]Count   // by managed endpoint, those without rules too
}

// Bound is a rule in a cloud's own arguments, with what is always known of it. An
// entry of a part that has no rules is its key and its cells alone.
type Bound struct {
	Key      string   // SOURCE-to-DESTINATION/PROTOCOL-PORTS
	Host     string   // id of the managed endpoint that it is attached to
	Peer     string   // the other side, as in the key
	PeerKind PeerKind // what the other side is
	Flows    []string // ids of the flows that it serves, sorted
	Cells    []Cell   // one for each of the part's arguments, in their order
}

// Count is a number of rules as a cloud's quota counts them, at the worst. A
// number is unknown where it depends on the size of a list that is not known;
// one that is known does not change when other values become known.
type Count struct{ Ingress, Egress Value[int64] }

// Rules returns the rules of one direction.
func (r *Result) Rules(direction Direction) []Bound { return r.Entries[direction.String()] }

// add adds a rule in its direction.
func (r *Result) add(direction Direction, rule Bound) {
	if r.Entries == nil {
		r.Entries = make(map[string][]Bound)
	}
	r.Entries[direction.String()] = append(r.Entries[direction.String()], rule)
}

// countRules counts every rule as one, as OpenStack's and Google's quotas do.
func (r *Result) countRules(hosts []*party) {
	of := func(direction Direction) map[string]int64 {
		counted := make(map[string]int64)
		for _, rule := range r.Rules(direction) {
			counted[rule.Host]++
		}
		return counted
	}
	ingress, egress := of(Ingress), of(Egress)
	r.Counts = make(map[string]Count, len(hosts))
	for _, host := range hosts {
		r.Counts[host.id] = Count{Known(ingress[host.id]), Known(egress[host.id])}
	}
}
