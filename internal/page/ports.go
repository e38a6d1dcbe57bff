package page

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// option is what one side of an "ou" says in a Port cell.
type option struct {
	label  string // id of the label in parentheses; empty where there is none
	method bool   // the label is an installation method's
	ports  matrix.Ports
}

// maxOptions is how many alternatives a cell may have, inclusive.
const maxOptions = 8

const portForms = `TCP or UDP, then ports from 1 to 65535 or ranges of them, as in TCP/443, TCP/8080,8443, TCP/8000-8010 or TCP 389 / 636; alternatives separated by "ou"`

// optionsOf reads a Port cell. It returns none, with a fault, where the cell is
// wrong.
func (r *reading) optionsOf(c cell) (options []option, notes marks) {
	if !r.checkSigns(c) {
		return nil, marks{}
	}
	alternatives := splitOr(portLines(c.text))
	if len(alternatives) > maxOptions {
		r.faults.add(c.place, &refusal.Error{
			Summary: "Too many alternatives",
			Found:   c.found("the cell has %d alternatives", len(alternatives)),
			Remedy:  fmt.Sprintf("A cell has at most %d alternatives", maxOptions),
		})
		return nil, marks{}
	}
	var protocols []matrix.Protocol // of the alternative before: TCP/8080 ou 8082
	for i, text := range alternatives {
		l, ok := r.labelOf(text, len(alternatives) > 1, c)
		if !ok {
			return nil, marks{}
		}
		if l.optional && !notes.optional && i < len(alternatives)-1 {
			r.notes.add(c.place, "the note (optionnel) stands beside one of %d alternatives, %s, and was read as of all of them", len(alternatives), quoted(text))
		}
		notes = notes.with(l.marks)
		ports, last, err := parsePorts(l.rest, protocols)
		if number := numberBesides(l.rest, c.source); err == nil && number != "" {
			err = fmt.Errorf("the row does not have %s in plain digits", number)
		}
		if err != nil {
			r.faults.add(c.place, &refusal.Error{Summary: "Wrong port", Found: c.found("%s", err), Allowed: portForms})
			return nil, marks{}
		}
		protocols = last
		options = append(options, option{l.label, l.method, ports})
	}
	if fault := checkLabels(options, c); fault != nil {
		r.faults.add(c.place, fault)
		return nil, marks{}
	}
	return options, notes
}

// portLines joins the lines of a Port cell: a line that begins anew behind a port
// is one more of a list.
func portLines(text string) string {
	lines := strings.Split(text, "\n")
	joined := lines[0]
	for _, line := range lines[1:] {
		last := joined[max(len(joined)-1, 0):]
		if strings.ContainsAny(last, "0123456789") && !strings.HasPrefix(strings.ToLower(line)+" ", "ou ") {
			joined += ","
		}
		joined += " " + line
	}
	return joined
}

// checkLabels returns what is wrong with the labels of a cell's alternatives; nil
// where nothing is.
func checkLabels(options []option, c cell) *refusal.Error {
	labelled, methods := 0, 0
	for i, o := range options {
		if o.label == "" {
			continue
		}
		labelled++
		if o.method {
			methods++
		}
		if slices.ContainsFunc(options[:i], func(other option) bool { return other.label == o.label }) {
			return &refusal.Error{
				Summary: "Label given twice",
				Found:   c.found("two alternatives are both for %s", o.label),
				Remedy:  "Write the ports of one label as one list",
			}
		}
	}
	switch {
	case labelled != 0 && labelled != len(options):
		return &refusal.Error{
			Summary: "Alternative without a label",
			Found:   c.found("%d of %d alternatives have a label in parentheses", labelled, len(options)),
			Remedy:  "Give every alternative a label, or none",
		}
	case methods != 0 && methods != labelled:
		return &refusal.Error{
			Summary: "Labels of two kinds",
			Found:   c.found("%d of %d labels say how Canopsis was installed, and the others do not", methods, labelled),
			Allowed: "docker, paquets and helm together, or labels that are none of them",
			Remedy:  "Give each choice a row",
		}
	}
	return nil
}

// numberBesides returns a number of a cell that its row, as the user typed it,
// does not have: Markdown can hide one ("4*4*3"). What opens a port must be seen
// in the text.
func numberBesides(text, source string) string {
	for _, number := range strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		if !strings.Contains(source, number) {
			return number
		}
	}
	return ""
}

// labelled is one alternative of a Port cell, taken apart.
type labelled struct {
	rest   string // without what stands in parentheses at its end
	label  string // id; empty where there is none
	method bool
	marks
}

// labelOf takes what stands in parentheses off the end of an alternative: notes,
// and a label. On the only alternative of a cell, a label that is no installation
// method's is a remark.
func (r *reading) labelOf(text string, choice bool, c cell) (labelled, bool) {
	l := labelled{rest: text}
	for {
		found := spans(l.rest)
		if len(found) == 0 || found[len(found)-1].end != len(l.rest) {
			return l, true
		}
		last := found[len(found)-1]
		remark := l.rest[last.start:last.end]
		inside := remark[1 : len(remark)-1]
		method, isMethod := methodOf(inside)
		label := foldedID(bareLabel(inside))
		switch {
		case l.note(inside):
		case !r.checkRemark(remark, c):
			return l, false
		case isMethod && l.label == "":
			l.label, l.method = method, true
		case !choice && !isMethod && label != "":
			r.notes.add(c.place, "the remark %s beside a port was ignored", quoted(remark))
		case label == "" || l.label != "" || strings.ContainsFunc(inside, isForeign):
			return l, true // the ports' reader refuses it
		default:
			l.label = label
		}
		l.rest = strings.TrimSpace(l.rest[:last.start])
	}
}

// bareLabel takes the words before a label off it: "installation via Docker".
func bareLabel(text string) string {
	said := strings.Fields(words(text))
	for len(said) > 1 && slices.Contains([]string{"installation", "via", "par", "avec", "les", "des", "le", "la"}, said[0]) {
		said = said[1:]
	}
	return strings.Join(said, " ")
}

// methodOf returns the installation method that a label names.
func methodOf(text string) (id string, ok bool) {
	id, ok = vocabulary().method[keyOf(bareLabel(text))]
	return id, ok && !strings.ContainsFunc(text, isForeign)
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

// portGrammar reads the tokens of a Port cell. It is made when the first page is
// read.
var portGrammar = sync.OnceValue(func() (g struct {
	dashes         *strings.Replacer
	protocol, port *regexp.Regexp
}) {
	g.dashes = strings.NewReplacer("–", "-", "‑", "-", "−", "-", "‐", "-")
	g.protocol = regexp.MustCompile(`^([A-Za-z]+)(?: ?[/:,] ?| et | |$)`)
	// A port needs a separator behind it: "27 017" is not two ports.
	g.port = regexp.MustCompile(`^([0-9]+(?: ?- ?[0-9]+)?)( ?[,/;] ?| et |$)`)
	return g
})

// protocolOf reads the protocol of a Port cell: the vendor's pages have TCP and
// UDP, and no other is read.
func protocolOf(text string) (matrix.Protocol, error) {
	switch strings.ToLower(text) {
	case "tcp":
		return matrix.TCP, nil
	case "udp":
		return matrix.UDP, nil
	}
	return 0, fmt.Errorf("%q is not a protocol of the page: TCP or UDP", text)
}

// parsePorts reads the ports of one alternative: a protocol, then ports or
// ranges, then perhaps another protocol with its own. Two protocols before a
// port mean both. A port with none before it has those given; the last ones are
// returned.
func parsePorts(text string, protocols []matrix.Protocol) (matrix.Ports, []matrix.Protocol, error) {
	fail := func(err error) (matrix.Ports, []matrix.Protocol, error) { return matrix.Ports{}, nil, err }
	grammar := portGrammar()
	var ranges []matrix.PortRange
	complete := false // the last token was a port, with nothing after it
	afterPort := true // a protocol would begin anew
	for rest := strings.TrimSpace(grammar.dashes.Replace(text)); rest != ""; {
		if p := grammar.protocol.FindStringSubmatch(rest); p != nil {
			protocol, err := protocolOf(p[1])
			if err != nil {
				return fail(err)
			}
			if afterPort {
				protocols = nil
			}
			protocols = append(protocols, protocol)
			complete, afterPort = false, false
			rest = rest[len(p[0]):]
			continue
		}
		p := grammar.port.FindStringSubmatch(rest)
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
