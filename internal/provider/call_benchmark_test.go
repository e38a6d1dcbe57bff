package provider

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// BenchmarkCallRules is a call of each function that writes rules, as Terraform makes
// it, from the bytes of its arguments to those of its result. Each has the same rules
// and the same addresses, of which aws_rules makes 10,000 bound rules.
func BenchmarkCallRules(b *testing.B) {
	for _, function := range calledFunctions() {
		for _, load := range callLoads(10_000) {
			b.Run(function.name+"/"+load.name, func(b *testing.B) {
				call := rulesCall(b, function, load)
				b.ReportAllocs()
				for b.Loop() {
					if _, err := call(); err != nil {
						b.Fatal(err.Text)
					}
				}
			})
		}
	}
}

// TestRulesCalls keeps what the benchmark calls a call that every function takes:
// nothing else runs the benchmarks but `make bench`.
func TestRulesCalls(t *testing.T) {
	t.Parallel()
	const bound = 200
	for _, function := range calledFunctions() {
		for _, load := range callLoads(bound) {
			result, err := rulesCall(t, function, load)()
			if err != nil {
				t.Errorf("%s, %s: %s", function.name, load.name, err.Text)
				continue
			}
			if function.name != "aws_rules" {
				continue
			}
			value, unmarshalErr := result.Unmarshal(newRulesFunction(targetNamed("aws").target).resultType)
			if unmarshalErr != nil {
				t.Fatal(unmarshalErr)
			}
			parts := children(t, value)
			if got := len(children(t, parts["ingress"])) + len(children(t, parts["egress"])); got != bound {
				t.Errorf("aws_rules, %s: %d bound rules; want %d", load.name, got, bound)
			}
		}
	}
}

// calledFunction is a function with what a host of its bindings is.
type calledFunction struct {
	name string
	host func(i int) object
	rest []argumentOf // arguments behind rules and bindings
}

func calledFunctions() []calledFunction {
	functions := []calledFunction{{
		name: "nftables_ruleset",
		host: func(i int) object { return object{"cidrs": list{fmt.Sprintf("172.16.0.%d/32", i)}} },
		rest: []argumentOf{{tftypes.String, untyped("host_0")}, dynamic(untyped(object{"allow_lockout": true}))},
	}}
	for _, target := range rulesTargets() {
		functions = append(functions, calledFunction{name: target.target.FunctionName(), host: target.host})
	}
	return functions
}

// callLoad is rules and the addresses of their endpoints.
type callLoad struct {
	name  string
	rules object
	users object // their binding; nil: no rule names them
}

// callHosts is how many hosts each load has.
const callHosts = 50

// callLoads are the shapes that large installations have, each of so many bound rules
// on AWS.
func callLoads(bound int) []callLoad {
	prefixes := callLoad{"prefixes", object{}, object{}}
	add := func(l callLoad, source, destination, purpose string, port int) {
		key, rule := writtenRule(source, destination, "service", purpose, "tcp", port)
		l.rules[key] = rule
	}
	prefix := func(i int) string { return fmt.Sprintf("10.%d.%d.0/24", i/250, i%250) }

	add(prefixes, "users", "host_0", "user_access", 8443)
	cidrs := list{}
	for i := range bound {
		cidrs = append(cidrs, prefix(i))
	}
	prefixes.users["cidrs"] = cidrs

	named, names := callLoad{"names", object{}, object{}}, object{}
	for i := range bound / callHosts {
		names[fmt.Sprintf("name_%d", i)] = prefix(i)
	}
	named.users["named_cidrs"] = names
	for i := range callHosts {
		add(named, "users", fmt.Sprintf("host_%d", i), "user_access", 8443)
	}

	hosts := callLoad{"hosts", object{}, nil}
	for i := range bound / 2 { // each is a rule of both its ends
		add(hosts, fmt.Sprintf("host_%d", i%callHosts), fmt.Sprintf("host_%d", (1+i+i/callHosts)%callHosts), "internal", 1024+i)
	}
	return []callLoad{prefixes, named, hosts}
}

// rulesCall returns a call of a function, whose answer is a result or an error.
func rulesCall(tb testing.TB, called calledFunction, load callLoad) func() (*tfprotov6.DynamicValue, *tfprotov6.FunctionError) {
	tb.Helper()
	server, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		tb.Fatal(err)
	}
	bindings := object{}
	for i := range callHosts {
		bindings[fmt.Sprintf("host_%d", i)] = called.host(i)
	}
	if load.users != nil {
		bindings["users"] = load.users
	}
	req := request(tb, called.name, append([]argumentOf{dynamic(untyped(load.rules)), dynamic(untyped(bindings))}, called.rest...)...)
	return func() (*tfprotov6.DynamicValue, *tfprotov6.FunctionError) {
		resp, err := server.CallFunction(tb.Context(), req)
		if err != nil {
			tb.Fatal(err)
		}
		return resp.Result, resp.Error
	}
}
