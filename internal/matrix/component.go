package matrix

import (
	"cmp"
	"slices"
)

// Component is something that listens (MongoDB, Nginx) or, with no ports, a
// process that only calls out (the engines).
type Component struct {
	ID          string // matches IDPattern
	Name        string // the page's own word
	Description string // prose
	Host        string // id of the endpoint on which it runs
	// Offers has the ports that it listens on: one offer without an option, or
	// one for each labelled option of the page ("installation via Docker"). In a
	// Matrix they are sorted by option, which no two share.
	Offers   []Offer
	Listed   bool // the page's port list names it
	Optional bool // the page marks it "optionnel"

	Errata []string // ids of the errata that changed its ports, sorted
}

// Offer is a set of ports and the option under which a component listens on
// them; an empty Option means always.
type Offer struct {
	Option string
	Ports  Ports
}

// Ports returns the ports of all offers.
func (c Component) Ports() Ports {
	var ports Ports
	for _, offer := range c.Offers {
		ports = ports.Union(offer.Ports)
	}
	return ports
}

// IsProcess reports whether the component only calls out: it has no ports.
func (c Component) IsProcess() bool { return c.Ports().IsEmpty() }

// canonicalOffers returns a copy of offers, sorted by option, with one offer for
// each.
func canonicalOffers(offers []Offer) []Offer {
	sorted := slices.Clone(offers)
	slices.SortFunc(sorted, func(a, b Offer) int { return cmp.Compare(a.Option, b.Option) })
	canonical := sorted[:0]
	for _, offer := range sorted {
		if n := len(canonical); n > 0 && canonical[n-1].Option == offer.Option {
			canonical[n-1].Ports = canonical[n-1].Ports.Union(offer.Ports)
			continue
		}
		canonical = append(canonical, offer)
	}
	return canonical
}

func (c Component) clone() Component {
	c.Offers = slices.Clone(c.Offers)
	c.Errata = slices.Clone(c.Errata)
	return c
}

func compareComponents(a, b Component) int { return cmp.Compare(a.ID, b.ID) }

func equalComponents(a, b Component) bool {
	return a.ID == b.ID && a.Host == b.Host &&
		a.Listed == b.Listed && a.Optional == b.Optional &&
		slices.EqualFunc(a.Offers, b.Offers, func(x, y Offer) bool {
			return x.Option == y.Option && x.Ports.Equal(y.Ports)
		}) &&
		slices.Equal(a.Errata, b.Errata)
}
