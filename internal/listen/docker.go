package listen

import (
	"encoding/json"
	"strings"
)

// This file reads what docker ps prints: a container's name, and its ports.
//
//	canopsis-nginx-1	0.0.0.0:80->80/tcp, [::]:80->80/tcp, 8082/tcp

// docker reads a line of --format '{{.Names}}\t{{.Ports}}', and returns false
// where it is none.
func (p *parser) docker(line string) bool {
	name, ports, ok := strings.Cut(line, "\t")
	if !ok {
		name, ports, ok = strings.Cut(line, " ")
	}
	name, ports = strings.TrimSpace(name), strings.TrimSpace(ports)
	if !ok || !isContainerName(name) || ports == "" && !strings.Contains(line, "\t") {
		return false
	}
	published, ok := parsePublished(name, ports)
	if !ok {
		return false
	}
	p.containers = true
	for _, l := range published {
		p.add(l)
	}
	return true
}

// dockerJSON reads a line of --format json.
func (p *parser) dockerJSON(line string) {
	var container struct {
		Names *string `json:"Names"`
		Ports *string `json:"Ports"`
	}
	if err := json.Unmarshal([]byte(line), &container); err != nil {
		p.unreadable(p.next, line, "is not one whole JSON object", "Keep each container on a line, as docker ps --format json prints it")
		return
	}
	if container.Names == nil || container.Ports == nil {
		p.unreadable(p.next, line, "is a JSON object without the texts Names and Ports", "")
		return
	}
	published, ok := parsePublished(*container.Names, *container.Ports)
	if !ok {
		p.unreadable(p.next, line, "has ports in a form that is not known here", "")
		return
	}
	p.containers = true
	for _, l := range published {
		p.add(l)
	}
}

// isContainerName reports whether a text is a container's name, or several of
// one container with commas, links among them.
func isContainerName(text string) bool {
	for name := range strings.SplitSeq(text, ",") {
		if name == "" || strings.IndexByte("_.-/", name[0]) >= 0 ||
			strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-/") != "" {
			return false
		}
	}
	return text != ""
}

// parsePublished reads a list of ports, and returns those that are published: a
// port that the image exposes and nothing publishes is of no network.
func parsePublished(name, ports string) (published []Listener, ok bool) {
	if ports == "" {
		return nil, true
	}
	for port := range strings.SplitSeq(ports, ", ") {
		host, container, isPublished := strings.Cut(port, "->")
		if !isPublished {
			container = port
		}
		inside, protocolName, ok1 := strings.Cut(container, "/")
		protocol, ok2 := parseProtocol(protocolName)
		insidePorts, ok3 := parsePorts(inside)
		if !ok1 || !ok2 || !ok3 {
			return nil, false
		}
		if !isPublished {
			continue
		}
		l, ok := parsePublishing(host, protocol)
		if !ok || l.Last-l.First != insidePorts.last-insidePorts.first {
			return nil, false
		}
		l.Name, l.ContainerFirst, l.ContainerLast = name, insidePorts.first, insidePorts.last
		published = append(published, l)
	}
	return published, true
}

// parsePublishing reads the machine's side: "0.0.0.0:80", "[::]:8000-8002", and
// ":::80" as older clients print it. Without an address it is every one.
func parsePublishing(text string, protocol Protocol) (Listener, bool) {
	host, portsText, ok := splitPort(text)
	if !ok {
		host, portsText = "*", text
	}
	ports, ok := parsePorts(portsText)
	a, ok2 := parseAddress(host, false)
	return a.listener(protocol, ports), ok && ok2
}
