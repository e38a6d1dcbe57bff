package report

import (
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

// Enforced is what one target makes of the flows: the result of its rules
// function.
type Enforced struct {
	Name            string // as the user calls it: "aws"
	Ingress, Egress []Bound
	Unenforced      map[string]string // from a rule's key to the reason
}

// Bound is a rule that a target has.
type Bound struct {
	Host  string   // endpoint that it is attached to
	Peers []string // prefixes on the other side
	Peer  Peer     // what else the other side is; zero: prefixes alone
	Flows []string // ids of the flows that it serves
}

// index finds what a target does for a flow.
type index struct {
	ingress, egress map[string][]Bound // by flow
}

func (e Enforced) index() index {
	by := func(rules []Bound) map[string][]Bound {
		flows := make(map[string][]Bound)
		for _, rule := range rules {
			for _, id := range rule.Flows {
				flows[id] = append(flows[id], rule)
			}
		}
		return flows
	}
	return index{by(e.Ingress), by(e.Egress)}
}

// enforcement says what a target does for some rules of one flow: at which ends,
// towards whom, and what it leaves out and why.
func (s *sheet) enforcement(target int, f deployment.Flow, rules []deployment.Rule) string {
	at := s.indexes[target]
	var parts []string
	for _, side := range []struct {
		words string
		rules []Bound
	}{{s.words.egressAt, at.egress[f.ID]}, {s.words.ingressAt, at.ingress[f.ID]}} {
		peers := make(map[string][]string) // by host
		var hosts []string
		for _, rule := range side.rules {
			if _, ok := peers[rule.Host]; !ok {
				hosts = append(hosts, rule.Host)
			}
			peers[rule.Host] = append(peers[rule.Host], s.words.peersOf(rule)...)
		}
		slices.Sort(hosts)
		for _, host := range hosts {
			slices.Sort(peers[host])
			parts = append(parts, side.words+" "+host+s.words.colon+strings.Join(slices.Compact(peers[host]), ", "))
		}
	}
	reasons := make(map[string][]string) // the ports, by reason
	var order []string
	left := 0
	for _, rule := range rules {
		reason, ok := s.Enforced[target].Unenforced[rule.Key()]
		if !ok {
			continue
		}
		if left++; reasons[reason] == nil {
			order = append(order, reason)
		}
		reasons[reason] = append(reasons[reason], s.words.portRange(rule.Ports))
	}
	for _, reason := range order {
		what := s.words.unenforced
		if left < len(rules) || len(order) > 1 {
			what += " " + strings.Join(reasons[reason], ", ")
		}
		parts = append(parts, what+s.words.colon+reason)
	}
	if len(parts) == 0 {
		return s.words.noRule
	}
	return strings.Join(parts, s.words.semicolon)
}
