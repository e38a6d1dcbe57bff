package page

import (
	"cmp"
	"strings"

	"golang.org/x/net/html"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// nextText returns the place of a text that is met next.
func (w *walker) nextText(text string) place {
	return w.next("the text " + quoted(strings.Join(strings.Fields(text), " ")))
}

// stray refuses text that looks like a row: a table that the vendor's generator
// could not read stands in the page as it was typed.
func (w *walker) stray(text string) {
	for line := range strings.SplitSeq(text, "\n") {
		if pipesOf(line) < 2 || !namesProtocol(line) {
			continue
		}
		p := w.nextText(line)
		w.faults.add(p, &refusal.Error{
			Summary: "Row outside of a table",
			Found:   p.text + " looks like a row and stands in no table",
			Remedy:  "Correct the page's source, where an empty line before or behind the table may be missing, or give the source",
		})
		return
	}
}

func contents(cells []*html.Node) []content {
	var seen []content
	for _, c := range cells {
		s := seenOf(c)
		s.hidden = cmp.Or(s.hidden, hiding(c.Data, c.Attr))
		s.denied = cmp.Or(s.denied, denying(c.Data, c.Attr))
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
