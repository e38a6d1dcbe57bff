package report

import (
	"strings"
)

// Markdown returns the report as a document: a table for each purpose, then the
// errors of the page that touch the deployment.
func (r Report) Markdown() string {
	w := words()[r.Language]
	var doc strings.Builder
	doc.WriteString("# " + w.title + "\n\n")
	edition := w.ownPage
	if r.Edition != "" {
		edition = w.edition + " " + r.Edition
	}
	flows := r.sorted()
	doc.WriteString(inline(edition) + ". " + w.count(len(flows)) + ".\n")
	purpose := ""
	rows := r.rows(flows)
	for i, f := range flows {
		if f.Purpose != purpose || purpose == "" {
			purpose = f.Purpose
			doc.WriteString("\n## " + inline(w.purpose(purpose)) + "\n\n")
			writeRow(&doc, withoutPurpose(r.columns()))
			doc.WriteString("|" + strings.Repeat(" --- |", len(r.columns())-1) + "\n")
		}
		writeRow(&doc, withoutPurpose(rows[i]))
	}
	if len(r.Errata) > 0 {
		doc.WriteString("\n## " + w.errata + "\n\n")
		for _, e := range r.Errata {
			line := e.ID + " (" + w.state(e) + ")" + w.colon + w.translate(e.Published) + " → " + w.translate(e.Corrected)
			if e.Reason != "" {
				line += w.colon + w.translate(e.Reason)
			}
			doc.WriteString("- " + inline(line) + "\n")
		}
	}
	return doc.String()
}

// purposeColumn is the place of the purpose among the cells; in the document it
// is a heading instead.
const purposeColumn = 7

func withoutPurpose(cells []string) []string {
	return append(append([]string{}, cells[:purposeColumn]...), cells[purposeColumn+1:]...)
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
	words := strings.Fields(text)
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
