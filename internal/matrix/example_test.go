package matrix_test

import (
	"errors"
	"fmt"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func ExampleParsePortRange() {
	r, err := matrix.ParsePortRange("tcp/8000-8010")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Protocol(), r.From(), r.To())
	fmt.Println(r.Contains(matrix.TCP, 8010), r.Contains(matrix.UDP, 8010))

	_, err = matrix.ParsePortRange("tcp/0")
	fmt.Println(err)
	// Output:
	// tcp 8000 8010
	// true false
	// 0 is not a port: ports run from 1 to 65535
}

// Ranges that overlap become one. Neighbours stay apart: each was named for
// itself, and each is a rule of its own.
func ExampleNewPorts() {
	fmt.Println(matrix.NewPorts(
		matrix.MustPortRange("udp/53"),
		matrix.MustPortRange("tcp/81"),
		matrix.MustPortRange("tcp/80"),
		matrix.MustPortRange("tcp/8005-8010"),
		matrix.MustPortRange("tcp/8000-8005"),
	))
	// Output: tcp/80, tcp/81, tcp/8000-8010, udp/53
}

func ExamplePorts_Replace() {
	published := matrix.MustPorts("tcp/6739")
	fmt.Println(published.Replace(matrix.MustPortRange("tcp/6739"), matrix.MustPortRange("tcp/6379")))
	// Output: tcp/6379
}

// A step from matrix to matrix takes a draft, changes it and asks for a new
// matrix. The component's new host takes its flows along.
func ExampleMatrix_Draft() {
	published, err := (&matrix.Draft{
		Endpoints: []matrix.Endpoint{
			{ID: "canopsis", Kind: matrix.Host},
			{ID: "redis", Kind: matrix.Host},
			{ID: "data", Kind: matrix.Host},
		},
		Components: []matrix.Component{
			{ID: "redis", Host: "redis", Offers: []matrix.Offer{{Ports: matrix.MustPorts("tcp/6379")}}},
		},
		Flows: []matrix.Flow{{
			Source: matrix.At("canopsis"), Destination: matrix.HostOf("redis"), Component: "redis",
			Ports: matrix.MustPorts("tcp/6379"), Origin: matrix.Published,
		}},
	}).Matrix()
	if err != nil {
		fmt.Println(err)
		return
	}
	draft := published.Draft()
	draft.Components[0].Host = "data"
	placed, err := draft.Matrix()
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range []*matrix.Matrix{published, placed} {
		for f := range m.Flows() {
			fmt.Println(m.FlowID(f), f.Ports, m.PurposeOf(f))
		}
	}
	// Output:
	// canopsis-to-redis tcp/6379 internal
	// canopsis-to-data-redis tcp/6379 internal
}

// Flows that become the same merge, unless they are for different things.
func ExampleDraft_Matrix() {
	flow := matrix.Flow{
		Source: matrix.At("canopsis"), Destination: matrix.At("ldap"), Component: "ldap",
		Ports: matrix.MustPorts("tcp/389"), Origin: matrix.Published,
	}
	own := flow
	own.Origin, own.Ports, own.Description = matrix.Additional, matrix.MustPorts("tcp/636"), matrix.InOwnWords("LDAPS")
	draft := &matrix.Draft{
		Endpoints: []matrix.Endpoint{{ID: "ldap", Kind: matrix.External}, {ID: "canopsis", Kind: matrix.Host}},
		Flows:     []matrix.Flow{own, flow},
	}
	m, err := draft.Matrix()
	if err != nil {
		fmt.Println(err)
		return
	}
	for f := range m.Flows() {
		fmt.Printf("%s: %s (%s)\n", m.FlowID(f), f.Ports, f.Origin)
	}

	draft.Flows[0].Purpose = matrix.Installation
	_, err = draft.Matrix()
	var conflict *matrix.PurposeConflictError
	fmt.Println(errors.As(err, &conflict))
	fmt.Println(err)
	// Output:
	// canopsis-to-ldap: tcp/389, tcp/636 (published)
	// true
	// two flows become canopsis-to-ldap with different purposes: "external" (published) and "installation" (additional: LDAPS)
}
