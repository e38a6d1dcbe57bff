package packet_test

import (
	"fmt"
	"net/netip"

	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// The actual rules let one network in where two are wanted, and a range of ports
// where one port is.
func ExampleSet_Attribute() {
	rule := func(prefix string, first, last uint16) packet.Rule {
		peer, err := packet.Prefix(netip.MustParsePrefix(prefix))
		if err != nil {
			panic(err)
		}
		return packet.Rule{Peers: []packet.Peer{peer}, Ports: []packet.Ports{packet.PortRange(6, first, last)}}
	}
	expected := []packet.Rule{rule("10.0.0.0/8", 443, 443), rule("192.168.0.0/16", 443, 443)}
	actual := []packet.Rule{rule("10.0.0.0/8", 440, 443)}

	for _, d := range packet.New(actual...).Attribute(expected) {
		fmt.Println("missing: rule", d.Rule, d.Remainders)
	}
	for _, d := range packet.New(expected...).Attribute(actual) {
		fmt.Println("excess: rule", d.Rule, d.Remainders)
	}
	// Output:
	// missing: rule 1 [192.168.0.0/16 6/443]
	// excess: rule 0 [10.0.0.0/8 6/440-442]
}
