package firewall

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"go4.org/netipx"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Lengths below which a block counts as public.
const (
	publicBits4 = 8
	publicBits6 = 16
)

// uniqueLocal is IPv6's private space (RFC 4193).
var uniqueLocal = netip.MustParsePrefix("fc00::/7")

// publicBlock returns the first block shorter than /8 (IPv4) or /16 (IPv6, unique
// local addresses apart) that the party's addresses, put together, hold; an
// invalid prefix where there is none. Halves of the Internet in two entries are
// the Internet.
func publicBlock(p *party) netip.Prefix {
	var all netipx.IPSetBuilder
	for _, prefix := range p.prefixes {
		all.AddPrefix(prefix)
	}
	for _, n := range p.named {
		if prefix, ok := n.prefix.Get(); ok {
			all.AddPrefix(prefix)
		}
	}
	set, err := all.IPSet()
	if err != nil { // cannot happen with valid prefixes; never open by accident
		return netip.PrefixFrom(netip.IPv4Unspecified(), 0)
	}
	for _, block := range set.Prefixes() {
		shortest := publicBits4
		if block.Addr().Is6() {
			shortest = publicBits6
		}
		if block.Bits() < shortest && !covers(uniqueLocal, block) {
			return block
		}
	}
	return netip.Prefix{}
}

// checkPublic refuses public addresses: for flows that never belong on the
// Internet whatever the binding allows, and else where it does not allow them.
func (r *bindingsReader) checkPublic(keys []string, rules map[string]deployment.Rule, parties, resolved map[string]*party) {
	told := make(map[string]bool)    // by end of a rule
	refused := make(map[*party]bool) // whatever they allow
	for _, key := range keys {
		rule := rules[key]
		if mayBePublic(rule.Purpose) {
			continue
		}
		for _, end := range []string{rule.Source, rule.Destination} {
			p, ok := resolved[end]
			if !ok || !p.public.IsValid() || told[end] {
				continue
			}
			told[end], refused[p] = true, true
			r.Add(&refusal.Error{
				At:      r.at.Key(p.id),
				Summary: "Public addresses where none may be",
				Found:   "the addresses of " + strconv.Quote(end) + " hold " + p.public.String() + ", a public block, and flow " + rule.Flow + " is for " + rule.Purpose.String(),
				Remedy:  "Name the prefixes of your own network; allow_public does not apply to administration and internal flows",
			})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		if p := parties[id]; p.public.IsValid() && !p.binding.Public && !refused[p] {
			r.Add(&refusal.Error{
				At:      r.at.Key(id),
				Summary: "Public addresses",
				Found:   "the addresses of " + strconv.Quote(id) + " together hold " + p.public.String() + ", and a block larger than a /8 (IPv4) or a /16 (IPv6) is a good part of the Internet",
				Remedy:  "Name narrower prefixes, or write allow_public = true if that is what you want",
			})
		}
	}
}

// mayBePublic reports whether a flow for this purpose may come from the Internet
// or go there, where its binding allows that. A purpose that is none may not.
func mayBePublic(purpose matrix.Purpose) bool {
	switch purpose {
	case matrix.Installation, matrix.UserAccess, matrix.Events, matrix.Outbound:
		return true
	case matrix.Administration, matrix.Internal:
	}
	return false
}
