package deployment_test

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

const (
	idsAllowed   = "Allowed: a lower-case letter, then up to 62 lower-case letters, digits and underscores."
	portsAllowed = "Allowed: tcp/PORT or tcp/FIRST-LAST (1 to 65535), and so with udp and sctp; icmp, icmp/TYPE or icmp/TYPE-CODE, and so with icmpv6; another protocol's registered name, as in vrrp, or ip/NUMBER."
	placeOnHosts = "Place components on hosts only, as in placement = { postgresql = \"data\" }."
	placeable    = "Allowed: canopsis, canopsis_api, engine_action, engine_axe, engine_che, engine_correlation, engine_dynamic_infos, engine_fifo, " +
		"engine_pbehavior, engine_remediation, engine_snmp, engine_webhook, engines, mongodb, nginx, postgresql, rabbitmq, rabbitmq_ui, redis, redis_sentinel, snmp."
	listening  = "Allowed: canopsis_api, https, ldap, mongodb, nginx, postgresql, rabbitmq, rabbitmq_ui, redis, redis_sentinel, snmp, ssh."
	excludable = "Allowed: administration, administrators, amqp_event_sources, api_event_sources, canopsis, canopsis_api, engines, events, external, " +
		"https, installation, internal, ldap, mongodb, nginx, package_repositories, postgresql, rabbitmq, rabbitmq_ui, redis, redis_sentinel, " +
		"snmp, snmp_trap_sources, ssh, user_access, users."
	nameTheEnd = "Name the end; its addresses go into the binding of that name."
	writePorts = "Write the ports, as in ports = [\"tcp/443\"]."
	asTheKey   = `Name the host, and the service as the flow's key, as in https = { source = "administrators", destination = "canopsis", ports = ["component"] }.`
)

func lines(text ...string) string { return strings.Join(text, "\n") }

func TestChoicesRefused(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		choices deployment.Choices
		want    []string
	}{
		{"options: every one that is none, sorted", with("sentinel", "redis", "mongodb"), []string{
			lines(`Unknown name: options: "mongodb" is not an option of this edition.`, "Allowed: canopsis_api, docker, nginx, packages, redis, redis_sentinel."),
			lines(`Unknown name: options: "sentinel" is not an option of this edition.`, `Did you mean "redis_sentinel"?`, "Allowed: canopsis_api, docker, nginx, packages, redis, redis_sentinel."),
		}},
		{"component_ports: names that have no ports", deployment.Choices{ComponentPorts: map[string][]string{
			"canopsis": {"tcp/1"}, "engines": {"tcp/1"}, "package_repositories": {"tcp/1"}, "users": {"tcp/1"},
		}}, []string{
			lines(`Unknown name: component_ports["canopsis"]: "canopsis" is not a component, a service or an outside system of this edition.`, `Did you mean "canopsis_api"?`, listening),
			lines(`Component without ports: component_ports["engines"]: "engines" only opens connections, it listens on no port.`, "Leave it out, or give the ports of what it calls."),
			lines(`Unknown name: component_ports["package_repositories"]: "package_repositories" is not a component, a service or an outside system of this edition.`, listening),
			lines(`Unknown name: component_ports["users"]: "users" is not a component, a service or an outside system of this edition.`, listening),
		}},
		{"component_ports: what the catalogue has, and could not be accepted", deployment.Choices{ComponentPorts: map[string][]string{
			"librenms": {"tcp/1"}, // an actor
		}}, []string{
			lines(`Unknown name: component_ports["librenms"]: "librenms" is not a component, a service or an outside system of this edition.`, listening),
		}},
		{"component_ports: every spec of every list", deployment.Choices{ComponentPorts: map[string][]string{
			"nginx": {"tcp:443", "tcp/443", "udp 162", "443-80", "80/tcp", "tcp/80-70", "sctp/1", "srtp/1", "all"},
			"redis": {},
		}}, []string{
			lines(`Invalid port: component_ports["nginx"][0]: "tcp:443" is not a protocol.`, `Did you mean "tcp/443"?`, portsAllowed),
			lines(`Invalid port: component_ports["nginx"][2]: "udp 162" is not a protocol.`, `Did you mean "udp/162"?`, portsAllowed),
			lines(`Invalid port: component_ports["nginx"][3]: "443-80" names no protocol.`, `Did you mean "tcp/80-443"?`, portsAllowed),
			lines(`Invalid port: component_ports["nginx"][4]: "80" is not a protocol.`, `Did you mean "tcp/80"?`, portsAllowed),
			lines(`Invalid port: component_ports["nginx"][5]: range 80-70 ends before it starts: write 70-80.`, `Did you mean "tcp/70-80"?`, portsAllowed),
			lines(`Invalid port: component_ports["nginx"][7]: "srtp" is not a protocol.`, `Did you mean "sctp/1"?`, portsAllowed),
			lines(`Invalid port: component_ports["nginx"][8]: "all" would be every protocol, and a matrix names each.`, portsAllowed),
			lines(`Empty list of ports: component_ports["redis"]: the list is empty, and a flow without ports opens nothing.`, `Write at least one port, as in ["tcp/443"]; to leave a component out, name it in exclude.`),
		}},
		{"additional_flows: every end of every flow", additional(map[string]deployment.AdditionalFlow{
			"Backup": {Source: "?", Destination: "canopsis", Ports: []string{"tcp/1"}},
			"both":   {Source: "10.0.0.1", Destination: "Data Base", Ports: []string{"tcp/1"}},
			"closed": {Source: "redis_sentinel", Destination: "redis_sentinel", Ports: []string{"component"}},
			"many":   {Source: "", Destination: "https", Ports: []string{"22"}, Purpose: "admin"},
		}), []string{
			lines(`Invalid name: additional_flows["Backup"]: "Backup" is not a valid name; names become parts of the rules' keys.`, `Did you mean "backup"?`, idsAllowed),
			lines(`Invalid name: additional_flows["Backup"].source: "?" is not a valid name; names become parts of the rules' keys.`, idsAllowed, nameTheEnd),
			lines(`Invalid name: additional_flows["both"].source: "10.0.0.1" is not a valid name; names become parts of the rules' keys.`, idsAllowed, nameTheEnd),
			lines(`Invalid name: additional_flows["both"].destination: "Data Base" is not a valid name; names become parts of the rules' keys.`, `Did you mean "data_base"?`, idsAllowed, nameTheEnd),
			lines(`Closed component: additional_flows["closed"].source: "redis_sentinel" does not run here: it is an option that is not open.`, `Open it with options = ["redis_sentinel"], or name another end.`),
			lines(`Closed component: additional_flows["closed"].destination: "redis_sentinel" does not run here: it is an option that is not open.`, `Open it with options = ["redis_sentinel"], or name another end.`),
			lines(`Invalid name: additional_flows["many"].source: "" is not a valid name; names become parts of the rules' keys.`, idsAllowed, nameTheEnd),
			lines(`Not an end of a flow: additional_flows["many"].destination: "https" is a service, which runs on every host.`, asTheKey),
			lines(`Unknown name: additional_flows["many"].purpose: "admin" is not a purpose.`, `Did you mean "administration"?`, "Allowed: administration, events, external, installation, internal, user_access."),
			lines(`Invalid port: additional_flows["many"].ports[0]: "22" names no protocol.`, `Did you mean "tcp/22"?`, portsAllowed),
		}},
		{"additional_flows: ports that nothing gives", additional(map[string]deployment.AdditionalFlow{
			"to_actor":   {Source: "canopsis", Destination: "users", Ports: []string{"component"}},
			"to_host":    {Source: "users", Destination: "canopsis", Ports: []string{"component"}},
			"to_ldap":    {Source: "mongodb", Destination: "ldap", Ports: []string{"component"}},
			"to_nas":     {Source: "canopsis", Destination: "nas", Ports: []string{"component"}},
			"to_process": {Source: "users", Destination: "engines", Ports: []string{"component"}},
		}), []string{
			lines(`Component without known ports: additional_flows["to_actor"].ports: the flow's component is "to_actor", of which no ports are known.`, writePorts),
			lines(`Component without known ports: additional_flows["to_host"].ports: the flow's component is "to_host", of which no ports are known.`, writePorts),
			lines(`Component without known ports: additional_flows["to_ldap"].ports: the flow's component is "to_ldap", of which no ports are known.`, writePorts),
			lines(`Component without known ports: additional_flows["to_nas"].ports: the flow's component is "to_nas", of which no ports are known.`, writePorts),
			lines(`Component without known ports: additional_flows["to_process"].ports: the flow's component is "engines", of which no ports are known.`, writePorts),
		}},
		{"placement: services, actors and outside systems, and onto them", placed(map[string]string{
			"mongodb": "Data 1", "nginx": "https", "ldap": "data", "redis": "users", "postgresql": "package_repositories", "ssh": "data", "users": "data",
		}), []string{
			lines(`Not a component or a host: placement["ldap"]: "ldap" is an outside system, which is no machine of Canopsis.`, placeOnHosts),
			lines(`Invalid name: placement["mongodb"]: "Data 1" is not a valid name; names become parts of the rules' keys.`, `Did you mean "data_1"?`, idsAllowed),
			lines(`Not a component or a host: placement["nginx"]: "https" is a service, which runs on every host.`, placeOnHosts),
			lines(`Not a component or a host: placement["postgresql"]: "package_repositories" is an outside system, which is no machine of Canopsis.`, placeOnHosts),
			lines(`Not a component or a host: placement["redis"]: "users" is an actor, which is no machine of Canopsis.`, placeOnHosts),
			lines(`Not a component or a host: placement["ssh"]: "ssh" is a service, which runs on every host.`, placeOnHosts),
			lines(`Not a component or a host: placement["users"]: "users" is an actor, which is no machine of Canopsis.`, placeOnHosts),
		}},
		{"placement: unknown names, and the catalogue where it would help", placed(map[string]string{
			"data": "data", "dns": "data", "mail_connector": "data", "mongo": "data",
		}), []string{
			lines(`Unknown name: placement["data"]: "data" is not a component or a host of this edition.`, placeable),
			lines(`Unknown name: placement["dns"]: "dns" is not a component or a host of this edition.`, placeable),
			lines(`Unknown name: placement["mail_connector"]: "mail_connector" is not a component or a host of this edition.`, placeable, `The catalogue has it: write interconnections = ["email_pop3"] too.`),
			lines(`Unknown name: placement["mongo"]: "mongo" is not a component or a host of this edition.`, `Did you mean "mongodb"?`, placeable),
		}},
		{"exclude: every unknown name, sorted", deployment.Choices{Exclude: []string{"Users", "ldpa", "canopsis-to-ldap", ""}}, []string{
			lines(`Unknown name: exclude: "" is not an endpoint, a component or a purpose of this edition.`, excludable),
			lines(`Unknown name: exclude: "Users" is not an endpoint, a component or a purpose of this edition.`, `Did you mean "users"?`, excludable),
			lines(`Unknown name: exclude: "canopsis-to-ldap" is not an endpoint, a component or a purpose of this edition.`, excludable,
				`To leave one flow out, filter the rules: { for key, rule in data.canopsis_flows.this.rules : key => rule if rule.flow != "canopsis-to-ldap" }.`),
			lines(`Unknown name: exclude: "ldpa" is not an endpoint, a component or a purpose of this edition.`, `Did you mean "ldap"?`, excludable),
		}},
		{"all arguments that name what the edition has, at once", deployment.Choices{
			Options:         []string{"sentinel"},
			ComponentPorts:  map[string][]string{"redis": {"6379"}},
			AdditionalFlows: map[string]deployment.AdditionalFlow{"x": {Source: "ssh", Destination: "nginx", Ports: []string{"component"}}},
			Placement:       map[string]string{"mongo": "data"},
			Clusters:        []string{"data"}, // would be a host if the placement were right
			Exclude:         []string{"data"},
		}, []string{
			lines(`Unknown name: options: "sentinel" is not an option of this edition.`, `Did you mean "redis_sentinel"?`, "Allowed: canopsis_api, docker, nginx, packages, redis, redis_sentinel."),
			lines(`Invalid port: component_ports["redis"][0]: "6379" names no protocol.`, `Did you mean "tcp/6379"?`, portsAllowed),
			lines(`Not an end of a flow: additional_flows["x"].source: "ssh" is a service, which runs on every host.`, strings.Replace(asTheKey, "https", "ssh", 1)),
			lines(`Unknown name: placement["mongo"]: "mongo" is not a component or a host of this edition.`, `Did you mean "mongodb"?`, placeable),
		}},
		{"all arguments that name what the others make, at once", deployment.Choices{
			Clusters: []string{"data"},
			Exclude:  []string{"ldpa"},
			Relays:   map[string]deployment.Relay{"lb": {InFrontOf: []string{"users"}, Ports: []string{"tcp/443"}}},
		}, []string{
			lines(`Unknown name: clusters: "data" is not a host of this installation.`, "Allowed: canopsis, mongodb, postgresql, redis."),
			lines(`Unknown name: exclude: "ldpa" is not an endpoint, a component or a purpose of this edition.`, `Did you mean "ldap"?`, excludable),
			lines(`Nothing to stand in front of: relays["lb"].in_front_of: "users" is an actor, who connects and does not listen.`, "Name what it connects to."),
		}},
		{"the ports of an interconnection, once", deployment.Choices{
			Interconnections: []string{"icinga2_livestatus"},
			ComponentPorts:   map[string][]string{"icinga2": {"6557"}},
		}, []string{
			lines(`Invalid port: component_ports["icinga2"][0]: "6557" names no protocol.`, `Did you mean "tcp/6557"?`, portsAllowed),
		}},
		{"purposes: the user's and the page's", additional(map[string]deployment.AdditionalFlow{
			"portal": {Source: "users", Destination: "nginx", Ports: []string{"tcp/1"}, Purpose: "events"},
		}), []string{
			lines(`Two purposes of one flow: additional_flows["portal"].purpose: two flows become users-to-canopsis-nginx with different purposes: `+
				`"user_access" (published: Web interface and API) and "events" (additional).`,
				"Leave purpose out: then the flow's ends decide, as they do for the other one."),
		}},
		{"purposes: two of the user's", additional(map[string]deployment.AdditionalFlow{
			"day":   {Source: "probes", Destination: "nginx", Ports: []string{"tcp/1"}, Purpose: "internal", Description: "a"},
			"night": {Source: "probes", Destination: "nginx", Ports: []string{"tcp/2"}, Purpose: "administration", Description: "b"},
		}), []string{
			lines(`Two purposes of one flow: additional_flows: two flows become probes-to-canopsis-nginx with different purposes: `+
				`"internal" (additional: a) and "administration" (additional: b).`,
				"Write the same purpose in every flow that becomes probes-to-canopsis-nginx, or leave purpose out of all of them."),
		}},
		{"purposes: the component is the key", additional(map[string]deployment.AdditionalFlow{
			"ssh":   {Source: "administrators", Destination: "canopsis", Ports: []string{"tcp/22"}, Purpose: "internal"},
			"other": {Source: "probes", Destination: "nas", Ports: []string{"tcp/1"}, Purpose: "internal"},
		}), []string{
			lines(`Two purposes of one flow: additional_flows["ssh"].purpose: two flows become administrators-to-canopsis-ssh with different purposes: `+
				`"administration" (published: Maintenance of the machines by SSH) and "internal" (additional).`,
				"Leave purpose out: then the flow's ends decide, as they do for the other one."),
		}},
		{"purposes: what a cluster's members open", deployment.Choices{
			Clusters: []string{"mongodb"},
			AdditionalFlows: map[string]deployment.AdditionalFlow{
				"x": {Source: "mongodb", Destination: "mongodb", Ports: []string{"tcp/1"}, Purpose: "administration"},
			},
		}, []string{
			lines(`Two purposes of one flow: additional_flows["x"].purpose: two flows become mongodb-to-mongodb with different purposes: `+
				`"internal" (cluster: Members of the MongoDB replica set (the vendor's own files)) and "administration" (additional).`,
				"Leave purpose out: then the flow's ends decide, as they do for the other one."),
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			wantLines(t, faultsOf(t, "22.10", test.choices), test.want...)
			wantLines(t, faultsOf(t, "22.10", corrected(test.choices)), test.want...)
		})
	}
}
