package cloud

import (
	"fmt"
	"strings"
)

// ReadRuleset reads the text of one table, as nft(8) describes it: the words that
// a host's ruleset needs, and no others. A statement that it does not know is an
// error: it would be proved by not being looked at.
func ReadRuleset(text string) (*Ruleset, error) {
	lines, err := rulesetLines(text)
	if err != nil {
		return nil, err
	}
	r := &Ruleset{chains: make(map[string]*rulesetChain)}
	var chain *rulesetChain
	inTable := false
	for _, words := range lines {
		line := strings.Join(words, " ")
		switch {
		case line == "table inet canopsis" || line == "delete table inet canopsis": // it is there, it is gone
		case line == "table inet canopsis {" && !inTable:
			inTable = true
		case line == "}" && chain != nil:
			chain = nil
		case line == "}" && inTable:
			inTable = false
		case len(words) == 3 && words[0] == "chain" && words[2] == "{" && inTable && chain == nil:
			chain = &rulesetChain{}
			r.chains[words[1]] = chain
		case chain != nil && words[0] == "type":
			if len(words) != 6 || words[1] != "filter" || words[2] != "hook" || words[4] != "priority" || words[5] != "-10" {
				return nil, fmt.Errorf("a chain of %q", line)
			}
			chain.hook = words[3]
		case chain != nil && words[0] == "policy" && len(words) == 2:
			chain.accept = words[1] == "accept"
		case chain != nil:
			row, err := readRow(words)
			if err != nil {
				return nil, fmt.Errorf("%q: %w", line, err)
			}
			chain.rows = append(chain.rows, row)
		default:
			return nil, fmt.Errorf("%q stands outside of a chain", line)
		}
	}
	if inTable || chain != nil {
		return nil, fmt.Errorf("the table does not end")
	}
	return r, nil
}

// rulesetLines splits a text into statements of words. A set is one word; so is a
// quoted text, without its quotation marks.
func rulesetLines(text string) ([][]string, error) {
	var lines [][]string
	var words []string
	end := func() {
		if len(words) > 0 {
			lines, words = append(lines, words), nil
		}
	}
	for len(text) > 0 {
		switch c := text[0]; {
		case c == '#':
			_, text, _ = strings.Cut(text, "\n")
			end()
		case c == '\n' || c == ';':
			text = text[1:]
			end()
		case c == ' ' || c == '\t':
			text = text[1:]
		case c == '"':
			quoted, rest, ok := strings.Cut(text[1:], `"`)
			if !ok {
				return nil, fmt.Errorf("a quotation mark is not closed")
			}
			words, text = append(words, quoted), rest
		case c == '{' && len(words) > 0 && words[0] != "table" && words[0] != "chain":
			set, rest, ok := strings.Cut(text, "}")
			if !ok {
				return nil, fmt.Errorf("a set is not closed")
			}
			words, text = append(words, strings.Join(strings.Fields(set[1:]), "")), rest
		case c == '{':
			words, text = append(words, "{"), text[1:]
			end()
		case c == '}':
			end()
			words, text = append(words, "}"), text[1:]
			end()
		default:
			n := strings.IndexAny(text, " \t\n;{}\"#")
			if n < 0 {
				n = len(text)
			}
			words, text = append(words, text[:n]), text[n:]
		}
	}
	end()
	return lines, nil
}

// readRow reads matches, then statements, then a verdict.
func readRow(words []string) (rulesetRow, error) {
	var row rulesetRow
	for len(words) > 0 {
		if row.verdict != "" && words[0] != "comment" {
			return row, fmt.Errorf("%q stands behind the verdict", words[0])
		}
		take := 1
		switch words[0] {
		case "accept", "drop", "return":
			row.verdict = words[0]
		case "jump", "goto":
			row.verdict, take = words[0], 2
			if len(words) > 1 {
				row.target = words[1]
			}
		case "reject": // with icmpx type admin-prohibited
			row.verdict, take = "reject", 5
		case "counter":
		case "comment":
			take = 2
		case "log": // prefix "…"
			take = 3
		case "limit": // rate 10/minute burst 20 packets
			take = 6
		default:
			key := matchWords(words)
			if take = len(key) + 1; len(words) >= take {
				row.matches = append(row.matches, rulesetMatch{strings.Join(key, " "), strings.Split(words[take-1], ",")})
			}
		}
		if len(words) < take {
			return row, fmt.Errorf("%q ends early", words[0])
		}
		words = words[take:]
	}
	return row, nil
}

// matchWords are the words before a comparison's value.
func matchWords(words []string) []string {
	switch {
	case words[0] == "iif" || words[0] == "oif" || words[0] == "iifname" || words[0] == "oifname":
		return words[:1]
	case len(words) > 2 && words[0] == "ct" && words[1] == "original":
		return words[:3]
	}
	return words[:min(2, len(words))]
}
