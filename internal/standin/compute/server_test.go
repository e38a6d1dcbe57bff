package compute_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/standin/compute"
)

func newServer(t *testing.T) *compute.Server {
	t.Helper()
	server := compute.NewServer()
	t.Cleanup(server.Close)
	return server
}

// call sends a request as the Google provider would, and returns the status and
// the answer.
func call(t *testing.T, server *compute.Server, method, path string, body any) (int, string) {
	t.Helper()
	content, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+"projects/p/global/"+path, bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(text)
}

type object map[string]any

// with returns a rule that Compute takes, with some fields changed; nil takes one
// away.
func with(changes object) object {
	rule := object{
		"name": "users-to-canopsis-tcp", "network": "projects/p/global/networks/n", "direction": "INGRESS",
		"sourceRanges": []string{"10.20.0.0/16"}, "targetTags": []string{"canopsis"},
		"allowed": []object{{"IPProtocol": "tcp", "ports": []string{"8080", "8000-8010"}}},
	}
	for name, value := range changes {
		if rule[name] = value; value == nil {
			delete(rule, name)
		}
	}
	return rule
}

func must(t *testing.T, status int, text string) string {
	t.Helper()
	if status != http.StatusOK {
		t.Fatalf("status %d: %s", status, text)
	}
	return text
}

func TestLifeOfARule(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	status, text := call(t, server, "POST", "firewalls", with(nil))
	var operation struct{ Name, Status, TargetLink string }
	if err := json.Unmarshal([]byte(must(t, status, text)), &operation); err != nil || operation.Status != "DONE" {
		t.Fatalf("%s (%v)", text, err)
	}
	status, text = call(t, server, "GET", "operations/"+operation.Name, nil)
	if !strings.Contains(must(t, status, text), `"DONE"`) {
		t.Error(text)
	}
	status, text = call(t, server, "GET", "firewalls/users-to-canopsis-tcp", nil)
	var kept compute.Firewall
	if err := json.Unmarshal([]byte(must(t, status, text)), &kept); err != nil {
		t.Fatal(err)
	}
	if kept.Priority == nil || *kept.Priority != 1000 || kept.SelfLink != operation.TargetLink || !slices.Equal(kept.SourceRanges, []string{"10.20.0.0/16"}) ||
		len(kept.Allowed) != 1 || kept.Allowed[0].Protocol != "tcp" || !slices.Equal(kept.Allowed[0].Ports, []string{"8080", "8000-8010"}) {
		t.Errorf("kept as %+v", kept)
	}
	if status, text = call(t, server, "POST", "firewalls", with(nil)); status != http.StatusConflict || !strings.Contains(text, "alreadyExists") {
		t.Errorf("the same again: %d %s", status, text)
	}
	status, text = call(t, server, "GET", "firewalls", nil)
	if must(t, status, text); strings.Count(text, "users-to-canopsis-tcp") < 1 {
		t.Errorf("the list: %s", text)
	}
	status, text = call(t, server, "DELETE", "firewalls/users-to-canopsis-tcp", nil)
	must(t, status, text)
	for _, method := range []string{"GET", "DELETE", "PATCH"} {
		if status, text = call(t, server, method, "firewalls/users-to-canopsis-tcp", with(nil)); status != http.StatusNotFound || !strings.Contains(text, "notFound") {
			t.Errorf("%s of what is gone: %d %s", method, status, text)
		}
	}
	if left := server.Firewalls(); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
	if status, text = call(t, server, "GET", "routes", nil); status != http.StatusNotImplemented {
		t.Errorf("what nobody knows: %d %s", status, text)
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	many := make([]string, 257)
	for i := range many {
		many[i] = fmt.Sprintf("10.0.%d.%d/32", i/256, i%256)
	}
	tcp := func(ports ...string) []object { return []object{{"IPProtocol": "tcp", "ports": ports}} }
	for what, c := range map[string]struct {
		changes object
		says    string
	}{
		"no name":             {object{"name": ""}, "resource.name"},
		"an underscore":       {object{"name": "users_to_canopsis"}, "resource.name"},
		"64 characters":       {object{"name": strings.Repeat("a", 64)}, "resource.name"},
		"host bits":           {object{"sourceRanges": []string{"10.20.0.1/16"}}, "resource.sourceRanges[0]"},
		"no range":            {object{"sourceRanges": []string{"10.20.0.0/16", "everyone"}}, "resource.sourceRanges[1]"},
		"both families":       {object{"sourceRanges": []string{"10.20.0.0/16", "2001:db8::/32"}}, "IPv4 and IPv6"},
		"257 ranges":          {object{"sourceRanges": many}, "Too many values"},
		"ports of icmp":       {object{"allowed": []object{{"IPProtocol": "icmp", "ports": []string{"8"}}}}, "TCP, UDP, SCTP"},
		"a word as protocol":  {object{"allowed": []object{{"IPProtocol": "http"}}}, "allowed[0].IPProtocol"},
		"a word as port":      {object{"allowed": tcp("http")}, "allowed[0].ports[0]"},
		"a port too high":     {object{"allowed": tcp("80", "70000")}, "allowed[0].ports[1]"},
		"a reversed range":    {object{"denied": tcp("90-80"), "allowed": nil}, "denied[0].ports[0]"},
		"neither":             {object{"allowed": nil}, "Exactly one"},
		"both":                {object{"denied": tcp("80")}, "Exactly one"},
		"tags and accounts":   {object{"sourceServiceAccounts": []string{"a@b"}}, "Tags and service accounts"},
		"a tag in capitals":   {object{"targetTags": []string{"Canopsis"}}, "targetTags[0]"},
		"an account":          {object{"targetTags": nil, "targetServiceAccounts": []string{"canopsis"}}, "targetServiceAccounts[0]"},
		"a direction":         {object{"direction": "ingress"}, "resource.direction"},
		"egress from":         {object{"direction": "EGRESS"}, "Sources cannot"},
		"ingress to":          {object{"destinationRanges": []string{"10.0.0.0/8"}}, "Destination ranges cannot"},
		"a priority":          {object{"priority": 65536}, "resource.priority"},
		"a long description":  {object{"description": strings.Repeat("a", 2049)}, "resource.description"},
		"a field it lacks":    {object{"sourcePorts": []string{"80"}}, "unknown field"},
		"a text where a list": {object{"sourceRanges": "10.0.0.0/8"}, "Invalid JSON"},
	} {
		server := newServer(t)
		status, text := call(t, server, "POST", "firewalls", with(c.changes))
		if status != http.StatusBadRequest || !strings.Contains(text, c.says) {
			t.Errorf("%s: %d %s; want it to say %s", what, status, text, c.says)
		}
		if kept := server.Firewalls(); len(kept) != 0 {
			t.Errorf("%s is refused and kept: %v", what, kept)
		}
	}
}

// Trap 2: Compute opens the world where no source is named. The stand-in does so
// too, and remembers it.
func TestNoSourceIsEverySource(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	status, text := call(t, server, "POST", "firewalls", with(object{"sourceRanges": []string{}}))
	must(t, status, text)
	if f := server.Firewalls()[0]; !slices.Equal(f.SourceRanges, []string{"0.0.0.0/0"}) {
		t.Errorf("kept as %+v", f)
	}
	if opened := server.Opened(); !slices.Equal(opened, []string{"users-to-canopsis-tcp"}) {
		t.Errorf("opened %v", opened)
	}
	status, text = call(t, server, "POST", "firewalls", with(object{"name": "out", "direction": "EGRESS", "sourceRanges": nil, "network": nil}))
	must(t, status, text)
	if f := server.Firewalls()[0]; !slices.Equal(f.DestinationRanges, []string{"0.0.0.0/0"}) || f.Network != "global/networks/default" {
		t.Errorf("kept as %+v", f)
	}
}

// Trap 1: a change keeps what it does not name.
func TestPatchMerges(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	status, text := call(t, server, "POST", "firewalls", with(object{"sourceRanges": []string{"0.0.0.0/0"}}))
	must(t, status, text)
	status, text = call(t, server, "PATCH", "firewalls/users-to-canopsis-tcp", object{"sourceTags": []string{"office"}})
	must(t, status, text)
	if f := server.Firewalls()[0]; !slices.Equal(f.SourceRanges, []string{"0.0.0.0/0"}) || !slices.Equal(f.SourceTags, []string{"office"}) {
		t.Errorf("ranges to tags: kept as %+v", f)
	}
	if kept := server.Kept(); !slices.Equal(kept, []string{"users-to-canopsis-tcp keeps sourceRanges"}) {
		t.Errorf("kept %v", kept)
	}
	status, text = call(t, server, "PATCH", "firewalls/users-to-canopsis-tcp", object{"sourceRanges": []string{"10.0.0.1/8"}})
	if status != http.StatusBadRequest {
		t.Errorf("host bits: %d %s", status, text)
	}
	if f := server.Firewalls()[0]; !slices.Equal(f.SourceRanges, []string{"0.0.0.0/0"}) {
		t.Errorf("what is refused is kept: %+v", f)
	}
	status, text = call(t, server, "PATCH", "firewalls/users-to-canopsis-tcp", object{"sourceRanges": nil, "sourceTags": nil})
	must(t, status, text)
	if opened := server.Opened(); !slices.Equal(opened, []string{"users-to-canopsis-tcp"}) {
		t.Errorf("opened %v", opened)
	}
	if status, text = call(t, server, "PATCH", "firewalls/users-to-canopsis-tcp", object{"name": "other"}); status != http.StatusBadRequest {
		t.Errorf("another name: %d %s", status, text)
	}
}

func TestProviderBlock(t *testing.T) {
	t.Parallel()
	server := newServer(t)
	block := server.ProviderBlock("my-project")
	for _, line := range []string{`project                 = "my-project"`, `compute_custom_endpoint = "` + server.URL + `"`} {
		if !strings.Contains(block, line) {
			t.Errorf("%s lacks %s", block, line)
		}
	}
}
