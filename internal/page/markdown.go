package page

import (
	"bytes"
	"cmp"
	"strings"
	"sync"

	"github.com/yuin/goldmark" // CommonMark and its tables, kept up by their community
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
	"golang.org/x/net/html"
)

// The Markdown library is asked for one row of a table, or one line of text, at a
// time, of bounded length and width: it takes time quadratic in some nests of
// brackets, and fills ragged rows up to the header's width. So memory and time
// stay linear in the page, whatever it has (blocks.go says why it is not asked for
// whole blocks).

// markdown reads fragments of a page.
type markdown struct {
	parser  parser.Parser
	context parser.Context // has the page's link definitions
}

func newMarkdown() *markdown { return &markdown{parser: library(), context: parser.NewContext()} }

// library is made when the first page is read: it keeps nothing of a page.
var library = sync.OnceValue(func() parser.Parser {
	return goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough)).Parser()
})

// define makes a link definition known: [label]: destination.
func (m *markdown) define(label, destination string) {
	m.context.AddReference(parser.NewReference([]byte(label), []byte(destination), nil))
}

// header returns the titles of the table that the two lines begin, or false
// where they begin none. Neither is longer than maxRow.
func (m *markdown) header(line, delimiter string) (titles []content, ok bool) {
	source := []byte(line + "\n" + delimiter + "\n")
	table, ok := m.parse(source).FirstChild().(*extensionast.Table)
	if !ok {
		return nil, false
	}
	for c := table.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
		titles = append(titles, sightOf(c, source))
	}
	return titles, true
}

// row returns the cells of a row as they stand in the line, be they fewer or up
// to two more than the table has columns; none where the line ends the table.
func (m *markdown) row(line string, columns int) []content {
	// More columns than the table has show the cells too many.
	header := strings.Repeat("|x", columns+2) + "|\n" + strings.Repeat("|-", columns+2) + "|\n"
	source := []byte(header + line + "\n")
	table, ok := m.parse(source).FirstChild().(*extensionast.Table)
	if !ok || table.ChildCount() != 2 {
		return nil
	}
	var cells []content
	for c := table.LastChild().FirstChild(); c != nil; c = c.NextSibling() {
		if c.Lines().Len() == 0 {
			break // the library's own filling
		}
		cells = append(cells, sightOf(c, source))
	}
	return cells
}

// inline returns what a reader sees of a text without blocks; of one that is too
// long, its end as it is written.
func (m *markdown) inline(text string) content {
	if len(text) > maxRow {
		return content{text: strings.ToValidUTF8(text[len(text)-maxRow:], "")}
	}
	// Nothing in the line makes a block of it behind a letter.
	source := []byte("x " + text + "\n")
	seen := sightOf(m.parse(source), source)
	seen.text = strings.TrimPrefix(strings.TrimPrefix(seen.text, "x"), " ")
	return seen
}

func (m *markdown) parse(source []byte) ast.Node {
	return m.parser.Parse(text.NewReader(source), parser.WithContext(m.context))
}

// sightOf returns what a reader sees of a node: no emphasis, no addresses of
// links, no pictures.
func sightOf(node ast.Node, source []byte) content {
	var s sight
	// Walk returns an error only where the function does.
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			s.pictured(string(n.Destination))
			s.titled("image", string(n.Title), textOf(n, source))
			return ast.WalkSkipChildren, nil
		case *ast.Link:
			s.titled("link", string(n.Title))
		case *ast.RawHTML:
			s.raw(n, source)
		case *extensionast.Strikethrough:
			s.struck("~~")
		case *ast.AutoLink:
			s.write(string(n.Label(source)))
		case *ast.Text:
			value := n.Segment.Value(source)
			if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
				value = unescaped(value)
			}
			s.write(string(value))
		}
		return ast.WalkContinue, nil
	})
	return s.content()
}

// textOf returns the text of a node as it is written.
func textOf(node ast.Node, source []byte) string {
	var text strings.Builder
	for n := node.FirstChild(); n != nil; n = n.NextSibling() {
		if t, ok := n.(*ast.Text); ok {
			text.Write(t.Segment.Value(source))
		}
	}
	return text.String()
}

// titled sees the titles of a link or a picture, which show where one points at it.
func (s *sight) titled(what string, titles ...string) {
	for _, title := range titles {
		if denialIn(title) != "" {
			s.seen.denied = "the " + what + " " + quoted(title)
		}
	}
}

// raw sees a tag or a comment in HTML inside a line.
func (s *sight) raw(node *ast.RawHTML, source []byte) {
	var tag []byte
	for i := range node.Segments.Len() {
		segment := node.Segments.At(i)
		tag = append(tag, segment.Value(source)...)
	}
	tokens := html.NewTokenizer(bytes.NewReader(tag))
	for tokens.Next() != html.ErrorToken {
		token := tokens.Token()
		switch token.Type {
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			s.tag(token.Data, token.Attr)
		case html.CommentToken, html.DoctypeToken:
			s.seen.hidden = cmp.Or(s.seen.hidden, "<!--")
		case html.ErrorToken, html.TextToken:
		}
	}
}

// unescaped resolves backslashes and character references, each once.
func unescaped(text []byte) []byte {
	var plain []byte
	for {
		i := bytes.IndexByte(text, '\\')
		if i < 0 || i+1 == len(text) {
			return append(plain, resolved(text)...)
		}
		plain = append(plain, resolved(text[:i])...)
		if !util.IsPunct(text[i+1]) {
			plain = append(plain, '\\')
		}
		plain = append(plain, text[i+1])
		text = text[i+2:]
	}
}

func resolved(text []byte) []byte {
	return util.ResolveEntityNames(util.ResolveNumericReferences(text))
}
