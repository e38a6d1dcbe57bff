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
	"azure": {
		"A group at the subnet and one at the network interface both decide, and Virtual Network Manager's rules come before either.",
		"Other application security groups of the same machines may let more through: settings.groups names them.",
	},
	"gcp": {
		"Hierarchical and network firewall policies are decided before or after these rules.",
		"Other tags and service accounts of the same machines may let more through: settings.groups names them.",
	},
	"kubernetes": {
		"Whether policies are enforced at all, and policies of its own kind, are the business of the cluster's network.",
		"Pods on the host's network are not covered, and the pods' own node reaches them whatever stands here.",
		"Other labels of the same pods may be selected by more policies: settings.groups names them, as in canopsis/app=web,tier=front.",
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
	for _, h := range j.hosts {
		if !h.unknownWanted && !j.unread { // else another one may belong to the pair
			j.pairAt(h)
		}
	}
}

func (j *judge) pairAt(h *host) {
	statuses := j.result.Expected[j.direction]
	missing, excess := make(map[string][]*wanted), make(map[string][]*found)
	for _, i := range h.wanted {
		if w := &j.reading.wanted[i]; statuses[w.Key].Status == Missing {
			missing[peersOf(w.rule)] = append(missing[peersOf(w.rule)], w)
		}
	}
	if len(missing) == 0 {
		return
	}
	for n, i := range h.found {
		if d := h.lacks[n]; d == nil || !d.Whole {
			continue
		}
		f := &j.reading.found[i]
		if peers := peersOf(f.rule); missing[peers] != nil && j.result.Actual[f.id] != nil && j.result.Actual[f.id].Status == Excess {
			excess[peers] = append(excess[peers], f)
		}
	}
	for peers, rules := range missing {
		others := excess[peers]
		if len(rules) != 1 || len(others) != 1 {
			continue
		}
		w := statuses[rules[0].Key]
		w.Instead, j.result.Actual[others[0].id].InsteadOf = others[0].id, rules[0].Key
		for _, e := range j.in.Errata {
			if slices.Contains(rules[0].Flows, e.Flow) && slices.Contains(rules[0].rule.Packets.Ports, e.Right) && slices.Contains(others[0].rule.Packets.Ports, e.Published) {
				w.Erratum = e.ID
			}
		}
		statuses[rules[0].Key] = w
	}
}

func peersOf(rule cloud.Rule) string {
	if len(rule.Packets.Peers) == 1 {
		return rule.Packets.Peers[0].String()
	}
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
		order              int
		name, where, state string
	}
	var faults []fault // the worst, sorted
	add := func(order int, name, where string, state Status) {
		f := fault{order, name, where, string(state)}
		i, _ := slices.BinarySearchFunc(faults, f, func(a, b fault) int {
			return cmp.Or(cmp.Compare(a.order, b.order), cmp.Compare(a.name, b.name), cmp.Compare(a.where, b.where))
		})
		if i < most {
			faults = slices.Insert(faults, i, f)
			faults = faults[:min(len(faults), most)]
		}
	}
	orders := map[Status]int{Excess: 1, Missing: 2, Partial: 3, Undecided: 4}
	for id, found := range r.Actual {
		if order := orders[found.Status]; order > 0 {
			add(order, id, "", found.Status)
		}
	}
	for direction, rules := range r.Expected {
		for key, wanted := range rules {
			if order := orders[wanted.Status]; order > 0 {
				add(order, key, " ("+string(direction)+")", wanted.Status)
			}
		}
	}
	var texts []string
	for _, f := range faults {
		texts = append(texts, f.name+f.where+" is "+f.state)
	}
	return texts
}
