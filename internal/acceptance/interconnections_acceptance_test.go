package acceptance_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/canopsis/terraform-provider-canopsis/internal/provider"
)

func TestInterconnectionsDataSource(t *testing.T) {
	t.Parallel()
	entry := func(id string, values map[string]knownvalue.Check) statecheck.StateCheck {
		return statecheck.ExpectKnownValue("data.canopsis_interconnections.this",
			tfjsonpath.New("interconnections").AtMapKey(id), knownvalue.ObjectPartial(values))
	}
	link := func(source, destination string, sample, needed, optional bool, process knownvalue.Check, description string, ports ...knownvalue.Check) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"source":       knownvalue.StringExact(source),
			"destination":  knownvalue.StringExact(destination),
			"or":           knownvalue.Null(),
			"ports":        knownvalue.ListExact(ports),
			"sample":       knownvalue.Bool(sample),
			"ports_needed": knownvalue.Bool(needed),
			"process":      process,
			"optional":     knownvalue.Bool(optional),
			"description":  knownvalue.StringExact(description),
		})
	}
	port := func(protocol string, number int64) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"protocol": knownvalue.StringExact(protocol), "from_port": knownvalue.Int64Exact(number), "to_port": knownvalue.Int64Exact(number),
		})
	}
	accept(t, resource.TestStep{
		Config: `data "canopsis_interconnections" "this" {}`,
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue("data.canopsis_interconnections.this", tfjsonpath.New("interconnections"), knownvalue.MapSizeExact(47)),
			entry("dns", map[string]knownvalue.Check{
				"direction":  knownvalue.StringExact("outbound"),
				"pro":        knownvalue.Bool(false),
				"needs":      knownvalue.ListSizeExact(0),
				"confidence": knownvalue.StringExact("upstream default"),
				"instead":    knownvalue.Null(),
				"links":      knownvalue.ListExact([]knownvalue.Check{link("*", "dns", false, false, false, knownvalue.Null(), "Name resolution", port("tcp", 53), port("udp", 53))}),
			}),
			entry("rundeck", map[string]knownvalue.Check{
				"name":       knownvalue.StringExact("Rundeck"),
				"direction":  knownvalue.StringExact("outbound"),
				"pro":        knownvalue.Bool(true),
				"needs":      texts("engines"),
				"confidence": knownvalue.StringExact("the vendor's own files"),
				"note":       knownvalue.Null(),
				"links":      knownvalue.ListExact([]knownvalue.Check{link("engines", "rundeck", true, false, false, knownvalue.StringExact("engine-remediation"), "Remediation jobs", port("tcp", 4440))}),
			}),
			entry("vtom", map[string]knownvalue.Check{
				"links": knownvalue.ListExact([]knownvalue.Check{link("engines", "vtom", false, true, false, knownvalue.StringExact("engine-remediation"), "Remediation jobs")}),
			}),
			entry("shinken", map[string]knownvalue.Check{
				"direction": knownvalue.StringExact("inbound"),
				"links":     knownvalue.ListExact([]knownvalue.Check{link("shinken", "rabbitmq", false, false, false, knownvalue.Null(), "Events published on the message bus")}),
			}),
			entry("zabbix_webhook", map[string]knownvalue.Check{
				"needs": texts("nginx"),
				"links": knownvalue.ListPartial(map[int]knownvalue.Check{0: knownvalue.ObjectPartial(map[string]knownvalue.Check{
					"destination": knownvalue.StringExact("nginx"), "or": knownvalue.StringExact("canopsis_api"),
				})}),
			}),
			entry("syslog", map[string]knownvalue.Check{
				"direction": knownvalue.StringExact("none"),
				"links":     knownvalue.ListSizeExact(0),
				"instead":   knownvalue.StringExact(`Canopsis neither receives nor sends syslog: let Logstash receive it, with interconnections = ["logstash_in"]`),
			}),
		},
	})
}

// TestCatalogueOnItsPage: the registry shows the description, and with it the
// catalogue as a table.
func TestCatalogueOnItsPage(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	description := schemas.DataSourceSchemas["canopsis_interconnections"].Block.Description
	for _, row := range []string{
		"\nEntry | What | Flows | Whose word\n",
		"\n`dns` | Name servers | every host → `dns` tcp/53, udp/53 | upstream default\n",
		"\n`rundeck` | Rundeck (Pro) | `engines` → `rundeck` *tcp/4440* | the vendor's own files\n",
		"\n`vtom` | Visual TOM (Pro) | `engines` → `vtom` *yours* | the vendor's own files, by example\n",
		"\n`zabbix_webhook` | Zabbix webhook | `zabbix` → `nginx` or `canopsis_api` | the vendor's own files\n",
	} {
		if !strings.Contains(description, row) {
			t.Errorf("the page lacks %q", row)
		}
	}
	if rows := strings.Count(description, "\n`"); rows != 47 {
		t.Errorf("%d rows; want one for each of 47 entries", rows)
	}
}
