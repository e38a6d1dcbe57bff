package report

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Addresses is what stands for an endpoint in a firewall. The zero value, and
// no entry at all, mean that nobody said.
type Addresses struct {
	Texts []string // prefixes, with their names where they have any, and names
	Peers []Peer   // what a cloud has in their place
	None  bool     // it has no address: said, and not forgotten
}

// Peer is what a cloud has in place of addresses.
type Peer struct {
	Kind string // as the rules' peer_kind says it: security_group, prefix_list, ...
	Name string // its id or its name
}

// addresses says what stands for an end, and never leaves a reader to guess what
// an empty cell means. The page's host names stand where nobody said anything
// else: repositories behind a mirror are the mirror.
func (s *sheet) addresses(id string) string {
	a, given := s.Addresses[id]
	texts := slices.Clone(a.Texts)
	for _, p := range a.Peers {
		texts = append(texts, s.words.peer(p))
	}
	if !given {
		texts = s.Endpoints[id].FQDNs
	}
	switch {
	case len(texts) > 0:
		return strings.Join(texts, ", ")
	case given && a.None:
		return s.words.noAddress
	case s.Bound:
		return s.words.notBound
	}
	return s.words.notGiven
}

// ParseAddresses reads what a person writes for people: prefixes, addresses and
// names ("the mail gateway"), each once. What looks like an address must be one,
// and a prefix may have no host bits.
func ParseAddresses(at refusal.Path, texts []string) (Addresses, error) {
	var wrong refusal.Errors
	a := Addresses{None: len(texts) == 0}
	for i, text := range texts {
		switch read, err := parseAddress(at.Index(i), text); {
		case err != nil:
			wrong.Add(err)
		case !slices.Contains(a.Texts, read):
			a.Texts = append(a.Texts, read)
		}
	}
	return a, wrong.Err()
}

func parseAddress(at refusal.Path, text string) (string, *refusal.Error) {
	prefix, err := netip.ParsePrefix(text)
	switch {
	case strings.TrimSpace(text) == "":
		return "", &refusal.Error{At: at, Summary: "Empty text", Found: "the text " + strconv.Quote(text) + " is empty", Allowed: "a prefix, an address or a name", Remedy: "Leave the element out"}
	case err == nil && prefix != prefix.Masked():
		return "", &refusal.Error{At: at, Summary: "Invalid prefix", Found: strconv.Quote(text) + " has host bits", Nearest: prefix.Masked().String()}
	case err == nil:
		return prefix.String(), nil
	}
	if address, err := netip.ParseAddr(text); err == nil {
		return address.String(), nil
	}
	if looksLikeAddress(text) {
		return "", &refusal.Error{At: at, Summary: "Invalid prefix", Found: strconv.Quote(text) + " is not an address, and not a prefix", Allowed: `a prefix, as in "10.20.0.0/16", an address or a name`}
	}
	return text, nil
}

// looksLikeAddress reports whether a text that is not an address was meant as
// one: digits and dots, or hexadecimal digits with colons.
func looksLikeAddress(text string) bool {
	digits := "0123456789./"
	if strings.Contains(text, ":") {
		digits += "abcdefABCDEF:"
	}
	return strings.Trim(text, digits) == "" && strings.ContainsAny(text, "0123456789")
}

// ends returns the ids once each: actors, relays, hosts, outside systems.
func (r Report) ends(ids []string) []string {
	order := []matrix.Kind{matrix.Actor, matrix.Relay, matrix.Host, matrix.External}
	rank := func(id string) int { return slices.Index(order, r.Endpoints[id].Kind) }
	slices.SortFunc(ids, func(a, b string) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	return slices.Compact(ids)
}
