package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// mistyped ends what is said of a nested attribute that must be there and is not.
const mistyped = "; Terraform leaves out attributes that it does not know, so check the spelling"

// readChoices reads what a data source's arguments say about the deployment.
func readChoices(r *reader, config tftypes.Value) deployment.Choices {
	arguments, _ := elements(config)
	argument := func(name string) field { return r.Root(name, arguments[name]).Optional() }
	choices := deployment.Choices{
		Options:          argument("options").Texts(),
		ComponentPorts:   argument("component_ports").MapOfTexts(),
		Interconnections: argument("interconnections").Texts(),
		AdditionalFlows:  make(map[string]deployment.AdditionalFlow),
		Placement:        argument("placement").Map(),
		CloudServices:    argument("cloud_services").Texts(),
		Clusters:         argument("clusters").Texts(),
		Exclude:          argument("exclude").Texts(),
		Relays:           make(map[string]deployment.Relay),
	}
	for name, flow := range argument("additional_flows").Entries() {
		choices.AdditionalFlows[name] = readFlow(r, flow)
	}
	for name, relay := range argument("relays").Entries() {
		choices.Relays[name] = readRelay(r, relay)
	}
	return choices
}

func readFlow(r *reader, f field) deployment.AdditionalFlow {
	before := r.Len()
	o, _ := f.Object("an object with source, destination and ports")
	if r.Len() > before || !f.usable() {
		return deployment.AdditionalFlow{Incomplete: true}
	}
	flow := deployment.AdditionalFlow{
		Source:      o.Required("source").Like(`the endpoint or the component that connects, as in source = "canopsis"` + mistyped).Text(),
		Destination: o.Required("destination").Like(`the endpoint or the component that listens, as in destination = "mongodb"` + mistyped).Text(),
		Ports:       o.Required("ports").Like(`port specs, as in ports = ["tcp/443"], or ports = ["component"] for those on which the flow's component listens` + mistyped).Texts(),
		Purpose:     readPurpose(r, o.Optional("purpose")),
		Description: o.Optional("description").Text(),
	}
	flow.Incomplete = r.Len() > before
	return flow
}

// readPurpose reads a purpose, of which the deployment says what is wrong; only
// the empty one it takes for none.
func readPurpose(r *reader, f field) string {
	text, ok := f.text()
	if ok && text == "" {
		r.Unknown(f.Path(), text, "a purpose", matrix.PurposeNames())
	}
	return text
}

func readRelay(r *reader, f field) deployment.Relay {
	before := r.Len()
	o, _ := f.Object("an object with listeners")
	if r.Len() > before || !f.usable() {
		return deployment.Relay{Incomplete: true}
	}
	listeners, inFrontOf, ports := o.Optional("listeners"), o.Optional("in_front_of"), o.Optional("ports")
	relay := deployment.Relay{}
	switch {
	case !listeners.IsNull():
		relay = deployment.Relay{Listeners: listeners.MapOfTexts(), InFrontOf: inFrontOf.Texts(), Ports: ports.Texts()}
	case inFrontOf.IsNull() && ports.IsNull():
		r.Add(&refusal.Error{
			At:      f.Path(),
			Summary: "Missing value",
			Found:   "neither listeners nor in_front_of and ports are written",
			Allowed: `what the relay stands in front of and the ports on which it listens for that, as in listeners = { nginx = ["tcp/443"] }` + mistyped,
		})
	default:
		relay = deployment.Relay{
			InFrontOf: o.Required("in_front_of").Like(`components, outside systems or other relays, as in in_front_of = ["nginx"]` + mistyped).Texts(),
			Ports:     o.Required("ports").Like(`port specs, as in ports = ["tcp/443"]` + mistyped).Texts(),
		}
	}
	relay.Incomplete = r.Len() > before
	return relay
}
