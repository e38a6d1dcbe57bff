package ec2

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
)

// terraform runs the real Terraform, or OpenTofu, in a directory of its own.
type terraform struct {
	t       *testing.T
	program string
	dir     string
	env     []string
}

func newTerraform(t *testing.T, srv *Server) terraform {
	t.Helper()
	machine := mirror.Mirror{Root: os.Getenv(mirror.Variable)}
	if machine.Root == "" || !machine.Has("hashicorp/aws") {
		t.Skipf("no filesystem mirror has the AWS provider: set %s to one that does", mirror.Variable)
	}
	program, err := exec.LookPath("terraform")
	if err != nil {
		program, err = exec.LookPath("tofu")
	}
	if err != nil {
		t.Skip("neither terraform nor tofu is on PATH")
	}
	tf := terraform{t: t, program: program, dir: t.TempDir()}
	providers := mirror.Mirror{Root: filepath.Join(t.TempDir(), "mirror")}
	if err := providers.Link(machine, "hashicorp/aws"); err != nil {
		t.Fatal(err)
	}
	tf.write("terraform.tfrc", providers.Configuration())
	tf.env = mirror.Environment(os.Environ(), filepath.Join(tf.dir, "terraform.tfrc"))
	for name, value := range srv.Environment() {
		tf.env = append(tf.env, name+"="+value)
	}
	return tf
}

func (tf terraform) write(name, content string) {
	tf.t.Helper()
	if err := os.WriteFile(filepath.Join(tf.dir, name), []byte(content), 0o600); err != nil {
		tf.t.Fatal(err)
	}
}

// run fails the test where Terraform does not exit with 0, which with
// -detailed-exitcode means a plan without changes.
func (tf terraform) run(args ...string) {
	tf.t.Helper()
	cmd := exec.Command(tf.program, append(args, "-input=false", "-no-color")...)
	cmd.Dir, cmd.Env = tf.dir, tf.env
	if out, err := cmd.CombinedOutput(); err != nil {
		tf.t.Fatalf("%s %s: %v\n%s", filepath.Base(tf.program), strings.Join(args, " "), err, out)
	}
}

const peersConfig = `
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

variable "office" {
  type    = string
  default = "10.20.0.0/16"
}

variable "entries" {
  type    = list(string)
  default = ["192.0.2.0/24", "198.51.100.0/24"]
}

resource "aws_security_group" "this" {
  for_each = toset(["canopsis", "mongodb"])
  name     = each.key
  vpc_id   = "vpc-0123456789abcdef0"
  tags     = { Name = each.key }
}

resource "aws_ec2_managed_prefix_list" "users" {
  name           = "users"
  address_family = "IPv4"
  max_entries    = 10

  dynamic "entry" {
    for_each = var.entries
    content {
      cidr        = entry.value
      description = "users ${entry.key}"
    }
  }
}

data "aws_ec2_managed_prefix_list" "users" {
  id = aws_ec2_managed_prefix_list.users.id
}

locals {
  ingress = {
    office = { cidr_ipv4 = var.office, from_port = 8080, to_port = 8080 }
    site   = { cidr_ipv6 = "2001:db8::/32", from_port = 8443, to_port = 8443 }
    users  = { prefix_list_id = data.aws_ec2_managed_prefix_list.users.id, from_port = 443, to_port = 443 }
    group  = { referenced_security_group_id = aws_security_group.this["mongodb"].id, from_port = 8000, to_port = 8010 }
    ping   = { cidr_ipv4 = "10.0.0.0/8", ip_protocol = "icmp", from_port = 8, to_port = 0 }
    all    = { cidr_ipv4 = "10.0.0.1/32", ip_protocol = "-1" }
  }
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each                     = local.ingress
  security_group_id            = aws_security_group.this["canopsis"].id
  ip_protocol                  = try(each.value.ip_protocol, "tcp")
  from_port                    = try(each.value.from_port, null)
  to_port                      = try(each.value.to_port, null)
  cidr_ipv4                    = try(each.value.cidr_ipv4, null)
  cidr_ipv6                    = try(each.value.cidr_ipv6, null)
  prefix_list_id               = try(each.value.prefix_list_id, null)
  referenced_security_group_id = try(each.value.referenced_security_group_id, null)
  description                  = each.key
  tags                         = { flows = each.key }
}

resource "aws_vpc_security_group_egress_rule" "mongodb" {
  security_group_id            = aws_security_group.this["canopsis"].id
  ip_protocol                  = "tcp"
  from_port                    = 27017
  to_port                      = 27017
  referenced_security_group_id = aws_security_group.this["mongodb"].id
}
`

// TestTerraform takes the real AWS provider through a life of groups and rules:
// what it applies must plan to nothing, a change must touch what changed alone,
// and a destroy must leave nothing.
func TestTerraform(t *testing.T) {
	t.Parallel()
	srv := NewServer()
	t.Cleanup(srv.Close)
	tf := newTerraform(t, srv)
	tf.write("main.tf", srv.ProviderBlock()+peersConfig)

	tf.run("init")
	tf.run("apply", "-auto-approve")

	want := []string{
		"ingress of canopsis: -1 -1--1 with 10.0.0.1/32",
		"ingress of canopsis: icmp 8-0 with 10.0.0.0/8",
		"ingress of canopsis: tcp 443-443 with users",
		"ingress of canopsis: tcp 8000-8010 with mongodb",
		"ingress of canopsis: tcp 8080-8080 with 10.20.0.0/16",
		"ingress of canopsis: tcp 8443-8443 with 2001:db8::/32",
		"egress of canopsis: tcp 27017-27017 with mongodb",
	}
	if got := named(srv); !slices.Equal(got, want) {
		t.Errorf("rules after the first apply:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	tf.run("plan", "-detailed-exitcode")

	srv.ForgetCalls()
	tf.run("apply", "-auto-approve", "-var", "office=10.30.0.0/16", "-var", `entries=["192.0.2.0/24","203.0.113.0/24"]`)
	want[4] = "ingress of canopsis: tcp 8080-8080 with 10.30.0.0/16"
	if got := named(srv); !slices.Equal(got, want) {
		t.Errorf("rules after the change:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	touched := map[string]int{}
	for _, call := range srv.Calls() {
		if len(call.Rules) > 0 {
			touched[call.Action] += len(call.Rules)
		}
	}
	if want := map[string]int{"ModifySecurityGroupRules": 1}; !maps.Equal(touched, want) {
		t.Errorf("the change of one CIDR touched rules by %v, want %v", touched, want)
	}

	tf.run("destroy", "-auto-approve")
	if left := srv.Leftovers(); len(left) != 0 {
		t.Errorf("destroy left %q", left)
	}
	for _, call := range srv.Calls() {
		if slices.Contains([]string{"InvalidAction", "UnknownParameter"}, call.Code) {
			t.Errorf("the provider asks for what the stand-in lacks: %s: %s", call.Action, call.Message)
		}
	}
}

// named returns the rules as text, with names in place of ids.
func named(srv *Server) []string {
	srv.mu.Lock()
	var ids []string
	for id, g := range srv.groups {
		ids = append(ids, id, g.name)
	}
	for id, l := range srv.lists {
		ids = append(ids, id, l.name)
	}
	srv.mu.Unlock()
	names := strings.NewReplacer(ids...)
	var lines []string
	for _, r := range srv.Rules() {
		lines = append(lines, names.Replace(r.String()))
	}
	return lines
}
