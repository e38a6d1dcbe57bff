package acceptance_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"testing"
)

// onAnAPIServer is a deployment of which a test changes who the users are, and where
// the bastion stands, which only apply knows. Manifests are as the examples write them.
const onAnAPIServer = `
variable "users" {
  type = list(string)
}

variable "bastion" {
  type = string
}

resource "terraform_data" "bastion" {
  input = var.bastion
}

locals {
  rules = { for name, flow in {
    users-to-canopsis-nginx   = ["users", "canopsis", "user_access", 8443]
    administrators-to-mongodb = ["administrators", "mongodb", "administration", 22]
    canopsis-to-mongodb       = ["canopsis", "mongodb", "internal", 27017]
    } : name => {
    flow = name, source = flow[0], destination = flow[1], component = "service", purpose = flow[2], protocol = "tcp", from_port = flow[3], to_port = flow[3]
  } if var.bastion != "" } # validate knows no variables, nor rules that follow from one
  kubernetes = provider::canopsis::kubernetes_network_policies(local.rules, {
    canopsis       = { namespace = "canopsis", pod_labels = { app = "canopsis" } }
    mongodb        = { namespace = "canopsis", pod_labels = { app = "mongodb" } }
    users          = { cidrs = var.users }
    administrators = { named_cidrs = { bastion = "${terraform_data.bastion.output}/32" } }
  })
}

output "manifests" {
  value = merge([for direction in ["ingress", "egress"] : { for host, policy in local.kubernetes[direction] : "${direction} ${host}" => {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = policy.name, namespace = policy.namespace }
    spec       = policy.spec
  } }]...)
}
`

// TestPoliciesOnAnAPIServer applies policies to a real API server, on the server's side
// as kubernetes_manifest does: it keeps every spec as it is, without a default that a
// later plan would take away, and a host that nobody reaches any more stays closed.
func TestPoliciesOnAnAPIServer(t *testing.T) {
	t.Parallel()
	needTerraform(t)
	c := newCluster(t)
	c.namespace("canopsis")
	w := newWorkspace(t, "")
	w.write("main.tf", required+onAnAPIServer)
	w.init()
	for _, step := range []struct{ what, users, bastion, ingress string }{
		{"applied", `["10.20.0.0/16","2001:db8::/32"]`, "10.0.0.5", `[{"from":[{"ipBlock":{"cidr":"10.20.0.0/16"}},{"ipBlock":{"cidr":"2001:db8::/32"}}],"ports":[{"port":8443,"protocol":"TCP"}]}]`},
		{"the users lose their addresses, and the bastion has another", `[]`, "10.0.0.6", "null"},
	} {
		w.apply("users="+step.users, "bastion="+step.bastion).mustSucceed(t)
		var manifests map[string]map[string]any
		w.outputs(map[string]any{"manifests": &manifests})
		if len(manifests) != 4 {
			t.Fatalf("%s: %d manifests", step.what, len(manifests))
		}
		for key, manifest := range manifests {
			kept := c.apply(manifest)
			if !reflect.DeepEqual(kept, manifest["spec"]) {
				t.Errorf("%s: of %s the server keeps\n%s\nnot\n%s", step.what, key, asJSON(t, kept), asJSON(t, manifest["spec"]))
			}
			if key == "ingress canopsis" && asJSON(t, kept["ingress"]) != step.ingress {
				t.Errorf("%s: canopsis lets in %s, not %s", step.what, asJSON(t, kept["ingress"]), step.ingress)
			}
		}
	}
}

// apply applies a manifest on the server's side, and returns the spec that it keeps.
func (c *cluster) apply(manifest map[string]any) map[string]any {
	c.t.Helper()
	metadata, _ := manifest["metadata"].(map[string]any)
	at := fmt.Sprintf("/apis/networking.k8s.io/v1/namespaces/canopsis/networkpolicies/%v", metadata["name"])
	status, answer, err := c.ask(http.MethodPatch, at+"?fieldManager=Terraform&force=true", manifest)
	if err != nil || status != http.StatusOK && status != http.StatusCreated {
		c.t.Fatalf("%s: %d %s %v", at, status, answer, err)
	}
	var kept struct{ Spec map[string]any }
	if status, answer, err = c.ask(http.MethodGet, at, nil); err != nil || status != http.StatusOK {
		c.t.Fatalf("%s: %d %s %v", at, status, answer, err)
	}
	if err := json.Unmarshal(answer, &kept); err != nil {
		c.t.Fatal(err)
	}
	return kept.Spec
}
