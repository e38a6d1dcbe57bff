package report

import (
	"cmp"
	"strconv"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// vocabulary has a language's fixed words.
type vocabulary struct {
	title, edition, ownPage, errata, evidence  string
	flow, flows                                string                     // one of them, and several
	applied, notApplied                        string                     // of an erratum
	found, cleartextOf                         func(some, all int) string // of errata and corrections, of flows
	erratum, published, corrected, reason      string
	viaProxy, configurationDependent, optional string
	colon, semicolon                           string // with the spaces that the language sets
	noAddress, notBound, notGiven              string
	ingressAt, egressAt, unenforced, noRule    string
	icmpType, icmpCode, protocolNumber         string
	pictureHint                                string
	columns                                    columnTitles
	purposes                                   map[matrix.Purpose]string
	origins                                    map[matrix.Origin]string
	encryptions                                map[encryption]string
	peerKinds                                  map[string]string
	request                                    requestWords
	page                                       pageWords
	change                                     changeWords
	deployed                                   deployedWords
	reasonOf                                   func(matrix.Reason) string
	erratumOf                                  func(deployment.Finding) deployment.Finding
}

// columnTitles has the titles of tables.
type columnTitles struct {
	flow, source, sourceName, sourceAddresses                     string
	destination, destinationName, destinationAddresses, component string
	ports, protocol, first, last, encryption                      string
	purpose, justification, origin, notes, enforced               string
}

// requestWords has the titles of a request's form.
type requestWords struct {
	title, field, answer, direction, directionWords string
	fields                                          map[string]string
}

// pageWords has what the web page alone says.
type pageWords struct {
	search, searchHint, host, purpose, encryption, all, reset string
	shown, showAll, sortHint                                  string
	table, grid, gridHint, picture, footer                    string
	providerVersion, digest, skip, rule, corner               string
}

// description says what a flow is for: the product's own sentences in this
// language, a page's and a user's as they are.
func (v vocabulary) description(d matrix.Description) string {
	var texts []string
	for _, r := range d {
		text := r.Text
		if r.Kind != matrix.OwnWords {
			text = v.reasonOf(r)
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, v.semicolon)
}

// state says whether an erratum is corrected here.
func (v vocabulary) state(e deployment.Finding) string {
	if e.Applied {
		return v.applied
	}
	return v.notApplied
}

// count says how many there are.
func count(n int, one, several string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + several
}

// peer says what a cloud has in place of addresses.
func (v vocabulary) peer(p Peer) string {
	return strings.TrimSpace(cmp.Or(v.peerKinds[p.Kind], strings.ReplaceAll(p.Kind, "_", " ")) + " " + p.Name)
}

func (v vocabulary) peersOf(rule Bound) []string {
	peers := append([]string{}, rule.Peers...)
	if rule.Peer != (Peer{}) {
		peers = append(peers, v.peer(rule.Peer))
	}
	return peers
}

// ports writes port specs as people do: "TCP 8080, 8443".
func (v vocabulary) ports(p matrix.Ports) string {
	var text strings.Builder
	var before matrix.Protocol
	for r := range p.All() {
		switch {
		case r.Protocol() == before:
			text.WriteString(", " + v.numbers(r))
			continue
		case before != 0:
			text.WriteString(v.semicolon)
		}
		before = r.Protocol()
		text.WriteString(v.portRange(r))
	}
	return text.String()
}

// portRange writes one range: "TCP 8000-8010", "ICMP type 8", "VRRP".
func (v vocabulary) portRange(r matrix.PortRange) string {
	return strings.TrimSpace(v.protocol(r.Protocol()) + " " + v.numbers(r))
}

// protocol writes a protocol's name as people do.
func (v vocabulary) protocol(p matrix.Protocol) string {
	name := strings.ToUpper(p.String())
	switch number, numbered := strings.CutPrefix(name, "IP/"); {
	case numbered:
		return v.protocolNumber + " " + number
	case p == matrix.ICMPv6:
		return "ICMPv6"
	}
	return name
}

// numbers writes a range without its protocol; nothing for all of a protocol.
func (v vocabulary) numbers(r matrix.PortRange) string {
	from, to := r.From(), r.To()
	switch {
	case from == matrix.None:
		return ""
	case r.Protocol().IsICMP() && to == matrix.None:
		return v.icmpType + " " + strconv.Itoa(from)
	case r.Protocol().IsICMP():
		return v.icmpType + " " + strconv.Itoa(from) + " " + v.icmpCode + " " + strconv.Itoa(to)
	case from == to:
		return strconv.Itoa(from)
	}
	return strconv.Itoa(from) + "-" + strconv.Itoa(to)
}

// words has the vocabulary of each language, made when a report is first written:
// most processes write none.
var words = sync.OnceValue(func() map[Language]vocabulary {
	return map[Language]vocabulary{English: inEnglish(), French: inFrench()}
})
