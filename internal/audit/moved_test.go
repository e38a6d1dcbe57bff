package audit_test

import (
	"fmt"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
)

// Rules that a state has under another key are moved; what could not be moved as
// well, since Terraform reads moves one after the other, stays.
func TestMoved(t *testing.T) {
	t.Parallel()
	const rule = "module.firewall[\"a\"].aws_vpc_security_group_ingress_rule.this"
	for _, c := range []struct {
		name string
		keys []string // of the state's rules on ports 1, 2 and so on; key-1, key-2 and so on are wanted
		want string
	}{
		{"right already", []string{"key-1", "key-2"}, ""},
		{"another name", []string{"old", "key-2"}, "moved {\n  from = " + rule + "[\"old\"]\n  to   = " + rule + "[\"key-1\"]\n}\n"},
		{"two", []string{"b", "a"}, "moved {\n  from = " + rule + "[\"b\"]\n  to   = " + rule + "[\"key-1\"]\n}\n\nmoved {\n  from = " + rule + "[\"a\"]\n  to   = " + rule + "[\"key-2\"]\n}\n"},
		{"swapped", []string{"key-2", "key-1"}, ""},
		{"onto one that has to go first", []string{"old", "key-1"}, "moved {\n  from = " + rule + "[\"key-1\"]\n  to   = " + rule + "[\"key-2\"]\n}\n"},
		{"without a key", []string{"", "key-2"}, ""},
		{"quoted", []string{`${a}"b\c`, "key-2"}, "moved {\n  from = " + rule + `["$${a}\"b\\c"]` + "\n  to   = " + rule + "[\"key-1\"]\n}\n"},
	} {
		in := of("sg-1 tcp 1 10.0.0.0/8; sg-1 tcp 2 10.0.0.0/8", "")
		for i, key := range c.keys {
			in.Actual = append(in.Actual, audit.Actual{
				Direction: cloud.Ingress, Row: row(fmt.Sprintf("sg-1 tcp %d 10.0.0.0/8 sgr-%d", i+1, i+1)), State: true, Place: audit.Place{Resource: rule, Key: key},
			})
		}
		if got := run(t, in).Moved; got != c.want {
			t.Errorf("%s:\n%s\nand not\n%s", c.name, got, c.want)
		}
	}
}

// A rule that another input has too keeps the place that the state says, whichever
// comes first.
func TestMovedBesideAnotherInput(t *testing.T) {
	t.Parallel()
	bare := audit.Actual{Direction: cloud.Ingress, Row: row("sg-1 tcp 1 10.0.0.0/8 sgr-1")}
	placed := bare
	placed.Place = audit.Place{Resource: "aws_vpc_security_group_ingress_rule.this", Key: "old"}
	for _, actual := range [][]audit.Actual{{bare, placed}, {placed, bare}} {
		in := of("sg-1 tcp 1 10.0.0.0/8", "")
		in.Actual = actual
		want := "moved {\n  from = aws_vpc_security_group_ingress_rule.this[\"old\"]\n  to   = aws_vpc_security_group_ingress_rule.this[\"key-1\"]\n}\n"
		if got := run(t, in).Moved; got != want {
			t.Errorf("%s", got)
		}
	}
}
