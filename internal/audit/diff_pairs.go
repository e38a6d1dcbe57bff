package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// pair notes which closed and which opened rules belong together.
func (d *Diff) pair() {
	taken := make(map[string]bool) // keys, those that are closed and those that are opened apart
	const closed, opened = "-", "+"
	for _, end := range []string{"destination", "source"} {
		places := make(map[string][]string) // what is opened, by what has to be equal
		for _, key := range slices.Sorted(maps.Keys(d.Opened)) {
			place := staying(d.Opened[key].Opening, end)
			places[place] = append(places[place], key)
		}
		for _, key := range slices.Sorted(maps.Keys(d.Closed)) {
			was := d.Closed[key].Opening
			i := slices.IndexFunc(places[staying(was, end)], func(key string) bool { return !taken[opened+key] })
			if i < 0 || taken[closed+key] {
				continue
			}
			to := d.Opened[places[staying(was, end)][i]].Opening
			m := Move{Closed: key, Opened: to.Key, Component: was.Component, Ports: was.SpellPorts(), End: end, From: was.Destination, To: to.Destination, Other: was.Source}
			if end == "source" {
				m.From, m.To, m.Other = was.Source, to.Source, was.Destination
			}
			if m.From == m.To { // the same rule, of which a part of the packets goes
				continue
			}
			taken[closed+key], taken[opened+to.Key] = true, true
			d.Moved = append(d.Moved, m)
		}
	}
	d.pairPorts(func(key string) bool { return taken[closed+key] }, func(key string) bool { return taken[opened+key] })
}

// staying spells what a rule that moves keeps.
func staying(o Opening, end string) string {
	other := o.Source
	if end == "source" {
		other = o.Destination
	}
	return strings.Join([]string{other, o.Component, o.SpellPorts()}, "\x00")
}

// pairPorts notes other ports of one component between the same ends.
func (d *Diff) pairPorts(isClosed, isOpened func(key string) bool) {
	changes := make(map[string]*PortChange)
	at := func(o Opening) *PortChange {
		key := strings.Join([]string{o.Source, o.Destination, o.Component}, "\x00")
		if changes[key] == nil {
			changes[key] = &PortChange{Source: o.Source, Destination: o.Destination, Component: o.Component}
		}
		return changes[key]
	}
	for _, key := range slices.Sorted(maps.Keys(d.Closed)) {
		if o := d.Closed[key].Opening; !isClosed(key) {
			c := at(o)
			c.Closed, c.From, c.Erratum = append(c.Closed, key), append(c.From, o.SpellPorts()), o.Erratum
		}
	}
	for _, key := range slices.Sorted(maps.Keys(d.Opened)) {
		if o := d.Opened[key].Opening; !isOpened(key) {
			c := at(o)
			c.Opened, c.To = append(c.Opened, key), append(c.To, o.SpellPorts())
			if c.Erratum == "" {
				c.Erratum = o.Erratum
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(changes)) {
		if c := changes[key]; len(c.Closed) > 0 && len(c.Opened) > 0 {
			d.Changed = append(d.Changed, *c)
		}
	}
}

// ends notes the endpoints and hosts that one side alone names.
func (d *Diff) ends(from, to Side) {
	before, hostsBefore := endsOf(from)
	after, hostsAfter := endsOf(to)
	d.OnlyFrom, d.OnlyTo = without(before, after), without(after, before)
	d.HostsFrom, d.HostsTo = without(hostsBefore, hostsAfter), without(hostsAfter, hostsBefore)
}

// endsOf returns the endpoints that rules name, and those that are hosts. As the
// purposes say, whoever has flows into an installation is not one, and neither is
// whoever it has flows out to.
func endsOf(side Side) (all, hosts map[string]bool) {
	all, hosts = make(map[string]bool), make(map[string]bool)
	for _, id := range side.Hosts {
		all[id], hosts[id] = true, true
	}
	for _, o := range side.Openings {
		all[o.Source], all[o.Destination] = true, true
		switch o.Purpose {
		case "user_access", "administration", "events":
			hosts[o.Destination] = true
		case "external", "installation":
			hosts[o.Source] = true
		case "internal":
			hosts[o.Source], hosts[o.Destination] = true, true
		}
	}
	return all, hosts
}

func without(names, others map[string]bool) []string {
	var alone []string
	for name := range names {
		if !others[name] {
			alone = append(alone, name)
		}
	}
	slices.Sort(alone)
	return alone
}

// summarize says in a sentence how many rules differ.
func (d *Diff) summarize() {
	if d.Equal {
		rules := "rules"
		if len(d.Unchanged) == 1 {
			rules = "rule"
		}
		d.Summary = fmt.Sprintf("Nothing changes: %d %s on both sides.", len(d.Unchanged), rules)
		return
	}
	d.Summary = fmt.Sprintf("%d opened, %d closed, %d unchanged.", len(d.Opened), len(d.Closed), len(d.Unchanged))
	if len(d.HostsTo) > 0 {
		d.Summary += " New hosts: " + strings.Join(d.HostsTo, ", ") + "."
	}
	if len(d.HostsFrom) > 0 {
		d.Summary += " Hosts that go: " + strings.Join(d.HostsFrom, ", ") + "."
	}
	if n := len(d.Moved); n > 0 {
		d.Summary += fmt.Sprintf(" Of the closed rules, %d move to another end.", n)
	}
}
