package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newMermaidDiagramFunction(version string) function.Function {
	return reportFunction{
		name:    "mermaid_diagram",
		summary: "Flows as a Mermaid diagram",
		description: "Draws the flows of a deployment as a Mermaid flowchart, which Markdown viewers of code hosts show as a picture: " +
			"a node for each endpoint, and between two of them one for what is opened, with the component and its ports. " +
			"Actors are rounded, outside systems slanted, relays hexagonal, hosts square, what listens is notched. " +
			"Names are in the language of the settings, each with its id where that is another word. Addresses and rules change nothing in the picture.",
		text:     "The diagram, as a block ` ```mermaid ` wants it. Not known while anything that it says is not.",
		version:  version,
		settings: nil,
		write:    func(r report.Report) (string, error) { return r.Mermaid(), nil },
	}
}
