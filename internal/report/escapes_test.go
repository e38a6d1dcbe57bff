package report

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// saying returns a report that says a text wherever a person can write one.
func saying(text string) Report {
	return Report{
		Edition:   text,
		Endpoints: map[string]matrix.Endpoint{"a": {ID: "a", Name: text, Kind: matrix.Actor, FQDNs: []string{text}}, "b": {ID: "b", Name: "B", Kind: matrix.Host}},
		Flows: []deployment.Flow{{
			ID: "a-to-b-c", Source: "a", Destination: "b", Component: "c", Ports: matrix.MustPorts("tcp/80"), Purpose: matrix.Events,
			Origin: matrix.Additional, Description: matrix.InOwnWords(text),
		}},
		Errata:    []deployment.Finding{{Erratum: edition.Erratum{ID: "e", Published: text, Corrected: text, Reason: text, Evidence: text}, Flows: []string{"a-to-b-c"}}},
		Addresses: map[string]Addresses{"b": {Texts: []string{text}, Peers: []Peer{{"security_group", text}}}},
		Enforced:  []Enforced{{Name: text, Ingress: []Bound{{Host: "b", Peers: []string{text}, Flows: []string{"a-to-b-c"}}}, Unenforced: map[string]string{"a-to-b-c/tcp-80": text}}},
		Request:   Request{"ticket": text},
	}
}

// What a user writes stays text: it opens no cell, no link, no markup and no
// formula, and no character turns what stands beside it.
func FuzzTextStaysText(f *testing.F) {
	for _, text := range []string{
		"", "plain", "a | b\n<img src=x onerror=alert(1)> [x](y) `c` *d* _e_ f_g", "</script><script>alert(1)</script>", "</style></svg><script>", "]]>",
		`" onmouseover="alert(1)`, "=1+1", "@SUM(A1)", "\t=1", "\r=1", " -1", "＝1", "{{.}}", "a\x00b\x07", "\u202egnp.exe", "\u2028", "\xff\xfe",
		`"]:::x`, "1. list", "- list", "end", "#quot;", "javascript:alert(1)", "<!--", "-->", "a;b,c\td",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		plain := structures(t, written(t, saying("plain")))
		for name, got := range structures(t, written(t, saying(text))) {
			if flat(text) == "" {
				continue // what says nothing is left out
			}
			if got != plain[name] {
				t.Errorf("%s: %q changes the structure from\n%s\nto\n%s", name, text, plain[name], got)
			}
		}
	})
}

// structures returns what of each report is not text.
func structures(t *testing.T, reports map[string]string) map[string]string {
	t.Helper()
	for name, report := range reports {
		for _, r := range report {
			if unicode.IsControl(r) && !strings.ContainsRune("\n\r\t", r) || unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' {
				t.Errorf("%s has the character %U", name, r)
			}
		}
	}
	pipes := regexp.MustCompile(`[^|\n]*(\\\|[^|\n]*)*`)
	table := ""
	rows, err := csv.NewReader(strings.NewReader(reports["CSV"])).ReadAll()
	if err != nil {
		t.Errorf("CSV does not read back: %v", err)
	}
	for _, cells := range rows {
		for _, cell := range cells {
			if first := strings.TrimLeft(cell, " \n"); first != "" && strings.ContainsRune("=+-@\t", rune(first[0])) {
				t.Errorf("the cell %q is a formula", cell)
			}
			table += "|"
		}
		table += "\n"
	}
	return map[string]string{
		"CSV":      table,
		"HTML":     tags(reports["HTML"]),
		"SVG":      elements(t, reports["SVG"]),
		"Markdown": pipes.ReplaceAllString(strings.NewReplacer(`\|`, "").Replace(reports["Markdown"]), "") + markup(reports["Markdown"]),
		"Mermaid":  regexp.MustCompile(`"[^"\n]*"`).ReplaceAllString(reports["Mermaid"], `""`),
	}
}

// markup returns what of a Markdown document is HTML, code, emphasis or an image.
func markup(document string) string {
	unescaped := regexp.MustCompile(`\\.`).ReplaceAllString(document, "")
	return strings.Join(regexp.MustCompile("[<>`*~!]").FindAllString(unescaped, -1), "")
}

var quoted = regexp.MustCompile(`"[^"]*"`)

var tagExpression = regexp.MustCompile(`<(/?[a-zA-Z!][^\s>]*)[^>]*>`)

// tags returns the tags of a page without the texts between them; line breaks
// inside ids and digests follow the text.
func tags(page string) string {
	var names []string
	for _, tag := range tagExpression.FindAllStringSubmatch(page, -1) {
		// Breaks, lines of a cell and small print follow the length of a text.
		if !strings.Contains(" wbr span /span small /small text /text rect svg ", " "+tag[1]+" ") {
			names = append(names, quoted.ReplaceAllString(tag[0], ""))
		}
	}
	return strings.Join(names, " ")
}

// elements returns the elements of a picture; how many lines a text takes is its
// own.
func elements(t *testing.T, picture string) string {
	t.Helper()
	var names []string
	decoder := xml.NewDecoder(strings.NewReader(picture))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			return strings.Join(names, " ")
		}
		if err != nil {
			t.Errorf("the picture is not XML: %v", err)
			return ""
		}
		if start, ok := token.(xml.StartElement); ok && start.Name.Local != "text" {
			names = append(names, start.Name.Local)
		}
	}
}
