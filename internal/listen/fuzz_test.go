package listen_test

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/listen"
)

// FuzzParse shows that no text brings the parser down, and that no listener is
// invented: its line has its port, its protocol and its address where a reader
// with other means looks for them.
func FuzzParse(f *testing.F) {
	for _, name := range slices.Sorted(maps.Keys(fixtures)) {
		text := fixture(f, name)
		f.Add(text)
		for line := range strings.Lines(text) {
			f.Add(line)
		}
	}
	f.Add("tcp LISTEN 0 5 [fe80::1%eth0]:80 [::]:*\nweb\t80-81->8080-8081/tcp")
	f.Add("tcp 0 1 N 0:0 0 LISTEN 0/\ntcp 0 0 0.0.0.0:1 0\x92\vLISTEN")
	f.Add(`{"Names":"web","Ports":"\u0038\u0030-\u003e80/tcp"}`)
	f.Fuzz(func(t *testing.T, text string) {
		report, err := listen.Parse(at, text)
		if err != nil {
			if !strings.Contains(err.Error(), "listeners: ") {
				t.Fatalf("the error points nowhere: %v", err)
			}
			return
		}
		lines := strings.Split(text, "\n")
		for _, l := range report.Listeners {
			if l.Line < 1 || l.Line > len(lines) || l.First == 0 || l.Last < l.First || l.Families == 0 || l.State < listen.Open {
				t.Fatalf("%s: out of bounds: %+v", tell(l), l)
			}
			if !isIn(l, lines[l.Line-1], text) {
				t.Fatalf("%s is not in line %d: %q", tell(l), l.Line, lines[l.Line-1])
			}
			if l.Loopback && !strings.Contains(l.Text, "127.") && !strings.Contains(l.Text, "1") && !strings.HasSuffix(strings.TrimSuffix(l.Text, "]"), "%lo") {
				t.Fatalf("%s: nothing says loopback", tell(l))
			}
		}
	})
}

// otherSpace is what separates words beside the spaces that \s stands for.
var otherSpace = regexp.MustCompile(`[\v\x{85}\p{Z}]`)

// isIn looks for a listener in its line, or for one of nmap's XML in the text.
func isIn(l listen.Listener, line, text string) bool {
	ports := fmt.Sprint(l.First)
	if l.Last != l.First {
		ports = fmt.Sprintf("%d-%d", l.First, l.Last)
	}
	switch {
	case l.Scanned && strings.Contains(line, "Host:") && found(`Host: .*[ ,]%s/(open|filtered|unfiltered|open\|filtered|closed\|filtered)/%s/`, otherSpace.ReplaceAllString(line, " "), ports, l.Protocol.String()):
		return true
	case l.Scanned:
		text = html.UnescapeString(text)
		return found(`portid\s*=\s*["']%s["']`, text, ports) && found(`protocol\s*=\s*["']%s["']`, text, l.Protocol.String()) && strings.Contains(text, l.Text)
	case l.ContainerFirst != 0:
		var container map[string]any
		if json.Unmarshal([]byte(line), &container) == nil {
			line = "\t" + fmt.Sprint(caseless(container, "ports"))
		}
		line = otherSpace.ReplaceAllString(line, " ")
		for _, outside := range spellings(l.First, l.Last) {
			for _, inside := range spellings(l.ContainerFirst, l.ContainerLast) {
				if found(`(^|[\s:])%s->%s/%s(,|\s|$)`, line, outside, inside, l.Protocol.String()) && (l.Text == "*" || strings.Contains(line, l.Text+":")) {
					return true
				}
			}
		}
		return false
	}
	address := strings.TrimSuffix(l.Text, "...")
	line = otherSpace.ReplaceAllString(line, " ")
	return strings.Contains(line, address+":"+ports) && found(`:%s\s`, line, ports) &&
		found(`(^|\s)(LISTEN|UNCONN|udp6?)(\s|$)`, line) && (found(`(^|\s|mp)%s6?\s`, line, l.Protocol.String()) || found(`^\s*(LISTEN|UNCONN)\s`, line))
}

// spellings returns how a range of ports may be written: one of one port with its
// port twice, too.
func spellings(first, last uint16) []string {
	both := fmt.Sprintf("%d-%d", first, last)
	if first == last {
		return []string{fmt.Sprint(first), both}
	}
	return []string{both}
}

// caseless returns a field as encoding/json finds it, in any case.
func caseless(o map[string]any, name string) any {
	for key, value := range o {
		if strings.EqualFold(key, name) {
			return value
		}
	}
	return nil
}

// found reports whether a text matches a pattern in which words stand for %s.
func found(pattern, text string, words ...string) bool {
	for _, word := range words {
		pattern = strings.Replace(pattern, "%s", regexp.QuoteMeta(word), 1)
	}
	return regexp.MustCompile(pattern).MatchString(text)
}
