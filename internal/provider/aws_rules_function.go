package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

func newAWSRulesFunction() function.Function {
	return newRulesFunction(firewall.AWS,
		"Rules of AWS security groups",
		"Turns the matrix's rules into the arguments of `aws_vpc_security_group_ingress_rule` and `aws_vpc_security_group_egress_rule`. "+
			"Keys are known at plan even where security groups and named CIDRs are not. "+
			"Call it once, in a local value, and never inside a `for_each`: Terraform would call it again for every instance.")
}
