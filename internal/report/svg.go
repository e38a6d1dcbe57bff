package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// SVG returns the report as a picture: the matrix itself, a row for each source,
// a column for each destination, and in the cells what is opened. A grid needs
// no layout program, and nothing in it can overlap.
func (r Report) SVG() string {
	g := r.grid()
	w := words()[r.Language]
	var svg strings.Builder
	width, height := g.size()
	fmt.Fprintf(&svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="%d">`+"\n",
		width, height, width, height, fontSize)
	fmt.Fprintf(&svg, "<title>%s</title>\n<desc>%s</desc>\n", escapeXML(w.title), escapeXML(w.pictureHint))
	fmt.Fprintf(&svg, `<rect width="%d" height="%d" fill="#ffffff"/>`+"\n", width, height)
	write := func(x, y int, weight, text string) {
		fmt.Fprintf(&svg, `<text x="%d" y="%d" font-weight="%s">%s</text>`+"\n", x, y, weight, escapeXML(text))
	}
	write(padding, padding+lineHeight, "bold", w.title)
	write(padding, padding+2*lineHeight, "normal", w.pictureHint)

	y := titleHeight
	for i, row := range g.rows {
		x := padding
		for j, cell := range row {
			fill := "#ffffff"
			switch {
			case i == 0 || j == 0:
				fill = "#e8e8e8"
			case len(cell) > 0:
				fill = "#f4f8ff"
			}
			fmt.Fprintf(&svg, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s" stroke="#888888"/>`+"\n", x, y, g.widths[j], g.heights[i], fill)
			weight := "normal"
			if i == 0 || j == 0 {
				weight = "bold"
			}
			for k, line := range cell {
				write(x+padding, y+padding+(k+1)*lineHeight-lineHeight/4, weight, line)
			}
			x += g.widths[j]
		}
		y += g.heights[i]
	}
	svg.WriteString("</svg>\n")
	return svg.String()
}

// Measures of the picture, in pixels. A character of the fonts named is at most
// 0.61 times as wide as high.
const (
	fontSize    = 13
	charWidth   = 8
	lineHeight  = 18
	padding     = 8
	titleHeight = 2*padding + 3*lineHeight
)

// grid is the picture's table, its first row and column being titles.
type grid struct {
	rows            [][][]string // lines of text
	widths, heights []int
	titleWidth      int
}

func (r Report) grid() grid {
	w := words()[r.Language]
	opened := make(map[[2]string][]string)
	var sources, destinations []string
	for _, f := range r.sorted() {
		pair := [2]string{f.Source, f.Destination}
		opened[pair] = append(opened[pair], f.Component+" "+w.ports(f.Ports))
		sources = append(sources, f.Source)
		destinations = append(destinations, f.Destination)
	}
	sources, destinations = r.ends(sources), r.ends(destinations)

	header := [][]string{{w.pictureCorner}}
	for _, destination := range destinations {
		header = append(header, r.heading(destination))
	}
	g := grid{rows: [][][]string{header}, titleWidth: max(textWidth(w.title), textWidth(w.pictureHint)) + 2*padding}
	for _, source := range sources {
		row := [][]string{r.heading(source)}
		for _, destination := range destinations {
			row = append(row, opened[[2]string{source, destination}])
		}
		g.rows = append(g.rows, row)
	}
	g.measure()
	return g
}

// ends returns the ids once each: actors, relays, hosts, outside systems.
func (r Report) ends(ids []string) []string {
	order := func(id string) int {
		return slices.Index([]string{"actor", "relay", "host", "external"}, r.Endpoints[id].Kind)
	}
	slices.SortFunc(ids, func(a, b string) int { return cmp.Or(cmp.Compare(order(a), order(b)), cmp.Compare(a, b)) })
	return slices.Compact(ids)
}

func (g *grid) measure() {
	g.widths = make([]int, len(g.rows[0]))
	g.heights = make([]int, len(g.rows))
	for i, row := range g.rows {
		for j, cell := range row {
			for _, line := range cell {
				g.widths[j] = max(g.widths[j], textWidth(line)+2*padding)
			}
			g.heights[i] = max(g.heights[i], max(len(cell), 1)*lineHeight+2*padding)
		}
	}
}

// textWidth returns how wide a line is at most, in pixels.
func textWidth(line string) int { return utf8.RuneCountInString(line) * charWidth }

func (g *grid) size() (width, height int) {
	width, height = 2*padding, titleHeight+padding
	for _, w := range g.widths {
		width += w
	}
	for _, h := range g.heights {
		height += h
	}
	return max(width, g.titleWidth), height
}

var xmlEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escapeXML leaves out what XML cannot carry.
func escapeXML(text string) string {
	return xmlEscapes.Replace(strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, text))
}
