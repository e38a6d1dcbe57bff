package report

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// written returns every report of the same content.
func written(t interface{ Fatal(...any) }, r Report) map[string]string {
	table, err := r.CSV()
	if err != nil {
		t.Fatal(err)
	}
	page, err := r.HTML()
	if err != nil {
		t.Fatal(err)
	}
	return map[string]string{"CSV": table, "HTML": page, "Markdown": r.Markdown(), "Mermaid": r.Mermaid(), "SVG": r.SVG()}
}

// The order of the input decides nothing.
func TestReportsDoNotDependOnOrder(t *testing.T) {
	t.Parallel()
	want := written(t, sample())
	rapid.Check(t, func(t *rapid.T) {
		shuffled := sample()
		shuffled.Flows = rapid.Permutation(shuffled.Flows).Draw(t, "flows")
		shuffled.Enforced[0].Egress = rapid.Permutation(shuffled.Enforced[0].Egress).Draw(t, "rules")
		for name, text := range written(t, shuffled) {
			if text != want[name] {
				t.Fatalf("%s depends on the order of the flows or the rules", name)
			}
		}
	})
}

func TestParseLanguage(t *testing.T) {
	t.Parallel()
	at := refusal.At("settings").Attribute("language")
	for text, want := range map[string]Language{"en": English, "fr": French} {
		if got, err := ParseLanguage(at, text); err != nil || got != want || got.String() != text {
			t.Errorf("ParseLanguage(%q) = %v, %v", text, got, err)
		}
	}
	_, err := ParseLanguage(at, "FR ")
	want := "settings.language: \"FR \" is not a language of the reports.\nDid you mean \"fr\"?\nAllowed: en, fr."
	var wrong *refusal.Error
	if !errors.As(err, &wrong) || wrong.Detail() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// Both languages have a word for everything.
func TestVocabulariesAreComplete(t *testing.T) {
	t.Parallel()
	for language, w := range words() {
		for _, p := range matrix.Purposes() {
			if w.purposes[p] == "" {
				t.Errorf("%s: purpose %s has no word", language, p)
			}
		}
		for _, name := range matrix.OriginNames() {
			if o, err := matrix.ParseOrigin(name); err != nil || w.origins[o] == "" {
				t.Errorf("%s: origin %s has no word", language, name)
			}
		}
		for _, e := range []encryption{byConfiguration, cleartext, encrypted, notApplicable} {
			if w.encryptions[e] == "" {
				t.Errorf("%s: encryption %d has no word", language, e)
			}
		}
		for _, field := range RequestFields() {
			if w.request.fields[field] == "" {
				t.Errorf("%s: the form's field %s has no word", language, field)
			}
		}
		page, err := sample().requested().in(language).HTML()
		if err != nil {
			t.Fatal(err)
		}
		for _, empty := range []string{"></label>", "></button>", "></h1>", "></h2>", "></summary>", "></option>", `="">`, `<th scope="col"></th>`} {
			if n := strings.Count(page, empty); n > 0 && empty != `="">` || n > 3 { // three filters have an empty value
				t.Errorf("%s: the page has %d times %s", language, n, empty)
			}
		}
	}
}

// A filtered report lists the errata of what it lists, and no others; a whole one
// lists all.
func TestErrataOfFilteredReports(t *testing.T) {
	t.Parallel()
	r := sample()
	r.Errata = []deployment.Finding{
		finding("redis_port", true, "canopsis-to-redis"),
		finding("ssh_hosts", false, "administrators-to-redis-ssh"),
		finding("initiators", true, "canopsis-to-ldap"),
		{Erratum: edition.Erratum{ID: "of_everything"}},
	}
	listed := func() []string {
		var ids []string
		for _, e := range r.listedErrata() {
			ids = append(ids, e.ID)
		}
		return ids
	}
	if got, want := listed(), []string{"redis_port", "ssh_hosts", "initiators", "of_everything"}; !slices.Equal(got, want) {
		t.Errorf("the whole report lists %q, want %q", got, want)
	}
	r.Filtered = true
	r.Flows = []deployment.Flow{{ID: "canopsis-to-ldap-ldaps", Source: "canopsis", Destination: "ldap", Component: "ldaps", Ports: matrix.MustPorts("tcp/636"), Purpose: matrix.Outbound}}
	if got, want := listed(), []string{"initiators", "of_everything"}; !slices.Equal(got, want) {
		t.Errorf("the filtered report lists %q, want %q", got, want)
	}
	if text := r.Markdown(); strings.Contains(text, "redis_port") || !strings.Contains(text, "- initiators (applied)") {
		t.Errorf("the document lists other errata:\n%s", text)
	}
}

func TestParseAddresses(t *testing.T) {
	t.Parallel()
	at := refusal.At("addresses").Key("users")
	got, err := ParseAddresses(at, []string{"10.20.0.0/16", "10.0.0.5", "10.20.0.0/16", "2001:DB8::/32", "the mail gateway", "Paris/Lyon", "b2b.ca", "face:b00k"})
	want := []string{"10.20.0.0/16", "10.0.0.5", "2001:db8::/32", "the mail gateway", "Paris/Lyon", "b2b.ca", "face:b00k"}
	if err != nil || !slices.Equal(got.Texts, want) || got.None {
		t.Errorf("got %q, %v", got.Texts, err)
	}
	for text, says := range map[string]string{
		"10.20.0.1/16":   "10.20.0.0/16",
		"10.20.0.0/33":   "not an address",
		"300.1.2.3":      "not an address",
		"10.20":          "not an address",
		"2001:db8::/129": "not an address",
		"2001:db8:::1":   "not an address",
		" ":              "is empty",
	} {
		_, err := ParseAddresses(at, []string{"10.0.0.0/8", text})
		var wrong *refusal.Errors
		if !errors.As(err, &wrong) || !strings.Contains(wrong.All()[0].Detail(), says) || !strings.Contains(wrong.All()[0].Detail(), `addresses["users"][1]`) {
			t.Errorf("%q: got %v, want it to say %q", text, err, says)
		}
	}
	if none, err := ParseAddresses(at, []string{}); err != nil || !none.None {
		t.Errorf("an empty list is %+v, %v, not none", none, err)
	}
}

// The digest is that of what is said, and not of the language or the form of a
// table.
func TestDigest(t *testing.T) {
	t.Parallel()
	digest := func(change func(*Report)) string {
		r := sample()
		change(&r)
		d, err := r.digest()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	same := digest(func(*Report) {})
	for name, change := range map[string]func(*Report){
		"language":  func(r *Report) { r.Language = French },
		"separator": func(r *Report) { r.Table = CSVForm{Separator: ';', BOM: true} },
		"provider":  func(r *Report) { r.Provider = "2.0.0" },
	} {
		if digest(change) != same {
			t.Errorf("the %s changes the digest", name)
		}
	}
	for name, change := range map[string]func(*Report){
		"edition": func(r *Report) { r.Edition = "23.04" },
		"ports":   func(r *Report) { r.Flows[0].Ports = matrix.MustPorts("tcp/6380") },
		"address": func(r *Report) { r.Addresses["users"] = Addresses{Texts: []string{"10.21.0.0/16"}} },
		"erratum": func(r *Report) { r.Errata[0].Applied = false },
		"rules":   func(r *Report) { r.Enforced[0].Ingress = nil },
		"reason":  func(r *Report) { r.Enforced[0].Unenforced["canopsis-to-ntp/udp-123"] = "another" },
		"request": func(r *Report) { r.Request = Request{"ticket": "1"} },
	} {
		if digest(change) == same {
			t.Errorf("another %s has the same digest", name)
		}
	}
}
