package matrix

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
)

// Description says what a flow is for: a reason, or several where flows merged
// into one. The zero value says nothing.
type Description []Reason

// Reason is one sentence of a description. What this product says has a kind and
// parameters, so that a report can say it in another language. What a page or a
// user says has neither: these are their own words, and stay as they are.
type Reason struct {
	Kind       ReasonKind
	Parameters []string // what the sentence is about, as its kind says
	Text       string   // in English, or in their own words
}

// ReasonKind says whose sentence a reason is. The zero value is OwnWords.
type ReasonKind uint8

// The kinds of reasons, with their parameters.
const (
	OwnWords            ReasonKind = iota // of a page or of a user; no parameters
	RowReason                             // a row of an embedded edition: version, source, component
	ErratumReason                         // a flow that a page forgets: erratum, source or "*", component
	InterconnectionLink                   // a link of the catalogue: entry, source, destination
	MembershipReason                      // what the members of a cluster do: component, confidence of the evidence
	RelayReason                           // what a relay stands in front of: each of it
)

var reasonKindNames = [...]string{"own", "row", "erratum", "interconnection", "cluster", "relay"}

// String returns the kind as users read it: own, row, erratum, interconnection,
// cluster, relay.
func (k ReasonKind) String() string {
	if int(k) < len(reasonKindNames) {
		return reasonKindNames[k]
	}
	return "invalid"
}

// ParseReasonKind reads what String returns; false for anything else.
func ParseReasonKind(text string) (ReasonKind, bool) {
	i := slices.Index(reasonKindNames[:], text)
	return ReasonKind(max(i, 0)), i >= 0
}

// ReasonKindNames lists the kinds as users read them.
func ReasonKindNames() []string { return slices.Clone(reasonKindNames[:]) }

// InOwnWords returns the description that a page or a user wrote; none for the
// empty text.
func InOwnWords(text string) Description {
	if text == "" {
		return nil
	}
	return Description{{Text: text}}
}

// Because returns the description that consists of one sentence of the
// product's own.
func Because(kind ReasonKind, text string, parameters ...string) Description {
	if text == "" {
		return nil
	}
	return Description{{kind, parameters, text}}
}

// mostReasons is how many reasons one text says by name.
const mostReasons = 4

// String returns the reasons, separated by "; "; of more than four, the first
// four and how many more there are.
func (d Description) String() string {
	texts := make([]string, 0, mostReasons+1)
	for i, r := range d {
		if i == mostReasons {
			texts = append(texts, "and "+strconv.Itoa(len(d)-i)+" more")
			break
		}
		texts = append(texts, r.Text)
	}
	return strings.Join(texts, "; ")
}

// Says reports whether one of the reasons reads so, whoever says it.
func (d Description) Says(text string) bool {
	return slices.ContainsFunc(d, func(r Reason) bool { return r.Text == text })
}

// IsEmpty reports whether nothing is said.
func (d Description) IsEmpty() bool { return len(d) == 0 }

func (r Reason) compare(other Reason) int {
	return cmp.Or(
		cmp.Compare(r.Text, other.Text),
		cmp.Compare(r.Kind, other.Kind),
		slices.Compare(r.Parameters, other.Parameters),
	)
}

// Compare orders descriptions by their sentences, then by whose they are.
func (d Description) Compare(other Description) int {
	return slices.CompareFunc(d, other, Reason.compare)
}

func (d Description) clone() Description {
	d = slices.Clone(d)
	for i := range d {
		d[i].Parameters = slices.Clone(d[i].Parameters)
	}
	return d
}
