package deployment

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// cluster keeps the flows inside hosts that are several machines, adds what the
// members open to each other, and drops the flows inside all other hosts: they
// never meet a firewall. What a user wrote from a host to itself stays.
func cluster(m *matrix.Matrix, known names, choices Choices) (*matrix.Matrix, error) {
	if err := checkClusters(m, known, choices); err != nil {
		return nil, err
	}
	clusters := choices.Clusters
	d := m.Draft()
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		host, _ := f.Source.Endpoint()
		return f.Source == f.Destination && !f.WithinHost && !slices.Contains(clusters, host)
	})
	for i := range d.Flows {
		d.Flows[i].WithinHost = false // what is left merges, whoever wrote it
	}
	for _, membership := range edition.Memberships() {
		c, ok := m.Component(membership.Component)
		if !ok || !slices.Contains(clusters, c.Host) {
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
			Description: matrix.Because(matrix.MembershipReason, fmt.Sprintf("%s (%s)", membership.Description, membership.Confidence), membership.Component, membership.Confidence.String()),
			Origin:      matrix.Cluster,
		})
	}
	return d.Matrix()
}

// checkClusters refuses what is no host here. The host of a component that is
// closed is no mistake: it does nothing, as in placement.
func checkClusters(m *matrix.Matrix, known names, choices Choices) error {
	hosts := make(map[string]bool)
	var hostNames []string
	for c := range m.Components() {
		if !hosts[c.Host] {
			hosts[c.Host] = true
			hostNames = append(hostNames, c.Host)
		}
	}
	closed := make(map[string]bool)
	for id, c := range known.components {
		if _, open := m.Component(id); !open {
			closed[placedHost(m, choices.Placement, c)] = true
		}
	}
	var errs []error
	for _, name := range slices.Sorted(slices.Values(choices.Clusters)) {
		if hosts[name] || closed[name] {
			continue
		}
		err := unknown(refusal.At("clusters"), name, "a host of this installation", hostNames)
		if c, ok := m.Component(name); ok {
			err.Nearest = ""
			err.Remedy = strconv.Quote(name) + " runs on " + strconv.Quote(c.Host) + ": name that host if it is several machines"
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
