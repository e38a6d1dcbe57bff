package cloud

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
)

// ReadRulesetJSON reads what nft -j -p list table inet canopsis prints, protocols as numbers: the table as
// the kernel has it (libnftables-json(5)).
func ReadRulesetJSON(text []byte) (*Ruleset, error) {
	var printed struct {
		Nftables []struct {
			Chain *struct{ Name, Hook, Policy string }
			Rule  *struct {
				Chain string
				Expr  []map[string]json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &printed); err != nil {
		return nil, err
	}
	r := &Ruleset{chains: make(map[string]*rulesetChain)}
	for _, object := range printed.Nftables {
		switch {
		case object.Chain != nil:
			r.chains[object.Chain.Name] = &rulesetChain{hook: object.Chain.Hook, accept: object.Chain.Policy == "accept"}
		case object.Rule != nil:
			var row rulesetRow
			for _, statement := range object.Rule.Expr {
				for name, content := range statement {
					if err := row.readStatement(name, content); err != nil {
						return nil, fmt.Errorf("chain %s: %w", object.Rule.Chain, err)
					}
				}
			}
			chain := r.chains[object.Rule.Chain]
			if chain == nil {
				return nil, fmt.Errorf("a row of chain %q, which is not there", object.Rule.Chain)
			}
			chain.rows = append(chain.rows, row)
		}
	}
	return r, nil
}

func (row *rulesetRow) readStatement(name string, content json.RawMessage) error {
	switch name {
	case "accept", "drop", "return", "reject":
		row.verdict = name
	case "jump", "goto":
		var to struct{ Target string }
		if err := json.Unmarshal(content, &to); err != nil {
			return err
		}
		row.verdict, row.target = name, to.Target
	case "counter", "log", "limit":
	case "match":
		var m struct {
			Op          string
			Left, Right json.RawMessage
		}
		if err := json.Unmarshal(content, &m); err != nil {
			return err
		}
		if m.Op != "==" && m.Op != "in" {
			return fmt.Errorf("operator %q", m.Op)
		}
		key, err := jsonKey(m.Left)
		if err != nil {
			return err
		}
		values, err := jsonValues(m.Right)
		row.matches = append(row.matches, rulesetMatch{key, values})
		return err
	default:
		return fmt.Errorf("statement %q", name)
	}
	return nil
}

// jsonKey returns what is compared, in the words of the text.
func jsonKey(left json.RawMessage) (string, error) {
	var of struct {
		Meta    *struct{ Key string }
		Ct      *struct{ Key, Dir string }
		Payload *struct{ Protocol, Field string }
	}
	if err := json.Unmarshal(left, &of); err != nil {
		return "", err
	}
	switch {
	case of.Meta != nil && (strings.HasPrefix(of.Meta.Key, "iif") || strings.HasPrefix(of.Meta.Key, "oif")):
		return of.Meta.Key, nil
	case of.Meta != nil:
		return "meta " + of.Meta.Key, nil
	case of.Ct != nil && of.Ct.Dir != "":
		return "ct " + of.Ct.Dir + " " + of.Ct.Key, nil
	case of.Ct != nil:
		return "ct " + of.Ct.Key, nil
	case of.Payload != nil:
		return of.Payload.Protocol + " " + of.Payload.Field, nil
	}
	return "", fmt.Errorf("%s is not compared here", left)
}

func jsonValues(right json.RawMessage) ([]string, error) {
	var value any
	if err := json.Unmarshal(right, &value); err != nil {
		return nil, err
	}
	return spellJSON(value)
}

// spellJSON spells values as the text does: words, numbers, prefixes and ranges.
func spellJSON(value any) ([]string, error) {
	switch v := value.(type) {
	case string:
		return []string{v}, nil
	case float64:
		return []string{strconv.Itoa(int(v))}, nil
	case []any:
		var all []string
		for _, one := range v {
			spelt, err := spellJSON(one)
			if err != nil {
				return nil, err
			}
			all = append(all, spelt...)
		}
		return all, nil
	case map[string]any:
		if set, ok := v["set"]; ok {
			return spellJSON(set)
		}
		if prefix, ok := v["prefix"].(map[string]any); ok {
			return []string{fmt.Sprintf("%v/%v", prefix["addr"], prefix["len"])}, nil
		}
		if bounds, ok := v["range"].([]any); ok && len(bounds) == 2 {
			return []string{fmt.Sprintf("%v-%v", bounds[0], bounds[1])}, nil
		}
	}
	return nil, fmt.Errorf("value %v", value)
}
