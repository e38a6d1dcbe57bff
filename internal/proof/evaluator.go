package proof

import (
	"fmt"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// comparePackets asks both sides about random packets. One side looks at each flow
// by itself and at every group's machines, and knows no sets.
func comparePackets(allowed *flows, result *firewall.Result, count int) (passed, tried int, fault *Fault) {
	if count == 0 {
		return 0, 0, nil
	}
	source := newPackets(allowed.c)
	evaluator := newEvaluator(allowed, result)
	for range count {
		seen, ok := source.next()
		if !ok {
			break
		}
		tried++
		passes, fault := evaluator.compare(seen)
		if fault != nil {
			return passed, tried, fault
		}
		if passes {
			passed++
		}
	}
	return passed, tried, nil
}

// evaluator answers for single packets.
type evaluator struct {
	allowed *flows
	result  *firewall.Result
	sets    map[firewall.Direction]map[string]packet.Set // by endpoint; made when asked
	given   map[firewall.Direction][]cloud.Rule
}

func newEvaluator(allowed *flows, result *firewall.Result) *evaluator {
	e := &evaluator{allowed: allowed, result: result, sets: make(map[firewall.Direction]map[string]packet.Set), given: make(map[firewall.Direction][]cloud.Rule)}
	world := allowed.cloud.byAddress(allowed.c)
	for _, way := range ways {
		e.sets[way.in] = make(map[string]packet.Set)
		given, err := allowed.cloud.read(allowed.cloud.given(result, way.in, way.of), way.of, world, nil)
		if err != nil {
			continue // it was read before, by name
		}
		for _, r := range given {
			e.given[way.in] = append(e.given[way.in], r.rule)
		}
	}
	return e
}

// passes reports whether the rules of an endpoint let a packet pass.
func (e *evaluator) passes(seen sighting) bool {
	s, ok := e.sets[seen.direction][seen.endpoint]
	if !ok {
		for _, way := range ways {
			if way.in == seen.direction {
				group := e.allowed.cloud.group(e.allowed.c, seen.endpoint)
				s = e.allowed.cloud.passes(e.given[way.in], way.of, group, e.allowed.c.World[seen.endpoint].managed())
			}
		}
		e.sets[seen.direction][seen.endpoint] = s
	}
	far := seen.packet.Source
	if seen.direction == firewall.Egress {
		far = seen.packet.Destination
	}
	return s.Contains(packet.Address(far), packet.PortRange(seen.packet.Protocol, seen.packet.Port, seen.packet.Port))
}

// compare asks both sides about one packet.
func (e *evaluator) compare(seen sighting) (passes bool, fault *Fault) {
	rule := e.allowed.Allows(seen.direction, seen.endpoint, seen.packet)
	passes = e.passes(seen)
	if passes == (rule != "") {
		return passes, nil
	}
	name := e.allowed.cloud.Target.Name
	answer := "the flows allow it (" + rule + "), " + name + " drops it"
	if passes {
		answer = "no flow allows it, " + name + " lets it pass"
	}
	return passes, &Fault{
		Kind:     WrongWay,
		Detail:   fmt.Sprintf("packet of %s at %s: %s\n%s", seen.direction, seen.endpoint, seen.packet, answer),
		endpoint: seen.endpoint,
		seen:     seen,
	}
}
