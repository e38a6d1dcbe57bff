package proof

import (
	"maps"
	"slices"
)

// shrink takes away from a case what its fault does not need.
func shrink(cloud Cloud, c *Case, fault Fault) (*Case, Fault) {
	for again := true; again; {
		again = false
		for _, smaller := range reductions(c, fault.endpoint) {
			if found := sameFault(cloud, smaller, fault); found != nil {
				c, fault, again = smaller, *found, true
				break
			}
		}
	}
	return c, fault
}

// sameFault looks for a fault of the same kind, at the same endpoint, and for the
// same packet.
func sameFault(cloud Cloud, c *Case, fault Fault) *Fault {
	result, found := render(cloud, c)
	allowed := newFlows(c, cloud)
	if found == nil {
		_, found = compareSets(allowed, result)
	}
	if found == nil && fault.Kind == WrongWay {
		_, found = newEvaluator(allowed, result).compare(fault.seen)
	}
	if found == nil || found.Kind != fault.Kind || found.endpoint != fault.endpoint {
		return nil
	}
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
			edit(func(e *Endpoint) { e.Group, e.Unmanaged, e.Machines, e.Beside = false, false, nil, nil })
		}
		if len(e.Beside) > 0 {
			edit(func(e *Endpoint) { e.Beside = nil })
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
