package page

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// block is a paragraph, a line of a quotation, an item of a list: text that may be
// about a table.
type block struct {
	place
	seen  content
	grows bool // such text behind it belongs to it
}

// denial returns what in a block says that something is not open; empty where
// nothing does.
func (b block) denial() string {
	return cmp.Or(denialIn(b.seen.text), denialIn(b.seen.picture), b.seen.denied)
}

// words returns what a reader sees of a block.
func (b block) words() string { return cmp.Or(b.seen.text, b.seen.picture) }

// passages are the blocks since the last heading or table.
type passages struct {
	behind *table // that they stand behind, and that is read; nil: none
	blocks int    // before the last
	last   block  // the zero value: there is none
}

// passage notes a paragraph.
func (o *outline) passage(p place, seen content) {
	o.complete(nil)
	seen.text = oneLine(seen.text)
	o.last = block{place: p, seen: seen}
}

// aside notes text that is no paragraph, and belongs to such text before it.
func (o *outline) aside(p place, text string) {
	const most = 400 // bytes of it: what is longer is about more than a table
	text = strings.Join(strings.Fields(text), " ")
	if text == "" {
		return
	}
	if !o.last.grows || len(o.last.seen.text)+len(text) > most {
		o.complete(nil)
		o.last = block{place: p, grows: true}
	}
	o.last.seen.text = strings.TrimSpace(o.last.seen.text + " " + text)
}

// between ends the blocks before a heading, or before a table.
func (o *outline) between(t *table) {
	o.complete(t)
	o.passages = passages{}
}

// complete ends the last block, which stands before a table that is read where t
// is not nil. A short one beside a table is about it, and one that denies is
// refused; any other that denies something is warned about.
func (o *outline) complete(t *table) {
	const short = 80 // bytes of a line that serves as a heading or as a caption
	b := o.last
	o.last = block{}
	if b.words() == "" {
		return
	}
	first := o.blocks == 0
	o.blocks++
	denial := b.denial()
	about := len(b.seen.text) <= short && !isAboutOthers(b.seen.text)
	if namesPort(b.seen.text) {
		o.notes.add(b.place, "%s names a port in no row of a table, and nothing was opened for it", quoted(b.words()))
	}
	if t != nil && len(b.seen.text) <= short {
		o.announce(t, b)
	}
	switch {
	case about && t != nil && cmp.Or(denial, b.seen.struck) != "":
		o.denied(t, t.place, "behind "+quoted(b.words()), cmp.Or(denial, b.seen.struck))
	case denial == "":
	case about && first && o.behind != nil:
		where := "before " + quoted(b.words())
		if strings.HasPrefix(b.text, "line ") { // of HTML it is the text itself
			where += " in " + b.text
		}
		o.denied(o.behind, b.place, where, denial)
	default:
		o.remark(b)
	}
}

// announce looks at a short block before a further table of a kind, which may be
// of something else than the first: it stands where a heading could.
func (o *outline) announce(t *table, b block) {
	first, ok := o.joints[t.kind]
	apart := first.headings != o.headings // a heading of its own says what the table is about
	release := releaseIn(b.seen.text) != ""
	switch {
	case !ok, apart && !release:
	case release && !apart:
		o.faults.add(t.place, &refusal.Error{
			Summary: "Tables of different releases",
			Found:   fmt.Sprintf("a %s stands in %s, and another in %s behind %s", t.kind, first.text, t.text, quoted(b.seen.text)),
			Remedy:  "Give the page of one release",
		})
	default:
		o.notes.add(t.place, "the %s behind %s was joined to the one in %s", t.kind, quoted(b.seen.text), first.text)
	}
}

// releaseIn returns the first number of a text that can be a release: "24.04".
func releaseIn(text string) string {
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') }) {
		if major, minor, ok := strings.Cut(word, "."); ok && len(major) > 0 && len(major) <= 2 && len(minor) > 0 && minor[0] != '.' {
			return word
		}
	}
	return ""
}

// namesPort reports whether a text has a protocol with a port beside it: "TCP/443",
// "443/tcp", "TCP, port n° 443".
func namesPort(text string) bool {
	last := "" // of the words before that are a protocol or a number
	for said := range strings.FieldsSeq(words(text)) {
		switch {
		case said == "tcp" || said == "udp":
			if last == "number" {
				return true
			}
			last = "protocol"
		case strings.Trim(said, "0123456789") == "":
			if last == "protocol" {
				return true
			}
			last = "number"
		case last == "protocol" && strings.Contains(" port ports n no numero ", " "+said+" "):
		default:
			last = ""
		}
	}
	return false
}

// namesOther reports whether a text has a number behind the word for a port that a
// Port cell lacks.
func namesOther(text, portCell string) bool {
	said := strings.Fields(words(text))
	has := strings.Fields(words(portCell))
	for i := 1; i < len(said); i++ {
		if (said[i-1] == "port" || said[i-1] == "ports") && portIn(said[i]) != "" && !slices.Contains(has, said[i]) {
			return true
		}
	}
	return false
}

// remark warns of a block that denies something, if its section has anything that
// is read; else it waits until there is something.
func (o *outline) remark(b block) {
	const most = 20 // that wait
	if n := len(o.sections); n > 0 && !o.sections[n-1].used {
		if s := &o.sections[n-1]; len(s.denying) < most {
			s.denying = append(s.denying, b)
		}
		return
	}
	o.notes.add(b.place, "%s has %s, and the page's tables were read as open", quoted(b.words()), quoted(b.denial()))
}

// styled warns of a style sheet among what the page says: it is not looked at.
func (o *outline) styled(p place) {
	o.notes.add(p, "the page has a style sheet, which was not looked at: it can hide rows or strike them out")
}
