package report

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Comparison is what is written about two deployments for those who approve the
// change from one to the other.
type Comparison struct {
	From, To Report // of one language
	Diff     *audit.Diff
}

// Compare compares the flows of two reports. An endpoint is what ends say, and
// otherwise its name; nil ends say nothing.
func Compare(from, to Report, ends map[string][]packet.Peer) Comparison {
	side := func(r Report) audit.Side {
		var s audit.Side
		for id, e := range r.Endpoints {
			if e.Kind == matrix.Host {
				s.Hosts = append(s.Hosts, id)
			}
		}
		for _, f := range r.Flows {
			for _, rule := range f.Rules() {
				o := audit.OpeningOf(rule.Key(), rule, f.Origin.String())
				if at, ok := ends[rule.Destination]; ok {
					o.At = at
				}
				if peers, ok := ends[rule.Source]; ok {
					o.Peers = peers
				}
				s.Openings = append(s.Openings, o)
			}
		}
		return s
	}
	return Comparison{from, to, audit.Compare(side(from), side(to))}
}

// Markdown returns the comparison as a document: what both sides are, what is
// opened, closed, moved and changed, and last what breaks where something is
// closed too early.
func (c Comparison) Markdown() string {
	var doc strings.Builder
	from, to := c.From.sheet().side(), c.To.sheet().side()
	w := to.words.change
	doc.WriteString("# " + w.title + "\n\n")
	c.overview(&doc, from, to)
	if c.Diff.Equal {
		doc.WriteString("\n" + w.nothing + "\n")
	}
	c.errata(&doc, from, to)
	c.changes(&doc, w.opened, to, c.Diff.Opened)
	c.changes(&doc, w.closed, from, c.Diff.Closed)
	c.notes(&doc, from, to)
	doc.WriteString("\n## " + w.unchanged + "\n\n" + w.stay(len(c.Diff.Unchanged)) + "\n")
	c.breaks(&doc, from, w)
	return doc.String()
}

// notes lists what moved and what has other ports.
func (c Comparison) notes(doc *strings.Builder, from, to compared) {
	w := to.words.change
	if len(c.Diff.Moved) > 0 {
		doc.WriteString("\n## " + w.moved + "\n\n")
		for _, m := range c.Diff.Moved {
			doc.WriteString("- " + inline(w.movedFrom(to.words.specs(m.Ports), m.Component, m.End == "destination", to.end(m.Other), from.end(m.From), to.end(m.To))) + "\n")
		}
	}
	if len(c.Diff.Changed) > 0 {
		doc.WriteString("\n## " + w.changed + "\n\n")
		for _, p := range c.Diff.Changed {
			text := to.end(p.Source) + " → " + to.end(p.Destination) + ", " + p.Component + to.words.colon + to.words.specs(p.From...) + " → " + to.words.specs(p.To...)
			if p.Erratum != "" {
				text += " (" + to.words.erratum + " " + p.Erratum + ")"
			}
			doc.WriteString("- " + inline(text) + "\n")
		}
	}
}

// breaks lists what stops to work where it is closed before the upgrade.
func (c Comparison) breaks(doc *strings.Builder, from compared, w changeWords) {
	if len(c.Diff.Closed) == 0 {
		return
	}
	doc.WriteString("\n## " + w.breaks + "\n\n" + w.order + "\n\n")
	for _, key := range slices.Sorted(maps.Keys(c.Diff.Closed)) {
		o := c.Diff.Closed[key]
		text := from.end(o.Source) + " → " + from.end(o.Destination) + ", " + from.words.specs(o.SpellPorts()) + " (" + o.Component + ")"
		if why := from.why(o); why != "" {
			text += from.words.colon + why
		}
		doc.WriteString("- " + inline(text) + "\n")
	}
}

// compared is one side, with its rules' flows.
type compared struct {
	*sheet
	flows map[string]deployment.Flow
}

func (s *sheet) side() compared {
	side := compared{s, make(map[string]deployment.Flow, len(s.Flows))}
	for _, f := range s.Flows {
		side.flows[f.ID] = f
	}
	return side
}

// overview is a table of both sides.
func (c Comparison) overview(doc *strings.Builder, from, to compared) {
	w := to.words.change
	writeTitles(doc, []string{"", w.before, w.after})
	row := func(title string, cells ...string) { writeRow(doc, append([]string{title}, cells...)) }
	row(to.words.edition, from.release(), to.release())
	row(w.rules, count(from.rules(), w.rule, w.rulesOf), count(to.rules(), w.rule, w.rulesOf))
	row(w.counts, count(len(c.Diff.Closed), w.closedOne, w.closedMany), count(len(c.Diff.Opened), w.openedOne, w.openedMany))
	row(w.hosts, from.list(c.Diff.HostsFrom), to.list(c.Diff.HostsTo))
	row(w.ends, from.list(without(c.Diff.OnlyFrom, c.Diff.HostsFrom)), to.list(without(c.Diff.OnlyTo, c.Diff.HostsTo)))
}

// release says which edition a side is.
func (s compared) release() string { return cmp.Or(s.Edition, s.words.ownPage) }

func (s compared) rules() int {
	n := 0
	for _, f := range s.Flows {
		n += len(f.Rules())
	}
	return n
}

func (s compared) list(ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, s.end(id))
	}
	return cmp.Or(strings.Join(names, ", "), s.words.change.none)
}

func without(ids, others []string) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return slices.Contains(others, id) })
}

// errata lists the errors of both pages.
func (c Comparison) errata(doc *strings.Builder, from, to compared) {
	w := to.words
	if len(from.errata)+len(to.errata) == 0 {
		return
	}
	doc.WriteString("\n## " + w.errata + "\n\n")
	for _, side := range []struct {
		title string
		compared
	}{{w.change.before, from}, {w.change.after, to}} {
		for _, e := range side.errata {
			doc.WriteString("- " + side.title + w.colon + inline(side.erratum(e)) + side.evidence(e) + "\n")
		}
	}
}

// changes is a table of rules that are opened or closed.
func (c Comparison) changes(doc *strings.Builder, title string, s compared, changes map[string]audit.Change) {
	if len(changes) == 0 {
		return
	}
	t := s.words.columns
	doc.WriteString("\n## " + title + "\n\n")
	writeTitles(doc, []string{t.flow, t.source, t.sourceAddresses, t.destination, t.destinationAddresses, t.ports, t.purpose, s.words.reason})
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		o := changes[key]
		writeRow(doc, []string{
			strings.Join(o.Flows, ", "), s.end(o.Source), s.addresses(o.Source), s.end(o.Destination), s.addresses(o.Destination),
			s.words.packets(o), s.words.purposes[s.flow(o).Purpose], s.why(o),
		})
	}
}

// packets says which ports of a rule change. Where it is a part of them, or some
// addresses alone, it says of what.
func (v vocabulary) packets(o audit.Change) string {
	whole := v.specs(o.SpellPorts())
	if part := v.specs(o.Packets...); part != whole {
		return part + " (" + v.change.of + " " + whole + ")"
	}
	return whole
}

// flow returns the flow of a rule of the matrix, which has one.
func (s compared) flow(o audit.Change) deployment.Flow { return s.flows[strings.Join(o.Flows, "")] }

// why says what a rule's flow is for, who says so, and which error of the page
// explains it.
func (s compared) why(o audit.Change) string {
	f := s.flow(o)
	var texts []string
	for _, text := range []string{s.words.description(f.Description), s.notes(f)} {
		if text != "" {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, s.words.semicolon)
}

// specs writes what packets spell, "tcp/15672", "icmp/type-8" and "vrrp", as people do:
// "TCP 15672", "ICMP type 8", "VRRP".
func (v vocabulary) specs(specs ...string) string {
	var texts []string
	for _, spec := range specs {
		words := strings.Fields(spec)
		for i, word := range words {
			spelt, comma := strings.CutSuffix(word, ",")
			if words[i] = v.spec(spelt); comma {
				words[i] += ","
			}
		}
		texts = append(texts, strings.Join(words, " "))
	}
	return strings.Join(texts, ", ")
}

// spec writes a protocol, with ports or a type of ICMP where they stand behind it; any
// other word stays.
func (v vocabulary) spec(word string) string {
	if protocol, err := matrix.ParseProtocol(word); err == nil {
		return v.protocol(protocol)
	}
	name, of, _ := strings.Cut(word, "/")
	protocol, err := matrix.ParseProtocol(name)
	if err != nil {
		return word
	}
	if protocol.IsICMP() {
		of = strings.NewReplacer("-to-type-", " - "+v.icmpType+" ", "types-", v.icmpType+"s ", "type-", v.icmpType+" ", "-code-", " "+v.icmpCode+" ").Replace(of)
	}
	return v.protocol(protocol) + " " + of
}
