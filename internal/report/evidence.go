package report

import (
	"path"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
)

// link is a place that a reader can open.
type link struct{ Text, URL string }

// links returns where an erratum's evidence stands in the vendor's public
// repository; none where the evidence is somebody else's.
func links(e deployment.Finding) []link {
	ours, ok := edition.FindErratum(e.ID)
	if !ok || ours.Evidence != e.Evidence {
		return nil
	}
	var found []link
	for _, s := range ours.Sources() {
		found = append(found, link{path.Base(s.Path) + ":" + strconv.Itoa(s.Line) + " (" + s.Release + ")", s.URL()})
	}
	return found
}

// evidence writes an erratum's evidence behind it, with its links.
func (s *sheet) evidence(e deployment.Finding) string {
	if e.Evidence == "" {
		return ""
	}
	text := ". " + s.words.evidence + s.words.colon + inline(e.Evidence)
	for i, l := range links(e) {
		separator := ", "
		if i == 0 {
			separator = " — "
		}
		text += separator + "[" + inline(l.Text) + "](" + l.URL + ")"
	}
	return text
}
