package audit

import (
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// OpeningOf returns a rule of the matrix as what Compare takes: its ends are the
// endpoints, by their names. The origin may be empty.
func OpeningOf(key string, r deployment.Rule, origin string) Opening {
	return Opening{
		Key: key, Source: r.Source, Destination: r.Destination, Component: r.Component, Purpose: r.Purpose.String(), Origin: origin,
		Flows: []string{r.Flow}, Erratum: erratumOf(r, origin),
		At: Named(r.Destination), Peers: Named(r.Source), Ports: []packet.Ports{linePorts(r.Ports)},
	}
}

// linePorts returns ports as packets have them.
func linePorts(r matrix.PortRange) packet.Ports {
	protocol := uint8(r.Protocol())
	switch from, to := r.From(), r.To(); {
	case from == matrix.None:
		return packet.Protocol(protocol)
	case r.Protocol().IsICMP() && to == matrix.None:
		return packet.PortRange(protocol, uint16(from)<<8, uint16(from)<<8|255)
	case r.Protocol().IsICMP():
		return packet.PortRange(protocol, uint16(from<<8|to), uint16(from<<8|to))
	default:
		return packet.PortRange(protocol, uint16(from), uint16(to))
	}
}

// erratumOf returns the error of the page that explains a rule: a component's port,
// published or right, or a row that the page forgets.
func erratumOf(rule deployment.Rule, origin string) string {
	ports := rule.Ports.String()
	for _, e := range edition.Errata() {
		switch e.Kind {
		case edition.WrongPort:
			if e.Subject == rule.Component && (ports == e.Published || ports == e.Corrected) {
				return e.ID
			}
		case edition.MissingRow:
			if origin == matrix.Corrected.String() && strings.ReplaceAll(e.Subject, "HOST", rule.Destination) == rule.Flow {
				return e.ID
			}
		case edition.WrongHost:
		}
	}
	return ""
}
