package page

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"

	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
)

// asHTML renders a Markdown page as MkDocs with the Material theme does: the text
// in an article, with links at its headings, and navigation around it.
func asHTML(t testing.TB, markdown string) string {
	t.Helper()
	var article bytes.Buffer
	renderer := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	if err := renderer.Convert([]byte(markdown), &article); err != nil {
		t.Fatal(err)
	}
	linked := strings.NewReplacer("</h1>", permalink+"</h1>", "</h2>", permalink+"</h2>", "</h3>", permalink+"</h3>").Replace(article.String())
	return "<!doctype html>\n" + strings.Replace(mkdocs, "ARTICLE", linked, 1)
}

const permalink = `<a class="headerlink" href="#x" title="Permanent link">&para;</a>`

const mkdocs = `<html lang="fr" class="no-js">
  <head><meta charset="utf-8"><title>Matrice des flux réseau - Documentation Canopsis</title>
  <style>.hidden { display: none }</style><script>var x = "Source | Destination | TCP/1 | x";</script></head>
  <body dir="ltr" data-md-color-scheme="default">
    <input class="md-toggle" data-md-toggle="drawer" type="checkbox" id="__drawer">
    <header class="md-header"><nav class="md-header__inner"><h1>Documentation</h1>
      <form class="md-search__form"><input type="text" placeholder="Recherche"></form></nav></header>
    <div class="md-container" data-md-component="container">
      <main class="md-main"><div class="md-main__inner md-grid">
        <div class="md-sidebar md-sidebar--primary" hidden><nav class="md-nav"><ul><li><a href="..">Flux interdits</a></li></ul>
          <table><tr><th>Source</th><th>Destination</th><th>Port</th></tr><tr><td>Canopsis</td><td>LDAP</td><td>TCP/1</td></tr></table></nav></div>
        <div class="md-sidebar md-sidebar--secondary"><nav class="md-nav md-nav--secondary"><ul><li><a href="#x">Matrice des flux</a></li></ul></nav></div>
        <div class="md-content" data-md-component="content"><article class="md-content__inner md-typeset">
          <a href="https://git.example.org/edit/index.md" title="Edit this page" class="md-content__button md-icon"><svg viewBox="0 0 24 24"><path d="M10 20H6"></path></svg></a>
ARTICLE
          <aside class="md-source-file"><span class="md-source-file__fact">2025-10-01</span></aside>
        </article></div>
      </div></main>
      <footer class="md-footer"><p>Source | Destination | TCP/1 | x</p></footer>
    </div>
    <script src="../assets/javascripts/bundle.js"></script>
  </body>
</html>
`

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
