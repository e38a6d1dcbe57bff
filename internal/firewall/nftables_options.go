package firewall

import (
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// RulesetOptions are what a host's ruleset depends on beside rules and bindings.
// The zero value is the default.
type RulesetOptions struct {
	// ContainerInterfaces are bridges of containers: exact names, or the beginning
	// of some and a star.
	ContainerInterfaces []string
	ClosedEgress        bool   // what the host opens is refused too, unless a flow is for it
	AdminComponent      string // by which administrators come in; empty: ssh
	AllowLockout        bool   // nobody of them need come in
	ExtraInput          Texts  // statements of the user's own, before the matrix's
	ExtraOutput         Texts
}

// check refuses options that nft would refuse or read as something else.
func (o RulesetOptions) check(errs *refusal.Errors) {
	at := refusal.At("options")
	for i, name := range o.ContainerInterfaces {
		errs.Add(checkInterface(at.Attribute("container_interfaces").Index(i), name))
	}
	for _, extra := range []struct {
		name       string
		statements Texts
	}{{"extra_input", o.ExtraInput}, {"extra_output", o.ExtraOutput}} {
		values, _ := extra.statements.Get()
		for i, value := range values {
			if text, ok := value.Get(); ok {
				errs.Add(checkStatement(at.Attribute(extra.name).Index(i), text))
			}
		}
	}
}

// longestInterface is one byte less than Linux's IFNAMSIZ.
const longestInterface = 15

// uplinks are examples of the names that Linux, systemd and others give to interfaces
// of the machine itself. What is called like one of them would be open to everyone.
func uplinks() []string {
	return []string{"eth0", "eno1", "ens3", "enp0s3", "em1", "p1p1", "wlan0", "wwan0", "bond0", "team0", "ib0", "usb0", "venet0", "vlan5", "lo"}
}

// isUplink reports whether a name is like one of an uplink, digits and VLANs apart,
// or, of a beginning of names, whether one of them begins so.
func isUplink(name string, begins bool) bool {
	name, _, _ = strings.Cut(name, ".")
	letters := withoutDigits(name)
	return isPredictable(name, begins) || slices.ContainsFunc(uplinks(), func(uplink string) bool {
		return begins && strings.HasPrefix(uplink, name) || letters == withoutDigits(uplink) && (letters != name || name == uplink)
	})
}

// isPredictable reports whether a name begins as those that systemd makes of where a
// device is: what it is, then a letter and a number, of which functions, ports and
// the like may follow (systemd.net-naming-scheme(7)). A beginning may end before the
// number.
func isPredictable(name string, begins bool) bool {
	const place = 2 // where the letter is
	if len(name) <= place || !slices.Contains([]string{"en", "ib", "sl", "wl", "ww"}, name[:place]) || strings.IndexByte("PXabcdopsuvx", name[place]) < 0 {
		return false
	}
	if len(name) == place+1 {
		return begins
	}
	numbers := "0123456789"
	if name[place] == 'x' { // of the hardware's address
		numbers += "abcdef"
	}
	return strings.IndexByte(numbers, name[place+1]) >= 0
}

func withoutDigits(name string) string {
	return strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return -1
		}
		return c
	}, name)
}

// checkInterface refuses names that Linux does not take, and those that open the
// network's own interface. nil: neither.
func checkInterface(at refusal.Path, name string) *refusal.Error {
	begin, isPattern := strings.CutSuffix(name, "*")
	wrong := &refusal.Error{At: at, Summary: "Invalid interface", Allowed: `the name of a bridge of containers, as in "docker0", or the beginning of several and a star, as in "br-canopsis*"`}
	if begin == "" || len(begin) > longestInterface || begin == "." || begin == ".." || strings.ContainsFunc(begin, func(c rune) bool {
		return c <= ' ' || c > '~' || strings.ContainsRune(`/:*"\{};#$@`, c)
	}) {
		wrong.Found = strconv.Quote(name) + " is not the name of an interface"
		if isPattern && begin == "" {
			wrong.Found = `"*" is every interface, and everything would be open to everyone`
		}
		return wrong
	}
	if isUplink(begin, isPattern) {
		wrong.Summary = "Interface of the network"
		wrong.Found = strconv.Quote(name) + " is what Linux calls an interface of the machine itself, or begins like one, and everything that comes in by it would be accepted"
		return wrong
	}
	return nil
}

// longestComment is how many bytes nft takes in one, and longestPrefix what the kernel
// takes before a line of its log.
const (
	longestComment = 128
	longestPrefix  = 127
)

// checkStatement refuses what is more than one statement of a rule. nil: it is one.
func checkStatement(at refusal.Path, text string) *refusal.Error {
	wrong := &refusal.Error{At: at, Summary: "Invalid statement", Allowed: "one rule of nftables on one line, without braces and semicolons, as in ip saddr 10.0.9.0/24 tcp dport 9100 accept"}
	text = strings.Trim(text, " ")
	first := text[:len(text)-len(strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyz"))] // nft needs no space behind a word
	switch {
	case text == "":
		wrong.Found = "the text is empty"
	case strings.ContainsFunc(text, func(c rune) bool { return c < ' ' || c == 0x7f }):
		wrong.Found = "there is a line break or another control character in it"
	case strings.ContainsAny(text, "{};"):
		wrong.Found = strconv.Quote(text) + " has braces or semicolons in it"
		wrong.Remedy = "Write one statement for each value"
	case strings.ContainsAny(text, `#\$`):
		wrong.Found = strconv.Quote(text) + ` has #, $ or a backslash in it, which nft reads as something else`
	case strings.Count(text, `"`)%2 != 0:
		wrong.Found = strconv.Quote(text) + " has a quotation mark that is not closed"
	case slices.Contains([]string{"include", "define", "redefine", "undefine", "table", "chain", "set", "map", "type", "policy", "hook", "flush", "delete", "destroy", "add", "insert", "replace", "rule", "comment", "flags"}, first):
		wrong.Found = strconv.Quote(first) + " is a word that nft reserves for something else than a rule"
	default:
		return checkQuoted(wrong, text)
	}
	return wrong
}

// checkQuoted refuses quoted texts of a statement that are too long, and letters
// outside of them that nft does not read. nil: neither.
func checkQuoted(wrong *refusal.Error, text string) *refusal.Error {
	before := ""
	for i, part := range strings.Split(text, `"`) {
		isQuoted, longest, what := i%2 == 1, longestComment, "comment"
		if strings.HasSuffix(strings.TrimRight(before, " "), "prefix") {
			longest, what = longestPrefix, "prefix"
		}
		switch {
		case isQuoted && len(part) > longest:
			wrong.Found = "its " + what + " has " + strconv.Itoa(len(part)) + " bytes"
			wrong.Allowed = "up to " + strconv.Itoa(longest) + " bytes in a " + what
			return wrong
		case !isQuoted && strings.ContainsFunc(part, func(c rune) bool { return c > '~' }):
			wrong.Found = strconv.Quote(text) + " has a letter or a space in it that nft does not read outside of quotation marks"
			return wrong
		}
		before = part
	}
	return nil
}
