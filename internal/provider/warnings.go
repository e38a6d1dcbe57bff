package provider

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

// erratumWarning has the id in its summary, since Terraform groups warnings by
// it, and in its detail the flows that it touches and the line to write.
func erratumWarning(e edition.Erratum, flows []string) diag.Diagnostic {
	says, truth := "the page says "+strconv.Quote(e.Published), "right is "+strconv.Quote(e.Corrected)
	if e.Published == edition.NoRow {
		says, truth = "the page has no row for it", "there should be one for "+e.Corrected
	}
	summary := "The vendor's page is wrong here (erratum " + e.ID + ")"
	use := "The published value is in use. For the corrected one write:"
	if e.IsReported() {
		summary, truth = "The vendor's page may be wrong here (erratum "+e.ID+")", "it may be "+strconv.Quote(e.Corrected)
		use = "The published value is in use, whatever corrections says. If yours is the other one write:"
	}
	lines := []string{fmt.Sprintf("%s: %s; %s, since %s.", e.Subject, says, truth, e.Reason)}
	if len(flows) > 0 {
		lines = append(lines, "Flows that it changes, adds or takes away here: "+few(flows)+".")
	}
	lines = append(lines, use, "  "+e.Remedy)
	if apply := `corrections = "apply"`; !e.IsReported() && e.Remedy != apply {
		lines = append(lines, "For this and every other correction of the page write:", "  "+apply)
	}
	if e.Keep != "" {
		lines = append(lines, "If the published one is yours write:", "  "+e.Keep)
	}
	return diag.NewAttributeWarningDiagnostic(path.Root("corrections"), summary, strings.Join(append(lines,
		"To keep what the page says, here and elsewhere, without a warning write:", `  corrections = "none"`,
		fmt.Sprintf("Evidence (%s): %s.", e.Confidence, e.Evidence)), "\n"))
}

// few lists names up to a number that can be read at a glance.
func few(names []string) string {
	const most = 6
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// noticeWarning says what the choices have come to.
func noticeWarning(n deployment.Notice) diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(frameworkPath(n.At), n.Summary, n.Text)
}
