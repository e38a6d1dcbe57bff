package provider

import "strings"

// guide is a page of the documentation.
type guide struct {
	name  string // of the page, and perhaps a heading: "closing-egress#aws"
	title string // the page's
}

var (
	guideAddresses = guide{"addresses-only", "Firewalls that know addresses only"}
	guideChanges   = guide{"changes", "Changes, and the rules that they touch"}
	guideExisting  = guide{"existing-rules", "Existing rules: audit, adopt, clean up"}
	guideHosts     = guide{"host-firewalls", "Host firewalls"}
	guideListeners = guide{"what-listens", "What listens on your hosts, before a firewall closes it"}
	guideMigrating = guide{"migrating", "Existing security groups: migrating with removed and import"}
	guideQuotas    = guide{"quotas", "Quotas and large networks"}
	guideTen       = guide{"ten-minutes", "From the matrix to a working firewall in ten minutes"}
	guideTesting   = guide{"testing", "Testing a configuration"}
	guideUpgrading = guide{"upgrading-canopsis", "Upgrading Canopsis"}
	guideBeside    = guide{"in-front-and-behind", "Load balancers, clusters and managed databases"}
	guideConsole   = guide{"console", "Questions before an apply: terraform console"}
	guideEstates   = guide{"environments", "Several environments, accounts and regions"}
	guideOwnRules  = guide{"rules-of-your-own", "Rules of your own, and filters"}
	guidePolicy    = guide{"policy-as-code", "Policy as code over a plan"}
	guideFlows     = guide{"which-flows", "Which flows does my deployment need?"}
)

// closing is the guide on egress, at the heading of a target.
func closing(heading string) guide { return guide{"closing-egress#" + heading, "Closing egress"} }

// guidesOf lists the guides to read beside a function's page, by the function.
func guidesOf(function string) []guide {
	switch function {
	case "address_rules":
		return []guide{guideAddresses, guideOwnRules, guideQuotas, guideChanges}
	case "aggregate_cidrs":
		return []guide{guideQuotas, guideChanges}
	case "audit_listeners":
		return []guide{guideListeners, guideHosts}
	case "audit_rules":
		return []guide{guideExisting, guideMigrating}
	case "aws_rules":
		return []guide{guideTen, closing("aws"), guideEstates, guideBeside, guideOwnRules, guideQuotas, guideMigrating, guideChanges, guideTesting, guidePolicy}
	case "azure_rules":
		return []guide{closing("azure"), guideBeside, guideOwnRules, guideQuotas, guideMigrating, guideChanges}
	case "diff_report", "diff_rules":
		return []guide{guideUpgrading, guideChanges, guideConsole}
	case "gcp_rules":
		return []guide{closing("google-cloud"), guideBeside, guideOwnRules, guideQuotas, guideMigrating, guideChanges}
	case "kubernetes_network_policies":
		return []guide{closing("kubernetes"), guideBeside, guideOwnRules, guideMigrating, guideChanges}
	case "nftables_ruleset":
		return []guide{guideHosts, guideListeners}
	case "openstack_rules":
		return []guide{closing("openstack"), guideBeside, guideOwnRules, guideQuotas, guideMigrating, guideChanges}
	case "html_report", "markdown_report", "csv_report":
		return []guide{guideAddresses, guideFlows}
	case "mermaid_diagram", "svg_diagram":
		return []guide{guideFlows}
	}
	return nil
}

// documentedGuides is the section that leads from a function's page to the guides.
func documentedGuides(function string) string {
	var doc strings.Builder
	doc.WriteString("\n\n## See also\n")
	for _, g := range guidesOf(function) {
		page, heading, _ := strings.Cut(g.name, "#")
		if heading != "" {
			heading = "#" + heading
		}
		doc.WriteString("\n- Guide: [" + g.title + "](../guides/" + page + ".md" + heading + ")")
	}
	return doc.String()
}
