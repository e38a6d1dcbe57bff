package provider

import (
	"iter"
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// reader reads what a person wrote: data sources' arguments, rules, bindings and
// what reports are given. Everything that is wrong is collected in its Errors,
// with the place at which it stands; a value that was needed and is not known yet
// sets unknown, or is an error where MustBeKnown says so.
//
//	r := &reader{}
//	for id, flow := range r.Root("additional_flows", v).Optional().Entries() {
//		o, ok := flow.Object("an object with source, destination and ports")
//		source, ports := o.Required("source").ID(), o.Required("ports").Texts()
//	}
//	if err := r.Err(); err != nil { ... }
//
// What is null, left out, unknown or of another type reads as the zero value, so
// that reading goes on and finds all that is wrong.
type reader struct {
	refusal.Errors
	// unknown reports that something which was read is not known yet.
	unknown bool
	// missing is the remedy for a required value that is null or left out.
	missing string
	// known, where it is set, refuses every unknown value with these words.
	known *mustBeKnown
}

// mustBeKnown words why an unknown value cannot be waited for.
type mustBeKnown struct{ found, remedy string }

// field is a value and the place at which it stands. Paths are spelt where there
// is something to say alone: rules come by the ten thousand.
type field struct {
	r        *reader
	at       refusal.Path // of what it stands in; its own where there is no step
	step     refusal.Step
	value    tftypes.Value // without a type where it is left out
	written  string        // an attribute that was probably meant to be this one
	ofSet    bool          // it is a set's element, and stands where the set does
	optional bool
	like     string       // what it should hold
	known    *mustBeKnown // why it must be known; nil where it need not be
	elements *elementWords
}

// elementWords are the words of a field's elements.
type elementWords struct {
	like  string
	known *mustBeKnown
}

// listWords say what a list holds, for errors: "a prefix", "a list of prefixes",
// `"10.20.0.0/16"`. remedy says what to type where something must be known and is
// not; it is empty where nothing must be.
type listWords struct{ one, many, example, remedy string }

// Root begins to read an argument.
func (r *reader) Root(name string, v tftypes.Value) field { return r.At(refusal.At(name), v) }

// At begins to read a value that stands at a place.
func (r *reader) At(at refusal.Path, v tftypes.Value) field {
	return field{r: r, at: at, value: v, known: r.known}
}

// Optional returns the field as one that may be null or left out.
func (f field) Optional() field {
	f.optional = true
	return f
}

// Like says what the field should hold, for the error where it holds another
// type: "a list of prefixes, as in [\"10.20.0.0/16\"]".
func (f field) Like(what string) field {
	f.like = what
	return f
}

// MustBeKnown returns the field as one that may not be unknown. found says so, as
// in "the attribute is not known yet, and the rules depend on it", and remedy what
// to type.
func (f field) MustBeKnown(found, remedy string) field {
	f.known = &mustBeKnown{found, remedy}
	return f
}

// List says what a list should hold.
func (f field) List(words listWords) field {
	f.elements = &elementWords{like: words.one + ", as in " + words.example, known: f.known}
	if words.remedy != "" {
		f.elements.known = &mustBeKnown{words.one + " of the list" + notKnownInRules, words.remedy}
		f = f.MustBeKnown(words.many+notKnownInRules, words.remedy)
	}
	return f.Like(words.many + ", as in [" + words.example + "]")
}

// Path returns where the value stands.
func (f field) Path() refusal.Path {
	switch f.step.Kind {
	case refusal.AttributeStep:
		return f.at.Attribute(f.step.Name)
	case refusal.KeyStep:
		return f.at.Key(f.step.Name)
	case refusal.IndexStep:
		return f.at.Index(f.step.Index)
	}
	return f.at
}

// IsNull reports whether the value is null or left out.
func (f field) IsNull() bool { return f.value.Type() == nil || f.value.IsNull() }

// IsUnknown reports whether the value itself is not known yet; a part of it may
// still be unknown.
func (f field) IsUnknown() bool { return f.value.Type() != nil && !f.value.IsKnown() }

// usable reports whether there is a value to read, and otherwise says what is to
// be said about that.
func (f field) usable() bool {
	switch {
	case f.IsNull():
		if !f.optional {
			f.r.Add(f.missing())
		}
		return false
	case !f.value.IsKnown():
		f.notKnown()
		return false
	}
	return true
}

func (f field) missing() *refusal.Error {
	if f.ofSet || f.step.Kind == refusal.IndexStep || f.step.Kind == refusal.KeyStep && f.r.missing == "" {
		return &refusal.Error{At: f.Path(), Summary: "Null element", Found: "null stands here", Remedy: "Give it a value, or leave the element out"}
	}
	err := &refusal.Error{At: f.Path(), Summary: "Missing value", Found: "this is left out or null", Allowed: f.like, Remedy: f.r.missing}
	if f.written != "" {
		err.Found += ", and " + strconv.Quote(f.written) + ", which stands there, is not looked at"
	}
	return err
}

func (f field) notKnown() {
	if f.known == nil {
		f.r.unknown = true
		return
	}
	f.r.Add(&refusal.Error{
		At:      f.Path(),
		Summary: "Unknown at plan",
		Found:   f.known.found,
		Remedy:  f.known.remedy,
	})
}

// wrong adds that the value is of another type than it should be.
func (f field) wrong(want string) {
	if f.like != "" {
		want = f.like
	}
	f.r.Add(&refusal.Error{At: f.Path(), Summary: "Wrong type", Found: describe(f.value) + " stands here", Allowed: want})
}

// in returns the field of a part of this one.
func (f field) in(at refusal.Path, step refusal.Step, v tftypes.Value) field {
	part := field{r: f.r, at: at, step: step, value: v, known: f.r.known}
	if f.elements != nil {
		part.like, part.known = f.elements.like, f.elements.known
	}
	return part
}

// Object reads an object, or a map in an object's place. ok is false where there
// is none; what is read of it then is absent, without a further error.
func (f field) Object(want string) (o fields, ok bool) {
	if f.like == "" {
		f.like = want
	}
	if !f.usable() {
		return fields{}, false
	}
	values, ok := elements(f.value)
	if !ok {
		f.wrong(want)
		return fields{}, false
	}
	return fields{f: f, at: f.Path(), attributes: values}, true
}

// fields are an object's attributes, which are to be read.
type fields struct {
	f          field
	at         refusal.Path
	attributes map[string]tftypes.Value
	names      []string // of all attributes that there are, where a misspelt one is to be found; nil: not
}

// Required returns an attribute that must be there.
func (o fields) Required(name string) field {
	f := o.f.in(o.at, refusal.Step{Kind: refusal.AttributeStep, Name: name}, o.attributes[name])
	if o.names != nil && f.IsNull() {
		f.written = o.misspelt(name)
	}
	return f
}

// misspelt returns an attribute that is not one of the names and is near one.
func (o fields) misspelt(name string) string {
	for _, written := range o.Names() {
		if !slices.Contains(o.names, written) && refusal.Nearest(written, o.names) == name {
			return written
		}
	}
	return ""
}

// Optional returns an attribute that may be null or left out.
func (o fields) Optional(name string) field { return o.Required(name).Optional() }

// Names returns the names of all attributes, null ones too, sorted.
func (o fields) Names() []string { return slices.Sorted(maps.Keys(o.attributes)) }

// RefuseOthers refuses attributes of other names than the allowed ones; what
// says what these are: "an attribute of a binding".
func (o fields) RefuseOthers(what string, allowed []string) {
	for _, name := range o.Names() {
		if !slices.Contains(allowed, name) {
			o.refuse(name, what, allowed)
		}
	}
}

func (o fields) refuse(name, what string, allowed []string) {
	err := refusal.Unknown(o.at.Attribute(name), name, what, allowed)
	err.Summary = "Unknown attribute"
	o.f.r.Add(err)
}

// Entries reads a map, or an object in a map's place, in the order of its keys.
func (f field) Entries() iter.Seq2[string, field] {
	return func(yield func(string, field) bool) {
		if !f.usable() {
			return
		}
		values, ok := elements(f.value)
		if !ok {
			f.wrong("a map")
			return
		}
		at := f.Path()
		for _, key := range slices.Sorted(maps.Keys(values)) {
			if !yield(key, f.in(at, refusal.Step{Kind: refusal.KeyStep, Name: key}, values[key])) {
				return
			}
		}
	}
}

// size returns how many entries a map or an object has, for what is made of them.
func (f field) size() int {
	if f.IsNull() {
		return 0
	}
	values, _ := elements(f.value)
	return len(values)
}

// Elements reads a list, a tuple or a set. A set's elements have no place of
// their own, and stand where the set does.
func (f field) Elements() iter.Seq2[int, field] {
	return func(yield func(int, field) bool) {
		if !f.usable() {
			return
		}
		values, ok := sequence(f.value)
		if !ok {
			f.wrong("a list")
			return
		}
		at, isSet := f.Path(), f.value.Type().Is(tftypes.Set{})
		for i, value := range values {
			element := f.in(at, refusal.Step{Kind: refusal.IndexStep, Index: i}, value)
			if isSet {
				element.step, element.ofSet = refusal.Step{}, true
			}
			if !yield(i, element) {
				return
			}
		}
	}
}
