package firewall

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// ParseCIDR reads a prefix. It refuses whatever a cloud might keep in another
// form than it was written in, host bits and bare addresses above all, and says
// the prefix that was meant.
func ParseCIDR(at refusal.Path, text string) (netip.Prefix, error) {
	prefix, err := netip.ParsePrefix(text)
	if err == nil && !prefix.Addr().Is4In6() && prefix == prefix.Masked() {
		return prefix, nil
	}
	wrong := &refusal.Error{
		At:      at,
		Summary: "Invalid CIDR",
		Allowed: "a prefix in CIDR notation, as in 10.20.0.0/16 or 2001:db8::/32",
	}
	fault, meant, ok := mendCIDR(text)
	wrong.Found = strconv.Quote(text) + " " + fault
	if ok {
		wrong.Nearest = meant.String()
	}
	return netip.Prefix{}, wrong
}

// mendCIDR says what is wrong with a text that is no prefix and, where that can
// be said, which prefix it means.
func mendCIDR(text string) (fault string, meant netip.Prefix, ok bool) {
	found := func(what string) { fault = cmp.Or(fault, what) } // the first fault is reported
	bare := strings.Join(strings.Fields(text), "")
	if bare != text {
		found("has spaces in it")
	}
	written, length, hasLength := strings.Cut(bare, "/")
	written, _, hasZone := strings.Cut(written, "%")
	if hasZone {
		found("has a zone, which means something on one machine only")
	}
	full := written
	if hasLength {
		full = fullIPv4(written)
	}
	if full != written {
		found("shortens its address")
	}
	address, err := netip.ParseAddr(full)
	if err != nil {
		return "is no prefix", netip.Prefix{}, false
	}
	bits := address.BitLen()
	if hasLength {
		bits, err = strconv.Atoi(length)
		if mask, isMask := maskLength(length); isMask {
			found("has a mask in place of its prefix's length")
			bits, err = mask, nil
		}
		if err != nil || bits < 0 {
			return "is no prefix", netip.Prefix{}, false
		}
		if bits > address.BitLen() {
			return "has a prefix length of " + strconv.Itoa(bits) + ", and the address has " + strconv.Itoa(address.BitLen()) + " bits", netip.Prefix{}, false
		}
		if strconv.Itoa(bits) != length {
			found("does not write its length as a plain number")
		}
	} else {
		found("is an address without the length of its prefix")
	}
	if address.Is4In6() {
		found("is an IPv4 prefix written as IPv6")
		if bits < 96 {
			return fault, netip.Prefix{}, false
		}
		address, bits = address.Unmap(), bits-96
	}
	found("has bits set behind its prefix's length")
	return fault, netip.PrefixFrom(address, bits).Masked(), true
}

// fullIPv4 writes the zeros that 10/8 and 192.168/16 leave out. Anything else
// stays as it is.
func fullIPv4(text string) string {
	if text == "" || strings.Trim(text, "0123456789.") != "" {
		return text
	}
	for strings.Count(text, ".") < 3 {
		text += ".0"
	}
	return text
}

// maskLength reads an IPv4 mask, as in 255.255.0.0, as a prefix's length.
func maskLength(text string) (bits int, ok bool) {
	mask, err := netip.ParseAddr(text)
	if err != nil || !mask.Is4() {
		return 0, false
	}
	for bits = range mask.BitLen() + 1 {
		if allOnes := netip.PrefixFrom(netip.AddrFrom4([4]byte{255, 255, 255, 255}), bits).Masked(); allOnes.Addr() == mask {
			return bits, true
		}
	}
	return 0, false
}

// withoutCovered sorts prefixes and leaves out repetitions and those that
// another one covers. Neighbours are not joined: one address more must never
// rename a rule that stays.
func withoutCovered(prefixes []netip.Prefix) []netip.Prefix {
	slices.SortFunc(prefixes, comparePrefixes)
	kept := prefixes[:0]
	for _, prefix := range prefixes {
		if n := len(kept); n == 0 || !covers(kept[n-1], prefix) {
			kept = append(kept, prefix)
		}
	}
	return kept
}

// comparePrefixes puts a prefix right before those that it covers.
func comparePrefixes(a, b netip.Prefix) int {
	return cmp.Or(a.Addr().Compare(b.Addr()), cmp.Compare(a.Bits(), b.Bits()))
}

func covers(a, b netip.Prefix) bool { return a.Bits() <= b.Bits() && a.Contains(b.Addr()) }

// parsePeer reads a prefix of other machines.
func parsePeer(at refusal.Path, text string) (netip.Prefix, error) {
	prefix, err := ParseCIDR(at, text)
	if what := special(prefix); err == nil && what != "" {
		return netip.Prefix{}, &refusal.Error{
			At:      at,
			Summary: "Prefix of no machine",
			Found:   strconv.Quote(text) + " is " + what + ", which no packet between two machines has as an end",
			Allowed: "prefixes of machines; link-local ones, as of a metadata service, may stand here",
		}
	}
	return prefix, err
}

// readCIDRs returns the list's prefixes, without those that another covers.
func readCIDRs(at refusal.Path, cidrs []string, errs *refusal.Errors) []netip.Prefix {
	prefixes := make([]netip.Prefix, 0, len(cidrs))
	for i, text := range cidrs {
		prefix, err := parsePeer(at.Index(i), text)
		if err != nil {
			errs.Merge(err)
			continue
		}
		prefixes = append(prefixes, prefix)
	}
	return withoutCovered(prefixes)
}

func readNamedCIDRs(at refusal.Path, cidrs map[string]Value[string], errs *refusal.Errors) []namedCIDR {
	named := make([]namedCIDR, 0, len(cidrs))
	for _, name := range slices.Sorted(maps.Keys(cidrs)) {
		if !matrix.IsID(name) {
			errs.Add(matrix.InvalidID(at.Key(name), name))
			continue
		}
		n := namedCIDR{name: name, prefix: Unknown[netip.Prefix]()}
		if text, ok := cidrs[name].Get(); ok {
			prefix, err := parsePeer(at.Key(name), text)
			if err != nil {
				errs.Merge(err)
				continue
			}
			n.prefix = Known(prefix)
		} else if cidrs[name].IsAbsent() {
			errs.Add(&refusal.Error{
				At:      at.Key(name),
				Summary: "Null CIDR",
				Found:   "the CIDR is null",
				Remedy:  "Give its prefix, or leave its name out of the map",
			})
			continue
		}
		named = append(named, n)
	}
	return named
}
