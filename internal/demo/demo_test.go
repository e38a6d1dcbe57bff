package main

import (
	"strings"
	"testing"
)

const state = `{"values": {"root_module": {"resources": [
  {"type": "terraform_data", "values": {"input": "x"}},
  {"type": "canopsis_flows", "values": {"flows": {
    "users-to-canopsis-nginx": {"source": "users", "destination": "canopsis", "component": "nginx", "purpose": "user_access",
      "ports": [{"protocol": "tcp", "from_port": 8080, "to_port": 8080}, {"protocol": "tcp", "from_port": 8443, "to_port": 8450}]},
    "canopsis-to-mongodb": {"source": "canopsis", "destination": "mongodb", "component": "mongodb", "purpose": "internal",
      "ports": [{"protocol": "tcp", "from_port": 27017, "to_port": 27017}]}
  }, "rules": {
    "users-to-canopsis-nginx/tcp-8080": {"flow": "users-to-canopsis-nginx"},
    "users-to-canopsis-nginx/tcp-8443-8450": {"flow": "users-to-canopsis-nginx"},
    "canopsis-to-mongodb/tcp-27017": {"flow": "canopsis-to-mongodb"}
  }}}
]}}}`

func TestTableOfFlows(t *testing.T) {
	t.Parallel()
	shown, err := deploymentOf([]byte(state))
	if err != nil {
		t.Fatal(err)
	}
	want := `FROM       TO         COMPONENT   PORTS                    PURPOSE
canopsis   mongodb    mongodb     tcp/27017                internal
users      canopsis   nginx       tcp/8080 tcp/8443-8450   user_access
`
	if got := table(shown.Flows); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if got, want := shown.figures(), "3 rules of 2 flows, one for each port or range of ports:"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPictureSaysWhatTheTableSays(t *testing.T) {
	t.Parallel()
	shown, err := deploymentOf([]byte(state))
	if err != nil {
		t.Fatal(err)
	}
	svg, err := picture(shown)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">mongodb TCP 27017<", ">nginx TCP 8080,<", ">8443-8450<", ">users<", ">canopsis<"} {
		if !strings.Contains(svg, want) {
			t.Errorf("%s is missing in the picture", want)
		}
	}
	shown.Flows["users-to-canopsis-nginx"] = flow{Ports: []portRange{{Protocol: "tcp", From: 0, To: 70000}}}
	if _, err := picture(shown); err == nil || !strings.Contains(err.Error(), "users-to-canopsis-nginx") {
		t.Errorf("a port that is none: got %v", err)
	}
}

func TestFlowsOfStateWithoutThem(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{
		`{"values": {"root_module": {"resources": [{"type": "terraform_data", "values": {}}]}}}`: "no data source canopsis_flows",
		`not JSON`: "reading the state",
	} {
		if _, err := deploymentOf([]byte(state)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want an error with %q", state, err, want)
		}
	}
}

func TestRunWantsAVersion(t *testing.T) {
	t.Parallel()
	want := "-version says which version the provider has in the mirror, as in -version 1.2.3"
	if err := run("examples/quickstart", "", ""); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestLineWith(t *testing.T) {
	t.Parallel()
	text := "a\n\nPlan: 15 to add, 0 to change.\nPlan: other\n"
	if got := lineWith(text, "Plan: "); got != "Plan: 15 to add, 0 to change." {
		t.Errorf("got %q", got)
	}
	if got := lineWith(text, "Apply"); got != `(no line starts with "Apply")` {
		t.Errorf("without such a line: got %q", got)
	}
}
