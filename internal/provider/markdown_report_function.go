package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newMarkdownReportFunction() function.Function {
	return reportFunction{
		name:    "markdown_report",
		summary: "Flows as a Markdown document",
		description: "Writes the flows of a deployment as a document for those who approve firewall openings: a table for each purpose, " +
			"with addresses, ports, justification, origin and notes, and the errors of the vendor's page that touch the deployment. " +
			"The order is fixed, so that two versions differ only where the deployment does. " +
			"One prefix of `named_cidrs` that is unknown at plan makes the whole text \"(known after apply)\".",
		write: func(r report.Report) (string, error) { return r.Markdown(), nil },
	}
}
