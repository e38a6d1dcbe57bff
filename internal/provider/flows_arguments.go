package provider

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// portSpecs says what a port spec is.
const portSpecs = "`tcp/443`, `udp/162`, `sctp/2905`, `tcp/8000-8010` (both ends inclusive), `icmp/8` (a type), `icmp/3-4` (a type and its code), `icmp` (any type), " +
	"and so `icmpv6`, or another IP protocol by its registered name (`vrrp`, `esp`) or, where it has none, by its number (`ip/253`)."

// attributesDrop warns of what the provider cannot see: Terraform turns an object
// into the nested attribute's type, and drops what the type does not have.
const attributesDrop = "Terraform ignores attributes that it does not know here: check the spelling."

// flowsArguments marks no nested attribute as required: the framework would
// refuse a flow or a relay that is not known yet, and with it the validation of
// every module that takes one as a variable. readChoices asks for what must be
// there: a misspelt attribute is one that is left out, and none may open by that.
//
// It is long since it is a table: a schema, top to bottom.
func flowsArguments() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"options": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "What to open where the page says \"or\" (*ou*), and which optional components (*optionnel*) run. Every named option is opened. " +
				"Where you name none of the alternatives, the first is opened. " +
				"How Canopsis was installed (`docker` or `packages`, from 23.04 on) has no default and must be named.",
		},
		"component_ports": schema.MapAttribute{
			Optional: true, ElementType: types.ListType{ElemType: types.StringType},
			MarkdownDescription: "Ports that this installation changed: a component, a service (`ssh`, `https`) or an outside system (`ldap`) to its port specs, as in `{ nginx = [\"tcp/8443\"] }`. " +
				"A port spec is " + portSpecs,
		},
		"interconnections": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Entries of the catalogue to add, as in `[\"dns\", \"ntp\", \"zabbix_webhook\"]`: what Canopsis is connected to, and what hosts need where egress is closed. " +
				"The data source `canopsis_interconnections` lists them. Whom an entry brings is then known to the other arguments, " +
				"`component_ports` among them, which must give the ports that no document gives.",
		},
		"additional_flows": schema.MapNestedAttribute{
			Optional: true,
			MarkdownDescription: "Your own flows, by names of your own: " + matrix.IDForm + ". The flow's component, which stands at the end of its id, is the name " +
				"where that is a service (`ssh`, on the destination's host) or a component that runs on the destination's host; else `destination` where that is a component; " +
				"else a new one, by this name, which `placement` may put on a host of yours. The name of another host's component, or of another outside system, is an error. " + attributesDrop,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"source": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "Required. Endpoint or component that connects. A name that the edition does not know is a new actor: " + matrix.IDForm + ".",
				},
				"destination": schema.StringAttribute{
					Optional:            true,
					MarkdownDescription: "Required. Endpoint or component that listens. A name that the edition does not know is a new outside system: " + matrix.IDForm + ".",
				},
				"ports": schema.ListAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "Required. Port specs, as in `component_ports`, or `[\"component\"]` for the ports on which the flow's component listens here.",
				},
				"purpose": schema.StringAttribute{
					Optional: true,
					MarkdownDescription: "`installation`, `administration`, `user_access`, `events`, `internal` or `external`. " +
						"Follows from the flow's ends where it is left out.",
				},
				"description": schema.StringAttribute{Optional: true, MarkdownDescription: "Why the flow is needed, for whoever approves it."},
			}},
		},
		"placement": schema.MapAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Which host runs what: a component or a host to a host, as in `{ postgresql = \"data\", redis = \"data\" }`. " +
				"A new host's name is " + matrix.IDForm + ". " +
				"A component takes the rows that lead to it along, and, with `corrections = \"apply\"`, what it opens; flows inside one host disappear; flows that become the same merge. " +
				"Engines (`engines`) may be placed one by one: " + enginesInWords() + ".",
		},
		"cloud_services": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Hosts that a cloud runs (RDS, DocumentDB, ElastiCache, Amazon MQ and the like), as in `[\"postgresql\"]`: nobody reaches them by SSH, " +
				"they fetch no packages, ask neither name nor time servers, and their machines are nobody's cluster. They stay in `hosts`. Acts after `placement`.",
		},
		"clusters": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Hosts, and relays, that are several machines: flows inside them stay, as rules from the host to itself, " +
				"and what the members open to each other is added: " + membershipsInWords() + ". " +
				"VRRP is opened from machine to machine, for clouds carry no multicast: Keepalived needs `unicast_peer`.",
		},
		"exclude": schema.SetAttribute{
			Optional: true, ElementType: types.StringType,
			MarkdownDescription: "Endpoints, components or purposes to leave out. Of a component, the flows to it.",
		},
		"relays": schema.MapNestedAttribute{
			Optional: true,
			MarkdownDescription: "Load balancers, reverse proxies and HTTP proxies, by a name of your own (" + matrix.IDForm + "), as in " +
				"`{ haproxy = { listeners = { nginx = [\"tcp/443\"], rabbitmq = [\"tcp/5672\"] } } }`. Instead of a direct flow, the source connects to the relay on the ports " +
				"on which the relay listens for what the source has a flow to, and on no others, and the relay to the destination on the destination's. " +
				"Flows to ports beside a component's own, and of protocols without ports, lead straight to the host. " +
				"Relays before one destination stand side by side; one before another makes a chain. " +
				"What a relay stands in front of may be closed or excluded: then it does nothing. Flows of a cluster to itself bypass relays. " +
				"A relay is an endpoint of kind `relay` and needs a binding; it is not in `hosts`. " + attributesDrop,
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"listeners": schema.MapAttribute{
					Optional: true, ElementType: types.ListType{ElemType: types.StringType},
					MarkdownDescription: "Required, unless `in_front_of` and `ports` are written. What the relay stands in front of to the port specs on which it listens for that: " +
						"components that listen (`nginx`), outside systems (`ldap`, `package_repositories`), and what another relay listens for (`\"haproxy/nginx\"`, or `haproxy` where that listens for one thing). " +
						"One port under two of them is allowed: there the relay decides who reaches what, and a warning says so.",
				},
				"in_front_of": schema.SetAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "In place of `listeners`, where all is on one list of ports: what the relay stands in front of.",
				},
				"ports": schema.ListAttribute{
					Optional: true, ElementType: types.StringType,
					MarkdownDescription: "With `in_front_of`: the port specs on which the relay listens. Several only where `in_front_of` has one element.",
				},
			}},
		},
	}
}

// membershipsInWords says what members of clusters open to each other, and
// whose word that is.
func membershipsInWords() string {
	var parts []string
	for _, m := range edition.Memberships() {
		var ports []string
		if m.OwnPorts {
			ports = append(ports, "its ports")
		}
		for r := range m.Ports.All() {
			ports = append(ports, "`"+r.String()+"`")
		}
		parts = append(parts, fmt.Sprintf("`%s` %s (%s)", m.Component, strings.Join(ports, " and "), m.Confidence))
	}
	return strings.Join(parts, ", ")
}

func enginesInWords() string {
	var ids []string
	for _, engine := range edition.EngineComponents() {
		ids = append(ids, "`"+engine.ID+"`")
	}
	return strings.Join(ids, ", ")
}
