package page

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// The reader below decides what a mutated page means. It is another than the one
// under test: it knows plain rows, plain names and plain ports, and nothing else.
// What it does not understand must be refused or warned about.

// plainNames are the names of the test pages, in lower case and without accents.
var plainNames = map[string]string{
	"canopsis": "canopsis", "utilisateurs": "users", "utilisateur": "users", "administrateurs": "administrators", "administrateur": "administrators",
	"sources d'evenements amqp": "amqp_event_sources", "source d'evenements amqp": "amqp_event_sources", "connecteurs amqp": "amqp_event_sources", "connecteur amqp": "amqp_event_sources",
	"sources d'evenements api": "api_event_sources", "source d'evenements api": "api_event_sources", "connecteurs api": "api_event_sources", "connecteur api": "api_event_sources",
	"sources d'evenements trap snmp": "snmp_trap_sources", "snmp": "snmp_trap_sources", "connecteur snmp": "snmp",
	"drivers (import-context-graph)": "cmdb_drivers", "driver (import-context-graph)": "cmdb_drivers",
	"ldap": "ldap", "serveur ldap": "ldap", "mongodb": "mongodb", "postgresql": "postgresql", "timescaledb": "postgresql",
	"rabbitmq": "rabbitmq", "redis": "redis", "redis sentinel": "redis_sentinel", "valkey": "valkey",
	"provider cas/saml/oauth2/openid": "identity_provider", "remediation": "remediation_tools", "webhook": "webhook_targets", "webhooks": "webhook_targets",
	"declarative tickets": "ticketing_tools", "declarative ticket": "ticketing_tools",
}

var (
	plainPort   = regexp.MustCompile(`^(tcp|udp)(?: ?[/:,] ?| )([0-9]+(?: ?- ?[0-9]+)?(?: ?[,;/] ?[0-9]+(?: ?- ?[0-9]+)?)*)(?: ?\([^()]*\))?$`)
	plainHost   = regexp.MustCompile(`^[a-z0-9.-]+\.[a-z][a-z0-9-]+\.?$`)
	vendorHost  = regexp.MustCompile(`(^|\.)(canopsis\.net|docker\.com|docker\.io)\.?$`)
	plainFold   = strings.NewReplacer("é", "e", "è", "e", "à", "a", "’", "'", "`", "", "\u00a0", " ", "\u200b", "", "´", "")
	plainSpaces = regexp.MustCompile(`[ \t]+`)
)

func plainText(cell string) string {
	return strings.Trim(strings.TrimSpace(plainSpaces.ReplaceAllString(plainFold.Replace(strings.ToLower(cell)), " ")), ".:;,*\" /")
}

// plainName finds a name of the test pages. Spaces, hyphens, underscores and
// apostrophes are spelling.
func plainName(text string) (id string, ok bool) {
	squeeze := strings.NewReplacer(" ", "", "-", "", "_", "", "'", "").Replace
	text = squeeze(strings.Trim(text, ".:;,*\" /"))
	for name, id := range plainNames {
		if squeeze(name) == text {
			return id, true
		}
	}
	return "", false
}

// plainRules returns what the rows of a page open, and false for a page that it
// does not understand.
func plainRules(text string) (rules []string, ok bool) {
	set := map[string]bool{}
	inTable, fence, comment := "", "", false
	for _, line := range strings.Split(strings.NewReplacer("\u200b", "", "\u00a0", " ").Replace(text), "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case comment:
			comment = !strings.Contains(trimmed, "-->")
			continue
		case fence != "":
			if trimmed == fence {
				fence = ""
			}
			continue
		case strings.HasPrefix(trimmed, "```") && !strings.Contains(trimmed[3:], "`"):
			fence = "```"
			continue
		case strings.HasPrefix(trimmed, "<!--"):
			if inTable != "" {
				return nil, false
			}
			comment = !strings.Contains(trimmed, "-->")
			continue
		case trimmed == "":
			inTable = ""
			continue
		case !strings.Contains(trimmed, "|"):
			if inTable != "" {
				return nil, false
			}
			continue
		}
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(trimmed, "|"), "|"), "|")
		if len(cells) == 5 && strings.TrimSpace(cells[4]) == "" {
			cells = cells[:4]
		}
		switch first, _ := strings.CutSuffix(strings.NewReplacer(" ", "", "-", "", "_", "", "'", "").Replace(plainText(cells[0])), "s"); {
		case first == "source" || first == "composant":
			inTable = first[:6]
			continue
		case strings.Trim(trimmed, "-|: ") == "":
			continue
		case inTable == "compos":
			continue
		case inTable == "" || len(cells) != 4:
			return nil, false
		}
		opened, ok := plainRow(cells)
		if !ok {
			return nil, false
		}
		for _, rule := range opened {
			set[rule] = true
		}
	}
	return slices.Sorted(maps.Keys(set)), fence == "" && !comment
}

// plainLabel reports whether an option has the label of an installation method.
func plainLabel(option string) bool {
	label := strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, option[strings.Index(option, "("):])
	return slices.Contains([]string{"installationviadocker", "installationviapaquets", "viadocker", "docker", "viapaquets", "viapaquet", "paquets"}, label)
}

func plainRow(cells []string) (rules []string, ok bool) {
	destinations, ports := strings.Split(plainText(cells[1]), " ou "), strings.Split(plainText(cells[2]), " ou ")
	if len(destinations) > 1 && len(destinations) != len(ports) {
		return nil, false
	}
	optional := ""
	if strings.Contains(strings.NewReplacer("[", "", "]", "", "!", "", "*", "", "_", "", "'", "", "~", "", "&", "", ".", "", ":", "", "#", "", "-", "", "/", "", ",", "", ";", "", "+", "", " ", "", "\"", "").Replace(plainText(cells[3])), "(optionnel)") {
		optional = " optional"
	}
	for _, source := range strings.Split(plainText(cells[0]), ",") {
		from, ok := plainName(source)
		if !ok {
			return nil, false
		}
		for i, option := range ports {
			match := plainPort.FindStringSubmatch(option)
			if match == nil || strings.Contains(option, "(") && !plainLabel(option) {
				return nil, false
			}
			names := destinations[min(i, len(destinations)-1)]
			for _, name := range strings.FieldsFunc(names, func(r rune) bool { return r == ',' || r == ';' }) {
				name = strings.Trim(name, " /'")
				to, ok := plainName(name)
				if from == to && to == "snmp_trap_sources" || strings.Trim(name, "' -_") == "snmp" {
					to = "snmp"
				}
				if !ok && plainHost.MatchString(name) && slices.ContainsFunc(strings.Fields(names), func(other string) bool { return vendorHost.MatchString(strings.Trim(other, ",;")) }) {
					to, ok = matrix.PackageRepositories, true
				}
				if !ok {
					return nil, false
				}
				for _, port := range strings.FieldsFunc(match[2], func(r rune) bool { return r == ',' || r == ';' || r == '/' }) {
					port = strings.ReplaceAll(port, " ", "")
					if first, last, ok := strings.Cut(port, "-"); ok && first == last {
						port = first
					}
					rules = append(rules, fmt.Sprintf("%s > %s %s/%s%s", from, to, match[1], port, optional))
				}
			}
		}
	}
	return rules, true
}

// rulesOf spells what a matrix opens as plainRules does.
func rulesOf(m *matrix.Matrix) []string {
	set := map[string]bool{}
	for f := range m.Flows() {
		optional := ""
		if f.Optional {
			optional = " optional"
		}
		for p := range f.Ports.All() {
			set[fmt.Sprintf("%s > %s %s%s", m.EndpointAt(f.Source), m.EndpointAt(f.Destination), p, optional)] = true
		}
	}
	return slices.Sorted(maps.Keys(set))
}

// checkMutation fails where a mutated page opens what it does not mean, without a
// word. It says how the page was taken.
func checkMutation(t *testing.T, what, text string) string {
	t.Helper()
	p, err := Parse(text)
	if err != nil {
		return "refused"
	}
	if len(p.Warnings) > 0 {
		return "warned"
	}
	want, ok := plainRules(text)
	got := rulesOf(p.Matrix)
	switch {
	case !ok:
		t.Errorf("%s: read without a word, and not plain", what)
	case !slices.Equal(got, want):
		without := func(a, b []string) []string {
			return slices.DeleteFunc(slices.Clone(a), func(rule string) bool { return slices.Contains(b, rule) })
		}
		t.Errorf("%s: opens %q, and does not open %q", what, without(got, want), without(want, got))
	}
	return "read"
}

var mutatedPages = []string{"22.10.md", "23.04.md", "25.10.md"}

// TestPlainReader shows that the other reader knows the pages.
func TestPlainReader(t *testing.T) {
	t.Parallel()
	for _, name := range mutatedPages {
		if how := checkMutation(t, name, readFile(t, name)); how != "read" {
			t.Errorf("%s is %s", name, how)
		}
	}
}

// TestOneCharacterEdits changes one character of a row: another, one more, one
// less.
func TestOneCharacterEdits(t *testing.T) {
	t.Parallel()
	const characters = "0123456789aeinorstzAEMTU/,;.:-+&|*~!#()_'<>[]`\\\" é\u00a0\u200b→"
	edits := 300
	if provesPages() {
		edits = 1000
	}
	for _, name := range mutatedPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(1, uint64(len(name))))
			page := readFile(t, name)
			end := strings.Index(page+"## Définition", "## Définition")
			runes, limit := []rune(page), len([]rune(page[:min(end, len(page))]))
			rows := []int{} // positions inside tables
			for i, start := 0, 0; i < limit; i++ {
				if runes[i] != '\n' {
					continue
				}
				if line := string(runes[start:i]); strings.Contains(line, "|") {
					for j := start; j < i; j++ {
						rows = append(rows, j)
					}
				}
				start = i + 1
			}
			taken := map[string]int{}
			for range edits {
				at := rows[random.IntN(len(rows))]
				character := []rune(characters)[random.IntN(len([]rune(characters)))]
				edited := slices.Clone(runes)
				switch random.IntN(3) {
				case 0:
					edited[at] = character
				case 1:
					edited = slices.Insert(edited, at, character)
				case 2:
					edited = slices.Delete(edited, at, at+1)
				}
				line := strings.Count(string(runes[:at]), "\n")
				taken[checkMutation(t, fmt.Sprintf("line %d, %q", line+1, strings.Split(string(edited), "\n")[line]), string(edited))]++
			}
			if taken["refused"] == 0 || taken["warned"] == 0 || taken["read"] == 0 {
				t.Errorf("the edits are taken one way: %v", taken)
			}
		})
	}
}

// TestMutations strikes, negates, comments, displaces, merges, relabels and
// renames every row and every cell: each in every third way, or in all with
// PROVE_PAGES.
func TestMutations(t *testing.T) {
	t.Parallel()
	for _, name := range mutatedPages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := readFile(t, name)
			lines := strings.Split(page, "\n")
			mustNot := map[string]bool{} // what may not be read at all
			tried, list := 0, false
			for i, line := range lines {
				if !strings.Contains(line, "|") || strings.Trim(line, "-| ") == "" {
					continue
				}
				isHeader := strings.Contains(line, "Description")
				if isHeader {
					list = strings.Contains(line, "Composant")
				}
				replaced := func(with ...string) string {
					return strings.Join(slices.Concat(lines[:i], with, lines[i+1:]), "\n")
				}
				for what, text := range rowMutations(line, replaced, page) {
					if !provesPages() && (i+len(what))%3 != 0 {
						continue
					}
					tried++
					if how := checkMutation(t, fmt.Sprintf("%s of line %d", what, i+1), text); how == "read" && strings.HasPrefix(what, "no: ") {
						mustNot[fmt.Sprintf("%s of line %d", what, i+1)] = true
					}
				}
				if isHeader {
					continue
				}
				for what, text := range cellMutations(line, list, replaced) {
					if !provesPages() && (i+len(what))%3 != 0 {
						continue
					}
					tried++
					if how := checkMutation(t, fmt.Sprintf("%s in line %d", what, i+1), text); how == "read" {
						mustNot[fmt.Sprintf("%s in line %d", what, i+1)] = true
					}
				}
			}
			if tried < 600 {
				t.Errorf("%d mutations, too few", tried)
			}
			for _, what := range slices.Sorted(maps.Keys(mustNot)) {
				t.Errorf("%s is read without a word", what)
			}
		})
	}
}

// rowMutations are changes of a whole row, by name. Those whose name begins with
// "no: " may not be read without a word.
func rowMutations(line string, replaced func(...string) string, page string) map[string]string {
	isHeader := strings.Contains(line, "Description")
	mutations := map[string]string{
		"no: striking":                    replaced("~~" + line + "~~"),
		"no: deleting":                    replaced("<del>" + line + "</del>"),
		"no: a comment before":            replaced("<!-- x -->", line),
		"no: a quotation":                 replaced("> " + line),
		"no: a list mark":                 replaced("* " + line),
		"no: a numbered list":             replaced("1. " + line),
		"no: a heading":                   replaced("# " + line),
		"no: an open fence before":        replaced("```", line),
		"no: an open comment before":      replaced("<!--", line),
		"no: a fence nobody agrees on":    replaced("", "```md `x`", line, "```", ""),
		"no: HTML around":                 replaced("<table><tr><td>", line, "</td></tr></table>"),
		"no: a block of HTML before":      replaced("<div>", line),
		"no: twice in one line":           replaced(line + line),
		"two lines in one":                replaced(strings.TrimRight(line, " |")),
		"a fence around, apart":           replaced("", "```", line, "```", ""),
		"at the end of the page":          replaced() + "\n\n" + line + "\n",
		"in a comment, apart":             replaced("", "<!--", line, "-->", ""),
		"indented":                        replaced("    " + line),
		"indented behind a list":          replaced("", "- x", "", "    "+line, ""),
		"indented, apart":                 replaced("", "    "+line, ""),
		"in an admonition":                replaced("", "!!! note", "    "+line, ""),
		"gone":                            replaced(),
		"twice":                           replaced(line, line),
		"a further table that is denied":  page + "\n## Flux interdits\n\nSource | Destination | Port | Description\n-|-|-|-\n" + line + "\n",
		"a further table of another page": page + "\n## Canopsis 23.04\n\nSource | Destination | Port | Description\n-|-|-|-\n" + line + "\n",
		"other bars":                      replaced(strings.ReplaceAll(line, "|", "│")),
		"escaped bars":                    replaced(strings.ReplaceAll(line, "|", `\|`)),
		"bars as references":              replaced(strings.ReplaceAll(line, "|", "&#124;")),
		"a line mark before":              replaced("// " + line),
		"an empty line before":            replaced("", line),
		"an empty line behind":            replaced(line, ""),
		"a word before the row":           replaced("sauf " + line),
		"a word behind its first name":    replaced(strings.Replace(line, " |", " (hors service) |", 1)),
		"struck by lines around":          replaced("~~", line, "~~"),
		"struck by HTML lines around":     replaced("", "<del>", "", line, "", "</del>", ""),
		"a rule before":                   replaced("---", line),
		"a comment behind":                replaced(line + " <!-- fermé -->"),
		"an attribute behind":             replaced(line + "{: hidden }"),
		"another column with a negation":  replaced(strings.TrimRight(line, " |") + " | refusé |"),
		"a tab before":                    replaced("\t" + line),
		"no-break spaces":                 replaced(strings.ReplaceAll(line, " ", "\u00a0")),
		"without spaces around the bars":  replaced(strings.ReplaceAll(line, " | ", "|")),
		"upper case":                      replaced(strings.ToUpper(line)),
		"no: cells merged":                replaced(strings.Replace(line, "|", " ", 2)),
		"labels swapped":                  replaced(strings.NewReplacer("via Docker", "via paquets", "via paquets", "via Docker").Replace(line)),
		"a label renamed":                 replaced(strings.Replace(line, "Docker", "Podman", 1)),
		"a label gone":                    replaced(strings.Replace(line, " (via paquets)", "", 1)),
		"labels gone":                     replaced(strings.NewReplacer(" (installation via Docker)", "", " (via paquets)", "").Replace(line)),
		"an option more":                  replaced(strings.Replace(line, "(via paquets)", "(via paquets) ou TCP/30443 (Helm)", 1)),
		"under another heading":           replaced() + "\n## Annexe\n\nSource | Destination | Port | Description\n-|-|-|-\n" + line + "\n",
		"a line behind that denies":       page + "\n" + "Ces flux sont interdits.\n",
	}
	if _, next, ok := strings.Cut(page, line+"\n"); ok && strings.Contains(strings.SplitN(next, "\n", 2)[0], "|") {
		mutations["rows merged"] = strings.Replace(page, line+"\n", line+" ", 1)
	}
	if isHeader {
		for what := range mutations {
			if !strings.HasPrefix(what, "no: ") {
				continue
			}
			mutations[strings.TrimPrefix(what, "no: ")+" (header)"] = mutations[what]
			delete(mutations, what)
		}
	}
	return mutations
}

// cellMutations are changes of a name cell or a port cell that may not be read
// without a word.
func cellMutations(line string, list bool, replaced func(...string) string) map[string]string {
	mutations := map[string]string{}
	cells := strings.Split(line, "|")
	isHosts := func(text string) bool { return strings.Contains(text, ".net") } // of the repositories: any name is one of them
	first := 0
	if strings.HasPrefix(line, "|") {
		first = 1
	}
	columns := []int{0, 1, 2}
	if list {
		columns = []int{0, 2}
	}
	for _, column := range columns {
		if column += first; column >= len(cells) {
			continue
		}
		said := strings.TrimSpace(cells[column])
		isPort := strings.HasPrefix(said, "TCP") || strings.HasPrefix(said, "UDP")
		with := func(text string) string {
			changed := slices.Clone(cells)
			changed[column] = " " + text + " "
			return replaced(strings.Join(changed, "|"))
		}
		for form, format := range map[string]string{
			"~~": "~~%s~~", "del": "<del>%s</del>", "s": "<s>%s</s>", "strike": "<strike>%s</strike>", "hidden": "<span hidden>%s</span>",
			"style": `<span style="visibility:hidden">%s</span>`, "!": "!%s", "-": "-%s", "- ": "- %s", "comment": "<!-- %s -->", "half a comment": "%s <!-- x -->",
			"cross": "❌ %s", "cross behind": "%s ✗", "not": "≠ %s", "class": `<b class="d-none">%s</b>`, "unclosed": "<del>%s", "critic": "{--%s--}",
			"braces": "%s{ .hidden }", "number": "%s (636)", "picture": "![interdit](no.png) %s", "arrow": "%s <->", "tilde": "~%s~", "question": "%s ?",
		} {
			mutations[form+" on "+said] = with(fmt.Sprintf(format, said))
		}
		if isPort {
			for form, text := range map[string]string{
				"ICMP": "ICMP/8", "SCTP": strings.Replace(strings.Replace(said, "TCP", "SCTP", 1), "UDP", "SCTP", 1), "words": said + " fermé", "no protocol": strings.TrimLeft(said, "TCPUD/ "),
				"everything": "TCP/*", "all": "TCP/1-65535", "any": "any",
			} {
				mutations[form+" for "+said] = with(text)
			}
			continue
		}
		if isHosts(said) {
			continue
		}
		for form, text := range map[string]string{
			"swapped": swapped(said), "a letter more": said + "x", "an address": "10.0.0.1", "another host": "smtp.exemple.fr", "two joined": said + " / Annuaire",
			"a word before": "sauf " + said, "pipes": said + ` \| Grafana`, "another script": strings.NewReplacer("a", "а", "o", "о", "e", "е", "M", "М", "P", "Р").Replace(said),
		} {
			if text != said {
				mutations[form+" for "+said] = with(text)
			}
		}
	}
	return mutations
}

// swapped swaps the second and the third letter.
func swapped(text string) string {
	runes := []rune(text)
	if len(runes) > 3 {
		runes[1], runes[2] = runes[2], runes[1]
	}
	return string(runes)
}
