package cloud

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Row is a rule by the names of its attributes. A value is nil, a string, a bool,
// a whole number (int64, int, float64 or json.Number), a list ([]string, []any)
// of texts or rows, a Row or a map[string]any, or [Unknown]. An attribute that is
// nil, an empty text or an empty list is as if it were not there, unless its
// cloud says otherwise.
type Row map[string]any

// Unknown is a value that is not known yet.
type Unknown struct{}

// row reads a Row, and collects what is wrong with it.
type row struct {
	values  Row
	at      refusal.Path
	read    []string // names; a few, and rows come by the hundred thousand
	errs    *refusal.Errors
	unknown *bool // a value that was asked for is not known yet
	ipv6    bool  // a prefix of IPv6 was read
}

// spareRows are rows that were read and of which nothing is kept: there may be
// hundreds of thousands, one behind the other.
var spareRows = sync.Pool{New: func() any {
	return &row{read: make([]string, 0, 48), errs: new(refusal.Errors), unknown: new(bool)}
}}

func newRow(values Row) *row {
	r, _ := spareRows.Get().(*row)
	r.values = values
	return r
}

// spare gives up a row in which nothing was wrong: its errors would be kept.
func (r *row) spare() {
	if r.errs.Len() > 0 {
		return
	}
	clear(r.read)
	*r.unknown = false
	*r = row{read: r.read[:0], errs: r.errs, unknown: r.unknown}
	spareRows.Put(r)
}

// leftovers refuses attributes that nobody read.
func (r *row) leftovers() {
	var others []string
	for name, value := range r.values {
		if !isAbsent(value) && !slices.Contains(r.read, name) {
			others = append(others, name)
		}
	}
	slices.Sort(others)
	for _, name := range others {
		known := slices.Compact(slices.Sorted(slices.Values(r.read)))
		r.errs.Add(&refusal.Error{
			At:      r.at.Attribute(name),
			Summary: "Unknown attribute",
			Found:   fmt.Sprintf("%q is not an attribute that is known here, and could narrow or widen the rule", name),
			Nearest: refusal.Nearest(name, known),
			Allowed: refusal.List(known),
		})
	}
}

// wrong adds an error about an attribute.
func (r *row) wrong(name, found, allowed string) {
	r.errs.Add(&refusal.Error{At: r.at.Attribute(name), Summary: "Unreadable rule", Found: found, Allowed: allowed})
}

func isAbsent(value any) bool {
	switch v := value.(type) {
	case nil:
		return true
	case string:
		return v == ""
	case []string:
		return len(v) == 0
	case []any:
		return len(v) == 0
	case []Row:
		return len(v) == 0
	}
	return false
}

// has reports whether the attribute has a value.
func (r *row) has(name string) bool { return !isAbsent(r.values[name]) }

// ignore names attributes that change nothing about who may reach what.
func (r *row) ignore(names ...string) {
	r.read = append(r.read, names...)
}

// value returns an attribute's value, and nil where it has none or is unknown.
func (r *row) value(name string) any {
	r.read = append(r.read, name)
	value := r.values[name]
	if _, unknown := value.(Unknown); unknown {
		*r.unknown = true
		return nil
	}
	if isAbsent(value) {
		return nil
	}
	return value
}

// text returns a text, and "" where there is none. A whole number is one, too: a
// protocol may be written as either.
func (r *row) text(name string) string {
	value := r.value(name)
	if text, ok := value.(string); ok {
		return text
	}
	if n, ok := whole(value); ok {
		return strconv.FormatInt(n, 10)
	}
	if value != nil {
		r.wrong(name, "it is "+spelt(value), "a text")
	}
	return ""
}

// id returns a text that names something else; a number names nothing.
func (r *row) id(name string) string {
	if n, ok := whole(r.values[name]); ok {
		r.wrong(name, fmt.Sprintf("it is the number %d", n), "a text")
	}
	return r.text(name)
}

// number returns a whole number; false where there is none. A text may hold one.
func (r *row) number(name string) (int64, bool) {
	value := r.value(name)
	if value == nil {
		return 0, false
	}
	if text, ok := value.(string); ok {
		value = json.Number(text)
	}
	n, ok := whole(value)
	if !ok {
		r.wrong(name, "it is "+spelt(value), "a whole number")
	}
	return n, ok
}

func whole(value any) (int64, bool) {
	switch v := value.(type) {
	case int64:
		return v, true
	case int:
		return int64(v), true
	case float64:
		return int64(v), float64(int64(v)) == v
	case json.Number:
		n, err := strconv.ParseInt(v.String(), 10, 64)
		return n, err == nil
	}
	return 0, false
}

// flag returns a truth value; false where there is none.
func (r *row) flag(name string) (value, ok bool) {
	switch v := r.value(name).(type) {
	case nil:
		return false, false
	case bool:
		return v, true
	default:
		r.wrong(name, "it is "+spelt(v), "true or false")
		return false, false
	}
}

// texts returns a list of texts. An unknown or empty one is an error.
func (r *row) texts(name string) []string {
	switch v := r.value(name).(type) {
	case nil:
		return nil
	case []string:
		return r.checked(name, v)
	case []any:
		texts := make([]string, 0, len(v))
		for i, element := range v {
			if _, unknown := element.(Unknown); unknown {
				*r.unknown = true
				return nil
			}
			text, ok := element.(string)
			if !ok {
				r.errs.Add(&refusal.Error{At: r.at.Attribute(name).Index(i), Summary: "Unreadable rule", Found: "it is " + spelt(element), Allowed: "a text"})
				return nil
			}
			texts = append(texts, text)
		}
		return r.checked(name, texts)
	default:
		r.wrong(name, "it is "+spelt(v), "a list of texts")
		return nil
	}
}

func (r *row) checked(name string, texts []string) []string {
	if i := slices.Index(texts, ""); i >= 0 {
		r.errs.Add(&refusal.Error{At: r.at.Attribute(name).Index(i), Summary: "Unreadable rule", Found: "it is empty"})
		return nil
	}
	return texts
}

// rows returns the rows of a list of objects, which share this row's errors.
func (r *row) rows(name string) []*row {
	var elements []any
	switch v := r.value(name).(type) {
	case nil:
	case []any:
		elements = v
	case []Row:
		for _, element := range v {
			elements = append(elements, element)
		}
	default:
		r.wrong(name, "it is "+spelt(v), "a list of objects")
	}
	var rows []*row
	for i, element := range elements {
		at := r.at.Attribute(name).Index(i)
		if _, unknown := element.(Unknown); unknown {
			*r.unknown = true
			continue
		}
		values, ok := element.(Row)
		if !ok {
			values, ok = element.(map[string]any)
		}
		if !ok {
			r.errs.Add(&refusal.Error{At: at, Summary: "Unreadable rule", Found: "it is " + spelt(element), Allowed: "an object"})
			continue
		}
		rows = append(rows, &row{values: values, at: at, read: make([]string, 0, 4), errs: r.errs, unknown: r.unknown})
	}
	return rows
}

// spelt writes a value as JSON does; a long one is cut.
func spelt(value any) string {
	const most = 80 // bytes
	if _, unknown := value.(Unknown); unknown {
		return "not known yet"
	}
	text, err := json.Marshal(value)
	if err != nil {
		return "no value"
	}
	if len(text) > most {
		return strings.ToValidUTF8(string(text[:most]), "") + "…"
	}
	return string(text)
}

// everyProtocol is what protocol returns for every one of them.
const everyProtocol = -1
