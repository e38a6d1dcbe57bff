package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newMermaidDiagramFunction() function.Function {
	return reportFunction{
		name:    "mermaid_diagram",
		summary: "Flows as a Mermaid diagram",
		description: "Draws the flows of a deployment as a Mermaid flowchart, which Markdown viewers of code hosts show as a picture: " +
			"a node for each endpoint, an arrow for each pair of them with the components and ports that are opened. " +
			"Actors are rounded, outside systems slanted, relays hexagonal, hosts square. " +
			"Names are in the language of the settings, each with its id where that is another word. " +
			"`bindings` are accepted, as by the reports, and change nothing in the picture; one prefix of `named_cidrs` that is unknown at plan still makes it \"(known after apply)\".",
		write: func(r report.Report) (string, error) { return r.Mermaid(), nil },
	}
}
