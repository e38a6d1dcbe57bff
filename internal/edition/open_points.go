package edition

import "slices"

// OpenPoint is what the page leaves open and no correction settles: it depends
// on the installation, or concerns no flow of the page.
type OpenPoint struct {
	Topic      string
	Text       string     // what the page says and what is known, in sentences
	Evidence   string     // files and releases, without the full stop
	Confidence Confidence // whose word the evidence is
	Write      string     // the line that an installation with this needs; empty where none does
}

// OpenPoints returns the open points, those about the page's own rows first.
func OpenPoints() []OpenPoint { return slices.Clone(openPoints) }

var openPoints = []OpenPoint{
	{
		Topic: "One port or both",
		Text: "The page separates by a comma what an installation may use one or both of: 80 and 443, 8080 and 8443, LDAP's 389 and 636. " +
			"All of them are opened. Installed from packages, Nginx listens on 8443 only once HTTPS is switched on; " +
			"in Docker HTTPS is on since 22.10, and sends browsers from the one port to the other. Name the ports that yours uses to open those alone.",
		Evidence: "reverse-proxy-nginx-https.md:3,119-126, canopsis.env:4 and canopsis-next/config/nginx/https.inc:22-24 in release 24.10; " +
			"lib/security/provider/ldap.go:29-36",
		Confidence: VendorFile,
		Write:      `component_ports = { nginx = ["tcp/8443"], ldap = ["tcp/636"] }`,
	},
	{
		Topic: "Docker and packages before 23.04",
		Text: "Only from 23.04 on the page gives Nginx's ports for both. 4.4, 4.5 and 4.6 have those of Docker, 80 and 443; " +
			"22.10 has those of packages, 8080 and 8443. If yours was installed the other way, write its ports.",
		Evidence: "canopsis-next/config/nginx/default.conf:25-26 and docker-compose.yml:190-191 in release 24.10, docker-compose.yml:161-162 in 22.10; " +
			"notes-de-version/4.6.0.md:17-20",
		Confidence: VendorFile,
		Write:      `component_ports = { nginx = ["tcp/80", "tcp/443"] }`,
	},
	{
		Topic: "SNMP traps without Canopsis Pro",
		Text: "Port 162 belongs to the SNMP connector, which is part of Canopsis Pro. The page sends traps to the Canopsis host until 24.10, " +
			"and to the connector in 25.10. Community installations leave it out.",
		Evidence:   "interconnexions/Supervision/SNMPtrap.md:30-31,48-67 in release 24.10",
		Confidence: VendorFile,
		Write:      `exclude = ["snmp"]`,
	},
	{
		Topic: "Other repositories",
		Text: "The page names the vendor's own repositories. An installation from packages also fetches from repo.mongodb.org, www.mongodb.org, " +
			"download.postgresql.org, packagecloud.io, github.com, the RabbitMQ mirrors (yum1 and yum2 of novemberain.com or rabbitmq.com) and the distribution's own; " +
			"one with Docker fetches images from Docker Hub, which 22.10 and 23.04 no longer name. " +
			"Bind `package_repositories` to the addresses of all of them, or to your mirror. " +
			"Since 25.04 packages of Nginx may come over plain HTTP: that needs a port more.",
		Evidence:   "installation-paquets.md:105-283 and docker-compose.yml:63,85,124,138 in release 24.10",
		Confidence: VendorFile,
		Write:      `component_ports = { https = ["tcp/80", "tcp/443"] }`,
	},
	{
		Topic: "Proxies",
		Text: "The page says until 24.10 that the way to the repositories may lead through a proxy (`via_proxy`), and says nothing of it in 25.10. " +
			"The processes that call out honour a proxy all the same.",
		Evidence:   "variables-environnement.md:57-65 in release 24.10, an example with port 3128",
		Confidence: VendorFile,
		Write:      `relays = { proxy = { in_front_of = ["package_repositories"], ports = ["tcp/3128"] } }`,
	},
	{
		Topic: "Drivers that write to the databases",
		Text: "25.10 has import-context-graph drivers connect to the API. Their documentation has them connect to MongoDB, RabbitMQ and PostgreSQL themselves. " +
			"The catalogue has those flows.",
		Evidence:   "drivers/driver-api.md:56-69,325-327",
		Confidence: VendorFile,
		Write:      `interconnections = ["import_context_graph"]`,
	},
	{
		Topic: "A second PostgreSQL",
		Text: "Technical metrics are a database of their own. It is on the same server and port as the other, and so in the page's row; " +
			"on another server it needs a flow from whatever writes there.",
		Evidence:   "guide-de-depannage/metriques-techniques/index.md:25-63 and canopsis.env:16 in release 24.10",
		Confidence: VendorFile,
		Write:      `additional_flows = { tech_metrics = { source = "engines", destination = "tech_metrics", ports = ["tcp/5432"], purpose = "internal" } }`,
	},
	{
		Topic: "RabbitMQ with TLS",
		Text: "No edition has a port for AMQP with TLS, and no guide describes it. Where it was set up, RabbitMQ's own default is 5671. " +
			"The other ports that RabbitMQ's image exposes (15671, 15691, 15692) are published by no release.",
		Evidence:   "RabbitMQ's networking guide; migration-24.04.0.md:518 shows the ports, unpublished",
		Confidence: UpstreamDefault,
		Write:      `component_ports = { rabbitmq = ["tcp/5671"] }`,
	},
	{
		Topic:      "Rundeck through Nginx",
		Text:       "Nginx can pass /rundeck/ on to a Rundeck server, which no edition mentions.",
		Evidence:   "canopsis.env:6-7 and rundeck.inc in release 24.10, an example with port 4440",
		Confidence: VendorFile,
		Write:      `interconnections = ["rundeck_web"]`,
	},
	{
		Topic: "Names, time and shared files",
		Text: "No edition has rows for name servers, time servers, backups, or the files that several API nodes share. " +
			"Where egress is closed, hosts need at least the first two.",
		Evidence:   "RFC 1035 and RFC 5905 for the ports; administration-avancee/architecture-ha.md for the shared files",
		Confidence: UpstreamDefault,
		Write:      `interconnections = ["dns", "ntp", "nfs"]`,
	},
	{
		Topic: "Answers",
		Text: "Each row is drawn from who connects to who listens. Answers belong to the same connection: security groups let them through, " +
			"and filters that keep no state, such as network ACLs, need rules for them besides.",
		Evidence:   "every row of every edition",
		Confidence: VendorFile,
	},
	{
		Topic: "The vendor's own firewall commands",
		Text: "The guide for packages opens 5672, 15672, 8080, 27017, 5432 and 6379 on the machine, to everybody. That is wider than the page, " +
			"which lets Canopsis alone reach its databases, and narrower: 8443, 8082, 162/udp and 26379 are missing.",
		Evidence:   "installation-paquets.md:383-388 in release 24.10; the same lines since 23.04",
		Confidence: VendorFile,
	},
	{
		Topic: "A text between 24.10 and 25.10",
		Text: "After 24.10 the page was rewritten for HTTPS alone (443 for Docker, 8443 for packages) before it got its present form. " +
			"Which release carried that text is not known, so that none is given for 25.04: keep your copy of its page.",
		Evidence:   "an index of the documentation, without dates",
		Confidence: VendorExample,
		Write:      `page = file("matrix.md")`,
	},
}
