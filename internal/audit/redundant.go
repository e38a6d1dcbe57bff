package audit

import (
	"cmp"
	"math"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// candidate is a rule that others may make redundant.
type candidate struct {
	index   int // of the reading
	matched bool
	width   float64
}

// redundant finds rules whose packets others of the same machines let through. All
// of them may be removed together: matched ones stay, then the widest, then by id.
func (j *judge) redundant(statuses []Found, applies [][]*host) {
	scopes := make(map[string][]candidate)
	for i := range statuses {
		f := &j.reading.found[i]
		deniedBefore := func(h *host) bool {
			return slices.ContainsFunc(h.denies, func(d cloud.Rule) bool { return d.Priority <= f.rule.Priority })
		}
		// Of what a rule denies before, nobody knows whether it was to be kept.
		if statuses[i].Status == "" || f.rule.Deny || f.content == "" || slices.ContainsFunc(applies[i], deniedBefore) {
			continue
		}
		scope := groupsOf(f.rule) // empty for what is everywhere
		scopes[scope] = append(scopes[scope], candidate{i, statuses[i].Status == Matched, widthOf(f.rule.Packets)})
	}
	for _, candidates := range scopes {
		slices.SortFunc(candidates, func(a, b candidate) int {
			switch {
			case a.matched != b.matched && a.matched:
				return -1
			case a.matched != b.matched:
				return 1
			case !a.matched && a.width != b.width:
				return cmp.Compare(b.width, a.width)
			}
			return a.index - b.index // found rules are sorted by id
		})
		j.redundantAmong(candidates, statuses)
	}
}

// redundantAmong finds them among rules of one scope, in the order in which they
// are to stay.
func (j *judge) redundantAmong(candidates []candidate, statuses []Found) {
	kept, mayGo := make(map[string]bool), make([]bool, len(candidates))
	for n, c := range candidates {
		content := j.reading.found[c.index].content
		mayGo[n] = statuses[c.index].Status == Within || c.matched && kept[content]
		if c.matched {
			kept[content] = true
		}
	}
	if !slices.Contains(mayGo, true) {
		return
	}
	rules := make([]packet.Rule, 0, len(candidates))
	for _, c := range candidates {
		rules = append(rules, j.reading.found[c.index].rule.Packets)
	}
	ranking := packet.NewRanking(rules)
	for n, c := range candidates {
		status, f := &statuses[c.index], &j.reading.found[c.index]
		if !mayGo[n] || !ranking.IsRedundant(n) {
			continue
		}
		opens := f.lines()
		status.Status, status.Opens = Redundant, opens[:min(len(opens), packet.MostRemainders)]
		for _, by := range ranking.By(rules[n], mostBy) {
			if by != n {
				status.By = append(status.By, j.reading.found[candidates[by].index].id)
			}
		}
	}
}

// serve notes for rules that open too much what they are there for.
func (j *judge) serve(statuses []Found, applies [][]*host) {
	rankings := make(map[*host]packet.Ranking)
	for i := range statuses {
		found := &statuses[i]
		if found.Status != Excess || j.reading.found[i].rule.Deny {
			continue
		}
		for _, h := range applies[i] {
			if h.wholly(i) {
				continue
			}
			ranking, ok := rankings[h]
			if !ok {
				rules := make([]packet.Rule, 0, len(h.wanted))
				for _, n := range h.wanted {
					rules = append(rules, j.reading.wanted[n].rule.Packets)
				}
				ranking = packet.NewRanking(rules)
				rankings[h] = ranking
			}
			for _, n := range ranking.By(j.reading.found[i].rule.Packets, mostBy) {
				found.Wanted = append(found.Wanted, j.reading.wanted[h.wanted[n]].Key)
			}
		}
		slices.Sort(found.Wanted)
		found.Wanted = slices.Compact(found.Wanted)
		found.Wanted = found.Wanted[:min(len(found.Wanted), mostBy)]
	}
}

// widthOf returns how many packets a rule lets through, a group counted as one
// address.
func widthOf(r packet.Rule) float64 {
	width := 0.0
	for peer, ports := range r.All() {
		if ports.IsEmpty() {
			continue
		}
		addresses := 1.0
		if prefix, ok := peer.Prefix(); ok {
			addresses = math.Exp2(float64(prefix.Addr().BitLen() - prefix.Bits()))
		}
		width += addresses * float64(ports.Last()-ports.First()+1)
	}
	return width
}
