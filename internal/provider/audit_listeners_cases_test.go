package provider

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func auditListenersSurface() surface {
	base := object{"rules": writtenRules(), "host": "canopsis", "listeners": writtenListeners}
	return surface{
		name: "function audit_listeners",
		base: base,
		arguments: func(t *testing.T) []string {
			t.Helper()
			return []string{"rules", "host", "listeners"}
		},
		run: typedRun(newAuditListenersFunction(), base, func(t *testing.T, result tftypes.Value) string {
			t.Helper()
			parts := children(t, result)
			var verdicts []string
			for _, side := range []string{"expected", "actual"} {
				if !parts[side].IsKnown() {
					verdicts = append(verdicts, side+": (known after apply)")
					continue
				}
				ports := children(t, parts[side])
				verdicts = append(verdicts, fmt.Sprintf("%s: %s", side, sortedKeys(ports)))
			}
			return fmt.Sprintf("ok: %s, %s", known(t, parts["ok"]), strings.Join(verdicts, "; "))
		}),
		cases: auditListenersCases(),
	}
}

// writtenListeners are what writtenRules lead to on canopsis.
const writtenListeners = "tcp LISTEN 0 511 *:8443 *:*\ntcp LISTEN 0 128 *:22 *:*\nudp UNCONN 0 0 *:162 *:*\n"

func auditListenersCases() []diagnosticCase {
	const wanted = "expected: nginx/tcp-8443, snmp/udp-162, ssh/tcp-22"
	const allListen = "ok: true, " + wanted + "; actual: tcp-22, tcp-8443, udp-162"
	heard := func(text string) object { return object{"listeners": text} }
	return []diagnosticCase{
		{argument: "rules", kind: isUnknown, given: object{"rules": unknown},
			gives: "(known after apply)"},
		{argument: "rules", kind: isUnknown, what: "rule", given: object{"rules": writtenRules().with(object{"users-to-canopsis-nginx/tcp-8443": unknown})},
			says: []string{usersRule, "not known yet", "depends_on"}},
		{argument: "rules", kind: isNull, given: object{"rules": nil},
			says: []string{"rules", "null stands here", "{}"}},
		{argument: "rules", kind: isEmpty, given: object{"rules": object{}},
			says: []string{"host", `"canopsis" is not a host of these rules`, "data.canopsis_flows.this.rules"}},
		{argument: "rules", kind: isWrong, what: "a source that is a CIDR", given: object{"rules": writtenRules().with(object{"a": object{
			"flow": "a", "source": "10.0.0.0/8", "destination": "canopsis", "component": "nginx", "purpose": "user_access", "protocol": "tcp", "from_port": 80, "to_port": 80,
		}})},
			says: []string{`rules["a"].source`, `"10.0.0.0/8"`, "lower-case"}},

		{argument: "host", kind: isUnknown, given: object{"host": unknown},
			gives: "(known after apply)"},
		{argument: "host", kind: isNull, given: object{"host": nil},
			says: []string{"host", "left out or null", `as in "canopsis"`}},
		{argument: "host", kind: isEmpty, given: object{"host": ""},
			says: []string{"host", `""`, "lower-case letter"}},
		{argument: "host", kind: isWrong, what: "misspelt", given: object{"host": "mongo"},
			says: []string{"host", `"mongo"`, `Did you mean "mongodb"?`}},
		{argument: "host", kind: isWrong, what: "an actor", given: object{"host": "users"},
			says: []string{"host", `"users" is an actor or an outside system`, "canopsis, mongodb"}},
		{argument: "host", kind: isWrong, what: "an outside system", given: object{"host": "ldap"},
			says: []string{"host", `"ldap" is an actor or an outside system`, "canopsis, mongodb"}},
		{argument: "host", kind: isRight, what: "another", given: object{"host": "mongodb"},
			gives: "ok: false, expected: mongodb/tcp-27017; actual: tcp-22, tcp-8443, udp-162"},

		{argument: "listeners", kind: isUnknown, given: object{"listeners": unknown},
			gives: "ok: (known after apply), " + wanted + "; actual: (known after apply)"},
		{argument: "listeners", kind: isUnknown, what: "on no host", given: object{"listeners": unknown, "host": "users"},
			says: []string{"host", `"users" is an actor or an outside system`, "canopsis, mongodb"}},
		{argument: "listeners", kind: isNull, given: object{"listeners": nil},
			says: []string{"listeners", "left out or null", "what ss -Hltnup"}},
		{argument: "listeners", kind: isEmpty, given: heard(""),
			says: []string{"listeners", "the text is empty", "Look whether the command failed"}},
		{argument: "listeners", kind: isEmpty, what: "a heading alone", given: heard("Netid State  Recv-Q Send-Q Local Address:Port  Peer Address:PortProcess\n"),
			gives: "ok: false, " + wanted + "; actual: none"},
		{argument: "listeners", kind: isWrong, what: "not of a tool", given: heard(writtenListeners + "Connection to 10.0.0.5 closed.\n"),
			says: []string{"listeners", `line 4, "Connection to 10.0.0.5 closed."`, "what ss -Hltnup"}},
		{argument: "listeners", kind: isWrong, what: "ports as names", given: heard("tcp LISTEN 0 511 *:https *:*\n"),
			says: []string{"listeners", `line 1, "tcp LISTEN 0 511 *:https *:*"`, "with -n"}},
		{argument: "listeners", kind: isWrong, what: "a default table of Docker's", given: heard("CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n"),
			says: []string{"listeners", "CONTAINER ID", `docker ps --format '{{.Names}}\t{{.Ports}}'`}},
		{argument: "listeners", kind: isRight, given: heard(writtenListeners),
			gives: allListen},
		{argument: "listeners", kind: isRight, what: "containers", given: heard("web\t0.0.0.0:8443->443/tcp, [::]:8443->443/tcp\nLISTEN 0 1 *:22 *:*\nUNCONN 0 0 *:162 *:*"),
			gives: allListen},
	}
}

// What the result has for users, whole.
func TestAuditListenersResult(t *testing.T) {
	t.Parallel()
	given := object{
		"rules": writtenRules(), "host": "canopsis",
		"listeners": "udp UNCONN 0 0 127.0.0.1:162 0.0.0.0:*\ntcp LISTEN 0 5 0.0.0.0:22 0.0.0.0:* users:((\"sshd\",pid=1,fd=3))\ntcp LISTEN 0 5 *:8125 *:*\n",
	}
	result, funcErr := callTyped(t, newAuditListenersFunction(), given)
	if funcErr != nil {
		t.Fatal(funcErr)
	}
	want := object{
		"ok": false,
		"summary": "canopsis: 1 of the matrix's 3 ports listen. not_in_matrix: tcp-8125. loopback_only: snmp/udp-162 (nothing but the machine itself reaches it). " +
			"not_listening: nginx/tcp-8443 (HTTPS does not listen before TLS is switched on). one_family_only: ssh/tcp-22 (IPv4 alone).",
		"expected": object{
			"nginx/tcp-8443": object{
				"verdict": "not_listening", "component": "nginx", "protocol": "tcp", "from_port": 8443, "to_port": 8443,
				"rules": list{"users-to-canopsis-nginx/tcp-8443"}, "addresses": list{}, "note": "HTTPS does not listen before TLS is switched on",
			},
			"snmp/udp-162": object{
				"verdict": "loopback_only", "component": "snmp", "protocol": "udp", "from_port": 162, "to_port": 162,
				"rules": list{"snmp_trap_sources-to-canopsis-snmp/udp-162"}, "addresses": list{"127.0.0.1"}, "note": "nothing but the machine itself reaches it",
			},
			"ssh/tcp-22": object{
				"verdict": "one_family_only", "component": "ssh", "protocol": "tcp", "from_port": 22, "to_port": 22,
				"rules": list{"administrators-to-canopsis-ssh/tcp-22"}, "addresses": list{"0.0.0.0"}, "note": "IPv4 alone",
			},
		},
		"actual": object{
			"tcp-22":   object{"verdict": "one_family_only", "protocol": "tcp", "from_port": 22, "to_port": 22, "addresses": list{"0.0.0.0"}, "names": list{"sshd"}, "note": "IPv4 alone"},
			"tcp-8125": object{"verdict": "not_in_matrix", "protocol": "tcp", "from_port": 8125, "to_port": 8125, "addresses": list{"*"}, "names": list{}, "note": ""},
		},
	}
	if got, want := spell(plain(t, result)), spell(want); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
