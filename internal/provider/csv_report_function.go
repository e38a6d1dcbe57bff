package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newCSVReportFunction() function.Function {
	return reportFunction{
		name:    "csv_report",
		summary: "Flows as a CSV table",
		description: "Writes the flows of a deployment as a table after RFC 4180 (commas, CRLF, UTF-8), one row for each flow. " +
			"A cell that a spreadsheet would take for a formula begins with an apostrophe. " +
			"One prefix of `named_cidrs` that is unknown at plan makes the whole text \"(known after apply)\".",
		write: report.Report.CSV,
	}
}
