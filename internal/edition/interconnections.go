package edition

import (
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// EveryHost is where a Link starts that every host of the installation needs.
const EveryHost = "*"

// Interconnection is an entry of the catalogue: a system that an installation
// may be connected to, and the flows that this takes. The page leaves them out
// and tells its reader to add them.
type Interconnection struct {
	ID         string     // matches matrix.IDPattern
	Name       string     // of the product, or of the vendor's chapter about it
	Pro        bool       // belongs to Canopsis Pro
	Parties    []Party    // what it brings that an edition may not know
	Links      []Link     // its flows; empty where Instead says why
	Evidence   string     // files and releases
	Confidence Confidence // whose word the evidence is
	Note       string     // what else there is to know, in sentences; empty: nothing
	Instead    string     // for what no flow of Canopsis can say: what to write, in sentences
}

// Party is what an interconnection brings: who connects, an outside system, or
// a connector, which is a component that can be placed.
type Party struct {
	ID   string // matches matrix.IDPattern
	Name string
	Kind matrix.Kind // Actor or External; Host: a connector
	Host string      // where a connector runs until it is placed; empty: on a host that has its id
	// Ports on which it listens. A party that is a Link's end and has none either
	// listens nowhere, or PortsHint says what is known about them.
	Ports     matrix.Ports
	Sample    bool   // the documentation shows the ports in an example only
	PortsHint string // where no document gives the ports, so that a user must: what is known, as a clause
}

// Link is one flow of an interconnection, between components of an edition,
// parties, or EveryHost. To a component of an edition it takes the ports that
// this has in the installation.
type Link struct {
	From, To    string
	Or          string // what listens instead of To, or beside it, where the installation's event sources of the API call that; empty: nothing
	Description string // what for
	Via         string // the process that connects, where it is one of several in a component: "engine-webhook"
	Optional    bool   // left out where the installation does not run one of its ends
}

// Interconnections returns the catalogue, sorted by id.
func Interconnections() []Interconnection {
	all := slices.Clone(catalogue)
	for i := range all {
		all[i].Parties = slices.Clone(all[i].Parties)
		all[i].Links = slices.Clone(all[i].Links)
	}
	return all
}

// Engine returns the component as which the link's process runs where it runs
// apart; empty where the process is not an engine.
func (l Link) Engine() string {
	if id := strings.ReplaceAll(l.Via, "-", "_"); IsEngine(id) {
		return id
	}
	return ""
}

// IsForEveryHost reports whether a component is one that every host needs, by an
// entry of the catalogue.
func IsForEveryHost(component string) bool {
	return slices.ContainsFunc(catalogue, func(c Interconnection) bool {
		return slices.ContainsFunc(c.Links, func(l Link) bool { return l.From == EveryHost && l.To == component })
	})
}

// IsInterconnection reports whether the catalogue has an entry with this id.
func IsInterconnection(id string) bool {
	return slices.ContainsFunc(catalogue, func(c Interconnection) bool { return c.ID == id })
}

// FindInterconnections returns the entries with these ids, sorted, each once. The
// error is an *refusal.Errors at the argument interconnections, with every id that
// is not an entry and every entry that has no flows; those found are returned
// beside it.
func FindInterconnections(ids []string) ([]Interconnection, error) {
	at := refusal.At("interconnections")
	var found []Interconnection
	var errs refusal.Errors
	for _, id := range slices.Compact(slices.Sorted(slices.Values(ids))) {
		i := slices.IndexFunc(catalogue, func(c Interconnection) bool { return c.ID == id })
		switch {
		case i < 0:
			errs.Unknown(at, id, "an interconnection of the catalogue", usableIDs())
		case catalogue[i].Instead != "":
			errs.Add(&refusal.Error{
				At:      at,
				Summary: "Interconnection without flows",
				Found:   strconv.Quote(id) + " (" + catalogue[i].Name + ") opens nothing",
				Remedy:  catalogue[i].Instead,
			})
		default:
			found = append(found, catalogue[i])
		}
	}
	return found, errs.Err()
}

// usableIDs returns the entries that open something.
func usableIDs() []string {
	ids := make([]string, 0, len(catalogue))
	for _, c := range catalogue {
		if c.Instead == "" {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Party returns the party with this id.
func (c Interconnection) Party(id string) (Party, bool) {
	i := slices.IndexFunc(c.Parties, func(p Party) bool { return p.ID == id })
	if i < 0 {
		return Party{}, false
	}
	return c.Parties[i], true
}

// Needs returns the components of an edition without which the interconnection
// makes no sense, sorted.
func (c Interconnection) Needs() []string {
	var ids []string
	for _, link := range c.Links {
		for _, end := range []string{link.From, link.To} {
			if _, ok := c.Party(end); !ok && end != EveryHost && !link.Optional {
				ids = append(ids, end)
			}
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Direction says who opens connections, seen from Canopsis and its connectors:
// "inbound", "outbound", "both", "internal", or "none".
func (c Interconnection) Direction() string {
	outside := func(id string) bool {
		p, ok := c.Party(id)
		return ok && p.Kind != matrix.Host
	}
	var in, out bool
	for _, link := range c.Links {
		in = in || outside(link.From)
		out = out || outside(link.To)
	}
	switch {
	case in && out:
		return "both"
	case in:
		return "inbound"
	case out:
		return "outbound"
	case len(c.Links) > 0:
		return "internal"
	}
	return "none"
}

// IsConnector reports whether an entry of the catalogue brings a component with
// this id.
func IsConnector(id string) bool {
	return slices.ContainsFunc(catalogue, func(c Interconnection) bool {
		p, ok := c.Party(id)
		return ok && p.Kind == matrix.Host
	})
}

// WithParties returns the matrix with what the interconnections bring, but not
// their flows. What the matrix knows already stays as it is, but that an endpoint
// on which a connector runs is a host.
func WithParties(m *matrix.Matrix, chosen []Interconnection) (*matrix.Matrix, error) {
	d := m.Draft()
	for _, c := range chosen {
		for _, p := range c.Parties {
			addParty(d, p)
		}
	}
	return d.Matrix()
}

func addParty(d *matrix.Draft, p Party) {
	if hasComponent(d, p.ID) {
		return
	}
	endpoint := matrix.Endpoint{ID: p.ID, Name: p.Name, Kind: p.Kind}
	if p.Kind == matrix.Host {
		c := matrix.Component{ID: p.ID, Name: p.Name, Host: p.ID}
		if p.Host != "" {
			c.Host = p.Host
			endpoint = matrix.Endpoint{ID: p.Host, Name: p.Host, Kind: p.Kind}
		}
		if !p.Ports.IsEmpty() {
			c.Offers = []matrix.Offer{{Ports: p.Ports}}
		}
		d.Components = append(d.Components, c)
	}
	i := slices.IndexFunc(d.Endpoints, func(e matrix.Endpoint) bool { return e.ID == endpoint.ID })
	switch {
	case i < 0:
		d.Endpoints = append(d.Endpoints, endpoint)
	case p.Kind == matrix.Host:
		d.Endpoints[i].Kind = matrix.Host
	}
}
