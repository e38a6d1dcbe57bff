package audit

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// spell spells what a difference lacks.
func spell(d packet.Difference) []string {
	var texts []string
	for _, r := range d.Remainders {
		texts = append(texts, withNames(r.String()))
	}
	if d.More {
		texts = append(texts, "and more")
	}
	return texts
}

// withNames writes the numbers of protocols, which stand in the last words of what
// packets spell, as a person does: "tcp/443", "icmp/type-8", "esp". What runs from
// within one protocol into another is each of them by itself, and the whole ones
// between: "protocols 0-5 and tcp/0-21".
func withNames(text string) string {
	i := strings.LastIndexByte(text, ' ') + 1
	if before, ok := strings.CutSuffix(text[:i], " to "); ok {
		k := strings.LastIndexByte(before, ' ') + 1
		if spelt, ok := across(before[k:], text[i:]); ok {
			return text[:k] + spelt
		}
	}
	number, span, ranged := strings.Cut(text[i:], "/")
	protocol, err := strconv.ParseUint(number, 10, 8)
	if err != nil {
		return text
	}
	name := nameOf(protocol)
	switch {
	case !ranged:
		return text[:i] + name
	case matrix.Protocol(protocol).IsICMP():
		span = types(span)
	}
	return text[:i] + name + "/" + span
}

// nameOf spells a protocol by its name, which two numbers of a packet's have not.
func nameOf(number uint64) string {
	if p := matrix.Protocol(number); p.Valid() {
		return p.String()
	}
	return fmt.Sprintf("protocol %d", number)
}

// across spells a stretch of the line of ports from within a protocol to within a
// later one, both inclusive; ok is false for what is not such a stretch.
func across(from, to string) (spelt string, ok bool) {
	const last = "65535"
	fromNumber, first, ok1 := strings.Cut(from, "/")
	toNumber, end, ok2 := strings.Cut(to, "/")
	low, err1 := strconv.ParseUint(fromNumber, 10, 8)
	high, err2 := strconv.ParseUint(toNumber, 10, 8)
	if !ok1 || !ok2 || err1 != nil || err2 != nil || low >= high {
		return "", false
	}
	var before, after []string
	if first != "0" {
		before = []string{withNames(from + "-" + last)}
		low++
	}
	if end != last {
		after = []string{withNames(to)}
		if end != "0" {
			after = []string{withNames(toNumber + "/0-" + end)}
		}
		high--
	}
	switch {
	case low == high:
		before = append(before, nameOf(low))
	case low < high:
		before = append(before, fmt.Sprintf("protocols %d-%d", low, high))
	}
	parts := append(before, after...)
	if len(parts) == 1 {
		return parts[0], true
	}
	most := len(parts) - 1
	return strings.Join(parts[:most], ", ") + " and " + parts[most], true
}

// types writes ICMP's type<<8 | code as types and codes.
func types(span string) string {
	from, to, isRange := strings.Cut(span, "-")
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	switch one := fmt.Sprintf("type-%d-code-%d", first>>8, first&255); {
	case err1 != nil || isRange && err2 != nil:
		return span
	case !isRange:
		return one
	case first&255 != 0 || last&255 != 255:
		return fmt.Sprintf("%s-to-type-%d-code-%d", one, last>>8, last&255)
	case first>>8 == last>>8:
		return fmt.Sprintf("type-%d", first>>8)
	}
	return fmt.Sprintf("types-%d-%d", first>>8, last>>8)
}
