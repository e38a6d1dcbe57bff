package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// limits are what rules of a cloud cannot show.
var limits = map[string][]string{
	"aws": {
		"Network ACLs may drop what security groups let through.",
		"Other security groups of the same machines may let more through: settings.groups names them.",
	},
	"gcp": {
		"Hierarchical and network firewall policies are decided before or after these rules.",
		"Other tags and service accounts of the same machines may let more through: settings.groups names them.",
	},
	"openstack": {
		"Other security groups of the same ports may let more through: settings.groups names them.",
		"Ports without port security, and firewalls as a service, are not seen.",
	},
}

// Limits returns what rules of a cloud cannot show.
func Limits(c cloud.Cloud) []string { return slices.Clone(limits[c.Name]) }

// pair finds a rule that is wanted and wholly missing, and one that is there and
// wholly unwanted, at one host and for the same peers: other ports in their place.
func (j *judge) pair() {
	type place struct{ host, peers string }
	missing, excess := make(map[place][]wanted), make(map[place][]found)
	for _, h := range j.hosts {
		if h.unknownWanted || j.unread { // another one may belong to the pair
			continue
		}
		for _, i := range h.wanted {
			if w := j.reading.wanted[i]; j.result.Expected[j.direction][w.Key].Status == Missing {
				at := place{h.id, peersOf(w.rule)}
				missing[at] = append(missing[at], w)
			}
		}
		for _, i := range h.found {
			if f := j.reading.found[i]; h.wholly[i] && j.result.Actual[f.id].Status == Excess {
				at := place{h.id, peersOf(f.rule)}
				excess[at] = append(excess[at], f)
			}
		}
	}
	for at, rules := range missing {
		others := excess[at]
		if len(rules) != 1 || len(others) != 1 {
			continue
		}
		w, f := j.result.Expected[j.direction][rules[0].Key], j.result.Actual[others[0].id]
		w.Instead, f.InsteadOf = others[0].id, rules[0].Key
		for _, e := range j.in.Errata {
			if slices.Contains(rules[0].Flows, e.Flow) && slices.Contains(rules[0].rule.Packets.Ports, e.Right) && slices.Contains(others[0].rule.Packets.Ports, e.Published) {
				w.Erratum, f.Erratum = e.ID, e.ID
			}
		}
		j.result.Expected[j.direction][rules[0].Key], j.result.Actual[others[0].id] = w, f
	}
}

func peersOf(rule cloud.Rule) string {
	var texts []string
	for _, peer := range rule.Packets.Peers {
		texts = append(texts, peer.String())
	}
	slices.Sort(texts)
	return strings.Join(texts, ", ")
}

// conclude answers whether all is right, and says so in a paragraph.
func (r *Result) conclude() {
	faults := r.Counts[Missing] + r.Counts[Partial] + r.Counts[Excess] + r.Counts[Undecided] + len(r.Undecided)
	switch {
	case faults > 0:
		r.OK = No
	case r.Counts[Unknown] > 0:
		r.OK = NotKnown
	default:
		r.OK = Yes
	}
	var counts []string
	for _, status := range []Status{Missing, Partial, Excess, Undecided, Unknown, Redundant, Present, Covered, Matched, Within, Foreign} {
		if n := r.Counts[status]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, status))
		}
	}
	if len(counts) == 0 {
		counts = []string{"no rule on either side"}
	}
	r.Summary = strings.Join(counts, ", ") + "."
	if n := len(r.Undecided); n > 0 {
		r.Summary += fmt.Sprintf(" Not seen: %s.", strings.Join(slices.Sorted(maps.Keys(r.Undecided)), ", "))
	}
	if worst := r.worst(3); len(worst) > 0 {
		r.Summary += " Worst: " + strings.Join(worst, "; ") + "."
	}
}

// worst names the first rules to look at: what opens too much, then what is
// missing.
func (r *Result) worst(most int) []string {
	type fault struct {
		order int
		text  string
	}
	var faults []fault
	orders := map[Status]int{Excess: 1, Missing: 2, Partial: 3, Undecided: 4}
	for id, found := range r.Actual {
		if order := orders[found.Status]; order > 0 {
			faults = append(faults, fault{order, fmt.Sprintf("%s is %s", id, found.Status)})
		}
	}
	for direction, rules := range r.Expected {
		for key, wanted := range rules {
			if order := orders[wanted.Status]; order > 0 {
				faults = append(faults, fault{order, fmt.Sprintf("%s (%s) is %s", key, direction, wanted.Status)})
			}
		}
	}
	slices.SortFunc(faults, func(a, b fault) int {
		return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.text, b.text))
	})
	var texts []string
	for _, f := range faults[:min(len(faults), most)] {
		texts = append(texts, f.text)
	}
	return texts
}
