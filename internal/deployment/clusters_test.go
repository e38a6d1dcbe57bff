package deployment_test

import (
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
)

func TestClusterMembers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name     string
		choices  deployment.Choices
		clusters []string
		want     []string
	}{
		{
			name:     "a replica set meets on the database's port",
			clusters: []string{"mongodb"},
			want:     []string{"+ mongodb-to-mongodb/tcp-27017 internal cluster"},
		},
		{
			name:     "a replica set meets on the port that this installation gave the database",
			choices:  deployment.Choices{ComponentPorts: map[string][]string{"mongodb": {"tcp/27100"}}},
			clusters: []string{"mongodb"},
			want:     []string{"+ mongodb-to-mongodb/tcp-27100 internal cluster"},
		},
		{
			name:     "RabbitMQ's nodes meet beside the port of its clients",
			choices:  deployment.Choices{Placement: map[string]string{"rabbitmq": "bus"}},
			clusters: []string{"bus"},
			want: []string{
				"+ bus-to-bus-rabbitmq/tcp-25672 internal cluster",
				"+ bus-to-bus-rabbitmq/tcp-4369 internal cluster",
			},
		},
		{
			name:     "Patroni has a port beside PostgreSQL's",
			clusters: []string{"postgresql"},
			want: []string{
				"+ postgresql-to-postgresql/tcp-5432 internal cluster",
				"+ postgresql-to-postgresql/tcp-8008 internal cluster",
			},
		},
		{
			name:     "the page's port of Redis, as everywhere",
			clusters: []string{"redis"},
			want:     []string{"+ redis-to-redis/tcp-6739 internal cluster"},
		},
		{
			name: "Sentinel beside Redis, corrected",
			choices: deployment.Choices{
				Corrections: deployment.Apply,
				Options:     []string{"redis_sentinel"},
				Placement:   map[string]string{"redis_sentinel": "redis"},
			},
			clusters: []string{"redis"},
			want: []string{
				"+ redis-to-redis-redis_sentinel/tcp-26379 internal cluster",
				"+ redis-to-redis/tcp-6379 internal erratum", // Sentinel to Redis, which replication then shares
			},
		},
		{
			name: "several kinds of members on one host",
			choices: deployment.Choices{
				Placement: map[string]string{"mongodb": "data", "postgresql": "data"},
			},
			clusters: []string{"data"},
			want: []string{
				"+ data-to-data-mongodb/tcp-27017 internal cluster",
				"+ data-to-data-postgresql/tcp-5432 internal cluster",
				"+ data-to-data-postgresql/tcp-8008 internal cluster",
			},
		},
		{
			name:     "as published the application opens nothing to itself but RabbitMQ's nodes",
			clusters: []string{"canopsis"},
			want: []string{
				"+ canopsis-to-canopsis-rabbitmq/tcp-25672 internal cluster",
				"+ canopsis-to-canopsis-rabbitmq/tcp-4369 internal cluster",
			},
		},
		{
			name:     "what goes on inside the application stays",
			choices:  deployment.Choices{Corrections: deployment.Apply},
			clusters: []string{"canopsis"},
			want: []string{
				"+ canopsis-to-canopsis-canopsis_api/tcp-8082 internal erratum",
				"+ canopsis-to-canopsis-rabbitmq/tcp-25672 internal erratum",
				"+ canopsis-to-canopsis-rabbitmq/tcp-4369 internal erratum",
				"+ canopsis-to-canopsis-rabbitmq/tcp-5672 internal erratum",
			},
		},
		{
			name:     "a host whose component is closed does nothing",
			clusters: []string{"redis_sentinel"},
		},
		{
			name:     "a host where a closed component would run does nothing",
			choices:  deployment.Choices{Placement: map[string]string{"redis_sentinel": "sentinels"}},
			clusters: []string{"sentinels"},
		},
		{
			name:     "exclude reaches the members' flows",
			choices:  deployment.Choices{Exclude: []string{"mongodb"}},
			clusters: []string{"mongodb"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			clustered := test.choices
			clustered.Clusters = test.clusters
			wantLines(t, changes(deploy(t, "22.10", test.choices), deploy(t, "22.10", clustered)), test.want...)
		})
	}
}

func TestUsersOwnFlowInsideAHostStaysWithoutACluster(t *testing.T) {
	t.Parallel()
	choices := deployment.Choices{AdditionalFlows: map[string]deployment.AdditionalFlow{
		"gossip": {Source: "canopsis", Destination: "canopsis", Ports: []string{"udp/7946"}},
	}}
	wantLines(t, changes(deploy(t, "22.10", deployment.Choices{}), deploy(t, "22.10", choices)),
		"+ canopsis-to-canopsis-gossip/udp-7946 internal additional")
	clustered := choices
	clustered.Clusters = []string{"mongodb"}
	wantLines(t, changes(deploy(t, "22.10", choices), deploy(t, "22.10", clustered)),
		"+ mongodb-to-mongodb/tcp-27017 internal cluster")
}

func TestMembersSayWhoseWordTheyAre(t *testing.T) {
	t.Parallel()
	d := deploy(t, "22.10", deployment.Choices{
		Placement: map[string]string{"rabbitmq": "rabbitmq"},
		Clusters:  []string{"mongodb", "rabbitmq"},
	})
	want := map[string]string{
		"mongodb-to-mongodb":   "(the vendor's own files)",
		"rabbitmq-to-rabbitmq": "(upstream default)",
	}
	for f := range d.Matrix.Flows() {
		suffix, ok := want[d.Matrix.FlowID(f)]
		if !ok {
			continue
		}
		delete(want, d.Matrix.FlowID(f))
		if !strings.HasSuffix(f.Description.String(), suffix) {
			t.Errorf("%s is described as %q; want it to end in %q", d.Matrix.FlowID(f), f.Description, suffix)
		}
	}
	if len(want) > 0 {
		t.Errorf("no flow for %v", want)
	}
}

func TestClustersRefused(t *testing.T) {
	t.Parallel()
	hosts := "Allowed: canopsis, data, mongodb, postgresql."
	tests := []struct {
		clusters []string
		want     []string
	}{
		{[]string{"mongobd"}, []string{"Unknown name: clusters: \"mongobd\" is not a host of this installation.\nDid you mean \"mongodb\"?\n" + hosts}},
		{[]string{"users"}, []string{"Unknown name: clusters: \"users\" is not a host of this installation.\n" + hosts}},
		{[]string{""}, []string{"Unknown name: clusters: \"\" is not a host of this installation.\n" + hosts}},
		{[]string{"redis", "ldap"}, []string{
			"Unknown name: clusters: \"ldap\" is not a host of this installation.\n" + hosts,
			"Unknown name: clusters: \"redis\" is not a host of this installation.\n" + hosts + "\n\"redis\" runs on \"data\": name that host if it is several machines.",
		}},
	}
	for _, test := range tests {
		t.Run(strings.Join(test.clusters, " "), func(t *testing.T) {
			t.Parallel()
			wantLines(t, faultsOf(t, "22.10", deployment.Choices{
				Placement: map[string]string{"redis": "data"},
				Clusters:  test.clusters,
			}), test.want...)
		})
	}
}
