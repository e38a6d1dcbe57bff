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
	world := cloud.World{Addresses: in.Settings.Addresses, IPv6: in.Settings.Families == BothFamilies}
	r, err := readIn(in, world)
	if err != nil || in.Settings.Families != MentionedFamilies || !r.mentionsIPv6() {
		return r, err
	}
	world.IPv6 = true
	return readIn(in, world)
}

func readIn(in Input, world cloud.World) (reading, error) {
	ofState := world
	ofState.StateZeros = true
	var r reading
	var errs refusal.Errors
	for _, e := range in.Expected {
		// What is wanted is written for Terraform, where a zero may be nothing.
		rule, known, err := in.Cloud.Read(e.Row, e.Direction, ofState)
		if err != nil {
			merge(&errs, refusal.At("expected").Attribute(string(e.Direction)).Key(e.Key), err)
		}
		r.wanted = append(r.wanted, wanted{e, rule, known, packet.New(rule.Packets).String()})
	}
	for i, a := range in.Actual {
		of := world
		if a.State {
			of = ofState
		}
		rule, known, err := in.Cloud.Read(a.Row, a.Direction, of)
		if err != nil {
			merge(&errs, refusal.At("actual").Index(i), err)
		}
		r.found = append(r.found, found{rule.ID, rule, known, packet.New(rule.Packets).String()})
	}
	slices.SortStableFunc(r.wanted, func(a, b wanted) int {
		return strings.Compare(string(a.Direction)+a.Key, string(b.Direction)+b.Key)
	})
	r.dropRepeated()
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

// dropRepeated drops a rule that stands there twice: under one id, or once with an
// id and once without, as in a state that has a security group beside the rules of
// it. Rules of different ids stay, whatever they have in common.
func (r *reading) dropRepeated() {
	withID := make(map[string]bool, len(r.found))
	for i := range r.found {
		if f := &r.found[i]; f.known && f.rule.ID != "" {
			withID[f.place()] = true
		}
	}
	seen := make(map[string]bool, len(r.found))
	r.found = slices.DeleteFunc(r.found, func(f found) bool {
		if !f.known {
			return false
		}
		place := f.place()
		again := seen[f.rule.ID+"\x00"+place]
		seen[f.rule.ID+"\x00"+place] = true
		return again || f.rule.ID == "" && withID[place]
	})
}

// lines spells what a rule does.
func (f *found) lines() []string {
	lines := strings.Split(strings.TrimSpace(f.content), "\n")
	for i, line := range lines {
		lines[i] = withNames(line)
	}
	return lines
}

// place spells what a rule does and at whom.
func (f *found) place() string {
	kind := "allow"
	if f.rule.Deny {
		kind = "deny"
	}
	return strings.Join([]string{kind, strconv.Itoa(f.rule.Priority), string(f.rule.Direction), strconv.FormatBool(f.rule.Everywhere), strings.Join(f.rule.Groups, "+"), f.content}, "\x00")
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
			f.id = groups + "/" + string(f.rule.Direction) + "/" + strings.Join(f.lines(), ", ")
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

// writeLists is the line to write where the entries of lists would decide.
func writeLists(lists []string) string {
	slices.Sort(lists)
	var lines []string
	for _, list := range slices.Compact(lists) {
		lines = append(lines, fmt.Sprintf("%q = [...]", list))
	}
	return "settings.prefix_lists = { " + strings.Join(lines, ", ") + " }"
}
