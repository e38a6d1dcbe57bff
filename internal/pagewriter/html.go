package pagewriter

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark" // the vendor's site is made from Markdown, too
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer/html"
)

// HTML renders a Markdown page as MkDocs with the Material theme does: the text
// in an article, with links at its headings, and navigation around it. It returns
// an error where the page cannot be rendered.
func HTML(markdown string) (string, error) {
	article, err := Article(markdown)
	if err != nil {
		return "", err
	}
	return "<!doctype html>\n" + strings.Replace(mkdocs, "ARTICLE", article, 1), nil
}

// Article renders the text of a Markdown page, as HTML puts it into its article.
func Article(markdown string) (string, error) {
	var article bytes.Buffer
	renderer := goldmark.New(
		goldmark.WithExtensions(extension.Table, extension.Strikethrough),
		goldmark.WithParserOptions(parser.WithAutoHeadingID()),
		goldmark.WithRendererOptions(html.WithUnsafe()),
	)
	if err := renderer.Convert([]byte(markdown), &article); err != nil {
		return "", err
	}
	return strings.NewReplacer("</h1>", permalink+"</h1>", "</h2>", permalink+"</h2>", "</h3>", permalink+"</h3>").Replace(article.String()), nil
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
