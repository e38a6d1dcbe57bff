package hcloud_test

import (
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/hcloud"
)

// ask sends a request to the stand-in and returns the status and the answer.
func ask(t *testing.T, server *hcloud.Server, method, at, body string) (status int, answer string) {
	t.Helper()
	endpoint := regexp.MustCompile(`endpoint = "(.*)"`).FindStringSubmatch(server.ProviderBlock())[1]
	request, err := http.NewRequestWithContext(t.Context(), method, endpoint+at, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(text)
}

func TestFirewall(t *testing.T) {
	t.Parallel()
	server := hcloud.NewServer()
	t.Cleanup(server.Close)
	const rule = `{"direction": "in", "protocol": "tcp", "port": "8443", "source_ips": ["10.20.0.0/16"]}`
	for _, step := range []struct {
		method, at, body string
		status           int
		open             []string // of the firewall; nil: there is none
	}{
		{"POST", "/firewalls", `{"name": "canopsis", "rules": [` + rule + `]}`, 200, []string{"in tcp 8443 from 10.20.0.0/16"}},
		{"POST", "/firewalls", `{"name": "canopsis"}`, 409, []string{"in tcp 8443 from 10.20.0.0/16"}},
		{"PUT", "/firewalls/1", `{"labels": {"a": "b"}, "rules": []}`, 200, []string{"in tcp 8443 from 10.20.0.0/16"}},
		{"POST", "/firewalls/1/actions/set_rules", `{"rules": [{"direction": "out", "protocol": "icmp", "destination_ips": ["10.0.0.0/8", "2001:db8::/32"]}]}`, 200, []string{"out icmp to 10.0.0.0/8 2001:db8::/32"}},
		{"POST", "/firewalls/1/actions/set_rules", `{"rules": []}`, 200, []string{}},
		{"POST", "/firewalls/1/actions/set_rules", `{`, 400, []string{}},
		{"POST", "/firewalls/2/actions/set_rules", `{"rules": []}`, 404, []string{}},
		{"PUT", "/firewalls/2", `{}`, 404, []string{}},
		{"PUT", "/firewalls/1", `{`, 400, []string{}},
		{"POST", "/firewalls", `{`, 400, []string{}},
		{"GET", "/firewalls/1", "", 200, []string{}},
		{"GET", "/servers", "", 501, []string{}},
		{"DELETE", "/firewalls/1", "", 204, nil},
		{"GET", "/firewalls/1", "", 404, nil},
	} {
		status, answer := ask(t, server, step.method, step.at, step.body)
		open := server.Open()["canopsis"]
		if status != step.status || !slices.Equal(open, step.open) || (open == nil) != (step.open == nil) {
			t.Errorf("%s %s %s: %d %s, open: %q; want %d, open: %q", step.method, step.at, step.body, status, answer, open, step.status, step.open)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	server := hcloud.NewServer()
	t.Cleanup(server.Close)
	for rule, says := range map[string]string{
		`{"direction": "both", "protocol": "tcp", "port": "1", "source_ips": ["10.0.0.0/8"]}`:                                     `direction \"both\"`,
		`{"direction": "in", "protocol": "sctp", "port": "1", "source_ips": ["10.0.0.0/8"]}`:                                      `protocol \"sctp\"`,
		`{"direction": "in", "protocol": "tcp", "source_ips": ["10.0.0.0/8"]}`:                                                    "a port stands",
		`{"direction": "in", "protocol": "icmp", "port": "1", "source_ips": ["10.0.0.0/8"]}`:                                      "a port stands",
		`{"direction": "in", "protocol": "tcp", "port": "1", "source_ips": []}`:                                                   "0 addresses",
		`{"direction": "out", "protocol": "tcp", "port": "1", "source_ips": ["10.0.0.0/8"]}`:                                      "0 addresses",
		`{"direction": "in", "protocol": "tcp", "port": "1", "source_ips": ["10.0.0.0/8"], "destination_ips": ["10.0.0.0/8"]}`:    "both sources and destinations",
		`{"direction": "in", "protocol": "tcp", "port": "1", "source_ips": ["10.0.0.1/8"]}`:                                       `\"10.0.0.1/8\" is no prefix`,
		`{"direction": "in", "protocol": "tcp", "port": "1", "source_ips": [` + strings.Repeat(`"10.0.0.0/8",`, 100) + `"::/0"]}`: "101 addresses",
		strings.Repeat(`{"direction": "in", "protocol": "esp", "source_ips": ["::/0"]},`, 50) + `{}`:                              "at most 50 rules",
	} {
		status, answer := ask(t, server, "POST", "/firewalls", `{"name": "f", "rules": [`+rule+`]}`)
		if status != http.StatusUnprocessableEntity || !strings.Contains(answer, says) {
			t.Errorf("%s: %d %s; want 422 and %s", rule, status, answer, says)
		}
	}
	if open := server.Open(); len(open) > 0 {
		t.Errorf("what is refused is kept: %v", open)
	}
}
