package provider

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// FuzzRuleset gives bindings and options of any shape. They may be refused, and may
// neither panic nor write a text that is anything but a table of ours, or one that
// lets in whom no binding names.
func FuzzRuleset(f *testing.F) {
	for _, seed := range [][2]string{
		{`{"users":{"cidrs":["10.20.0.0/16"]},"administrators":{"cidrs":["192.0.2.0/28"]}}`, `{}`},
		{`{"users":{"named_cidrs":{"vpn":"?"}},"administrators":{"same_as":"users"}}`, `{"egress":"closed","container_interfaces":["docker0","br-*"]}`},
		{`{"users":{"cidrs":["10.20.0.0/16"]},"administrators":{"cidrs":["192.0.2.0/28"]}}`, `{"container_interfaces":["a\"; accept; #"]}`},
		{`{"users":{"cidrs":["10.20.0.0/16"]},"administrators":{"cidrs":["192.0.2.0/28"]}}`, `{"container_interfaces":["*","e*",""]}`},
		{`{"users":{"cidrs":["0.0.0.0/0"]},"administrators":{"cidrs":[]}}`, `{"allow_lockout":true,"admin_component":"nginx"}`},
		{`{"users":{"security_group_id":"sg-1"},"administrators":null}`, `"?"`}, {`"?"`, `null`}, {`[]`, `7`}, {`{"users":"?"}`, `{"egress":"?"}`},
	} {
		f.Add(seed[0], seed[1])
	}
	surface := nftablesRulesetSurface()
	for _, c := range surface.cases {
		given := surface.base.with(c.given)
		bindings, err1 := json.Marshal(given["bindings"])
		options, err2 := json.Marshal(given["options"])
		if err := errors.Join(err1, err2); err != nil {
			f.Fatal(err)
		}
		f.Add(string(bindings), string(options))
	}
	rules := object{}
	for _, r := range []struct{ source, component, purpose string }{{"users", "nginx", "user_access"}, {"administrators", "ssh", "administration"}} {
		key, rule := writtenRule(r.source, "canopsis", r.component, r.purpose, "tcp", 22)
		rules[key] = rule
	}
	f.Fuzz(func(t *testing.T, bindings, options string) {
		b, ok1 := decoded(bindings)
		o, ok2 := decoded(options)
		if !ok1 || !ok2 || strings.Contains(options, "extra_") {
			return // statements of the user's own say what they say
		}
		result, funcErr := callThroughProtocol(t, newNftablesRulesetFunction(), untyped(rules), b, untyped("canopsis"), o)
		if funcErr != nil {
			if funcErr.Text == "" {
				t.Error("an error without a text")
			}
			return
		}
		if !result.IsKnown() {
			return
		}
		written := children(t, result)["ruleset"]
		if !written.IsKnown() {
			return
		}
		ruleset, _ := text(written)
		read, err := cloud.ReadRuleset(ruleset)
		if err != nil {
			t.Fatalf("%v\n%s", err, ruleset)
		}
		passes, err := read.Passes(cloud.Passage{Hook: "input"})
		if err != nil {
			t.Fatalf("%v\n%s", err, ruleset)
		}
		const tcp = 6
		for peer, ports := range passes.All() {
			if prefix, ok := peer.Prefix(); ok && ports.First()>>16 <= tcp && tcp <= ports.Last()>>16 && prefix.Bits() < 8 && !strings.Contains(bindings, "allow_public") {
				t.Errorf("%s reaches %s by\n%s", peer, ports, ruleset)
			}
		}
	})
}
