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
		if !flatEqual(cell, before.Cells[i]) {
			b.cells[i] = b.cell(i, cell)
		}
	}
	return b.object(rule)
}

// flatEqual reports whether two cells of one argument are the same, where that is
// cheaper to see than to build.
func flatEqual(a, b firewall.Cell) bool {
	texts, _ := a.Texts.Get()
	others, _ := b.Texts.Get()
	return a.Nested == nil && b.Nested == nil && a.Text == b.Text && a.Number == b.Number && a.Bool == b.Bool &&
		a.Texts.IsAbsent() == b.Texts.IsAbsent() && a.Texts.IsUnknown() == b.Texts.IsUnknown() && slices.Equal(texts, others)
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
	return documentedReturn(newRulesFunction(target).resultType, resultDocs(target))
}

// resultDocs documents a target's result. Parts of rules have the same attributes:
// those of which nothing else is to be said share an entry.
func resultDocs(target firewall.Target) []attributeDoc {
	var docs []attributeDoc
	var alike []string
	for _, part := range target.Results {
		if part.Kind == firewall.RulesPart && part.Doc == "" {
			alike = append(alike, part.Name)
		}
	}
	if len(alike) > 0 {
		docs = append(docs, attributeDoc{
			names: strings.Join(alike, ", "),
			doc:   "Rules by key. The key says what a rule opens, and is known at plan, as `host`, `peer`, `peer_kind` and `flows` are. The other attributes are the resource's arguments, by its own names.",
			of: append([]attributeDoc{
				{names: "host", doc: "Endpoint that the rule is attached to."},
				{names: "peer", doc: "Other side, as in the key: an endpoint, a prefix or a prefix's name."},
				{names: "peer_kind", doc: "What the other side is: " + peerKinds(target) + "."},
				{names: "flows", doc: "Ids of the flows that need the rule, sorted."},
			}, argumentDocs(target.Arguments)...),
		})
	}
	objects := make(map[string]firewall.Part) // those before, by their own arguments
	for _, part := range target.Results {
		d := attributeDoc{names: part.Name, doc: part.Doc}
		switch part.Kind {
		case firewall.RulesPart:
			if part.Doc == "" {
				continue
			}
			d.like = alike[0]
		case firewall.ObjectsPart:
			shape := fmt.Sprint(part.Arguments)
			before, seen := objects[shape]
			if newResultPart(target, part).shaped {
				d.words = "Object"
			}
			if seen {
				d.like = before.Name
			} else {
				objects[shape] = part
				d.of = argumentDocs(part.Arguments)
			}
		case firewall.CountsPart:
			d.of = []attributeDoc{{names: "ingress, egress", doc: "Rules to it, and from it."}}
		case firewall.CellsPart, firewall.ReasonsPart:
		}
		docs = append(docs, d)
	}
	return docs
}

// argumentDocs documents what an entry of a part has.
func argumentDocs(arguments []firewall.Argument) []attributeDoc {
	docs := make([]attributeDoc, 0, len(arguments))
	for _, argument := range arguments {
		d := attributeDoc{names: argument.Name, doc: argument.Doc + ".", words: typeInWords(argumentType(argument.Kind))}
		if argument.Kind == firewall.RangeMap {
			d.of = []attributeDoc{
				{names: "from_port", doc: "First port, inclusive; the type of ICMP, null for any.", words: "Number"},
				{names: "to_port", doc: "Last port, inclusive; the code of ICMP, null for any.", words: "Number"},
			}
		}
		docs = append(docs, d)
	}
	return docs
}
