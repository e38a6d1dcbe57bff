package deployment

import (
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// ownComponents returns the names of the user's own flows whose component is new
// and placed, sorted: their destination is a machine of Canopsis then, as the
// hosts of the page are.
func ownComponents(page *matrix.Matrix, choices Choices) []string {
	var own []string
	services := map[string]bool{edition.SSH: true}
	for f := range page.Flows() {
		services[f.Component] = true
	}
	for _, name := range slices.Sorted(maps.Keys(choices.AdditionalFlows)) {
		_, isComponent := page.Component(name)
		_, isEndpoint := page.Endpoint(name)
		_, toComponent := page.Component(choices.AdditionalFlows[name].Destination)
		known := isComponent || isEndpoint || toComponent || services[name] || edition.IsEngine(name)
		if matrix.IsID(choices.Placement[name]) && matrix.IsID(name) && !known {
			own = append(own, name)
		}
	}
	return own
}

// withOwnComponents returns the matrix with components of the user's own, on the
// hosts that placement gives them, so that the other choices and the corrections
// know them.
func withOwnComponents(m *matrix.Matrix, own []string, placement map[string]string) (*matrix.Matrix, error) {
	d := m.Draft()
	for _, name := range own {
		host := placement[name]
		d.Components = append(d.Components, matrix.Component{ID: name, Name: name, Host: host})
		if !slices.ContainsFunc(d.Endpoints, func(e matrix.Endpoint) bool { return e.ID == host }) {
			d.Endpoints = append(d.Endpoints, matrix.Endpoint{ID: host, Name: host, Kind: matrix.Host})
		}
	}
	return d.Matrix()
}
