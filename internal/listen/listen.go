// Package listen reads what tools print about the ports on which a machine
// listens: ss, netstat, docker ps and nmap.
package listen

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Protocol is a protocol that has ports. The zero value is invalid.
type Protocol uint8

// The protocols that the tools list.
const (
	TCP Protocol = iota + 1
	UDP
	SCTP
)

// String returns the protocol's name in lower case.
func (p Protocol) String() string {
	if p < TCP || p > SCTP {
		return "invalid"
	}
	return [...]string{"tcp", "udp", "sctp"}[p-1]
}

// Families are the address families in which something listens.
type Families uint8

// The families, of which a listener has one or both.
const (
	IPv4 Families = 1 << iota
	IPv6
)

// State says how sure it is that something listens.
type State uint8

// The states. NotSeen and Closed are of ports without a listener alone.
const (
	NotSeen        State = iota // no tool looked at the port
	Closed                      // a tool looked, and nothing listens
	Open                        // something listens
	Filtered                    // a firewall answered in the machine's place
	OpenOrFiltered              // nothing answered, or only what a firewall need not have let through
)

// Listener is something that listens, or may, as one line of the text says.
type Listener struct {
	Line        int // of the text, from 1
	Protocol    Protocol
	First, Last uint16     // ports as the network sees them, both inclusive
	Text        string     // its address as the tool prints it: "*", "[fe80::1]%eth0"
	Address     netip.Addr // without a zone, IPv4 never written as IPv6; invalid where it is every address, or is cut off
	Families    Families   // in which it listens
	Loopback    bool       // nothing but the machine itself reaches it
	State       State      // Open, Filtered or OpenOrFiltered
	Scanned     bool       // found from the network, by nmap: of one address, and so of one family
	Name        string     // of its processes, its container or its service; empty where none is printed

	// The ports inside the container where Docker publishes them, both inclusive;
	// 0 where it does not.
	ContainerFirst, ContainerLast uint16
}

// Report is what a text says.
type Report struct {
	Listeners []Listener // in the order of the text

	complete map[Protocol]bool // protocols of which the machine's own tools list everything
	closed   map[Protocol][]portRange
	scanned  map[Protocol][]portRange // what nmap looked at
	ignored  map[State]bool           // of the scanned ports that nmap does not list
}

// Unlisted says what is known of a port on which no listener of the text is:
// Closed, Filtered, OpenOrFiltered, or NotSeen.
func (r *Report) Unlisted(protocol Protocol, port uint16) State {
	has := func(ranges []portRange) bool {
		return slices.ContainsFunc(ranges, func(p portRange) bool { return p.first <= port && port <= p.last })
	}
	switch {
	case r.complete[protocol], has(r.closed[protocol]):
		return Closed
	case !has(r.scanned[protocol]):
		return NotSeen
	case r.ignored[OpenOrFiltered]:
		return OpenOrFiltered
	case r.ignored[Filtered]:
		return Filtered
	case r.ignored[Closed]:
		return Closed
	}
	return NotSeen
}

// Formats says in words what Parse reads.
const Formats = `what ss -Hltnup, ss -tuln, netstat -tulnp, docker ps --format '{{.Names}}\t{{.Ports}}', docker ps --format json, nmap -oG - or nmap -oX - prints`

// Parse reads what one or several of the tools printed, in any order. Each line
// is taken for what it looks like; nmap's XML is one piece. What cannot be read
// is an error that quotes the line; at is where the text stands.
func Parse(at refusal.Path, text string) (*Report, error) {
	p := &parser{at: at, report: &Report{
		complete: make(map[Protocol]bool), closed: make(map[Protocol][]portRange),
		scanned: make(map[Protocol][]portRange), ignored: make(map[State]bool),
	}}
	if strings.TrimSpace(text) == "" {
		p.Add(&refusal.Error{
			At: at, Summary: "Empty text", Found: "the text is empty, and a machine on which nothing listens prints a heading at least",
			Allowed: Formats, Remedy: "Look whether the command failed",
		})
		return nil, p.Err()
	}
	p.lines = strings.Split(strings.TrimPrefix(text, "\ufeff"), "\n")
	for p.next < len(p.lines) {
		line := strings.TrimSuffix(p.lines[p.next], "\r")
		p.next++
		if strings.TrimSpace(line) != "" {
			p.line(line)
		}
	}
	p.nameless()
	if err := p.Err(); err != nil {
		return nil, err
	}
	return p.report, nil
}

// parser reads a text line by line.
type parser struct {
	refusal.Errors
	at     refusal.Path
	lines  []string
	next   int // index of the line to read next, and the number of the one that is read
	report *Report

	containers bool // some line is one of Docker's
	words      []quoted
}

// quoted is a line of one word, with its number.
type quoted struct {
	number int
	text   string
}

// line reads a line that is not blank. Its first words say whose it is.
func (p *parser) line(line string) {
	fields := strings.Fields(line)
	switch {
	case strings.HasPrefix(fields[0], "<"):
		p.xml(line)
	case strings.HasPrefix(fields[0], "{"):
		p.dockerJSON(line)
	case isHeading(line, fields):
		p.heading(fields)
	case strings.HasPrefix(line, "# Nmap ") || strings.HasPrefix(line, "# Ports scanned: "):
		p.greppableComment(line)
	case fields[0] == "Host:":
		p.greppable(line)
	case p.docker(line):
	case isNetstat(fields):
		p.netstat(line, fields)
	case isSocket(fields):
		p.socket(line, fields)
	case len(fields) == 1 && isContainerName(fields[0]):
		p.words = append(p.words, quoted{p.next, line})
	default:
		p.unreadable(p.next, line, "is of none of the formats", "")
	}
}

// nameless settles the lines of one word: Docker's line of a container without
// ports, whose tab was trimmed.
func (p *parser) nameless() {
	for _, word := range p.words {
		if !p.containers {
			p.unreadable(word.number, word.text, "is of none of the formats", "")
		}
	}
}

// unreadable adds that a line cannot be read.
func (p *parser) unreadable(number int, line, why, remedy string) {
	const longest = 100 // runes of a line that are quoted
	if runes := []rune(line); len(runes) > longest {
		line = string(runes[:longest]) + "..."
	}
	p.Add(&refusal.Error{
		At: p.at, Summary: "Unreadable line", Found: fmt.Sprintf("line %d, %s, %s", number, strconv.Quote(line), why),
		Allowed: Formats, Remedy: remedy,
	})
}

// add adds a listener of the line that is read.
func (p *parser) add(l Listener) {
	l.Line = p.next
	p.report.Listeners = append(p.report.Listeners, l)
}

// portRange is a range of ports, both bounds inclusive, from 1.
type portRange struct{ first, last uint16 }

// parsePort reads a port, from 1 to 65535 in plain digits.
func parsePort(text string) (uint16, bool) {
	port, err := strconv.ParseUint(text, 10, 16)
	return uint16(port), err == nil && port > 0 && strconv.FormatUint(port, 10) == text
}

// parsePorts reads a port, or two with a hyphen.
func parsePorts(text string) (portRange, bool) {
	from, to, isRange := strings.Cut(text, "-")
	first, ok := parsePort(from)
	last := first
	if isRange && ok {
		last, ok = parsePort(to)
	}
	return portRange{first, last}, ok && first <= last
}

func parseProtocol(text string) (Protocol, bool) {
	for p := TCP; p <= SCTP; p++ {
		if text == p.String() {
			return p, true
		}
	}
	return 0, false
}
