package deployment_test

import (
	"fmt"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func embeddedPage(release string) *matrix.Matrix {
	e, err := edition.Find(release)
	if err != nil {
		panic(err)
	}
	m, err := e.Matrix()
	if err != nil {
		panic(err)
	}
	return m
}

// A machine for the databases, and nothing that administrators and event
// sources open.
func ExampleNew() {
	d, err := deployment.New(embeddedPage("22.10"), deployment.Choices{
		Corrections: deployment.Apply,
		Options:     []string{"redis_sentinel"},
		Placement:   map[string]string{"postgresql": "data", "redis": "data", "redis_sentinel": "data"},
		Exclude:     []string{"administration", "events", "installation", "ldap"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, rule := range d.Rules() {
		fmt.Println(rule.Key(), rule.Purpose)
	}
	// Output:
	// canopsis-to-data-postgresql/tcp-5432 internal
	// canopsis-to-data-redis/tcp-6379 internal
	// canopsis-to-data-redis_sentinel/tcp-26379 internal
	// canopsis-to-mongodb/tcp-27017 internal
	// users-to-canopsis-nginx/tcp-8080 user_access
	// users-to-canopsis-nginx/tcp-8443 user_access
}

// What is wrong with the choices is reported all at once.
func ExampleNew_refused() {
	_, err := deployment.New(embeddedPage("22.10"), deployment.Choices{
		Options:   []string{"sentinel"},
		Placement: map[string]string{"mongodb": "db-01"},
	})
	fmt.Println(err)
	// Output:
	// Unknown name: options: "sentinel" is not an option of this edition. Did you mean "redis_sentinel"? Allowed: canopsis_api, nginx, redis, redis_sentinel.
	// Invalid name: placement["mongodb"]: "db-01" is not a valid name; names become parts of the rules' keys. Did you mean "db_01"? Allowed: a lower-case letter, then up to 62 lower-case letters, digits and underscores.
}

func ExampleDeployment_Hosts() {
	d, err := deployment.New(embeddedPage("22.10"), deployment.Choices{
		Placement: map[string]string{"postgresql": "data", "redis": "data"},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Hosts())
	// Output: map[canopsis:[canopsis_api engines nginx rabbitmq rabbitmq_ui snmp] data:[postgresql redis] mongodb:[mongodb]]
}

func ExampleRule_Key() {
	ports := slices.Collect(matrix.MustPorts("tcp/8000-8010", "udp/162").All())
	fmt.Println(deployment.Rule{Flow: "x-to-y", Ports: ports[0]}.Key())
	fmt.Println(deployment.Rule{Flow: "x-to-y", Ports: ports[1]}.Key())
	// Output:
	// x-to-y/tcp-8000-8010
	// x-to-y/udp-162
}

func ExampleParseCorrections() {
	corrections, err := deployment.ParseCorrections("apply")
	fmt.Println(corrections == deployment.Apply, err)
	_, err = deployment.ParseCorrections("all")
	fmt.Println(err)
	// Output:
	// true <nil>
	// Unknown name: corrections: "all" is not a way to deal with the page's errors. Allowed: apply, none, warn.
}
