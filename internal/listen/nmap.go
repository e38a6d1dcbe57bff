package listen

import (
	"slices"
	"strings"
)

// This file reads what nmap -oG prints: fields with tabs between them, lists
// with commas, and in an entry of a port slashes.
//
//	Host: 10.0.0.5 (canopsis)	Ports: 22/open/tcp//ssh///, 162/open|filtered/udp//snmptrap///	Ignored State: closed (998)

// greppable reads a line about a host.
func (p *parser) greppable(line string) {
	var where address
	for i, field := range strings.Split(line, "\t") {
		label, value, ok := strings.Cut(field, ": ")
		switch {
		case !ok:
			p.unreadable(p.next, line, "has a field without a label", "Keep the tabs that nmap prints")
			return
		case i == 0:
			text, name, _ := strings.Cut(value, " ")
			if where, ok = parseAddress(text, false); !ok || label != "Host" {
				p.unreadable(p.next, line, "has no address of a host", "")
				return
			}
			if !strings.HasPrefix(name, "(") || strings.IndexByte(name, ')') != len(name)-1 {
				p.unreadable(p.next, line, "has something behind the host's name", "Keep the tabs that nmap prints")
				return
			}
		case label == "Ports":
			if !p.greppablePorts(where, value) {
				p.unreadable(p.next, line, "has a port in a form that is not known here", "")
				return
			}
		case label == "Ignored State":
			name, _, _ := strings.Cut(value, " ")
			state, ok := parseState(name)
			if !ok {
				p.unreadable(p.next, line, "has a state that is not known here", "")
				return
			}
			p.report.ignored[state] = true
		case !slices.Contains([]string{"Status", "Protocols", "OS", "Seq Index", "IP ID Seq"}, label):
			p.unreadable(p.next, line, "has a field that is not known here", "")
			return
		}
	}
}

// greppablePorts reads a list of ports. A version, the last part of an entry, may
// have commas in it; nmap writes its slashes as bars.
func (p *parser) greppablePorts(where address, list string) bool {
	var entries [][]string
	for text := range strings.SplitSeq(list, ", ") {
		parts := strings.Split(text, "/")
		const port, state, protocol, service, least = 0, 1, 2, 4, 5
		if len(parts) >= least && isDigits(strings.TrimSpace(parts[port])) {
			entries = append(entries, []string{strings.TrimSpace(parts[port]), parts[state], parts[protocol], parts[service]})
		} else if len(entries) == 0 || len(parts) > 2 {
			return false
		}
	}
	for _, entry := range entries {
		if !p.scannedPort(where, entry[0], entry[1], entry[2], entry[3]) {
			return false
		}
	}
	return true
}

// scannedPort adds what nmap says about one port, and returns false where it
// cannot be read.
func (p *parser) scannedPort(where address, portText, stateText, protocolText, service string) bool {
	if protocolText == "ip" {
		return true // a protocol scan, which is about no ports
	}
	port, ok := parsePort(portText)
	state, ok2 := parseState(stateText)
	protocol, ok3 := parseProtocol(protocolText)
	if !ok || !ok2 || !ok3 {
		return portText == "0" && ok2 && ok3 // no port of ours
	}
	ports := portRange{port, port}
	if state == Closed {
		p.report.closed[protocol] = append(p.report.closed[protocol], ports)
		return true
	}
	if where.loopback && state == Open {
		state = OpenOrFiltered // what answers there may listen on every address, or on that one alone
	}
	l := where.listener(protocol, ports)
	l.State, l.Scanned, l.Name, l.Loopback = state, true, service, false
	p.add(l)
	return true
}

func parseState(text string) (State, bool) {
	switch text {
	case "open":
		return Open, true
	case "closed":
		return Closed, true
	case "filtered", "closed|filtered":
		return Filtered, true
	case "open|filtered", "unfiltered":
		return OpenOrFiltered, true
	}
	return NotSeen, false
}

// greppableComment reads which ports were looked at, which nmap prints with -v:
// "# Ports scanned: TCP(3;22,80,443) UDP(0;) SCTP(0;) PROTOCOLS(0;)".
func (p *parser) greppableComment(line string) {
	list, ok := strings.CutPrefix(line, "# Ports scanned: ")
	if !ok {
		return // when it began and ended
	}
	for part := range strings.FieldsSeq(list) {
		name, rest, ok := strings.Cut(part, "(")
		_, services, ok2 := strings.Cut(strings.TrimSuffix(rest, ")"), ";")
		if !ok || !ok2 || !p.services(strings.ToLower(name), services) {
			p.unreadable(p.next, line, "has ports in a form that is not known here", "")
			return
		}
	}
}

// services notes the ports that were looked at: "1,3-4,6". Port 0 is no port.
func (p *parser) services(protocolName, list string) bool {
	protocol, ok := parseProtocol(protocolName)
	if !ok || list == "" {
		return ok || protocolName == "protocols" || protocolName == "ip"
	}
	for text := range strings.SplitSeq(list, ",") {
		if text == "0" {
			continue
		}
		if rest, fromZero := strings.CutPrefix(text, "0-"); fromZero {
			text = "1-" + rest
		}
		ports, ok := parsePorts(text)
		if !ok {
			return false
		}
		p.report.scanned[protocol] = append(p.report.scanned[protocol], ports)
	}
	return true
}
