package page

import (
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
	order   int // of what was met last
	tables  int // so far, those that are ignored too
	inside  []frame
}

// frame is an element that the walk is in, and what it does to what it has.
type frame struct {
	hides   string // hides or strikes out; empty: neither
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
	w := &walker{outline: o, content: mainContent(root)}
	for n := w.content; n != nil; n = n.Parent {
		// Classes and colours of a page's frame say how it is arranged.
		how, style := hiding(n.Data, n.Attr), strings.ToLower(attribute(n, "style"))
		arranges := strings.Contains(how, " class=") || strings.Contains(how, " style=") &&
			!slices.ContainsFunc([]string{"display", "visibility", "opacity"}, func(property string) bool { return strings.Contains(style, property) })
		if !arranges {
			w.inside = append(w.inside, frame{hides: how})
		}
	}
	w.children(w.content)
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
		w.aside(n.Data)
		return
	}
	if n.Type != html.ElementNode || w.isSurrounding(n) {
		return
	}
	f := frameOf(n)
	w.inside = append(w.inside, f)
	defer func() { w.inside = w.inside[:len(w.inside)-1] }()
	switch n.Data {
	case "h1", "h2", "h3", "h4", "h5", "h6":
		seen := seenOf(n)
		w.heading(w.next("the heading "+quoted(oneLine(seen.text))), int(n.Data[1]-'0'), seen)
	case "table":
		w.table(n)
	case "pre", "code": // no table is read in code
	case "img", "button", "iframe":
	case "p", "dt", "summary":
		w.paragraph(n)
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
	f.hides = hiding(n.Data, n.Attr)
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
	}
	return f
}

// paragraph reads a paragraph; one may have what could not become a table.
func (w *walker) paragraph(n *html.Node) {
	seen := seenOf(n)
	w.stray(seen.text)
	if hasClass(n, "admonition-title") {
		return
	}
	w.passage(seen)
}

// stray refuses text that looks like a row: a table that the vendor's generator
// could not read stands in the page as it was typed.
func (w *walker) stray(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if pipesOf(line) < 2 || !namesProtocol(line) {
			continue
		}
		p := w.next("the text " + quoted(strings.TrimSpace(line)))
		w.faults.add(p, &refusal.Error{
			Summary: "Row outside of a table",
			Found:   p.text + " looks like a row and stands in no table",
			Remedy:  "Correct the page's source, where an empty line before or behind the table may be missing, or give the source",
		})
		return
	}
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
				Found:   fmt.Sprintf("%s stands around rows of %s, or before it, and hides or strikes out what it has", f.hides, t.text),
				Remedy:  "Give the page without these rows",
			})
			return
		}
	}
}

func contents(cells []*html.Node) []content {
	var seen []content
	for _, c := range cells {
		s := seenOf(c)
		if how := hiding(c.Data, c.Attr); s.hidden == "" {
			s.hidden = how
		}
		seen = append(seen, s)
	}
	return seen
}

// seenOf returns what a reader sees of an element.
func seenOf(n *html.Node) content {
	var s sight
	s.see(n)
	return s.content()
}

func (s *sight) see(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			s.write(strings.ReplaceAll(c.Data, "\n", " "))
		case c.Type == html.CommentNode && strings.TrimSpace(c.Data) != "":
			if s.seen.hidden == "" {
				s.seen.hidden = "<!--"
			}
		case c.Type != html.ElementNode || hasClass(c, "headerlink") || c.Data == "wbr":
		case isPicture(c.Data):
			s.tag(c.Data, c.Attr)
			if alt := attribute(c, "alt"); alt != "" {
				s.seen.picture = alt
			}
		default:
			s.tag(c.Data, c.Attr)
			s.see(c)
			if breaksLine(c.Data) && c.Data != "br" {
				s.write("\n")
			}
		}
	}
}

// itemText returns what an item of a list says, without the lists in it.
func itemText(n *html.Node) string {
	var s sight
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.Type == html.TextNode:
			s.write(strings.ReplaceAll(c.Data, "\n", " "))
		case c.Type == html.ElementNode && (c.Data == "ul" || c.Data == "ol" || c.Data == "table" || c.Data == "pre"):
			return oneLine(s.content().text)
		case c.Type == html.ElementNode:
			s.see(c)
		}
	}
	return oneLine(s.content().text)
}

// writeSource writes what an element has as text and tags, so that a number which
// tags take apart is not one in it.
func writeSource(to *strings.Builder, n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			to.WriteString(strings.Join(strings.Fields(c.Data), " "))
		}
		if c.Type == html.ElementNode {
			to.WriteString("<" + c.Data + ">")
			writeSource(to, c)
			to.WriteString("</" + c.Data + ">")
		}
	}
}
