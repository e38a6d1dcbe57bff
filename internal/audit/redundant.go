package audit

import (
	"fmt"
	"math"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// redundant finds rules whose packets others of the same machines let through. All
// of them may be removed together: matched ones stay, then the widest, then by id.
func (j *judge) redundant(statuses map[int]Found, applies map[int][]*host) {
	scopes := make(map[string][]int)
	for i := range statuses {
		f := j.reading.found[i]
		if f.rule.Deny || f.content == "" || slices.ContainsFunc(applies[i], func(h *host) bool { return len(h.denies) > 0 }) {
			continue
		}
		scope := fmt.Sprint(f.rule.Everywhere, f.rule.Groups)
		scopes[scope] = append(scopes[scope], i)
	}
	for _, indexes := range scopes {
		width := make(map[int]float64, len(indexes))
		for _, i := range indexes {
			width[i] = widthOf(j.reading.found[i].rule.Packets)
		}
		slices.SortFunc(indexes, func(a, b int) int {
			switch matchedA, matchedB := statuses[a].Status == Matched, statuses[b].Status == Matched; {
			case matchedA != matchedB && matchedA:
				return -1
			case matchedA != matchedB:
				return 1
			case !matchedA && width[a] != width[b]:
				return compareDescending(width[a], width[b])
			}
			return a - b // found rules are sorted by id
		})
		rules := make([]packet.Rule, 0, len(indexes))
		for _, i := range indexes {
			rules = append(rules, j.reading.found[i].rule.Packets)
		}
		ranking := packet.NewRanking(rules)
		kept := make(map[string]bool)
		for n, i := range indexes {
			status := statuses[i]
			f := j.reading.found[i]
			again := kept[f.content]
			kept[f.content] = true
			if status.Status != Within && (status.Status != Matched || !again) || !ranking.IsRedundant(n) {
				continue
			}
			status.Status, status.Opens = Redundant, f.lines()
			status.Opens = status.Opens[:min(len(status.Opens), packet.MostRemainders)]
			for _, by := range ranking.By(rules[n], mostBy) {
				if by != n {
					status.By = append(status.By, j.reading.found[indexes[by]].id)
				}
			}
			statuses[i] = status
		}
	}
}

// serve notes for rules that open too much what they are there for.
func (j *judge) serve(statuses map[int]Found, applies map[int][]*host) {
	rankings := make(map[*host]packet.Ranking)
	for i, found := range statuses {
		if found.Status != Excess || j.reading.found[i].rule.Deny {
			continue
		}
		for _, h := range applies[i] {
			if h.wholly[i] {
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
		statuses[i] = found
	}
}

func compareDescending(a, b float64) int {
	if a > b {
		return -1
	}
	return 1
}

// widthOf returns how many packets a rule lets through, a group counted as one
// address.
func widthOf(r packet.Rule) float64 {
	width := 0.0
	for peer, ports := range packet.New(r).All() {
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
