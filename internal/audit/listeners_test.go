package audit_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/listen"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// rulesOf reads lines of "SOURCE DESTINATION COMPONENT PORT PURPOSE".
func rulesOf(t *testing.T, lines ...string) map[string]deployment.Rule {
	t.Helper()
	rules := make(map[string]deployment.Rule)
	for _, line := range lines {
		var source, destination, component, port, purposeName string
		if n, err := fmt.Sscan(line, &source, &destination, &component, &port, &purposeName); err != nil {
			t.Fatalf("%q: %d words: %v", line, n, err)
		}
		purpose, err := matrix.ParsePurpose(purposeName)
		if err != nil {
			t.Fatal(err)
		}
		r := deployment.Rule{
			Flow: source + "-to-" + destination + "-" + component, Source: source, Destination: destination,
			Component: component, Purpose: purpose, Ports: matrix.MustPortRange(port),
		}
		rules[r.Key()] = r
	}
	return rules
}

// usual are the rules of the usual installation, all on one host but MongoDB.
func usual(t *testing.T) map[string]deployment.Rule {
	t.Helper()
	return rulesOf(t,
		"users canopsis nginx tcp/8080 user_access",
		"users canopsis nginx tcp/8443 user_access",
		"api_event_sources canopsis nginx tcp/8443 events",
		"administrators canopsis ssh tcp/22 administration",
		"snmp_trap_sources canopsis snmp udp/162 events",
		"mongodb canopsis redis tcp/6739 internal",
		"administrators canopsis ping icmp/8 administration",
		"canopsis mongodb mongodb tcp/27017 internal",
		"canopsis ldap ldap tcp/389 external",
		"canopsis package_repositories https tcp/443 installation",
	)
}

func auditOf(t *testing.T, rules map[string]deployment.Rule, host, text string) audit.Listeners {
	t.Helper()
	wanted, err := audit.WantedPorts(rules, host)
	if err != nil {
		t.Fatal(err)
	}
	report, err := listen.Parse(refusal.At("listeners"), text)
	if err != nil {
		t.Fatal(err)
	}
	return audit.AuditListeners(host, wanted, report)
}

// spelled spells an audit, a line for each port.
func spelled(a audit.Listeners) string {
	lines := []string{fmt.Sprintf("ok: %t", a.OK)}
	for _, w := range a.Wanted {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s [%s] %s", w.Key(), w.Verdict, strings.Join(w.Addresses, " "), w.Note)))
	}
	for _, f := range a.Found {
		lines = append(lines, strings.TrimSpace(fmt.Sprintf("%s %s [%s] [%s] %s", f.Key(), f.Verdict, strings.Join(f.Addresses, " "), strings.Join(f.Names, " "), f.Note)))
	}
	return strings.Join(lines, "\n")
}

const allWell = `tcp LISTEN 0 511 *:8080 *:* users:(("nginx",pid=1,fd=1))
tcp LISTEN 0 511 *:8443 *:* users:(("nginx",pid=1,fd=2))
tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=2,fd=3))
tcp LISTEN 0 128 [::]:22 [::]:* users:(("sshd",pid=2,fd=4))
udp UNCONN 0 0 *:162 *:* users:(("snmp",pid=3,fd=3))
udp UNCONN 0 0 127.0.0.53%lo:53 0.0.0.0:*
`

func TestVerdicts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		rules []string // nil for usual's without redis
		text  string
		want  string
	}{
		{"as the matrix says", nil, allWell, `ok: true
nginx/tcp-8080 expected [*]
nginx/tcp-8443 expected [*]
snmp/udp-162 expected [*]
ssh/tcp-22 expected [0.0.0.0 [::]]
tcp-22 expected [0.0.0.0 [::]] [sshd]
tcp-8080 expected [*] [nginx]
tcp-8443 expected [*] [nginx]
udp-162 expected [*] [snmp]`},
		{"HTTPS before TLS", nil, strings.Replace(allWell, "*:8443", "127.0.0.1:9999", 1), `ok: false
nginx/tcp-8080 expected [*]
nginx/tcp-8443 not_listening [] HTTPS does not listen before TLS is switched on
snmp/udp-162 expected [*]
ssh/tcp-22 expected [0.0.0.0 [::]]
tcp-22 expected [0.0.0.0 [::]] [sshd]
tcp-8080 expected [*] [nginx]
udp-162 expected [*] [snmp]`},
		{"one family, loopback, and what nobody wants", nil, `tcp LISTEN 0 511 0.0.0.0:8080 0.0.0.0:*
tcp LISTEN 0 511 [::ffff:127.0.0.1]:8443 *:*
tcp LISTEN 0 128 [::]:22 [::]:*
tcp LISTEN 0 128 10.0.0.5:8125 0.0.0.0:* users:(("telegraf",pid=9,fd=3))
tcp LISTEN 0 128 10.0.0.5:8126 0.0.0.0:* users:(("telegraf",pid=9,fd=4))
udp UNCONN 0 0 0.0.0.0%eth0:68 0.0.0.0:*
`, `ok: false
nginx/tcp-8080 one_family_only [0.0.0.0] IPv4 alone
nginx/tcp-8443 loopback_only [[::ffff:127.0.0.1]] nothing but the machine itself reaches it
snmp/udp-162 not_listening []
ssh/tcp-22 one_family_only [[::]] IPv6 alone
tcp-22 one_family_only [[::]] [] IPv6 alone
tcp-8080 one_family_only [0.0.0.0] [] IPv4 alone
tcp-8125-8126 not_in_matrix [10.0.0.5] [telegraf]
udp-68 expected [0.0.0.0%eth0] [] a DHCP client, which no flow of the matrix names`},
		{"the page's wrong port", []string{"canopsis redis redis tcp/6739 internal"},
			"tcp LISTEN 0 511 *:6379 *:*", `ok: false
redis/tcp-6739 wrong_port [] it listens on tcp/6379, erratum redis_port: write component_ports = { redis = ["tcp/6379"] }
tcp-6379 wrong_port [*] [] the matrix has tcp/6739 for redis`},
		{"the wrong port the other way round", []string{"canopsis redis redis tcp/6379 internal"},
			"tcp LISTEN 0 511 *:6739 *:*", `ok: false
redis/tcp-6379 wrong_port [] it listens on tcp/6739, erratum redis_port: write component_ports = { redis = ["tcp/6739"] }
tcp-6739 wrong_port [*] [] the matrix has tcp/6379 for redis`},
		{"a wrong port of another component", []string{"canopsis redis other tcp/6739 internal"},
			"tcp LISTEN 0 511 *:6379 *:*", `ok: false
other/tcp-6739 not_listening []
tcp-6379 not_in_matrix [*] []`},
		{"a wrong port that the matrix has as well", []string{"canopsis redis redis tcp/6739 internal", "canopsis redis redis tcp/6379 internal"},
			"tcp LISTEN 0 511 *:6379 *:*", `ok: false
redis/tcp-6379 expected [*]
redis/tcp-6739 not_listening []
tcp-6379 expected [*] []`},
		{"a wrong port on loopback", []string{"canopsis redis redis tcp/6739 internal"},
			"tcp LISTEN 0 511 127.0.0.1:6379 *:*", `ok: false
redis/tcp-6739 not_listening []`},
		{"MongoDB as Docker published it", []string{"canopsis mongodb mongodb tcp/27017 internal"},
			"db\t0.0.0.0:27027->27017/tcp, :::27027->27017/tcp", `ok: false
mongodb/tcp-27017 wrong_port [] it listens on tcp/27027, erratum mongodb_docker_port: write component_ports = { mongodb = ["tcp/27027"] }
tcp-27027 wrong_port [0.0.0.0 ::] [db] the matrix has tcp/27017 for mongodb`},
		{"a container's port on another of the host's", []string{"users canopsis nginx tcp/8080 user_access", "users canopsis nginx tcp/8443 user_access"},
			"web\t0.0.0.0:80->8080/tcp, [::]:80->8080/tcp, 0.0.0.0:8443->443/tcp, [::]:8443->443/tcp\ntcp LISTEN 0 1 *:8443 *:*", `ok: false
nginx/tcp-8080 published_elsewhere [] web publishes it on tcp/80: write component_ports = { nginx = ["tcp/80", "tcp/8443"] }
nginx/tcp-8443 expected [* 0.0.0.0 [::]]
tcp-80 not_in_matrix [0.0.0.0 [::]] [web] port 8080 of the container, which the matrix has for nginx
tcp-8443 expected [* 0.0.0.0 [::]] [web]`},
		{"both of a component's ports on others of the host's: one line has both", []string{"users canopsis nginx tcp/8080 user_access", "users canopsis nginx tcp/8443 user_access"},
			"web\t0.0.0.0:80->8080/tcp, 0.0.0.0:9443->8443/tcp\n", `ok: false
nginx/tcp-8080 published_elsewhere [] web publishes it on tcp/80: write component_ports = { nginx = ["tcp/80", "tcp/9443"] }
nginx/tcp-8443 published_elsewhere [] web publishes it on tcp/9443: write component_ports = { nginx = ["tcp/80", "tcp/9443"] }
tcp-80 not_in_matrix [0.0.0.0] [web] port 8080 of the container, which the matrix has for nginx
tcp-9443 not_in_matrix [0.0.0.0] [web] port 8443 of the container, which the matrix has for nginx`},
		{"a container's port for the machine alone", []string{"users canopsis nginx tcp/8080 user_access"},
			"web\t127.0.0.1:80->8080/tcp\ntcp LISTEN 0 1 127.0.0.1:80 *:*", `ok: false
nginx/tcp-8080 not_listening []`},
		{"containers alone say nothing of the machine", []string{"administrators canopsis ssh tcp/22 administration"},
			"web\t8080/tcp", `ok: false
ssh/tcp-22 unknown [] no tool looked: ss says it on the machine itself`},
		{"nmap behind a firewall", []string{"users canopsis nginx tcp/8080 user_access", "snmp_trap_sources canopsis snmp udp/162 events"},
			"Host: 10.0.0.5 ()\tPorts: 8080/filtered/tcp//http///, 162/open|filtered/udp//snmptrap///, 443/filtered/tcp//https///, 53/open|filtered/udp//domain///", `ok: false
nginx/tcp-8080 unknown [10.0.0.5] a firewall answered: ss says it on the machine itself
snmp/udp-162 unknown [10.0.0.5] nothing answered: ss says it on the machine itself
udp-53 unknown [10.0.0.5] [domain] nothing answered: ss says it on the machine itself
udp-162 unknown [10.0.0.5] [snmptrap] nothing answered: ss says it on the machine itself`},
		{"nmap sees one family, and that is no fault", []string{"users canopsis nginx tcp/8080 user_access"},
			"Host: 10.0.0.5 ()\tPorts: 8080/open/tcp//http///", `ok: true
nginx/tcp-8080 expected [10.0.0.5]
tcp-8080 expected [10.0.0.5] [http]`},
		{"nmap in one family and the machine in the other", []string{"users canopsis nginx tcp/8080 user_access"},
			"Host: 10.0.0.5 ()\tPorts: 8080/open/tcp//http///\ntcp LISTEN 0 1 [::]:8080 [::]:*", `ok: true
nginx/tcp-8080 expected [10.0.0.5 [::]]
tcp-8080 expected [10.0.0.5 [::]] [http]`},
		{"part of a range", []string{"users canopsis ftp tcp/8000-8010 user_access"},
			"ftp\t0.0.0.0:8002-8003->8002-8003/tcp, [::]:8002-8003->8002-8003/tcp", `ok: true
ftp/tcp-8000-8010 expected [0.0.0.0 [::]]
tcp-8002-8003 expected [0.0.0.0 [::]] [ftp]`},
		{"nothing listens", []string{"users canopsis nginx tcp/8080 user_access", "users canopsis sctp_thing sctp/3868 user_access"},
			"Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess", `ok: false
nginx/tcp-8080 not_listening []
sctp_thing/sctp-3868 unknown [] no tool looked: ss says it on the machine itself`},
		{"a container on a DHCP client's port", []string{"administrators canopsis ssh tcp/22 administration"},
			"dhcp\t0.0.0.0:68->68/udp\ntcp LISTEN 0 1 *:22 *:*", `ok: false
ssh/tcp-22 expected [*]
tcp-22 expected [*] []
udp-68 not_in_matrix [0.0.0.0] [dhcp]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rules := usual(t)
			delete(rules, "mongodb-to-canopsis-redis/tcp-6739")
			host := "canopsis"
			if c.rules != nil {
				rules = rulesOf(t, c.rules...)
				host = strings.Fields(c.rules[0])[1]
			}
			a := auditOf(t, rules, host, c.text)
			if got := spelled(a); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			lines := strings.Split(c.text, "\n")
			slices.Reverse(lines)
			if got := spelled(auditOf(t, rules, host, strings.Join(lines, "\n"))); got != c.want {
				t.Errorf("the other way round it gives\n%s", got)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	text := allWell + `tcp LISTEN 0 128 *:6379 *:* users:(("redis-server",pid=4,fd=3))
tcp LISTEN 0 128 *:8125 *:* users:(("telegraf",pid=9,fd=3))
tcp LISTEN 0 128 *:9100 *:* users:(("node_exporter",pid=9,fd=3))
tcp LISTEN 0 128 *:9200 *:*
tcp LISTEN 0 128 *:9300 *:*
`
	const want = "canopsis: 4 of the matrix's 5 ports listen." +
		" not_in_matrix: tcp-8125 (telegraf), tcp-9100 (node_exporter), tcp-9200 and 1 more." +
		` wrong_port: redis/tcp-6739 (it listens on tcp/6379, erratum redis_port: write component_ports = { redis = ["tcp/6379"] }).`
	if got := auditOf(t, usual(t), "canopsis", text).Summary; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestWantedPorts(t *testing.T) {
	t.Parallel()
	wanted, err := audit.WantedPorts(usual(t), "canopsis")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range wanted {
		got = append(got, w.Key()+" "+strings.Join(w.Rules, " ")+string(w.Verdict))
	}
	want := []string{
		"nginx/tcp-8080 users-to-canopsis-nginx/tcp-8080",
		"nginx/tcp-8443 api_event_sources-to-canopsis-nginx/tcp-8443 users-to-canopsis-nginx/tcp-8443",
		"redis/tcp-6739 mongodb-to-canopsis-redis/tcp-6739",
		"snmp/udp-162 snmp_trap_sources-to-canopsis-snmp/udp-162",
		"ssh/tcp-22 administrators-to-canopsis-ssh/tcp-22",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// A host to which no rule leads: whatever listens there is too much.
	wanted, err = audit.WantedPorts(rulesOf(t, "engines mongodb mongodb tcp/27017 internal"), "engines")
	if err != nil || len(wanted) != 0 {
		t.Errorf("%v, %v", wanted, err)
	}
}

func TestWantedPortsRefuses(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"canopsi":              `Unknown host: host: "canopsi" is not a host of these rules. Did you mean "canopsis"? Allowed: canopsis, mongodb.`,
		"users":                `Not a host: host: "users" is an actor or an outside system, on which nothing of Canopsis listens. Allowed: canopsis, mongodb.`,
		"ldap":                 `Not a host: host: "ldap" is an actor or an outside system, on which nothing of Canopsis listens. Allowed: canopsis, mongodb.`,
		"package_repositories": `Not a host: host: "package_repositories" is an actor or an outside system, on which nothing of Canopsis listens. Allowed: canopsis, mongodb.`,
	} {
		_, err := audit.WantedPorts(usual(t), host)
		if err == nil || err.Error() != want {
			t.Errorf("%s:\ngot  %v\nwant %s", host, err, want)
		}
	}
	_, err := audit.WantedPorts(nil, "canopsis")
	if err == nil || !strings.Contains(err.Error(), "these have no host") {
		t.Errorf("no rules: %v", err)
	}
}

// The errata about ports are read from their texts: each must give its pair.
func TestErrataGivePairsOfPorts(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ component, matrix, listens string }{
		{"redis", "tcp/6739", "6379"},
		{"redis_sentinel", "tcp/26739", "26379"},
		{"valkey", "tcp/6739", "6379"},
		{"valkey_sentinel", "tcp/26739", "26379"},
		{"nginx", "tcp/443", "8443"},
		{"mongodb", "tcp/27017", "27027"},
	} {
		a := auditOf(t, rulesOf(t, "canopsis data "+c.component+" "+c.matrix+" internal"), "data", "tcp LISTEN 0 1 *:"+c.listens+" *:*")
		if got := a.Wanted[0].Verdict; got != audit.PortWrong {
			t.Errorf("%s on %s while %s listens: %s", c.component, c.matrix, c.listens, got)
		}
	}
}
