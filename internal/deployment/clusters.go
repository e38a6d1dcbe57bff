package deployment

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// cluster keeps the flows inside hosts that are several machines, adds what the
// members open to each other, and drops the flows inside all other hosts: they
// never meet a firewall. What a user wrote from a host to itself stays. What the
// members of a relay open, the relays' step adds.
func (b *builder) cluster() *matrix.Draft {
	b.checkClusters()
	several := make(map[string]bool, len(b.choices.Clusters))
	for _, name := range b.choices.Clusters {
		several[name] = true
	}
	d := b.m.Draft()
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		host, _ := f.Source.Endpoint()
		return f.Source == f.Destination && !f.WithinHost && !several[host]
	})
	for i := range d.Flows {
		d.Flows[i].WithinHost = false // what is left merges, whoever wrote it
	}
	b.noticeInside(several)
	for _, membership := range edition.Memberships() {
		c, ok := b.m.Component(membership.Component)
		if !ok || !several[c.Host] {
			continue
		}
		ports := membership.Ports
		if membership.OwnPorts {
			ports = ports.Union(c.Ports())
		}
		d.Flows = append(d.Flows, matrix.Flow{
			Source:      matrix.At(c.Host),
			Destination: matrix.At(c.Host),
			Component:   c.ID,
			Ports:       ports,
			Description: describeMembership(membership),
			Origin:      matrix.Cluster,
		})
	}
	return d
}

func describeMembership(m edition.Membership) matrix.Description {
	return matrix.Because(matrix.MembershipReason, fmt.Sprintf("%s (%s)", m.Description, m.Confidence), m.Component, m.Confidence.String())
}

// noticeInside says which of the user's own flows stay inside one host, where no
// firewall meets them.
func (b *builder) noticeInside(several map[string]bool) {
	for _, own := range b.own {
		host, _ := own.placed.Source.Endpoint()
		if own.placed.Source != own.placed.Destination || own.placed.WithinHost || several[host] {
			continue
		}
		flow := b.choices.AdditionalFlows[own.name]
		at := refusal.At("additional_flows").Key(own.name)
		b.notices = append(b.notices, Notice{
			At:      at,
			Summary: "Additional flow inside one host",
			Text: fmt.Sprintf("%s: %q and %q are on one host here, %q, and what stays inside it meets no firewall: the flow opens nothing.\n"+
				"Leave it out, or write clusters = [%q] if that host is several machines.", at, flow.Source, flow.Destination, host, host),
		})
	}
}

// checkClusters refuses what is neither a host nor a relay here.
func (b *builder) checkClusters() {
	hosts := b.hosts()
	for _, name := range slices.Sorted(slices.Values(b.choices.Clusters)) {
		if _, isRelay := b.choices.Relays[name]; !isRelay && !hosts.has(name) {
			b.errs.Add(b.notAHost(refusal.At("clusters"), name, "name that host if it is several machines"))
		}
	}
}

// hostNames is what may be named as a host of an installation.
type hostNames struct {
	running []string        // hosts on which something runs, sorted
	idle    map[string]bool // those of what is closed, and those that only placement or a flow names: naming them does nothing
}

func (h hostNames) has(name string) bool {
	_, runs := slices.BinarySearch(h.running, name)
	return runs || h.idle[name]
}

// hosts returns the hosts of the matrix after placement.
func (b *builder) hosts() hostNames {
	h := hostNames{idle: make(map[string]bool)}
	for c := range b.m.Components() {
		h.running = append(h.running, c.Host)
	}
	slices.Sort(h.running)
	h.running = slices.Compact(h.running)
	for id, c := range b.known.components {
		if _, open := b.m.Component(id); !open {
			h.idle[placedHost(b.m, b.choices.Placement, c)] = true
		}
	}
	for _, host := range b.named {
		h.idle[host] = true
	}
	for f := range b.m.Flows() {
		for _, place := range []matrix.Place{f.Source, f.Destination} {
			if e, _ := b.m.Endpoint(b.m.EndpointAt(place)); e.Kind == matrix.Host {
				h.idle[e.ID] = true
			}
		}
	}
	return h
}

// notAHost is the error for a name that is not a host here; of a component's name
// it says what to do about the host on which that runs.
func (b *builder) notAHost(at refusal.Path, name, advice string) *refusal.Error {
	err := unknown(at, name, "a host of this installation", b.hosts().running)
	if c, ok := b.m.Component(name); ok {
		err.Nearest = ""
		err.Remedy = strconv.Quote(name) + " runs on " + strconv.Quote(c.Host) + ": " + advice
	}
	return err
}

// peers returns what the machines of the relays that clusters names exchange to
// decide which of them has the common address. A relay that no flow touches
// stands in front of what is closed or excluded, and does nothing.
func (b *builder) peers(others []matrix.Flow) []matrix.Flow {
	touched := make(map[string]bool)
	for _, f := range others {
		touched[endpointOf(f.Source)], touched[endpointOf(f.Destination)] = true, true
	}
	membership := edition.RelayMembership()
	var flows []matrix.Flow
	for _, name := range slices.Compact(slices.Sorted(slices.Values(b.choices.Clusters))) {
		if _, ok := b.choices.Relays[name]; !ok || !touched[name] {
			continue
		}
		flows = append(flows, matrix.Flow{
			Source:      matrix.At(name),
			Destination: matrix.At(name),
			Component:   membership.Component,
			Ports:       membership.Ports,
			Description: describeMembership(membership),
			Origin:      matrix.Cluster,
		})
	}
	return flows
}
