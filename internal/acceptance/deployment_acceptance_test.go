package acceptance_test

import (
	"strconv"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// published are the flows that edition 22.10 draws where nobody chose anything.
var published = []struct {
	id, source, destination, component, purpose string
	protocol                                    string
	ports                                       []int64
	viaProxy, configurationDependent            bool
}{
	{"administrators-to-canopsis-rabbitmq_ui", "administrators", "canopsis", "rabbitmq_ui", "administration", "tcp", []int64{15672}, false, false},
	{"administrators-to-canopsis-ssh", "administrators", "canopsis", "ssh", "administration", "tcp", []int64{22}, false, false},
	{"administrators-to-mongodb-ssh", "administrators", "mongodb", "ssh", "administration", "tcp", []int64{22}, false, false},
	{"amqp_event_sources-to-canopsis-rabbitmq", "amqp_event_sources", "canopsis", "rabbitmq", "events", "tcp", []int64{5672}, false, false},
	{"api_event_sources-to-canopsis-nginx", "api_event_sources", "canopsis", "nginx", "events", "tcp", []int64{8080, 8443}, false, false},
	{"canopsis-to-ldap", "canopsis", "ldap", "ldap", "external", "tcp", []int64{389, 636}, false, false},
	{"canopsis-to-mongodb", "canopsis", "mongodb", "mongodb", "internal", "tcp", []int64{27017}, false, false},
	{"canopsis-to-package_repositories-https", "canopsis", "package_repositories", "https", "installation", "tcp", []int64{443}, true, false},
	{"canopsis-to-postgresql", "canopsis", "postgresql", "postgresql", "internal", "tcp", []int64{5432}, false, false},
	{"canopsis-to-redis", "canopsis", "redis", "redis", "internal", "tcp", []int64{6739}, false, false},
	{"snmp_trap_sources-to-canopsis-snmp", "snmp_trap_sources", "canopsis", "snmp", "events", "udp", []int64{162}, false, false},
	{"users-to-canopsis-nginx", "users", "canopsis", "nginx", "user_access", "tcp", []int64{8080, 8443}, false, true},
}

// publishedFlows are the checks that the flows at an address are the published
// ones: 12 flows, 15 rules, the hosts and the choices that the page leaves.
// reason is whose words the descriptions are.
func publishedFlows(address, reason string) []statecheck.StateCheck {
	flows, rules := map[string]knownvalue.Check{}, map[string]knownvalue.Check{}
	row := knownvalue.ObjectPartial(map[string]knownvalue.Check{"kind": knownvalue.StringExact(reason), "text": knownvalue.NotNull()})
	for _, f := range published {
		var ports []knownvalue.Check
		for _, port := range f.ports {
			ports = append(ports, knownvalue.ObjectExact(map[string]knownvalue.Check{
				"protocol":  knownvalue.StringExact(f.protocol),
				"from_port": knownvalue.Int64Exact(port),
				"to_port":   knownvalue.Int64Exact(port),
			}))
			rules[f.id+"/"+f.protocol+"-"+strconv.FormatInt(port, 10)] = knownvalue.ObjectExact(map[string]knownvalue.Check{
				"flow":        knownvalue.StringExact(f.id),
				"source":      knownvalue.StringExact(f.source),
				"destination": knownvalue.StringExact(f.destination),
				"component":   knownvalue.StringExact(f.component),
				"purpose":     knownvalue.StringExact(f.purpose),
				"protocol":    knownvalue.StringExact(f.protocol),
				"from_port":   knownvalue.Int64Exact(port),
				"to_port":     knownvalue.Int64Exact(port),
				"origin":      knownvalue.StringExact("published"),
				"description": knownvalue.NotNull(),
			})
		}
		flows[f.id] = knownvalue.ObjectExact(map[string]knownvalue.Check{
			"source":                  knownvalue.StringExact(f.source),
			"destination":             knownvalue.StringExact(f.destination),
			"component":               knownvalue.StringExact(f.component),
			"ports":                   knownvalue.ListExact(ports),
			"purpose":                 knownvalue.StringExact(f.purpose),
			"description":             knownvalue.NotNull(),
			"reasons":                 knownvalue.ListExact([]knownvalue.Check{row}),
			"origin":                  knownvalue.StringExact("published"),
			"via_proxy":               knownvalue.Bool(f.viaProxy),
			"configuration_dependent": knownvalue.Bool(f.configurationDependent),
			"optional":                knownvalue.Bool(false),
		})
	}
	at := func(attribute string, check knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue(address, tfjsonpath.New(attribute), check)
	}
	return []statecheck.StateCheck{
		at("flows", knownvalue.MapExact(flows)),
		at("rules", knownvalue.MapExact(rules)),
		at("hosts", knownvalue.MapExact(map[string]knownvalue.Check{
			"canopsis":   texts("canopsis_api", "engines", "nginx", "rabbitmq", "rabbitmq_ui", "snmp"),
			"mongodb":    texts("mongodb"),
			"postgresql": texts("postgresql"),
			"redis":      texts("redis"),
		})),
		at("alternatives", knownvalue.MapExact(map[string]knownvalue.Check{
			"nginx_or_canopsis_api":   alternative("nginx", "canopsis_api"),
			"redis_or_redis_sentinel": alternative("redis", "redis_sentinel"),
		})),
		at("endpoints", knownvalue.MapExact(map[string]knownvalue.Check{
			"administrators":     endpoint("actor"),
			"amqp_event_sources": endpoint("actor"),
			"api_event_sources":  endpoint("actor"),
			"canopsis":           endpoint("host"),
			"ldap":               endpoint("external"),
			"mongodb":            endpoint("host"),
			"package_repositories": endpoint("external",
				"docker.canopsis.net", "git.canopsis.net", "repositories.canopsis.net"),
			"postgresql":        endpoint("host"),
			"redis":             endpoint("host"),
			"snmp_trap_sources": endpoint("actor"),
			"users":             endpoint("actor"),
		})),
	}
}

func texts(values ...string) knownvalue.Check {
	checks := make([]knownvalue.Check, 0, len(values))
	for _, value := range values {
		checks = append(checks, knownvalue.StringExact(value))
	}
	return knownvalue.ListExact(checks)
}

func alternative(first, second string) knownvalue.Check {
	return knownvalue.ObjectExact(map[string]knownvalue.Check{
		"kind":       knownvalue.StringExact("alternative"),
		"options":    texts(first, second),
		"taken":      texts(first),
		"by_default": knownvalue.Bool(true),
	})
}

func endpoint(kind string, fqdns ...string) knownvalue.Check {
	return knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"kind":  knownvalue.StringExact(kind),
		"name":  knownvalue.NotNull(),
		"fqdns": texts(fqdns...),
	})
}

// publishedComponents are the checks that the components at an address are those
// of the page's list, with the ports that it prints.
func publishedComponents(address string) []statecheck.StateCheck {
	components := map[string]knownvalue.Check{}
	add := func(id, name, host, protocol string, numbers ...int64) {
		var ports []knownvalue.Check
		for _, number := range numbers {
			ports = append(ports, knownvalue.ObjectExact(map[string]knownvalue.Check{
				"protocol":  knownvalue.StringExact(protocol),
				"from_port": knownvalue.Int64Exact(number),
				"to_port":   knownvalue.Int64Exact(number),
				"option":    knownvalue.Null(),
			}))
		}
		components[id] = knownvalue.ObjectExact(map[string]knownvalue.Check{
			"name":            knownvalue.StringExact(name),
			"description":     knownvalue.NotNull(),
			"host":            knownvalue.StringExact(host),
			"ports":           knownvalue.ListExact(ports),
			"published_ports": knownvalue.ListExact(ports),
		})
	}
	add("canopsis_api", "API Canopsis", "canopsis", "tcp", 8082)
	add("mongodb", "MongoDB", "mongodb", "tcp", 27017)
	add("nginx", "Nginx", "canopsis", "tcp", 8080, 8443)
	add("postgresql", "PostgreSQL", "postgresql", "tcp", 5432)
	add("rabbitmq", "RabbitMQ", "canopsis", "tcp", 5672)
	add("rabbitmq_ui", "RabbitMQ UI", "canopsis", "tcp", 15672)
	add("redis", "Redis", "redis", "tcp", 6739)
	add("snmp", "SNMP", "canopsis", "udp", 162)
	return []statecheck.StateCheck{statecheck.ExpectKnownValue(address, tfjsonpath.New("components"), knownvalue.MapExact(components))}
}

func TestDefaultDeployment(t *testing.T) {
	t.Parallel()
	const configuration = `
data "canopsis_flows" "this" {}
data "canopsis_components" "this" {}
`
	edition := knownvalue.ObjectPartial(map[string]knownvalue.Check{
		"version":  knownvalue.StringExact("22.10"),
		"releases": texts("22.10"),
		"date":     knownvalue.StringExact("2022-10-17"),
	})
	accept(t,
		resource.TestStep{
			Config: configuration,
			ConfigStateChecks: append(append(
				publishedFlows("data.canopsis_flows.this", "row"),
				publishedComponents("data.canopsis_components.this")...),
				statecheck.ExpectKnownValue("data.canopsis_flows.this", tfjsonpath.New("edition"), edition),
				statecheck.ExpectKnownValue("data.canopsis_components.this", tfjsonpath.New("edition"), edition),
			),
		},
		resource.TestStep{
			Config:           configuration,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
		},
	)
}

// vendorPage is a page in the vendor's form and language, with the facts of
// 22.10 in words that are not the embedded edition's.
func vendorPage(t *testing.T) string {
	t.Helper()
	return strconv.Quote(absolute(t, "../page/testdata/22.10.md"))
}

// A user's own copy of the page and the embedded edition say the same, in all
// but the words.
func TestPageSaysWhatTheEditionSays(t *testing.T) {
	t.Parallel()
	configuration := `
data "canopsis_flows" "page" {
  page = file(` + vendorPage(t) + `)
}

data "canopsis_components" "page" {
  page = file(` + vendorPage(t) + `)
}

locals {
  said = { for corrections in ["apply", "none"] : corrections => {
    for name, flows in {
      edition = corrections == "apply" ? data.canopsis_flows.edition_corrected : data.canopsis_flows.edition
      page    = corrections == "apply" ? data.canopsis_flows.page_corrected : data.canopsis_flows.page_published
    } : name => {
      flows        = { for id, flow in flows.flows : id => merge(flow, { description = "", reasons = [] }) }
      rules        = { for key, rule in flows.rules : key => merge(rule, { description = "" }) }
      alternatives = flows.alternatives
      hosts        = flows.hosts
      errata       = { for id, erratum in flows.errata : id => erratum.applied if id != "docker_host_ports" } # of a release, which a page does not name
    }
  } }
}

data "canopsis_flows" "edition" {
  corrections = "none"
}

data "canopsis_flows" "page_published" {
  page        = file(` + vendorPage(t) + `)
  corrections = "none"
}

data "canopsis_flows" "edition_corrected" {
  corrections = "apply"
  options     = ["redis", "redis_sentinel"]
  placement   = { rabbitmq = "bus" }
}

data "canopsis_flows" "page_corrected" {
  page        = file(` + vendorPage(t) + `)
  corrections = "apply"
  options     = ["redis", "redis_sentinel"]
  placement   = { rabbitmq = "bus" }
}

output "same" {
  value = { for corrections, said in local.said : corrections => said.page == said.edition }
}

output "corrected" {
  value = [for key, rule in local.said.apply.page.rules : key if rule.origin == "erratum"]
}
`
	accept(t, resource.TestStep{
		Config: configuration,
		ConfigStateChecks: append(append(
			publishedFlows("data.canopsis_flows.page", "own"),
			publishedComponents("data.canopsis_components.page")...),
			statecheck.ExpectKnownOutputValue("same", knownvalue.ObjectExact(map[string]knownvalue.Check{
				"apply": knownvalue.Bool(true),
				"none":  knownvalue.Bool(true),
			})),
			statecheck.ExpectKnownOutputValue("corrected", texts(
				"administrators-to-bus-ssh/tcp-22",
				"administrators-to-postgresql-ssh/tcp-22",
				"administrators-to-redis-ssh/tcp-22",
				"administrators-to-redis_sentinel-ssh/tcp-22",
				"canopsis-to-bus-rabbitmq/tcp-5672",
				"redis_sentinel-to-redis/tcp-6379",
			)),
			statecheck.ExpectKnownValue("data.canopsis_flows.page", tfjsonpath.New("edition"), knownvalue.ObjectPartial(map[string]knownvalue.Check{
				"version":  knownvalue.Null(),
				"releases": texts(),
			})),
		),
	})
}

// Whoever writes the same in another way gets the same: the plan is empty.
func TestSameInOtherWords(t *testing.T) {
	t.Parallel()
	// What users keep of a deployment, without the words of its descriptions.
	const kept = `
resource "terraform_data" "kept" {
  input = {
    flows        = { for id, flow in data.canopsis_flows.this.flows : id => merge(flow, { description = "", reasons = [] }) }
    rules        = { for key, rule in data.canopsis_flows.this.rules : key => merge(rule, { description = "" }) }
    hosts        = data.canopsis_flows.this.hosts
    alternatives = data.canopsis_flows.this.alternatives
  }
}
`
	for name, spelling := range map[string][2]string{
		"permuted": {`
data "canopsis_flows" "this" {
  corrections     = "apply"
  options         = ["redis_sentinel", "canopsis_api", "nginx"]
  placement       = { postgresql = "data", redis = "data", redis_sentinel = "data" }
  clusters        = ["mongodb", "data"]
  component_ports = { nginx = ["tcp/443", "tcp/8000-8010", "tcp/8005-8020"] }
  exclude         = ["ldap", "snmp_trap_sources"]
}
`, `
data "canopsis_flows" "this" {
  exclude         = ["snmp_trap_sources", "ldap", "ldap"]
  component_ports = { nginx = ["tcp/8000-8020", "tcp/443", "tcp/8001"] }
  clusters        = toset(["data", "mongodb"])
  placement       = tomap({ redis_sentinel = "data", redis = "data", postgresql = "data" })
  options         = concat(["nginx"], ["canopsis_api", "redis_sentinel", "nginx"])
  corrections     = "apply"
}
`},
		"relays, cloud services and single engines": {`
data "canopsis_flows" "this" {
  corrections    = "none"
  placement      = { engine_webhook = "out", postgresql = "data" }
  cloud_services = ["data", "redis"]
  clusters       = ["lb"]
  relays = {
    lb    = { in_front_of = ["nginx"], ports = ["tcp/443", "tcp/80"] }
    proxy = { in_front_of = ["package_repositories", "ldap"], ports = ["tcp/3128"] }
    outer = { in_front_of = ["lb"], ports = ["tcp/443"] }
  }
  additional_flows = {
    ssh = { source = "backup", destination = "mongodb", ports = ["tcp/22"] }
  }
}
`, `
data "canopsis_flows" "this" {
  corrections = "none"
  additional_flows = {
    ssh = { source = "backup", destination = "mongodb", ports = ["component"] }
  }
  relays = {
    outer = { listeners = { "lb/nginx" = ["tcp/443"] } }
    proxy = { listeners = { ldap = ["tcp/3128"], package_repositories = ["tcp/3128"] } }
    lb    = { listeners = { nginx = ["tcp/80", "tcp/443"] } }
  }
  clusters       = ["lb", "lb"]
  cloud_services = ["redis", "data"]
  placement      = { postgresql = "data", engine_webhook = "out" }
}
`},
		"said by the provider block": {`
data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
}
`, `
provider "canopsis" {
  canopsis_version = "22.10"
  corrections      = "apply"
}

data "canopsis_flows" "this" {}
`},
		"defaults said": {`
data "canopsis_flows" "this" {
  corrections = "none"
}
`, `
data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "none"
  options          = []
  placement        = {}
  clusters         = []
  component_ports  = { redis = ["tcp/6739"] }
  exclude          = []
}
`},
		"page": {`
data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "apply"
}
`, `
provider "canopsis" {
  canopsis_version = "22.10" # the page wins
}

data "canopsis_flows" "this" {
  page        = file(` + vendorPage(t) + `)
  corrections = "apply"
}
`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			second := resource.TestStep{
				Config:           spelling[1] + kept,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction("terraform_data.kept", plancheck.ResourceActionNoop)}},
			}
			accept(t, resource.TestStep{Config: spelling[0] + kept}, second)
		})
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		configuration string
		warnings      []string
	}{
		"default": {`data "canopsis_flows" "this" {}`, []string{
			"No Canopsis release named",
			"The vendor's page is wrong here (erratum redis_port)",
			"The vendor's page is wrong here (erratum ssh_hosts)",
			"The vendor's page may be wrong here (erratum docker_host_ports)",
		}},
		"components": {`data "canopsis_components" "this" {}`, []string{
			"No Canopsis release named",
			"The vendor's page is wrong here (erratum redis_port)",
		}},
		"sentinel alone": {`
data "canopsis_flows" "this" {
  options = ["redis_sentinel"]
  exclude = ["administration"]
}
`, []string{
			"No Canopsis release named",
			"The vendor's page is wrong here (erratum redis_port)",
			"The vendor's page is wrong here (erratum redis_sentinel_port)",
			"The vendor's page is wrong here (erratum sentinel_needs_redis)",
			"The vendor's page is wrong here (erratum sentinel_to_redis)",
			"The vendor's page may be wrong here (erratum docker_host_ports)",
		}},
		"what a relay decides, and what stays inside a host": {`
data "canopsis_flows" "this" {
  corrections      = "none"
  relays           = { lb = { listeners = { nginx = ["tcp/443"], rabbitmq = ["tcp/443"] } } }
  additional_flows = { health = { source = "nginx", destination = "canopsis", ports = ["tcp/1"] } }
}
`, []string{
			"Additional flow inside one host",
			"Relay that decides who reaches what",
		}},
		"none":  {`data "canopsis_flows" "this" { corrections = "none" }`, nil},
		"apply": {`data "canopsis_flows" "this" { corrections = "apply" }`, []string{"No Canopsis release named"}},
		"the provider block says none": {`
provider "canopsis" {
  corrections = "none"
}

data "canopsis_flows" "this" {}
`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, "")
			w.write("main.tf", required+test.configuration)
			w.init()
			same(t, "warnings", w.plan().mustSucceed(t).warnings, test.warnings)
		})
	}
}
