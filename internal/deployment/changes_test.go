package deployment_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// deploy returns a deployment of an edition, and ends the test where there is
// none.
func deploy(t testing.TB, release string, choices deployment.Choices) *deployment.Deployment {
	t.Helper()
	d, err := tryDeploy(t, release, choices)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func tryDeploy(t testing.TB, release string, choices deployment.Choices) (*deployment.Deployment, error) {
	t.Helper()
	e, err := edition.Find(release)
	if err != nil {
		t.Fatal(err)
	}
	m, err := e.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	choices.Release = release
	return deployment.New(m, choices)
}

// openings returns a line for each rule: its key, purpose and origin.
func openings(d *deployment.Deployment) []string {
	var lines []string
	for f := range d.Matrix.Flows() {
		for r := range f.Ports.All() {
			lines = append(lines, fmt.Sprintf("%s/%s %s %s", d.Matrix.FlowID(f), r.Key(), d.Matrix.PurposeOf(f), f.Origin))
		}
	}
	slices.Sort(lines)
	return lines
}

// changes returns what a second deployment opens that the first does not, with
// "+ ", and what it no longer opens, with "- ", each sorted.
func changes(before, after *deployment.Deployment) []string {
	was, is := openings(before), openings(after)
	var lines []string
	for _, line := range was {
		if !slices.Contains(is, line) {
			lines = append(lines, "- "+line)
		}
	}
	for _, line := range is {
		if !slices.Contains(was, line) {
			lines = append(lines, "+ "+line)
		}
	}
	return lines
}

func wantLines(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got:\n  %s\nwant:\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

// faultsOf returns every error of a refused deployment as "SUMMARY: DETAIL".
func faultsOf(t *testing.T, release string, choices deployment.Choices) []string {
	t.Helper()
	_, err := tryDeploy(t, release, choices)
	if err == nil {
		t.Fatal("the deployment was accepted")
	}
	var several *refusal.Errors
	if !errors.As(err, &several) {
		t.Fatalf("not worded for who typed the configuration: %v", err)
	}
	var texts []string
	for _, wrong := range several.All() {
		texts = append(texts, wrong.Summary+": "+wrong.Detail())
	}
	return texts
}
