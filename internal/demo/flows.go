package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	flows "github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// flow is what the table needs of an element of canopsis_flows' flows.
type flow struct {
	Source      string      `json:"source"`
	Destination string      `json:"destination"`
	Component   string      `json:"component"`
	Purpose     string      `json:"purpose"`
	Ports       []portRange `json:"ports"`
}

// endpoint is what the picture needs of an element of its endpoints.
type endpoint struct {
	Name string `json:"name"`
	Kind string `json:"kind"`
}

// deployment is what the demonstration shows of a data source canopsis_flows.
type deployment struct {
	Flows     map[string]flow     `json:"flows"`
	Rules     map[string]struct{} `json:"rules"`
	Endpoints map[string]endpoint `json:"endpoints"`
}

// figures says why the plan adds more than the table has rows.
func (d deployment) figures() string {
	return fmt.Sprintf("%d rules of %d flows, one for each port or range of ports:", len(d.Rules), len(d.Flows))
}

// portRange has both ends inclusive.
type portRange struct {
	Protocol string `json:"protocol"`
	From     int    `json:"from_port"`
	To       int    `json:"to_port"`
}

func (p portRange) String() string {
	if p.From == p.To {
		return p.Protocol + "/" + strconv.Itoa(p.From)
	}
	return p.Protocol + "/" + strconv.Itoa(p.From) + "-" + strconv.Itoa(p.To)
}

// deploymentOf reads the first canopsis_flows of the root module out of what
// terraform show -json prints.
func deploymentOf(state []byte) (deployment, error) {
	var shown struct {
		Values struct {
			Root struct {
				Resources []struct {
					Type   string     `json:"type"`
					Values deployment `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal(state, &shown); err != nil {
		return deployment{}, fmt.Errorf("reading the state: %w", err)
	}
	for _, resource := range shown.Values.Root.Resources {
		if resource.Type == "canopsis_flows" {
			return resource.Values, nil
		}
	}
	return deployment{}, errors.New("the example has no data source canopsis_flows in its root module")
}

// table prints the flows in the order of their ids.
func table(flows map[string]flow) string {
	var text bytes.Buffer
	columns := tabwriter.NewWriter(&text, 0, 0, 3, ' ', 0)
	row := func(cells ...string) {
		// A bytes.Buffer takes everything.
		_, _ = fmt.Fprintln(columns, strings.Join(cells, "\t"))
	}
	row("FROM", "TO", "COMPONENT", "PORTS", "PURPOSE")
	for _, id := range slices.Sorted(maps.Keys(flows)) {
		f := flows[id]
		ports := make([]string, len(f.Ports))
		for i, p := range f.Ports {
			ports[i] = p.String()
		}
		row(f.Source, f.Destination, f.Component, strings.Join(ports, " "), f.Purpose)
	}
	_ = columns.Flush()
	return text.String()
}

// picture draws the flows as an SVG.
func picture(d deployment) (string, error) {
	drawn := report.Report{Endpoints: make(map[string]matrix.Endpoint, len(d.Endpoints))}
	for id, e := range d.Endpoints {
		kind, err := matrix.ParseKind(e.Kind)
		if err != nil {
			return "", fmt.Errorf("endpoint %s: %w", id, err)
		}
		drawn.Endpoints[id] = matrix.Endpoint{ID: id, Name: e.Name, Kind: kind}
	}
	for id, f := range d.Flows {
		specs := make([]string, 0, len(f.Ports))
		for _, p := range f.Ports {
			specs = append(specs, p.String())
		}
		ports, err := matrix.ParsePorts(specs...)
		if err != nil {
			return "", fmt.Errorf("flow %s: %w", id, err)
		}
		purpose, err := matrix.ParsePurpose(f.Purpose)
		if err != nil {
			return "", fmt.Errorf("flow %s: %w", id, err)
		}
		drawn.Flows = append(drawn.Flows, flows.Flow{
			ID: id, Source: f.Source, Destination: f.Destination, Component: f.Component, Ports: ports, Purpose: purpose,
		})
	}
	return drawn.SVG(), nil
}
