package provider

// vendorNameCases give a component's name as the vendor has it in other editions, in
// every place where a component, a host or an endpoint may be named.
func vendorNameCases() []diagnosticCase {
	const what = "the vendor's other name of a component"
	hint := func(words ...string) []string { return append(words, `"timescaledb"`, `Did you mean "postgresql"?`) }
	flow := func(name, source, destination string) object {
		return object{"additional_flows": object{name: object{"source": source, "destination": destination, "ports": list{"tcp/5432"}}}}
	}
	return []diagnosticCase{
		{argument: "placement", kind: isWrong, what: what,
			given: object{"placement": object{"timescaledb": "data"}},
			says:  hint("placement", "Allowed: canopsis")},
		{argument: "placement", kind: isWrong, what: what + " as a new host",
			given: object{"placement": object{"redis": "timescaledb"}},
			says:  hint(`placement["redis"]`, "another name")},
		{argument: "component_ports", kind: isWrong, what: what,
			given: object{"component_ports": object{"timescaledb": list{"tcp/5432"}}},
			says:  hint(`component_ports["timescaledb"]`)},
		{argument: "clusters", kind: isWrong, what: what,
			given: object{"clusters": list{"timescaledb"}},
			says:  hint("clusters")},
		{argument: "exclude", kind: isWrong, what: what,
			given: object{"exclude": list{"timescaledb"}},
			says:  hint("exclude")},
		{argument: "cloud_services", kind: isWrong, what: what,
			given: object{"cloud_services": list{"timescaledb"}},
			says:  hint("cloud_services")},
		{argument: "relays", kind: isWrong, what: what,
			given: object{"relays": object{"timescaledb": object{"listeners": object{"nginx": list{"tcp/443"}}}}},
			says:  hint(`relays["timescaledb"]`, "another name")},
		{argument: "relays.listeners", kind: isWrong, what: what,
			given: object{"relays": object{"haproxy": object{"listeners": object{"timescaledb": list{"tcp/5432"}}}}},
			says:  hint(`relays["haproxy"].listeners["timescaledb"]`)},
		{argument: "relays.listeners", kind: isWrong, what: what + " behind a relay",
			given: object{"relays": object{
				"inner": object{"listeners": object{"postgresql": list{"tcp/5432"}, "nginx": list{"tcp/443"}}},
				"outer": object{"listeners": object{"inner/timescaledb": list{"tcp/5432"}}},
			}},
			says: []string{`relays["outer"].listeners`, `"inner/timescaledb" is not`, `Did you mean "inner/postgresql"?`}},
		{argument: "relays.in_front_of", kind: isWrong, what: what,
			given: object{"relays": object{"haproxy": object{"in_front_of": list{"timescaledb"}, "ports": list{"tcp/5432"}}}},
			says:  hint(`relays["haproxy"].in_front_of`)},
		{argument: "additional_flows", kind: isWrong, what: what,
			given: flow("timescaledb", "users", "postgresql"),
			says:  hint(`additional_flows["timescaledb"]`, "another name")},
		{argument: "additional_flows.source", kind: isWrong, what: what,
			given: flow("backup", "timescaledb", "canopsis"),
			says:  hint(`additional_flows["backup"].source`)},
		{argument: "additional_flows.destination", kind: isWrong, what: what,
			given: flow("backup", "users", "timescaledb"),
			says:  hint(`additional_flows["backup"].destination`)},
	}
}
