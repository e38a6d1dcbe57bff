package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

func newHTMLReportFunction(version string) function.Function {
	return reportFunction{
		name:    "html_report",
		summary: "Flows as a web page",
		description: "Writes the flows of a deployment as one page for those who approve firewall openings: the flows with addresses, ports, cleartext, purpose, justification and origin, to be filtered and sorted; " +
			"the matrix as a table and as a picture; the errors of the vendor's page with their evidence. " +
			"The page needs no network and no other file, runs no script but its own, works from an attachment of a mail and without its script, and can be printed. " +
			"At its foot stand the provider's version, the edition, the corrections and a digest of the content, which is the same in every language.",
		text:     "The page, one document without other files. Not known while anything that it says is not.",
		version:  version,
		settings: map[string]reportSetting{"audits": auditsSetting(), "from": fromSetting(), "request": requestSetting()},
		write:    report.Report.HTML,
	}
}
