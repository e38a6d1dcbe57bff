package report

import (
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func inEnglish() vocabulary {
	return vocabulary{
		title: "Network flows of Canopsis", edition: "Edition", ownPage: "From the page that was given", errata: "Errors of the page", evidence: "Evidence",
		flow: "flow", flows: "flows",
		applied: "applied", notApplied: "not applied",
		found: func(corrected, errata int) string {
			return count(errata, "error of the page", "errors of the page") + ", " + strconv.Itoa(corrected) + " corrected"
		},
		cleartextOf: func(some, flows int) string {
			return strconv.Itoa(some) + " of " + count(flows, "flow", "flows") + " in cleartext"
		},
		erratum: "erratum", published: "The page says", corrected: "Right is", reason: "Why",
		viaProxy: "may pass through a proxy", configurationDependent: "ports depend on configuration", optional: "optional",
		colon: ": ", semicolon: "; ",
		noAddress: "none", notBound: "not bound", notGiven: "not given",
		ingressAt: "ingress at", egressAt: "egress at", unenforced: "not enforced", noRule: "no rule",
		icmpType: "type", icmpCode: "code", protocolNumber: "IP protocol",
		pictureHint: "Whoever stands at the left may connect to whoever stands above, on the ports between them.",
		columns: columnTitles{
			flow: "Flow", source: "Source", sourceName: "Source name", sourceAddresses: "Source addresses",
			destination: "Destination", destinationName: "Destination name", destinationAddresses: "Destination addresses", component: "Component",
			ports: "Ports", protocol: "Protocol", first: "First port", last: "Last port", encryption: "Encryption",
			purpose: "Purpose", justification: "Justification", origin: "Origin", notes: "Notes", enforced: "Enforced by",
		},
		purposes: map[matrix.Purpose]string{
			matrix.Installation: "Installation", matrix.Administration: "Administration", matrix.UserAccess: "User access",
			matrix.Events: "Events", matrix.Internal: "Internal", matrix.Outbound: "Outside systems",
		},
		origins: map[matrix.Origin]string{
			matrix.Published: "vendor's page", matrix.Corrected: "erratum", matrix.Interconnection: "interconnection",
			matrix.Cluster: "cluster", matrix.Additional: "own flow", matrix.Relayed: "relay",
		},
		encryptions: map[encryption]string{cleartext: "cleartext", encrypted: "encrypted", byConfiguration: "as configured", notApplicable: "not applicable"},
		peerKinds: map[string]string{
			"security_group": "security group", "prefix_list": "prefix list", "address_group": "address group",
			"pods": "pods of", "application_security_group": "application security group", "service_tag": "service tag", "network_tags": "network tags", "service_accounts": "service accounts",
			"cidr_and_network_tags": "network tags", "cidr_and_service_accounts": "service accounts",
		},
		request: requestWords{
			title: "Request for firewall openings", field: "Item", answer: "Answer",
			direction: "Direction", directionWords: "from the source, which opens the connection, to the destination",
			fields: map[string]string{
				"requester": "Requested by", "reason": "Reason", "environment": "Environment", "ticket": "Ticket", "date": "Date", "expiry": "Until",
				"nat": "Address translation (NAT)", "encryption": "Encryption", "approval": "Approved by",
			},
		},
		change: changesInEnglish(), deployed: deployedInEnglish(),
		page: pageWords{
			search: "Search", searchHint: "text, port or address", host: "End", purpose: "Purpose", encryption: "Encryption", all: "all", reset: "Clear",
			shown: "shown", showAll: "Show all", sortHint: "sort",
			table: "Flows", grid: "Matrix", gridHint: "A row for each source, a column for each destination.", picture: "Picture",
			footer: "Where this comes from", providerVersion: "Provider", digest: "Digest of the content (SHA-256)", skip: "Skip to the flows", corner: "from \\ to", rule: "Rule",
		},
		reasonOf:  func(r matrix.Reason) string { return r.Text },
		erratumOf: func(e deployment.Finding) deployment.Finding { return e },
	}
}
