package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// value builds the result in the protocol's form.
func (f *rulesFunction) value(r *firewall.Result) tftypes.Value {
	unenforced := make(map[string]tftypes.Value, len(r.Unenforced))
	for key, reason := range r.Unenforced {
		unenforced[key] = tftypes.NewValue(tftypes.String, reason)
	}
	counts := make(map[string]tftypes.Value, len(r.Counts))
	for host, count := range r.Counts {
		counts[host] = tftypes.NewValue(countType, map[string]tftypes.Value{
			"ingress": protocolNumber(count.Ingress),
			"egress":  protocolNumber(count.Egress),
		})
	}
	return tftypes.NewValue(f.resultType, map[string]tftypes.Value{
		"ingress":    f.boundValues(r.Ingress),
		"egress":     f.boundValues(r.Egress),
		"unenforced": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, unenforced),
		"counts":     tftypes.NewValue(tftypes.Map{ElementType: countType}, counts),
	})
}

func (f *rulesFunction) boundValues(rules []firewall.Bound) tftypes.Value {
	values := make(map[string]tftypes.Value, len(rules))
	b := boundBuilder{f: f, cells: make([]tftypes.Value, len(f.target.Arguments))}
	for i, rule := range rules {
		if i == 0 {
			values[rule.Key] = b.first(rule)
			continue
		}
		values[rule.Key] = b.after(rules[i-1], rule)
	}
	return tftypes.NewValue(tftypes.Map{ElementType: f.boundType}, values)
}

// boundBuilder builds bound rules, one after the other. They come by the ten
// thousand and differ from their neighbours in a prefix and a key: what a rule has
// in common with the one before it is built once.
type boundBuilder struct {
	f                    *rulesFunction
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
		if kind := b.f.target.Arguments[i].Kind; kind == firewall.Text && cell.Text == before.Cells[i].Text ||
			kind == firewall.Number && cell.Number == before.Cells[i].Number {
			continue
		}
		b.cells[i] = b.cell(i, cell)
	}
	return b.object(rule)
}

// object puts a rule together; the builder has its values.
func (b *boundBuilder) object(rule firewall.Bound) tftypes.Value {
	attributes := make(map[string]tftypes.Value, len(b.f.boundType.AttributeTypes))
	attributes["host"] = b.host
	attributes["peer"] = tftypes.NewValue(tftypes.String, rule.Peer)
	attributes["peer_kind"] = b.peerKind
	attributes["flows"] = b.list
	for i, argument := range b.f.target.Arguments {
		attributes[argument.Name] = b.cells[i]
	}
	return tftypes.NewValue(b.f.boundType, attributes)
}

// cell returns a cell as the protocol carries it.
func (b *boundBuilder) cell(i int, cell firewall.Cell) tftypes.Value {
	argument := b.f.target.Arguments[i]
	t := b.f.boundType.AttributeTypes[argument.Name]
	switch argument.Kind {
	case firewall.Text:
		return protocolText(cell.Text)
	case firewall.Number:
		return protocolNumber(cell.Number)
	case firewall.Bool:
		return protocolBool(cell.Bool)
	case firewall.Nested:
		return protocolNested(cell)
	case firewall.TextList, firewall.TextSet:
		return protocolTexts(t, cell.Texts)
	}
	return tftypes.NewValue(t, nil)
}

func textList(texts []string) tftypes.Value {
	values := make([]tftypes.Value, 0, len(texts))
	for _, text := range texts {
		values = append(values, tftypes.NewValue(tftypes.String, text))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values)
}
