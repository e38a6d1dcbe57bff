package deployment

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Corrections says what to do about the page's errors. The zero value is Warn.
type Corrections uint8

// The ways to deal with the page's errors.
const (
	Warn  Corrections = iota // published values, and a warning for each erratum that touches the installation
	None                     // published values, silently
	Apply                    // corrected values
)

var correctionsNames = []string{"warn", "none", "apply"}

// String returns what users write.
func (c Corrections) String() string { return correctionsNames[c] }

// ParseCorrections reads warn, none or apply.
func ParseCorrections(text string) (Corrections, error) {
	if i := slices.Index(correctionsNames, text); i >= 0 {
		return Corrections(i), nil
	}
	return Warn, refusal.Unknown(refusal.At("corrections"), text, "a way to deal with the page's errors", correctionsNames)
}
