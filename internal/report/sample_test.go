package report

import (
	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// sample has every kind of end, note, origin, address and protocol once, and what
// one target makes of it.
func sample() Report {
	return Report{
		Provider: "1.2.3",
		Edition:  "22.10",
		Endpoints: map[string]matrix.Endpoint{
			"users":                {ID: "users", Name: "Utilisateurs", Kind: matrix.Actor},
			"front":                {ID: "front", Name: "front", Kind: matrix.Relay},
			"canopsis":             {ID: "canopsis", Name: "Canopsis", Kind: matrix.Host},
			"redis":                {ID: "redis", Name: "Redis", Kind: matrix.Host},
			"package_repositories": {ID: "package_repositories", Name: "Package repositories", Kind: matrix.External, FQDNs: []string{"git.canopsis.net"}},
			"ntp":                  {ID: "ntp", Name: "Time servers", Kind: matrix.External},
		},
		Flows: []deployment.Flow{
			{
				ID: "canopsis-to-redis", Source: "canopsis", Destination: "redis", Component: "redis",
				Ports: matrix.MustPorts("tcp/6379"), Purpose: matrix.Internal, Origin: matrix.Published,
				Description: matrix.Because(matrix.RowReason, "Cache and locks", "23.04", "canopsis", "redis"),
			},
			{
				ID: "canopsis-to-ntp", Source: "canopsis", Destination: "ntp", Component: "ntp",
				Ports: matrix.MustPorts("udp/123"), Purpose: matrix.Outbound, Origin: matrix.Interconnection,
				Description: matrix.Because(matrix.InterconnectionLink, "Time", "ntp", "*", "ntp"),
			},
			{
				ID: "users-to-front", Source: "users", Destination: "front", Component: "front",
				Ports: matrix.MustPorts("tcp/443"), Purpose: matrix.UserAccess, Origin: matrix.Relayed, Optional: true,
				Description: append(matrix.InOwnWords("Time"), matrix.Because(matrix.RelayReason, "Relay in front of nginx", "nginx")...),
			},
			{
				ID: "front-to-canopsis-nginx", Source: "front", Destination: "canopsis", Component: "nginx",
				Ports: matrix.MustPorts("tcp/8080", "tcp/8443", "udp/8443"), Purpose: matrix.Internal, Origin: matrix.Relayed,
				Description:            matrix.Because(matrix.RowReason, "Web interface and API", "22.10", "users", "nginx"),
				ConfigurationDependent: true,
			},
			{
				ID: "front-to-front", Source: "front", Destination: "front", Component: "keepalived",
				Ports: matrix.MustPorts("vrrp", "icmp/8", "icmp/3-4", "icmpv6", "ip/253"), Purpose: matrix.Internal, Origin: matrix.Additional,
			},
			{
				ID: "canopsis-to-package_repositories-https", Source: "canopsis", Destination: "package_repositories", Component: "https",
				Ports: matrix.MustPorts("tcp/443"), Purpose: matrix.Installation, Origin: matrix.Published, ViaProxy: true,
			},
		},
		Errata: []deployment.Finding{
			finding("redis_port", true, "canopsis-to-redis"),
			{Erratum: edition.Erratum{ID: "ssh_hosts", Published: "to some of the hosts", Corrected: "to every host", Reason: "ours", Evidence: "our own audit"}, Flows: []string{"administrators-to-redis-ssh"}},
		},
		Bound: true,
		Addresses: map[string]Addresses{
			"users":    {Texts: []string{"10.20.0.0/16", "10.0.0.5/32 (office)"}},
			"canopsis": {Peers: []Peer{{"security_group", "sg-1"}}},
			"ntp":      {None: true},
		},
		Enforced: []Enforced{{
			Name: "aws",
			Ingress: []Bound{
				{Host: "redis", Peer: Peer{"security_group", "sg-1"}, Flows: []string{"canopsis-to-redis"}},
			},
			Egress: []Bound{
				{Host: "canopsis", Peer: Peer{"security_group", "sg-2"}, Flows: []string{"canopsis-to-redis"}},
				{Host: "canopsis", Peers: []string{"10.2.0.9/32", "10.2.0.8/32"}, Flows: []string{"canopsis-to-package_repositories-https"}},
			},
			Unenforced: map[string]string{
				"canopsis-to-ntp/udp-123":          "ntp has no addresses",
				"front-to-canopsis-nginx/tcp-8080": "front is not managed",
				"of-no-flow/tcp-1":                 "never shown",
			},
		}},
	}
}

// finding is an erratum of the product's own, in its own words.
func finding(id string, applied bool, flows ...string) deployment.Finding {
	e, _ := edition.FindErratum(id)
	return deployment.Finding{Erratum: e, Flows: flows, Applied: applied}
}

// in returns the report in another language.
func (r Report) in(l Language) Report {
	r.Language = l
	return r
}

// requested returns the report with a form.
func (r Report) requested() Report {
	r.Request = Request{"requester": "Équipe supervision", "ticket": "CHG-1234", "nat": "non"}
	return r
}
