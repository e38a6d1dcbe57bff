package page

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/input"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// option is what one side of an "ou" says in a Port cell.
type option struct {
	label string // id of the label in parentheses; empty where there is none
	ports matrix.Ports
}

// name is one name in a cell.
type name struct {
	line     int
	text     string // as the page writes it, without notes
	optional bool   // marked "(optionnel)"
}

// marks are the notes in parentheses that mean something.
type marks struct {
	optional               bool
	viaProxy               bool
	configurationDependent bool
}

var (
	orExpression   = regexp.MustCompile(`(?i)^\s+ou\s+`)
	hostExpression = regexp.MustCompile(`(?i)^(?:https?://)?((?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9])/?$`)
)

// hostName returns the fully qualified host name that a text is.
func hostName(text string) (string, bool) {
	if m := hostExpression.FindStringSubmatch(text); m != nil {
		return strings.ToLower(m[1]), true
	}
	return "", false
}

// splitOutside cuts a text at separators that stand outside of parentheses;
// separator returns the length of the separator at the beginning of its
// argument, or 0.
func splitOutside(text string, separator func(string) int) []string {
	var parts []string
	depth, start := 0, 0
	for i := 0; i < len(text); {
		switch text[i] {
		case '(':
			depth++
		case ')':
			depth = max(0, depth-1)
		}
		if n := separator(text[i:]); depth == 0 && n > 0 {
			parts = append(parts, strings.TrimSpace(text[start:i]))
			i += n
			start = i
			continue
		}
		i++
	}
	return append(parts, strings.TrimSpace(text[start:]))
}

func splitOr(text string) []string {
	return splitOutside(text, func(rest string) int { return len(orExpression.FindString(rest)) })
}

func splitCommas(text string) []string {
	return splitOutside(text, func(rest string) int {
		if rest[0] == ',' || rest[0] == ';' {
			return 1
		}
		return 0
	})
}

// withoutNotes takes the notes in parentheses out of a text and tells them.
// Parentheses that mean nothing to us stay.
func withoutNotes(text string) (string, marks) {
	var rest strings.Builder
	var m marks
	for text != "" {
		open := strings.IndexByte(text, '(')
		if open < 0 {
			break
		}
		end := closing(text, open)
		if end < 0 {
			break
		}
		rest.WriteString(text[:open])
		if !m.note(text[open+1 : end]) {
			rest.WriteString(text[open : end+1])
		}
		text = text[end+1:]
	}
	rest.WriteString(text)
	tidy := strings.Join(strings.Fields(rest.String()), " ")
	if strings.HasSuffix(tidy, " .") { // the note stood before the full stop
		tidy = strings.TrimSuffix(tidy, " .") + "."
	}
	return tidy, m
}

// closing returns the place of the parenthesis that closes the one at open, or
// -1.
func closing(text string, open int) int {
	depth := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return -1
}

func (m *marks) note(text string) bool {
	said := words(text)
	switch {
	case isOptional(said):
		m.optional = true
	case strings.Contains(said, "travers un proxy"):
		m.viaProxy = true
	case strings.HasPrefix(said, "dependant de la configuration"), strings.HasPrefix(said, "selon la configuration"):
		m.configurationDependent = true
	default:
		return false
	}
	return true
}

func isOptional(said string) bool {
	return said == "optionnel" || said == "optionnelle" || said == "optionnels" || said == "optionnelles"
}

// namesOf reads a cell of names: alternatives separated by "ou", each a list
// separated by commas.
func (r *reading) namesOf(c cell) (alternatives [][]name, ok bool) {
	ok = true
	for _, alternative := range splitOr(c.text) {
		var names []name
		for _, text := range splitCommas(alternative) {
			text, notes := withoutNotes(text)
			if text == "" {
				r.faults.add(&input.Error{
					Summary: "Missing name",
					Found:   c.found("a name is missing beside a comma or an \"ou\""),
					Remedy:  "Write the names separated by single commas",
				})
				ok = false
				continue
			}
			names = append(names, name{c.line, text, notes.optional})
		}
		alternatives = append(alternatives, names)
	}
	return alternatives, ok
}

// optionsOf reads a Port cell. Options that say the same are one.
func (r *reading) optionsOf(c cell) (options []option, optional, ok bool) {
	fail := func(fault *input.Error) ([]option, bool, bool) {
		r.faults.add(fault)
		return nil, false, false
	}
	for _, text := range splitOr(c.text) {
		text, label, isNote := r.labelOf(text)
		optional = optional || isNote
		ports, err := parsePorts(text)
		if err != nil {
			return fail(&input.Error{
				Summary: "Wrong port",
				Found:   c.found("%s", err),
				Allowed: "TCP or UDP, a slash, ports from 1 to 65535 or ranges of them, as in TCP/443, TCP/8080,8443, TCP/8000-8010 or TCP 389 / 636; alternatives separated by \"ou\"",
			})
		}
		options = append(options, option{label, ports})
	}
	labelled := 0
	for i, o := range options {
		if o.label != "" {
			labelled++
		}
		for _, other := range options[:i] {
			if o.label != "" && o.label == other.label && !o.ports.Equal(other.ports) {
				return fail(&input.Error{
					Summary: "Label given twice",
					Found:   c.found("two options are both for %q", o.label),
					Remedy:  "Write the ports of one label as one list",
				})
			}
		}
	}
	if labelled != 0 && labelled != len(options) {
		return fail(&input.Error{
			Summary: "Option without a label",
			Found:   c.found("%d of %d options have a label in parentheses", labelled, len(options)),
			Remedy:  "Give every option a label, or none",
		})
	}
	return options, optional, true
}

// labelOf takes the label in parentheses off the end of an option.
func (r *reading) labelOf(text string) (rest, label string, optional bool) {
	open := strings.IndexByte(text, '(')
	if open < 0 || closing(text, open) != len(text)-1 {
		return text, "", false
	}
	said := strings.Fields(words(text[open+1 : len(text)-1]))
	rest = strings.TrimSpace(text[:open])
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
		return text, "", false // the ports' parser shows it
	}
	return rest, label, false
}

var (
	dashes = strings.NewReplacer("–", "-", "‑", "-", "−", "-", "‐", "-")

	protocolExpression = regexp.MustCompile(`^([A-Za-z]+)(?:\s*[/:,]\s*|\s+et\s+|\s+|$)`)
	// Without a separator "27 017" would be two ports.
	portExpression = regexp.MustCompile(`^([0-9]+(?:\s*-\s*[0-9]+)?)(\s*[,/;]\s*|\s+et\s+|$)`)
)

// parsePorts reads the ports of one option: a protocol, then ports or ranges,
// and so on. Two protocols before a port mean both.
func parsePorts(text string) (matrix.Ports, error) {
	var ranges []matrix.PortRange
	var protocols []matrix.Protocol
	complete := false // the last token was a port, with nothing after it
	afterPort := false
	for rest := strings.TrimSpace(dashes.Replace(text)); rest != ""; {
		if p := protocolExpression.FindStringSubmatch(rest); p != nil {
			protocol, err := matrix.ParseProtocol(p[1])
			if err != nil {
				return matrix.Ports{}, err
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
			return matrix.Ports{}, fmt.Errorf("%s is neither a protocol nor a port", quoted(rest))
		case len(protocols) == 0:
			return matrix.Ports{}, fmt.Errorf("%q has no protocol before it", p[1])
		}
		for _, protocol := range protocols {
			r, err := matrix.ParsePortRange(protocol.String() + "/" + strings.ReplaceAll(p[1], " ", ""))
			if err != nil {
				return matrix.Ports{}, err
			}
			ranges = append(ranges, r)
		}
		complete, afterPort = p[2] == "", true
		rest = rest[len(p[0]):]
	}
	if !complete {
		return matrix.Ports{}, errors.New("a port is missing")
	}
	return matrix.NewPorts(ranges...), nil
}
