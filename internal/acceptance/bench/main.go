// Command bench measures what the provider adds to `terraform plan`, as ratios of
// the processor time of plans that run in turn, so that the machine's speed cancels
// out:
//
//   - the quickstart against the same plan with a provider that does nothing;
//   - bound rules made by aws_rules from the data source's rules against the same
//     map written in HCL as cheaply as a user would, with no provider at all;
//   - every other function that writes rules against aws_rules, where each has the
//     same rules and addresses, of which aws_rules makes 10,000 bound rules.
//
// It needs terraform on PATH, prints the median of each ratio, and fails where one
// is more than the project allows itself.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// comparison is a plan of ours beside the one that it is measured against.
type comparison struct {
	name           string
	ours, theirs   string // configurations
	runs           int
	limit          float64 // the ratio that the project allows itself
	first, against string  // in words
}

func run() error {
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		return fmt.Errorf("terraform is not on PATH: %w", err)
	}
	root, err := os.MkdirTemp("", "canopsis-bench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(root) }()
	b := bench{terraform: terraform, root: root, config: filepath.Join(root, "terraform.tfrc")}
	providers := mirror.Mirror{Root: filepath.Join(root, "mirror")}
	err = errors.Join(
		os.WriteFile(b.config, []byte(providers.Configuration()), 0o600),
		providers.Build(mirror.Module, "canopsis/canopsis", "0.0.1"),
		providers.Build(mirror.Module+"/internal/acceptance/bench/nothing", "canopsis/nothing", "0.0.1"),
	)
	if err != nil {
		return err
	}
	comparisons := []comparison{
		{"quickstart", quickstart("canopsis"), quickstart("nothing"), 15, 1.10, "the quickstart", "a provider that does nothing"},
		{"rules-10000", bound(10), hcl(10), 7, 2.0, "10,000 bound rules", "the same map in HCL"},
		{"rules-50000", bound(50), hcl(50), 3, 1.5, "50,000 bound rules", "the same map in HCL"},
	}
	functions, err := functionComparisons(firewall.Targets())
	if err != nil {
		return err
	}
	var exceeded []error
	for _, c := range append(comparisons, functions...) {
		ratio, err := b.compare(c)
		if err != nil {
			return err
		}
		fmt.Printf("%-48s %.3f times %s (allowed: %.2f)\n", c.first, ratio, c.against, c.limit)
		exceeded = append(exceeded, c.check(ratio))
	}
	return errors.Join(exceeded...)
}

// check returns an error where the ratio is more than is allowed.
func (c comparison) check(ratio float64) error {
	if ratio > c.limit {
		return fmt.Errorf("%s: %.3f times %s, where %.2f is allowed", c.first, ratio, c.against, c.limit)
	}
	return nil
}

// bench runs Terraform, with a CLI configuration, in folders under the root.
type bench struct{ terraform, root, config string }

// compare plans both configurations in turn and returns the median ratio.
func (b bench) compare(c comparison) (float64, error) {
	var folders [2]string
	for i, configuration := range []string{c.ours, c.theirs} {
		folders[i] = filepath.Join(b.root, c.name, []string{"ours", "theirs"}[i])
		if err := os.MkdirAll(folders[i], 0o755); err != nil {
			return 0, err
		}
		if err := os.WriteFile(filepath.Join(folders[i], "main.tf"), []byte(configuration), 0o600); err != nil {
			return 0, err
		}
		if _, err := b.terraformIn(folders[i], "init"); err != nil {
			return 0, err
		}
	}
	ratios := make([]float64, 0, c.runs)
	for range c.runs {
		var took [2]time.Duration
		for i, folder := range folders {
			var err error
			if took[i], err = b.terraformIn(folder, "plan"); err != nil {
				return 0, err
			}
		}
		ratios = append(ratios, took[0].Seconds()/took[1].Seconds())
	}
	slices.Sort(ratios)
	return ratios[len(ratios)/2], nil
}

// terraformIn returns the processor time that Terraform and the providers that it
// started took together. What else runs on the machine lengthens a run by the clock,
// and not by the same factor each time; processor time it leaves nearly alone.
func (b bench) terraformIn(folder, verb string) (time.Duration, error) {
	cmd := exec.Command(b.terraform, verb, "-input=false", "-no-color")
	cmd.Dir, cmd.Env = folder, mirror.Environment(os.Environ(), b.config)
	if output, err := cmd.CombinedOutput(); err != nil {
		return 0, errors.Join(fmt.Errorf("%s %s: %w", filepath.Base(b.terraform), verb, err), errors.New(string(output)))
	}
	return cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), nil
}

func required(provider string) string {
	return fmt.Sprintf("terraform {\n  required_providers {\n    %[1]s = {\n      source = \"canopsis/%[1]s\"\n    }\n  }\n}\n", provider)
}

func quickstart(provider string) string {
	return required(provider) + fmt.Sprintf(`
data "%[1]s_flows" "this" {}

resource "terraform_data" "rule" {
  for_each = data.%[1]s_flows.this.rules
  input    = "${each.value.source} to ${each.value.destination} on ${each.value.from_port}"
}
`, provider)
}

// So many thousands of prefixes. Terraform's range stops at 1,024 values, hence
// the list of lists.
const prefixes = `flatten([for j in range(%d) : [for i in range(1000) : "10.${j * 4 + floor(i / 250)}.${i %% 250}.0/24"]])`

// bound takes one flow on one port from the data source, as most users do, so that
// the function is called once a walk: rules that are written out would be known
// at validate, too.
func bound(thousands int) string {
	return required("canopsis") + fmt.Sprintf(`
data "canopsis_flows" "this" {
  canopsis_version = "22.10"
  corrections      = "none"
  component_ports  = { nginx = ["tcp/8443"] }
  exclude          = ["administration", "events", "external", "installation", "internal"]
}

locals {
  aws = provider::canopsis::aws_rules(data.canopsis_flows.this.rules, {
    canopsis = { security_group_id = "sg-0123456789abcdef0" }
    users    = { cidrs = `+prefixes+` }
  })
}

output "count" {
  value = length(local.aws.ingress)
}
`, thousands)
}

func hcl(thousands int) string {
	return fmt.Sprintf(`
locals {
  cidrs = `+prefixes+`
  aws = { for cidr in local.cidrs : "${cidr}-to-canopsis/tcp-8443" => {
    host = "canopsis", peer = cidr, peer_kind = "cidr", flows = ["users-to-canopsis-nginx"]
    security_group_id = "sg-0123456789abcdef0", ip_protocol = "tcp", from_port = 8443, to_port = 8443
    cidr_ipv4 = cidr, cidr_ipv6 = null, prefix_list_id = null, referenced_security_group_id = null
    description = "${cidr}-to-canopsis/tcp-8443"
  } }
}

output "count" {
  value = length(local.aws)
}
`, thousands)
}
