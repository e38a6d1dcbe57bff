package audit

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// SideOf returns the rules that are wanted as what Compare takes, a host and a
// direction being an end. known is false where a value that decides anything is
// not known yet. The error is an *refusal.Errors.
func SideOf(in Input) (side Side, known bool, err error) {
	r := &rowReader{cloud: in.Cloud, world: cloud.World{IPv6: true}}
	side.Hosts, known = in.Hosts, true
	for _, e := range in.Expected {
		rule, isKnown := r.wanted(e)
		known = known && isKnown
		o := Opening{
			Key: string(e.Direction) + "/" + e.Key, Source: e.Peer, Destination: e.Host, Flows: e.Flows,
			At: Named(string(e.Direction) + " " + e.Host), Peers: rule.Packets.Peers, Ports: rule.Packets.Ports,
		}
		if e.Direction == cloud.Egress {
			o.Source, o.Destination = e.Host, e.Peer
		}
		side.Openings = append(side.Openings, o)
	}
	return side, known, r.errs.Err()
}
