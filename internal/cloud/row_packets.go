package cloud

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// direction returns the direction that the row has, in the cloud's words, or the
// one that was given.
func (r *row) direction(found string, given Direction) Direction {
	switch {
	case found == "" && given != Ingress && given != Egress:
		r.errs.Add(&refusal.Error{At: r.at, Summary: "Unreadable rule", Found: "the rule does not say its direction", Allowed: "ingress, egress",
			Remedy: "Give it the attribute that says so, or write { ingress = ..., egress = ... } around rules that have none"})
	case found == "":
		return given
	case found != string(Ingress) && found != string(Egress):
		r.wrong("direction", fmt.Sprintf("it is %q", found), "ingress, egress")
	case given != "" && string(given) != found:
		r.wrong("direction", fmt.Sprintf("it is %s, among rules of %s", found, given), string(given))
	}
	return Direction(found)
}

// prefixes reads texts as prefixes, of one family where it is given.
func (r *row) prefixes(name string, texts []string, in families) []packet.Peer {
	peers := make([]packet.Peer, 0, len(texts))
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			if address, err := netip.ParseAddr(text); err == nil && address.Zone() == "" {
				r.wrong(name, fmt.Sprintf("%q has no length", text), netip.PrefixFrom(address, address.BitLen()).String())
			} else {
				r.wrong(name, fmt.Sprintf("%q is not a prefix", text), "ADDRESS/LENGTH")
			}
			continue
		}
		peer, err := packet.Prefix(prefix)
		r.ipv6 = r.ipv6 || prefix.Addr().Is6()
		switch {
		case err != nil:
			r.wrong(name, err.Error(), prefix.Masked().String())
		case peer.Is6() && !in.ipv6:
			r.wrong(name, text+" is a prefix of IPv6", "a prefix of IPv4")
		case !peer.Is6() && !in.ipv4:
			r.wrong(name, text+" is a prefix of IPv4", "a prefix of IPv6")
		default:
			peers = append(peers, peer)
		}
	}
	return peers
}

// protocol reads a protocol: a name that the cloud has for it, its number, or one
// of the words for all of them. 0 is one of those words everywhere.
func (r *row) protocol(name, text string, names map[string]uint8, every ...string) (number int, ok bool) {
	if text == "0" || slices.Contains(every, text) {
		return everyProtocol, true
	}
	if known, ok := names[text]; ok {
		return int(known), true
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 255 || strconv.Itoa(n) != text {
		allowed := slices.Collect(maps.Keys(names))
		r.errs.Add(&refusal.Error{
			At: r.at.Attribute(name), Summary: "Unreadable rule", Found: fmt.Sprintf("%q is not a protocol", text),
			Nearest: refusal.Nearest(text, allowed), Allowed: refusal.List(allowed) + ", a number from 1 to 255, or for all of them " + refusal.List(every),
		})
		return 0, false
	}
	return n, true
}

// bounds reads a range of ports, both inclusive, from lowest to 65535.
func (r *row) bounds(firstName, lastName string, lowest int64) (first, last int64, ok bool) {
	first, has1 := r.number(firstName)
	last, has2 := r.number(lastName)
	switch {
	case !has1 || !has2:
		missing := firstName
		if has1 {
			missing = lastName
		}
		r.wrong(missing, "a range of ports has both bounds, and this one is missing", fmt.Sprintf("%d to 65535", lowest))
	case first < lowest || first > 65535:
		r.wrong(firstName, fmt.Sprintf("%d is not a port", first), fmt.Sprintf("%d to 65535", lowest))
	case last < lowest || last > 65535:
		r.wrong(lastName, fmt.Sprintf("%d is not a port", last), fmt.Sprintf("%d to 65535", lowest))
	case first > last:
		r.wrong(lastName, fmt.Sprintf("the range %d-%d ends before it starts", first, last), "")
	default:
		return first, last, true
	}
	return 0, 0, false
}

// icmp reads a type and a code, of which any is spelt as absent or -1.
func (r *row) icmp(protocol uint8, typeName, codeName string) packet.Ports {
	read := func(name string) (int64, bool) {
		n, ok := r.number(name)
		if !ok {
			return -1, true
		}
		if n < -1 || n > 255 {
			r.wrong(name, fmt.Sprintf("%d is not a type or code of ICMP", n), "0 to 255, or -1 for any")
			return 0, false
		}
		return n, true
	}
	icmpType, ok1 := read(typeName)
	code, ok2 := read(codeName)
	if ok1 && ok2 && icmpType < 0 && code >= 0 {
		r.wrong(codeName, fmt.Sprintf("the code %d belongs to no type", code), "a type beside the code")
		return packet.Ports{}
	}
	if !ok1 || !ok2 {
		return packet.Ports{}
	}
	return types(protocol, icmpType, code)
}
