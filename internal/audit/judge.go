package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// mostBy is how many rules are named that let another through.
const mostBy = 8

// Run compares what is there with what is wanted. The error is an
// *refusal.Errors, about rows that cannot be read.
func Run(in Input) (*Result, error) {
	r, err := read(in)
	if err != nil {
		return nil, err
	}
	result := &Result{
		Limits:    limits[in.Cloud.Name],
		Expected:  make(map[cloud.Direction]map[string]Wanted),
		Actual:    make(map[string]Found),
		Undecided: make(map[string]string),
		Counts:    make(map[Status]int),
		Adopt:     make(map[cloud.Direction]map[string]string),
	}
	directions := in.Settings.Directions
	if directions == nil {
		directions = []cloud.Direction{cloud.Ingress, cloud.Egress}
	}
	unread := slices.ContainsFunc(r.found, func(f found) bool { return !f.known })
	for _, direction := range directions {
		j := &judge{in: in, reading: r, direction: direction, hosts: hostsOf(in, r, direction), unread: unread, result: result}
		j.judgeWanted()
		j.judgeFound()
		j.judgeDefault()
		j.pair()
		j.adopt()
	}
	for _, f := range r.found {
		if !f.known {
			result.Counts[Unknown]++
		}
	}
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
}

func (j *judge) judgeWanted() {
	statuses := make(map[string]Wanted)
	j.result.Expected[j.direction] = statuses
	for _, h := range j.hosts {
		j.noteUnseen(h)
		lacking := make(map[int]packet.Difference)
		var rules []packet.Rule
		var allow []packet.Rule
		for _, i := range h.wanted {
			rules = append(rules, j.reading.wanted[i].rule.Packets)
		}
		for _, i := range h.found {
			if f := j.reading.found[i]; !f.rule.Deny {
				allow = append(allow, f.rule.Packets)
			} else {
				allow = append(allow, packet.Rule{})
			}
		}
		for _, d := range h.passes.Attribute(rules) {
			lacking[h.wanted[d.Rule]] = d
		}
		ranking := packet.NewRanking(allow)
		for _, i := range h.wanted {
			w := j.reading.wanted[i]
			d, lacks := lacking[i]
			verdict := j.verdict(h, w, d, lacks)
			verdict.Flows = w.Flows
			if verdict.Status == Covered || verdict.Status == Partial {
				for _, n := range ranking.By(w.rule.Packets, mostBy) {
					verdict.By = append(verdict.By, j.reading.found[h.found[n]].id)
				}
			}
			statuses[w.Key] = verdict
			j.result.Counts[verdict.Status]++
		}
	}
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
func (j *judge) verdict(h *host, w wanted, d packet.Difference, lacks bool) Wanted {
	if !w.known {
		return Wanted{Status: Unknown}
	}
	if remedy, ok := j.result.Undecided[h.id]; ok {
		return Wanted{Status: Undecided, Remedy: remedy}
	}
	if !lacks {
		for _, i := range h.contents[w.content] {
			if f := j.reading.found[i]; slices.Equal(f.rule.Groups, w.rule.Groups) {
				return Wanted{Status: Present, By: []string{f.id}}
			}
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
	switch lists := couldDecide(w.rule, h.listsFound, h.passes); {
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
	applies := make(map[int][]*host)
	for _, h := range j.hosts {
		for _, i := range h.found {
			applies[i] = append(applies[i], h)
		}
		h.compareFound(j.reading)
	}
	statuses := make(map[int]Found)
	for i, f := range j.reading.found {
		switch {
		case !f.known || f.rule.Direction != j.direction:
			continue
		case len(applies[i]) == 0:
			j.result.Counts[Foreign]++
			continue
		}
		statuses[i] = j.statusOf(i, f, applies[i])
	}
	j.redundant(statuses, applies)
	j.serve(statuses, applies)
	for i, found := range statuses {
		j.result.Counts[found.Status]++
		switch found.Status {
		case Excess, Redundant, Undecided, Unknown:
			j.result.Actual[j.reading.found[i].id] = found
		case Present, Covered, Partial, Missing, Matched, Within, Foreign:
		}
	}
}

// compareFound attributes what is not wanted to the rules that let it through.
func (h *host) compareFound(r reading) {
	byPriority := make(map[int][]int)
	for _, i := range h.found {
		priority := 0
		if len(h.denies) > 0 {
			priority = r.found[i].rule.Priority
		}
		byPriority[priority] = append(byPriority[priority], i)
	}
	for priority, indexes := range byPriority {
		settled := h.target
		if len(h.denies) > 0 {
			settled = settled.Union(h.closed(priority))
		}
		rules := make([]packet.Rule, 0, len(indexes))
		for _, i := range indexes {
			rule := r.found[i].rule.Packets
			if r.found[i].rule.Deny {
				rule = packet.Rule{}
			}
			rules = append(rules, rule)
		}
		for _, d := range settled.Attribute(rules) {
			i := indexes[d.Rule]
			if len(h.denies) > 0 && opensGroupsAlone(r.found[i].rule.Packets, settled) {
				continue
			}
			h.differencesOfFound[i] = d
			h.wholly[i] = d.Whole
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
func (j *judge) statusOf(i int, f found, hosts []*host) Found {
	status := Found{Status: Within, Direction: j.direction}
	wantedHere := false
	for _, h := range hosts {
		status.Hosts = append(status.Hosts, h.id)
		wantedHere = wantedHere || !f.rule.Deny && h.asked[f.content]
	}
	if wantedHere {
		status.Status = Matched
	}
	for _, h := range hosts {
		d, ok := h.differencesOfFound[i]
		if !ok {
			continue
		}
		lists := couldDecide(f.rule, h.listsWanted, h.target)
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
			status.Opens = spell(d)
		}
	}
	return status
}

// judgeDefault finds hosts at which a cloud lets pass what no rule decides, and
// that is not wanted.
func (j *judge) judgeDefault() {
	open, ok := j.in.Cloud.Default(j.direction)
	if !ok {
		return
	}
	for _, h := range j.hosts {
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
		j.result.Actual[strings.Join(h.groups, "+")+"/"+string(j.direction)+"/default"] = status
	}
}

// adopt notes rules that are there and equal to one that is wanted: what an import
// takes. An id is noted once.
func (j *judge) adopt() {
	adopted := make(map[string]string)
	taken := make(map[string]bool)
	rules := make(map[string]cloud.Rule)
	for _, f := range j.reading.found {
		if f.known && f.rule.ID != "" {
			rules[f.id] = f.rule
		}
	}
	keys := j.result.Expected[j.direction]
	byKey := make(map[string]wanted)
	for _, w := range j.reading.wanted {
		if w.Direction == j.direction {
			byKey[w.Key] = w
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		w := keys[key]
		if w.Status != Present {
			continue
		}
		id := w.By[0]
		rule, ok := rules[id]
		sameName := j.in.Cloud.Name != "gcp" || rule.ID == byKey[key].rule.ID
		if ok && sameName && !taken[id] {
			adopted[key], taken[id] = id, true
		}
	}
	j.result.Adopt[j.direction] = adopted
}
