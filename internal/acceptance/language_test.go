package acceptance_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
)

// What Terraform's language does to rules and bindings: unknown and sensitive
// values, conditionals, types, filters. terraform_data stands for a cloud's
// groups and rules: its id is unknown until it is there, as a group's is.

// groups are a small deployment and its security groups.
const groups = `
data "canopsis_flows" "this" {
  corrections = "apply"
  exclude     = ["ldap", "installation", "events"]
}

resource "terraform_data" "group" {
  for_each = data.canopsis_flows.this.hosts
}

locals {
  hosts = { for host, group in terraform_data.group : host => { security_group_id = "sg-${replace(group.id, "-", "")}" } }
}
`

// rules are one resource for each bound rule of local.aws.
const rules = `
resource "terraform_data" "ingress" {
  for_each = local.aws.ingress
  input    = each.value
}

resource "terraform_data" "egress" {
  for_each = local.aws.egress
  input    = each.value
}
`

// planned checks what a plan does: "ACTION ADDRESS", sorted, without what it
// leaves alone and without data sources.
type planned []string

func (want planned) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	got := planned{}
	for _, change := range req.Plan.ResourceChanges {
		if actions := change.Change.Actions; !actions.NoOp() && !actions.Read() {
			words := make([]string, 0, len(actions))
			for _, action := range actions {
				words = append(words, string(action))
			}
			got = append(got, strings.Join(words, "-")+" "+change.Address)
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, want) {
		resp.Error = fmt.Errorf("the plan does:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func before(checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: checks}
}

// do returns "ACTION ADDRESS" for every address.
func do(action string, addresses []string) planned {
	lines := make(planned, 0, len(addresses))
	for _, address := range addresses {
		lines = append(lines, action+" "+address)
	}
	return lines
}

// internalKeys are what the small deployment opens between its hosts.
var internalKeys = []string{
	"canopsis-to-mongodb/tcp-27017",
	"canopsis-to-postgresql/tcp-5432",
	"canopsis-to-redis/tcp-6379",
}

// hostGroups are the addresses of the small deployment's groups.
var hostGroups = each("terraform_data.group", "canopsis", "mongodb", "postgresql", "redis")

// bastionKeys are what one administrator's address opens to every host.
func bastionKeys(peer string) []string {
	return []string{
		peer + "-to-canopsis/tcp-15672",
		peer + "-to-canopsis/tcp-22",
		peer + "-to-mongodb/tcp-22",
		peer + "-to-postgresql/tcp-22",
		peer + "-to-redis/tcp-22",
	}
}

func webKeys(peer string) []string {
	return []string{peer + "-to-canopsis/tcp-8080", peer + "-to-canopsis/tcp-8443"}
}

// creation is the first plan of the small deployment with the ingress keys,
// which beside the internal ones are those of peers.
func creation(more []string, peers ...[]string) planned {
	keys := slices.Concat(append(peers, internalKeys)...)
	slices.Sort(keys)
	addresses := slices.Concat(hostGroups, more, each("terraform_data.ingress", keys...), each("terraform_data.egress", internalKeys...))
	slices.Sort(addresses)
	return do("create", addresses)
}

// Law 1: the first plan, on an empty state, names every rule, while no group's
// id and no bastion's address is known.
func TestKeysAreKnownBeforeIdentifiers(t *testing.T) {
	t.Parallel()
	accept(t, resource.TestStep{
		Config: groups + `
resource "terraform_data" "bastion" {
  input = "10.0.0.5"
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { named_cidrs = { bastion = "${terraform_data.bastion.output}/32" } }
  }))
}
` + rules,
		ConfigPlanChecks: before(
			creation([]string{"terraform_data.bastion"}, webKeys("10.20.0.0/16"), bastionKeys("bastion")),
			plancheck.ExpectUnknownValue(`terraform_data.ingress["canopsis-to-mongodb/tcp-27017"]`, tfjsonpath.New("input").AtMapKey("security_group_id")),
			plancheck.ExpectUnknownValue(`terraform_data.ingress["canopsis-to-mongodb/tcp-27017"]`, tfjsonpath.New("input").AtMapKey("referenced_security_group_id")),
			plancheck.ExpectKnownValue(`terraform_data.ingress["bastion-to-canopsis/tcp-22"]`, tfjsonpath.New("input").AtMapKey("from_port"), knownvalue.Int64Exact(22)),
		),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(`terraform_data.ingress["bastion-to-canopsis/tcp-22"]`, tfjsonpath.New("output"), knownvalue.ObjectExact(map[string]knownvalue.Check{
				"host":                         knownvalue.StringExact("canopsis"),
				"peer":                         knownvalue.StringExact("bastion"),
				"peer_kind":                    knownvalue.StringExact("cidr"),
				"flows":                        texts("administrators-to-canopsis-ssh"),
				"security_group_id":            knownvalue.NotNull(),
				"ip_protocol":                  knownvalue.StringExact("tcp"),
				"from_port":                    knownvalue.Int64Exact(22),
				"to_port":                      knownvalue.Int64Exact(22),
				"cidr_ipv4":                    knownvalue.StringExact("10.0.0.5/32"),
				"cidr_ipv6":                    knownvalue.Null(),
				"prefix_list_id":               knownvalue.Null(),
				"referenced_security_group_id": knownvalue.Null(),
				"description":                  knownvalue.StringExact("bastion-to-canopsis/tcp-22"),
			})),
		},
	})
}

// A conditional between two bindings of different shape does not unify. One for
// each attribute does.
func TestConditionalForEachAttribute(t *testing.T) {
	t.Parallel()
	const configuration = groups + `
variable "office" {
  type = bool
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users = {
      cidrs                   = var.office ? ["10.20.0.0/16"] : null
      prefix_list_id          = var.office ? null : "pl-0123456789abcdef0"
      prefix_list_max_entries = var.office ? null : 10
    }
    administrators = { cidrs = ["10.0.0.5/32"] }
  }))
}
` + rules
	change := append(do("create", each("terraform_data.ingress", webKeys("users")...)), do("delete", each("terraform_data.ingress", webKeys("10.20.0.0/16")...))...)
	accept(t,
		resource.TestStep{
			Config:           configuration,
			ConfigVariables:  config.Variables{"office": config.BoolVariable(true)},
			ConfigPlanChecks: before(creation(nil, webKeys("10.20.0.0/16"), bastionKeys("10.0.0.5/32"))),
		},
		resource.TestStep{
			Config:           configuration,
			ConfigVariables:  config.Variables{"office": config.BoolVariable(false)},
			ConfigPlanChecks: before(change),
		},
	)
}

// A null attribute is an absent one, whatever its type.
func TestNullAttributes(t *testing.T) {
	t.Parallel()
	accept(t, resource.TestStep{
		Config: groups + `
locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users = {
      cidrs                   = ["10.20.0.0/16"]
      named_cidrs             = null
      security_group_id       = null
      prefix_list_id          = null
      prefix_list_max_entries = null
      attach                  = null
      allow_public            = null
      same_as                 = null
    }
    administrators = {
      cidrs     = null
      named_cidrs = { bastion = "10.0.0.5/32" }
    }
    ldap = null # needed by no rule, and as if it were not there
  }))
}
` + rules,
		ConfigPlanChecks: before(creation(nil, webKeys("10.20.0.0/16"), bastionKeys("bastion"))),
	})
}

// module writes a module that takes rules and bindings in typed variables, as
// teams share one, and a root module that calls it.
func module(w *workspace, arguments string) {
	w.write("main.tf", required+groups+`
module "firewall" {
  source = "./firewall"

  rules = data.canopsis_flows.this.rules # what the type does not name is dropped
  hosts = { for host, group in terraform_data.group : host => "sg-${replace(group.id, "-", "")}" }
`+arguments+`
}
`)
	w.write("firewall/main.tf", required+`
variable "rules" {
  type = map(object({
    flow        = string
    source      = string
    destination = string
    component   = string
    purpose     = string
    protocol    = string
    from_port   = number
    to_port     = number
  }))
}

variable "hosts" {
  type = map(string)
}

variable "peers" {
  type = map(object({
    cidrs                   = optional(list(string))
    named_cidrs             = optional(map(string))
    security_group_id       = optional(string)
    attach                  = optional(bool)
    prefix_list_id          = optional(string)
    prefix_list_max_entries = optional(number)
    allow_public            = optional(bool, false)
    same_as                 = optional(string)
  }))
}

locals {
  aws = provider::canopsis::aws_rules(var.rules, merge(
    { for host, id in var.hosts : host => { security_group_id = id } },
    var.peers,
  ))
}
`+rules)
}

func TestTypedModuleVariables(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	module(w, `
  peers = {
    users          = { cidrs = ["10.20.0.0/16"] }
    administrators = { named_cidrs = { bastion = "10.0.0.5/32" } }
  }
`)
	w.init()
	var want []string
	for _, line := range creation(nil, webKeys("10.20.0.0/16"), bastionKeys("bastion")) {
		want = append(want, strings.Replace(line, " terraform_data.", " module.firewall.terraform_data.", 1))
	}
	for i, line := range want {
		want[i] = strings.Replace(line, "module.firewall.terraform_data.group", "terraform_data.group", 1)
	}
	slices.Sort(want)
	same(t, "plan", w.plan().mustSucceed(t).changes, want)
}

// validate knows neither the data source's rules nor a variable without a
// default: it must let pass what a plan can tell.
func TestValidateKnowsNoVariables(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, "")
	module(w, `
  peers = {
    users          = { cidrs = var.office }
    administrators = { cidrs = [var.bastion], named_cidrs = var.named }
  }
`)
	w.write("variables.tf", `
variable "office" {
  type = list(string)
}

variable "bastion" {
  type = string
}

variable "named" {
  type = map(string)
}
`)
	w.init()
	same(t, "validate", w.validate(), nil)
	says(t, w.plan(`office=["10.20.0.1/16"]`, "bastion=10.0.0.5/32", `named={}`).errors,
		`bindings["users"].cidrs[0]`, `"10.20.0.1/16" has bits set`, "10.20.0.0/16")
}

// Where a part of a binding that keys follow from is unknown, our message names
// it. Terraform's own would blame for_each, and name no remedy.
func TestUnknownPartsOfBindings(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ users, found, remedy string }{
		"list": {`{ cidrs = terraform_data.late.output }`,
			`bindings["users"].cidrs: a list of prefixes is not known yet`, "named_cidrs = { NAME = PREFIX }"},
		"element": {`{ cidrs = ["10.0.0.0/16", terraform_data.late.id] }`,
			`bindings["users"].cidrs[1]: a prefix of the list is not known yet`, "named_cidrs = { NAME = PREFIX }"},
		"binding": {`terraform_data.late.output`,
			`bindings["users"]: the whole binding is not known yet`, "named CIDRs may be unknown"},
		"names": {`{ named_cidrs = terraform_data.late.output }`,
			`bindings["users"].named_cidrs: the map's names are not known yet`, "named_cidrs = { bastion = "},
		"flag": {`{ cidrs = ["10.0.0.0/16"], allow_public = terraform_data.late.output }`,
			`bindings["users"].allow_public: the attribute is not known yet`, "Write true or false"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, "")
			w.write("main.tf", required+groups+`
resource "terraform_data" "late" {
  input = ["10.20.0.0/16"]
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users          = `+test.users+`
    administrators = { cidrs = ["10.0.0.5/32"] }
  }))
}
`+rules)
			w.init()
			errs := w.plan().errors
			says(t, errs, test.found, test.remedy)
			if text := strings.Join(errs, " "); strings.Contains(text, "for_each") {
				t.Errorf("got %q, which is Terraform's own message", text)
			}
		})
	}
}

// Users leave rules out with a for, and add their own.
func TestRulesFilteredAndMerged(t *testing.T) {
	t.Parallel()
	accept(t, resource.TestStep{
		Config: groups + `
locals {
  aws = provider::canopsis::aws_rules(
    merge(
      { for key, rule in data.canopsis_flows.this.rules : key => rule if rule.purpose != "administration" },
      {
        "monitoring-to-mongodb-exporter/tcp-9216" = {
          flow        = "monitoring-to-mongodb-exporter"
          source      = "monitoring"
          destination = "mongodb"
          component   = "exporter"
          purpose     = "events"
          protocol    = "tcp"
          from_port   = 9216
          to_port     = 9216
        }
      },
    ),
    merge(local.hosts, {
      users      = { cidrs = ["10.20.0.0/16"] }
      monitoring = { cidrs = ["10.40.0.0/24"] }
    }),
  )
}
` + rules,
		ConfigPlanChecks: before(creation(nil, webKeys("10.20.0.0/16"), []string{"10.40.0.0/24-to-mongodb/tcp-9216"})),
	})
}

// One sensitive input taints the whole result, and for_each refuses it. Whoever
// decides that CIDRs are no secret says so with nonsensitive.
func TestSensitiveInput(t *testing.T) {
	t.Parallel()
	const configuration = groups + `
variable "office" {
  type      = list(string)
  sensitive = true
  default   = ["10.20.0.0/16"]
}

locals {
  bound = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, merge(local.hosts, {
    users          = { cidrs = var.office }
    administrators = { cidrs = ["10.0.0.5/32"] }
  }))
`
	t.Run("as it is", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t, "")
		w.write("main.tf", required+configuration+`
  aws = local.bound
}
`+rules)
		w.init()
		says(t, w.plan().errors, "Invalid for_each argument", "Sensitive values")
	})
	t.Run("nonsensitive", func(t *testing.T) {
		t.Parallel()
		accept(t, resource.TestStep{
			Config: configuration + `
  aws = nonsensitive(local.bound)
}
` + rules,
			ConfigPlanChecks: before(creation(nil, webKeys("10.20.0.0/16"), bastionKeys("10.0.0.5/32"))),
		})
	})
}

// A data source under depends_on is read at apply as long as what it depends on
// changes. Its rules are values then, and keys of a for_each only afterwards.
func TestDataSourceUnderDependsOn(t *testing.T) {
	t.Parallel()
	const late = `
resource "terraform_data" "first" {}

data "canopsis_flows" "this" {
  corrections = "none"
  depends_on  = [terraform_data.first]
}
`
	t.Run("values", func(t *testing.T) {
		t.Parallel()
		const configuration = late + `
output "rules" {
  value = length(data.canopsis_flows.this.rules)
}

output "counts" {
  value = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, {
    canopsis           = { security_group_id = "sg-0123456789abcdef0" }
    mongodb            = { cidrs = [] }
    postgresql         = { cidrs = [] }
    redis              = { cidrs = [] }
    users              = { cidrs = ["10.20.0.0/16"] }
    administrators     = { cidrs = [] }
    amqp_event_sources = { cidrs = [] }
    api_event_sources  = { cidrs = [] }
    snmp_trap_sources  = { cidrs = [] }
    ldap               = { cidrs = [] }

    package_repositories = { cidrs = [] }
  }).counts
}
`
		accept(t,
			resource.TestStep{
				Config: configuration,
				ConfigPlanChecks: before(
					plancheck.ExpectUnknownOutputValue("rules"),
					plancheck.ExpectUnknownOutputValue("counts"),
				),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownOutputValue("rules", knownvalue.Int64Exact(15)),
					statecheck.ExpectKnownOutputValue("counts", knownvalue.MapExact(map[string]knownvalue.Check{
						"canopsis": knownvalue.ObjectExact(map[string]knownvalue.Check{
							"ingress": knownvalue.Int64Exact(2),
							"egress":  knownvalue.Int64Exact(0),
						}),
					})),
				},
			},
			resource.TestStep{Config: configuration, ConfigPlanChecks: before(plancheck.ExpectEmptyPlan())},
		)
	})
	t.Run("keys", func(t *testing.T) {
		t.Parallel()
		w := newWorkspace(t, "")
		w.write("main.tf", required+late)
		w.write("rules.tf", `
resource "terraform_data" "rule" {
  for_each = data.canopsis_flows.this.rules
}
`)
		w.init()
		says(t, w.plan().errors, "Invalid for_each argument", "cannot be determined until apply")
		if err := os.Rename(filepath.Join(w.folder, "rules.tf"), filepath.Join(w.folder, "rules")); err != nil {
			t.Fatal(err)
		}
		w.apply().mustSucceed(t)
		if err := os.Rename(filepath.Join(w.folder, "rules"), filepath.Join(w.folder, "rules.tf")); err != nil {
			t.Fatal(err)
		}
		if changes := w.plan().mustSucceed(t).changes; len(changes) != 15 {
			t.Errorf("once the dependency is there, the plan does %q, want 15 rules", changes)
		}
	})
}

// A host's name stands in keys. Whoever renames a host says so with moved, for
// the group and for its rules, and nothing is closed meanwhile.
func TestMovedHostNames(t *testing.T) {
	t.Parallel()
	configuration := func(host string) string {
		return `
data "canopsis_flows" "this" {
  corrections = "apply"
  exclude     = ["ldap", "installation", "events", "administration", "user_access"]
  placement   = { mongodb = "` + host + `", postgresql = "` + host + `" }
}

resource "terraform_data" "group" {
  for_each = data.canopsis_flows.this.hosts
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, {
    for host, group in terraform_data.group : host => { security_group_id = "sg-${replace(group.id, "-", "")}" }
  })
}
` + rules
	}
	moved := func(resource, from, to string) string {
		return fmt.Sprintf("\nmoved {\n  from = terraform_data.%[1]s[%[2]q]\n  to   = terraform_data.%[1]s[%[3]q]\n}\n", resource, from, to)
	}
	accept(t,
		resource.TestStep{Config: configuration("db")},
		resource.TestStep{
			Config: configuration("data") +
				moved("group", "db", "data") +
				moved("ingress", "canopsis-to-db/tcp-27017", "canopsis-to-data/tcp-27017") +
				moved("ingress", "canopsis-to-db/tcp-5432", "canopsis-to-data/tcp-5432") +
				moved("egress", "canopsis-to-db/tcp-27017", "canopsis-to-data/tcp-27017") +
				moved("egress", "canopsis-to-db/tcp-5432", "canopsis-to-data/tcp-5432"),
			ConfigPlanChecks: before(append(
				do("update", each("terraform_data.egress", "canopsis-to-data/tcp-27017", "canopsis-to-data/tcp-5432")),
				do("update", each("terraform_data.ingress", "canopsis-to-data/tcp-27017", "canopsis-to-data/tcp-5432"))...)),
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(`terraform_data.ingress["canopsis-to-data/tcp-27017"]`, tfjsonpath.New("output").AtMapKey("host"), knownvalue.StringExact("data")),
			},
		},
	)
}
