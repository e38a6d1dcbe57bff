package deployment_test

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

var (
	components = []string{
		"mongodb", "postgresql", "redis", "redis_sentinel", "rabbitmq", "rabbitmq_ui", "nginx", "canopsis_api", "engines", "snmp",
	}
	hosts = []string{"canopsis", "mongodb", "postgresql", "redis", "data", "web"}
	specs = []string{"tcp/22", "tcp/443", "tcp/1-100", "tcp/90-120", "udp/53", "udp/162"}
)

// drawChoices returns choices for 22.10 of which most are accepted: what is
// drawn are names that the edition has, often the same few, so that things move
// onto each other.
func drawChoices(t *rapid.T) deployment.Choices {
	from := func(names ...[]string) *rapid.Generator[string] { return rapid.SampledFrom(slices.Concat(names...)) }
	ports := rapid.SliceOfN(rapid.SampledFrom(specs), 1, 3)
	choices := deployment.Choices{
		Corrections: rapid.SampledFrom([]deployment.Corrections{deployment.Warn, deployment.None, deployment.Apply}).Draw(t, "corrections"),
		Options:     rapid.SliceOfN(from([]string{"redis", "redis_sentinel", "nginx", "canopsis_api"}), 0, 3).Draw(t, "options"),
		ComponentPorts: rapid.MapOfN(from([]string{"mongodb", "nginx", "redis", "ssh", "ldap", "https"}), ports, 0, 2).
			Draw(t, "component_ports"),
		Interconnections: rapid.SliceOfN(from([]string{"dns", "email_pop3", "centreon_stream_connector", "prtg"}), 0, 1).Draw(t, "interconnections"),
		Placement:        rapid.MapOfN(from(components, hosts[:4]), from(hosts), 0, 6).Draw(t, "placement"),
		Exclude:          rapid.SliceOfN(from(components, hosts[:4], []string{"ssh", "users", "ldap", "internal", "events"}), 0, 2).Draw(t, "exclude"),
	}
	end := from(components[:3], components[4:], []string{"canopsis", "users", "administrators", "ldap", "nas", "probes"})
	choices.AdditionalFlows = rapid.MapOfN(from([]string{"backup", "agent", "ssh", "share", "mongodb"}), rapid.Custom(func(t *rapid.T) deployment.AdditionalFlow {
		return deployment.AdditionalFlow{
			Source:      end.Draw(t, "source"),
			Destination: end.Draw(t, "destination"),
			Ports:       ports.Draw(t, "ports"),
			Purpose:     rapid.SampledFrom([]string{"", "", "", "events", "administration"}).Draw(t, "purpose"),
			Description: rapid.SampledFrom([]string{"", "mine"}).Draw(t, "description"),
		}
	}), 0, 4).Draw(t, "additional_flows")
	runs := from([]string{"canopsis", "mongodb", "postgresql", "data"})
	choices.Clusters = rapid.SliceOfN(runs, 0, 2).Draw(t, "clusters")
	choices.Relays = rapid.MapOfN(from([]string{"load_balancer", "web_proxy"}), rapid.Custom(func(t *rapid.T) deployment.Relay {
		return deployment.Relay{
			Listeners: rapid.MapOfN(from([]string{"nginx", "ldap", "mongodb", "package_repositories"}), ports, 1, 2).Draw(t, "listeners"),
		}
	}), 0, 2).Draw(t, "relays")
	return choices
}

// embedded returns the matrix of an edition.
func embedded(t testing.TB, release string) *matrix.Matrix {
	t.Helper()
	e, err := edition.Find(release)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// accepted skips a draw that is refused, in words for whoever typed it: of names
// that all exist, only a cluster that is no host here may be wrong, and a purpose
// that another flow with the same ends has not.
func accepted(t *rapid.T, m *matrix.Matrix, choices deployment.Choices) *deployment.Deployment {
	d, err := deployment.New(m, choices)
	if err == nil {
		return d
	}
	var several *refusal.Errors
	if !errors.As(err, &several) {
		t.Fatalf("refused: %v", err)
	}
	for _, wrong := range several.All() {
		if wrong.Summary != "More errors" && wrong.At.Steps()[0].Name != "clusters" && !slices.Contains([]string{"Two purposes of one flow", "Component of another host"}, wrong.Summary) {
			t.Fatalf("refused: %v", err)
		}
	}
	t.Skip("refused: " + err.Error())
	return nil
}

// text is all that a deployment says.
func text(d *deployment.Deployment) string {
	var text strings.Builder
	for e := range d.Matrix.Endpoints() {
		fmt.Fprintln(&text, e)
	}
	for c := range d.Matrix.Components() {
		fmt.Fprintln(&text, c)
	}
	for f := range d.Matrix.Flows() {
		fmt.Fprintln(&text, f)
	}
	fmt.Fprintln(&text, d.Rules(), d.Alternatives, findings(d), hostLines(d))
	return text.String()
}

func TestOrderOfChoicesChangesNothing(t *testing.T) {
	t.Parallel()
	m := embedded(t, "22.10")
	rapid.Check(t, func(t *rapid.T) {
		choices := drawChoices(t)
		want := text(accepted(t, m, choices))
		shuffled := func(names []string) []string {
			permuted := slices.Concat(names, names[:min(1, len(names))]) // a set's element, given twice
			if len(permuted) == 0 {
				return nil
			}
			return rapid.Permutation(permuted).Draw(t, "order")
		}
		choices.Options, choices.Exclude, choices.Clusters = shuffled(choices.Options), shuffled(choices.Exclude), shuffled(choices.Clusters)
		choices.Interconnections = shuffled(choices.Interconnections)
		choices.ComponentPorts = maps.Clone(choices.ComponentPorts) // another order of keys, too
		for _, id := range slices.Sorted(maps.Keys(choices.ComponentPorts)) {
			choices.ComponentPorts[id] = shuffled(choices.ComponentPorts[id])
		}
		choices.AdditionalFlows = maps.Clone(choices.AdditionalFlows)
		for _, name := range slices.Sorted(maps.Keys(choices.AdditionalFlows)) {
			flow := choices.AdditionalFlows[name]
			flow.Ports = shuffled(flow.Ports)
			choices.AdditionalFlows[name] = flow
		}
		choices.Relays = maps.Clone(choices.Relays)
		for _, name := range slices.Sorted(maps.Keys(choices.Relays)) {
			relay := choices.Relays[name]
			listeners := maps.Clone(relay.Listeners)
			for _, key := range slices.Sorted(maps.Keys(listeners)) {
				listeners[key] = shuffled(listeners[key])
			}
			choices.Relays[name] = deployment.Relay{Listeners: listeners}
		}
		choices.Placement = maps.Clone(choices.Placement)
		if got := text(accepted(t, m, choices)); got != want {
			t.Fatalf("in another order:\n%s\nwas:\n%s", got, want)
		}
	})
}

func TestEveryDeploymentIsSound(t *testing.T) {
	t.Parallel()
	m := embedded(t, "22.10")
	rapid.Check(t, func(t *rapid.T) {
		choices := drawChoices(t)
		d := accepted(t, m, choices)
		ports := make(map[string][]string) // by flow
		for f := range d.Matrix.Flows() {
			id := d.Matrix.FlowID(f)
			if _, twice := ports[id]; twice {
				t.Fatalf("two flows %s", id)
			}
			ports[id] = nil
			for r := range f.Ports.All() {
				ports[id] = append(ports[id], r.String())
			}
			host, ok := f.Source.Endpoint()
			if !ok || f.Drawn != (matrix.Drawn{}) || f.Alternative != "" || f.WithinHost {
				t.Fatalf("%s still has what only the steps need: %+v", id, f)
			}
			if f.Source == f.Destination && !slices.Contains(choices.Clusters, host) && !writtenToItself(choices, f.Component) {
				t.Fatalf("%s never meets a firewall", id)
			}
		}
		keys := make(map[string]bool)
		for _, r := range d.Rules() {
			if keys[r.Key()] {
				t.Fatalf("two rules %s", r.Key())
			}
			keys[r.Key()] = true
			left := ports[r.Flow]
			if len(left) == 0 || left[0] != r.Ports.String() {
				t.Fatalf("rule %s; the flow has left %q", r.Key(), left)
			}
			ports[r.Flow] = left[1:]
			for _, id := range []string{r.Source, r.Destination} {
				if _, ok := d.Matrix.Endpoint(id); !ok {
					t.Fatalf("%s: no endpoint %q", r.Key(), id)
				}
			}
		}
		for id, left := range ports {
			if len(left) > 0 {
				t.Fatalf("no rule opens %q of %s", left, id)
			}
		}
		published := choices
		published.Corrections = deployment.None
		for _, id := range unexplained(d, accepted(t, m, published)) {
			t.Fatalf("%s has the origin erratum, and no erratum names it", id)
		}
		for _, finding := range d.Errata {
			if len(finding.Flows) == 0 || finding.Applied != (choices.Corrections == deployment.Apply && !finding.IsReported()) {
				t.Fatalf("finding %s: %q, applied %t", finding.ID, finding.Flows, finding.Applied)
			}
		}
	})
}

// writtenToItself reports whether a flow of the user's own to this component
// runs from somewhere to the same.
func writtenToItself(choices deployment.Choices, component string) bool {
	for name, flow := range choices.AdditionalFlows {
		if flow.Source == flow.Destination && (name == component || flow.Destination == component) {
			return true
		}
	}
	return false
}

// The oracle says again, in as few words as there are, what 22.10 opens as
// published: in strings and sets of single ports, without any of the types of
// the core.

// rows are the page's, as SOURCE DESTINATION COMPONENT PORTS; @x is the host of x.
var rows = []string{
	"canopsis package_repositories https tcp/443",
	"users @nginx nginx tcp/8080,tcp/8443",
	"administrators canopsis ssh tcp/22",
	"administrators mongodb ssh tcp/22",
	"administrators @rabbitmq_ui rabbitmq_ui tcp/15672",
	"amqp_event_sources @rabbitmq rabbitmq tcp/5672",
	"api_event_sources @nginx nginx tcp/8080,tcp/8443",
	"api_event_sources @canopsis_api canopsis_api tcp/8082",
	"snmp_trap_sources @snmp snmp udp/162",
	"canopsis ldap ldap tcp/389,tcp/636",
	"canopsis @mongodb mongodb tcp/27017",
	"canopsis @postgresql postgresql tcp/5432",
	"canopsis @redis redis tcp/6739",
	"canopsis @redis_sentinel redis_sentinel tcp/26739",
}

var listed = map[string]string{
	"mongodb": "tcp/27017", "postgresql": "tcp/5432", "redis": "tcp/6739", "rabbitmq": "tcp/5672", "rabbitmq_ui": "tcp/15672",
	"nginx": "tcp/8080,tcp/8443", "canopsis_api": "tcp/8082", "snmp": "udp/162", "engines": "", "redis_sentinel": "tcp/26739",
}

func expected(choices deployment.Choices) map[string]bool {
	opens := func(option, otherwise string) bool {
		return slices.Contains(choices.Options, option) || otherwise != "" && !slices.Contains(choices.Options, otherwise)
	}
	moved := func(host string) string {
		if to, ok := choices.Placement[host]; ok {
			return to
		}
		return host
	}
	var hostOf func(string) string
	hostOf = func(component string) string {
		if to, ok := choices.Placement[component]; ok {
			return to
		}
		switch component {
		case "rabbitmq_ui":
			return hostOf("rabbitmq")
		case "mongodb", "postgresql", "redis", "redis_sentinel":
			return component
		}
		return moved("canopsis")
	}
	at := func(end string) string {
		if component, ok := strings.CutPrefix(end, "@"); ok {
			return hostOf(component)
		}
		return moved(end)
	}
	machines := make(map[string]bool)
	for component := range listed {
		machines[hostOf(component)] = true
	}
	machines[moved("canopsis")] = true
	purpose := func(source, destination string) string {
		switch {
		case destination == "package_repositories":
			return "installation"
		case source == "administrators":
			return "administration"
		case source == "users":
			return "user_access"
		case !machines[source]:
			return "events"
		case machines[destination]:
			return "internal"
		}
		return "external"
	}
	open := make(map[string]bool)
	add := func(source, destination, component, said string, specs []string, stays bool) {
		if source == destination && !stays {
			return
		}
		for _, excluded := range choices.Exclude {
			if slices.Contains([]string{source, destination, component, cmp.Or(said, purpose(source, destination))}, excluded) {
				return
			}
		}
		for _, spec := range specs {
			protocol, numbers, _ := strings.Cut(spec, "/")
			var first, last int
			if n, _ := fmt.Sscanf(numbers, "%d-%d", &first, &last); n == 1 {
				last = first
			}
			for port := first; port <= last; port++ {
				open[fmt.Sprintf("%s>%s %s %s/%d", source, destination, component, protocol, port)] = true
			}
		}
	}
	portsOf := func(component, written string) []string {
		if changed, ok := choices.ComponentPorts[component]; ok {
			return changed
		}
		return strings.Split(written, ",")
	}
	for _, row := range rows {
		words := strings.Fields(row)
		switch source, component := words[0], words[2]; {
		case source == "api_event_sources" && component == "nginx" && !opens("nginx", "canopsis_api"),
			source == "api_event_sources" && component == "canopsis_api" && !opens("canopsis_api", ""),
			component == "redis" && !opens("redis", "redis_sentinel"),
			component == "redis_sentinel" && !opens("redis_sentinel", ""):
			continue
		}
		add(at(words[0]), at(words[1]), words[2], "", portsOf(words[2], words[3]), false)
	}
	for name, flow := range choices.AdditionalFlows {
		end := func(name string) string {
			if _, ok := listed[name]; ok {
				return "@" + name
			}
			return name
		}
		component, destination := name, at(end(flow.Destination))
		_, runs := listed[name]
		if _, ok := listed[flow.Destination]; ok && !runs && name != "ssh" {
			component = flow.Destination
		}
		add(at(end(flow.Source)), destination, component, flow.Purpose, flow.Ports, flow.Source == flow.Destination)
	}
	return open
}

func TestPublishedDeploymentsAsTheOracleHasThem(t *testing.T) {
	t.Parallel()
	m := embedded(t, "22.10")
	rapid.Check(t, func(t *rapid.T) {
		choices := drawChoices(t)
		choices.Corrections, choices.Interconnections, choices.Clusters, choices.Relays = deployment.None, nil, nil, nil
		d := accepted(t, m, choices)
		want := expected(choices)
		for _, r := range d.Rules() {
			for port := r.Ports.From(); port <= r.Ports.To(); port++ {
				line := fmt.Sprintf("%s>%s %s %s/%d", r.Source, r.Destination, r.Component, r.Ports.Protocol(), port)
				if !want[line] {
					t.Fatalf("nothing asked for %s", line)
				}
				delete(want, line)
			}
		}
		if len(want) > 0 {
			t.Fatalf("not open, or open already: %q", slices.Sorted(maps.Keys(want)))
		}
	})
}
