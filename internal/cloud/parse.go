package cloud

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext" // reads a text without holding it twice, and refuses a name that stands twice; Go 1.27 has it as its own

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Parse reads the JSON that the cloud's command line or API prints for its rules,
// or what terraform show -json prints of a state. A value that is not known by its
// name stays in the row under that name, where Read refuses it. An answer of which
// more pages follow is an error. The error is an *refusal.Error.
func (c Cloud) Parse(text string) (Seen, error) {
	text = strings.TrimPrefix(text, "\ufeff") // some shells write it first
	if found, remedy := otherThanJSON(text); found != "" {
		err := unprinted(found, c)
		err.Remedy = remedy
		return Seen{}, err
	}
	value, err := c.decode(text)
	if err != nil {
		return Seen{}, err
	}
	if page, ok := value.(map[string]any); ok {
		if name := continued(page); name != "" {
			return Seen{}, &refusal.Error{
				Summary: "Incomplete answer",
				Found:   name + " says that there are more pages",
				Remedy:  "Give all of them, as the command line does without a limit",
			}
		}
		if page["format_version"] != nil {
			return c.state(page)
		}
	}
	seen, ok := c.printed(value)
	if !ok {
		err := unprinted("it has no rules where they are known to stand", c)
		err.Remedy = "Give the whole answer as it is printed, without --query, jq or another selection"
		return Seen{}, err
	}
	return seen, nil
}

// otherThanJSON says what a text is that its beginning shows not to be JSON, and what
// to do about it; nothing of any other.
func otherThanJSON(text string) (found, remedy string) {
	begin := strings.TrimSpace(text[:min(len(text), 64)])
	switch {
	case begin == "" && strings.TrimSpace(text) == "":
		return "it is empty", ""
	case strings.HasPrefix(begin, "<"):
		return "it is a page of HTML or XML, as a server gives that asks who you are", ""
	case strings.HasPrefix(begin, "\x1f"), strings.HasPrefix(begin, "H4sI"):
		return "it is compressed, as gzip does it", "Give what gunzip makes of it"
	case strings.ContainsRune(begin, 0), strings.HasPrefix(begin, "\ufffd\ufffd"):
		return "it is UTF-16, as > of Windows PowerShell writes it",
			`Write it as UTF-8, as in "| Out-File -Encoding utf8 rules.json", or give textdecodebase64(filebase64("rules.json"), "UTF-16LE")`
	}
	return "", ""
}

// pages are the attributes of an answer that say that another one follows.
var pages = []string{"NextToken", "nextPageToken", "nextLink", "@odata.nextLink", "security_group_rules_links", "security_groups_links"}

// continued names the attribute that says that an answer has more pages.
func continued(page map[string]any) string {
	for _, name := range pages {
		if !isAbsent(page[name]) {
			return name
		}
	}
	if metadata, ok := page["metadata"].(map[string]any); ok && !isAbsent(metadata["continue"]) {
		return "metadata.continue"
	}
	return ""
}

func unprinted(found string, c Cloud) *refusal.Error {
	return &refusal.Error{Summary: "Unreadable rules", Found: found, Allowed: "what these print: " + c.prints + ", terraform show -json"}
}

// decode reads the one JSON document that a text is. The error is an *refusal.Error.
func (c Cloud) decode(text string) (any, error) {
	t := &textReader{decoder: jsontext.NewDecoder(strings.NewReader(text)), names: make(map[string]attribute), values: make(map[string]any)}
	for _, name := range c.notes {
		t.names[strconv.Quote(name)] = attribute{skipped: true}
	}
	for _, name := range c.repeated {
		t.names[strconv.Quote(name)] = attribute{name: name, repeated: true}
	}
	for _, name := range c.optional {
		t.names[strconv.Quote(name)] = attribute{name: name, optional: true}
	}
	value, err := t.value()
	var syntax *jsontext.SyntacticError
	switch {
	case err == nil:
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return nil, unprinted("it is not JSON: it ends before it is complete", c)
	case errors.As(err, &syntax):
		line := 1 + strings.Count(text[:min(len(text), int(syntax.ByteOffset))], "\n")
		return nil, unprinted(fmt.Sprintf("it is not JSON: %v in line %d", syntax.Err, line), c)
	default:
		return nil, unprinted("it is not JSON: "+err.Error(), c)
	}
	if kind := t.decoder.PeekKind(); kind == '{' || kind == '[' {
		err := unprinted("something stands behind the JSON: another document", c)
		err.Remedy = "Give each as a text of its own in a list; of JSON lines, that is split(\"\\n\", trimspace(file(\"rules.jsonl\")))"
		return nil, err
	}
	if _, err := t.decoder.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, unprinted("something stands behind the JSON", c)
	}
	return value, nil
}

// textReader reads JSON as values of a Row. What says nothing about who may reach
// what is skipped, and what stands there again and again is kept once: a text of
// a hundred thousand rules has the same names in each, and few groups and ports.
type textReader struct {
	decoder *jsontext.Decoder
	names   map[string]attribute // as they are written
	values  map[string]any       // as they are written
	inside  bool                 // of a value that is kept as a whole: none in it is
}

// attribute is what a name stands for.
type attribute struct {
	name     string
	skipped  bool
	repeated bool // its value is kept as a whole, be it a list or an object
	optional bool // it is left out where it is null
}

// mostKept is how many names and values are kept, each not longer than longestKept.
const (
	mostKept    = 4096
	longestKept = 128
)

func (t *textReader) value() (any, error) {
	switch byte(t.decoder.PeekKind()) {
	case '{':
		return t.object()
	case '[':
		return t.list()
	}
	return t.once(scalar)
}

// once reads a value that is kept, and was read before or is read now.
func (t *textReader) once(read func(raw jsontext.Value) (any, error)) (any, error) {
	raw, err := t.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	if kept, ok := t.values[string(raw)]; ok {
		return kept, nil
	}
	keep := len(t.values) < mostKept && len(raw) <= longestKept
	key := ""
	if keep {
		key = string(raw) // which the decoder writes over
	}
	value, err := read(raw)
	if err == nil && keep {
		t.values[key] = value
	}
	return value, err
}

// nested reads a value that may have others in it.
func (t *textReader) nested(raw jsontext.Value) (any, error) {
	inner := *t
	inner.decoder, inner.inside = jsontext.NewDecoder(bytes.NewReader(raw)), true
	return inner.value()
}

// scalar returns a value without others in it.
func scalar(raw jsontext.Value) (any, error) {
	switch byte(raw.Kind()) {
	case '"':
		text, err := jsontext.AppendUnquote(nil, raw)
		return string(text), err
	case '0':
		if n, err := strconv.ParseInt(string(raw), 10, 64); err == nil {
			return n, nil
		}
		return json.Number(raw), nil
	case 't', 'f':
		return raw.Kind() == 't', nil
	}
	return nil, nil
}

func (t *textReader) object() (any, error) {
	if _, err := t.decoder.ReadToken(); err != nil {
		return nil, err
	}
	object := make(map[string]any, 8)
	for t.decoder.PeekKind() != '}' {
		at, err := t.name()
		switch {
		case err != nil:
		case at.skipped, at.optional && t.decoder.PeekKind() == 'n':
			err = t.decoder.SkipValue()
		case at.repeated && !t.inside:
			object[at.name], err = t.once(t.nested)
		default:
			object[at.name], err = t.value()
		}
		if err != nil {
			return nil, err
		}
	}
	_, err := t.decoder.ReadToken()
	return object, err
}

// name reads an attribute's name.
func (t *textReader) name() (attribute, error) {
	raw, err := t.decoder.ReadValue()
	if err != nil {
		return attribute{}, err
	}
	if kept, ok := t.names[string(raw)]; ok {
		return kept, nil
	}
	text, err := jsontext.AppendUnquote(nil, raw)
	at := attribute{name: string(text)}
	if err == nil && len(t.names) < mostKept && len(raw) <= longestKept {
		t.names[string(raw)] = at
	}
	return at, err
}

func (t *textReader) list() (any, error) {
	if _, err := t.decoder.ReadToken(); err != nil {
		return nil, err
	}
	list := []any{}
	for t.decoder.PeekKind() != ']' {
		value, err := t.value()
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	_, err := t.decoder.ReadToken()
	return list, err
}
