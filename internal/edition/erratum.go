package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// Confidence says whose word the evidence is.
type Confidence uint8

// The confidences. The first two are the vendor's word.
const (
	VendorFile      Confidence = iota + 1 // read in a file that the vendor publishes
	VendorExample                         // the same, but stale, indirect or one example
	UpstreamDefault                       // a default of the software that the vendor ships, not the vendor's word
)

// String returns the confidence as the documentation words it.
func (c Confidence) String() string {
	switch c {
	case VendorFile:
		return "the vendor's own files"
	case VendorExample:
		return "the vendor's own files, by example"
	case UpstreamDefault:
		return "upstream default"
	}
	return "invalid"
}

// Kind says what is wrong.
type Kind uint8

// The kinds of errata.
const (
	WrongPort  Kind = iota + 1 // a port of the list or of a row
	WrongHost                  // an end of a row, once components run apart
	MissingRow                 // a flow that no row draws
)

// String returns the kind as the documentation words it.
func (k Kind) String() string {
	switch k {
	case WrongPort:
		return "wrong port"
	case WrongHost:
		return "wrong host"
	case MissingRow:
		return "missing row"
	}
	return "invalid"
}

// Erratum is a value that the page gets wrong, or a flow that it forgets.
type Erratum struct {
	ID         string     // matches matrix.IDPattern
	Kind       Kind       // what is wrong
	Editions   []string   // versions of the editions that have it, ascending; some show it only once placement sets components apart
	Subject    string     // the flow or the component that it is about
	Published  string     // what the page says; NoRow for what it forgets
	Corrected  string     // what is true
	Reason     string     // why, as the end of a sentence that begins with "since"
	Evidence   string     // files and releases
	Confidence Confidence // whose word the evidence is
	Remedy     string     // what to write to have the corrected value alone
	Keep       string     // what to write to have the published one, known to be right; empty where only silence does

	// Exactly one of the two is set. An erratum that only its reader can decide
	// on is reported, and never applied.

	// correct changes the draft, and tags the flows and the components that it
	// changed with the erratum's id. It works by component, flow and the wrong
	// value, so that a page which no longer gets it wrong is left alone.
	correct func(id string, d *matrix.Draft)
	// concerns returns the ids of the flows for which the reader should decide.
	concerns func(Installation) []string
}

// Installation is what an erratum that is only reported is decided by.
type Installation struct {
	Release  string         // as asked for: "23.10.2"; empty where it is not known
	Page     *matrix.Matrix // as published, before any choice
	Options  []string       // what is open of the page's alternatives, and the words that settle an erratum
	Excluded []string       // what the user left out, by name
	Matrix   *matrix.Matrix // after every choice: places are endpoints
}

// IsReported says that no correction applies the erratum: whether it is true
// of an installation is for its owner to say.
func (e Erratum) IsReported() bool { return e.correct == nil }

// Concerns returns the ids of an installation's flows for which an erratum that
// is only reported may be true, sorted; none for an erratum that can be applied.
func (e Erratum) Concerns(i Installation) []string {
	if e.concerns == nil {
		return nil
	}
	flows := e.concerns(i)
	slices.Sort(flows)
	return slices.Compact(flows)
}
