package provider

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// diffRun calls diff_rules through the protocol.
func diffRun(t testing.TB, given object) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	return callNamed(t, "diff_rules", diffType, given, "from", "to", "settings")
}

// compared returns the result as tables spell it.
func compared(t *testing.T, given object) object {
	t.Helper()
	value, funcErr := diffRun(t, given)
	return spelt(t, value, funcErr)
}

// editionRules are the rules of an edition's deployment, as the data source has them.
func editionRules(t *testing.T, release string, choices deployment.Choices) object {
	t.Helper()
	e, err := edition.Find(release)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	d, err := deployment.New(m, choices)
	if err != nil {
		t.Fatal(err)
	}
	rules := object{}
	for _, f := range d.Flows() {
		for _, r := range f.Rules() {
			var from, to any
			if r.Ports.From() != matrix.None {
				from, to = r.Ports.From(), r.Ports.To()
			}
			rules[r.Key()] = object{
				"flow": r.Flow, "source": r.Source, "destination": r.Destination, "component": r.Component, "purpose": r.Purpose.String(),
				"protocol": r.Ports.Protocol().String(), "from_port": from, "to_port": to, "origin": f.Origin.String(), "description": f.Description.String(),
			}
		}
	}
	return rules
}

// An upgrade from 22.10 to 24.10: RabbitMQ has a host of its own there, unless it
// stays where it is.
func TestDiffOfAnUpgrade(t *testing.T) {
	t.Parallel()
	from := editionRules(t, "22.10", deployment.Choices{Corrections: deployment.Apply})
	to := editionRules(t, "24.10", deployment.Choices{Corrections: deployment.Apply, Options: []string{"packages"}})
	got := compared(t, object{"from": from, "to": to})
	if want := (object{"opened": int64(4), "closed": int64(2), "unchanged": int64(15)}); spell(part(t, got, "counts")) != spell(want) || part(t, got, "equal") != false {
		t.Errorf("counts %s, equal %v", spell(part(t, got, "counts")), part(t, got, "equal"))
	}
	for name, want := range map[string][]string{
		"opened": {"administrators-to-rabbitmq-rabbitmq_ui/tcp-15672", "administrators-to-rabbitmq-ssh/tcp-22", "amqp_event_sources-to-rabbitmq/tcp-5672", "canopsis-to-rabbitmq/tcp-5672"},
		"closed": {"administrators-to-canopsis-rabbitmq_ui/tcp-15672", "amqp_event_sources-to-canopsis-rabbitmq/tcp-5672"},
	} {
		rules, _ := part(t, got, name).(object)
		if keys := slices.Sorted(maps.Keys(rules)); !slices.Equal(keys, want) {
			t.Errorf("%s: %s", name, strings.Join(keys, ", "))
		}
	}
	const moved = `[{ closed = "administrators-to-canopsis-rabbitmq_ui/tcp-15672", component = "rabbitmq_ui", end = "destination", from = "canopsis", opened = "administrators-to-rabbitmq-rabbitmq_ui/tcp-15672", other = "administrators", ports = "tcp/15672", to = "rabbitmq" }, ` +
		`{ closed = "amqp_event_sources-to-canopsis-rabbitmq/tcp-5672", component = "rabbitmq", end = "destination", from = "canopsis", opened = "amqp_event_sources-to-rabbitmq/tcp-5672", other = "amqp_event_sources", ports = "tcp/5672", to = "rabbitmq" }]`
	if is := spell(part(t, got, "moved")); is != moved {
		t.Errorf("moved: %s", is)
	}
	if is := spell(part(t, got, "only_to")) + spell(part(t, got, "only_from")); is != `{ endpoints = ["rabbitmq"], hosts = ["rabbitmq"] }{ endpoints = [], hosts = [] }` {
		t.Errorf("only on one side: %s", is)
	}
	ssh := part(t, got, "opened", "administrators-to-rabbitmq-ssh/tcp-22")
	if part(t, ssh, "purpose") != "administration" || part(t, ssh, "ports") != "tcp/22" || spell(part(t, ssh, "packets")) != `["tcp/22"]` {
		t.Errorf("SSH: %s", spell(ssh))
	}

	stays := editionRules(t, "24.10", deployment.Choices{Corrections: deployment.Apply, Options: []string{"packages"}, Placement: map[string]string{"rabbitmq": "canopsis"}})
	got = compared(t, object{"from": from, "to": stays})
	if is := spell(part(t, got, "counts")); is != "{ closed = 0, opened = 0, unchanged = 17 }" || part(t, got, "equal") != true || part(t, got, "summary") != "Nothing changes: 17 rules on both sides." {
		t.Errorf("where RabbitMQ stays: %s, %v", is, part(t, got, "summary"))
	}
}
