package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func newGCPRulesFunction() function.Function {
	return newRulesFunction(firewall.GCP,
		"Rules of Google Cloud's VPC firewall",
		"Turns the matrix's rules into the arguments of `google_compute_firewall`, `protocol` and `ports` for its `allow` block. "+
			"Keys are known at plan even where tags, service accounts and named CIDRs are not. "+
			"One rule holds every port of one protocol that one endpoint may reach on another; IPv6 ranges are a rule of their own, whose key ends in `-ipv6`, and more than 256 ranges are dealt out into parts. "+
			"What an endpoint's own list of CIDRs holds twice merges; the rules of two endpoints stay apart. "+
			"Google names the destinations of egress by ranges alone: a host that has tags or service accounts only needs `cidrs` or `named_cidrs` too, or the egress of others towards it stands in `unenforced`. "+
			"Egress is enforced only beside a rule that denies all of it at a lower priority. "+
			"Set `lifecycle { create_before_destroy = true }`: a rule whose ends change is a new resource. "+
			"Names are unique in a project: put a prefix of your own before `name` where one project has the same installation twice. "+
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.")
}
