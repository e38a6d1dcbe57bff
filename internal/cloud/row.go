package cloud

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Row is a rule by the names of its attributes. A value is nil, a string, a bool,
// a whole number (int64, int, float64 or json.Number), a list ([]string, []any)
// of texts or rows, a Row or a map[string]any, or [Unknown]. An attribute that is
// nil, an empty text or an empty list is as if it were not there, unless its
// cloud says otherwise.
type Row map[string]any

// Unknown is a value that is not known yet.
type Unknown struct{}

// row reads a Row, and collects what is wrong with it.
type row struct {
	values  Row
	at      refusal.Path
	read    map[string]bool
	errs    *refusal.Errors
	unknown *bool // a value that was asked for is not known yet
}

func newRow(values Row) *row {
	return &row{values: values, read: make(map[string]bool), errs: new(refusal.Errors), unknown: new(bool)}
}

// leftovers refuses attributes that nobody read.
func (r *row) leftovers() {
	for _, name := range slices.Sorted(maps.Keys(r.values)) {
		if r.read[name] || isAbsent(r.values[name]) {
			continue
		}
		known := slices.Collect(maps.Keys(r.read))
		r.errs.Add(&refusal.Error{
			At:      r.at.Attribute(name),
			Summary: "Unknown attribute",
			Found:   fmt.Sprintf("%q is not an attribute that is known here, and could narrow or widen the rule", name),
			Nearest: refusal.Nearest(name, known),
			Allowed: refusal.List(known),
		})
	}
}

// wrong adds an error about an attribute.
func (r *row) wrong(name, found, allowed string) {
	r.errs.Add(&refusal.Error{At: r.at.Attribute(name), Summary: "Unreadable rule", Found: found, Allowed: allowed})
}

func isAbsent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case []Row:
		return len(v) == 0
	}
	return false
}

// has reports whether the attribute has a value.
func (r *row) has(name string) bool { return !isAbsent(r.values[name]) }

// ignore names attributes that change nothing about who may reach what.
func (r *row) ignore(names ...string) {
	for _, name := range names {
		r.read[name] = true
	}
}

// value returns an attribute's value, and nil where it has none or is unknown.
func (r *row) value(name string) any {
	r.read[name] = true
	value := r.values[name]
	if _, unknown := value.(Unknown); unknown {
		*r.unknown = true
		return nil
	}
	if isAbsent(value) {
		return nil
	}
	return value
}

// text returns a text, and "" where there is none. A whole number is one, too: a
// protocol may be written as either.
func (r *row) text(name string) string {
	value := r.value(name)
	if text, ok := value.(string); ok {
		return text
	}
	if n, ok := whole(value); ok {
		return strconv.FormatInt(n, 10)
	}
	if value != nil {
		r.wrong(name, fmt.Sprintf("it is %v", value), "a text")
	}
	return ""
}

// number returns a whole number; false where there is none. A text may hold one.
func (r *row) number(name string) (int64, bool) {
	value := r.value(name)
	if value == nil {
		return 0, false
	}
	if text, ok := value.(string); ok {
		value = json.Number(text)
	}
	n, ok := whole(value)
	if !ok {
		r.wrong(name, fmt.Sprintf("it is %v", value), "a whole number")
	}
	return n, ok
}

func whole(value any) (int64, bool) {
	switch v := value.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), float64(int64(v)) == v
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// flag returns a truth value; false where there is none.
func (r *row) flag(name string) (value, ok bool) {
	switch v := r.value(name).(type) {
	case nil:
		return false, false
	case bool:
		return v, true
	default:
		r.wrong(name, fmt.Sprintf("it is %v", v), "true or false")
		return false, false
	}
}

// texts returns a list of texts. An unknown or empty one is an error.
func (r *row) texts(name string) []string {
	switch v := r.value(name).(type) {
	case nil:
		return nil
	case []string:
		return r.checked(name, v)
	case []any:
		texts := make([]string, 0, len(v))
		for i, element := range v {
			if _, unknown := element.(Unknown); unknown {
				*r.unknown = true
				return nil
			}
			text, ok := element.(string)
			if !ok {
				r.errs.Add(&refusal.Error{At: r.at.Attribute(name).Index(i), Summary: "Unreadable rule", Found: fmt.Sprintf("it is %v", element), Allowed: "a text"})
				return nil
			}
			texts = append(texts, text)
		}
		return r.checked(name, texts)
	default:
		r.wrong(name, fmt.Sprintf("it is %v", v), "a list of texts")
		return nil
	}
}

func (r *row) checked(name string, texts []string) []string {
	if i := slices.Index(texts, ""); i >= 0 {
		r.errs.Add(&refusal.Error{At: r.at.Attribute(name).Index(i), Summary: "Unreadable rule", Found: "it is empty"})
		return nil
	}
	return texts
}

// rows returns the rows of a list of objects, which share this row's errors.
func (r *row) rows(name string) []*row {
	var elements []any
	switch v := r.value(name).(type) {
	case nil:
	case []any:
		elements = v
	case []Row:
		for _, element := range v {
			elements = append(elements, element)
		}
	default:
		r.wrong(name, fmt.Sprintf("it is %v", v), "a list of objects")
	}
	var rows []*row
	for i, element := range elements {
		at := r.at.Attribute(name).Index(i)
		if _, unknown := element.(Unknown); unknown {
			*r.unknown = true
			continue
		}
		values, ok := element.(Row)
		if !ok {
			values, ok = element.(map[string]any)
		}
		if !ok {
			r.errs.Add(&refusal.Error{At: at, Summary: "Unreadable rule", Found: fmt.Sprintf("it is %v", element), Allowed: "an object"})
			continue
		}
		rows = append(rows, &row{values: values, at: at, read: make(map[string]bool), errs: r.errs, unknown: r.unknown})
	}
	return rows
}

// direction returns the direction that the row has, in the cloud's words, or the
// one that was given.
func (r *row) direction(found string, given Direction) Direction {
	switch {
	case found == "" && given != Ingress && given != Egress:
		r.errs.Add(&refusal.Error{At: r.at, Summary: "Unreadable rule", Found: "the rule does not say its direction", Allowed: "ingress, egress"})
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

// everyProtocol is what protocol returns for every one of them.
const everyProtocol = -1

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
