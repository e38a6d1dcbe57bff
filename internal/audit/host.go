package audit

import (
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// host is one managed endpoint in one direction.
type host struct {
	id        string
	alone     []string // the id
	direction cloud.Direction
	groups    []string // sorted; empty: not known
	within    bool     // the groups in which rules that are wanted have the machines are among them
	given     bool     // settings name a group
	mentioned bool     // a rule that is there names one of its groups

	wanted []int // indexes of the reading, in its order
	found  []int

	target           packet.Set // what is wanted
	passes, doubtful packet.Set // what is let through, and what may be
	denies           []cloud.Rule
	unknownWanted    bool // a rule that is wanted is not known yet
	unknownGroups    bool // and with it, in either direction, perhaps its group
	listsWanted      openLists
	listsFound       openLists
	equal            map[spelling][]int   // found rules that allow, by what they spell
	asked            map[string]bool      // what rules that are wanted spell
	lacks            []*packet.Difference // what of each found rule is not wanted; nil: nothing
}

// spelling is what a rule lets pass and where, spelt.
type spelling struct{ groups, content string }

// beyond returns what of a found rule is not wanted here, or nil.
func (h *host) beyond(i int) *packet.Difference {
	if n, ok := slices.BinarySearch(h.found, i); ok {
		return h.lacks[n]
	}
	return nil
}

// wholly reports whether a found rule lets nothing pass that is wanted here.
func (h *host) wholly(i int) bool {
	d := h.beyond(i)
	return d != nil && d.Whole
}

// openLists are lists whose entries are not known, and the packets that they could
// be of.
type openLists struct {
	names []string
	rules []packet.Rule
	reach packet.Set // of the rules, once it was asked for
}

// hostsOf returns the hosts of one direction, sorted by id.
func hostsOf(in Input, r reading, direction cloud.Direction) []*host {
	byID := make(map[string]*host)
	at := func(id string) *host {
		if byID[id] == nil {
			byID[id] = &host{id: id, alone: []string{id}, direction: direction, asked: make(map[string]bool)}
		}
		return byID[id]
	}
	for _, id := range in.Hosts {
		at(id)
	}
	// A group is known by a rule of either direction.
	for i, w := range r.wanted {
		h := at(w.Host)
		if w.known {
			h.groups = append(h.groups, w.rule.Groups...)
			if w.rule.Within != "" {
				h.groups, h.within = append(h.groups, w.rule.Within), true
			}
		}
		h.unknownGroups = h.unknownGroups || !w.known
		if w.Direction == direction {
			h.wanted = append(h.wanted, i)
			h.unknownWanted = h.unknownWanted || !w.known
		}
	}
	for id, groups := range in.Settings.Groups {
		h := at(id)
		for _, group := range groups {
			h.groups = append(h.groups, in.Cloud.GroupName(group))
		}
		h.given = h.given || len(groups) > 0
	}
	hosts := make([]*host, 0, len(byID))
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		h := byID[id]
		slices.Sort(h.groups)
		h.groups = slices.Compact(h.groups)
		hosts = append(hosts, h)
	}
	attach(hosts, r, direction)
	for _, h := range hosts {
		h.mentioned = h.mentioned || slices.ContainsFunc(in.Groups, func(group string) bool { return slices.Contains(h.groups, group) })
		h.measure(in.Cloud, r)
	}
	return hosts
}

// attach gives every host the rules that apply to it.
func attach(hosts []*host, r reading, direction cloud.Direction) {
	byGroup := make(map[string][]*host)
	for _, h := range hosts {
		for _, group := range h.groups {
			byGroup[group] = append(byGroup[group], h)
		}
	}
	for i := range r.found {
		f := &r.found[i]
		if !f.known {
			continue
		}
		for _, peer := range f.rule.Packets.Peers {
			if name, ok := peer.Atom(); ok {
				for _, h := range byGroup[name] {
					h.mentioned = true
				}
			}
		}
		concerned := hosts
		if !f.rule.Everywhere {
			concerned = byGroup[f.rule.Groups[0]]
			for _, group := range f.rule.Groups[1:] {
				concerned = append(slices.Clip(concerned), byGroup[group]...)
			}
			if f.rule.Selector {
				concerned = slices.DeleteFunc(slices.Clone(hosts), func(h *host) bool { return !f.rule.Attached(h.groups...) })
			}
		}
		for _, h := range concerned {
			if f.rule.Within != "" && h.within && !slices.Contains(h.groups, f.rule.Within) {
				continue // of another group: it does nothing at this one
			}
			h.mentioned = true
			again := len(h.found) > 0 && h.found[len(h.found)-1] == i // by two of its groups
			if f.rule.Direction == direction && !again {
				h.found = append(h.found, i)
			}
		}
	}
}

// measure computes what is wanted at the host and what is let through.
func (h *host) measure(c cloud.Cloud, r reading) {
	want := make([]packet.Rule, 0, len(h.wanted))
	for _, i := range h.wanted {
		if w := &r.wanted[i]; w.known {
			want = append(want, w.rule.Packets)
			h.listsWanted.add(w.rule)
			h.asked[w.content] = true
		}
	}
	h.target = packet.New(want...)
	allow := make([]packet.Rule, 0, len(h.found))
	h.equal = make(map[spelling][]int, len(h.wanted))
	for _, i := range h.found {
		f := &r.found[i]
		if f.rule.Deny {
			h.denies = append(h.denies, f.rule)
			continue
		}
		allow = append(allow, f.rule.Packets)
		h.listsFound.add(f.rule)
		if h.asked[f.content] {
			at := spelling{groupsOf(f.rule), f.content}
			h.equal[at] = append(h.equal[at], i)
		}
	}
	if h.denies == nil {
		if open, ok := c.DefaultFor(h.direction, len(h.found) > 0); ok {
			allow = append(allow, open.Packets)
		}
		h.passes = packet.New(allow...)
		return
	}
	rules := make([]cloud.Rule, 0, len(h.found))
	for _, i := range h.found {
		rules = append(rules, r.found[i].rule)
	}
	h.passes, h.doubtful = c.Passes(rules, h.direction, h.groups...)
}

// closed returns what is denied before a rule of a priority could allow it.
func (h *host) closed(priority int) packet.Set {
	var before []packet.Rule
	for _, d := range h.denies {
		if d.Priority <= priority {
			before = append(before, d.Packets)
		}
	}
	return packet.New(before...)
}

// add notes what a rule's lists could be of.
func (l *openLists) add(r cloud.Rule) {
	if len(r.Lists) == 0 {
		return
	}
	l.names = append(l.names, r.Lists...)
	l.rules = append(l.rules, packet.Rule{Peers: []packet.Peer{cloud.Anyone(false), cloud.Anyone(true)}, Ports: r.Packets.Ports})
}

// overlaps reports whether a rule has packets that the lists could be of.
func (l *openLists) overlaps(rule packet.Rule) bool {
	if len(l.rules) == 0 {
		return false
	}
	if l.reach.IsEmpty() {
		l.reach = packet.New(l.rules...)
	}
	for peer, ports := range rule.All() {
		if l.reach.Overlaps(peer, ports) {
			return true
		}
	}
	return false
}

// couldDecide reports whether the lists could be of what a rule lets through, or
// the rule's own lists of what others do.
func couldDecide(rule cloud.Rule, lists *openLists, others packet.Set) []string {
	if lists.overlaps(rule.Packets) {
		return slices.Clone(lists.names)
	}
	if len(rule.Lists) == 0 {
		return nil
	}
	for _, ports := range rule.Packets.Ports {
		if others.Overlaps(cloud.Anyone(false), ports) || others.Overlaps(cloud.Anyone(true), ports) {
			return slices.Clone(rule.Lists)
		}
	}
	return nil
}
