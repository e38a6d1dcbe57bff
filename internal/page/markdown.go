package page

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark" // CommonMark and its tables, kept up by their community
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extensionast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// The Markdown library keeps a tree of everything, fills ragged rows up to the
// header's width and takes time quadratic in some nests of brackets. So it is
// asked for one row of a table at a time, of bounded length and width: memory
// and time stay linear in the page, whatever it holds.
const (
	maxColumns = 64   // of a table, inclusive
	maxRow     = 2048 // bytes of a row, inclusive; the vendor's have about 150
)

// markdown reads fragments of a page.
type markdown struct {
	parser  parser.Parser
	context parser.Context // holds the page's link definitions
}

func newMarkdown() *markdown {
	return &markdown{
		parser:  goldmark.New(goldmark.WithExtensions(extension.Table)).Parser(),
		context: parser.NewContext(),
	}
}

// define makes a link definition known: [label]: destination.
func (m *markdown) define(label, destination string) {
	m.context.AddReference(parser.NewReference([]byte(label), []byte(destination), nil))
}

// header returns the titles of the table that the two lines begin, or false
// where they begin none.
func (m *markdown) header(line, delimiter string) (titles []string, ok bool) {
	if len(line) > maxRow || len(delimiter) > maxRow || strings.Count(delimiter, "|") > maxColumns {
		return nil, false
	}
	source := []byte(line + "\n" + delimiter + "\n")
	table, ok := m.parse(source).FirstChild().(*extensionast.Table)
	if !ok {
		return nil, false
	}
	for c := table.FirstChild().FirstChild(); c != nil; c = c.NextSibling() {
		titles = append(titles, plainText(c, source))
	}
	return titles, true
}

// row returns the cells of a row as they stand in the line, be they fewer or up
// to two more than the table has columns; none where the line ends the table.
func (m *markdown) row(line string, columns int) []string {
	// More columns than the table has show the cells too many.
	header := strings.Repeat("|x", columns+2) + "|\n" + strings.Repeat("|-", columns+2) + "|\n"
	source := []byte(header + line + "\n")
	table, ok := m.parse(source).FirstChild().(*extensionast.Table)
	if !ok || table.ChildCount() != 2 {
		return nil
	}
	var cells []string
	for c := table.LastChild().FirstChild(); c != nil; c = c.NextSibling() {
		if c.Lines().Len() == 0 {
			break // the library's own filling
		}
		cells = append(cells, plainText(c, source))
	}
	return cells
}

// inline returns the text of a line without its Markdown; nothing for a line
// that is too long.
func (m *markdown) inline(line string) string {
	if len(line) > maxRow {
		return ""
	}
	source := []byte(line + "\n")
	return plainText(m.parse(source), source)
}

func (m *markdown) parse(source []byte) ast.Node {
	return m.parser.Parse(text.NewReader(source), parser.WithContext(m.context))
}

// plainText returns what a reader sees of a node: no emphasis, no addresses of
// links, no pictures, spaces collapsed.
func plainText(node ast.Node, source []byte) string {
	var seen []byte
	// Walk returns an error only where the function does.
	_ = ast.Walk(node, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Image:
			return ast.WalkSkipChildren, nil
		case *ast.RawHTML: // <br>
			seen = append(seen, ' ')
		case *ast.AutoLink:
			seen = append(seen, n.Label(source)...)
		case *ast.Text:
			value := n.Segment.Value(source)
			if !n.IsRaw() && n.Parent().Kind() != ast.KindCodeSpan {
				value = unescaped(value)
			}
			seen = append(seen, value...)
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(string(seen)), " ")
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
