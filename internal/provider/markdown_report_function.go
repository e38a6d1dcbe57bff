package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newMarkdownReportFunction(version string) function.Function {
	return reportFunction{
		name:    "markdown_report",
		summary: "Flows as a Markdown document",
		description: "Writes the flows of a deployment as a document for those who approve firewall openings: a table for each purpose, " +
			"with addresses, ports, encryption, justification, origin and notes, and the errors of the vendor's page that touch these flows. " +
			"The order is fixed, so that two versions differ only where the deployment does.",
		text:     "The document, which begins with a heading of the first level. Not known while anything that it says is not.",
		version:  version,
		settings: map[string]reportSetting{"audits": auditsSetting(), "from": fromSetting(), "request": requestSetting()},
		write:    func(r report.Report) (string, error) { return r.Markdown(), nil },
	}
}
