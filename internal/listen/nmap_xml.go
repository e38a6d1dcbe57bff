package listen

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// This file reads what nmap -oX prints.

const lastTag = "</nmaprun>"

// xml reads a whole report, of which a line begins one; what stands behind its
// end is read as a line of its own.
func (p *parser) xml(line string) {
	first := p.next // number of its first line
	var text strings.Builder
	for rest := line; ; p.next++ {
		if before, after, ends := strings.Cut(rest, lastTag); ends {
			text.WriteString(before + lastTag)
			line = after
			break
		}
		text.WriteString(rest + "\n")
		if p.next == len(p.lines) {
			p.unreadable(first, line, "begins XML that does not end with "+lastTag, "Take the whole of what nmap prints, after it has finished")
			return
		}
		rest = strings.TrimSuffix(p.lines[p.next], "\r")
	}
	p.xmlReport(first, text.String())
	if strings.TrimSpace(line) != "" {
		p.line(strings.TrimLeft(line, " \t"))
	}
}

// xmlReport reads a whole report, whose first line has this number.
func (p *parser) xmlReport(first int, text string) {
	lines := strings.Split(text, "\n")
	decoder := xml.NewDecoder(strings.NewReader(text))
	last := p.next
	defer func() { p.next = last }()
	r := xmlReader{parser: p}
	for {
		token, err := decoder.Token()
		at, _ := decoder.InputPos()
		p.next = first + at - 1
		switch {
		case errors.Is(err, io.EOF) && !r.finished:
			p.unreadable(first, lines[0], "begins a report of nmap that did not end well", "Run nmap again, to its end")
			return
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			p.unreadable(p.next, lines[min(at, len(lines))-1], "is no XML that nmap prints", "")
			return
		}
		if fault := r.token(token); fault != "" {
			p.unreadable(p.next, lines[min(at, len(lines))-1], fault, "")
			return
		}
	}
}

// xmlReader reads a report of nmap element by element.
type xmlReader struct {
	*parser
	inRun    bool    // inside nmaprun
	where    address // of the host
	port     xml.StartElement
	state    string // of the port
	finished bool
}

// token reads a token, and returns what is wrong with it.
func (r *xmlReader) token(token xml.Token) (fault string) {
	switch t := token.(type) {
	case xml.StartElement:
		if !r.inRun && t.Name.Local != "nmaprun" {
			return fmt.Sprintf("begins with <%s>, which is not nmap's", t.Name.Local)
		}
		return r.start(t)
	case xml.EndElement:
		if t.Name.Local == "port" {
			return r.endPort()
		}
	}
	return ""
}

func (r *xmlReader) start(t xml.StartElement) (fault string) {
	switch t.Name.Local {
	case "nmaprun":
		r.inRun = true
	case "host":
		r.where = address{} // not one of a hint before it
	case "scaninfo":
		if !r.services(attribute(t, "protocol"), attribute(t, "services")) {
			return "has ports in a form that is not known here"
		}
	case "address":
		a, ok := parseAddress(attribute(t, "addr"), false)
		if ok && r.where.text == "" {
			r.where = a // the host's others are of its network card
		}
	case "extraports":
		state, ok := parseState(attribute(t, "state"))
		if !ok {
			return "has a state that is not known here"
		}
		r.report.ignored[state] = true
	case "port":
		r.port, r.state = t.Copy(), ""
	case "state":
		r.state = attribute(t, "state")
	case "service":
		r.port.Attr = append(r.port.Attr, xml.Attr{Name: xml.Name{Local: "service"}, Value: attribute(t, "name")})
	case "finished":
		r.finished = attribute(t, "exit") == "success" || attribute(t, "exit") == ""
	}
	return ""
}

func (r *xmlReader) endPort() (fault string) {
	if r.where.text == "" || !r.scannedPort(r.where, attribute(r.port, "portid"), r.state, attribute(r.port, "protocol"), attribute(r.port, "service")) {
		return "has a port in a form that is not known here"
	}
	return ""
}

func attribute(t xml.StartElement, name string) string {
	for _, a := range t.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}
