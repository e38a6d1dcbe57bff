package proof

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// auditedCases is how many deployments of each target are audited, each with one
// rule of every fault.
const auditedCases = 60

// What a target renders is right, and one rule that is dropped, widened, narrowed,
// written twice or mistyped is that fault and no other.
func TestAuditOfWhatIsRendered(t *testing.T) {
	t.Parallel()
	clouds, err := Clouds(firewall.Targets()...)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range clouds {
		t.Run(c.Target.Name, func(t *testing.T) {
			t.Parallel()
			if idOf[c.Target.Name] == "" {
				t.Fatalf("it is not written here what names a rule of %s", c.Target.Name)
			}
			tried := make(map[string]int)
			for seed := range uint64(auditedCases) {
				of, err := Generate(seed, c)
				if err != nil {
					t.Fatal(err)
				}
				in := auditInput(t, c, of)
				result := mustAudit(t, in)
				if result.OK != audit.Yes || result.Counts[audit.Present] != len(in.Expected) {
					t.Fatalf("%s\nwhat is rendered is not right: %s\n%v", of, result.Summary, result.Undecided)
				}
				if len(in.Expected) == 0 {
					continue
				}
				for id, e := range of.World {
					if e.managed() { // where its last rule is dropped, nothing else names its group
						in.Settings.Groups[id] = []string{c.group(of, id)}
					}
				}
				r := rand.New(rand.NewPCG(seed, 2))
				for _, name := range slices.Sorted(maps.Keys(auditFaults)) {
					fault := auditFaults[name]
					i := r.IntN(len(in.Expected))
					changed := in
					changed.Actual = slices.Clone(in.Actual)
					changed.Actual[i].Row = maps.Clone(in.Actual[i].Row)
					if !fault(&changed, i) {
						continue
					}
					tried[name]++
					checkFault(t, of, name, changed, i)
				}
			}
			for name := range auditFaults {
				if tried[name] == 0 {
					t.Errorf("no rule was %s", name)
				}
			}
		})
	}
}

func mustAudit(t *testing.T, in audit.Input) *audit.Result {
	t.Helper()
	in.Actual = slices.Clone(in.Actual) // its rows are used up
	result, err := audit.Run(in)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// auditInput is an installation in which what is wanted is there. The i-th rule
// that is there is the i-th that is wanted.
func auditInput(t *testing.T, c Cloud, of *Case) audit.Input {
	t.Helper()
	result, err := c.Render(of, c.bindings(of))
	if err != nil {
		t.Fatal(err)
	}
	in := audit.Input{Cloud: c.Reader, Settings: audit.Settings{Groups: make(map[string][]string)}}
	withRules := make(map[string]bool)
	var denies []audit.Actual // what closes a group is there, and is no rule that is wanted
	for _, way := range ways {
		for _, bound := range c.given(result, way.in, way.of) {
			rows, err := c.rowsOf(bound, way.of)
			if err != nil {
				t.Fatal(err)
			}
			for i, row := range rows {
				there := audit.Actual{Direction: way.of, Row: maps.Clone(row), State: true}
				if row["access"] == "Deny" {
					denies = append(denies, there)
					continue
				}
				withRules[bound.Host] = true
				key := bound.Key
				if len(rows) > 1 { // a policy has several rules
					key += fmt.Sprintf("#%d", i)
				}
				in.Expected = append(in.Expected, audit.Expected{Key: key, Direction: way.of, Host: bound.Host, Peer: bound.Peer, Flows: bound.Flows, Row: row})
				if name := idOf[c.Target.Name]; name != "name" {
					there.Row[name] = fmt.Sprintf("id-%04d", len(in.Actual))
				}
				in.Actual = append(in.Actual, there)
			}
		}
	}
	in.Actual = append(in.Actual, denies...)
	for direction, rows := range c.standing {
		for _, row := range rows {
			in.Actual = append(in.Actual, audit.Actual{Direction: direction, Row: row})
		}
	}
	in.Settings.Addresses = make(map[string][]netip.Prefix)
	for id, e := range of.World {
		if e.List {
			in.Settings.Addresses[c.list(of, id)] = e.Entries
		}
		if e.managed() {
			in.Hosts = append(in.Hosts, id)
			if !withRules[id] {
				in.Settings.Groups[id] = []string{c.group(of, id)}
			}
		}
	}
	return in
}

// idOf is the attribute that names a rule, by target.
var idOf = map[string]string{"aws": "security_group_rule_id", "azure": "name", "gcp": "name", "kubernetes": "id", "openstack": "id"}

// auditFaults change the i-th rule that is there; false where it cannot be.
var auditFaults = map[string]func(in *audit.Input, i int) bool{
	"dropped": func(in *audit.Input, i int) bool {
		in.Actual = slices.Delete(in.Actual, i, i+1)
		return true
	},
	"written twice": func(in *audit.Input, i int) bool {
		again := in.Actual[i]
		if rule, selects := again.Row["rule"]; selects && rule == nil {
			return false // a policy without a rule opens nothing that another could do
		}
		again.Row = maps.Clone(again.Row)
		again.Row[idOf[in.Cloud.Name]] = "zz-again"
		in.Actual = append(in.Actual, again)
		return true
	},
	"widened": func(in *audit.Input, i int) bool {
		row := in.Actual[i].Row
		switch in.Cloud.Name {
		case "aws":
			row["ip_protocol"], row["from_port"], row["to_port"] = "-1", nil, nil
		case "azure":
			row["protocol"], row["destination_port_range"], row["destination_port_ranges"] = "*", "*", nil
		case "gcp":
			row["protocol"], row["ports"], row["allow"] = "all", nil, nil
		case "kubernetes":
			return withPorts(row)
		case "openstack":
			row["protocol"], row["port_range_min"], row["port_range_max"] = nil, nil, nil
		}
		return true
	},
	"mistyped": func(in *audit.Input, i int) bool {
		row := in.Actual[i].Row
		switch in.Cloud.Name {
		case "aws":
			return mistype(row, "ip_protocol", "from_port", "to_port")
		case "kubernetes":
			return withPorts(row, map[string]any{"protocol": "TCP", "port": int64(64999)})
		case "openstack":
			return mistype(row, "protocol", "port_range_min", "port_range_max")
		}
		if flipped[fmt.Sprint(row["protocol"])] == "" {
			return false
		}
		if in.Cloud.Name == "azure" {
			row["destination_port_range"], row["destination_port_ranges"] = "64999", nil
		} else {
			row["ports"] = []string{"64999"}
		}
		return true
	},
	"narrowed": func(in *audit.Input, i int) bool {
		row := in.Actual[i].Row
		if in.Cloud.Name == "kubernetes" {
			rule, _ := row["rule"].(map[string]any)
			ports, _ := rule["ports"].([]any)
			return len(ports) > 1 && withPorts(row, ports[0])
		}
		for _, name := range []string{"ip_protocol", "protocol"} {
			if other := flipped[fmt.Sprint(row[name])]; other != "" {
				row[name] = other
				return true
			}
		}
		return false
	},
}

// flipped has the other of two protocols with ports, as clouds write them.
var flipped = map[string]string{"tcp": "udp", "udp": "tcp", "Tcp": "Udp", "Udp": "Tcp"}

// withPorts gives a policy's rule other ports, or every one; false where the policy
// has no rule.
func withPorts(row cloud.Row, ports ...any) bool {
	rule, ok := row["rule"].(map[string]any)
	if !ok {
		return false
	}
	rule = maps.Clone(rule)
	delete(rule, "ports")
	if len(ports) > 0 {
		rule["ports"] = ports
	}
	row["rule"] = rule
	return true
}

// mistype gives a rule of a protocol with ports a port that nothing else has.
func mistype(row cloud.Row, protocol, first, last string) bool {
	if row[protocol] != "tcp" && row[protocol] != "udp" {
		return false
	}
	row[first], row[last] = int64(64999), int64(64999)
	return true
}

// checkFault checks what the audit finds against what the packets say: no rule but
// the changed one is blamed, and that one exactly where it lacks or opens something.
func checkFault(t *testing.T, of *Case, name string, in audit.Input, i int) {
	t.Helper()
	result := mustAudit(t, in)
	wanted := in.Expected[i]
	lacks, opens := packetsOfFault(t, in, wanted)
	status := result.Expected[wanted.Direction][wanted.Key].Status
	if faulty := status == audit.Missing || status == audit.Partial; faulty != lacks {
		t.Fatalf("%s\n%s rule %s is %s; it lacks packets: %t %s", of, name, wanted.Key, status, lacks, result.Expected[wanted.Direction][wanted.Key].Remedy)
	}
	for _, e := range in.Expected {
		if other := result.Expected[e.Direction][e.Key].Status; (e.Key != wanted.Key || e.Direction != wanted.Direction) && other != audit.Present {
			t.Fatalf("%s\n%s rule %s, and %s is %s", of, name, wanted.Key, e.Key, other)
		}
	}
	excess := 0
	for id, found := range result.Actual {
		if found.Status == audit.Excess {
			excess++
		}
		if found.Status == audit.Undecided || found.Status == audit.Unknown {
			t.Fatalf("%s\n%s rule %s, and %s is %s: %s", of, name, wanted.Key, id, found.Status, found.Remedy)
		}
	}
	if opens != (excess == 1) || excess > 1 {
		t.Fatalf("%s\n%s rule %s: it opens too much: %t, and %d are excess: %s", of, name, wanted.Key, opens, excess, result.Summary)
	}
	if right := result.OK == audit.Yes; right == (lacks || opens) {
		t.Fatalf("%s\n%s rule %s: ok is %d, %s", of, name, wanted.Key, result.OK, result.Summary)
	}
	if name == "written twice" && result.Counts[audit.Redundant] == 0 {
		t.Fatalf("%s\nnone of two equal rules is redundant: %s", of, result.Summary)
	}
}

// packetsOfFault says, from the packets alone, whether a host lacks something of a
// rule that is wanted, and whether it opens something that is not.
func packetsOfFault(t *testing.T, in audit.Input, wanted audit.Expected) (lacks, opens bool) {
	t.Helper()
	world := cloud.World{IPv6: true, StateZeros: true, Addresses: in.Settings.Addresses}
	var target []packet.Rule
	var rule cloud.Rule
	for _, e := range in.Expected {
		if e.Direction != wanted.Direction || e.Host != wanted.Host {
			continue
		}
		read, _, err := in.Cloud.Read(e.Row, e.Direction, world)
		if err != nil {
			t.Fatal(err)
		}
		target = append(target, read.Packets)
		if e.Key == wanted.Key {
			rule = read
		}
	}
	var there []cloud.Rule
	for _, a := range in.Actual {
		read, _, err := in.Cloud.Read(a.Row, a.Direction, world)
		if err != nil {
			t.Fatal(err)
		}
		there = append(there, read)
	}
	passes, _ := in.Cloud.Passes(there, wanted.Direction, rule.Groups...)
	return !packet.New(rule.Packets).IsSubset(passes), !passes.IsSubset(packet.New(target...))
}
