package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// packetsPerCase trades many cases for many packets in each.
const packetsPerCase = 500

// Tally is what a proof tried.
type Tally struct {
	Cases, Packets int
	Passed         int // packets that both evaluators let pass
	Rules          int // bound rules, in both directions
}

// Add adds another tally.
func (t *Tally) Add(other Tally) {
	t.Cases += other.Cases
	t.Packets += other.Packets
	t.Passed += other.Passed
	t.Rules += other.Rules
}

// Disagreement is a case in which a target does not enforce the flows.
type Disagreement struct {
	Case  *Case
	Fault Fault
}

// Error tells the case and what is wrong with it.
func (d *Disagreement) Error() string { return d.Case.String() + d.Fault.Detail }

// Fault is what is wrong with a case.
type Fault struct {
	Kind   FaultKind
	Detail string // for a person

	seen sighting // the packet, where it is one
}

// FaultKind says what a target got wrong.
type FaultKind string

// The kinds of faults.
const (
	Refused    FaultKind = "refused"    // the target refuses a valid case
	Unreadable FaultKind = "unreadable" // the cloud would refuse what was rendered
	Promise    FaultKind = "promise"    // plan and apply differ
	Silence    FaultKind = "silence"    // unenforced tells too much or too little
	WrongWay   FaultKind = "packet"     // a packet passes that must not, or the other way round
)

// Prove tries about so many packets of the cases that follow from a seed. It
// stops at the first disagreement, which it returns in its smallest form.
func Prove(cloud Cloud, seed uint64, packets int) (Tally, error) {
	var total Tally
	for ; total.Packets < packets; seed++ {
		c, err := Generate(seed, cloud)
		if err != nil {
			return total, fmt.Errorf("seed %d: %w", seed, err)
		}
		tally, fault := try(cloud, c, min(packetsPerCase, packets-total.Packets))
		total.Add(tally)
		if fault != nil {
			small, fault := shrink(cloud, c, *fault)
			return total, &Disagreement{small, fault}
		}
	}
	return total, nil
}

// try looks for a fault in one case.
func try(cloud Cloud, c *Case, count int) (Tally, *Fault) {
	tally := Tally{Cases: 1}
	evaluator, result, fault := render(cloud, c)
	if fault != nil {
		return tally, fault
	}
	tally.Rules = len(result.Ingress) + len(result.Egress)
	allowed := newFlows(c, cloud)
	source := newPackets(c)
	for range count {
		seen, ok := source.next()
		if !ok {
			break
		}
		tally.Packets++
		passes, fault := compare(allowed, evaluator, seen)
		if fault != nil {
			return tally, fault
		}
		if passes {
			tally.Passed++
		}
	}
	return tally, nil
}

// render binds the case's rules, at plan and at apply, and checks all that needs
// no packet.
func render(cloud Cloud, c *Case) (Evaluator, *firewall.Result, *Fault) {
	fail := func(kind FaultKind, format string, values ...any) (Evaluator, *firewall.Result, *Fault) {
		return nil, nil, &Fault{Kind: kind, Detail: fmt.Sprintf(format, values...)}
	}
	bindings := cloud.Bind(c)
	applied, err := cloud.Target.Render(c.Rules, bindings)
	if err != nil {
		return fail(Refused, "%s refuses a valid case:\n%v", cloud.Target.Name, err)
	}
	planned, err := cloud.Target.Render(c.Rules, atPlan(c.Seed, bindings))
	if err != nil {
		return fail(Refused, "%s refuses a valid case at plan:\n%v", cloud.Target.Name, err)
	}
	if err := keepsPromise(planned, applied); err != nil {
		return fail(Promise, "plan and apply differ: %v", err)
	}
	if told, want := slices.Sorted(maps.Keys(applied.Unenforced)), newFlows(c, cloud).Unenforced(); !slices.Equal(told, want) {
		return fail(Silence, "unenforced:\n  told   %s\n  wanted %s", strings.Join(told, ", "), strings.Join(want, ", "))
	}
	evaluator, err := cloud.Read(c, applied)
	if err != nil {
		return fail(Unreadable, "%s would refuse: %v", cloud.Target.Name, err)
	}
	return evaluator, applied, nil
}

// compare asks both evaluators about one packet.
func compare(allowed *flows, evaluator Evaluator, seen sighting) (passes bool, fault *Fault) {
	rule := allowed.Allows(seen.direction, seen.endpoint, seen.packet)
	passes = evaluator.Passes(seen.direction, seen.endpoint, seen.packet)
	if passes == (rule != "") {
		return passes, nil
	}
	answer := "the flows allow it (" + rule + "), " + allowed.cloud.Target.Name + " drops it"
	if passes {
		answer = "no flow allows it, " + allowed.cloud.Target.Name + " lets it pass"
	}
	direction := map[firewall.Direction]string{firewall.Ingress: "entering", firewall.Egress: "leaving"}[seen.direction]
	return passes, &Fault{
		Kind:   WrongWay,
		Detail: fmt.Sprintf("packet %s %s: %s\n%s", direction, seen.endpoint, seen.packet, answer),
		seen:   seen,
	}
}

// shrink takes away from a case what its fault does not need.
func shrink(cloud Cloud, c *Case, fault Fault) (*Case, Fault) {
	for again := true; again; {
		again = false
		for _, smaller := range reductions(c, fault.seen.endpoint) {
			if found := sameFault(cloud, smaller, fault); found != nil {
				c, fault, again = smaller, *found, true
				break
			}
		}
	}
	return c, fault
}

// sameFault looks for a fault of the same kind, and for the same packet.
func sameFault(cloud Cloud, c *Case, fault Fault) *Fault {
	evaluator, _, found := render(cloud, c)
	switch {
	case found != nil && found.Kind == fault.Kind:
		return found
	case found != nil || fault.Kind != WrongWay:
		return nil
	}
	_, found = compare(newFlows(c, cloud), evaluator, fault.seen)
	return found
}

// reductions returns the case with one thing less, the largest things first. The
// endpoint that a packet meets keeps its group.
func reductions(c *Case, endpoint string) []*Case {
	var smaller []*Case
	less := func(change func(*Case)) {
		s := c.clone()
		change(s)
		smaller = append(smaller, s)
	}
	needed := map[string]bool{endpoint: true}
	for _, r := range c.Rules {
		needed[r.Source], needed[r.Destination] = true, true
		needed[c.World.Who(r.Source)], needed[c.World.Who(r.Destination)] = true, true
	}
	for _, key := range slices.Sorted(maps.Keys(c.Rules)) {
		less(func(s *Case) { delete(s.Rules, key) })
	}
	for _, id := range slices.Sorted(maps.Keys(c.World)) {
		e := c.World[id]
		if !needed[id] {
			less(func(s *Case) { delete(s.World, id) })
			continue
		}
		edit := func(change func(*Endpoint)) {
			less(func(s *Case) {
				e := s.World[id]
				change(&e)
				e.emptyCIDRs = e.SameAs == "" && len(e.Listed) == 0
				s.World[id] = e
			})
		}
		if e.Group && id != endpoint {
			edit(func(e *Endpoint) { e.Group, e.Unmanaged, e.Machines = false, false, nil })
		}
		if e.List {
			edit(func(e *Endpoint) { e.List, e.Entries = false, nil })
		}
		if e.Public {
			edit(func(e *Endpoint) { e.Public = false })
		}
		for i := range e.Listed {
			edit(func(e *Endpoint) { e.Listed = slices.Delete(e.Listed, i, i+1) })
		}
		for _, name := range slices.Sorted(maps.Keys(e.Named)) {
			edit(func(e *Endpoint) { delete(e.Named, name) })
		}
		if len(e.Entries) > 1 {
			for i := range e.Entries {
				edit(func(e *Endpoint) { e.Entries = slices.Delete(e.Entries, i, i+1) })
			}
		}
		if len(e.Machines) > 2 {
			for i := range e.Machines {
				edit(func(e *Endpoint) { e.Machines = slices.Delete(e.Machines, i, i+1) })
			}
		}
	}
	return smaller
}
