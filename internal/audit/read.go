package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// wanted is a rule that is wanted, read.
type wanted struct {
	Expected
	rule    cloud.Rule
	known   bool
	content string // spells the packets
}

// found is a rule that is there, read.
type found struct {
	id      string
	rule    cloud.Rule
	known   bool
	content string
	place   Place
}

// reading is both sides, read, each in an order that does not depend on the
// input's.
type reading struct {
	wanted []wanted
	found  []found
}

// read reads both sides. Groups have addresses of IPv6 where a prefix of either
// side, or a setting, says so.
func read(in Input) (reading, error) {
	r := &rowReader{cloud: in.Cloud, world: cloud.World{Addresses: in.Settings.Addresses, IPv6: in.Settings.Families == BothFamilies}}
	var read reading
	read.wanted = make([]wanted, 0, len(in.Expected))
	read.found = make([]found, 0, len(in.Actual))
	for _, e := range in.Expected {
		rule, known := r.wanted(e)
		read.wanted = append(read.wanted, wanted{e, rule, known, rule.Packets.String()})
	}
	for i, a := range in.Actual {
		rule, known := r.found(i, a)
		read.found = append(read.found, found{rule.ID, rule, known, rule.Packets.String(), a.Place})
		if !hasAtom(rule) { // it is not read again
			in.Actual[i].Row = nil
		}
	}
	if in.Settings.Families == MentionedFamilies && read.mentionsIPv6() {
		r.world.IPv6 = true
		for i := range read.wanted {
			if w := &read.wanted[i]; hasAtom(w.rule) {
				w.rule, _ = r.wanted(w.Expected)
				w.content = w.rule.Packets.String()
			}
		}
		for i := range read.found {
			if f := &read.found[i]; hasAtom(f.rule) {
				f.rule, _ = r.found(i, in.Actual[i])
				f.content = f.rule.Packets.String()
			}
		}
	}
	slices.SortStableFunc(read.wanted, func(a, b wanted) int {
		return cmp.Or(strings.Compare(string(a.Direction), string(b.Direction)), strings.Compare(a.Key, b.Key))
	})
	read.dropRepeated()
	read.nameFound()
	return read, r.errs.Err()
}

// rowReader reads rows of both sides, and collects what is wrong with them.
type rowReader struct {
	cloud cloud.Cloud
	world cloud.World
	errs  refusal.Errors
}

// wanted reads a row as a state has it: what is wanted is written for Terraform,
// where a zero may be nothing.
func (r *rowReader) wanted(e Expected) (rule cloud.Rule, known bool) {
	at := func() refusal.Path { return refusal.At("expected").Attribute(string(e.Direction)).Key(e.Key) }
	rule, known = r.row(e.Row, e.Direction, true, at)
	if known && len(rule.Groups) == 0 {
		r.errs.Add(&refusal.Error{
			At: at(), Summary: "Not what a rules function returned", Found: "the rule is attached to no group, tag or account, which is every machine: the function attaches each to its host",
			Remedy: "Give the whole result as the function returned it",
		})
	}
	return rule, known
}

func (r *rowReader) found(i int, a Actual) (rule cloud.Rule, known bool) {
	return r.row(a.Row, a.Direction, a.State, func() refusal.Path { return refusal.At("actual").Index(i) })
}

func (r *rowReader) row(row cloud.Row, direction cloud.Direction, ofState bool, at func() refusal.Path) (rule cloud.Rule, known bool) {
	world := r.world
	world.StateZeros = ofState
	rule, known, err := r.cloud.Read(row, direction, world)
	if err != nil {
		merge(&r.errs, at(), err)
	}
	return rule, known
}

// hasAtom reports whether the rule names a group, a tag or an account whose
// addresses are not known.
func hasAtom(rule cloud.Rule) bool {
	return slices.ContainsFunc(rule.Packets.Peers, func(p packet.Peer) bool {
		_, ok := p.Atom()
		return ok
	})
}

// merge adds errors of a row, at the place where it stands.
func merge(errs *refusal.Errors, at refusal.Path, err error) {
	var row refusal.Errors
	row.Merge(err)
	for _, e := range row.All() {
		path := at
		for _, step := range e.At.Steps() {
			switch step.Kind {
			case refusal.AttributeStep:
				path = path.Attribute(step.Name)
			case refusal.KeyStep:
				path = path.Key(step.Name)
			case refusal.IndexStep:
				path = path.Index(step.Index)
			}
		}
		moved := *e
		moved.At = path
		errs.Add(&moved)
	}
}

// dropRepeated drops a rule that stands there twice: under one id, or once with an
// id and once without, as in a state that has a security group beside the rules of
// it. Rules of different ids stay, whatever they have in common.
func (r *reading) dropRepeated() {
	r.sharePlaces()
	first := make(map[string]*found, len(r.found)) // by id: nearly always the only one
	for i := range r.found {
		if f := &r.found[i]; f.known && f.rule.ID != "" && first[f.rule.ID] == nil {
			first[f.rule.ID] = f
		}
	}
	withID := make(map[sameness]bool)
	if len(first) < len(r.found) { // else each has an id of its own
		for i := range r.found {
			if f := &r.found[i]; f.known && f.rule.ID != "" {
				withID[f.sameness("")] = true
			}
		}
	}
	seen, repeated := make(map[sameness]bool), make(map[*found]bool)
	for i := range r.found {
		f := &r.found[i]
		if !f.known || first[f.rule.ID] == f {
			continue
		}
		same := f.sameness(f.rule.ID)
		repeated[f] = seen[same] || f.rule.ID == "" && withID[same] || f.rule.ID != "" && first[f.rule.ID].sameness(f.rule.ID) == same
		seen[same] = true
	}
	kept := 0
	for i := range r.found {
		if !repeated[&r.found[i]] {
			r.found[kept] = r.found[i]
			kept++
		}
	}
	clear(r.found[kept:])
	r.found = r.found[:kept]
}

// lines spells what a rule does.
func (f *found) lines() []string {
	var lines []string
	for peer, ports := range f.rule.Packets.All() {
		lines = append(lines, peer.String()+" "+spellPorts(ports))
	}
	return lines
}

// sharePlaces gives what stands there twice the place that one of them has: of
// several, the first by its name.
func (r *reading) sharePlaces() {
	places := make(map[sameness]Place)
	for i := range r.found {
		f := &r.found[i]
		if f.place == (Place{}) || !f.known {
			continue
		}
		same := f.sameness(f.rule.ID)
		if place, ok := places[same]; !ok || f.place.String() < place.String() {
			places[same] = f.place
		}
	}
	if len(places) == 0 {
		return
	}
	for i := range r.found {
		if place, ok := places[r.found[i].sameness(r.found[i].rule.ID)]; ok {
			r.found[i].place = place
		}
	}
}

// sameness is what a rule does and at whom, and perhaps an id.
type sameness struct {
	id, groups, content string
	direction           cloud.Direction
	deny, everywhere    bool
	priority            int
}

func (f *found) sameness(id string) sameness {
	return sameness{id, groupsOf(f.rule), f.content, f.rule.Direction, f.rule.Deny, f.rule.Everywhere, f.rule.Priority}
}

// groupsOf spells the groups that a rule is attached to.
func groupsOf(rule cloud.Rule) string {
	if rule.Within != "" {
		return rule.Within + ": " + strings.Join(rule.Groups, "+")
	}
	if len(rule.Groups) == 1 { // nearly always
		return rule.Groups[0]
	}
	return strings.Join(rule.Groups, "+")
}

// nameFound gives rules without an id one of what they say, GROUP/direction/content,
// and sorts all by their ids.
func (r *reading) nameFound() {
	for i := range r.found {
		f := &r.found[i]
		if f.id == "" && f.known {
			groups := groupsOf(f.rule)
			if f.rule.Everywhere {
				groups = "*"
			}
			f.id = groups + "/" + string(f.rule.Direction) + "/" + strings.Join(f.lines(), ", ")
		}
	}
	slices.SortStableFunc(r.found, func(a, b found) int {
		return cmp.Or(strings.Compare(a.id, b.id), strings.Compare(a.content, b.content), strings.Compare(groupsOf(a.rule), groupsOf(b.rule)))
	})
	last, times := "", 0
	for i := range r.found {
		f := &r.found[i]
		if times++; f.id != last {
			last, times = f.id, 1
		}
		if times > 1 && f.known {
			f.id += "#" + strconv.Itoa(times)
		}
	}
}

func (r *reading) mentionsIPv6() bool {
	in := func(rule cloud.Rule) bool {
		return rule.IPv6 || slices.ContainsFunc(rule.Packets.Peers, func(p packet.Peer) bool { // of a list's entries
			_, ok := p.Prefix()
			return ok && p.Is6()
		})
	}
	return slices.ContainsFunc(r.wanted, func(w wanted) bool { return in(w.rule) }) ||
		slices.ContainsFunc(r.found, func(f found) bool { return in(f.rule) })
}

// writeLists is the line to write where the entries of lists would decide.
func writeLists(lists []string) string {
	slices.Sort(lists)
	var lines []string
	for _, list := range slices.Compact(lists) {
		lines = append(lines, fmt.Sprintf("%q = [...]", list))
	}
	return "settings.prefix_lists = { " + strings.Join(lines, ", ") + " }"
}
