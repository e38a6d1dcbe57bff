package deployment

import "github.com/canopsis/terraform-provider-canopsis/internal/matrix"

// Flow is a flow of one installation: its ends are endpoints, and its purpose is
// decided.
type Flow struct {
	ID          string
	Source      string // id of the endpoint that connects
	Destination string // id of the endpoint that listens
	Component   string // id of the component or service that listens
	Ports       matrix.Ports
	Purpose     matrix.Purpose
	Description matrix.Description
	Origin      matrix.Origin

	ViaProxy               bool // the page says that it may pass through a proxy
	ConfigurationDependent bool // the page says that configuration decides the ports
	Optional               bool // the page marks it "optionnel"
}

// Rules returns one rule for each port range of the flow.
func (f Flow) Rules() []Rule {
	rules := make([]Rule, 0, f.Ports.Len())
	for r := range f.Ports.All() {
		rules = append(rules, Rule{f.ID, f.Source, f.Destination, f.Component, f.Purpose, r})
	}
	return rules
}

// Flows returns the installation's flows in the matrix's order.
func (d *Deployment) Flows() []Flow {
	var flows []Flow
	for f := range d.Matrix.Flows() {
		flows = append(flows, Flow{
			ID:                     d.Matrix.FlowID(f),
			Source:                 d.Matrix.EndpointAt(f.Source),
			Destination:            d.Matrix.EndpointAt(f.Destination),
			Component:              f.Component,
			Ports:                  f.Ports,
			Purpose:                d.Matrix.PurposeOf(f),
			Description:            f.Description,
			Origin:                 f.Origin,
			ViaProxy:               f.ViaProxy,
			ConfigurationDependent: f.ConfigurationDependent,
			Optional:               f.Optional,
		})
	}
	return flows
}
