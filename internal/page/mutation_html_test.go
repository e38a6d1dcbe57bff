package page

import (
	"fmt"
	"html"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// plainHTML writes a page as the web server sends it, with plain tags alone, as
// Markdown with plain rows, for the reader in mutation_test.go to decide what it
// means; false for a page that it does not understand. It knows the tags by their
// text, and no parser.
func plainHTML(page string) (markdown string, ok bool) {
	_, article, ok := strings.Cut(page, `<article class="md-content__inner md-typeset">`)
	if !ok {
		return "", false
	}
	article, _, ok = strings.Cut(article, `<aside class="md-source-file">`)
	if !ok {
		return "", false
	}
	var text strings.Builder
	depth, cells := 0, 0 // of tables; of the row so far
	inCell := false
	for _, token := range plainTokens.FindAllString(article, -1) {
		name := plainTag.FindString(token)
		switch {
		case !strings.HasPrefix(token, "<"):
			said := html.UnescapeString(strings.ReplaceAll(token, "\n", " "))
			if inCell || depth == 0 {
				text.WriteString(strings.ReplaceAll(said, "|", "¦"))
			} else if strings.TrimSpace(said) != "" {
				return "", false
			}
		case name == "<table":
			depth++
			text.WriteString("\n\n")
		case name == "</table":
			depth--
			text.WriteString("\n\n")
		case depth > 1:
			return "", false
		case plainFrames[token]:
		case token == "<tr>":
			inCell, cells = false, 0
			text.WriteString("\n")
		case token == "</tr>":
			inCell = false
		case depth == 1 && (name == "<td" || name == "<th"):
			if plainCell.FindString(token) != token {
				return "", false
			}
			if inCell, cells = true, cells+1; cells > 1 {
				text.WriteString(" | ")
			}
		case depth == 1 && (name == "</td" || name == "</th"):
			inCell = false
		case depth == 0 && plainOutside.FindString(token) == token:
			text.WriteString("\n")
		case token == "<code>" || token == "</code>":
		default:
			return "", false
		}
	}
	return text.String(), depth == 0
}

var (
	plainTokens  = regexp.MustCompile(`<!--|<[^<>]*>|[^<]+|<`)
	plainTag     = regexp.MustCompile(`^</?[a-z0-9]+`)
	plainCell    = regexp.MustCompile(`^<t[dh]( style="text-align: ?[a-z]+;?")?>$`)
	plainOutside = regexp.MustCompile(`^</?(p|ul|li|em|strong|h[1-6]( id="[^"]*")?|a( (href|title|class)="[^"]*")*|img( (src|alt)="[^"]*")* ?/?|br ?/?|hr ?/?|code( class="[^"]*")?|pre|svg viewBox="[^"]*"|svg|path d="[^"]*"|path)>$`)
	plainFrames  = map[string]bool{"<thead>": true, "</thead>": true, "<tbody>": true, "</tbody>": true}
)

// checkHTMLMutation is checkMutation for HTML. A page that is not plain may open what
// it opened before: HTML has many spellings.
func checkHTMLMutation(t *testing.T, what, text string, before []string) string {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		return "refused"
	}
	if len(p.Warnings) > 0 {
		return "warned"
	}
	markdown, ok := plainHTML(text)
	var want []string
	if ok {
		want, ok = plainRules(markdown)
	}
	switch got := rulesOf(p.Matrix); {
	case !ok && !slices.Equal(got, before):
		t.Errorf("%s: not plain, and opens %q without a word", what, got)
	case ok && !slices.Equal(got, want):
		t.Errorf("%s: opens %q, and means %q", what, got, want)
	}
	return "read"
}

// htmlRow is a row of a table, from "<tr>" to "</tr>".
var htmlRow = regexp.MustCompile(`(?s)<tr>\n<td.*?</tr>`)

// TestMutationsOfHTML strikes, hides, comments, displaces, merges, relabels and renames
// rows and cells of pages as the web server sends them, and changes characters.
func TestMutationsOfHTML(t *testing.T) {
	t.Parallel()
	for _, name := range mutatedPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := asHTML(t, readFile(t, name))
			original := rulesOf(mustParse(t, page).Matrix)
			markdown, ok := plainHTML(page)
			if known, understood := plainRules(markdown); !ok || !understood || !slices.Equal(known, original) {
				t.Fatalf("the other reader does not know the page: %q", markdown)
			}
			random := rand.New(rand.NewPCG(2, uint64(len(name))))
			taken := map[string]int{}
			edits := 10 // of each row
			if provesPages() {
				edits = 100
			}
			start := strings.Index(page, "<article")
			for i, at := range htmlRow.FindAllStringIndex(page[start:], -1) {
				before, row, behind := page[:start+at[0]], page[start+at[0]:start+at[1]], page[start+at[1]:]
				mutations := htmlRowMutations(row, before, behind)
				for what, text := range htmlCellMutations(row) {
					mutations[what] = before + text + behind
				}
				for what, text := range mutations {
					if !provesPages() && (i+len(what))%5 != 0 {
						continue
					}
					how := checkHTMLMutation(t, fmt.Sprintf("%s, row %d", what, i), text, original)
					taken[how]++
					if how == "read" && strings.HasPrefix(what, "no: ") {
						t.Errorf("%s of row %d is read without a word", what, i)
					}
				}
				for range edits {
					edited, what := editedCharacter(random, row)
					taken[checkHTMLMutation(t, fmt.Sprintf("%s, row %d", what, i), before+edited+behind, original)]++
				}
			}
			if taken["refused"] < 50 || taken["warned"] < 10 || taken["read"] < 20 {
				t.Errorf("too few are taken one way: %v", taken)
			}
		})
	}
}

// editedCharacter changes one character of a row's text, or of its tags.
func editedCharacter(random *rand.Rand, row string) (edited, what string) {
	const characters = "0123456789aeinorstzAEMTU/,;.:-+&|*~!#()_'<>[]\" é\u00a0\u200b→"
	runes := []rune(row)
	at := random.IntN(len(runes))
	character := []rune(characters)[random.IntN(len([]rune(characters)))]
	switch random.IntN(3) {
	case 0:
		runes[at] = character
	case 1:
		runes = slices.Insert(runes, at, character)
	default:
		runes = slices.Delete(runes, at, at+1)
	}
	return string(runes), fmt.Sprintf("%q", string(runes))
}

// htmlRowMutations are changes of a whole row, by name. Those whose name begins with
// "no: " may not be read without a word.
func htmlRowMutations(row, before, behind string) map[string]string {
	around := func(open, closing string) string { return before + open + row + closing + behind }
	attribute := func(text string) string { return before + strings.Replace(row, "<tr>", "<tr "+text+">", 1) + behind }
	end := strings.Index(behind, "</table>") + len("</table>")
	apart := func(open, closing string) string { return before + behind[:end] + open + row + closing + behind[end:] }
	merged := before + row + behind // with the next row, where there is one
	if rest, ok := strings.CutPrefix(strings.TrimSpace(behind), "<tr>"); ok {
		merged = before + strings.Replace(row, "</tr>", "", 1) + rest
	}
	plain := strings.NewReplacer("<tr>", "", "</tr>", "", "<td>", "", "</td>", " | ", "\n", "").Replace(row)
	return map[string]string{
		"gone":                     before + behind,
		"twice":                    before + row + row + behind,
		"no: in a comment":         around("<!-- ", " -->"),
		"no: a comment opened":     around("<!-- ", ""),
		"no: in a template":        around("<template>", "</template>"),
		"no: in a script":          around("<script>", "</script>"),
		"no: struck":               around("<del>", "</del>"),
		"no: in details":           around("<details>", "</details>"),
		"no: in a hidden body":     around("</tbody><tbody hidden>", "</tbody><tbody>"),
		"no: hidden":               attribute("hidden"),
		"no: hidden by a style":    attribute(`style="display:none"`),
		"no: hidden by a class":    attribute(`class="hidden"`),
		"no: denied by a title":    attribute(`title="Flux fermé"`),
		"no: coloured":             attribute(`bgcolor="#f00"`),
		"merged with the next":     merged,
		"no: without its last end": before + strings.Replace(row, "</td>\n</tr>", "</td>\n<td>x</td>\n<td>y</td>\n</tr>", 1) + behind,
		"no: outside, as text":     before + behind[:end] + "<p>" + plain + "</p>" + behind[end:],
		"no: in a list":            before + behind[:end] + "<ul><li>" + plain + "</li></ul>" + behind[end:],
		"in a table of its own":    apart("<table><tbody>", "</tbody></table>"),
		"in a foot":                around("</tbody><tfoot>", "</tfoot><tbody>"),
		"no: in a cell":            before + strings.Replace(row, "</td>\n</tr>", "<table>"+row+"</table></td>\n</tr>", 1) + behind,
		"at the end of the page":   before + strings.Replace(behind, "<aside", "<table>"+row+"</table><aside", 1),
		"before the table":         strings.Replace(before, "<article", row+"<article", 1) + behind,
	}
}

// htmlCellMutations are rows of which one cell is changed.
func htmlCellMutations(row string) map[string]string {
	mutations := map[string]string{}
	cells := strings.SplitAfter(row, "</td>")
	columns := []int{0, 1, 2}
	if len(cells) == 4 { // and what is behind the last: a row of the port list
		columns = []int{0, 2}
	}
	for _, column := range columns {
		open, said, _ := strings.Cut(strings.TrimSuffix(cells[column], "</td>"), "<td>")
		with := func(cell string) string {
			changed := slices.Clone(cells)
			changed[column] = open + cell
			return strings.Join(changed, "")
		}
		for what, format := range map[string]string{
			"del": "<td><del>%s</del></td>", "s": "<td><s>%s</s></td>", "span hidden": "<td><span hidden>%s</span></td>", "hidden": "<td hidden>%s</td>",
			"style": `<td><span style="text-decoration: line-through">%s</span></td>`, "aria": `<td><span aria-hidden="true">%s</span></td>`,
			"details": "<td><details>%s</details></td>", "title": `<td title="interdit">%s</td>`, "class": `<td class="deprecated">%s</td>`,
			"comment": "<td>%s<!-- non --></td>", "all in a comment": "<td><!-- %s --></td>", "sup": "<td>%s<sup>2</sup></td>", "icon": `<td><img alt="❌"> %s</td>`,
			"colspan": `<td colspan="2">%s</td>`, "rowspan": `<td rowspan="2">%s</td>`, "a paragraph that denies": "<td><p>%s</p><p>fermé</p></td>",
			"remark": "<td>%s (fermé)</td>", "number": "<td>%s (636)</td>", "sign": "<td>!%s</td>", "ins": "<td>%s<del>, LDAP</del></td>", "select": "<td><select><option>%s</option></select></td>",
		} {
			mutations[fmt.Sprintf("no: %s on %s", what, said)] = with(fmt.Sprintf(format, said))
		}
		for what, cell := range map[string]string{
			"renamed": "<td>Annuaire</td>", "swapped": "<td>" + swapped(said) + "</td>", "a letter more": "<td>" + said + "x</td>", "broken": "<td>" + strings.Replace(said, "o", "o<wbr>", 1) + "</td>",
			"soft hyphen": "<td>" + strings.Replace(said, "o", "o&shy;", 1) + "</td>", "reference": "<td>" + strings.ReplaceAll(said, "/", "&#47;") + "</td>", "bold": "<td><b>" + said + "</b></td>",
			"other label": "<td>" + strings.NewReplacer("via Docker", "via paquets", "via paquets", "via Docker").Replace(said) + "</td>", "new label": "<td>" + strings.ReplaceAll(said, "Docker", "Podman") + "</td>",
			"two": "<td>" + said + "<br>" + said + "</td>",
		} {
			mutations[fmt.Sprintf("%s for %s", what, said)] = with(cell)
		}
	}
	return mutations
}
