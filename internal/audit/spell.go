package audit

import (
	"fmt"
	"strconv"
	"strings"

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

// withNames writes the number of a protocol that has ports or types, which stands in
// the last word of what packets spell, as a person does: "tcp/443", "icmp/type-8".
func withNames(text string) string {
	i := strings.LastIndexByte(text, ' ') + 1
	number, span, ok := strings.Cut(text[i:], "/")
	name := ""
	switch number {
	case "1":
		name = "icmp"
	case "6":
		name = "tcp"
	case "17":
		name = "udp"
	case "58":
		name = "icmpv6"
	case "132":
		name = "sctp"
	default:
		return text
	}
	switch {
	case !ok:
		return text[:i] + name
	case strings.HasPrefix(name, "icmp"):
		span = types(span)
	}
	return text[:i] + name + "/" + span
}

// types writes ICMP's type<<8 | code as types and codes, where it is of one type.
func types(span string) string {
	from, to, isRange := strings.Cut(span, "-")
	first, err1 := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	switch {
	case err1 == nil && !isRange:
		return fmt.Sprintf("type-%d-code-%d", first>>8, first&255)
	case err1 == nil && err2 == nil && first>>8 == last>>8 && first&255 == 0 && last&255 == 255:
		return fmt.Sprintf("type-%d", first>>8)
	case err1 == nil && err2 == nil && first&255 == 0 && last&255 == 255:
		return fmt.Sprintf("types-%d-%d", first>>8, last>>8)
	}
	return span
}
