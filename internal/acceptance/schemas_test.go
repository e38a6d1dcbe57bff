package acceptance_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// What a function returns are the arguments of a resource, by its own names and
// of its own types, each of which a configuration may set.
func TestArgumentsAreTheResources(t *testing.T) {
	t.Parallel()
	type schema struct {
		Attributes map[string]struct {
			Type               json.RawMessage
			Required, Optional bool
		}
		BlockTypes map[string]struct{ Block json.RawMessage } `json:"block_types"`
	}
	read := func(text []byte, into any) {
		t.Helper()
		if err := json.Unmarshal(text, into); err != nil {
			t.Fatal(err)
		}
	}
	types := map[firewall.Kind]string{
		firewall.Text: `"string"`, firewall.Number: `"number"`, firewall.TextList: `["list", "string"]`, firewall.TextSet: `["set", "string"]`,
	}
	schemas, err := schemasOf(firewall.Targets())
	if err != nil {
		t.Fatal(err)
	}
	for _, target := range firewall.Targets() {
		cloud := schemas[target.Name]
		if cloud.file == "" {
			t.Logf("%s: not here: %s", target.Name, cloud.elsewhere)
			continue
		}
		text, err := os.ReadFile(filepath.Join("schemas", cloud.file))
		if err != nil {
			t.Fatal(err)
		}
		var resources map[string]schema
		read(text, &resources)
		resource := resources[cloud.resource]
		if cloud.block != "" {
			var inner schema
			read(resource.BlockTypes[cloud.block].Block, &inner)
			for name, a := range inner.Attributes {
				resource.Attributes[name] = a
			}
		}
		for _, argument := range target.Arguments {
			a, ok := resource.Attributes[argument.Name]
			if !ok || !a.Required && !a.Optional || string(a.Type) != types[argument.Kind] {
				t.Errorf("%s of %s: the schema has %+v (%s), and not an argument of type %s", argument.Name, cloud.resource, a, a.Type, types[argument.Kind])
			}
		}
		for name, a := range resource.Attributes {
			if a.Required && name != "network" && !hasArgument(target, name) {
				t.Errorf("%s requires %s, which the function does not return", cloud.resource, name)
			}
		}
	}
}

// targetSchema is where the schema of a target's resource is.
type targetSchema struct {
	file, resource string
	block          string // whose arguments the target has as its own
	elsewhere      string // where no file has it: which test compares the target with the real thing
}

// schemasOf returns the schema of each target; each needs an entry here.
func schemasOf(targets []firewall.Target) (map[string]targetSchema, error) {
	entries := map[string]targetSchema{
		"aws":        {elsewhere: "the tests of AWS plan and apply with the real provider"},
		"openstack":  {file: "openstack.json", resource: "openstack_networking_secgroup_rule_v2"},
		"address":    {elsewhere: "rows are no resource: the examples turn them into those of each firewall"},
		"azure":      {file: "azurerm.json", resource: "azurerm_network_security_rule"},
		"kubernetes": {elsewhere: "policies are objects of the API: the examples and the module plan them, and another project's matcher reads them"},
		"gcp":        {file: "google.json", resource: "google_compute_firewall", block: "allow"},
	}
	for _, target := range targets {
		if _, ok := entries[target.Name]; !ok {
			return nil, fmt.Errorf("target %q has no entry among the schemas of these tests", target.Name)
		}
	}
	return entries, nil
}

// A target that renders nothing would fit every schema.
func TestSchemasRefuseATargetWithoutEntry(t *testing.T) {
	t.Parallel()
	if _, err := schemasOf(append(firewall.Targets(), firewall.Target{Name: "nothing"})); err == nil || !strings.Contains(err.Error(), `"nothing"`) {
		t.Errorf("the schemas of these tests take a target of which they know nothing: %v", err)
	}
}

func hasArgument(target firewall.Target, name string) bool {
	for _, argument := range target.Arguments {
		if argument.Name == name {
			return true
		}
	}
	return false
}
