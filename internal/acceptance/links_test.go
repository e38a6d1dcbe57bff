package acceptance_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// TestLinks follows every relative link of every page that people read: the file
// exists, and has the heading that the link names.
func TestLinks(t *testing.T) {
	t.Parallel()
	pages := make(map[string]page)
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || entry.Name() == "bin" || entry.Name() == "templates" || entry.Name() == "pages"):
			return fs.SkipDir
		case entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != "../.." && entry.Name() != ".github":
			return fs.SkipDir
		case !entry.IsDir() && filepath.Ext(path) == ".md":
			source, err := os.ReadFile(path)
			pages[filepath.Clean(path)] = readPage(source)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for path, p := range pages {
		for _, link := range p.links {
			if strings.Contains(link, "://") || strings.HasPrefix(link, "mailto:") {
				continue
			}
			links++
			file, anchor, _ := strings.Cut(link, "#")
			target := path
			if file != "" {
				target = filepath.Join(filepath.Dir(path), filepath.FromSlash(file))
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s: the link %s leads nowhere", path, link)
				continue
			}
			if linked, ok := pages[target]; anchor != "" && (!ok || !linked.anchors[anchor]) {
				t.Errorf("%s: the link %s names a heading that %s does not have", path, link, target)
			}
		}
	}
	if len(pages) < 20 || links < 40 {
		t.Errorf("only %d pages with %d links were found", len(pages), links)
	}
}

type page struct {
	links   []string
	anchors map[string]bool
}

var htmlAnchor = regexp.MustCompile(`<a (?:id|name)="([^"]+)">`)

func readPage(source []byte) page {
	p := page{anchors: make(map[string]bool)}
	for _, match := range htmlAnchor.FindAllSubmatch(source, -1) {
		p.anchors[string(match[1])] = true
	}
	document := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(source))
	_ = ast.Walk(document, func(node ast.Node, entering bool) (ast.WalkStatus, error) { // the walker returns no error
		switch n := node.(type) {
		case *ast.Link:
			if entering {
				p.links = append(p.links, string(n.Destination))
			}
		case *ast.Image:
			if entering {
				p.links = append(p.links, string(n.Destination))
			}
		case *ast.Heading:
			if entering {
				p.anchors[slug(plain(n, source))] = true
			}
		}
		return ast.WalkContinue, nil
	})
	return p
}

func plain(node ast.Node, source []byte) string {
	var words strings.Builder
	for child := node.FirstChild(); child != nil; child = child.NextSibling() {
		if leaf, ok := child.(*ast.Text); ok {
			words.Write(leaf.Segment.Value(source))
			continue
		}
		words.WriteString(plain(child, source))
	}
	return words.String()
}

// slug is how code hosts and the registry name a heading in links.
func slug(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case unicode.IsLetter(r) || unicode.IsDigit(r) || r == '-' || r == '_':
			return unicode.ToLower(r)
		}
		return -1
	}, heading)
}
