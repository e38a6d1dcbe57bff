package main

import (
	"fmt"
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// calledFunction is how a configuration calls a function that writes rules.
type calledFunction struct {
	host   string // the binding of host i
	rest   string // arguments behind rules and bindings
	result string // what is counted, of the result
}

// calledFunctions has how each target's function is called, and those of no target.
// A host is one machine of 50.
func calledFunctions(targets []firewall.Target) (map[string]calledFunction, error) {
	const cidrs = `{ cidrs = ["172.16.0.${i}/32"] }`
	entries := map[string]calledFunction{
		"aws":        {host: `{ security_group_id = format("sg-%08x", i) }`, result: "ingress"},
		"gcp":        {host: `{ network_tags = ["host-${i}"] }`, result: "ingress"},
		"openstack":  {host: `{ security_group_id = format("%08x-0b1f-4c6d-8e9f-0a1b2c3d4e5f", i) }`, result: "ingress"},
		"kubernetes": {host: `{ namespace = "canopsis", pod_labels = { app = "host-${i}" } }`, result: "ingress"},
		"address":    {host: cidrs, result: "rows"},
		"azure": {
			host:   `{ network_security_group_name = "host-${i}", resource_group_name = "rg", application_security_group_id = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/host-${i}" }`,
			result: "ingress",
		},
	}
	functions := map[string]calledFunction{
		"nftables_ruleset": {host: cidrs, rest: `, "host_0", { allow_lockout = true }`, result: "ruleset"},
	}
	for _, target := range targets {
		entry, ok := entries[target.Name]
		if !ok {
			return nil, fmt.Errorf("target %q has no entry among the functions that are measured", target.Name)
		}
		functions[target.FunctionName()] = entry
	}
	return functions, nil
}

// functionLoad is what every function is given.
type functionLoad struct{ name, says, rules, users string }

// functionLoads are the shapes of large installations. Of each aws_rules makes 10,000
// bound rules: 200 named prefixes that reach each of 50 hosts, and 5,000 ports between
// the hosts, each a rule of both its ends.
func functionLoads() []functionLoad {
	rule := func(each, source, destination, purpose, port string) string {
		return fmt.Sprintf(`{ for i in %s : "rule-${i}" => {
    flow = "flow-${i}", source = "%s", destination = "host_${%s}", component = "service", purpose = "%s"
    protocol = "tcp", from_port = %s, to_port = %[5]s
  } }`, each, source, destination, purpose, port)
	}
	return []functionLoad{
		{"names", "named prefixes", rule("range(50)", "users", "i", "user_access", "8443"), `{ users = { named_cidrs = { for i in range(200) : "name_${i}" => "10.20.${i}.0/24" } } }`},
		{"hosts", "rules between hosts", rule("flatten([for j in range(5) : range(1000 * j, 1000 * j + 1000)])", "host_${i % 50}", "(1 + i + floor(i / 50)) % 50", "internal", "1024 + i"), "{}"},
	}
}

// functionComparisons compares each function with aws_rules.
func functionComparisons(targets []firewall.Target) ([]comparison, error) {
	functions, err := calledFunctions(targets)
	if err != nil {
		return nil, err
	}
	var all []comparison
	for _, load := range functionLoads() {
		for _, name := range slices.Sorted(maps.Keys(functions)) {
			if name != "aws_rules" {
				all = append(all, comparison{
					name: load.name + "-" + name, ours: functions[name].plan(name, load), theirs: functions["aws_rules"].plan("aws_rules", load),
					runs: 3, limit: 2.0, first: name + ", " + load.says, against: "aws_rules",
				})
			}
		}
	}
	return all, nil
}

// plan is a configuration that calls the function once.
func (c calledFunction) plan(name string, load functionLoad) string {
	return required("canopsis") + fmt.Sprintf(`
locals {
  rules = %s
  hosts = { for i in range(50) : "host_${i}" => %s }
  bound = provider::canopsis::%s(local.rules, merge(local.hosts, %s)%s)
}

output "count" {
  value = length(local.bound.%s)
}
`, load.rules, c.host, name, load.users, c.rest, c.result)
}
