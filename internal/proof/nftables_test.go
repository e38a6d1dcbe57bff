package proof_test

import (
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// TestHostsEnforceTheFlows proves a host's own firewall, packet for packet.
func TestHostsEnforceTheFlows(t *testing.T) {
	t.Parallel()
	count := fromEnvironment(t, "CANOPSIS_PROOF_DEPLOYMENTS", 20)
	tally, err := proof.ProveHosts(proof.Hosts{Render: firewall.Ruleset, Read: cloud.ReadRuleset}, 1, count)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("hosts: %+v, 0 apart", tally)
	if share := 100 * tally.Passed / max(tally.Packets, 1); share < 10 || share > 90 {
		t.Errorf("%d %% of the packets pass: packets that all fare alike prove little", share)
	}
}

// TestHostsInTheKernelEnforceTheFlows has nft load each text and tell what the
// kernel made of it, in a network namespace of its own.
func TestHostsInTheKernelEnforceTheFlows(t *testing.T) {
	t.Parallel()
	inNamespace := func(script, input string) ([]byte, error) {
		command := exec.CommandContext(t.Context(), "unshare", "--net", "sh", "-c", script)
		command.Stdin = strings.NewReader(input)
		return command.CombinedOutput()
	}
	if out, err := inNamespace("nft list tables", ""); err != nil {
		t.Skipf("skipped: nft does not run in a namespace here: %v %s", err, out)
	}
	read := func(text string) (*cloud.Ruleset, error) {
		out, err := inNamespace("nft -f - && nft -j -p list table inet canopsis", text)
		if err != nil {
			t.Fatalf("nft: %v\n%s%s", err, out, text)
		}
		return cloud.ReadRulesetJSON(out)
	}
	tally, err := proof.ProveHosts(proof.Hosts{Render: firewall.Ruleset, Read: read}, 1<<20, 8)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("hosts in the kernel: %+v, 0 apart", tally)
}

// The proof sees faults of either side.
func TestHostsProofSeesFaults(t *testing.T) {
	t.Parallel()
	changed := func(from, to string) proof.Hosts {
		return proof.Hosts{Render: firewall.Ruleset, Read: func(text string) (*cloud.Ruleset, error) {
			return cloud.ReadRuleset(strings.ReplaceAll(text, from, to))
		}}
	}
	for what, h := range map[string]proof.Hosts{
		"ports of the packet":         changed("meta l4proto tcp ct original proto-dst", "meta l4proto udp ct original proto-dst"),
		"every published port":        changed("\t\tct status dnat goto refuse\n", ""),
		"direct routes to containers": changed("\t\toifname \"br-proof\" goto refuse\n", ""),
		"what is left, in":            changed("\t\tgoto refuse\n\t}\n\n\tchain forward", "\t\taccept\n\t}\n\n\tchain forward"),
		"containers that send":        changed("iifname \"br-proof\" goto from_containers", "iifname \"br-proof\" accept"),
		"neighbours after invalid":    changed("nd-neighbor-solicit, ", ""),
		"types of ICMP after invalid": changed("\t\tjump matrix_icmp_in\n", ""),
		"rules that are left out": {Read: cloud.ReadRuleset, Render: func(rules map[string]deployment.Rule, b map[string]firewall.Binding, host string, o firewall.RulesetOptions) (*firewall.HostRuleset, error) {
			fewer := maps.Clone(rules)
			for _, key := range slices.Sorted(maps.Keys(rules)) {
				if rules[key].Destination == host {
					delete(fewer, key)
					break
				}
			}
			return firewall.Ruleset(fewer, b, host, o)
		}},
	} {
		if _, err := proof.ProveHosts(h, 1, 20); err == nil {
			t.Errorf("%s: the proof sees nothing", what)
		}
	}
}
