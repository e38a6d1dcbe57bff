package firewall

import (
	"cmp"
	"maps"
	"math"
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
	reported := make(map[string]bool) // by end of a rule
	refused := make(map[*party]bool)  // whatever they allow
	for _, key := range keys {
		rule := rules[key]
		if mayBePublic(rule.Purpose) {
			continue
		}
		for _, end := range []string{rule.Source, rule.Destination} {
			p, ok := resolved[end]
			if !ok || !p.public.IsValid() || reported[end] {
				continue
			}
			reported[end], refused[p] = true, true
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
// or go there, where its binding allows that. What is not a purpose may not.
func mayBePublic(purpose matrix.Purpose) bool {
	switch purpose {
	case matrix.Installation, matrix.UserAccess, matrix.Events, matrix.Outbound:
		return true
	case matrix.Administration, matrix.Internal:
	}
	return false
}

// What the sources of administration, or of internal flows, may add up to at one
// host: 14 blocks of /8 of IPv4, and one of /16 of IPv6, unique local addresses
// apart. A list of a hundred blocks that are not public one by one may still be
// half of the Internet.
const (
	mostSources4 = 14 << (32 - publicBits4)
	mostSources6 = 1.0 // blocks of /16
)

// checkSums refuses sources that are a good part of the Internet together.
func (r *bindingsReader) checkSums(keys []string, rules map[string]deployment.Rule, resolved map[string]*party) {
	type at struct {
		host    string
		purpose matrix.Purpose
	}
	var places []at
	sources := make(map[at][]*party)
	for _, key := range keys {
		rule := rules[key]
		source, ok1 := resolved[rule.Source]
		host, ok2 := resolved[rule.Destination]
		if !ok1 || !ok2 || mayBePublic(rule.Purpose) || source.public.IsValid() {
			continue // missing, or refused by itself
		}
		place := at{host.id, rule.Purpose}
		if sources[place] == nil {
			places = append(places, place)
		}
		sources[place] = append(sources[place], source)
	}
	for _, place := range places {
		parties := sources[place]
		slices.SortFunc(parties, func(a, b *party) int { return cmp.Compare(a.id, b.id) })
		parties = slices.Compact(parties)
		addresses4, blocks6 := sizeOf(parties)
		if addresses4 <= mostSources4 && blocks6 <= mostSources6 {
			continue
		}
		ids := make([]string, 0, len(parties))
		for _, p := range parties {
			ids = append(ids, p.id)
		}
		r.Add(&refusal.Error{
			At:      r.at,
			Summary: "Sources that are a good part of the Internet",
			Found: "the sources of " + place.purpose.String() + " rules at " + strconv.Quote(place.host) + " add up to " +
				tenths(float64(addresses4)/(1<<(32-publicBits4))) + " blocks of /8 of IPv4 and " + tenths(blocks6) + " of /16 of IPv6: " + refusal.List(ids),
			Allowed: "up to 14 blocks of /8 of IPv4 and one of /16 of IPv6 outside fc00::/7, all sources together",
			Remedy:  "Name the prefixes of your own network",
		})
	}
}

// tenths spells a number of blocks, rounded up: one that exceeds what is allowed
// by little does not read like what is allowed.
func tenths(blocks float64) string { return strconv.FormatFloat(math.Ceil(blocks*10)/10, 'f', -1, 64) }

// sizeOf returns how many addresses of IPv4 the parties have together, and how many
// blocks of /16 of IPv6 outside fc00::/7.
func sizeOf(parties []*party) (addresses4 int64, blocks6 float64) {
	var all netipx.IPSetBuilder
	for _, p := range parties {
		for _, prefix := range p.prefixes {
			all.AddPrefix(prefix)
		}
		for _, n := range p.named {
			if prefix, ok := n.prefix.Get(); ok {
				all.AddPrefix(prefix)
			}
		}
	}
	all.RemovePrefix(uniqueLocal)
	set, err := all.IPSet()
	if err != nil { // cannot happen with valid prefixes; never open by accident
		return math.MaxInt64, math.MaxFloat64
	}
	for _, block := range set.Prefixes() {
		if block.Addr().Is4() {
			addresses4 += 1 << (32 - block.Bits())
		} else {
			blocks6 += math.Ldexp(1, publicBits6-block.Bits())
		}
	}
	return addresses4, blocks6
}

// special names the addresses that no other machine can have, where a prefix is
// of these alone; empty for any other. Link-local ones are those of a cloud's
// metadata service.
func special(prefix netip.Prefix) string {
	switch address := prefix.Addr(); {
	case address.IsUnspecified() && prefix.IsSingleIP():
		return "unspecified"
	case address.IsLoopback() && (address.Is6() || prefix.Bits() >= 8):
		return "loopback"
	case address.IsMulticast() && (address.Is4() && prefix.Bits() >= 4 || address.Is6() && prefix.Bits() >= 8):
		return "multicast"
	case prefix == netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), 32):
		return "broadcast"
	}
	return ""
}
