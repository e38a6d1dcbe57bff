package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// resultPart is a part of a target's result, with its types. A map has entries of
// one type: a part whose cells have a shape of their own is an object instead, with
// an attribute for each key, and of a type that shows with the value.
type resultPart struct {
	firewall.Part
	arguments []firewall.Argument
	entry     tftypes.Type
	object    tftypes.Object // what an entry is, unless it is a cell alone
	shaped    bool           // has cells of a shape of their own
}

func newResultPart(target firewall.Target, part firewall.Part) resultPart {
	p := resultPart{Part: part, arguments: target.ArgumentsOf(part)}
	attributes := make(map[string]tftypes.Type)
	switch part.Kind {
	case firewall.RulesPart:
		attributes["host"] = tftypes.String
		attributes["peer"] = tftypes.String
		attributes["peer_kind"] = tftypes.String
		attributes["flows"] = tftypes.List{ElementType: tftypes.String}
	case firewall.CellsPart:
		p.entry = argumentType(p.arguments[0].Kind)
	case firewall.ReasonsPart:
		p.entry = tftypes.String
	case firewall.CountsPart:
		attributes["ingress"] = tftypes.Number
		attributes["egress"] = tftypes.Number
	case firewall.ObjectsPart:
	}
	for _, argument := range p.arguments {
		attributes[argument.Name] = argumentType(argument.Kind)
		p.shaped = p.shaped || argument.Kind == firewall.Nested
	}
	p.object = tftypes.Object{AttributeTypes: attributes}
	if p.entry == nil {
		p.entry = p.object
	}
	return p
}

// valueType returns the type that the function declares for the part.
func (p *resultPart) valueType() tftypes.Type {
	if p.shaped {
		return tftypes.DynamicPseudoType
	}
	return tftypes.Map{ElementType: p.entry}
}

// value builds the part.
func (p *resultPart) value(r *firewall.Result) tftypes.Value {
	values := make(map[string]tftypes.Value)
	switch p.Kind {
	case firewall.ReasonsPart:
		for key, reason := range r.Unenforced {
			values[key] = tftypes.NewValue(tftypes.String, reason)
		}
	case firewall.CountsPart:
		for host, count := range r.Counts {
			values[host] = tftypes.NewValue(p.entry, map[string]tftypes.Value{
				"ingress": protocolNumber(count.Ingress),
				"egress":  protocolNumber(count.Egress),
			})
		}
	case firewall.RulesPart, firewall.ObjectsPart, firewall.CellsPart:
		values = p.entries(r.Entries[p.Name])
	}
	if !p.shaped {
		return tftypes.NewValue(tftypes.Map{ElementType: p.entry}, values)
	}
	types := make(map[string]tftypes.Type, len(values))
	for key, value := range values {
		types[key] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, values)
}

func (p *resultPart) entries(rules []firewall.Bound) map[string]tftypes.Value {
	values := make(map[string]tftypes.Value, len(rules))
	b := boundBuilder{part: p, cells: make([]tftypes.Value, len(p.arguments))}
	for i, rule := range rules {
		switch {
		case p.Kind == firewall.CellsPart:
			values[rule.Key] = b.cell(0, rule.Cells[0])
		case i == 0:
			values[rule.Key] = b.first(rule)
		default:
			values[rule.Key] = b.after(rules[i-1], rule)
		}
	}
	return values
}

// boundBuilder builds bound rules, one after the other. They come by the ten
// thousand and differ from their neighbours in a prefix and a key: what a rule has
// in common with the one before it is built once.
type boundBuilder struct {
	part                 *resultPart
	host, peerKind, list tftypes.Value   // of the rule before; list is its flows
	cells                []tftypes.Value // of the rule before, by argument
}

func (b *boundBuilder) first(rule firewall.Bound) tftypes.Value {
	b.host = tftypes.NewValue(tftypes.String, rule.Host)
	b.peerKind = tftypes.NewValue(tftypes.String, string(rule.PeerKind))
	b.list = textList(rule.Flows)
	for i, cell := range rule.Cells {
		b.cells[i] = b.cell(i, cell)
	}
	return b.object(rule)
}

func (b *boundBuilder) after(before, rule firewall.Bound) tftypes.Value {
	if rule.Host != before.Host {
		b.host = tftypes.NewValue(tftypes.String, rule.Host)
	}
	if rule.PeerKind != before.PeerKind {
		b.peerKind = tftypes.NewValue(tftypes.String, string(rule.PeerKind))
	}
	if !slices.Equal(rule.Flows, before.Flows) {
		b.list = textList(rule.Flows)
	}
	for i, cell := range rule.Cells {
		if kind := b.part.arguments[i].Kind; kind == firewall.Text && cell.Text == before.Cells[i].Text ||
			kind == firewall.Number && cell.Number == before.Cells[i].Number {
			continue
		}
		b.cells[i] = b.cell(i, cell)
	}
	return b.object(rule)
}

// object puts an entry together; the builder has its values.
func (b *boundBuilder) object(rule firewall.Bound) tftypes.Value {
	attributes := make(map[string]tftypes.Value, len(b.part.object.AttributeTypes))
	if b.part.Kind == firewall.RulesPart {
		attributes["host"] = b.host
		attributes["peer"] = tftypes.NewValue(tftypes.String, rule.Peer)
		attributes["peer_kind"] = b.peerKind
		attributes["flows"] = b.list
	}
	for i, argument := range b.part.arguments {
		if argument.Kind == firewall.Nested && rule.Cells[i].IsAbsent() {
			continue // null would need a type, and a manifest reads null as everything
		}
		attributes[argument.Name] = b.cells[i]
	}
	if !b.part.shaped {
		return tftypes.NewValue(b.part.object, attributes)
	}
	types := make(map[string]tftypes.Type, len(attributes))
	for name, value := range attributes {
		types[name] = value.Type()
	}
	return tftypes.NewValue(tftypes.Object{AttributeTypes: types}, attributes)
}

// cell returns a cell as the protocol carries it.
func (b *boundBuilder) cell(i int, cell firewall.Cell) tftypes.Value {
	kind := b.part.arguments[i].Kind
	switch kind {
	case firewall.Text:
		return protocolText(cell.Text)
	case firewall.Number:
		return protocolNumber(cell.Number)
	case firewall.Bool:
		return protocolBool(cell.Bool)
	case firewall.Nested:
		return protocolNested(cell)
	case firewall.TextMap:
		return protocolTextMap(cell.Nested)
	case firewall.RangeMap:
		return protocolRangeMap(cell.Nested)
	case firewall.TextList, firewall.TextSet:
		return protocolTexts(argumentType(kind), cell.Texts)
	case firewall.NumberMap: // of settings alone
	}
	return tftypes.NewValue(argumentType(kind), nil)
}

func textList(texts []string) tftypes.Value {
	values := make([]tftypes.Value, 0, len(texts))
	for _, text := range texts {
		values = append(values, tftypes.NewValue(tftypes.String, text))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values)
}

// documentedResult says what the result has, of which the framework has no place
// for descriptions.
func documentedResult(target firewall.Target) string {
	var doc strings.Builder
	if names := namesOf(target, firewall.RulesPart); len(names) > 0 {
		doc.WriteString("\n" + inWords(names, "and") + " in the result are maps of rules. The key says what a rule opens, and is known at plan, as these attributes are:\n\n" +
			"- `host`: Endpoint that the rule is attached to.\n" +
			"- `peer`: Other side, as in the key: an endpoint, a prefix or a prefix's name.\n" +
			"- `peer_kind`: What the other side is: " + peerKinds(target) + ".\n" +
			"- `flows`: Ids of the flows that need the rule, sorted.\n" +
			"\nThe others are the resource's arguments, by its own names:\n\n" + documentedArguments(target.Arguments))
	}
	var sentences []string
	for _, part := range target.Results {
		if part.Kind == firewall.ObjectsPart {
			fmt.Fprintf(&doc, "\n`%s` in the result is a map of objects. %s\n\n%s", part.Name, part.Doc, documentedArguments(part.Arguments))
		} else if part.Doc != "" {
			sentences = append(sentences, part.Doc)
		}
	}
	return doc.String() + "\n" + strings.Join(sentences, " ")
}

func documentedArguments(arguments []firewall.Argument) string {
	var doc strings.Builder
	for _, argument := range arguments {
		fmt.Fprintf(&doc, "- `%s`: %s.\n", argument.Name, argument.Doc)
	}
	return doc.String()
}

// namesOf returns the names of a target's parts of one kind, as the documentation
// writes them.
func namesOf(target firewall.Target, kind firewall.PartKind) []string {
	var names []string
	for _, part := range target.Results {
		if part.Kind == kind {
			names = append(names, "`"+part.Name+"`")
		}
	}
	return names
}
