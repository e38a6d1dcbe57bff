package acceptance_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/compute"
)

// TestGCPExamplesOnCompute sends every rule of the examples to the stand-in for
// Compute, as Google's provider would.
func TestGCPExamplesOnCompute(t *testing.T) {
	t.Parallel()
	for folder, bound := range map[string]int{"gcp-single-host": 5, "gcp-usual": 11, "gcp-closed-egress": 30} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			server := compute.NewServer()
			t.Cleanup(server.Close)
			sent := make(map[string]compute.Firewall)
			for address, r := range applied(t, folder, examples[folder].variables...) {
				if r.kind == "google_compute_firewall" {
					f := firewallOf(t, r.input)
					sent[f.Name] = f
					insert(t, server, address, f)
				}
			}
			if len(sent) != bound {
				t.Errorf("%s has %d rules; want %d", folder, len(sent), bound)
			}
			for _, kept := range server.Firewalls() {
				kept.Kind, kept.SelfLink = "", ""
				priority := sent[kept.Name].Priority
				if priority == nil {
					kept.Priority = nil // which Compute fills in
				}
				if got, want := asJSON(t, kept), asJSON(t, sent[kept.Name]); got != want {
					t.Errorf("sent\n%s\nkept\n%s", want, got)
				}
			}
			if folder == "gcp-closed-egress" {
				checkClosed(t, server.Firewalls())
			}
			if opened := server.Opened(); len(opened) > 0 {
				t.Errorf("%v open the world", opened)
			}
		})
	}
}

// checkClosed looks for what closes egress (trap 5): a rule for each family that
// denies all of it to every machine that the others name, below all of them.
func checkClosed(t *testing.T, firewalls []compute.Firewall) {
	t.Helper()
	denied := make(map[string][]string) // by range, the machines
	machines := make(map[string]bool)
	for _, f := range firewalls {
		if len(f.Denied) == 0 {
			for _, tag := range f.TargetTags {
				machines[tag] = true
			}
			if *f.Priority != 1000 {
				t.Errorf("%s has priority %d", f.Name, *f.Priority)
			}
			continue
		}
		if f.Direction != "EGRESS" || *f.Priority != 65534 || f.Denied[0].Protocol != "all" {
			t.Errorf("%+v closes no egress", f)
		}
		for _, to := range f.DestinationRanges {
			denied[to] = slices.Sorted(slices.Values(f.TargetTags))
		}
	}
	want := slices.Sorted(maps.Keys(machines))
	for _, to := range []string{"0.0.0.0/0", "::/0"} {
		if !slices.Equal(denied[to], want) {
			t.Errorf("egress to %s is denied to %v, of %v", to, denied[to], want)
		}
	}
}

// firewallOf turns a resource's arguments into what the provider sends: null and
// empty arguments are left out.
func firewallOf(t *testing.T, input map[string]any) compute.Firewall {
	t.Helper()
	type traffic struct {
		Protocol string   `json:"protocol"`
		Ports    []string `json:"ports"`
	}
	var arguments struct {
		Name                  string   `json:"name"`
		Network               string   `json:"network"`
		Direction             string   `json:"direction"`
		Priority              *int     `json:"priority"`
		Description           string   `json:"description"`
		SourceRanges          []string `json:"source_ranges"`
		SourceTags            []string `json:"source_tags"`
		SourceServiceAccounts []string `json:"source_service_accounts"`
		DestinationRanges     []string `json:"destination_ranges"`
		TargetTags            []string `json:"target_tags"`
		TargetServiceAccounts []string `json:"target_service_accounts"`
		Allow, Deny           *traffic
	}
	decode(t, input, &arguments)
	f := compute.Firewall{
		Name: arguments.Name, Network: path.Join("projects/example/global/networks", arguments.Network), Direction: arguments.Direction,
		Priority: arguments.Priority, Description: arguments.Description,
		SourceRanges: arguments.SourceRanges, SourceTags: arguments.SourceTags, SourceServiceAccounts: arguments.SourceServiceAccounts,
		DestinationRanges: arguments.DestinationRanges, TargetTags: arguments.TargetTags, TargetServiceAccounts: arguments.TargetServiceAccounts,
	}
	if arguments.Allow != nil {
		f.Allowed = []compute.Traffic{{Protocol: arguments.Allow.Protocol, Ports: arguments.Allow.Ports}}
	}
	if arguments.Deny != nil {
		f.Denied = []compute.Traffic{{Protocol: arguments.Deny.Protocol, Ports: arguments.Deny.Ports}}
	}
	return f
}

func insert(t *testing.T, server *compute.Server, address string, f compute.Firewall) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"projects/example/global/firewalls", bytes.NewBufferString(asJSON(t, f)))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	said, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("%s: status %d, %s (%v)", address, answer.StatusCode, said, err)
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}
