package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// SVG returns the report as a picture: the matrix itself, a row for each source,
// a column for each destination, and in the cells what is opened. A matrix that
// is wider than a screen goes on below, in as many panels as it takes. A grid
// needs no layout program, and nothing in it can overlap.
func (r Report) SVG() string {
	s := r.sheet()
	lines := append(wrap(s.summary(), textWidth/charWidth), wrap(s.words.pictureHint, textWidth/charWidth)...)
	panels := s.panels()
	width, height := textWidth+2*padding, 2*padding+(len(lines)+2)*lineHeight
	for _, p := range panels {
		width = max(width, p.width()+2*padding)
		height += p.height() + lineHeight
	}
	d := drawing{}
	d.write(`<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img" aria-labelledby="picture-title picture-text" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="%d">`+"\n",
		width, height, width, height, fontSize)
	d.write("<title id=\"picture-title\">%s</title>\n<desc id=\"picture-text\">%s</desc>\n", escapeXML(s.words.title), escapeXML(s.words.pictureHint))
	d.rect("paper", 0, 0, width, height, "#ffffff", "none")
	y := padding + lineHeight
	d.text(padding, y, "bold", s.words.title)
	for _, text := range lines {
		y += lineHeight
		d.text(padding, y, "normal", text)
	}
	y += lineHeight
	for _, p := range panels {
		p.draw(&d, y)
		y += p.height() + lineHeight
	}
	d.WriteString("</svg>\n")
	return d.String()
}

// Measures of the picture, in pixels. A character of the fonts named is at most
// 0.61 times as wide as high.
const (
	fontSize   = 13
	charWidth  = 8
	lineHeight = 18
	padding    = 8
	cellChars  = 24   // letters in a cell's line
	textWidth  = 1000 // of the lines above the matrix
	panelWidth = 1200 // what a laptop shows without scrolling
)

// panel is a part of the matrix: some of its columns, and of its rows those that
// have something there. The first row and column are titles.
type panel struct {
	rows            [][][]string // lines of text
	widths, heights []int
}

// panels deals the destinations out, in their order.
func (s *sheet) panels() []panel {
	opened := make(map[string]map[string][]string) // by destination and source
	var sources, destinations []string
	for _, f := range s.flows {
		if opened[f.Destination] == nil {
			opened[f.Destination] = make(map[string][]string)
		}
		opened[f.Destination][f.Source] = append(opened[f.Destination][f.Source], wrap(f.Component+" "+s.words.ports(f.Ports), cellChars)...)
		sources = append(sources, f.Source)
		destinations = append(destinations, f.Destination)
	}
	sources, destinations = s.ends(sources), s.ends(destinations)
	rank := make(map[string]int, len(sources))
	first := cellWidth([]string{s.words.page.corner})
	for i, source := range sources {
		rank[source] = i
		first = max(first, cellWidth(s.title(source)))
	}
	var panels []panel
	for from := 0; from < len(destinations); {
		to, width := from, first
		for ; to < len(destinations); to++ {
			column := cellWidth(s.title(destinations[to]))
			for _, lines := range opened[destinations[to]] {
				column = max(column, cellWidth(lines))
			}
			if width += column; width > panelWidth && to > from {
				break
			}
		}
		panels = append(panels, s.panel(rank, destinations[from:to], opened))
		from = to
	}
	return panels
}

// title is an end's name as a heading of the matrix.
func (s *sheet) title(id string) []string {
	var lines []string
	for _, line := range s.heading(id) {
		lines = append(lines, wrap(line, cellChars)...)
	}
	return lines
}

func (s *sheet) panel(rank map[string]int, destinations []string, opened map[string]map[string][]string) panel {
	header := [][]string{{s.words.page.corner}}
	var sources []string
	for _, destination := range destinations {
		header = append(header, s.title(destination))
		sources = slices.AppendSeq(sources, maps.Keys(opened[destination]))
	}
	slices.SortFunc(sources, func(a, b string) int { return rank[a] - rank[b] })
	p := panel{rows: [][][]string{header}}
	for _, source := range slices.Compact(sources) {
		row := [][]string{s.title(source)}
		for _, destination := range destinations {
			row = append(row, opened[destination][source])
		}
		p.rows = append(p.rows, row)
	}
	p.widths, p.heights = make([]int, len(header)), make([]int, len(p.rows))
	for i, row := range p.rows {
		for j, cell := range row {
			p.widths[j] = max(p.widths[j], cellWidth(cell))
			p.heights[i] = max(p.heights[i], max(len(cell), 1)*lineHeight+2*padding)
		}
	}
	return p
}

func (p panel) width() int  { return sum(p.widths) }
func (p panel) height() int { return sum(p.heights) }

func sum(numbers []int) int {
	total := 0
	for _, n := range numbers {
		total += n
	}
	return total
}

// cellWidth returns how wide a cell is at most, in pixels.
func cellWidth(lines []string) int {
	widest := 0
	for _, line := range lines {
		widest = max(widest, utf8.RuneCountInString(line))
	}
	return widest*charWidth + 2*padding
}

func (p panel) draw(d *drawing, y int) {
	for i, row := range p.rows {
		x := padding
		for j, cell := range row {
			class, fill, weight := "empty", "#ffffff", "normal"
			switch {
			case i == 0 || j == 0:
				class, fill, weight = "end", "#e8e8e8", "bold"
			case len(cell) > 0:
				class, fill = "open", "#e3eefc"
			}
			d.rect(class, x, y, p.widths[j], p.heights[i], fill, "#767676")
			for k, line := range cell {
				d.text(x+padding, y+padding+(k+1)*lineHeight-lineHeight/4, weight, line)
			}
			x += p.widths[j]
		}
		y += p.heights[i]
	}
}

// drawing is a picture in the making.
type drawing struct{ strings.Builder }

func (d *drawing) write(format string, values ...any) {
	_, _ = fmt.Fprintf(d, format, values...) // a builder takes everything
}

func (d *drawing) rect(class string, x, y, width, height int, fill, stroke string) {
	d.write(`<rect class="%s" x="%d" y="%d" width="%d" height="%d" fill="%s" stroke="%s"/>`+"\n", class, x, y, width, height, fill, stroke)
}

func (d *drawing) text(x, y int, weight, text string) {
	d.write(`<text x="%d" y="%d" font-weight="%s">%s</text>`+"\n", x, y, weight, escapeXML(text))
}

// wrap breaks a text into lines of at most so many letters, at spaces, behind an
// underscore, or, where there is neither, anywhere.
func wrap(text string, letters int) []string {
	var lines []string
	line := []rune(flat(text))
	for len(line) > letters {
		at := letters
		for at > 0 && line[at] != ' ' && line[at-1] != '_' {
			at--
		}
		if at == 0 {
			at = letters
		}
		lines = append(lines, strings.TrimSpace(string(line[:at])))
		line = []rune(strings.TrimSpace(string(line[at:])))
	}
	return append(lines, string(line))
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escapeXML leaves out what XML cannot carry.
func escapeXML(text string) string { return xmlEscapes.Replace(flat(text)) }
