package listen_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/listen"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

var at = refusal.At("listeners")

// tell spells a listener in one line.
func tell(l listen.Listener) string {
	text := fmt.Sprintf("%d: %s %d", l.Line, l.Protocol, l.First)
	if l.Last != l.First {
		text += fmt.Sprintf("-%d", l.Last)
	}
	text += " at " + l.Text
	if l.Address.IsValid() && l.Address.String() != l.Text {
		text += " = " + l.Address.String()
	}
	text += map[listen.Families]string{listen.IPv4: " ipv4", listen.IPv6: " ipv6", listen.IPv4 | listen.IPv6: " both"}[l.Families]
	if l.Loopback {
		text += " loopback"
	}
	if l.Scanned {
		text += " scanned"
	}
	text += map[listen.State]string{listen.Filtered: " filtered", listen.OpenOrFiltered: " open or filtered", listen.Open: ""}[l.State]
	if l.ContainerFirst != 0 {
		text += fmt.Sprintf(" from %d-%d", l.ContainerFirst, l.ContainerLast)
	}
	if l.Name != "" {
		text += " (" + l.Name + ")"
	}
	return text
}

func spelled(listeners []listen.Listener) []string {
	lines := make([]string, 0, len(listeners))
	for _, l := range listeners {
		lines = append(lines, tell(l))
	}
	return lines
}

func fixture(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fixtures are what the tools print, and what it says.
var fixtures = map[string][]string{
	"ss-Hltnup.txt": {
		"1: udp 53 at 127.0.0.53%lo = 127.0.0.53 ipv4 loopback (systemd-resolve)",
		"2: udp 68 at 0.0.0.0%eth0 ipv4 (systemd-network)",
		"3: udp 162 at 0.0.0.0 ipv4 (snmp2canopsis)",
		"4: udp 546 at [fe80::5054:ff:fe12:3456]%eth0 = fe80::5054:ff:fe12:3456 ipv6 (systemd-network)",
		"5: tcp 8443 at * both (nginx)",
		"6: tcp 22 at 0.0.0.0 ipv4 (sshd)",
		"7: tcp 22 at [::] ipv6 (sshd)",
		"8: tcp 6379 at 127.0.0.1 ipv4 loopback (redis-server)",
		"9: tcp 6379 at [::1] = ::1 ipv6 loopback (redis-server)",
		"10: tcp 6380 at [::ffff:127.0.0.1] = 127.0.0.1 ipv4 loopback (redis-server)",
		"11: tcp 27017 at 10.0.0.5 ipv4 (mongod)",
		"12: tcp 25 at 0.0.0.0%lo ipv4 loopback (master: -w)",
	},
	"ss-tuln.txt": {
		"2: udp 162 at 0.0.0.0 ipv4",
		"3: tcp 8443 at * both",
		"4: tcp 15672 at :: both",
	},
	"netstat-tulnp.txt": {
		"5: tcp 22 at 0.0.0.0 ipv4 (sshd: /usr/sbin)",
		"7: tcp 6380 at 127.0.0.1 ipv4 loopback (redis-server)",
		"8: tcp 8443 at :: both",
		"9: tcp 631 at ::1 ipv6 loopback",
		"10: tcp 5432 at 2001:db8:85a3:8d3:... ipv6 (postgres)",
		"11: udp 162 at 0.0.0.0 ipv4 (snmp2canopsis)",
		"13: udp 546 at fe80::5054:ff:fe12:... ipv6",
	},
	"docker-ps.txt": {
		"1: tcp 80 at 0.0.0.0 ipv4 from 80-80 (canopsis-nginx-1)",
		"1: tcp 80 at [::] ipv6 from 80-80 (canopsis-nginx-1)",
		"1: tcp 443 at 0.0.0.0 ipv4 from 443-443 (canopsis-nginx-1)",
		"1: tcp 443 at [::] ipv6 from 443-443 (canopsis-nginx-1)",
		"2: tcp 27027 at 0.0.0.0 ipv4 from 27017-27017 (canopsis_mongodb_1)",
		"2: tcp 27027 at :: ipv6 from 27017-27017 (canopsis_mongodb_1)",
		"3: tcp 5672 at 0.0.0.0 ipv4 from 5672-5672 (canopsis-rabbitmq-1,canopsis-api-1/rabbitmq)",
		"3: tcp 15672 at 127.0.0.1 ipv4 loopback from 15672-15672 (canopsis-rabbitmq-1,canopsis-api-1/rabbitmq)",
		"4: tcp 8000-8002 at 0.0.0.0 ipv4 from 8000-8002 (ports)",
		"4: udp 162 at 0.0.0.0 ipv4 from 1162-1162 (ports)",
	},
	"docker-ps-json.txt": {
		"1: tcp 80 at 0.0.0.0 ipv4 from 8080-8080 (canopsis-nginx-1)",
		"1: tcp 80 at [::] ipv6 from 8080-8080 (canopsis-nginx-1)",
	},
	"nmap-oG.txt": {
		"4: tcp 22 at 10.0.0.5 ipv4 scanned (ssh)",
		"4: tcp 8443 at 10.0.0.5 ipv4 scanned (ssl|http)",
		"4: tcp 27017 at 10.0.0.5 ipv4 scanned filtered (mongod)",
		"4: udp 162 at 10.0.0.5 ipv4 scanned open or filtered (snmptrap)",
	},
	"nmap-oX.xml": {
		"16: tcp 22 at 2001:db8::5 ipv6 scanned (ssh)",
		"18: tcp 443 at 2001:db8::5 ipv6 scanned filtered (https)",
	},
}

func TestFixtures(t *testing.T) {
	t.Parallel()
	for name, want := range fixtures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			report, err := listen.Parse(at, fixture(t, name))
			if err != nil {
				t.Fatal(err)
			}
			if got := spelled(report.Listeners); !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		})
	}
}

// withoutLines spells listeners whose lines do not matter, sorted.
func withoutLines(listeners []listen.Listener) []string {
	var lines []string
	for _, line := range spelled(listeners) {
		_, line, _ = strings.Cut(line, ": ")
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// Several outputs in one text, their lines in any order: nmap's XML alone is one
// piece.
func TestOutputsTogether(t *testing.T) {
	t.Parallel()
	var lines, want []string
	for name, listeners := range fixtures {
		for _, line := range listeners {
			_, line, _ = strings.Cut(line, ": ")
			want = append(want, line)
		}
		if name != "nmap-oX.xml" {
			lines = append(lines, strings.Split(fixture(t, name), "\n")...)
		}
	}
	slices.Sort(want)
	slices.SortFunc(lines, func(a, b string) int { return strings.Compare(reversed(a), reversed(b)) })
	for _, text := range []string{
		strings.Join(lines, "\n") + "\n" + fixture(t, "nmap-oX.xml"),
		strings.TrimSuffix(fixture(t, "nmap-oX.xml"), "\n") + strings.Join(lines, "\r\n"), // behind the last tag, on its line
		"\ufeff" + fixture(t, "nmap-oX.xml") + strings.Join(lines, "\n\n"),
	} {
		report, err := listen.Parse(at, text)
		if err != nil {
			t.Fatal(err)
		}
		if got := withoutLines(report.Listeners); !slices.Equal(got, want) {
			t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func reversed(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}

// A text may lose its last tab on its way, as trimspace takes it.
func TestContainerWithoutItsTab(t *testing.T) {
	t.Parallel()
	report, err := listen.Parse(at, strings.TrimSpace(fixture(t, "docker-ps.txt")))
	if err != nil {
		t.Fatal(err)
	}
	if got := spelled(report.Listeners); !slices.Equal(got, fixtures["docker-ps.txt"]) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
}

func TestSpellings(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"LISTEN 0 128 0.0.0.0:22 0.0.0.0:*":                                  "1: tcp 22 at 0.0.0.0 ipv4",
		"UNCONN 0 0 [::]:162 [::]:*":                                         "1: udp 162 at [::] ipv6",
		"sctp LISTEN 0 5 *:3868 *:*":                                         "1: sctp 3868 at * both",
		"mptcp LISTEN 0 5 *:443 *:*":                                         "1: tcp 443 at * both",
		"tcp LISTEN 0 5 [fe80::1%eth0]:80 [::]:*":                            "1: tcp 80 at [fe80::1%eth0] = fe80::1 ipv6",
		"tcp LISTEN 0 5 *%eth0:80 *:* ino:1 sk:2":                            "1: tcp 80 at *%eth0 both",
		"tcp\tLISTEN\t0\t5\t*:80\t*:*":                                       "1: tcp 80 at * both",
		"tcp6 0 0 2001:db8:85a3:8d3:1319:8a2e:370:7348:5432 :::* LISTEN 1/x": "1: tcp 5432 at 2001:db8:85a3:8d3:1319:8a2e:370:7348 ipv6 (x)",
		"tcp6 0 0 2001:db8:85a3:8d3:5432 :::* LISTEN 1/x":                    "1: tcp 5432 at 2001:db8:85a3:8d3... ipv6 (x)",
		"tcp6 0 0 2001:db8:85a3::8d3:5432 :::* LISTEN 1/x":                   "1: tcp 5432 at 2001:db8:85a3::8d3... ipv6 (x)",
		"tcp6 0 0 ::ffff:127.0.0.53:16380 :::* LISTEN 1/x":                   "1: tcp 16380 at ::ffff:127.0.0.53 = 127.0.0.53 ipv4 loopback (x)",
		"tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN 0 15000 700/sshd":               "1: tcp 22 at 0.0.0.0 ipv4 (sshd)",
		"sctp 0 0 0.0.0.0:3868 0.0.0.0:* LISTEN 7/diameter":                  "1: sctp 3868 at 0.0.0.0 ipv4 (diameter)",
		"web     0.0.0.0:80->80/tcp":                                         "1: tcp 80 at 0.0.0.0 ipv4 from 80-80 (web)",
		"web\t80->8080/tcp":                                                  "1: tcp 80 at * both from 8080-8080 (web)",
		"web\t[fd00::1]:3868->3868/sctp":                                     "1: sctp 3868 at [fd00::1] = fd00::1 ipv6 from 3868-3868 (web)",
		"Host: 127.0.0.1 (localhost)\tPorts: 22/open/tcp//ssh///":            "1: tcp 22 at 127.0.0.1 ipv4 scanned open or filtered (ssh)",
		"Host: 10.0.0.5 ()\tPorts: 22/unfiltered/tcp/////":                   "1: tcp 22 at 10.0.0.5 ipv4 scanned open or filtered",
		"Host: 10.0.0.5 ()\tPorts: 22/closed|filtered/tcp/////":              "1: tcp 22 at 10.0.0.5 ipv4 scanned filtered",
		// Not of these protocols, connected, exposed alone, or closed.
		"NAMES   PORTS":                                                   "",
		"p_raw UNCONN 0 0 *:eth0 *":                                       "",
		"tcp ESTAB 0 0 10.0.0.5:22 10.0.0.9:51324":                        "",
		"udp ESTAB 0 0 10.0.0.5:40000 10.0.0.1:53":                        "",
		"web\t8080/tcp, 15691-15692/tcp":                                  "",
		"web\t":                                                           "",
		"Host: 10.0.0.5 ()\tPorts: 22/closed/tcp//ssh///":                 "",
		"Host: 10.0.0.5 ()\tProtocols: 1/open/icmp/":                      "",
		"Proto Recv-Q Send-Q Adresse locale Adresse distante Etat":        "",
		"Connexions Internet actives (seulement serveurs)":                "",
		"State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess": "",
	} {
		report, err := listen.Parse(at, line)
		if err != nil {
			t.Errorf("%q: %v", line, err)
			continue
		}
		if got := strings.Join(spelled(report.Listeners), "\n"); got != want {
			t.Errorf("%q\ngives %s\nwant  %s", line, got, want)
		}
	}
}

// Nothing is passed over in silence: what cannot be read is quoted.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                                 "Empty text",
		" \n\t\n":                                          "Empty text",
		"bash: ss: command not found":                      `line 1, "bash: ss: command not found", is of none of the formats`,
		"nginx":                                            `line 1, "nginx", is of none of the formats`,
		"\n\nwhatever it is":                               `line 3, "whatever it is", is of none`,
		"tcp LISTEN 0 128 *:ssh *:*":                       "Run the command with -n",
		"tcp LISTEN 0 128 localhost:22 *:*":                "no address",
		"tcp LISTEN 0 128 [10.0.0.5]:22 *:*":               "no address",
		"tcp LISTEN 0 128 [::1:22 *:*":                     "no address",
		"tcp LISTEN 0 128 0.0.0.0:0 *:*":                   "no port as a number",
		"tcp LISTEN 0 128 0.0.0.0:65536 *:*":               "no port as a number",
		"tcp LISTEN 0 128 0.0.0.0:022 *:*":                 "no port as a number",
		"tcp LISTEN 0 128 0.0.0.0:+22 *:*":                 "no port as a number",
		"tcp LISTEN 0 128":                                 "lacks columns",
		"tcp LISTEN 0 128 0.0.0.0:22 peer":                 "no peer",
		"quic LISTEN 0 128 0.0.0.0:22 *:*":                 "kind of sockets that is not known",
		"tcp 0 0 *.22 *.* LISTEN":                          "no port as a number",
		"tcp4 0 0 *.22 *.* LISTEN":                         "is of none of the formats",
		"tcp 0 0 0.0.0.0:ssh 0.0.0.0:* LISTEN":             "Run the command with -n",
		"web\t0.0.0.0:80->80":                              "is of none of the formats",
		"web\t0.0.0.0:80-81->80/tcp":                       "is of none of the formats",
		"web\t0.0.0.0:81-80->81-80/tcp":                    "is of none of the formats",
		"web\tlocalhost:80->80/tcp":                        "is of none of the formats",
		"CONTAINER ID   IMAGE   COMMAND":                   "is of none of the formats",
		`{"Names":"web","Ports":"0.0.0.0:80->80"}`:         "has ports in a form",
		`{"Names":"web"}`:                                  "without the texts Names and Ports",
		`{"Names":"web","Ports":[{"host_port":80}]}`:       "not one whole JSON object",
		`{"Names":"web",`:                                  "not one whole JSON object",
		"Host: 10.0.0.5 ()\tPorts: 22/ajar/tcp//ssh///":    "has a port in a form",
		"Host: 10.0.0.5 ()\tPorts: 22/open/tcp":            "has a port in a form",
		"Host: 10.0.0.5 ()\tPorts: 70000/open/tcp//ssh///": "has a port in a form",
		"Host: 10.0.0.5 ()\tIgnored State: ajar (3)":       "has a state",
		"Host: canopsis ()\tStatus: Up":                    "no address of a host",
		"Host: 10.0.0.5 ()\tPorts: 22/open/tcp//ssh///\tx": "a field without a label",
		"Host: 10.0.0.5 () Ports: 22/open/tcp//ssh///\tx":  "something behind the host's name",
		"Host: 10.0.0.5 (a) Ports: 22/open/tcp//ssh/// Ignored State: closed (998)": "something behind the host's name",
		"Host: 10.0.0.5 (a)Ports: 22/open/tcp//ssh///\tIgnored State: closed (998)": "something behind the host's name",
		"tcp 0 0 0.0.0.0:22 0.0.0.0:* ÉCOUTE 901/sshd":                              "has no state that is known here",
		"tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTE":                                        "has no state that is known here",
		"tcp 0 0 0.0.0.0:22 0.0.0.0:*":                                              "LC_ALL=C netstat -tulnp",
		"tcp6 0 0 :::22 x :::* LISTEN 901/sshd":                                     "has no state that is known here",
		"Host: 10.0.0.5 ()\tMood: Up":                                               "a field that is not known",
		"# Ports scanned: TCP(1;22":                                                 "",
		"# Ports scanned: TCP 22":                                                   "has ports in a form",
		"# Ports scanned: TCP(1;x)":                                                 "has ports in a form",
		"# a comment":                                                               "is of none of the formats",
		"<html>\n</html>":                                                           "does not end with </nmaprun>",
		"<html></html></nmaprun>":                                                   "begins with <html>",
		"<nmaprun><host>\n</nmaprun>":                                               "no XML that nmap prints",
		"<nmaprun></nmaprun>":                                                       "did not end well",
		"<nmaprun><runstats><finished exit=\"error\"/></runstats></nmaprun>":        "did not end well",
		"<nmaprun>\n<port protocol=\"tcp\" portid=\"22\"><state state=\"open\"/></port></nmaprun>":                                          "line 2",
		"<nmaprun><host><address addr=\"10.0.0.5\"/><port protocol=\"tcp\" portid=\"0x16\"><state state=\"open\"/></port></host></nmaprun>": "has a port in a form",
		"<nmaprun><scaninfo protocol=\"tcp\" services=\"1;3\"/></nmaprun>":                                                                  "has ports in a form",
		"<nmaprun><extraports state=\"ajar\"/></nmaprun>":                                                                                   "has a state",
		"tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*\n" + strings.Repeat("é", 200):                                                                `line 2, "` + strings.Repeat("é", 100) + `..."`,
	} {
		report, err := listen.Parse(at, text)
		if want == "" {
			if err != nil {
				t.Errorf("%q: %v", text, err)
			}
			continue
		}
		if err == nil {
			t.Errorf("%q gives\n%s", text, strings.Join(spelled(report.Listeners), "\n"))
			continue
		}
		if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "listeners: ") || !strings.Contains(err.Error(), "ss -Hltnup") {
			t.Errorf("%q does not say %q:\n%v", text, want, err)
		}
	}
}

// What no line lists is closed where a tool would have listed it, and nothing is
// known of it elsewhere.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	const ss = "tcp LISTEN 0 128 0.0.0.0:22 0.0.0.0:*"
	for _, c := range []struct {
		text     string
		protocol listen.Protocol
		port     uint16
		want     listen.State
	}{
		{ss, listen.TCP, 80, listen.Closed},
		{ss, listen.UDP, 162, listen.Closed}, // the column of the protocol stands where both were asked for
		{ss, listen.SCTP, 80, listen.NotSeen},
		{"LISTEN 0 128 0.0.0.0:22 0.0.0.0:*", listen.TCP, 80, listen.Closed},
		{"LISTEN 0 128 0.0.0.0:22 0.0.0.0:*", listen.UDP, 162, listen.NotSeen},
		{"Netid State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess", listen.TCP, 80, listen.Closed},
		{"State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess", listen.TCP, 80, listen.NotSeen},
		{"tcp 0 0 0.0.0.0:22 0.0.0.0:* LISTEN", listen.UDP, 162, listen.Closed},
		{"web\t0.0.0.0:80->80/tcp", listen.TCP, 22, listen.NotSeen},
		{fixture(t, "nmap-oG.txt"), listen.TCP, 80, listen.Closed},
		{fixture(t, "nmap-oG.txt"), listen.TCP, 443, listen.Closed},
		{fixture(t, "nmap-oG.txt"), listen.TCP, 5432, listen.NotSeen},
		{fixture(t, "nmap-oX.xml"), listen.TCP, 80, listen.Closed},
		{fixture(t, "nmap-oX.xml"), listen.TCP, 8001, listen.Filtered},
		{fixture(t, "nmap-oX.xml"), listen.TCP, 8003, listen.NotSeen},
		{fixture(t, "nmap-oX.xml"), listen.UDP, 162, listen.NotSeen},
		{"# Ports scanned: TCP(0;) UDP(65536;0-65535) SCTP(0;) PROTOCOLS(0;)\nHost: 10.0.0.5 ()\tIgnored State: open|filtered (65536)", listen.UDP, 162, listen.OpenOrFiltered},
		{"# Ports scanned: TCP(10;10-20) UDP(0;) SCTP(0;) PROTOCOLS(0;)\nHost: 10.0.0.5 ()\tIgnored State: closed (10)", listen.TCP, 10, listen.Closed},
		{"# Ports scanned: TCP(10;10-20) UDP(0;) SCTP(0;) PROTOCOLS(0;)", listen.TCP, 10, listen.NotSeen},
	} {
		report, err := listen.Parse(at, c.text)
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Unlisted(c.protocol, c.port); got != c.want {
			t.Errorf("%s/%d in\n%s\nis %d; want %d", c.protocol, c.port, c.text, got, c.want)
		}
	}
}
