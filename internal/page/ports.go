package page

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// option is what one side of an "ou" says in a Port cell.
type option struct {
	label string // id of the label in parentheses; empty where there is none
	ports matrix.Ports
}

// maxOptions is how many alternatives a cell may have, inclusive.
const maxOptions = 8

const portForms = `TCP or UDP, then ports from 1 to 65535 or ranges of them, as in TCP/443, TCP/8080,8443, TCP/8000-8010 or TCP 389 / 636; alternatives separated by "ou"`

// optionsOf reads a Port cell. It returns none, with a fault, where the cell is
// wrong.
func (r *reading) optionsOf(c cell) (options []option, optional bool) {
	fail := func(summary, found, remedy string) ([]option, bool) {
		r.faults.add(c.line, &refusal.Error{Summary: summary, Found: found, Remedy: remedy})
		return nil, false
	}
	var protocols []matrix.Protocol // of the alternative before: TCP/8080 ou 8082
	for _, text := range splitOr(c.text) {
		text, label, isNote := labelOf(text)
		optional = optional || isNote
		ports, last, err := parsePorts(text, protocols)
		if number := numberBesides(text, c.source); err == nil && number != "" {
			err = fmt.Errorf("the row does not have %s in plain digits", number)
		}
		if err != nil {
			r.faults.add(c.line, &refusal.Error{Summary: "Wrong port", Found: c.found("%s", err), Allowed: portForms})
			return nil, false
		}
		protocols = last
		options = append(options, option{label, ports})
	}
	if len(options) > maxOptions {
		return fail("Too many alternatives",
			c.found("the cell has %d alternatives", len(options)),
			fmt.Sprintf("A cell has at most %d alternatives", maxOptions))
	}
	labelled := 0
	for i, o := range options {
		if o.label == "" {
			continue
		}
		labelled++
		if slices.ContainsFunc(options[:i], func(other option) bool { return other.label == o.label }) {
			return fail("Label given twice",
				c.found("two alternatives are both for %s", o.label),
				"Write the ports of one label as one list")
		}
	}
	if labelled != 0 && labelled != len(options) {
		return fail("Alternative without a label",
			c.found("%d of %d alternatives have a label in parentheses", labelled, len(options)),
			"Give every alternative a label, or none")
	}
	return options, optional
}

var numberExpression = regexp.MustCompile(`[0-9]+`)

// numberBesides returns a number of a cell that its row, as the user typed it,
// does not have: Markdown can hide one ("4*4*3"). What opens a port must be seen
// in the text.
func numberBesides(text, source string) string {
	for _, number := range numberExpression.FindAllString(text, -1) {
		if !strings.Contains(source, number) {
			return number
		}
	}
	return ""
}

// labelOf takes the label in parentheses off the end of an alternative.
func labelOf(text string) (rest, label string, optional bool) {
	found := spans(text)
	if len(found) != 1 || found[0].end != len(text) {
		return text, "", false
	}
	rest = strings.TrimSpace(text[:found[0].start])
	said := strings.Fields(words(text[found[0].start:]))
	if isOptional(strings.Join(said, " ")) {
		return rest, "", true
	}
	for len(said) > 1 && slices.Contains([]string{"installation", "via", "par", "avec", "les", "des"}, said[0]) {
		said = said[1:]
	}
	label, ok := labelIDs[strings.Join(said, "")]
	if !ok {
		label = foldedID(strings.Join(said, " "))
	}
	if label == "" {
		return text, "", false // the ports' reader refuses it
	}
	return rest, label, false
}

// spell writes options so that two that say the same read the same.
func spell(options []option) string {
	texts := make([]string, 0, len(options))
	for _, o := range options {
		text := o.ports.String()
		if o.label != "" {
			text += " (" + o.label + ")"
		}
		texts = append(texts, text)
	}
	slices.Sort(texts)
	return strings.Join(slices.Compact(texts), " ou ")
}

var (
	dashes = strings.NewReplacer("–", "-", "‑", "-", "−", "-", "‐", "-")

	protocolExpression = regexp.MustCompile(`^([A-Za-z]+)(?: ?[/:,] ?| et | |$)`)
	// A port needs a separator behind it: "27 017" is not two ports.
	portExpression = regexp.MustCompile(`^([0-9]+(?: ?- ?[0-9]+)?)( ?[,/;] ?| et |$)`)
)

// parsePorts reads the ports of one alternative: a protocol, then ports or
// ranges, then perhaps another protocol with its own. Two protocols before a
// port mean both. A port with none before it has those given; the last ones are
// returned.
func parsePorts(text string, protocols []matrix.Protocol) (matrix.Ports, []matrix.Protocol, error) {
	fail := func(err error) (matrix.Ports, []matrix.Protocol, error) { return matrix.Ports{}, nil, err }
	var ranges []matrix.PortRange
	complete := false // the last token was a port, with nothing after it
	afterPort := true // a protocol would begin anew
	for rest := strings.TrimSpace(dashes.Replace(text)); rest != ""; {
		if p := protocolExpression.FindStringSubmatch(rest); p != nil {
			protocol, err := matrix.ParseProtocol(p[1])
			if err != nil || protocol != matrix.TCP && protocol != matrix.UDP {
				// The vendor's pages have no other, and a word that happens to be the
				// name of one (mobile, fire) is a slip.
				return fail(fmt.Errorf("%q is not a protocol of the page: TCP or UDP", p[1]))
			}
			if afterPort {
				protocols = nil
			}
			protocols = append(protocols, protocol)
			complete, afterPort = false, false
			rest = rest[len(p[0]):]
			continue
		}
		p := portExpression.FindStringSubmatch(rest)
		switch {
		case p == nil:
			return fail(fmt.Errorf("%s is neither a protocol nor a port", quoted(rest)))
		case len(protocols) == 0:
			return fail(fmt.Errorf("%q has no protocol before it", p[1]))
		}
		for _, protocol := range protocols {
			r, err := matrix.ParsePortRange(protocol.String() + "/" + strings.ReplaceAll(p[1], " ", ""))
			if err != nil {
				return fail(err)
			}
			ranges = append(ranges, r)
		}
		complete, afterPort = p[2] == "", true
		rest = rest[len(p[0]):]
	}
	if !complete {
		return fail(errors.New("a port is missing"))
	}
	return matrix.NewPorts(ranges...), protocols, nil
}
