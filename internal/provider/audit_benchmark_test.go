//go:build unix

package provider

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// printedForms print a rule that lets a prefix reach port 8443, as the tool of each
// target does, and all of them.
var printedForms = map[string]struct{ rule, all string }{
	"aws": {`{"SecurityGroupRuleId": "sgr-%d", "GroupId": "sg-0000000c", "GroupOwnerId": "123456789012", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 8443, "ToPort": 8443,
		"CidrIpv4": %q, "Description": "by hand", "SecurityGroupRuleArn": "arn:aws:ec2:eu-west-3:123456789012:security-group-rule/sgr-0a1", "Tags": []}`, `{"SecurityGroupRules": [%s]}`},
	"openstack": {`{"id": "%d", "tenant_id": "p", "project_id": "p", "security_group_id": "7d9e0c5e-0000-4000-8000-00000000000c", "ethertype": "IPv4", "direction": "ingress", "protocol": "tcp",
		"port_range_min": 8443, "port_range_max": 8443, "remote_ip_prefix": %q, "remote_address_group_id": null, "normalized_cidr": null, "remote_group_id": null, "standard_attr_id": 20,
		"description": "", "belongs_to_default_sg": false, "tags": [], "created_at": "2024-01-01T00:00:00Z", "updated_at": "2024-01-01T00:00:00Z", "revision_number": 0}`, `{"security_group_rules": [%s]}`},
	"gcp": {`{"name": "web-%d", "sourceRanges": [%q], "allowed": [{"IPProtocol": "tcp", "ports": ["8443"]}], "creationTimestamp": "2024-01-01T00:00:00.000-08:00", "description": "", "direction": "INGRESS",
		"disabled": false, "id": "1234567890123456789", "kind": "compute#firewall", "logConfig": {"enable": false}, "network": "https://www.googleapis.com/compute/v1/projects/p/global/networks/default",
		"priority": 1000, "selfLink": "https://www.googleapis.com/compute/v1/projects/p/global/firewalls/web", "targetTags": ["canopsis"]}`, `[%s]`},
}

// auditArguments are the arguments for so many rules that are wanted, and so many
// that are there, as a text: those that are wanted, and others, of which every n-th
// opens too much and the rest is in groups of somebody else.
func auditArguments(tb testing.TB, target string, wanted, there, n int) (expected, actual, settings tftypes.Value) {
	tb.Helper()
	base := auditExpected(tb, target)
	ingress, _ := base["ingress"].(object)
	var bound object
	for _, one := range ingress {
		bound, _ = one.(object)
	}
	attribute := map[string]string{"aws": "cidr_ipv4", "openstack": "remote_ip_prefix", "gcp": "source_ranges"}[target]
	rules, printed := object{}, make([]string, 0, there)
	for i := range there {
		prefix := fmt.Sprintf("10.%d.%d.%d/32", i>>16, i>>8&255, i&255)
		if i < wanted {
			key := prefix + "-to-canopsis/tcp-8443"
			var value any = prefix
			if target == "gcp" {
				value = list{prefix}
			}
			rules[key] = bound.with(object{attribute: value, "peer": prefix, "description": key})
		}
		text := fmt.Sprintf(printedForms[target].rule, i, prefix)
		if i >= wanted && i%n > 0 {
			text = strings.NewReplacer("0000000c", "0000000d", `["canopsis"]`, `["other"]`).Replace(text)
		}
		printed = append(printed, text)
	}
	text := fmt.Sprintf(printedForms[target].all, strings.Join(printed, ",\n"))
	return untyped(base.with(object{"ingress": rules})), untyped(text), untyped(object{"directions": list{"ingress"}})
}

// auditOnce is a call beside Terraform's protocol: texts are read, compared, and
// the result is built.
func auditOnce(tb testing.TB, expected, actual, settings tftypes.Value) {
	tb.Helper()
	r := &auditReader{}
	r.read(r.Root("expected", expected), r.Root("actual", actual), r.Root("settings", settings))
	value, err := r.audited()
	if err := errors.Join(r.Err(), err); err != nil || !value.IsKnown() {
		tb.Fatal(err, value)
	}
}

// processorTime is what the process has used, by all of its threads.
func processorTime(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		tb.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// processorTimeOf returns what one of the benchmark's runs takes, without the garbage
// of those before it: the least of three or more, since another process on the machine
// only ever adds to it.
func processorTimeOf(b *testing.B, run func()) time.Duration {
	b.Helper()
	least := time.Duration(math.MaxInt64)
	once := func() {
		runtime.GC()
		before := processorTime(b)
		run()
		least = min(least, processorTime(b)-before)
	}
	for b.Loop() {
		once()
	}
	for range 3 - b.N {
		once()
	}
	return least
}

// The most that a call may take: 100,000 rules as text against 10,000 that are
// wanted, in processor time, the collector's included; and a thousand bytes of
// memory for each rule beside its text.
const (
	mostProcessorTime = 2 * time.Second
	mostBytesARule    = 1000
)

// BenchmarkAuditRules is what a call costs beside Terraform's protocol, in processor
// time: nine rules in ten open what nobody wants.
func BenchmarkAuditRules(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // as the program has it
	for target := range printedForms {
		b.Run(target, func(b *testing.B) {
			const there, wanted = 100_000, 10_000
			expected, actual, settings := auditArguments(b, target, wanted, there, 1)
			b.ReportAllocs()
			spent := processorTimeOf(b, func() { auditOnce(b, expected, actual, settings) })
			b.ReportMetric(spent.Seconds(), "cpu-s/op")
			if spent > mostProcessorTime {
				b.Errorf("a call takes %s of processor time, more than %s", spent, mostProcessorTime)
			}
		})
	}
}

// BenchmarkAuditRulesGrowth prints by how much the processor time of a call grows
// with the number of rules doubled: 2.1 is n log n, 4 would be n².
func BenchmarkAuditRulesGrowth(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	last := 0.0
	for _, there := range []int{12_500, 25_000, 50_000, 100_000, 200_000} {
		b.Run(fmt.Sprintf("rules=%d", there), func(b *testing.B) {
			expected, actual, settings := auditArguments(b, "aws", there/10, there, 1)
			seconds := processorTimeOf(b, func() { auditOnce(b, expected, actual, settings) }).Seconds()
			if last > 0 {
				b.ReportMetric(seconds/last, "x-of-half")
			}
			last = seconds
		})
	}
}

// BenchmarkAuditRulesMemory prints how much more memory is in use at the most during
// a call than before it, for each rule that is there. Most of them are somebody
// else's, as in what is printed of a whole account: what is found of a rule takes
// another kilobyte in the framework's values.
func BenchmarkAuditRulesMemory(b *testing.B) {
	for target := range printedForms {
		b.Run(target, func(b *testing.B) {
			const there = 20_000
			expected, actual, settings := auditArguments(b, target, there/10, there, 10)
			most := 0.0
			for b.Loop() {
				most = max(most, peakOf(func() { auditOnce(b, expected, actual, settings) }))
			}
			b.ReportMetric(most/there, "peak-B/rule")
			if most/there > mostBytesARule {
				b.Errorf("%.0f bytes a rule, more than %d", most/there, mostBytesARule)
			}
		})
	}
}

// peakOf returns by how much more memory is in use at the most while something runs,
// as the collector finds it, which runs often enough for that here.
func peakOf(run func()) float64 {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	read := func() float64 {
		metrics.Read(live)
		return float64(live[0].Value.Uint64())
	}
	runtime.GC()
	before, most := read(), 0.0
	done, sampled := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sampled)
		for {
			select {
			case <-done:
				return
			case <-time.After(time.Millisecond):
				most = max(most, read())
			}
		}
	}()
	run()
	close(done)
	<-sampled
	return max(most-before, 0)
}

// BenchmarkCallAuditRules is a call as Terraform makes it: 10,000 rules that are
// wanted, and 100,000 that are there, as a text.
func BenchmarkCallAuditRules(b *testing.B) {
	expected, actual, settings := auditArguments(b, "aws", 10_000, 100_000, 1)
	req := request(b, "audit_rules", dynamic(expected), dynamic(actual), dynamic(settings))
	b.ReportAllocs()
	for b.Loop() {
		resp, err := providerserver.NewProtocol6(New("test")())().CallFunction(b.Context(), req)
		if err != nil || resp.Error != nil || resp.Result == nil {
			b.Fatal(err, resp.Error)
		}
	}
}
