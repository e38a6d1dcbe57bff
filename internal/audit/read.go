package audit

import (
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
	world := cloud.World{Addresses: in.Settings.Addresses, IPv6: in.Settings.IPv6, StateZeros: in.Settings.StateZeros}
	r, err := readIn(in, world)
	if err != nil || world.IPv6 || !r.mentionsIPv6() {
		return r, err
	}
	world.IPv6 = true
	return readIn(in, world)
}

func readIn(in Input, world cloud.World) (reading, error) {
	var r reading
	var errs refusal.Errors
	for _, e := range in.Expected {
		// What our own provider writes has no zeros that are nothing.
		rule, known, err := in.Cloud.Read(e.Row, e.Direction, world)
		merge(&errs, refusal.At("expected").Attribute(string(e.Direction)).Key(e.Key), err)
		r.wanted = append(r.wanted, wanted{e, rule, known, packet.New(rule.Packets).String()})
	}
	for i, a := range in.Actual {
		rule, known, err := in.Cloud.Read(a.Row, a.Direction, world)
		merge(&errs, refusal.At("actual").Index(i), err)
		r.found = append(r.found, found{rule.ID, rule, known, packet.New(rule.Packets).String()})
	}
	slices.SortStableFunc(r.wanted, func(a, b wanted) int {
		return strings.Compare(string(a.Direction)+a.Key, string(b.Direction)+b.Key)
	})
	r.nameFound()
	return r, errs.Err()
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

// nameFound gives rules without an id one of what they say, GROUP/direction/content,
// and sorts all by their ids.
func (r *reading) nameFound() {
	for i := range r.found {
		f := &r.found[i]
		if f.id == "" && f.known {
			groups := strings.Join(f.rule.Groups, "+")
			if f.rule.Everywhere {
				groups = "*"
			}
			f.id = groups + "/" + string(f.rule.Direction) + "/" + strings.ReplaceAll(strings.TrimSpace(f.content), "\n", ", ")
		}
	}
	slices.SortStableFunc(r.found, func(a, b found) int {
		if order := strings.Compare(a.id, b.id); order != 0 {
			return order
		}
		return strings.Compare(a.content, b.content)
	})
	seen := make(map[string]int)
	for i := range r.found {
		f := &r.found[i]
		if seen[f.id]++; seen[f.id] > 1 && f.known {
			f.id += "#" + strconv.Itoa(seen[f.id])
		}
	}
}

func (r *reading) mentionsIPv6() bool {
	in := func(rule cloud.Rule) bool {
		return slices.ContainsFunc(rule.Packets.Peers, func(p packet.Peer) bool {
			_, ok := p.Prefix()
			return ok && p.Is6()
		})
	}
	return slices.ContainsFunc(r.wanted, func(w wanted) bool { return in(w.rule) }) ||
		slices.ContainsFunc(r.found, func(f found) bool { return in(f.rule) })
}

// spell spells what a difference lacks.
func spell(d packet.Difference) []string {
	var texts []string
	for _, r := range d.Remainders {
		texts = append(texts, r.String())
	}
	if d.More {
		texts = append(texts, "and more")
	}
	return texts
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
