package audit

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// mostBy is how many rules are named that let another through.
const mostBy = 8

// Run compares what is there with what is wanted. It uses up the rows of Actual, for
// which there is no room beside what is made of them. The error is an
// *refusal.Errors, about rows that cannot be read.
func Run(in Input) (*Result, error) {
	r, err := read(in)
	if err != nil {
		return nil, err
	}
	in.Actual = nil
	result := &Result{
		Limits:    limits[in.Cloud.Name],
		Expected:  make(map[cloud.Direction]map[string]Wanted),
		Actual:    make(map[string]*Found),
		Undecided: make(map[string]string),
		Counts:    make(map[Status]int),
		Adopt:     make(map[cloud.Direction]map[string]string),
	}
	directions := in.Settings.Directions
	if directions == nil {
		directions = []cloud.Direction{cloud.Ingress, cloud.Egress}
	}
	unread := slices.ContainsFunc(r.found, func(f found) bool { return !f.known })
	var moves []move
	for _, direction := range directions {
		j := &judge{in: in, reading: r, direction: direction, hosts: hostsOf(in, r, direction), unread: unread, result: result, equal: make(map[string]int)}
		j.judgeWanted()
		j.judgeFound()
		j.judgeDefault()
		j.pair()
		j.adopt()
		moves = append(moves, j.moves...)
	}
	for i := range r.found {
		if !r.found[i].known {
			result.Counts[Unknown]++
		}
	}
	result.Moved = movedBlocks(settle(moves, r.found))
	result.conclude()
	return result, nil
}

// judge decides about one direction.
type judge struct {
	in        Input
	reading   reading
	direction cloud.Direction
	hosts     []*host
	unread    bool // a rule that is there is not known yet
	result    *Result
	moves     []move
	equal     map[string]int // the found rule that is equal to a wanted one, by its key
}

func (j *judge) judgeWanted() {
	statuses := make(map[string]Wanted)
	j.result.Expected[j.direction] = statuses
	for _, h := range j.hosts {
		j.noteUnseen(h)
		lacking := make(map[int]packet.Difference)
		rules := make([]packet.Rule, 0, len(h.wanted))
		for _, i := range h.wanted {
			rules = append(rules, j.reading.wanted[i].rule.Packets)
		}
		for _, d := range h.passes.Attribute(rules) {
			lacking[h.wanted[d.Rule]] = d
		}
		ranking, byDefault := j.rankingOf(h), j.defaultOf(h)
		for _, i := range h.wanted {
			w := &j.reading.wanted[i]
			d, lacks := lacking[i]
			verdict := j.verdict(h, w, d, lacks)
			verdict.Flows = w.Flows
			if verdict.Status == Covered || verdict.Status == Partial {
				for _, n := range ranking().By(w.rule.Packets, mostBy) {
					verdict.By = append(verdict.By, j.reading.found[h.found[n]].id)
				}
				if len(verdict.By) < mostBy && byDefault(w.rule.Packets) {
					verdict.By = append(verdict.By, h.defaultID())
				}
			}
			statuses[w.Key] = verdict
			j.result.Counts[verdict.Status]++
		}
		h.passes, h.doubtful = packet.Set{}, packet.Set{} // large, and of no use any more
	}
}

// rankingOf returns what ranks the rules that are there at a host, made when it is
// first asked for.
func (j *judge) rankingOf(h *host) func() packet.Ranking {
	return sync.OnceValue(func() packet.Ranking { return packet.NewRanking(j.allowedAt(h)) })
}

// allowedAt returns what each rule at a host allows: of one that denies, nothing.
func (j *judge) allowedAt(h *host) []packet.Rule {
	allowed := make([]packet.Rule, len(h.found))
	for n, i := range h.found {
		if f := &j.reading.found[i]; !f.rule.Deny {
			allowed[n] = f.rule.Packets
		}
	}
	return allowed
}

// defaultOf returns what reports whether the cloud lets packets of a rule pass that no
// rule at a host decides.
func (j *judge) defaultOf(h *host) func(rule packet.Rule) bool {
	open, ok := j.in.Cloud.DefaultFor(j.direction, len(h.found) > 0)
	if !ok {
		return func(packet.Rule) bool { return false }
	}
	decided := sync.OnceValue(func() packet.Set { return packet.New(j.allowedAt(h)...).Union(h.closed(open.Priority)) })
	passes := packet.New(open.Packets)
	return func(rule packet.Rule) bool {
		return !packet.New(rule).Intersect(passes).IsSubset(decided())
	}
}

// defaultID names what the cloud lets pass at a host where no rule decides.
func (h *host) defaultID() string {
	return strings.Join(h.groups, "+") + "/" + string(h.direction) + "/default"
}

// noteUnseen notes a host whose group is not known, or that no rule mentions.
func (j *judge) noteUnseen(h *host) {
	switch {
	case len(h.groups) == 0 && h.unknownGroups:
	case len(h.groups) == 0 && len(h.wanted) == 0:
		j.result.Undecided[h.id] = fmt.Sprintf("no rule says which group it has: settings.groups = { %s = [...] }", h.id)
	case !h.mentioned && !h.given && !j.unread:
		j.result.Undecided[h.id] = fmt.Sprintf("nothing that is there mentions %s: read its rules, or, if it has none, write settings.groups = { %s = [%q] }",
			strings.Join(h.groups, ", "), h.id, h.groups[0])
	}
}

// verdict decides about a rule that is wanted, of which passes lacks d.
func (j *judge) verdict(h *host, w *wanted, d packet.Difference, lacks bool) Wanted {
	if !w.known {
		return Wanted{Status: Unknown}
	}
	if remedy, ok := j.result.Undecided[h.id]; ok {
		return Wanted{Status: Undecided, Remedy: remedy}
	}
	if !lacks {
		if equal := h.equal[spelling{groupsOf(w.rule), w.content}]; len(equal) > 0 {
			i := equal[0] // the first by id, or the one of the same name
			for _, other := range equal {
				if id := j.reading.found[other].rule.ID; id != "" && id == w.rule.ID {
					i = other
				}
			}
			j.equal[w.Key] = i
			return Wanted{Status: Present, By: []string{j.reading.found[i].id}}
		}
		if j.unread {
			return Wanted{Status: Unknown} // the rule that is not known yet may be equal
		}
		return Wanted{Status: Covered}
	}
	verdict := Wanted{Status: Partial, Missing: spell(d)}
	if d.Whole {
		verdict.Status = Missing
	}
	switch lists := couldDecide(w.rule, &h.listsFound, h.passes); {
	case j.unread:
		return Wanted{Status: Unknown}
	case !packet.New(w.rule.Packets).Intersect(h.doubtful).IsEmpty():
		verdict.Status, verdict.Remedy = Undecided, "a rule denies it to names whose addresses are not known"
	case lists != nil:
		verdict.Status, verdict.Remedy = Undecided, writeLists(lists)
	}
	return verdict
}

func (j *judge) judgeFound() {
	applies := make([][]*host, len(j.reading.found))
	for _, h := range j.hosts {
		for _, i := range h.found {
			applies[i] = append(applies[i], h)
		}
		h.compareFound(j.reading)
	}
	statuses := make([]Found, len(j.reading.found)) // those without a status are not of this direction
	for i := range j.reading.found {
		switch f := &j.reading.found[i]; {
		case !f.known || f.rule.Direction != j.direction:
		case len(applies[i]) == 0:
			j.result.Counts[Foreign]++
		default:
			statuses[i] = j.statusOf(i, f, applies[i])
		}
	}
	j.redundant(statuses, applies)
	j.serve(statuses, applies)
	for i := range statuses {
		switch found := &statuses[i]; found.Status {
		case Excess, Redundant, Undecided, Unknown:
			j.result.Actual[j.reading.found[i].id] = found
			j.result.Counts[found.Status]++
		case Matched, Within:
			j.result.Counts[found.Status]++
		case Present, Covered, Partial, Missing, Foreign:
		}
	}
}

// compareFound attributes what is not wanted to the rules that let it through.
func (h *host) compareFound(r reading) {
	byPriority := make(map[int][]int)
	for n, i := range h.found {
		priority := 0
		if len(h.denies) > 0 {
			priority = r.found[i].rule.Priority
		}
		byPriority[priority] = append(byPriority[priority], n)
	}
	h.lacks = make([]*packet.Difference, len(h.found))
	for priority, places := range byPriority {
		settled := h.target
		if len(h.denies) > 0 {
			settled = settled.Union(h.closed(priority))
		}
		rules := make([]packet.Rule, 0, len(places))
		for _, n := range places {
			rule := packet.Rule{}
			if f := &r.found[h.found[n]]; !f.rule.Deny {
				rule = f.rule.Packets
			}
			rules = append(rules, rule)
		}
		differences := settled.Attribute(rules)
		for i := range differences {
			d := &differences[i]
			if len(h.denies) > 0 && opensGroupsAlone(rules[d.Rule], settled) {
				continue
			}
			h.lacks[places[d.Rule]] = d
		}
	}
}

// opensGroupsAlone reports whether what a rule opens beyond the settled is nothing
// but groups that it does not name: it names every address, of which others are
// denied, and groups are among addresses.
func opensGroupsAlone(rule packet.Rule, settled packet.Set) bool {
	for peer := range packet.New(rule).Subtract(settled).All() {
		if _, ok := peer.Prefix(); ok || slices.Contains(rule.Peers, peer) {
			return false
		}
	}
	return true
}

// statusOf decides about a rule that is there and applies to hosts.
func (j *judge) statusOf(i int, f *found, hosts []*host) Found {
	status := Found{Status: Within, Direction: j.direction, Hosts: hosts[0].alone}
	for i, h := range hosts {
		if i > 0 {
			status.Hosts = append(slices.Clip(status.Hosts), h.id)
		}
		if !f.rule.Deny && h.asked[f.content] {
			status.Status = Matched
		}
	}
	for _, h := range hosts {
		d := h.beyond(i)
		if d == nil {
			continue
		}
		lists := couldDecide(f.rule, &h.listsWanted, h.target)
		switch {
		case h.unknownWanted:
			if status.Status != Excess && status.Status != Undecided {
				status.Status = Unknown
			}
		case lists != nil:
			if status.Status != Excess {
				status.Status, status.Remedy = Undecided, writeLists(lists)
			}
		default:
			status.Status = Excess
		}
		if status.Opens == nil {
			status.Opens = spell(*d)
		}
		d.Remainders = nil // they are spelt
	}
	return status
}

// judgeDefault finds hosts at which a cloud lets pass what no rule decides, and
// that is not wanted.
func (j *judge) judgeDefault() {
	for _, h := range j.hosts {
		open, ok := j.in.Cloud.DefaultFor(j.direction, len(h.found) > 0)
		if !ok {
			continue
		}
		if _, undecided := j.result.Undecided[h.id]; undecided || len(h.groups) == 0 {
			continue
		}
		d := h.target.Union(h.closed(open.Priority)).Attribute([]packet.Rule{open.Packets})
		if len(d) == 0 {
			continue
		}
		status := Found{Status: Excess, Hosts: []string{h.id}, Direction: j.direction, Opens: spell(d[0])}
		if h.unknownWanted || j.unread {
			status.Status = Unknown
		}
		j.result.Counts[status.Status]++
		j.result.Actual[h.defaultID()] = &status
	}
}

// adopt notes rules that are there and equal to one that is wanted: what an import
// takes, and what is to be moved where a state has it under another key. A rule is
// noted once, and of what claims to be one rule and is two, none.
func (j *judge) adopt() {
	adopted := make(map[string]string)
	if j.in.Cloud.OpensUnselected() { // what is imported is a policy, of several rules
		j.result.Adopt[j.direction] = adopted
		return
	}
	claimed := make(map[string]int, len(j.equal))
	for _, i := range j.equal {
		claimed[j.reading.found[i].rule.Import] = 0
	}
	for i := range j.reading.found {
		if n, ok := claimed[j.reading.found[i].rule.Import]; ok {
			claimed[j.reading.found[i].rule.Import] = n + 1
		}
	}
	taken := make(map[int]bool)
	for _, w := range j.reading.wanted {
		i, ok := j.equal[w.Key]
		if w.Direction != j.direction || !ok || taken[i] {
			continue
		}
		taken[i] = true
		f := &j.reading.found[i]
		if id := f.rule.Import; id != "" && claimed[id] == 1 && (!j.in.Cloud.NamesRules() || f.rule.ID == w.rule.ID) {
			adopted[w.Key] = id
		}
		j.move(f.place, w.Key)
	}
	j.result.Adopt[j.direction] = adopted
}
