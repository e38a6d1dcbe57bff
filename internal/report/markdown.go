package report

import (
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Markdown returns the report as a document: the form where there is one, a
// table for each purpose, what targets do not enforce, and the errors of the page
// that touch the deployment.
func (r Report) Markdown() string {
	s := r.sheet()
	w := s.words
	var doc strings.Builder
	if form := s.form(); form != nil {
		doc.WriteString("# " + w.request.title + "\n\n")
		writeTitles(&doc, []string{w.request.field, w.request.answer})
		for _, a := range form {
			writeRow(&doc, []string{a.Field, a.Answer})
		}
		doc.WriteString("\n")
	}
	doc.WriteString("# " + w.title + "\n\n" + inline(s.summary()) + "\n")
	columns := s.columns()
	var titles []string
	for _, c := range columns {
		titles = append(titles, c.title)
	}
	var purpose matrix.Purpose
	for i, f := range s.flows {
		if f.Purpose != purpose || i == 0 {
			purpose = f.Purpose
			doc.WriteString("\n## " + inline(w.purposes[purpose]) + "\n\n")
			writeTitles(&doc, titles)
		}
		var cells []string
		for _, c := range columns {
			cells = append(cells, c.cell(line{f, f.Ports}))
		}
		writeRow(&doc, cells)
	}
	for _, target := range s.Enforced {
		if rules := s.leftOut(target); len(rules) > 0 {
			doc.WriteString("\n## " + inline(target.Name+w.colon+w.unenforced) + "\n\n")
			for _, rule := range rules {
				doc.WriteString("- " + inline(rule.Rule+w.colon+rule.Reason) + "\n")
			}
		}
	}
	s.writeSections(&doc)
	if len(s.errata) > 0 {
		doc.WriteString("\n## " + w.errata + "\n\n")
		for _, e := range s.errata {
			doc.WriteString("- " + inline(s.erratum(e)) + s.evidence(e) + "\n")
		}
	}
	return doc.String()
}

// columns has the columns of the document's tables; the purpose is a heading.
func (s *sheet) columns() []column {
	t := s.words.columns
	return append([]column{
		{t.flow, func(l line) string { return l.flow.ID }},
		{t.source, func(l line) string { return s.end(l.flow.Source) }},
		{t.sourceAddresses, func(l line) string { return s.addresses(l.flow.Source) }},
		{t.destination, func(l line) string { return s.end(l.flow.Destination) }},
		{t.destinationAddresses, func(l line) string { return s.addresses(l.flow.Destination) }},
		{t.component, func(l line) string { return l.flow.Component }},
		{t.ports, func(l line) string { return s.words.ports(l.ports) }},
		{t.encryption, func(l line) string { return s.words.encryption(l.ports) }},
		{t.justification, func(l line) string { return s.words.description(l.flow.Description) }},
		{t.origin, func(l line) string { return s.origin(l.flow) }},
		{t.notes, func(l line) string { return s.notes(l.flow) }},
	}, append(s.changeColumns(), s.enforcedColumns()...)...)
}

func writeTitles(doc *strings.Builder, titles []string) {
	writeRow(doc, titles)
	doc.WriteString("|" + strings.Repeat(" --- |", len(titles)) + "\n")
}

func writeRow(doc *strings.Builder, cells []string) {
	doc.WriteByte('|')
	for _, cell := range cells {
		doc.WriteString(" " + inline(cell) + " |")
	}
	doc.WriteByte('\n')
}

// inline escapes what Markdown or a table would take for its own. An underscore
// inside a word, as ids have it, means nothing to Markdown.
func inline(text string) string {
	words := strings.Fields(visible(text))
	for i, word := range words {
		escaped := markdownEscapes.Replace(word)
		if strings.HasPrefix(escaped, "_") {
			escaped = `\` + escaped
		}
		if len(word) > 1 && strings.HasSuffix(escaped, "_") {
			escaped = strings.TrimSuffix(escaped, "_") + `\_`
		}
		words[i] = escaped
	}
	return strings.Join(words, " ")
}

var markdownEscapes = strings.NewReplacer(
	`\`, `\\`, "|", `\|`, "`", "\\`", "*", `\*`, "[", `\[`, "]", `\]`,
	"<", "&lt;", ">", "&gt;", "&", "&amp;", "#", `\#`, "~", `\~`, "!", `\!`,
)
