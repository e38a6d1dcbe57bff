package matrix_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid" // random cases that shrink to the smallest failing one

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestParsePortRange(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]struct {
		protocol    matrix.Protocol
		first, last int
		text, key   string
	}{
		"tcp/443":       {matrix.TCP, 443, 443, "tcp/443", "tcp-443"},
		"udp/162":       {matrix.UDP, 162, 162, "udp/162", "udp-162"},
		"TCP/22":        {matrix.TCP, 22, 22, "tcp/22", "tcp-22"},
		"tcp/8000-8010": {matrix.TCP, 8000, 8010, "tcp/8000-8010", "tcp-8000-8010"},
		"tcp/443-443":   {matrix.TCP, 443, 443, "tcp/443", "tcp-443"},
		"tcp/1-65535":   {matrix.TCP, 1, 65535, "tcp/1-65535", "tcp-1-65535"},
		"udp/65535":     {matrix.UDP, 65535, 65535, "udp/65535", "udp-65535"},
	} {
		got, err := matrix.ParsePortRange(spec)
		if err != nil {
			t.Errorf("ParsePortRange(%q): %v", spec, err)
			continue
		}
		if got.Protocol() != want.protocol || got.From() != want.first || got.To() != want.last {
			t.Errorf("ParsePortRange(%q) = %v %d-%d; want %v %d-%d", spec,
				got.Protocol(), got.From(), got.To(), want.protocol, want.first, want.last)
		}
		if got.String() != want.text || got.Key() != want.key {
			t.Errorf("ParsePortRange(%q) reads %q, with key %q; want %q, %q", spec, got, got.Key(), want.text, want.key)
		}
		if !got.IsValid() {
			t.Errorf("ParsePortRange(%q) is not valid", spec)
		}
	}
}

func TestParsePortRangeRefuses(t *testing.T) {
	t.Parallel()
	const (
		form   = ` names no protocol`
		number = ` is not a port: ports are whole numbers from 1 to 65535`
	)
	for spec, want := range map[string]string{
		"":                         `""` + form,
		"443":                      `"443"` + form,
		"tcp:443":                  `"tcp:443" is not a protocol`,
		"/443":                     `"" is not a protocol`,
		"-1/443":                   `"-1" would be every protocol, and a matrix names each`,
		"tcp/":                     `""` + number,
		"tcp/-1":                   `""` + number,
		"tcp/443-":                 `""` + number,
		"tcp/https":                `"https"` + number,
		"tcp/0443":                 `"0443"` + number,
		"tcp/+443":                 `"+443"` + number,
		"tcp/ 443":                 `" 443"` + number,
		"tcp/443 ":                 `"443 "` + number,
		"tcp/4.43":                 `"4.43"` + number,
		"tcp/443/udp":              `"443/udp"` + number,
		"tcp/1-2-3":                `"2-3"` + number,
		"tcp/80,443":               `"80,443"` + number,
		"tcp/٤":                    `"٤"` + number,
		"tcp/1-٤":                  `"٤"` + number,
		"tcp/0":                    `0 is not a port: ports run from 1 to 65535`,
		"tcp/0-65535":              `0 is not a port: ports run from 1 to 65535`,
		"tcp/1-0":                  `0 is not a port: ports run from 1 to 65535`,
		"tcp/65536":                `65536 is not a port: ports run from 1 to 65535`,
		"tcp/1-65536":              `65536 is not a port: ports run from 1 to 65535`,
		"tcp/4294967739":           `4294967739 is not a port: ports run from 1 to 65535`, // 443 in 16 bits
		"tcp/99999999999999999999": `"99999999999999999999"` + number,
		"tcp/8010-8000":            `range 8010-8000 ends before it starts: write 8000-8010`,
	} {
		got, err := matrix.ParsePortRange(spec)
		if err == nil || err.Error() != want {
			t.Errorf("ParsePortRange(%q): error %v; want %s", spec, err, want)
		}
		if got.IsValid() {
			t.Errorf("ParsePortRange(%q) = %v beside its error; want an invalid range", spec, got)
		}
	}
}

func TestNewPortRange(t *testing.T) {
	t.Parallel()
	tests := []struct {
		protocol    matrix.Protocol
		first, last int
		want, err   string
	}{
		{matrix.TCP, 1, 1, "tcp/1", ""},
		{matrix.UDP, 1, 65535, "udp/1-65535", ""},
		{matrix.TCP, 65535, 65535, "tcp/65535", ""},
		{0, 443, 443, "", "0 is not a protocol"},
		{1, 443, 443, "", "443 is not a type of icmp: types run from 0 to 255"},
		{matrix.TCP, 0, 443, "", "0 is not a port: ports run from 1 to 65535"},
		{matrix.TCP, -1, 443, "", "-1 is not a port: ports run from 1 to 65535"},
		{matrix.TCP, 1, 65536, "", "65536 is not a port: ports run from 1 to 65535"},
		{matrix.TCP, 1, 0, "", "0 is not a port: ports run from 1 to 65535"},
		{matrix.TCP, 2, 1, "", "range 2-1 ends before it starts: write 1-2"},
	}
	for _, test := range tests {
		got, err := matrix.NewPortRange(test.protocol, test.first, test.last)
		if test.err != "" {
			if err == nil || err.Error() != test.err {
				t.Errorf("NewPortRange(%d, %d, %d): error %v; want %s", test.protocol, test.first, test.last, err, test.err)
			}
			if got.IsValid() {
				t.Errorf("NewPortRange(%d, %d, %d) = %v beside its error", test.protocol, test.first, test.last, got)
			}
			continue
		}
		if err != nil || got.String() != test.want {
			t.Errorf("NewPortRange(%d, %d, %d) = %v, %v; want %s", test.protocol, test.first, test.last, got, err, test.want)
		}
	}
}

func TestZeroPortRangeAdmitsNothing(t *testing.T) {
	t.Parallel()
	var zero matrix.PortRange
	if zero.IsValid() {
		t.Error("the zero range is valid")
	}
	for _, protocol := range []matrix.Protocol{0, matrix.TCP, matrix.UDP} {
		for _, port := range []int{0, 1, 65535} {
			if zero.Contains(protocol, port) {
				t.Errorf("the zero range contains %v/%d", protocol, port)
			}
		}
	}
	if got := matrix.NewPorts(zero, zero); !got.IsEmpty() || got.Len() != 0 {
		t.Errorf("NewPorts of zero ranges = %v; want none", got)
	}
	if got := matrix.NewPorts(zero, matrix.MustPortRange("tcp/1")).String(); got != "tcp/1" {
		t.Errorf("a zero range beside tcp/1 makes %q", got)
	}
}

func TestPortRangeContains(t *testing.T) {
	t.Parallel()
	r := matrix.MustPortRange("tcp/8000-8010")
	for port, want := range map[int]bool{7999: false, 8000: true, 8005: true, 8010: true, 8011: false, 0: false, -1: false, 8000 + 65536: false} {
		if got := r.Contains(matrix.TCP, port); got != want {
			t.Errorf("%v contains tcp/%d: %t; want %t", r, port, got, want)
		}
		if r.Contains(matrix.UDP, port) {
			t.Errorf("%v contains udp/%d", r, port)
		}
	}
}

func TestPortRangeCompare(t *testing.T) {
	t.Parallel()
	ascending := []matrix.PortRange{
		{},
		matrix.MustPortRange("tcp/1"),
		matrix.MustPortRange("tcp/1-2"),
		matrix.MustPortRange("tcp/2"),
		matrix.MustPortRange("tcp/10"), // by number, not by text
		matrix.MustPortRange("tcp/65535"),
		matrix.MustPortRange("udp/1"),
	}
	for i, a := range ascending {
		for j, b := range ascending {
			want := 0
			if i < j {
				want = -1
			} else if i > j {
				want = 1
			}
			if got := a.Compare(b); got != want {
				t.Errorf("(%v).Compare(%v) = %d; want %d", a, b, got, want)
			}
		}
	}
}

func TestNewPorts(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		specs []string
		want  string
	}{
		"nothing":                     {nil, ""},
		"sorted":                      {[]string{"udp/53", "tcp/8443", "tcp/443"}, "tcp/443, tcp/8443, udp/53"},
		"repeated":                    {[]string{"tcp/443", "tcp/443"}, "tcp/443"},
		"neighbours stay apart":       {[]string{"tcp/81", "tcp/80"}, "tcp/80, tcp/81"},
		"ranges side by side":         {[]string{"tcp/1-10", "tcp/11-20"}, "tcp/1-10, tcp/11-20"},
		"one port in common":          {[]string{"tcp/1-10", "tcp/10-20"}, "tcp/1-20"},
		"one inside the other":        {[]string{"tcp/1-100", "tcp/50"}, "tcp/1-100"},
		"inside, then past":           {[]string{"tcp/1-100", "tcp/2-3", "tcp/90-110"}, "tcp/1-110"},
		"joined by a third":           {[]string{"tcp/80", "tcp/81", "tcp/80-81"}, "tcp/80-81"},
		"a chain":                     {[]string{"tcp/3-5", "tcp/1-3", "tcp/5-7", "tcp/9"}, "tcp/1-7, tcp/9"},
		"protocols never join":        {[]string{"tcp/1-10", "udp/5-15"}, "tcp/1-10, udp/5-15"},
		"the end of tcp is not udp's": {[]string{"tcp/65535", "udp/1"}, "tcp/65535, udp/1"},
		"everything":                  {[]string{"tcp/1-65535", "tcp/1", "tcp/65535"}, "tcp/1-65535"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := matrix.ParsePorts(test.specs...)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != test.want {
				t.Errorf("ParsePorts(%q) = %q; want %q", test.specs, got, test.want)
			}
			if got.IsEmpty() != (test.want == "") {
				t.Errorf("%q.IsEmpty() = %t", got, got.IsEmpty())
			}
		})
	}
}

func TestNewPortsLeavesItsArgumentAlone(t *testing.T) {
	t.Parallel()
	given := []matrix.PortRange{matrix.MustPortRange("udp/1"), {}, matrix.MustPortRange("tcp/5-9"), matrix.MustPortRange("tcp/1-6")}
	before := slices.Clone(given)
	ports := matrix.NewPorts(given...)
	if !slices.Equal(given, before) {
		t.Errorf("NewPorts changed its argument to %v", given)
	}
	given[2] = matrix.MustPortRange("tcp/22")
	if got := ports.String(); got != "tcp/1-9, udp/1" {
		t.Errorf("a change of the argument changed the set to %q", got)
	}
}

func TestParsePortsRefuses(t *testing.T) {
	t.Parallel()
	got, err := matrix.ParsePorts("tcp/443", "tcp/0", "nonsense")
	if want := "0 is not a port: ports run from 1 to 65535"; err == nil || err.Error() != want {
		t.Errorf("error %v; want %s", err, want)
	}
	if !got.IsEmpty() {
		t.Errorf("ParsePorts = %v beside its error; want nothing", got)
	}
}

func TestMustPanicsOnBadSpecs(t *testing.T) {
	t.Parallel()
	for name, call := range map[string]func(){
		"MustPortRange": func() { matrix.MustPortRange("tcp/0") },
		"MustPorts":     func() { matrix.MustPorts("tcp/443", "tcp/0") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			defer func() {
				err, ok := recover().(error)
				if want := "0 is not a port: ports run from 1 to 65535"; !ok || err.Error() != want {
					t.Errorf("panicked with %v; want the error %s", err, want)
				}
			}()
			call()
		})
	}
}

func TestPortsReplace(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		ports, wrong, right string
		want                string
	}{
		"the page's Redis":            {"tcp/6739", "tcp/6739", "tcp/6379", "tcp/6379"},
		"beside others":               {"tcp/6739, tcp/22", "tcp/6739", "tcp/6379", "tcp/22, tcp/6379"},
		"absent":                      {"tcp/22", "tcp/6739", "tcp/6379", "tcp/22"},
		"part of a range, not itself": {"tcp/6700-6800", "tcp/6739", "tcp/6379", "tcp/6700-6800"},
		"the other protocol":          {"udp/6739", "tcp/6739", "tcp/6379", "udp/6739"},
		"by what is there":            {"tcp/6379, tcp/6739", "tcp/6739", "tcp/6379", "tcp/6379"},
		"by what overlaps":            {"tcp/1, tcp/5-9", "tcp/1", "tcp/8-12", "tcp/5-12"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ports := ports(t, test.ports)
			got := ports.Replace(matrix.MustPortRange(test.wrong), matrix.MustPortRange(test.right))
			if got.String() != test.want {
				t.Errorf("(%s).Replace(%s, %s) = %q; want %q", test.ports, test.wrong, test.right, got, test.want)
			}
			if !ports.Equal(matrix.MustPorts(split(test.ports)...)) {
				t.Errorf("Replace changed its receiver to %v", ports)
			}
		})
	}
}

func TestPortsPredicates(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b            string
		equal, overlaps bool
	}{
		{"", "", true, false},
		{"", "tcp/1", false, false},
		{"tcp/1", "tcp/1", true, true},
		{"tcp/1", "udp/1", false, false},
		{"tcp/1, tcp/2", "tcp/1-2", false, true}, // the same ports, but two rules
		{"tcp/1-5", "tcp/5-9", false, true},
		{"tcp/1-5", "tcp/6-9", false, false},
		{"tcp/1, tcp/9", "tcp/2-8", false, false},
		{"tcp/1, udp/9", "tcp/9, udp/8-10", false, true},
	}
	for _, test := range tests {
		for _, pair := range [][2]string{{test.a, test.b}, {test.b, test.a}} {
			a, b := ports(t, pair[0]), ports(t, pair[1])
			if got := a.Equal(b); got != test.equal {
				t.Errorf("(%s).Equal(%s) = %t; want %t", a, b, got, test.equal)
			}
			if got := a.Overlaps(b); got != test.overlaps {
				t.Errorf("(%s).Overlaps(%s) = %t; want %t", a, b, got, test.overlaps)
			}
		}
	}

	set := ports(t, "tcp/1-5, udp/9")
	for spec, want := range map[string]bool{"tcp/1-5": true, "udp/9": true, "tcp/1": false, "tcp/1-4": false, "tcp/9": false} {
		if got := set.Has(matrix.MustPortRange(spec)); got != want {
			t.Errorf("(%s).Has(%s) = %t; want %t", set, spec, got, want)
		}
	}
	if set.Has(matrix.PortRange{}) {
		t.Error("a set has the zero range")
	}
	if set.Len() != 2 {
		t.Errorf("(%s).Len() = %d; want 2", set, set.Len())
	}
}

func TestPortRangeRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := drawPortRange(t)
		got, err := matrix.ParsePortRange(r.String())
		if err != nil || got != r {
			t.Fatalf("ParsePortRange(%q) = %v, %v", r, got, err)
		}
	})
}

func TestNewPortsIsCanonical(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		ranges := drawPortRanges(t)
		ports := matrix.NewPorts(ranges...)
		if again := matrix.NewPorts(slices.Collect(ports.All())...); !again.Equal(ports) {
			t.Fatalf("NewPorts of (%v) = (%v)", ports, again)
		}
		if twice := matrix.NewPorts(slices.Concat(ranges, ranges)...); !twice.Equal(ports) {
			t.Fatalf("NewPorts of everything twice = (%v); want (%v)", twice, ports)
		}
		permuted := rapid.Permutation(ranges).Draw(t, "permuted")
		if other := matrix.NewPorts(permuted...); !other.Equal(ports) {
			t.Fatalf("NewPorts(%v) = (%v); in another order (%v)", ranges, ports, other)
		}
	})
}

func TestPortsUnionLaws(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := matrix.NewPorts(drawPortRanges(t)...), matrix.NewPorts(drawPortRanges(t)...), matrix.NewPorts(drawPortRanges(t)...)
		if ab, ba := a.Union(b), b.Union(a); !ab.Equal(ba) {
			t.Fatalf("a ∪ b = (%v), b ∪ a = (%v)", ab, ba)
		}
		if left, right := a.Union(b).Union(c), a.Union(b.Union(c)); !left.Equal(right) {
			t.Fatalf("(a ∪ b) ∪ c = (%v), a ∪ (b ∪ c) = (%v)", left, right)
		}
		if got := a.Union(a); !got.Equal(a) {
			t.Fatalf("a ∪ a = (%v); want (%v)", got, a)
		}
		if got := a.Union(matrix.Ports{}); !got.Equal(a) {
			t.Fatalf("a ∪ nothing = (%v); want (%v)", got, a)
		}
	})
}

func FuzzParsePortRange(f *testing.F) {
	for _, spec := range []string{"tcp/443", "UDP/162", "tcp/8000-8010", "tcp/8010-8000", "tcp/0", "tcp/65536", "tcp/+1", "", "/", "-", "icmp", "icmp/8", "icmp/3-4", "vrrp", "ip/253", "ip/253/1", "sctp/1"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		r, err := matrix.ParsePortRange(spec)
		if err != nil {
			if r != (matrix.PortRange{}) {
				t.Fatalf("ParsePortRange(%q) = %v beside the error %v", spec, r, err)
			}
			return
		}
		if !r.IsValid() || r.Protocol().HasPorts() && (r.From() < 1 || r.To() > 65535 || r.To() < r.From()) {
			t.Fatalf("ParsePortRange(%q) = %d to %d of %v", spec, r.From(), r.To(), r.Protocol())
		}
		if again, err := matrix.ParsePortRange(r.String()); err != nil || again != r {
			t.Fatalf("ParsePortRange(%q) = %v, which reads back as %v, %v", spec, r, again, err)
		}
	})
}

func BenchmarkNewPorts(b *testing.B) {
	ranges := slices.Collect(matrix.MustPorts("tcp/22", "tcp/443", "tcp/8080", "tcp/8443", "tcp/15672", "udp/53", "udp/162", "tcp/8000-8010").All())
	slices.Reverse(ranges)
	b.ReportAllocs()
	for b.Loop() {
		matrix.NewPorts(ranges...)
	}
}
