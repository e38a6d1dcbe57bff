package listen

import (
	"slices"
	"strings"
)

// This file reads what a machine's own tools print about its sockets.
//
//	Netid State  Recv-Q Send-Q  Local Address:Port  Peer Address:Port Process
//	tcp   LISTEN 0      511                 *:8443             *:*    users:(("nginx",pid=812,fd=6))
//
//	Proto Recv-Q Send-Q Local Address      Foreign Address    State    PID/Program name
//	tcp6       0      0 127.0.0.1:6380     :::*               LISTEN   901/redis-server

// isHeading reports whether a line is one of the headings, or of the remarks,
// that the tools print.
func isHeading(line string, fields []string) bool {
	switch fields[0] {
	case "Netid", "State":
		return strings.Contains(line, "Recv-Q") && strings.Contains(line, "Local Address:Port")
	case "Proto":
		return len(fields) > 2 && fields[1] == "Recv-Q" && fields[2] == "Send-Q"
	case "Active", "Connexions":
		return strings.Contains(line, "Internet")
	case "NAMES":
		return len(fields) == 2 && fields[1] == "PORTS"
	}
	return strings.HasPrefix(line, "(Not all processes could be identified") || // netstat without root
		strings.HasPrefix(line, " will not be shown, you would have to be root")
}

// heading notes what a heading says: that the tool which printed it looked at
// both protocols, whether something listens or not.
func (p *parser) heading(fields []string) {
	switch fields[0] {
	case "Netid", "Proto":
		p.report.complete[TCP], p.report.complete[UDP] = true, true
	case "NAMES":
		p.containers = true
	}
}

// noPorts are families of sockets that ss lists and that have no ports of the
// three protocols.
func noPorts(netid string) bool {
	return slices.Contains([]string{"u_str", "u_dgr", "u_seq", "nl", "p_raw", "p_dgr", "raw", "icmp6", "dccp", "tipc", "v_str", "v_dgr", "xdp", "???"}, netid)
}

func isState(word string) bool {
	return slices.Contains([]string{
		"LISTEN", "UNCONN", "ESTAB", "SYN-SENT", "SYN-RECV", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSE-WAIT", "LAST-ACK", "CLOSING", "CLOSED",
	}, word)
}

// isSocket reports whether a line is one of ss, with the column Netid, which
// stands where several kinds of sockets are listed, or without.
func isSocket(fields []string) bool {
	return isState(fields[0]) || len(fields) > 1 && isState(fields[1])
}

func (p *parser) socket(line string, fields []string) {
	netid := ""
	if !isState(fields[0]) {
		netid, fields = fields[0], fields[1:]
	}
	if noPorts(netid) {
		return
	}
	const state, local, peer, rest = 0, 3, 4, 5
	if len(fields) < rest || !isDigits(fields[1]) || !isDigits(fields[2]) {
		p.unreadable(p.next, line, "lacks columns of ss", "")
		return
	}
	protocol, listens := TCP, fields[state] == "LISTEN"
	switch {
	case netid == "udp", netid == "" && fields[state] == "UNCONN":
		protocol, listens = UDP, fields[state] == "UNCONN"
	case netid == "sctp":
		protocol = SCTP
	case netid != "" && netid != "tcp" && netid != "mptcp":
		p.unreadable(p.next, line, "is of a kind of sockets that is not known here", "")
		return
	}
	p.report.complete[protocol] = true
	if netid == "tcp" || netid == "udp" { // the column is there: both were asked for
		p.report.complete[TCP], p.report.complete[UDP] = true, true
	}
	if !listens {
		return // a connection
	}
	if _, _, ok := splitPort(fields[peer]); !ok {
		p.unreadable(p.next, line, "has no peer where ss has one", "")
		return
	}
	if l, ok := p.bound(line, protocol, fields[local]); ok {
		l.Name = processes(strings.Join(fields[rest:], " "))
		p.add(l)
	}
}

// bound reads the address and the port of a socket.
func (p *parser) bound(line string, protocol Protocol, text string) (Listener, bool) {
	host, portText, ok := splitPort(text)
	port, ok2 := parsePort(portText)
	if !ok || !ok2 {
		p.unreadable(p.next, line, "has no port as a number", "Run the command with -n, which prints ports as numbers")
		return Listener{}, false
	}
	a, ok := parseAddress(host, true)
	if !ok {
		p.unreadable(p.next, line, "has no address where it should have one", "Run the command with -n, which prints addresses as numbers")
		return Listener{}, false
	}
	return a.listener(protocol, portRange{port, port}), true
}

// processes returns the names in users:(("nginx",pid=812,fd=6),("nginx",pid=813,fd=6)),
// each once.
func processes(column string) string {
	_, list, ok := strings.Cut(column, "users:(")
	if !ok {
		return ""
	}
	var names []string
	for {
		_, after, ok := strings.Cut(list, `("`)
		if !ok {
			return strings.Join(names, ", ")
		}
		name, rest, ok := strings.Cut(after, `",pid=`)
		if !ok {
			return strings.Join(names, ", ")
		}
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
		list = rest
	}
}

// isNetstat reports whether a line is one of netstat.
func isNetstat(fields []string) bool {
	const shortest = 5 // up to the foreign address
	return len(fields) >= shortest && isDigits(fields[1]) && isDigits(fields[2]) &&
		slices.Contains([]string{"tcp", "tcp6", "udp", "udp6", "sctp", "udplite", "udplite6", "raw", "raw6"}, fields[0])
}

// isNetstatState reports whether a word is a state as netstat prints it, listening
// apart.
func isNetstatState(word string) bool {
	return slices.Contains([]string{
		"ESTABLISHED", "SYN_SENT", "SYN_RECV", "NEW_SYN_RECV", "FIN_WAIT1", "FIN_WAIT2", "TIME_WAIT", "CLOSE", "CLOSED", "CLOSE_WAIT", "LAST_ACK", "CLOSING",
		"COOKIE_WAIT", "COOKIE_ECHOED", "SHUTDOWN_PENDING", "SHUTDOWN_SENT", "SHUTDOWN_RECEIVED", "SHUTDOWN_ACK_SENT",
	}, word)
}

func (p *parser) netstat(line string, fields []string) {
	const local, state, rest = 3, 5, 6
	protocol, ok := parseProtocol(strings.TrimSuffix(fields[0], "6"))
	if !ok {
		return // raw sockets have no port
	}
	p.report.complete[protocol] = true
	if protocol != SCTP {
		p.report.complete[TCP], p.report.complete[UDP] = true, true
	}
	program := fields[state:]
	known := protocol == UDP || len(fields) >= rest && (fields[state] == "LISTEN" || isNetstatState(fields[state]))
	switch {
	case !known:
		p.unreadable(p.next, line, "has no state that is known here where netstat has one", "Run the command as LC_ALL=C netstat -tulnp")
		return
	case protocol != UDP && fields[state] != "LISTEN":
		return // a connection
	case protocol == UDP && len(fields) > state && fields[state] == "ESTABLISHED":
		return
	case protocol != UDP:
		program = fields[rest:]
	}
	if l, ok := cutOff(protocol, fields[local]); ok && strings.HasSuffix(fields[0], "6") {
		l.Name = programName(program)
		p.add(l)
		return
	}
	if l, ok := p.bound(line, protocol, fields[local]); ok {
		l.Name = programName(program)
		p.add(l)
	}
}

// cutOff returns the listener at an IPv6 address that netstat cut to fit its
// column: it has 22 characters for an address and its port, and what fills them
// may have been cut, even where what is left is another, valid address. No
// loopback address is that long.
func cutOff(protocol Protocol, text string) (Listener, bool) {
	const width = 22
	host, portText, ok := splitPort(text)
	port, ok2 := parsePort(portText)
	_, whole := parseAddress(host, true)
	if !ok || !ok2 || whole && len(host)+len(portText) != width || !strings.Contains(host, ":") || strings.Trim(host, "0123456789abcdef:") != "" {
		return Listener{}, false
	}
	return Listener{Protocol: protocol, First: port, Last: port, Text: host + "...", Families: IPv6, State: Open}, true
}

// programName returns the name in PID/NAME, which may have spaces in it.
func programName(fields []string) string {
	for i, field := range fields {
		if pid, name, ok := strings.Cut(field, "/"); ok && isDigits(pid) {
			return strings.TrimSpace(strings.Join(append([]string{name}, fields[i+1:]...), " "))
		}
	}
	return ""
}

func isDigits(text string) bool {
	return text != "" && strings.Trim(text, "0123456789") == ""
}
