package firewall_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// A key may not follow from a named CIDR's value: one in whose family there is no
// such protocol is refused, where an unknown one has a key.
func TestNamedCIDRsOfAnotherFamilyAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range clouds() {
		for _, of := range []struct{ protocol, right, wrong, found string }{
			{"icmpv6", "2001:db8::1/128", "10.0.0.1/32", `10.0.0.1/32 is of IPv4, and icmpv6 of the rule "users-to-canopsis/icmpv6" exists in IPv6 alone`},
			{"icmp", "10.0.0.1/32", "2001:db8::1/128", `2001:db8::1/128 is of IPv6, and icmp of the rule "users-to-canopsis/icmp" exists in IPv4 alone`},
		} {
			given := func(prefix firewall.Value[string]) bindings {
				return bindings{"canopsis": c.bind("canopsis"), "users": {NamedCIDRs: map[string]firewall.Value[string]{"bastion": prefix}}}
			}
			line := "users canopsis " + of.protocol
			var planned []string
			for _, prefix := range []firewall.Value[string]{firewall.Unknown[string](), firewall.Known(of.right)} {
				rendered := keys(render(t, c.Target, given(prefix), line).Rules(firewall.Ingress))
				if len(rendered) != 1 || planned != nil && !slices.Equal(rendered, planned) {
					t.Errorf("%s: %s planned as %v, applied as %v", c.Name, of.protocol, planned, rendered)
				}
				planned = rendered
			}
			wrong := refused(t, c.Target, given(firewall.Known(of.wrong)), line)
			if wrong.At.String() != `bindings["users"].named_cidrs["bastion"]` || wrong.Found != of.found || !strings.Contains(wrong.Remedy, "cidrs") {
				t.Errorf("%s: %v", c.Name, wrong)
			}
			// Nothing is attached at the other end of these: their addresses do not matter.
			render(t, c.Target, bindings{"canopsis": c.bind("canopsis"), "users": {CIDRs: []string{of.wrong, of.right}}}, line)
		}
	}
}
