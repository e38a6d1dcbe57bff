package refusal_test

import (
	"fmt"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

func ExampleUnknown() {
	err := refusal.Unknown(
		refusal.At("placement").Key("redsi"), "redsi",
		"a component or a host of this edition", []string{"redis", "mongodb", "canopsis"},
	)
	fmt.Println(err.Detail())
	// Output:
	// placement["redsi"]: "redsi" is not a component or a host of this edition.
	// Did you mean "redis"?
	// Allowed: canopsis, mongodb, redis.
}

func ExampleError() {
	err := &refusal.Error{
		At:      refusal.At("bindings").Key("users").Attribute("cidrs").Index(2),
		Summary: "Host bits in a prefix",
		Found:   `"10.20.0.1/16" names one address and a prefix`,
		Nearest: "10.20.0.0/16",
		Remedy:  `Write "10.20.0.0/16" for the network, "10.20.0.1/32" for the address`,
	}
	fmt.Println(err)
	// Output: Host bits in a prefix: bindings["users"].cidrs[2]: "10.20.0.1/16" names one address and a prefix. Did you mean "10.20.0.0/16"? Write "10.20.0.0/16" for the network, "10.20.0.1/32" for the address.
}

func ExamplePath() {
	users := refusal.At("bindings").Key("users")
	fmt.Println(users.Attribute("cidrs").Index(2))
	fmt.Println(users.Attribute("allow_public"))
	// Output:
	// bindings["users"].cidrs[2]
	// bindings["users"].allow_public
}

func ExampleNearest() {
	names := []string{"canopsis", "canopsis_api", "mongodb", "redis"}
	fmt.Println(refusal.Nearest("mongo", names))
	fmt.Println(refusal.Nearest("Canopsis API", names))
	fmt.Printf("%q\n", refusal.Nearest("xyz", names))
	// Output:
	// mongodb
	// canopsis_api
	// ""
}
