package deployment_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// parseChoices reads a line for each thing that is chosen, such as
//
//	apply
//	option redis_sentinel
//	ports nginx tcp/8443
//	flow backup mongodb nas internal tcp/873
//	place mongodb data
//	cluster data
//	exclude ldap
//	relay balancer nginx,ldap tcp/443
//	catalogue dns
//
// A "-" is an empty purpose. It takes any text.
func parseChoices(text string) deployment.Choices {
	choices := deployment.Choices{
		ComponentPorts:  make(map[string][]string),
		AdditionalFlows: make(map[string]deployment.AdditionalFlow),
		Placement:       make(map[string]string),
		Relays:          make(map[string]deployment.Relay),
	}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 1 && words[0] == "apply" {
			choices.Corrections = deployment.Apply
		}
		if len(words) < 2 {
			continue
		}
		name, rest := words[1], words[2:]
		switch words[0] {
		case "option":
			choices.Options = append(choices.Options, name)
		case "ports":
			choices.ComponentPorts[name] = rest
		case "flow":
			flow := deployment.AdditionalFlow{}
			if len(rest) > 3 {
				flow.Ports = rest[3:]
			}
			rest = append(rest, "", "", "-")
			flow.Source, flow.Destination, flow.Purpose = rest[0], rest[1], strings.TrimPrefix(rest[2], "-")
			choices.AdditionalFlows[name] = flow
		case "place":
			choices.Placement[name] = strings.Join(rest, " ")
		case "cluster":
			choices.Clusters = append(choices.Clusters, name)
		case "exclude":
			choices.Exclude = append(choices.Exclude, name)
		case "relay":
			relay := deployment.Relay{}
			if len(rest) > 0 {
				relay.InFrontOf, relay.Ports = strings.Split(rest[0], ","), rest[1:]
			}
			choices.Relays[name] = relay
		case "catalogue":
			choices.Interconnections = append(choices.Interconnections, name)
		}
	}
	return choices
}

// everyFault fails the test on an error that is not worded for who typed the
// configuration.
func everyFault(t *testing.T, err error) {
	t.Helper()
	var several *refusal.Errors
	if !errors.As(err, &several) {
		t.Fatalf("not worded for who typed the configuration: %v", err)
	}
	for _, wrong := range several.All() {
		if wrong.Summary == "More errors" {
			continue
		}
		if wrong.At.String() == "" || wrong.Summary == "" || wrong.Found == "" || wrong.Allowed == "" && wrong.Remedy == "" {
			t.Fatalf("says too little: %+v", wrong)
		}
	}
}

// FuzzChoices looks for a panic, for an error that says too little, and for a
// rule that neither the page nor the choices asked for.
func FuzzChoices(f *testing.F) {
	pages := []*matrix.Matrix{embedded(f, "22.10"), embedded(f, "25.10")}
	f.Add("", false)
	f.Add("apply\noption redis_sentinel\nplace redis data\nplace redis_sentinel data\ncluster data", false)
	f.Add("option packages\nports nginx tcp/1-65535 udp/0\nexclude ssh\nexclude valkey", true)
	f.Fuzz(func(t *testing.T, text string, recent bool) {
		page := pages[0]
		if recent {
			page = pages[1]
		}
		if len(text) > 2000 {
			return // long lists are the benchmarks' matter
		}
		choices := parseChoices(text)
		d, err := deployment.New(page, choices)
		if err != nil {
			everyFault(t, err)
			return
		}
		if len(choices.Interconnections) > 0 {
			return // the catalogue asks for flows of its own
		}
		ends, ports := askedFor(page, choices)
		for _, r := range d.Rules() {
			if !ends[r.Source] || !ends[r.Destination] {
				t.Fatalf("%s: nothing asked for these ends", r.Key())
			}
			for _, port := range []int{r.Ports.From(), r.Ports.To()} {
				if !ports[fmt.Sprintf("%s/%d", r.Ports.Protocol(), port)] {
					t.Fatalf("%s: nothing asked for %s/%d", r.Key(), r.Ports.Protocol(), port)
				}
			}
		}
	})
}

// askedFor returns the ends that rules may have, and the ports at which their
// ranges may begin and end.
func askedFor(page *matrix.Matrix, choices deployment.Choices) (ends, ports map[string]bool) {
	ends, ports = map[string]bool{"redis_sentinel": true, "valkey_sentinel": true, "administrators": true}, make(map[string]bool)
	for _, constant := range []string{"tcp/22", "tcp/6379", "tcp/26379", "tcp/8443"} { // corrected values
		ports[constant] = true
	}
	for range choices.Clusters {
		for _, constant := range []string{"tcp/4369", "tcp/25672", "tcp/8008"} {
			ports[constant] = true
		}
	}
	for e := range page.Endpoints() {
		ends[e.ID] = true
	}
	add := func(p matrix.Ports) {
		for r := range p.All() {
			ports[fmt.Sprintf("%s/%d", r.Protocol(), r.From())] = true
			ports[fmt.Sprintf("%s/%d", r.Protocol(), r.To())] = true
		}
	}
	for c := range page.Components() {
		add(c.Ports())
	}
	for f := range page.Flows() {
		add(f.Ports)
	}
	var written []string
	for _, specs := range choices.ComponentPorts {
		written = append(written, specs...)
	}
	for _, flow := range choices.AdditionalFlows {
		written = append(written, flow.Ports...)
		ends[flow.Source], ends[flow.Destination] = true, true
	}
	for name, relay := range choices.Relays {
		written = append(written, relay.Ports...)
		ends[name] = true
	}
	for _, host := range choices.Placement {
		ends[host] = true
	}
	for _, spec := range written {
		protocol, numbers, _ := strings.Cut(strings.ToLower(spec), "/")
		for number := range strings.SplitSeq(numbers, "-") {
			ports[protocol+"/"+number] = true
		}
	}
	return ends, ports
}

func TestParseChoicesReadsItsExample(t *testing.T) {
	t.Parallel()
	choices := parseChoices("apply\noption a\nports b tcp/1 tcp/2\nflow c d e internal tcp/3\nflow f g h - \nplace i j\ncluster k\nexclude l\nrelay m n,o tcp/4\ncatalogue p\n")
	got := fmt.Sprint(choices.Corrections, choices.Options, choices.ComponentPorts, choices.AdditionalFlows, choices.Placement,
		choices.Clusters, choices.Exclude, choices.Relays, choices.Interconnections)
	const want = "apply [a] map[b:[tcp/1 tcp/2]] map[c:{d e [tcp/3] internal  false} f:{g h []   false}] map[i:j] [k] [l] map[m:{map[] [n o] [tcp/4] false}] [p]"
	if got != want || choices.AdditionalFlows["f"].Ports != nil {
		t.Errorf("got:  %s\nwant: %s", got, want)
	}
}

// A corpus that is refused at once would test little.
func TestMostOfTheCorpusIsAccepted(t *testing.T) {
	t.Parallel()
	const folder = "testdata/fuzz/FuzzChoices"
	files, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	named := make(map[string]bool)
	for _, file := range files {
		seed, err := os.ReadFile(filepath.Join(folder, file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(seed), "\n")
		if len(lines) < 3 {
			t.Fatalf("%s: %q", file.Name(), seed)
		}
		choices, err := strconv.Unquote(strings.TrimSuffix(strings.TrimPrefix(lines[1], "string("), ")"))
		if err != nil {
			t.Fatalf("%s: %v", file.Name(), err)
		}
		release := "22.10"
		if lines[2] == "bool(true)" {
			release = "25.10"
		}
		_, err = deployment.New(embedded(t, release), parseChoices(choices))
		named[file.Name()] = err == nil
	}
	for name, accepted := range map[string]bool{
		"catalogue": true, "dissolved": true, "overlaps": true, "own_flows": true, "packages": true, "relays": true,
		"sentinel_apart": true, "swap": true, "within_a_host": true,
		"every_fault": false, "names_that_are_none": false, "purposes_differ": false,
	} {
		if got, ok := named[name]; !ok || got != accepted {
			t.Errorf("%s: accepted %t, there %t; want %t", name, got, ok, accepted)
		}
	}
}
