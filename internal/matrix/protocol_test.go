package matrix_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

func TestParseProtocol(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		protocol matrix.Protocol
		name     string
	}{
		"tcp": {matrix.TCP, "tcp"}, "TCP": {matrix.TCP, "tcp"}, "Tcp": {matrix.TCP, "tcp"},
		"udp": {matrix.UDP, "udp"}, "UDP": {matrix.UDP, "udp"},
		"sctp": {matrix.SCTP, "sctp"}, "icmp": {matrix.ICMP, "icmp"}, "ICMPv6": {matrix.ICMPv6, "icmpv6"},
		"vrrp": {112, "vrrp"}, "esp": {50, "esp"}, "ah": {51, "ah"}, "gre": {47, "gre"}, "ospf": {89, "ospf"},
		"3pc": {34, "3pc"}, "ipv6-frag": {44, "ipv6-frag"}, "bit-emu": {147, "bit-emu"},
		"ip/253": {253, "ip/253"}, "IP/61": {61, "ip/61"}, "ip/254": {254, "ip/254"}, "ip/148": {148, "ip/148"},
	} {
		got, err := matrix.ParseProtocol(text)
		if got != want.protocol || got.String() != want.name || err != nil {
			t.Errorf("ParseProtocol(%q) = %v, %v; want %s, which is %d", text, got, err, want.name, want.protocol)
		}
	}
}

func TestParseProtocolRefuses(t *testing.T) {
	t.Parallel()
	const (
		every   = ` would be every protocol, and a matrix names each`
		no      = ` is not a protocol`
		numbers = `: numbers run from 1 to 254, as in ip/253`
	)
	for text, want := range map[string]string{
		"":          `""` + no,
		"any":       `"any"` + every,
		"all":       `"all"` + every,
		"ALL":       `"ALL"` + every,
		"-1":        `"-1"` + every,
		"0":         `"0"` + every,
		"ip":        `"ip"` + every,
		"ip/0":      `"ip/0"` + every,
		"hopopt":    `"hopopt"` + every,
		"6":         `"6"` + no,
		"253":       `"253"` + no,
		"255":       `"255"` + no,
		" tcp":      `" tcp"` + no,
		"invalid":   `"invalid"` + no,
		"tcpp":      `"tcpp"` + no,
		"ip/112":    `"ip/112" has a name: write vrrp`,
		"ip/6":      `"ip/6" has a name: write tcp/PORT`,
		"ip/58":     `"ip/58" has a name: write icmpv6`,
		"ip/255":    `"ip/255" is reserved` + numbers,
		"ip/256":    `"ip/256" is not a protocol` + numbers,
		"ip/-1":     `"ip/-1" is not a protocol` + numbers,
		"ip/":       `"ip/" is not a protocol` + numbers,
		"ip/0253":   `"ip/0253" is not a protocol` + numbers,
		"ip/+253":   `"ip/+253" is not a protocol` + numbers,
		"ip/vrrp":   `"ip/vrrp" is not a protocol` + numbers,
		"ipv6-icmp": `"ipv6-icmp" is not the name of a protocol here: write icmpv6`,
		"icmp6":     `"icmp6" is not the name of a protocol here: write icmpv6`,
	} {
		got, err := matrix.ParseProtocol(text)
		if err == nil || err.Error() != want {
			t.Errorf("ParseProtocol(%q): error %v; want %s", text, err, want)
		}
		if got.Valid() {
			t.Errorf("ParseProtocol(%q) = %v beside its error; want an invalid protocol", text, got)
		}
	}
}

// What is proposed is what the error says, and of what would be every protocol
// nothing is: ah is near all, by its letters alone.
func TestNearestProtocol(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"tcpp": "tcp", "vrpp": "vrrp", "icmp6": "icmpv6", "ospfigp": "ospf",
		"ip/6": "tcp", "ip/112": "vrrp", "ip/253": "", "ip/256": "", "ip/vrrp": "",
		"all": "", "ALL": "", "any": "", "-1": "", "0": "", "ip": "", "ip/0": "", "hopopt": "", "*": "",
	} {
		if got := matrix.NearestProtocol(text); got != want {
			t.Errorf("NearestProtocol(%q) = %q; want %q", text, got, want)
		}
	}
}

func TestProtocolIsItsIANANumber(t *testing.T) {
	t.Parallel()
	for protocol, want := range map[matrix.Protocol]matrix.Protocol{
		matrix.ICMP: 1, matrix.TCP: 6, matrix.UDP: 17, matrix.ICMPv6: 58, matrix.VRRP: 112, matrix.SCTP: 132,
	} {
		if protocol != want {
			t.Errorf("%v = %d; want %d", protocol, protocol, want)
		}
	}
	spellings := make(map[string]int)
	for number := range 256 {
		p := matrix.Protocol(number)
		if valid := number != 0 && number != 255; p.Valid() != valid {
			t.Errorf("Protocol(%d).Valid() = %t; want %t", number, p.Valid(), valid)
		}
		if !p.Valid() {
			if p.String() != "invalid" {
				t.Errorf("Protocol(%d).String() = %q; want invalid", number, p)
			}
			continue
		}
		if again, err := matrix.ParseProtocol(p.String()); again != p || err != nil {
			t.Errorf("Protocol(%d) reads %q, which reads back as %d, %v", number, p, again, err)
		}
		if other, ok := spellings[p.String()]; ok {
			t.Errorf("protocols %d and %d are both %q", other, number, p)
		}
		spellings[p.String()] = number
		if name, isNumber := strings.CutPrefix(p.String(), "ip/"); isNumber && name != strconv.Itoa(number) {
			t.Errorf("Protocol(%d).String() = %q", number, p)
		}
		if got, want := p.HasPorts(), slices.Contains([]int{6, 17, 132}, number); got != want {
			t.Errorf("%v.HasPorts() = %t; want %t", p, got, want)
		}
		if got, want := p.IsICMP(), number == 1 || number == 58; got != want {
			t.Errorf("%v.IsICMP() = %t; want %t", p, got, want)
		}
	}
}

// A name must not be read as something else in a key or a port spec.
func TestProtocolNamesAreWords(t *testing.T) {
	t.Parallel()
	names := matrix.ProtocolNames()
	if len(names) != 138 || names[0] != "icmp" || names[len(names)-1] != "bit-emu" {
		t.Errorf("%d names, from %s to %s; want 138, from icmp to bit-emu", len(names), names[0], names[len(names)-1])
	}
	for _, name := range names {
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-") != "" || strings.HasPrefix(name, "-") || name == "ip" {
			t.Errorf("%q is not a word of letters, digits and hyphens", name)
		}
	}
}

func TestPortRangesOfOtherProtocols(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]struct {
		text, key   string
		from, to    int
		first, last uint16
	}{
		"icmp":           {"icmp", "icmp", matrix.None, matrix.None, 0, 65535},
		"icmp/8":         {"icmp/8", "icmp-8", 8, matrix.None, 0x800, 0x8ff},
		"icmp/0":         {"icmp/0", "icmp-0", 0, matrix.None, 0, 255},
		"icmp/3-4":       {"icmp/3-4", "icmp-3-4", 3, 4, 0x304, 0x304},
		"icmp/3-3":       {"icmp/3-3", "icmp-3-3", 3, 3, 0x303, 0x303},
		"icmp/8-0":       {"icmp/8-0", "icmp-8-0", 8, 0, 0x800, 0x800},
		"ICMPv6/255-255": {"icmpv6/255-255", "icmpv6-255-255", 255, 255, 65535, 65535},
		"vrrp":           {"vrrp", "vrrp", matrix.None, matrix.None, 0, 65535},
		"ESP":            {"esp", "esp", matrix.None, matrix.None, 0, 65535},
		"ip/253":         {"ip/253", "ip-253", matrix.None, matrix.None, 0, 65535},
		"IP/253":         {"ip/253", "ip-253", matrix.None, matrix.None, 0, 65535},
		"sctp/36412":     {"sctp/36412", "sctp-36412", 36412, 36412, 36412, 36412},
		"sctp/1-65535":   {"sctp/1-65535", "sctp-1-65535", 1, 65535, 1, 65535},
	} {
		got, err := matrix.ParsePortRange(spec)
		if err != nil {
			t.Errorf("ParsePortRange(%q): %v", spec, err)
			continue
		}
		if got.String() != want.text || got.Key() != want.key || got.From() != want.from || got.To() != want.to {
			t.Errorf("ParsePortRange(%q) = %q, key %q, from %d to %d; want %+v", spec, got, got.Key(), got.From(), got.To(), want)
		}
		if first, last, ok := got.Line(); first != want.first || last != want.last || !ok {
			t.Errorf("(%v).Line() = %d, %d, %t; want %d, %d", got, first, last, ok, want.first, want.last)
		}
		if again, err := matrix.NewPortRange(got.Protocol(), got.From(), got.To()); err != nil || again != got {
			t.Errorf("NewPortRange(%v, %d, %d) = %v, %v", got.Protocol(), got.From(), got.To(), again, err)
		}
	}
	if first, last, ok := (matrix.PortRange{}).Line(); first != 0 || last != 0 || ok {
		t.Errorf("the zero range's line is %d to %d, %t; want none", first, last, ok)
	}
}

func TestPortRangesOfOtherProtocolsRefuse(t *testing.T) {
	t.Parallel()
	const icmp = ` is not a type or a code of ICMP: write TYPE or TYPE-CODE, whole numbers from 0 to 255, as in icmp/8 or icmp/3-4`
	for spec, want := range map[string]string{
		"tcp":        `"tcp" has no port: write tcp/PORT or tcp/FIRST-LAST, as in tcp/443 or tcp/8000-8010`,
		"SCTP":       `"SCTP" has no port: write sctp/PORT or sctp/FIRST-LAST, as in sctp/443 or sctp/8000-8010`,
		"vrrp/1":     `"vrrp/1" names a port, and vrrp has none: write vrrp`,
		"esp/":       `"esp/" names a port, and esp has none: write esp`,
		"ip/253/1":   `"ip/253/1" names a port, and ip/253 has none: write ip/253`,
		"ip/112":     `"ip/112" has a name: write vrrp`,
		"icmp/":      `""` + icmp,
		"icmp/echo":  `"echo"` + icmp,
		"icmp/-1":    `""` + icmp,
		"icmp/8-":    `""` + icmp,
		"icmp/3-4-5": `"4-5"` + icmp,
		"icmp/08":    `"08"` + icmp,
		"icmp/256":   `256 is not a type of icmp: types run from 0 to 255`,
		"icmp/3-256": `256 is not a code of icmp: codes run from 0 to 255`,
	} {
		got, err := matrix.ParsePortRange(spec)
		if err == nil || err.Error() != want {
			t.Errorf("ParsePortRange(%q): error %v; want %s", spec, err, want)
		}
		if got.IsValid() {
			t.Errorf("ParsePortRange(%q) = %v beside its error; want an invalid range", spec, got)
		}
	}
	for _, test := range []struct {
		protocol matrix.Protocol
		from, to int
		want     string
	}{
		{matrix.VRRP, 1, 1, "vrrp has no ports"},
		{matrix.VRRP, 0, matrix.None, "vrrp has no ports"},
		{matrix.TCP, matrix.None, matrix.None, "-1 is not a port: ports run from 1 to 65535"},
		{matrix.TCP, 443, matrix.None, "-1 is not a port: ports run from 1 to 65535"},
		{matrix.ICMP, matrix.None, 4, "-1 is not a type of icmp: types run from 0 to 255"},
		{matrix.ICMP, 8, -2, "-2 is not a code of icmp: codes run from 0 to 255"},
		{255, matrix.None, matrix.None, "255 is not a protocol"},
	} {
		if got, err := matrix.NewPortRange(test.protocol, test.from, test.to); err == nil || err.Error() != test.want || got.IsValid() {
			t.Errorf("NewPortRange(%d, %d, %d) = %v, %v; want %s", test.protocol, test.from, test.to, got, err, test.want)
		}
	}
}

func TestPortsOfOtherProtocolsMerge(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ specs, want string }{
		{"icmp/8, icmp", "icmp"},
		{"icmp, icmp/8, icmp/3-4", "icmp"},
		{"icmp/3, icmp/3-4", "icmp/3"},
		{"icmp/3-4, icmp/3-3, icmp/3-4", "icmp/3-3, icmp/3-4"},
		{"icmp/8, icmp/0", "icmp/0, icmp/8"},
		{"icmp, icmpv6", "icmp, icmpv6"},
		{"vrrp, vrrp, tcp/1-65535", "tcp/1-65535, vrrp"},
		{"ip/253, ip/254", "ip/253, ip/254"},
	} {
		if got := ports(t, test.specs).String(); got != test.want {
			t.Errorf("%s make %s; want %s", test.specs, got, test.want)
		}
	}
	if matrix.MustPorts("icmp").Overlaps(matrix.MustPorts("icmpv6", "tcp/1-65535")) {
		t.Error("icmp overlaps with what is not icmp")
	}
	if !matrix.MustPorts("icmp/3").Overlaps(matrix.MustPorts("icmp/3-4")) {
		t.Error("icmp/3 does not overlap with icmp/3-4")
	}
}
