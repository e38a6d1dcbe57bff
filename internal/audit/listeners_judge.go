package audit

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/listen"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// port is one port of a protocol.
type port struct {
	protocol matrix.Protocol
	number   int
}

// portOf returns the first port of a range.
func portOf(r matrix.PortRange) port { return port{r.Protocol(), r.From()} }

// publishing is a container and the machine's port on which Docker publishes one
// of its ports.
type publishing struct {
	container string
	on        port
}

// hearing is what a report says, by port.
type hearing struct {
	report    *listen.Report
	listeners map[port][]listen.Listener
	published map[port][]publishing       // by the container's port, where it is another than the machine's
	wanted    map[port][]*WantedPort      // which component a port belongs to
	all       []WantedPort                // by component and port
	wrong     map[port]WantedPort         // what should listen on a port and listens on an erratum's other one
	instead   map[string]matrix.PortRange // where what is wanted listens, by its key, where it is elsewhere
}

func hear(wanted []WantedPort, report *listen.Report) *hearing {
	h := &hearing{
		report: report, all: wanted,
		listeners: make(map[port][]listen.Listener), published: make(map[port][]publishing),
		wanted: make(map[port][]*WantedPort), wrong: make(map[port]WantedPort), instead: make(map[string]matrix.PortRange),
	}
	for i, w := range wanted {
		for number := w.Ports.From(); number <= w.Ports.To(); number++ {
			p := port{w.Ports.Protocol(), number}
			h.wanted[p] = append(h.wanted[p], &wanted[i])
		}
	}
	for _, l := range report.Listeners {
		for number := int(l.First); number <= int(l.Last); number++ {
			p := port{protocolOf(l.Protocol), number}
			h.listeners[p] = append(h.listeners[p], l)
			if inside := int(l.ContainerFirst) + number - int(l.First); l.ContainerFirst != 0 && inside != number && !l.Loopback {
				from := port{p.protocol, inside}
				h.published[from] = append(h.published[from], publishing{l.Name, p})
			}
		}
	}
	return h
}

// protocolOf returns a protocol of the tools as the matrix has it.
func protocolOf(p listen.Protocol) matrix.Protocol {
	switch p {
	case listen.TCP:
		return matrix.TCP
	case listen.UDP:
		return matrix.UDP
	case listen.SCTP:
		return matrix.SCTP
	}
	return 0
}

// toolsOf is the inverse of protocolOf.
func toolsOf(p matrix.Protocol) listen.Protocol {
	for _, protocol := range [...]listen.Protocol{listen.TCP, listen.UDP, listen.SCTP} {
		if protocolOf(protocol) == p {
			return protocol
		}
	}
	return 0
}

// judge returns a wanted range with what was found. What to write where it listens
// elsewhere depends on the component's other ports: advise adds it.
func (h *hearing) judge(w WantedPort) WantedPort {
	var heard []listen.Listener
	var silent []listen.State // of the ports without a listener
	for number := w.Ports.From(); number <= w.Ports.To(); number++ {
		at := h.listeners[port{w.Ports.Protocol(), number}]
		heard = append(heard, at...)
		if len(at) == 0 {
			silent = append(silent, h.report.Unlisted(toolsOf(w.Ports.Protocol()), uint16(number)))
		}
	}
	w.Addresses = addresses(heard)
	w.Verdict, w.Note = heardVerdict(heard, silent)
	if w.Verdict == PortExpected || w.Verdict == PortOneFamilyOnly {
		return w
	}
	if w.Verdict == PortNotListening && isHTTPS(w.Ports) {
		w.Note = "HTTPS does not listen before TLS is switched on"
	}
	if instead, erratum, ok := h.pair(w); ok {
		w.Verdict = PortWrong
		w.Note = fmt.Sprintf("it listens on %s, erratum %s", instead, erratum)
		h.wrong[portOf(instead)], h.instead[w.Key()] = w, instead
	} else if container, instead, ok := h.publishedElsewhere(w); ok {
		w.Verdict = PortPublishedElsewhere
		w.Note = fmt.Sprintf("%s publishes it on %s", container, instead)
		h.instead[w.Key()] = instead
	}
	return w
}

// isHTTPS reports whether a port is one on which Nginx listens once TLS is
// switched on.
func isHTTPS(r matrix.PortRange) bool {
	return r.Protocol() == matrix.TCP && r.From() == r.To() && (r.From() == 443 || r.From() == 8443)
}

// publishedElsewhere returns where Docker publishes a container's port of the
// number that the matrix has, and which container's it is.
func (h *hearing) publishedElsewhere(w WantedPort) (container string, instead matrix.PortRange, ok bool) {
	found := h.published[portOf(w.Ports)]
	if len(found) == 0 || w.Ports.From() != w.Ports.To() || w.Verdict == PortLoopbackOnly {
		return "", matrix.PortRange{}, false
	}
	first := slices.MinFunc(found, func(a, b publishing) int {
		return cmp.Or(cmp.Compare(a.on.number, b.on.number), cmp.Compare(a.container, b.container))
	})
	instead, err := matrix.NewPortRange(first.on.protocol, first.on.number, first.on.number)
	return first.container, instead, err == nil
}

// heardVerdict judges what is heard on a range: the best of it counts.
func heardVerdict(heard []listen.Listener, silent []listen.State) (verdict Verdict, note string) {
	var families, seenOnMachine listen.Families
	var loopback, filtered, perhaps, unseen bool
	for _, l := range heard {
		switch {
		case l.State == listen.Filtered:
			filtered = true
		case l.State == listen.OpenOrFiltered:
			perhaps = true
		case l.Loopback:
			loopback = true
		default:
			families |= l.Families
			if !l.Scanned {
				seenOnMachine |= l.Families
			}
		}
	}
	for _, state := range silent {
		filtered, perhaps, unseen = filtered || state == listen.Filtered, perhaps || state == listen.OpenOrFiltered, unseen || state == listen.NotSeen
	}
	switch {
	case families == listen.IPv4 && seenOnMachine != 0:
		return PortOneFamilyOnly, "IPv4 alone"
	case families == listen.IPv6 && seenOnMachine != 0:
		return PortOneFamilyOnly, "IPv6 alone"
	case families != 0:
		return PortExpected, ""
	case loopback:
		return PortLoopbackOnly, "nothing but the machine itself reaches it"
	case perhaps:
		return PortUnknown, "nothing answered: ss says it on the machine itself"
	case filtered:
		return PortUnknown, "a firewall answered: ss says it on the machine itself"
	case unseen:
		return PortUnknown, "no tool looked: ss says it on the machine itself"
	}
	return PortNotListening, ""
}

// found judges every port that the network may reach, and puts neighbours that
// are alike into one range.
func (h *hearing) found() []FoundPort {
	ports := slices.SortedFunc(maps.Keys(h.listeners), func(a, b port) int {
		return cmp.Or(cmp.Compare(a.protocol, b.protocol), cmp.Compare(a.number, b.number))
	})
	var all []FoundPort
	for _, at := range ports {
		f, ok := h.foundAt(at)
		if !ok {
			continue
		}
		if n := len(all) - 1; n >= 0 && all[n].Verdict == f.Verdict && all[n].Note == f.Note &&
			slices.Equal(all[n].Addresses, f.Addresses) && slices.Equal(all[n].Names, f.Names) &&
			all[n].Ports.Protocol() == at.protocol && all[n].Ports.To()+1 == at.number {
			if joined, err := matrix.NewPortRange(at.protocol, all[n].Ports.From(), at.number); err == nil {
				all[n].Ports = joined
				continue
			}
		}
		all = append(all, f)
	}
	return all
}

// foundAt judges one port; ok is false where the network does not reach it.
func (h *hearing) foundAt(at port) (f FoundPort, ok bool) {
	ports, err := matrix.NewPortRange(at.protocol, at.number, at.number)
	if err != nil {
		return FoundPort{}, false
	}
	heard := slices.DeleteFunc(slices.Clone(h.listeners[at]), func(l listen.Listener) bool {
		return l.Loopback || l.State == listen.Filtered
	})
	verdict, note := heardVerdict(heard, nil)
	f = FoundPort{Ports: ports, Verdict: verdict, Addresses: addresses(heard), Names: names(heard), Note: note}
	wanted, isWrong := h.wrong[at]
	switch {
	case len(heard) == 0:
		return FoundPort{}, false
	case len(h.wanted[at]) > 0 || verdict == PortUnknown:
	case isWrong:
		f.Verdict, f.Note = PortWrong, fmt.Sprintf("the matrix has %s for %s", wanted.Ports, wanted.Component)
	case isDHCPClient(at) && !slices.ContainsFunc(heard, func(l listen.Listener) bool { return l.ContainerFirst != 0 }):
		f.Verdict, f.Note = PortExpected, "a DHCP client, which no flow of the matrix names"
	default:
		f.Verdict, f.Note = PortNotInMatrix, ""
		for _, l := range heard {
			inside := port{at.protocol, int(l.ContainerFirst) + at.number - int(l.First)}
			if l.ContainerFirst != 0 && len(h.wanted[inside]) > 0 {
				f.Note = fmt.Sprintf("port %d of the container, which the matrix has for %s", inside.number, h.wanted[inside][0].Component)
			}
		}
	}
	return f, true
}

// isDHCPClient reports whether a port is one on which every machine with an
// address from DHCP waits for its answers.
func isDHCPClient(at port) bool {
	return at == port{matrix.UDP, 68} || at == port{matrix.UDP, 546}
}

func addresses(heard []listen.Listener) []string {
	texts := make([]string, 0, len(heard))
	for _, l := range heard {
		texts = append(texts, l.Text)
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}

func names(heard []listen.Listener) []string {
	texts := make([]string, 0, len(heard))
	for _, l := range heard {
		if l.Name != "" {
			texts = append(texts, l.Name)
		}
	}
	slices.Sort(texts)
	return slices.Compact(texts)
}
