package deployment

import (
	"errors"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/input"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// cluster keeps the flows inside hosts that are several machines and drops those
// inside all others: they never meet a firewall. What a user wrote from a host
// to itself stays.
func cluster(m *matrix.Matrix, clusters []string) (*matrix.Matrix, error) {
	hosts := make(map[string]bool)
	for c := range m.Components() {
		hosts[c.Host] = true
	}
	var names []string
	for host := range hosts {
		names = append(names, host)
	}
	var errs []error
	for _, name := range slices.Sorted(slices.Values(clusters)) {
		if !hosts[name] {
			errs = append(errs, input.Unknown(input.At("clusters"), name, "a host of this installation", names))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	d := m.Draft()
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		host, _ := f.Source.Endpoint()
		return f.Source == f.Destination && !f.WithinHost && !slices.Contains(clusters, host)
	})
	return d.Matrix()
}
