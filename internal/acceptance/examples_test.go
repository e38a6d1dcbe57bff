package acceptance_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/standin/ec2"
)

// example is what a test must know of a folder of examples/ beside its files.
type example struct {
	variables []string // "name=value", where the module has variables without a default
	standIn   bool     // the AWS provider talks to the stand-in
	cloud     string   // without this provider, terraform_data stands for its resources
	creates   []string // what the first plan creates: addresses, sorted
	existing  bool     // it plans where something is there already: a test of its own makes that
}

// examples are the folders of examples/ with a root module, all of them.
var examples = map[string]example{
	"provider":                               {},
	"data-sources/canopsis_flows":            {},
	"data-sources/canopsis_components":       {},
	"data-sources/canopsis_interconnections": {},
	"all-in-one":                             {},
	"databases-apart":                        {},
	"highly-available":                       {},
	"closed-network":                         {},
	"docker-compose":                         {},
	"kubernetes":                             {},
	"pinned-page":                            {},
	"quickstart": {creates: each("terraform_data.rule",
		"administrators-to-canopsis-rabbitmq_ui/tcp-15672",
		"administrators-to-canopsis-ssh/tcp-22",
		"administrators-to-mongodb-ssh/tcp-22",
		"administrators-to-postgresql-ssh/tcp-22",
		"administrators-to-redis-ssh/tcp-22",
		"amqp_event_sources-to-canopsis-rabbitmq/tcp-5672",
		"api_event_sources-to-canopsis-nginx/tcp-8080",
		"api_event_sources-to-canopsis-nginx/tcp-8443",
		"canopsis-to-ldap/tcp-389",
		"canopsis-to-ldap/tcp-636",
		"canopsis-to-mongodb/tcp-27017",
		"canopsis-to-package_repositories-https/tcp-443",
		"canopsis-to-postgresql/tcp-5432",
		"canopsis-to-redis/tcp-6379",
		"snmp_trap_sources-to-canopsis-snmp/udp-162",
		"users-to-canopsis-nginx/tcp-8080",
		"users-to-canopsis-nginx/tcp-8443",
	)},
	"functions/aws_rules": {
		standIn: true,
		creates: slices.Concat(
			[]string{"aws_eip.bastion"},
			each("aws_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("aws_vpc_security_group_egress_rule.this",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			),
			guarded("aws_vpc_security_group_ingress_rule.this", "terraform_data.cidr",
				"10.20.0.0/16-to-canopsis/tcp-8080",
				"10.20.0.0/16-to-canopsis/tcp-8443",
				"10.30.0.0/16-to-canopsis/tcp-5672",
				"2001:db8:20::/48-to-canopsis/tcp-8080",
				"2001:db8:20::/48-to-canopsis/tcp-8443",
				"bastion-to-canopsis/tcp-15672",
				"bastion-to-canopsis/tcp-22",
				"bastion-to-mongodb/tcp-22",
				"bastion-to-postgresql/tcp-22",
				"bastion-to-redis/tcp-22",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			),
		),
	},
	"functions/aggregate_cidrs": {},
	"functions/audit_listeners": {},
	"functions/audit_rules":     {},
	"functions/csv_report":      {},
	"functions/diff_report":     {},
	"functions/diff_rules":      {},
	"functions/html_report":     {},
	"functions/markdown_report": {},
	"functions/mermaid_diagram": {},
	"functions/svg_diagram":     {},
	"firewall-request":          {},
	"aws-existing":              {standIn: true, existing: true, variables: []string{"vpc_id=vpc-0123456789abcdef0"}},
	"gcp-existing":              {existing: true},
	"openstack-existing":        {cloud: "openstack", existing: true, variables: []string{`security_group_ids={canopsis="01234567-89ab-4cde-8f01-23456789abc0",mongodb="01234567-89ab-4cde-8f01-23456789abc1",postgresql="01234567-89ab-4cde-8f01-23456789abc2",redis="01234567-89ab-4cde-8f01-23456789abc3"}`}},
	"aws-single-host": {
		standIn:   true,
		variables: []string{"vpc_id=vpc-0123456789abcdef0"},
		creates: slices.Concat(
			each("aws_security_group.this", "canopsis"),
			each("aws_vpc_security_group_egress_rule.this", "canopsis-to-0.0.0.0/0/tcp-443"),
			each("aws_vpc_security_group_ingress_rule.this",
				"10.20.0.0/16-to-canopsis/tcp-8080",
				"10.20.0.0/16-to-canopsis/tcp-8443",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"10.30.0.0/16-to-canopsis/tcp-5672",
				"10.30.0.0/16-to-canopsis/tcp-8080",
				"10.30.0.0/16-to-canopsis/tcp-8443",
				"10.30.0.0/16-to-canopsis/udp-162",
			),
		),
	},
	"aws-usual": {
		standIn:   true,
		variables: []string{"vpc_id=vpc-0123456789abcdef0", "bastion_security_group_id=sg-0123456789abcdef0"},
		creates: slices.Concat(
			[]string{"aws_ec2_managed_prefix_list.users"},
			each("aws_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("aws_vpc_security_group_egress_rule.this",
				"canopsis-to-10.1.0.10/32/tcp-389",
				"canopsis-to-10.1.0.10/32/tcp-636",
				"canopsis-to-10.1.0.11/32/tcp-389",
				"canopsis-to-10.1.0.11/32/tcp-636",
				"canopsis-to-10.2.0.8/32/tcp-443",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			),
			each("aws_vpc_security_group_ingress_rule.this",
				"10.30.0.0/16-to-canopsis/udp-162",
				"10.30.1.0/24-to-canopsis/tcp-5672",
				"10.30.1.0/24-to-canopsis/tcp-8080",
				"10.30.1.0/24-to-canopsis/tcp-8443",
				"10.30.2.0/24-to-canopsis/tcp-5672",
				"10.30.2.0/24-to-canopsis/tcp-8080",
				"10.30.2.0/24-to-canopsis/tcp-8443",
				"administrators-to-canopsis/tcp-15672",
				"administrators-to-canopsis/tcp-22",
				"administrators-to-mongodb/tcp-22",
				"administrators-to-postgresql/tcp-22",
				"administrators-to-redis/tcp-22",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
				"users-to-canopsis/tcp-8080",
				"users-to-canopsis/tcp-8443",
			),
		),
	},
	"aws-closed-egress": {
		standIn:   true,
		variables: []string{"vpc_id=vpc-0123456789abcdef0"},
		creates: slices.Concat(
			each("aws_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("aws_vpc_security_group_ingress_rule.this",
				"10.20.0.0/16-to-canopsis/tcp-8080",
				"10.20.0.0/16-to-canopsis/tcp-8443",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"10.20.30.0/24-to-mongodb/tcp-22",
				"10.20.30.0/24-to-postgresql/tcp-22",
				"10.20.30.0/24-to-redis/tcp-22",
				"10.30.0.0/16-to-canopsis/udp-162",
				"10.30.1.0/24-to-canopsis/tcp-5672",
				"10.30.1.0/24-to-canopsis/tcp-8080",
				"10.30.1.0/24-to-canopsis/tcp-8443",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			),
			each("aws_vpc_security_group_egress_rule.this", slices.Concat([]string{
				"canopsis-to-10.1.0.10/32/tcp-389",
				"canopsis-to-10.1.0.10/32/tcp-636",
				"canopsis-to-10.2.0.8/32/tcp-443",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			},
				floor("canopsis", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123"),
				floor("mongodb", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123"),
				floor("postgresql", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123"),
				floor("redis", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123"),
			)...),
		),
	},
	"aws-load-balancer-rds": {
		standIn: true,
		variables: []string{
			"vpc_id=vpc-0123456789abcdef0", "bastion_security_group_id=sg-0123456789abcdef0",
			"certificate_arn=arn:aws:acm:eu-west-3:123456789012:certificate/12345678-1234-1234-1234-123456789012",
			`public_subnet_ids=["subnet-0123456789abcdef0","subnet-0123456789abcdef1"]`,
			`private_subnet_ids=["subnet-0123456789abcdef2","subnet-0123456789abcdef3"]`,
		},
		creates: slices.Concat(
			[]string{"aws_db_instance.postgresql", "aws_db_subnet_group.this", "aws_lb.this", "aws_lb_listener.https", "aws_lb_target_group.nginx"},
			each("aws_security_group.this", "canopsis", "load_balancer", "mongodb", "postgresql", "redis"),
			each("aws_vpc_security_group_egress_rule.this",
				"canopsis-to-10.2.0.8/32/tcp-443",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
				"load_balancer-to-canopsis/tcp-8443",
			),
			each("aws_vpc_security_group_ingress_rule.this", // none to PostgreSQL by SSH, and users to the load balancer alone
				"10.20.0.0/16-to-load_balancer/tcp-443",
				"10.30.1.0/24-to-canopsis/tcp-5672",
				"10.30.1.0/24-to-load_balancer/tcp-443",
				"administrators-to-canopsis/tcp-15672",
				"administrators-to-canopsis/tcp-22",
				"administrators-to-mongodb/tcp-22",
				"administrators-to-redis/tcp-22",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
				"load_balancer-to-canopsis/tcp-8443",
			),
		),
	},
	"aws-many-sites": {
		standIn:   true,
		variables: []string{"vpc_id=vpc-0123456789abcdef0"},
		creates: slices.Concat(
			[]string{"aws_ec2_managed_prefix_list.sites"},
			each("aws_security_group.this", "canopsis"),
			each("aws_vpc_security_group_egress_rule.this", "canopsis-to-0.0.0.0/0/tcp-443"),
			each("aws_vpc_security_group_ingress_rule.this",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"users-to-canopsis/tcp-8443",
			),
		),
	},
	"functions/openstack_rules": {
		cloud: "openstack",
		creates: slices.Concat(
			[]string{"openstack_networking_floatingip_v2.bastion"},
			each("openstack_networking_secgroup_v2.this", "canopsis", "mongodb", "postgresql", "redis"),
			guarded("openstack_networking_secgroup_rule_v2.this", "terraform_data.prefix",
				"egress canopsis-to-10.1.0.1/32/tcp-53",
				"egress canopsis-to-10.1.0.1/32/udp-53",
				"egress canopsis-to-10.1.0.2/32/udp-123",
				"egress canopsis-to-mongodb/tcp-27017",
				"egress canopsis-to-postgresql/tcp-5432",
				"egress canopsis-to-redis/tcp-6379",
				"egress mongodb-to-10.1.0.1/32/tcp-53",
				"egress mongodb-to-10.1.0.1/32/udp-53",
				"egress mongodb-to-10.1.0.2/32/udp-123",
				"egress postgresql-to-10.1.0.1/32/tcp-53",
				"egress postgresql-to-10.1.0.1/32/udp-53",
				"egress postgresql-to-10.1.0.2/32/udp-123",
				"egress redis-to-10.1.0.1/32/tcp-53",
				"egress redis-to-10.1.0.1/32/udp-53",
				"egress redis-to-10.1.0.2/32/udp-123",
				"ingress 10.20.0.0/16-to-canopsis/tcp-8080",
				"ingress 10.20.0.0/16-to-canopsis/tcp-8443",
				"ingress 10.30.0.0/16-to-canopsis/tcp-5672",
				"ingress 2001:db8:20::/48-to-canopsis/tcp-8080",
				"ingress 2001:db8:20::/48-to-canopsis/tcp-8443",
				"ingress bastion-to-canopsis/tcp-15672",
				"ingress bastion-to-canopsis/tcp-22",
				"ingress bastion-to-mongodb/tcp-22",
				"ingress bastion-to-postgresql/tcp-22",
				"ingress bastion-to-redis/tcp-22",
				"ingress canopsis-to-mongodb/tcp-27017",
				"ingress canopsis-to-postgresql/tcp-5432",
				"ingress canopsis-to-redis/tcp-6379",
			),
			each("openstack_networking_secgroup_rule_v2.metadata", "canopsis", "mongodb", "postgresql", "redis"),
		),
	},
	"functions/nftables_ruleset": {},
	"nftables-single-host":       {variables: []string{"address=192.0.2.10"}, creates: []string{"module.firewall.terraform_data.ruleset"}},
	"openstack-single-host": {
		cloud: "openstack",
		creates: slices.Concat(
			each("openstack_networking_secgroup_v2.this", "canopsis"),
			each("openstack_networking_secgroup_rule_v2.ingress",
				"10.20.0.0/16-to-canopsis/tcp-8080",
				"10.20.0.0/16-to-canopsis/tcp-8443",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"10.30.0.0/16-to-canopsis/tcp-5672",
				"10.30.0.0/16-to-canopsis/tcp-8080",
				"10.30.0.0/16-to-canopsis/tcp-8443",
				"10.30.0.0/16-to-canopsis/udp-162",
			),
		),
	},
	"openstack-usual": {
		cloud:     "openstack",
		variables: []string{"bastion_security_group_id=9f3c0f4e-0000-4000-8000-000000000001"},
		creates: slices.Concat(
			[]string{"openstack_networking_address_group_v2.users"},
			each("openstack_networking_secgroup_v2.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("openstack_networking_secgroup_rule_v2.ingress",
				"10.30.0.0/16-to-canopsis/udp-162",
				"10.30.1.0/24-to-canopsis/tcp-5672",
				"10.30.1.0/24-to-canopsis/tcp-8080",
				"10.30.1.0/24-to-canopsis/tcp-8443",
				"10.30.2.0/24-to-canopsis/tcp-5672",
				"10.30.2.0/24-to-canopsis/tcp-8080",
				"10.30.2.0/24-to-canopsis/tcp-8443",
				"administrators-to-canopsis/tcp-15672",
				"administrators-to-canopsis/tcp-22",
				"administrators-to-mongodb/tcp-22",
				"administrators-to-postgresql/tcp-22",
				"administrators-to-redis/tcp-22",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
				"users-to-canopsis/tcp-8080",
				"users-to-canopsis/tcp-8443",
			),
		),
	},
	"openstack-closed-egress": {
		cloud: "openstack",
		creates: slices.Concat(
			each("openstack_networking_secgroup_v2.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("openstack_networking_secgroup_rule_v2.ingress",
				"10.20.0.0/16-to-canopsis/tcp-8080",
				"10.20.0.0/16-to-canopsis/tcp-8443",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"10.20.30.0/24-to-mongodb/tcp-22",
				"10.20.30.0/24-to-postgresql/tcp-22",
				"10.20.30.0/24-to-redis/tcp-22",
				"10.30.0.0/16-to-canopsis/udp-162",
				"10.30.1.0/24-to-canopsis/tcp-5672",
				"10.30.1.0/24-to-canopsis/tcp-8080",
				"10.30.1.0/24-to-canopsis/tcp-8443",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			),
			each("openstack_networking_secgroup_rule_v2.egress", slices.Concat([]string{
				"canopsis-to-10.1.0.10/32/tcp-389",
				"canopsis-to-10.1.0.10/32/tcp-636",
				"canopsis-to-10.2.0.8/32/tcp-443",
				"canopsis-to-mongodb/tcp-27017",
				"canopsis-to-postgresql/tcp-5432",
				"canopsis-to-redis/tcp-6379",
			},
				floor("canopsis", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123", "169.254.169.254/32/tcp-80"),
				floor("mongodb", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123", "169.254.169.254/32/tcp-80"),
				floor("postgresql", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123", "169.254.169.254/32/tcp-80"),
				floor("redis", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123", "169.254.169.254/32/tcp-80"),
			)...),
		),
	},
	"openstack-databases-apart": {
		cloud:     "openstack",
		variables: []string{"network_id=9f3c0f4e-0000-4000-8000-000000000002", "image_id=9f3c0f4e-0000-4000-8000-000000000003", "key_pair=admin"},
		creates: slices.Concat(
			each("openstack_compute_instance_v2.this", "canopsis", "data"),
			each("openstack_networking_port_v2.this", "canopsis", "data"),
			each("openstack_networking_secgroup_v2.this", "canopsis", "data"),
			each("openstack_networking_secgroup_rule_v2.ingress",
				"10.20.0.0/16-to-canopsis/tcp-8080",
				"10.20.0.0/16-to-canopsis/tcp-8443",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"10.20.30.0/24-to-data/tcp-22",
				"10.30.0.0/16-to-canopsis/udp-162",
				"10.30.1.0/24-to-canopsis/tcp-5672",
				"10.30.1.0/24-to-canopsis/tcp-8080",
				"10.30.1.0/24-to-canopsis/tcp-8443",
				"canopsis-to-data/tcp-27017",
				"canopsis-to-data/tcp-5432",
				"canopsis-to-data/tcp-6379",
			),
			each("openstack_networking_secgroup_rule_v2.egress", slices.Concat([]string{
				"canopsis-to-10.1.0.10/32/tcp-389",
				"canopsis-to-10.1.0.10/32/tcp-636",
				"canopsis-to-10.2.0.8/32/tcp-443",
				"canopsis-to-data/tcp-27017",
				"canopsis-to-data/tcp-5432",
				"canopsis-to-data/tcp-6379",
			},
				floor("canopsis", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123", "169.254.169.254/32/tcp-80"),
				floor("data", "10.1.0.1/32/tcp-53", "10.1.0.1/32/udp-53", "10.1.0.2/32/udp-123", "169.254.169.254/32/tcp-80"),
			)...),
		),
	},
	"openstack-many-sites": {
		cloud: "openstack",
		creates: slices.Concat(
			[]string{"openstack_networking_address_group_v2.sites"},
			each("openstack_networking_secgroup_v2.this", "canopsis"),
			each("openstack_networking_secgroup_rule_v2.ingress",
				"10.20.30.0/24-to-canopsis/tcp-15672",
				"10.20.30.0/24-to-canopsis/tcp-22",
				"users-to-canopsis/tcp-8080",
				"users-to-canopsis/tcp-8443",
			),
		),
	},
	"functions/azure_rules": {
		cloud: "azurerm",
		creates: slices.Concat(
			each("azurerm_application_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("azurerm_network_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("azurerm_network_security_rule.this",
				"egress canopsis-to-mongodb/tcp-group",
				"egress canopsis-to-postgresql/tcp-group",
				"egress canopsis-to-redis/tcp-group",
				"ingress amqp_event_sources-to-canopsis/tcp",
				"ingress bastion-to-canopsis/tcp",
				"ingress bastion-to-mongodb/tcp",
				"ingress bastion-to-postgresql/tcp",
				"ingress bastion-to-redis/tcp",
				"ingress canopsis-to-mongodb/tcp-group",
				"ingress canopsis-to-postgresql/tcp-group",
				"ingress canopsis-to-redis/tcp-group",
				"ingress deny-all-to-canopsis/canopsis-canopsis",
				"ingress deny-all-to-canopsis/canopsis-mongodb",
				"ingress deny-all-to-canopsis/canopsis-postgresql",
				"ingress deny-all-to-canopsis/canopsis-redis",
				"ingress users-to-canopsis/tcp",
				"ingress users-to-canopsis/tcp-ipv6",
			),
		),
	},
	"azure-usual": {
		cloud:     "azurerm",
		variables: []string{"bastion_application_security_group_id=/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/bastion"},
		creates: slices.Concat(
			each("azurerm_application_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("azurerm_network_security_group.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("azurerm_network_security_rule.this", slices.Concat([]string{
				"egress canopsis-to-ldap/tcp",
				"egress canopsis-to-mongodb/tcp-group",
				"egress canopsis-to-package_repositories/tcp",
				"egress canopsis-to-postgresql/tcp-group",
				"egress canopsis-to-redis/tcp-group",
				"egress deny-all-from-canopsis/canopsis-canopsis",
				"egress deny-all-from-canopsis/canopsis-mongodb",
				"egress deny-all-from-canopsis/canopsis-postgresql",
				"egress deny-all-from-canopsis/canopsis-redis",
				"ingress administrators-to-canopsis/tcp-group",
				"ingress administrators-to-mongodb/tcp-group",
				"ingress administrators-to-postgresql/tcp-group",
				"ingress administrators-to-redis/tcp-group",
				"ingress amqp_event_sources-to-canopsis/tcp",
				"ingress canopsis-to-mongodb/tcp-group",
				"ingress canopsis-to-postgresql/tcp-group",
				"ingress canopsis-to-redis/tcp-group",
				"ingress deny-all-to-canopsis/canopsis-canopsis",
				"ingress deny-all-to-canopsis/canopsis-mongodb",
				"ingress deny-all-to-canopsis/canopsis-postgresql",
				"ingress deny-all-to-canopsis/canopsis-redis",
				"ingress users-to-canopsis/tcp",
			},
				floor("egress canopsis", "dns/tcp", "dns/udp", "ntp/udp"),
				floor("egress mongodb", "dns/tcp", "dns/udp", "ntp/udp"),
				floor("egress postgresql", "dns/tcp", "dns/udp", "ntp/udp"),
				floor("egress redis", "dns/tcp", "dns/udp", "ntp/udp"),
			)...),
		),
	},
	"functions/address_rules": {creates: each("hcloud_firewall.this", "canopsis", "mongodb", "postgresql", "redis")},
	"functions/kubernetes_network_policies": {
		cloud: "kubernetes",
		creates: []string{
			`kubernetes_manifest.egress["canopsis"]`, `kubernetes_manifest.ingress["canopsis"]`,
		},
	},
	"kubernetes-usual": {
		cloud: "kubernetes",
		creates: []string{
			`kubernetes_manifest.egress["canopsis"]`, `kubernetes_manifest.ingress["canopsis"]`,
		},
	},
	"functions/gcp_rules": {
		cloud: "google",
		creates: slices.Concat(
			[]string{"google_compute_address.bastion"},
			each("google_compute_firewall.this",
				"ingress amqp_event_sources-to-canopsis/tcp",
				"ingress bastion-to-canopsis/tcp",
				"ingress bastion-to-mongodb/tcp",
				"ingress bastion-to-postgresql/tcp",
				"ingress bastion-to-redis/tcp",
				"ingress canopsis-to-mongodb/tcp",
				"ingress canopsis-to-postgresql/tcp",
				"ingress canopsis-to-redis/tcp",
				"ingress users-to-canopsis/tcp",
				"ingress users-to-canopsis/tcp-ipv6",
			),
		),
	},
	"gcp-single-host": {
		cloud:     "google",
		variables: []string{"project=example"},
		creates: each("google_compute_firewall.ingress",
			"administrators-to-canopsis/tcp",
			"amqp_event_sources-to-canopsis/tcp",
			"api_event_sources-to-canopsis/tcp",
			"snmp_trap_sources-to-canopsis/udp",
			"users-to-canopsis/tcp",
		),
	},
	"gcp-usual": {
		cloud:     "google",
		variables: []string{"project=example", "bastion_service_account=bastion@example.iam.gserviceaccount.com"},
		creates: slices.Concat(
			each("google_service_account.this", "canopsis", "mongodb", "postgresql", "redis"),
			each("google_compute_firewall.ingress",
				"administrators-to-canopsis/tcp",
				"administrators-to-mongodb/tcp",
				"administrators-to-postgresql/tcp",
				"administrators-to-redis/tcp",
				"amqp_event_sources-to-canopsis/tcp",
				"api_event_sources-to-canopsis/tcp",
				"canopsis-to-mongodb/tcp",
				"canopsis-to-postgresql/tcp",
				"canopsis-to-redis/tcp",
				"snmp_trap_sources-to-canopsis/udp",
				"users-to-canopsis/tcp",
			),
		),
	},
	"gcp-closed-egress": {
		cloud:     "google",
		variables: []string{"project=example"},
		creates: slices.Concat(
			each("google_compute_firewall.deny_egress", "ipv4", "ipv6"),
			each("google_compute_firewall.ingress",
				"administrators-to-canopsis/tcp",
				"administrators-to-mongodb/tcp",
				"administrators-to-postgresql/tcp",
				"administrators-to-redis/tcp",
				"amqp_event_sources-to-canopsis/tcp",
				"api_event_sources-to-canopsis/tcp",
				"canopsis-to-mongodb/tcp",
				"canopsis-to-postgresql/tcp",
				"canopsis-to-redis/tcp",
				"snmp_trap_sources-to-canopsis/udp",
				"users-to-canopsis/tcp",
			),
			each("google_compute_firewall.egress", slices.Concat([]string{
				"canopsis-to-ldap/tcp",
				"canopsis-to-mongodb/tcp",
				"canopsis-to-package_repositories/tcp",
				"canopsis-to-postgresql/tcp",
				"canopsis-to-redis/tcp",
			},
				floor("canopsis", "dns/tcp", "dns/udp", "ntp/udp"),
				floor("mongodb", "dns/tcp", "dns/udp", "ntp/udp"),
				floor("postgresql", "dns/tcp", "dns/udp", "ntp/udp"),
				floor("redis", "dns/tcp", "dns/udp", "ntp/udp"),
			)...),
		),
	},
}

// floor returns the keys of what a host needs where egress is closed.
func floor(host string, peers ...string) []string {
	keys := make([]string, 0, len(peers))
	for _, peer := range peers {
		keys = append(keys, host+"-to-"+peer)
	}
	return keys
}

// each returns the addresses of a resource's instances.
func each(resource string, keys ...string) []string {
	addresses := make([]string, 0, len(keys))
	for _, key := range keys {
		addresses = append(addresses, resource+`["`+key+`"]`)
	}
	return addresses
}

// guarded returns the addresses of rules, and of the barriers that stand beside each.
func guarded(resource, barrier string, keys ...string) []string {
	return slices.Concat(each(resource, keys...), each(barrier, keys...))
}

// root is where examples/ lies, seen from this package.
const root = "../../examples"

// TestExamples initialises, validates and plans every root module of examples/.
func TestExamples(t *testing.T) {
	t.Parallel()
	same(t, "folders of examples/ and those that this test knows", rootModules(t), slices.Sorted(maps.Keys(examples)))
	for folder, example := range examples {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			w := newWorkspace(t, filepath.Join(root, filepath.FromSlash(folder)))
			if example.standIn {
				w.useStandIn()
			}
			if example.cloud != "" {
				w.withoutCloud(example.cloud)
			}
			w.init()
			if errs := w.validate(); len(errs) > 0 {
				t.Fatalf("validate:\n%s", strings.Join(errs, "\n"))
			}
			if example.existing {
				return
			}
			planned := w.plan(example.variables...).mustSucceed(t)
			want := make([]string, 0, len(example.creates))
			for _, address := range example.creates {
				want = append(want, "create "+standInFor(address))
			}
			slices.Sort(want)
			same(t, "plan on an empty state", planned.changes, want)
			same(t, "warnings", planned.warnings, nil)
		})
	}
}

// TestExamplesAreIndexed holds the index against the folders: each is there, with a
// README of its own unless a page of the documentation shows it.
func TestExamplesAreIndexed(t *testing.T) {
	t.Parallel()
	index := readFile(t, filepath.Join(root, "README.md"))
	folders := rootModules(t)
	for _, name := range moduleNames(t) {
		folders = append(folders, "modules/"+name)
	}
	for _, folder := range folders {
		if !strings.Contains(index, "| [`"+folder+"`]("+folder+") | ") {
			t.Errorf("examples/README.md does not list %s", folder)
		}
		group, _, nested := strings.Cut(folder, "/")
		if group == "provider" || nested && group != "modules" {
			continue
		}
		page, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(folder), "README.md"))
		if err != nil || !strings.HasPrefix(string(page), "# ") {
			t.Errorf("examples/%s has no README.md with a heading: %v", folder, err)
		}
	}
}

// TestReadmesSayHowToRun holds what a README has to be typed against its example: every
// variable without a default stands there, and nothing else than there is.
func TestReadmesSayHowToRun(t *testing.T) {
	t.Parallel()
	given := regexp.MustCompile(`-var ['"]?(\w+)=`)
	for _, folder := range rootModules(t) {
		if strings.Contains(folder, "/") || folder == "provider" { // these stand on pages
			continue
		}
		page := readFile(t, filepath.Join(root, folder, "README.md"))
		for _, heading := range []string{"\n## What to change\n", "\n## How to run it\n"} {
			if !strings.Contains(page, heading) {
				t.Errorf("examples/%s/README.md has no heading %q", folder, strings.TrimSpace(heading))
			}
		}
		typed := strings.Join(blocks(page, "sh"), "\n")
		if !strings.Contains(typed, "terraform init\n") || !strings.Contains(typed, "terraform plan") && !strings.Contains(typed, "terraform apply") {
			t.Errorf("examples/%s/README.md does not say what to type:\n%s", folder, typed)
		}
		if strings.Contains(typed, "-var-file") {
			t.Errorf("examples/%s/README.md names a file that nobody has:\n%s", folder, typed)
		}
		has := make(map[string]bool) // variables, and whether they need a value
		for _, file := range filesOf(t, filepath.Join(root, folder), ".tf") {
			parsed, diags := hclwrite.ParseConfig([]byte(readFile(t, filepath.Join(root, folder, file))), file, hcl.InitialPos)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			for _, block := range parsed.Body().Blocks() {
				if block.Type() == "variable" {
					has[block.Labels()[0]] = block.Body().GetAttribute("default") == nil
				}
			}
		}
		for _, match := range given.FindAllStringSubmatch(typed, -1) {
			if _, ok := has[match[1]]; !ok {
				t.Errorf("examples/%s/README.md gives a value to %s, which is no variable", folder, match[1])
			}
			has[match[1]] = false
		}
		for name, needed := range has {
			if needed {
				t.Errorf("examples/%s/README.md gives no value to %s, which has no default", folder, name)
			}
		}
	}
}

// TestListenersThatCannotBeRead: the example of a host's firewall says why, and does not
// take what it could not read for a host on which nothing listens.
func TestListenersThatCannotBeRead(t *testing.T) {
	t.Parallel()
	w := newWorkspace(t, filepath.Join(root, "nftables-single-host"))
	w.init()
	says(t, w.plan("address=10.0.0.1", "listeners=ssh: connect to host 10.0.0.1 port 22: Connection refused").errors, "listeners: line 1", "is of none of the formats")
	known := w.plan("address=10.0.0.1", "listeners=tcp LISTEN 0 128 0.0.0.0:9100 0.0.0.0:* users:((\"node_exporter\",pid=1,fd=3))").mustSucceed(t)
	says(t, known.reported, "not_in_matrix: tcp-9100 (node_exporter)")
}

// TestEveryTargetHasExamples asks of each target for the example on its function's page,
// a usual deployment and a module, and adds a target that has none of them.
func TestEveryTargetHasExamples(t *testing.T) {
	t.Parallel()
	var missing []string
	for _, target := range append(firewall.Targets(), firewall.Target{Name: "nothing"}) {
		wanted := []string{"functions/" + target.FunctionName(), target.Name + "-usual", "modules/" + target.Name}
		if target.Name == "address" { // whose rows are for any firewall: the guide has the resources of each
			wanted = wanted[:1]
		}
		for _, folder := range wanted {
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(folder))); err != nil {
				missing = append(missing, folder)
			}
		}
	}
	same(t, "examples that targets lack", missing, []string{"functions/nothing_rules", "nothing-usual", "modules/nothing"})
}

// TestManySitesThatDoNotFit lists networks one by one, which no quota allows: the
// check names the host, what it needs and what there is.
func TestManySitesThatDoNotFit(t *testing.T) {
	t.Parallel()
	var blocks, sites []string
	for i := range 60 {
		site := fmt.Sprintf(`"10.64.%d.0/24"`, i)
		blocks, sites = append(blocks, site+"="+site), append(sites, site)
	}
	for folder, c := range map[string]struct {
		variables []string
		says      string
	}{
		"aws-many-sites": {
			[]string{"site_blocks={" + strings.Join(blocks, ",") + "}"},
			"AWS allows 60 rules per security group and direction, and these hosts need more: canopsis (62 in, 1 out).",
		},
		"openstack-many-sites": {
			[]string{"sites=[" + strings.Join(sites, ",") + "]", "use_address_group=false"},
			"OpenStack allows 100 rules in this project, which has 6 others, and these hosts need more: canopsis 122.",
		},
	} {
		t.Run(folder, func(t *testing.T) {
			t.Parallel()
			example := examples[folder]
			w := newWorkspace(t, filepath.Join(root, folder))
			if example.standIn {
				w.useStandIn()
			}
			if example.cloud != "" {
				w.withoutCloud(example.cloud)
			}
			w.init()
			planned := w.plan(slices.Concat(example.variables, c.variables)...).mustSucceed(t)
			if len(planned.reported) != 1 {
				t.Fatalf("warnings: %q", planned.reported)
			}
			says(t, planned.reported, "Check block assertion failed", c.says)
		})
	}
}

// rootModules returns the folders under examples/ that hold a configuration of
// their own. Those of modules/ are TestModules's.
func rootModules(t *testing.T) []string {
	t.Helper()
	found := make(map[string]bool)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() && path == modules {
			return fs.SkipDir
		}
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".tf" {
			return err
		}
		folder, err := filepath.Rel(root, filepath.Dir(path))
		found[filepath.ToSlash(folder)] = true
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return slices.Sorted(maps.Keys(found))
}

// useStandIn points the AWS provider at an EC2 of the test's own: an override
// file leaves the example's provider block as users copy it.
func (w *workspace) useStandIn() *ec2.Server {
	w.t.Helper()
	server := ec2.NewServer()
	w.t.Cleanup(server.Close)
	w.write("stand_in_override.tf", server.ProviderBlock())
	return server
}
