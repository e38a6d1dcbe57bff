package deployment

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// ChoiceKind tells the kinds of choices apart, in the words that users read.
type ChoiceKind string

// The kinds of choices that a page offers.
const (
	Or       ChoiceKind = "alternative" // "Redis ou Redis Sentinel": the first is the default
	Labelled ChoiceKind = "labelled"    // "(installation via Docker) ou (via paquets)": no default
	Optional ChoiceKind = "optional"    // "(optionnel)": closed by default
)

// Choice is one place where the page offers a choice, and what was taken.
type Choice struct {
	ID        string
	Kind      ChoiceKind
	Options   []string // in the page's order
	Taken     []string // in the page's order; empty for an optional one that stays closed
	ByDefault bool     // nobody named any of the options
}

// openOptions opens what is named, and the first option where none of an
// alternative is. What stays closed is no longer in the matrix: its flows, and
// components that only a closed option would have run.
func (b *builder) openOptions() *matrix.Draft {
	choices := choicesOf(b.m)
	b.checkOptions(choices)
	taken := make(map[string][]string, len(choices)) // by choice
	for i := range choices {
		c := &choices[i]
		c.Taken = slices.DeleteFunc(slices.Clone(c.Options), func(option string) bool { return !slices.Contains(b.choices.Options, option) })
		c.ByDefault = len(c.Taken) == 0
		switch {
		case c.ByDefault && c.Kind == Labelled:
			b.errs.Add(missingLabel(b.m, *c))
			c.Taken = c.Options // for the other steps to go on with
		case c.ByDefault && c.Kind == Or:
			c.Taken = c.Options[:1:1]
		}
		taken[c.ID] = c.Taken
	}
	chosen := make(map[string][]string) // by choice, what was named
	for _, c := range choices {
		if !c.ByDefault {
			chosen[c.ID] = c.Taken
		}
	}
	for _, err := range missingOptions(b.m, chosen) {
		b.errs.Add(err)
	}
	b.alternatives = choices
	return b.open(taken)
}

// choicesOf lists the alternatives and what is optional.
func choicesOf(m *matrix.Matrix) []Choice {
	var choices []Choice
	for a := range m.Alternatives() {
		kind := Or
		if a.Labelled {
			kind = Labelled
		}
		choices = append(choices, Choice{ID: a.ID, Kind: kind, Options: a.Options})
	}
	optional := func(component string) {
		if !slices.ContainsFunc(choices, func(c Choice) bool { return c.ID == component }) {
			choices = append(choices, Choice{ID: component, Kind: Optional, Options: []string{component}})
		}
	}
	for c := range m.Components() {
		if c.Optional {
			optional(c.ID)
		}
	}
	for f := range m.Flows() {
		if f.Optional {
			optional(f.Component)
		}
	}
	slices.SortFunc(choices, func(a, b Choice) int { return cmp.Compare(a.ID, b.ID) })
	return choices
}

func (b *builder) checkOptions(choices []Choice) {
	var known []string
	for _, c := range choices {
		known = append(known, c.Options...)
	}
	known = append(known, edition.MethodWords(b.choices.Release)...)
	for _, name := range slices.Sorted(slices.Values(b.choices.Options)) {
		if slices.Contains(known, name) {
			continue
		}
		err := unknown(refusal.At("options"), name, "an option of this edition", known)
		switch {
		case name == "docker" || name == "packages" || name == "helm":
			err.Remedy = "This edition does not ask how Canopsis was installed: leave it out, and write the ports of yours where they differ, as in component_ports = { nginx = [\"tcp/443\"] }"
		case len(known) == 0:
			err.Remedy = "This edition has no options: leave the argument out"
		}
		b.errs.Add(err)
	}
}

// missingOptions returns an error for each choice of a row that lacks an option
// which was taken, though the port list has it for the same component: the row
// would close in silence.
func missingOptions(m *matrix.Matrix, taken map[string][]string) []*refusal.Error {
	type choice struct{ source, destination, component, alternative string }
	offered := make(map[choice][]string)
	for f := range m.Flows() {
		if f.Alternative != "" {
			c := choice{m.EndpointAt(f.Source), m.EndpointAt(f.Destination), f.Component, f.Alternative}
			offered[c] = append(offered[c], f.Option)
		}
	}
	var errs []*refusal.Error
	for c, options := range offered {
		component, _ := m.Component(c.component)
		for _, name := range taken[c.alternative] {
			if slices.Contains(options, name) || !slices.ContainsFunc(component.Offers, func(o matrix.Offer) bool { return o.Option == name }) {
				continue
			}
			slices.Sort(options)
			errs = append(errs, &refusal.Error{
				At:      refusal.At("options"),
				Summary: "Option that a row lacks",
				Found: fmt.Sprintf("the port list has %s of %s, and the row from %s to %s offers %s alone: it would open nothing",
					name, c.component, c.source, c.destination, strings.Join(slices.Compact(options), " and ")),
				Remedy: "Correct the row in the page, or name another option",
			})
		}
	}
	slices.SortFunc(errs, func(a, b *refusal.Error) int { return cmp.Compare(a.Found, b.Found) })
	return errs
}

// missingLabel words that a labelled choice, such as the installation method, has
// no default, and what each of its options would open.
func missingLabel(m *matrix.Matrix, c Choice) *refusal.Error {
	opens := make([]string, 0, len(c.Options))
	lines := make([]string, 0, len(c.Options))
	for _, option := range c.Options {
		opens = append(opens, fmt.Sprintf("%q (%s)", option, strings.Join(opensUnder(m, option), ", ")))
		lines = append(lines, fmt.Sprintf("options = [%q]", option))
	}
	summary, found := "Missing installation method", "ports depend on how Canopsis was installed, and no option says how"
	if !isMethodChoice(c) {
		summary, found = "Missing choice", "the page labels ports with "+strings.Join(c.Options, " and ")+", and no option says which are yours"
	}
	return &refusal.Error{
		At:      refusal.At("options"),
		Summary: summary,
		Found:   found,
		Allowed: strings.Join(opens, " or "),
		Remedy:  "Write " + strings.Join(lines, " or ") + ", beside your other options",
	}
}

// isMethodChoice reports whether a choice is between installation methods.
func isMethodChoice(c Choice) bool {
	return !slices.ContainsFunc(c.Options, func(option string) bool { return option != "docker" && option != "packages" && option != "helm" })
}

// opensUnder spells the ports that the page, in its port list or in a row, gives
// for one installation method: "nginx on tcp/80 and tcp/443".
func opensUnder(m *matrix.Matrix, option string) []string {
	ports := make(map[string]matrix.Ports) // by component
	for c := range m.Components() {
		for _, offer := range c.Offers {
			if offer.Option == option {
				ports[c.ID] = ports[c.ID].Union(offer.Ports)
			}
		}
	}
	for f := range m.Flows() {
		if f.Option == option {
			ports[f.Component] = ports[f.Component].Union(f.Ports)
		}
	}
	var spelled []string
	for _, id := range slices.Sorted(maps.Keys(ports)) {
		spelled = append(spelled, id+" on "+strings.ReplaceAll(ports[id].String(), ", ", " and "))
	}
	return spelled
}

// open removes what stays closed and forgets what was open to choice.
func (b *builder) open(taken map[string][]string) *matrix.Draft {
	d, named := b.m.Draft(), b.choices.Options
	options := make(map[string]bool) // every option that is open, for the port list
	for _, names := range taken {
		for _, name := range names {
			options[name] = true
		}
	}
	optional := make(map[string]bool) // components that the port list marks so
	for _, c := range d.Components {
		optional[c.ID] = c.Optional
	}
	reached := make(map[string]bool)
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		closed := f.Alternative != "" && !slices.Contains(taken[f.Alternative], f.Option) ||
			(f.Optional || optional[f.Component]) && !slices.Contains(named, f.Component)
		if !closed && f.Origin == matrix.Published {
			reached[f.Component] = true
		}
		return closed
	})
	runs := make(map[string]bool)
	d.Components = slices.DeleteFunc(d.Components, func(c matrix.Component) bool {
		mandatory := (c.Listed && !c.Optional) || c.IsProcess() || edition.IsConnector(c.ID) || b.known.own[c.ID]
		runs[c.ID] = mandatory || reached[c.ID] || slices.Contains(named, c.ID)
		return !runs[c.ID]
	})
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool { return !placeRuns(f.Source, runs) || !placeRuns(f.Destination, runs) })
	for i := range d.Flows {
		d.Flows[i].Alternative, d.Flows[i].Option = "", ""
	}
	for i := range d.Components {
		var ports matrix.Ports
		for _, offer := range d.Components[i].Offers {
			if offer.Option == "" || options[offer.Option] {
				ports = ports.Union(offer.Ports)
			}
		}
		if len(d.Components[i].Offers) > 0 {
			d.Components[i].Offers = []matrix.Offer{{Ports: ports}}
		}
	}
	d.Alternatives = nil
	return d
}

func placeRuns(place matrix.Place, runs map[string]bool) bool {
	component, ok := place.Component()
	return !ok || runs[component]
}
