package report

import (
	"encoding/csv"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// before is the sample as it was: Redis on another port, a front that took 8080
// alone, time from a host that is gone, no users yet.
func before() *Report {
	r := sample()
	r.Endpoints = maps.Clone(r.Endpoints)
	r.Endpoints["clock"] = matrix.Endpoint{ID: "clock", Name: "Old clock", Kind: matrix.Host}
	delete(r.Endpoints, "ntp")
	var flows []deployment.Flow
	for _, f := range r.Flows {
		switch f.ID {
		case "canopsis-to-redis":
			f.Ports = matrix.MustPorts("tcp/6739")
		case "front-to-canopsis-nginx":
			f.Ports = matrix.MustPorts("tcp/8080")
		case "canopsis-to-ntp":
			f.ID, f.Destination = "canopsis-to-clock", "clock"
		case "users-to-front":
			continue
		}
		flows = append(flows, f)
	}
	r.Flows = flows
	return &r
}

// What is opened is marked in every table. What is closed has a row in the page
// alone: firewalls are filled from the others.
func TestChangesAreMarked(t *testing.T) {
	t.Parallel()
	for language, want := range map[Language]map[string]string{
		English: {"": "Change", "opened": "opened", "part": "opened: TCP 8443, UDP 8443"},
		French:  {"": "Évolution", "opened": "ouvert", "part": "ouvert : TCP 8443, UDP 8443"},
	} {
		r := sample().in(language)
		r.Before = before()

		text, err := r.CSV()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		at := len(rows[0]) - 2 // before what the target enforces
		if rows[0][at] != want[""] {
			t.Fatalf("%s: the columns are %q", language, rows[0])
		}
		marks := make(map[string]string)
		for _, row := range rows[1:] {
			if row[at] != "" {
				marks[row[0]+" "+row[8]+" "+row[9]] = row[at]
			}
		}
		if diff := cmp.Diff(map[string]string{
			"canopsis-to-redis tcp 6379": want["opened"], "canopsis-to-ntp udp 123": want["opened"], "users-to-front tcp 443": want["opened"],
			"front-to-canopsis-nginx tcp 8443": want["opened"], "front-to-canopsis-nginx udp 8443": want["opened"],
		}, marks); diff != "" {
			t.Errorf("%s: the rows of the CSV are marked otherwise:\n%s", language, diff)
		}
		for _, cell := range []string{" " + want[""] + " |", "| " + want["part"] + " |", "| " + want["opened"] + " |"} {
			if document := r.Markdown(); !strings.Contains(document, cell) {
				t.Errorf("%s: the document has no %q:\n%s", language, cell, document)
			}
		}
	}
}

// What stays open is not said to be closed, protocols have their names, and who is
// closed has the addresses that the report has.
func TestClosedInPart(t *testing.T) {
	t.Parallel()
	of := func(specs ...string) Report {
		return Report{
			Endpoints: map[string]matrix.Endpoint{"app": {ID: "app", Name: "App", Kind: matrix.Host}},
			Flows:     []deployment.Flow{{ID: "a", Source: "users", Destination: "app", Component: "c", Purpose: matrix.Internal, Ports: matrix.MustPorts(specs...)}},
			Addresses: map[string]Addresses{"users": {Texts: []string{"10.0.0.0/8"}}, "app": {Texts: []string{"10.1.0.1/32"}}},
		}
	}
	for language, want := range map[Language][]string{
		English: {"closed: ICMP type 8, TCP 8000-8049 (of TCP 8000-8100), VRRP", "opened: TCP 8101-8150 (of TCP 8050-8150), GRE, ICMPv6 type 1 code 4"},
		French:  {"fermé : ICMP type 8, TCP 8000-8049 (sur TCP 8000-8100), VRRP", "ouvert : TCP 8101-8150 (sur TCP 8050-8150), GRE, ICMPv6 type 1 code 4"},
	} {
		r, was := of("tcp/8050-8150", "esp", "gre", "icmpv6/1-4"), of("tcp/8000-8100", "esp", "vrrp", "icmp/8")
		was.Addresses = nil // as it is read
		r.Language, r.Before = language, &was
		text, err := r.HTML()
		if err != nil {
			t.Fatal(err)
		}
		var marks []string
		for _, row := range markedRow.FindAllStringSubmatch(text, -1) {
			mark := markOf.FindString(row[2])
			marks = append(marks, strings.TrimSuffix(mark, "</span>"))
		}
		for i, mark := range marks {
			_, marks[i], _ = strings.Cut(mark, ">")
		}
		slices.Sort(marks)
		if diff := cmp.Diff(want, marks); diff != "" {
			t.Errorf("%s: the rows are marked otherwise:\n%s", language, diff)
		}
		if n := strings.Count(text, "<small>10.1.0.1/32</small>"); n != 2 || len(marks) != 2 {
			t.Errorf("%s: %d rows have the host's address, want 2, of %d", language, n, len(marks))
		}
	}
}

// What an audit and a comparison spell reads in the report's language, and words of
// theirs that are no protocols stay.
func TestSpecsReadInWords(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]string{
		"tcp/443": "TCP 443", "udp/53-54": "UDP 53-54", "vrrp": "VRRP", "ip/253": "protocole IP 253", "icmp": "ICMP", "icmpv6/type-1-code-4": "ICMPv6 type 1 code 4",
		"icmp/types-0-7": "ICMP types 0-7", "icmp/type-8-code-1-to-type-255-code-255": "ICMP type 8 code 1 - type 255 code 255",
		"10.0.0.0/8 tcp/443": "10.0.0.0/8 TCP 443", "vrrp at 10.0.0.0/8": "VRRP at 10.0.0.0/8",
	} {
		if got := inFrench().specs(spec); got != want {
			t.Errorf("%s reads %q, want %q", spec, got, want)
		}
	}
}

// Two pages of one digest say the same of what is closed, too.
func TestDigestHasWhoIsClosed(t *testing.T) {
	t.Parallel()
	digest := func(address string) string {
		r := sample()
		r.Before = before()
		r.Addresses = map[string]Addresses{"clock": {Texts: []string{address}}}
		text, err := r.digest()
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	if digest("192.0.2.1") == digest("192.0.2.2") {
		t.Error("another address of a host that is gone changes the page and not its digest")
	}
}

var markOf = regexp.MustCompile(`<span class="[a-z]+">.*`)

var markedRow = regexp.MustCompile(`data-change="([a-z]+)"><td class="flow">(.*?)</td>`)

func TestChangesInThePage(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Before = before()
	text, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, row := range markedRow.FindAllStringSubmatch(text, -1) {
		got = append(got, row[1]+": "+strings.ReplaceAll(row[2], "<wbr>", ""))
	}
	if diff := cmp.Diff([]string{
		"unchanged: canopsis-to-package_repositories-https",
		`opened: users-to-front <span class="opened">opened</span>`,
		`opened: canopsis-to-redis <span class="opened">opened</span>`,
		`closed: canopsis-to-redis <span class="closed">closed</span>`,
		`opened: front-to-canopsis-nginx <span class="opened">opened: TCP 8443, UDP 8443</span>`,
		"unchanged: front-to-front",
		`closed: canopsis-to-clock <span class="closed">closed</span>`,
		`opened: canopsis-to-ntp <span class="opened">opened</span>`,
	}, got); diff != "" {
		t.Errorf("the rows are marked otherwise:\n%s", diff)
	}
	for _, want := range []string{
		`<option value="clock">Old clock (clock)</option>`,
		`<select id="change"><option value="">all</option><option value="opened">opened</option><option value="closed">closed</option><option value="unchanged">unchanged</option></select>`,
		`redis TCP 6739`, // what is closed
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if plain, err := sample().HTML(); err != nil || strings.Contains(plain, `" data-change=`) || strings.Contains(plain, `<select id="change"`) {
		t.Errorf("a page without another deployment speaks of changes (%v)", err)
	}
}
