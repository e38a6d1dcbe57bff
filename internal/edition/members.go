package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// VRRP is the component under which the machines of a relay decide which of them
// has the common address.
const VRRP = "vrrp"

// Membership is what the machines of a cluster open to each other for one of
// the components that run on all of them. No edition of the page has such rows.
type Membership struct {
	Component   string       // id of the component, or VRRP
	OwnPorts    bool         // members meet on the component's own ports
	Ports       matrix.Ports // ports that no port list has, beside its own; empty: none
	Description string       // what members do there
	Evidence    string       // where it is written
	Confidence  Confidence   // whose word the evidence is
}

// Memberships returns what members of clusters open to each other, by
// component, sorted.
func Memberships() []Membership { return slices.Clone(memberships) }

var memberships = []Membership{
	{
		Component:   "consul",
		Ports:       matrix.MustPorts("tcp/8300-8302", "udp/8301-8302"),
		Description: "Consul's nodes agree and find each other",
		Evidence:    "architecture-ha.md wants etcd or Consul on three nodes and gives no port; Consul's documentation, required ports",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   "etcd",
		Ports:       matrix.MustPorts("tcp/2380"),
		Description: "etcd's nodes agree",
		Evidence:    "architecture-ha.md wants etcd or Consul on three nodes and gives no port; etcd's documentation: listen-peer-urls, 2380",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   "mongodb",
		OwnPorts:    true,
		Description: "Members of the MongoDB replica set",
		Evidence: "migration-23.10.0.md:79 makes the replica set mandatory, architecture-ha.md wants three members on a host each, " +
			"installation-paquets.md:405-443 and migration-24.04.0.md:296 give members the database's port",
		Confidence: VendorFile,
	},
	{
		Component:   "postgresql",
		OwnPorts:    true,
		Ports:       matrix.MustPorts("tcp/8008"),
		Description: "PostgreSQL replication, and Patroni's REST interface",
		Evidence:    "architecture-ha.md names Patroni and gives no port; Patroni's documentation: restapi.listen, 8008",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   "rabbitmq",
		Ports:       matrix.MustPorts("tcp/4369", "tcp/25672"),
		Description: "RabbitMQ nodes find each other (epmd) and exchange messages",
		Evidence: "architecture-ha.md wants three nodes and gives no port; RabbitMQ's networking guide: 4369 and 25672, " +
			"which the image exposes too (migration-24.04.0.md:518)",
		Confidence: UpstreamDefault,
	},
	{
		Component:   "redis",
		OwnPorts:    true,
		Description: "Redis replication",
		Evidence:    "architecture-ha.md wants three nodes and gives no port; Redis's documentation, replication",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   "redis_sentinel",
		OwnPorts:    true,
		Description: "Sentinels agree on the Redis master",
		Evidence:    "architecture-ha.md wants three sentinels and gives no port; Redis's documentation, Sentinel",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   "valkey",
		OwnPorts:    true,
		Description: "Valkey replication",
		Evidence:    "architecture-ha.md wants three nodes and gives no port; Valkey's documentation, replication",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   "valkey_sentinel",
		OwnPorts:    true,
		Description: "Sentinels agree on the Valkey master",
		Evidence:    "architecture-ha.md wants three sentinels and gives no port; Valkey's documentation, Sentinel",
		Confidence:  UpstreamDefault,
	},
	{
		Component:   VRRP,
		Ports:       matrix.MustPorts(matrix.VRRP.String()),
		Description: "The machines of a relay decide which of them has the common address, by unicast: Keepalived needs unicast_peer",
		Evidence:    "architecture-ha.md names HAProxy with Keepalived or VRRP and gives no number; RFC 9568: IP protocol 112",
		Confidence:  UpstreamDefault,
	},
}

// RelayMembership returns what the machines of a clustered relay open to each
// other.
func RelayMembership() Membership { return memberships[len(memberships)-1] }
