package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// Effort is how much a proof tries.
type Effort struct {
	Deployments int // of each, every packet is compared, as sets
	Packets     int // of every eighth, so many random packets are asked beside
}

// Tally is what a proof tried.
type Tally struct {
	Deployments, Packets int
	Sets                 int // what one endpoint lets in, or out
	Passed               int // packets that both evaluators let pass
	Rules                int // bound rules, in both directions
}

// Add adds another tally.
func (t *Tally) Add(other Tally) {
	t.Deployments += other.Deployments
	t.Packets += other.Packets
	t.Sets += other.Sets
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

	endpoint string   // at which it shows; empty: at none in particular
	seen     sighting // the packet, where it is one
}

// FaultKind says what a target got wrong.
type FaultKind string

// The kinds of faults.
const (
	Refused    FaultKind = "refused"    // the target refuses a valid case
	Unreadable FaultKind = "unreadable" // the cloud would refuse what was rendered
	Promise    FaultKind = "promise"    // plan and apply differ
	Silence    FaultKind = "silence"    // unenforced tells too much or too little
	Different  FaultKind = "different"  // the rules let other packets pass than the flows
	WrongWay   FaultKind = "packet"     // so does one packet by itself, where the sets were equal
)

// Prove tries the deployments that follow from a seed. It stops at the first
// disagreement, which it returns in its smallest form.
func Prove(c Cloud, seed uint64, effort Effort) (Tally, error) {
	var total Tally
	var rules map[string]deployment.Rule
	for ; total.Deployments < effort.Deployments; seed++ {
		if total.Deployments == 0 || seed%worldsPerDeployment == 0 {
			var err error
			if rules, err = generateRules(seed); err != nil {
				return total, fmt.Errorf("seed %d: %w", seed, err)
			}
		}
		of := generateWorld(seed, c, rules)
		packets := 0
		if seed%worldsPerDeployment == 0 {
			packets = effort.Packets
		}
		tally, fault := try(c, of, packets)
		total.Add(tally)
		if fault != nil {
			small, fault := shrink(c, of, *fault)
			return total, &Disagreement{small, fault}
		}
	}
	return total, nil
}

// try looks for a fault in one case.
func try(c Cloud, of *Case, count int) (Tally, *Fault) {
	tally := Tally{Deployments: 1}
	result, fault := render(c, of)
	if fault != nil {
		return tally, fault
	}
	tally.Rules = len(result.Rules(firewall.Ingress)) + len(result.Rules(firewall.Egress))
	allowed := newFlows(of, c)
	sets, fault := compareSets(allowed, result)
	if tally.Sets = sets; fault != nil {
		return tally, fault
	}
	passed, tried, fault := comparePackets(allowed, result, count)
	tally.Passed, tally.Packets = passed, tried
	return tally, fault
}

// render binds the case's rules, at plan and at apply, and checks all that needs
// no packet.
func render(c Cloud, of *Case) (*firewall.Result, *Fault) {
	fail := func(kind FaultKind, format string, values ...any) (*firewall.Result, *Fault) {
		return nil, &Fault{Kind: kind, Detail: fmt.Sprintf(format, values...)}
	}
	bindings := c.bindings(of)
	applied, err := c.Render(of, bindings)
	if err != nil {
		return fail(Refused, "%s refuses a valid case:\n%v", c.Target.Name, err)
	}
	planned, err := c.Render(of, atPlan(of.Seed, bindings))
	if err != nil {
		return fail(Refused, "%s refuses a valid case at plan:\n%v", c.Target.Name, err)
	}
	if err := keepsPromise(planned, applied); err != nil {
		return fail(Promise, "plan and apply differ: %v", err)
	}
	if reported, want := slices.Sorted(maps.Keys(applied.Unenforced)), newFlows(of, c).Unenforced(); !slices.Equal(reported, want) {
		return fail(Silence, "unenforced:\n  reported %s\n  wanted   %s", strings.Join(reported, ", "), strings.Join(want, ", "))
	}
	return applied, nil
}
