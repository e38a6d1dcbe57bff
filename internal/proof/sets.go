package proof

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// ways are the directions, in the words of both packages.
var ways = []struct {
	in   firewall.Direction
	of   cloud.Direction
	does string
}{
	{firewall.Ingress, cloud.Ingress, "entering"},
	{firewall.Egress, cloud.Egress, "leaving"},
}

// compareSets compares what every endpoint lets in and out, packet for packet, as
// the rules have it and as the flows do.
func compareSets(allowed *flows, result *firewall.Result) (sets int, fault *Fault) {
	c, of := allowed.cloud, allowed.c
	for _, way := range ways {
		given, err := c.read(c.given(result, way.in, way.of), way.of, byName(), c.refuses())
		if err != nil {
			return sets, &Fault{Kind: Unreadable, Detail: fmt.Sprintf("%s would refuse: %v", c.Target.Name, err)}
		}
		managed := make(map[string]bool)
		for _, id := range slices.Sorted(maps.Keys(of.World)) {
			if !of.World[id].Group {
				continue
			}
			group := c.group(of, id)
			managed[group] = of.World[id].managed()
			sets++
			if detail := differ(allowed, given, group, id, way.in, way.of); detail != "" {
				return sets, &Fault{Kind: Different, endpoint: id, Detail: "packets " + way.does + " " + id + ":\n" + detail}
			}
		}
		for _, r := range given {
			if i := slices.IndexFunc(r.rule.Groups, func(group string) bool { return !managed[group] }); i >= 0 {
				return sets, &Fault{Kind: Different, Detail: fmt.Sprintf("rule %q is attached to %s, which is not managed here", r.key, r.rule.Groups[i])}
			}
		}
	}
	return sets, nil
}

// differ tells which rules let too much pass at an endpoint, and which flows lack
// something; it is empty where neither do.
func differ(allowed *flows, given []rendered, group, id string, direction firewall.Direction, of cloud.Direction) string {
	want := allowed.wanted(direction, id)
	wanted := make([]packet.Rule, 0, len(want))
	for _, w := range want {
		wanted = append(wanted, w.packets)
	}
	rules := make([]cloud.Rule, 0, len(given))
	for _, r := range given {
		rules = append(rules, r.rule)
	}
	passes := allowed.cloud.passes(rules, of, group, allowed.c.World[id].managed())
	target := packet.New(wanted...)
	if passes.Equal(target) {
		return ""
	}
	var text strings.Builder
	for _, d := range passes.Attribute(wanted) {
		fmt.Fprintf(&text, "  the flows allow by %s, and %s drops %v\n", want[d.Rule].key, allowed.cloud.Target.Name, d.Remainders)
	}
	for _, r := range given {
		if r.rule.Deny || !slices.Contains(r.rule.Groups, group) {
			continue
		}
		for _, d := range target.Attribute([]packet.Rule{r.rule.Packets}) {
			fmt.Fprintf(&text, "  no flow allows, and rule %q lets pass %v\n", r.key, d.Remainders)
		}
	}
	return text.String() + fmt.Sprintf("  of protocol numbers and ports; too much is\n%s  and too little\n%s", passes.Subtract(target), target.Subtract(passes))
}
