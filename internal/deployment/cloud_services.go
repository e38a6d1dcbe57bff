package deployment

import (
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// serveFromCloud drops what the machines behind a cloud's service neither need
// nor let anybody do: maintenance by SSH, packages, name resolution and time.
// What a user wrote stays, with the ports that they gave it.
func (b *builder) serveFromCloud() *matrix.Draft {
	if len(b.choices.CloudServices) == 0 {
		return nil
	}
	b.checkCloudServices()
	services := make(map[string]bool, len(b.choices.CloudServices))
	for _, name := range b.choices.CloudServices {
		services[name] = true
	}
	dropped := make(map[string]bool) // flows, by id
	d := b.m.Draft()
	d.Flows = slices.DeleteFunc(d.Flows, func(f matrix.Flow) bool {
		source, destination := b.m.EndpointAt(f.Source), b.m.EndpointAt(f.Destination)
		maintained := services[destination] && f.Component == edition.SSH
		fetches := services[source] && (destination == matrix.PackageRepositories || edition.IsForEveryHost(f.Component))
		if !maintained && !fetches {
			return false
		}
		dropped[b.m.FlowID(f)] = true
		return true
	})
	for _, own := range b.own {
		if dropped[b.m.FlowID(own.placed)] {
			d.Flows = append(d.Flows, own.placed)
		}
	}
	return d
}

func (b *builder) checkCloudServices() {
	hosts := b.hosts()
	for _, name := range slices.Sorted(slices.Values(b.choices.CloudServices)) {
		at := refusal.At("cloud_services")
		switch {
		case !hosts.has(name):
			b.errs.Add(b.notAHost(at, name, "name that host if a cloud runs it"))
		case slices.Contains(b.choices.Clusters, name):
			b.errs.Add(&refusal.Error{
				At:      at,
				Summary: "Cluster that a cloud runs",
				Found:   strconv.Quote(name) + " stands in clusters too, and members of a cloud's service open nothing to each other that you could filter",
				Remedy:  "Leave it out of clusters, or out of cloud_services where its machines are yours",
			})
		}
	}
}
