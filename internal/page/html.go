package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// walker walks the main content of an HTML page.
type walker struct {
	*outline
	content *html.Node
	order   int                 // of what was met last
	tables  int                 // so far, those that are ignored too
	met     map[*html.Node]bool // the tables
	inside  []frame
}

// frame is an element that the walk is in, and what it does to what it has.
type frame struct {
	hides   string // hides, strikes out or denies; empty: none of them
	indents string // "a quotation", "a list", "an admonition"; empty: none of them
}

// readHTML hands the blocks of an HTML page to an outline: those of its main
// content, without navigation, scripts and styles.
func readHTML(text string, o *outline) {
	root, err := html.Parse(strings.NewReader(text))
	if err != nil { // nested too deep
		o.faults.add(place{}, &refusal.Error{
			Summary: "HTML that cannot be read",
			Found:   err.Error(),
			Remedy:  "Give the page's Markdown source instead",
		})
		return
	}
	if opened := unclosedTables(text); opened > 0 {
		o.faults.add(place{}, &refusal.Error{
			Summary: "Table without an end",
			Found:   fmt.Sprintf("%d of the page's tables have no </table>: the page is cut off, or a comment in it has no end", opened),
			Remedy:  "Give the whole page as the web server sends it",
		})
		return
	}
	w := &walker{outline: o, content: mainContent(root), met: map[*html.Node]bool{}}
	for n := w.content; n != nil; n = n.Parent {
		// Classes and colours of a page's frame say how it is arranged.
		how, style := frameOf(n).hides, strings.ToLower(attribute(n, "style"))
		arranges := strings.Contains(how, " class=") || strings.Contains(how, " style=") &&
			!slices.ContainsFunc([]string{"display", "visibility", "opacity"}, func(property string) bool { return strings.Contains(style, property) })
		if !arranges {
			w.inside = append(w.inside, frame{hides: how})
		}
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "title" && n.Parent.Data == "head" {
			w.passage(w.next("the title"), seenOf(n))
			w.between(nil)
			break
		}
	}
	w.children(w.content)
	w.checkElsewhere(root)
}

// checkElsewhere warns of tables of ours that the walk did not meet, and that are no
// part of a page's frame: they stand beside the main content, in code, or in the cell
// of a table that is ignored.
func (w *walker) checkElsewhere(root *html.Node) {
	framing := []string{"nav", "header", "footer", "aside", "form", "template", "noscript", "svg"}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode || n.Data != "table" || w.met[n] {
			continue
		}
		framed := false
		for p := n.Parent; p != nil; p = p.Parent {
			framed = framed || slices.Contains(framing, p.Data)
		}
		if framed {
			continue
		}
		lines := tableLines(n)
		if len(lines.rows) == 0 {
			continue
		}
		has := map[column]bool{}
		var titles []string
		for _, title := range contents(cellsOf(lines.rows[0])) {
			has[columnOf(title.text)] = true
			titles = append(titles, oneLine(title.text))
		}
		if has[portColumn] && (has[componentColumn] || has[sourceColumn] && has[destinationColumn]) {
			w.notes.add(w.next("a table"), "the table with the columns %s stands beside the main content, in code or in another table, and was not read", quoted(strings.Join(titles, " | ")))
		}
	}
}

// unclosedTables returns how many tables begin and do not end.
func unclosedTables(text string) int {
	tokens := html.NewTokenizer(strings.NewReader(text))
	opened := 0
	for {
		switch tokens.Next() {
		case html.ErrorToken:
			return opened
		case html.StartTagToken:
			if name, _ := tokens.TagName(); string(name) == "table" {
				opened++
			}
		case html.EndTagToken:
			if name, _ := tokens.TagName(); string(name) == "table" {
				opened--
			}
		default:
		}
	}
}

// mainContent returns the element that has what the page is about: its only
// article, else its main element, else its body.
func mainContent(root *html.Node) *html.Node {
	var articles, mains []*html.Node
	body := root
	for n := range root.Descendants() {
		switch {
		case n.Type != html.ElementNode:
		case n.Data == "article":
			articles = append(articles, n)
		case n.Data == "main" || attribute(n, "role") == "main":
			mains = append(mains, n)
		case n.Data == "body":
			body = n
		}
	}
	switch {
	case len(articles) == 1:
		return articles[0]
	case len(mains) == 1:
		return mains[0]
	}
	return body
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasClass(n *html.Node, class string) bool {
	return slices.Contains(strings.Fields(attribute(n, "class")), class)
}

// isSurrounding reports whether an element is not part of what a page says. An
// article has what it says in any other.
func (w *walker) isSurrounding(n *html.Node) bool {
	switch n.Data {
	case "nav", "script", "style", "template", "noscript", "head", "svg", "link", "meta":
		return true
	case "header", "footer", "aside", "form":
		return w.content.Data != "article"
	}
	return false
}

// next returns the place of what is met next.
func (w *walker) next(text string) place {
	w.order++
	return place{w.order, text}
}

func (w *walker) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		w.node(c)
	}
}

// node reads an element and what is in it.
func (w *walker) node(n *html.Node) {
	if n.Type == html.TextNode {
		w.stray(n.Data)
		w.aside(w.nextText(n.Data), n.Data)
		return
	}
	if n.Type != html.ElementNode {
		return
	}
	if n.Data == "style" {
		w.styled(w.next("the <style>"))
	}
	if w.isSurrounding(n) {
		return
	}
	f := frameOf(n)
	w.inside = append(w.inside, f)
	defer func() { w.inside = w.inside[:len(w.inside)-1] }()
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		seen := seenOf(n)
		seen.hidden = cmp.Or(seen.hidden, f.hides)
		w.heading(w.next("the heading "+quoted(oneLine(seen.text))), int(n.Data[1]-'0'), seen)
	case "table":
		w.table(n)
	case "pre", "code": // no table is read in code
	case "img", "button", "iframe":
	case "p", "dt", "summary", "figcaption", "center":
		w.paragraph(n, f)
	case "li":
		w.bullet(itemText(n))
		w.children(n)
	default:
		w.children(n)
	}
}

// frameOf says what an element does to what it has.
func frameOf(n *html.Node) frame {
	var f frame
	f.hides = cmp.Or(hiding(n.Data, n.Attr), denying(n.Data, n.Attr))
	if strikes(n.Data) {
		f.hides = "<" + n.Data + ">"
	}
	switch {
	case n.Data == "blockquote":
		f.indents = "a quotation"
	case n.Data == "li" || n.Data == "dd":
		f.indents = "a list"
	case n.Data == "details" || hasClass(n, "admonition"):
		f.indents = "an admonition"
	case hasClass(n, "tabbed-set"):
		f.indents = "one of several tabs"
	}
	return f
}

// paragraph reads a paragraph; one may have what could not become a table.
func (w *walker) paragraph(n *html.Node, f frame) {
	seen := seenOf(n)
	seen.struck = cmp.Or(seen.struck, f.hides)
	w.stray(seen.text)
	w.passage(w.nextText(seen.text), seen)
}

// checkAround refuses a table with rows that a tag stands around which may not stand
// there: the parser moves the tag out, and leaves it empty before the table.
func (w *walker) checkAround(t *table, n *html.Node) {
	for p := n.PrevSibling; p != nil; p = p.PrevSibling {
		if strings.TrimSpace(seenOf(p).text) != "" || p.Type == html.TextNode && strings.TrimSpace(p.Data) != "" {
			return
		}
		if f := frameOf(p); p.Type == html.ElementNode && f.hides != "" {
			w.faults.add(t.place, &refusal.Error{
				Summary: "Hidden text",
				Found:   fmt.Sprintf("%s stands around rows of %s, or before it, and hides, strikes out or denies what it has", f.hides, t.text),
				Remedy:  "Give the page without these rows",
			})
			return
		}
	}
}
