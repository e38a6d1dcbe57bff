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
)

// flow is what the table needs of an element of canopsis_flows' flows.
type flow struct {
	Source      string      `json:"source"`
	Destination string      `json:"destination"`
	Component   string      `json:"component"`
	Purpose     string      `json:"purpose"`
	Ports       []portRange `json:"ports"`
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

// flowsOf reads the flows, by id, out of what terraform show -json prints: those
// of the first canopsis_flows of the root module.
func flowsOf(state []byte) (map[string]flow, error) {
	var shown struct {
		Values struct {
			Root struct {
				Resources []struct {
					Type   string `json:"type"`
					Values struct {
						Flows map[string]flow `json:"flows"`
					} `json:"values"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal(state, &shown); err != nil {
		return nil, fmt.Errorf("reading the state: %w", err)
	}
	for _, resource := range shown.Values.Root.Resources {
		if resource.Type == "canopsis_flows" {
			return resource.Values.Flows, nil
		}
	}
	return nil, errors.New("the example has no data source canopsis_flows in its root module")
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
