package page

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
)

// asHTML is a Markdown page as the web server sends it.
func asHTML(t testing.TB, markdown string) string {
	t.Helper()
	page, err := pagewriter.HTML(markdown)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

// TestHTMLPages reads pages as the web server sends them: as their Markdown.
func TestHTMLPages(t *testing.T) {
	t.Parallel()
	names, err := filepath.Glob("testdata/*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	for _, name := range names {
		markdown := readFile(t, filepath.Base(name))
		page := asHTML(t, markdown)
		for form, text := range map[string]string{
			"as sent":                 page,
			"with a byte-order mark":  "\ufeff" + page,
			"saved by a browser":      "\n<!-- saved from url=(0042)https://doc.example.org/ -->\n" + page,
			"on one line":             strings.ReplaceAll(page, "\n", " "),
			"with Windows line ends":  strings.ReplaceAll(page, "\n", "\r\n"),
			"without a doctype":       strings.Replace(page, "<!doctype html>\n", "", 1),
			"with tags in upper case": strings.NewReplacer("<td", "<TD", "</td>", "</TD>", "<!doctype", "<!DOCTYPE").Replace(page),
			"without an article":      strings.NewReplacer("<article", "<div", "</article>", "</div>").Replace(page),
			"with references":         strings.NewReplacer("é", "&eacute;", "TCP/", "TCP&#47;", " ou ", "&nbsp;ou&nbsp;").Replace(page),
			"with colours":            strings.Replace(page, "<body", `<body style="--md-hue: 210deg" class="sidebar-hidden"`, 1),
			"with alignment":          strings.ReplaceAll(page, "<td>", `<td style="text-align: right;">`),
		} {
			got, want := mustParse(t, text), mustParse(t, markdown)
			if !got.Matrix.Equal(want.Matrix) {
				t.Errorf("%s %s reads as\n%s\nnot\n%s", name, form, pagewriter.Write(got.Matrix), pagewriter.Write(want.Matrix))
			}
			diff(t, name+" "+form, warningLines(got), warningLines(want))
			for e := range want.Matrix.Endpoints() {
				if other, _ := got.Matrix.Endpoint(e.ID); other.Definition != e.Definition || other.Name != e.Name {
					t.Errorf("%s %s: %s is %q, %q; want %q, %q", name, form, e.ID, other.Name, other.Definition, e.Name, e.Definition)
				}
			}
		}
	}
}

// TestWarningsOfHTML names tables and rows.
func TestWarningsOfHTML(t *testing.T) {
	t.Parallel()
	text := asHTML(t, small(goodFlow, "Canopsis | Système d'à côté | TCP/1 | x |", "Canopsis | LDAP | TCP/388 | x |")+"\n\n## Annexe\n")
	diff(t, "warnings", warningLines(mustParse(t, text)), []string{
		`table 2, row 2: "Système d'à côté" is outside the vocabulary: its id is systeme_d_a_cote`,
		`table 2, row 3: tcp/388 to ldap is a port that neither a component there nor an edition has: the nearest is tcp/389`,
		`the heading "Annexe": the section "Annexe" was ignored`,
	})
}

// TestTablesInTabs has a table in a tab, of which one is shown at a time.
func TestTablesInTabs(t *testing.T) {
	t.Parallel()
	page := strings.NewReplacer("<h2>Matrice des flux</h2>", `<h2>Matrice des flux</h2><div class="tabbed-set" data-tabs="1:1"><div class="tabbed-labels"><label>Docker</label></div>`+
		`<div class="tabbed-content"><div class="tabbed-block">`, "</main>", "</div></div></div></main>").Replace(htmlPage(""))
	if _, err := Parse(page); err == nil || !strings.Contains(err.Error(), "stands in one of several tabs") {
		t.Errorf("got %v", err)
	}
	if _, err := Parse(strings.NewReplacer("tabbed-set", "md-set").Replace(page)); err != nil {
		t.Errorf("in blocks that are no tabs: %v", err)
	}
}

// TestRowsThatHTMLHides has rows that a browser does not show, or that no parser
// finds, in a page as the web server sends it.
func TestRowsThatHTMLHides(t *testing.T) {
	t.Parallel()
	page := asHTML(t, readFile(t, "23.04.md"))
	const row = "<tr>\n<td>Canopsis</td>\n<td>LDAP</td>\n<td>TCP/389,636</td>\n<td>Annuaire</td>\n</tr>"
	if !strings.Contains(page, row) {
		t.Fatal("the page has no such row")
	}
	for _, with := range []string{
		"<!-- ROW -->", "<template>ROW</template>", "<script>ROW</script>", "<del>ROW</del>", "<s>ROW</s>", "ROW<!--", "<tbody hidden>ROW</tbody>",
	} {
		if _, err := Parse(strings.Replace(page, row, strings.Replace(with, "ROW", row, 1), 1)); err == nil {
			t.Errorf("%s is read", with)
		}
	}
	for what, text := range map[string]string{
		"a page cut off":        page[:strings.Index(page, row)],
		"a hidden body":         strings.Replace(page, "<body", "<body hidden", 1),
		"a hidden article":      strings.Replace(page, "<article", "<article hidden", 1),
		"what is hidden around": strings.Replace(page, `<div class="md-content"`, `<div style="display:none" class="md-content"`, 1),
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s is read", what)
		}
	}
}
