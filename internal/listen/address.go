package listen

import (
	"net/netip"
	"strings"
)

// address is where something listens.
type address struct {
	text     string
	address  netip.Addr // invalid for every address of the families
	families Families
	loopback bool
}

// listener returns a listener at the address.
func (a address) listener(protocol Protocol, ports portRange) Listener {
	return Listener{
		Protocol: protocol, First: ports.first, Last: ports.last,
		Text: a.text, Address: a.address, Families: a.families, Loopback: a.loopback, State: Open,
	}
}

// splitPort splits what stands behind the last colon from an address:
// "127.0.0.1:22", "[::1]:22", ":::22", "*:22", "0.0.0.0%eth0:68".
func splitPort(text string) (host, port string, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i <= 0 {
		return "", "", false
	}
	return text[:i], text[i+1:], true
}

// parseAddress reads an address in any of the tools' spellings: with brackets or
// without, with the interface that it is bound to behind a percent sign, "*" for
// every address of both families. both says that :: without brackets means both
// families too, as it does in what netstat and old releases of ss print.
func parseAddress(text string, both bool) (address, bool) {
	host, zone, _ := strings.Cut(text, "%")
	inBrackets := strings.HasPrefix(host, "[")
	if inBrackets {
		if zone != "" && strings.HasSuffix(zone, "]") && !strings.HasSuffix(host, "]") { // [fe80::1%eth0]
			host, zone = host+"]", strings.TrimSuffix(zone, "]")
		}
		if !strings.HasSuffix(host, "]") {
			return address{}, false
		}
		host = host[1 : len(host)-1]
	}
	a := address{text: text, loopback: zone == "lo"}
	if host == "*" && !inBrackets {
		a.families = IPv4 | IPv6
		return a, true
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return address{}, false
	}
	mapped := ip.Is4In6()
	ip = ip.Unmap()
	a.families = IPv6
	if ip.Is4() {
		a.families = IPv4
	}
	switch {
	case ip.IsUnspecified() && ip.Is6() && both && !inBrackets:
		a.families = IPv4 | IPv6
	case ip.IsUnspecified():
	default:
		a.address, a.loopback = ip, a.loopback || ip.IsLoopback()
	}
	return a, !inBrackets || mapped || a.families == IPv6
}
