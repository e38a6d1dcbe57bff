package report

import (
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"html/template"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

var (
	//go:embed page/page.html.tmpl
	pageText string
	//go:embed page/style.css
	styleText string
	//go:embed page/script.js
	scriptText string
)

// pageTemplate is read when a page is first written: most processes write none.
var pageTemplate = sync.OnceValues(func() (*template.Template, error) { return template.New("page").Parse(pageText) })

// HTML returns the report as one page that needs nothing beside itself: its style
// and its script are in it, and its policy lets a browser load nothing else. It
// works as an attachment of a mail, and without its script.
func (r Report) HTML() (string, error) {
	t, err := pageTemplate()
	if err != nil {
		return "", err
	}
	if r.Before != nil {
		r.since = r.diff() // the page and its digest say it several times
	}
	p, err := r.page()
	if err != nil {
		return "", err
	}
	var text strings.Builder
	err = t.Execute(&text, p)
	return visible(text.String()), err
}

// page is what the template shows.
type page struct {
	Language, Policy, Title, Summary             string
	RequestTitle, ErrataTitle, EvidenceTitle     string
	NotEnforced, Reason, Colon, Provider, Digest string
	Style                                        template.CSS
	Script                                       template.JS
	Picture                                      template.HTML
	W                                            pageTitles
	Form                                         []answer
	Ends, Purposes, Encryptions, Changes         []choice
	Columns                                      []string
	Rows                                         []pageRow
	Targets                                      []pageTarget
	Sections                                     []section
	Errata                                       []pageErratum
	Grid                                         []pageGrid
	Small                                        bool // the matrix is shown at once
}

type pageTitles struct {
	Search, SearchHint, Host, Purpose, Encryption, Change, All, Reset, Shown, ShowAll string
	Table, Grid, GridHint, Picture, Footer, ProviderVersion                           string
	Digest, Skip, Rule, Corner                                                        string
}

type choice struct{ ID, Name string }

type pageRow struct {
	Source, Destination, Purpose, Encryption string
	Change                                   string // empty where no other deployment is given
	Cells                                    []pageCell
}

// pageCell is a text, with a mark behind it and small print under it.
type pageCell struct {
	Class, Mark, MarkClass string
	Text, Small            []string // pieces, between which a line may break
}

type pageTarget struct {
	Name  string
	Rules []leftOut
}

type pageErratum struct {
	ID, State, Published, Corrected, Reason, Evidence string
	Links                                             []link
}

type pageGrid struct {
	Header [][]string
	Rows   []gridRow
}

type gridRow struct {
	Title []string
	Cells [][]string
}

func (r Report) page() (page, error) {
	s := r.sheet()
	w := s.words
	digest, err := r.digest()
	if err != nil {
		return page{}, err
	}
	p := page{
		Language: r.Language.String(), Policy: policy(), Title: w.title, Summary: s.summary(),
		RequestTitle: w.request.title, ErrataTitle: w.errata, EvidenceTitle: w.evidence,
		NotEnforced: w.unenforced, Reason: w.reason, Colon: w.colon, Provider: r.Provider, Digest: digest,
		Style: template.CSS(styleText), Script: template.JS(scriptText), Picture: template.HTML(r.SVG()),
		W: pageTitles{
			w.page.search, w.page.searchHint, w.page.host, w.page.purpose, w.page.encryption, w.change.change, w.page.all, w.page.reset, w.page.shown, w.page.showAll,
			w.page.table, w.page.grid, w.page.gridHint, w.page.picture, w.page.footer, w.page.providerVersion,
			w.page.digest, w.page.skip, w.page.rule, w.page.corner,
		},
		Form: s.form(), Small: len(r.Flows) <= smallMatrix,
	}
	p.Sections = s.sections()
	lines := s.lines()
	p.choices(s, lines)
	p.rows(s, lines)
	for _, target := range s.Enforced {
		if rules := s.leftOut(target); len(rules) > 0 {
			p.Targets = append(p.Targets, pageTarget{target.Name, rules})
		}
	}
	for _, e := range s.errata {
		p.Errata = append(p.Errata, pageErratum{e.ID, w.state(e), e.Published, e.Corrected, e.Reason, e.Evidence, links(e)})
	}
	for _, panel := range s.panels() {
		g := pageGrid{Header: panel.rows[0]}
		for _, row := range panel.rows[1:] {
			g.Rows = append(g.Rows, gridRow{row[0], row[1:]})
		}
		p.Grid = append(p.Grid, g)
	}
	return p, nil
}

// smallMatrix is up to how many flows the matrix is shown without being asked for.
const smallMatrix = 60

// choices fills the filters with what the flows have.
func (p *page) choices(s *sheet, lines []change) {
	var ids []string
	purposes, encryptions := make(map[matrix.Purpose]bool), make(map[encryption]bool)
	for _, f := range lines {
		ids = append(ids, f.Source, f.Destination)
		purposes[f.Purpose] = true
		for r := range f.Ports.All() {
			encryptions[encryptionOf(r)] = true
		}
	}
	for _, id := range s.ends(ids) {
		of := s.Report
		if _, ok := s.Endpoints[id]; !ok && s.before != nil {
			of = s.before.Report
		}
		p.Ends = append(p.Ends, choice{id, of.end(id)})
	}
	for _, purpose := range matrix.Purposes() {
		if purposes[purpose] {
			p.Purposes = append(p.Purposes, choice{purpose.String(), s.words.purposes[purpose]})
		}
	}
	for _, e := range []encryption{cleartext, encrypted, byConfiguration, notApplicable} {
		if encryptions[e] {
			p.Encryptions = append(p.Encryptions, choice{encryptionIDs[e], s.words.encryptions[e]})
		}
	}
	if w := s.words.change; s.change != nil {
		p.Changes = []choice{{"opened", w.isOpened}, {"closed", w.isClosed}, {"unchanged", w.isUnchanged}}
	}
}

// encryptionIDs are what the script filters by.
var encryptionIDs = [...]string{byConfiguration: "configuration", cleartext: "cleartext", encrypted: "encrypted", notApplicable: "none"}

func (p *page) rows(s *sheet, lines []change) {
	t := s.words.columns
	p.Columns = []string{t.flow, t.source, t.destination, t.ports, t.purpose, t.justification, t.origin}
	enforced := s.enforcedColumns()
	for _, c := range enforced {
		p.Columns = append(p.Columns, c.title)
	}
	for _, l := range lines {
		f, of := l.Flow, s
		if l.closed {
			of = s.before
		}
		cells := []pageCell{
			newCell("flow", f.ID, ""),
			newCell("end", of.end(f.Source), of.addresses(f.Source)),
			newCell("end", of.end(f.Destination), of.addresses(f.Destination)),
			newCell("ports", f.Component+" "+s.words.ports(f.Ports), ""),
			newCell("", s.words.purposes[f.Purpose], ""),
			newCell("", s.words.description(f.Description), ""),
			newCell("", of.origin(f), of.notes(f)),
		}
		cells[portsCell].Mark, cells[portsCell].MarkClass = s.mark(f.Ports), "clear"
		row := pageRow{f.Source, f.Destination, f.Purpose.String(), encryptionsOf(f), "", cells}
		row.Change, cells[flowCell].Mark = s.changeOf(l)
		cells[flowCell].MarkClass = row.Change
		for _, c := range enforced {
			text := ""
			if !l.closed {
				text = c.cell(line{f, f.Ports})
			}
			row.Cells = append(row.Cells, newCell("", text, ""))
		}
		p.Rows = append(p.Rows, row)
	}
}

// Where a row has its flow's id and its ports.
const (
	flowCell  = 0
	portsCell = 3
)

func newCell(class, text, small string) pageCell {
	return pageCell{Class: class, Text: pieces(text), Small: pieces(small)}
}

// pieces cuts a text where a line may break that has no space there: behind the
// underscores of ids. An empty text has none.
func pieces(text string) []string {
	if text == "" {
		return nil
	}
	return strings.SplitAfter(text, "_")
}

// mark says which ports others can usually read.
func (s *sheet) mark(ports matrix.Ports) string {
	var marked []matrix.PortRange
	for r := range ports.All() {
		if encryptionOf(r) == cleartext {
			marked = append(marked, r)
		}
	}
	switch len(marked) {
	case 0:
		return ""
	case ports.Len():
		return s.words.encryptions[cleartext]
	}
	return s.words.encryptions[cleartext] + s.words.colon + s.words.ports(matrix.NewPorts(marked...))
}

func encryptionsOf(f deployment.Flow) string {
	var ids []string
	for r := range f.Ports.All() {
		ids = append(ids, encryptionIDs[encryptionOf(r)])
	}
	return strings.Join(ids, " ")
}

// policy lets a browser use the page's own style and script, and nothing else.
func policy() string {
	hash := func(text string) string {
		sum := sha256.Sum256([]byte(text))
		return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	}
	return "default-src 'none'; style-src " + hash(styleText) + "; script-src " + hash(scriptText) + "; base-uri 'none'; form-action 'none'"
}

// digest names the content, whatever the language: two documents with one digest
// say the same.
func (r Report) digest() (string, error) {
	r.Language, r.Table = English, CSVForm{}
	table, err := r.CSV()
	if err != nil {
		return "", err
	}
	s := r.sheet()
	sum := sha256.New()
	write := func(texts ...string) {
		for _, text := range texts {
			sum.Write([]byte(text + "\x00"))
		}
	}
	write(r.Edition, table)
	for _, f := range s.closed() { // no table has it
		write(f.ID, s.before.addresses(f.Source), s.before.addresses(f.Destination))
	}
	for _, e := range s.errata {
		write(s.erratum(e), e.Evidence)
	}
	for _, of := range s.sections() {
		write(of.Title, of.Text)
		for _, list := range of.Lists {
			write(list.Title, strings.Join(list.Items, "\x00"))
		}
	}
	for _, a := range s.form() {
		write(a.Field, a.Answer)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}
