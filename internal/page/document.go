package page

import "strings"

// document is what of a page matters: its two kinds of tables and its glossary.
// Markdown and HTML make the same one.
type document struct {
	lists   []table  // port lists
	flows   []table  // tables of flows
	bullets []string // of lists after the first table of flows, as they read
}

// kind is a kind of table.
type kind uint8

const (
	ignored  kind = iota // of no concern, though its rows are looked at
	portList             // what listens, and where
	flowList             // who reaches what
)

// String names the kind in a sentence.
func (k kind) String() string {
	switch k {
	case portList:
		return "port list"
	case flowList:
		return "table of flows"
	case ignored:
	}
	return "table"
}

// table is a table of the page.
type table struct {
	place
	kind     kind
	titles   []string // by column, as the page writes them
	columns  []column // by column; empty for those that are not read
	sections []string // the words of the headings that it stands under, from the outermost
	rows     []row
	warned   map[string]bool // what was already said about it
}

// row is a row of a table that is read: a cell for each column that matters.
type row struct {
	place
	cells   map[column]cell
	install bool // it stands under the heading of the repositories
}

// column is a column that is read.
type column string

// The columns of the vendor's tables.
const (
	componentColumn   column = "Composant"
	sourceColumn      column = "Source"
	destinationColumn column = "Destination"
	portColumn        column = "Port"
	descriptionColumn column = "Description"
)

const (
	listTitles = "Composant | Description | Port"
	flowTitles = "Source | Destination | Port | Description"
)

// columnOf finds a column by its title, in the singular or the plural; empty
// where the title is none of them.
func columnOf(title string) column {
	said := keyOf(title)
	for _, c := range []column{componentColumn, sourceColumn, destinationColumn, portColumn, descriptionColumn} {
		if known := keyOf(string(c)); said == known || said == known+"s" || said == known+"(s)" {
			return c
		}
	}
	return ""
}

// isLike reports whether a title is probably meant as a column's: it is misspelt, or
// another word for it.
func isLike(title string, c column) bool {
	said := squeezed(title)
	return withinOneEdit(said, squeezed(string(c))) || strings.Contains(otherTitles[c], " "+said+" ")
}

// otherTitles are other words for columns. They are hinted at, and not read: some
// have two meanings.
var otherTitles = map[column]string{
	sourceColumn:      " de from origine emetteur emetteurs expediteur client depuis src ",
	destinationColumn: " a vers to cible cibles recepteur recepteurs destinataire serveur target dest dst ",
	portColumn:        " portdestination portsdestination portdedestination protocoleport protocoleports portprotocole numerodeport portstcp ",
}
