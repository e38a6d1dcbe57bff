package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newCSVReportFunction(version string) function.Function {
	return reportFunction{
		name:    "csv_report",
		summary: "Flows as a CSV table",
		description: "Writes the flows of a deployment as a table after RFC 4180 (CRLF, UTF-8), one row for each port or range of ports, with the protocol, the first and the last port in cells of their own. " +
			"A cell that a spreadsheet would take for a formula begins with an apostrophe. " +
			"For Excel in French write `{ language = \"fr\", separator = \";\", bom = true }`.",
		text:     "The table, its first row the names of the columns. Not known while anything that it says is not.",
		version:  version,
		settings: tableSettings(),
		write:    report.Report.CSV,
	}
}
