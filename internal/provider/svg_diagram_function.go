package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newSVGDiagramFunction(version string) function.Function {
	return reportFunction{
		name:    "svg_diagram",
		summary: "Flows as an SVG picture",
		description: "Draws the flows of a deployment as a matrix: a row for each source, a column for each destination, and between them the components and ports that are opened. " +
			"A matrix that is wider than a screen goes on below. Names are in the language of the settings, each with its id where that is another word.",
		text:     "The picture, a document that browsers show and pages embed. Not known while anything that it says is not.",
		version:  version,
		settings: nil,
		write:    func(r report.Report) (string, error) { return r.SVG(), nil },
	}
}
