package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/listen"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Verdict says how a port and the matrix agree.
type Verdict string

// The verdicts. PortExpected and PortOneFamilyOnly are good ones.
const (
	PortExpected           Verdict = "expected"            // the matrix has it, and it listens
	PortOneFamilyOnly      Verdict = "one_family_only"     // the same, in IPv4 or in IPv6 alone
	PortNotInMatrix        Verdict = "not_in_matrix"       // it listens, and no rule leads to it
	PortWrong              Verdict = "wrong_port"          // an erratum's pair: one is in the matrix, the other listens
	PortLoopbackOnly       Verdict = "loopback_only"       // the matrix has it, and only the machine itself reaches it
	PortNotListening       Verdict = "not_listening"       // the matrix has it, and nothing listens
	PortPublishedElsewhere Verdict = "published_elsewhere" // the matrix has it, and a container's port of that number is published as another
	PortUnknown            Verdict = "unknown"             // no tool could tell
)

// worst are the verdicts that make an audit fail, the worst first.
var worst = [...]Verdict{PortNotInMatrix, PortWrong, PortLoopbackOnly, PortNotListening, PortPublishedElsewhere, PortUnknown}

// WantedPort is a port range that the rules lead to on a host, and what was found.
type WantedPort struct {
	Component string
	Ports     matrix.PortRange
	Rules     []string // keys of the rules that lead to it, sorted
	Verdict   Verdict  // empty before Listeners
	Addresses []string // on which it listens, as the tools print them, sorted
	Note      string   // what to know or to type, as a clause without its full stop; often empty
}

// Key returns COMPONENT/PROTOCOL-PORTS, which is unique on a host.
func (w WantedPort) Key() string { return w.Component + "/" + w.Ports.Key() }

// FoundPort is a port range that the network may reach on a host.
type FoundPort struct {
	Ports     matrix.PortRange
	Verdict   Verdict
	Addresses []string // on which it listens, as the tools print them, sorted
	Names     []string // of processes, containers and services, sorted
	Note      string   // as WantedPort's
}

// Key returns PROTOCOL-PORTS, which is unique.
func (f FoundPort) Key() string { return f.Ports.Key() }

// WantedPorts returns the ports that rules lead to on a host, by component and
// port. Protocols without ports are left out: nothing listens there. The errors
// are at "host".
func WantedPorts(rules map[string]deployment.Rule, host string) ([]WantedPort, error) {
	if err := checkHost(rules, host); err != nil {
		return nil, err
	}
	wanted := make(map[string]WantedPort)
	for _, key := range slices.Sorted(maps.Keys(rules)) {
		rule := rules[key]
		if rule.Destination != host || !rule.Ports.Protocol().HasPorts() {
			continue
		}
		w := WantedPort{Component: rule.Component, Ports: rule.Ports}
		w.Rules = append(wanted[w.Key()].Rules, key)
		wanted[w.Key()] = w
	}
	return slices.SortedFunc(maps.Values(wanted), func(a, b WantedPort) int {
		return cmp.Or(cmp.Compare(a.Component, b.Component), a.Ports.Compare(b.Ports))
	}), nil
}

// checkHost refuses what no machine of the deployment is: an actor, an outside
// system, a name that no rule has.
func checkHost(rules map[string]deployment.Rule, host string) error {
	at := refusal.At("host")
	hosts, ends := make(map[string]bool), make(map[string]bool)
	for _, rule := range rules {
		ends[rule.Source], ends[rule.Destination] = true, true
		outside := rule.Purpose == matrix.Outbound || rule.Purpose == matrix.Installation
		hosts[rule.Destination] = hosts[rule.Destination] || !outside
		hosts[rule.Source] = hosts[rule.Source] || outside || rule.Purpose == matrix.Internal
	}
	names := slices.DeleteFunc(slices.Collect(maps.Keys(hosts)), func(id string) bool { return !hosts[id] })
	switch {
	case hosts[host]:
		return nil
	case ends[host]:
		return &refusal.Error{
			At: at, Summary: "Not a host",
			Found:   fmt.Sprintf("%q is an actor or an outside system, on which nothing of Canopsis listens", host),
			Allowed: refusal.List(names),
		}
	}
	unknown := refusal.Unknown(at, host, "a host of these rules", names)
	unknown.Summary = "Unknown host"
	if len(names) == 0 {
		unknown.Remedy = "Give the rules of a deployment, as in data.canopsis_flows.this.rules: these have no host"
	}
	return unknown
}

// Listeners is what an audit of a host's listeners says.
type Listeners struct {
	OK      bool   // every port is expected, in one family at least
	Summary string // one paragraph
	Wanted  []WantedPort
	Found   []FoundPort // in ascending order; what listens on loopback alone is left out
}

// AuditListeners compares the ports that rules lead to on a host with what
// listens there.
func AuditListeners(host string, wanted []WantedPort, report *listen.Report) Listeners {
	h := hear(wanted, report)
	result := Listeners{Wanted: make([]WantedPort, 0, len(wanted))}
	for _, w := range wanted {
		result.Wanted = append(result.Wanted, h.judge(w))
	}
	for i := range result.Wanted {
		h.advise(&result.Wanted[i])
	}
	result.Found = h.found()
	verdicts := make(map[Verdict][]string)
	for _, w := range result.Wanted {
		verdicts[w.Verdict] = append(verdicts[w.Verdict], named(w.Key(), w.Note))
	}
	for _, f := range result.Found {
		if f.Verdict == PortNotInMatrix || f.Verdict == PortUnknown {
			verdicts[f.Verdict] = append(verdicts[f.Verdict], named(f.Key(), strings.Join(f.Names, ", ")))
		}
	}
	result.OK = !slices.ContainsFunc(worst[:], func(v Verdict) bool { return len(verdicts[v]) > 0 })
	result.Summary = summary(host, len(wanted), verdicts)
	return result
}

func named(key, note string) string {
	if note == "" {
		return key
	}
	return key + " (" + note + ")"
}

// summary says how many ports are as they should be, and names the worst three of
// each other verdict.
func summary(host string, wanted int, verdicts map[Verdict][]string) string {
	const most = 3
	text := fmt.Sprintf("%s: %d of the matrix's %d ports listen.", host, len(verdicts[PortExpected])+len(verdicts[PortOneFamilyOnly]), wanted)
	for _, verdict := range append(worst[:len(worst):len(worst)], PortOneFamilyOnly) {
		names := verdicts[verdict]
		if len(names) == 0 {
			continue
		}
		text += fmt.Sprintf(" %s: %s", verdict, strings.Join(names[:min(len(names), most)], ", "))
		if len(names) > most {
			text += fmt.Sprintf(" and %d more", len(names)-most)
		}
		text += "."
	}
	return text
}
