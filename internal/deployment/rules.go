package deployment

import "github.com/canopsis/terraform-provider-canopsis/internal/matrix"

// Rule is one flow with one port range: the unit that a user feeds to for_each.
type Rule struct {
	Flow        string // the flow's id
	Source      string // id of the endpoint that connects
	Destination string // id of the endpoint that listens
	Component   string // id of the component or service that listens
	Purpose     matrix.Purpose
	Ports       matrix.PortRange
}

// Key returns FLOW/PROTOCOL-PORTS, which is unique in a deployment.
func (r Rule) Key() string { return r.Flow + "/" + r.Ports.Key() }

// Rules returns one rule for each port range of each flow, in the flows' order.
func (d *Deployment) Rules() []Rule {
	var rules []Rule
	for _, f := range d.Flows() {
		rules = append(rules, f.Rules()...)
	}
	return rules
}
