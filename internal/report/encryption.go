package report

import (
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// encryption says whether others can read what passes. The zero value says that
// configuration decides.
type encryption uint8

const (
	byConfiguration encryption = iota
	cleartext
	encrypted
	notApplicable
)

// usual has the ports whose usual protocol is always, or never, encrypted. Ports
// that carry both by configuration (databases, caches) are not among them.
func usual(protocol matrix.Protocol, port int) encryption {
	type key struct {
		protocol matrix.Protocol
		ports    []int
	}
	open := []key{
		// FTP, Telnet, SMTP, DNS, HTTP, POP3, IMAP, LDAP, syslog, AMQP, HTTP (Nginx), HTTP (Canopsis API), RabbitMQ's interface.
		{matrix.TCP, []int{21, 23, 25, 53, 80, 110, 143, 389, 514, 5672, 8080, 8082, 15672}},
		// DNS, NTP, SNMP and its traps, syslog.
		{matrix.UDP, []int{53, 123, 161, 162, 514}},
	}
	secret := []key{
		// SSH, HTTPS, SMTPS, LDAPS, IMAPS, POP3S, AMQPS, HTTPS (Nginx), RabbitMQ's interface over TLS.
		{matrix.TCP, []int{22, 443, 465, 636, 993, 995, 5671, 8443, 15671}},
	}
	has := func(k key) bool { return k.protocol == protocol && slices.Contains(k.ports, port) }
	switch {
	case slices.ContainsFunc(open, has):
		return cleartext
	case slices.ContainsFunc(secret, has):
		return encrypted
	}
	return byConfiguration
}

// encryptionOf returns what is known of a range: of several ports, only what is
// true of one of them and must be said.
func encryptionOf(r matrix.PortRange) encryption {
	switch {
	case r.Protocol() == esp:
		return encrypted
	case !r.Protocol().HasPorts():
		return notApplicable
	case r.From() == r.To():
		return usual(r.Protocol(), r.From())
	}
	return byConfiguration
}

// esp is the protocol that encrypts what is in it.
const esp matrix.Protocol = 50

// encryption says which of the ports are encrypted; the ports by name where they
// differ.
func (v vocabulary) encryption(ports matrix.Ports) string {
	by := make(map[encryption][]matrix.PortRange)
	for r := range ports.All() {
		e := encryptionOf(r)
		by[e] = append(by[e], r)
	}
	var parts []string
	for _, e := range []encryption{cleartext, encrypted, byConfiguration, notApplicable} {
		switch {
		case by[e] == nil:
		case len(by) == 1:
			parts = append(parts, v.encryptions[e])
		default:
			parts = append(parts, v.encryptions[e]+" ("+v.ports(matrix.NewPorts(by[e]...))+")")
		}
	}
	return strings.Join(parts, ", ")
}

// hasCleartext reports whether one of the ports is usually readable by others.
func hasCleartext(ports matrix.Ports) bool {
	for r := range ports.All() {
		if encryptionOf(r) == cleartext {
			return true
		}
	}
	return false
}
