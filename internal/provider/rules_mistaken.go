package provider

import (
	"maps"
	"slices"
	"strconv"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// inPlaceOfRules returns what is wrong where something else of a data source was
// given in place of its rules, or nil: whoever reads that as rules would say of each
// element what it lacks.
func inPlaceOfRules(at refusal.Path, v tftypes.Value) *refusal.Error {
	values, _ := elements(v)
	if isDataSource(values) {
		return &refusal.Error{
			At:      at,
			Summary: "Whole data source",
			Found:   "the data source itself stands here, and the function wants its rules",
			Remedy:  "Add .rules, as in data.canopsis_flows.this.rules",
		}
	}
	if len(values) == 0 {
		return nil
	}
	first := slices.Min(slices.Collect(maps.Keys(values)))
	element, _ := elements(values[first])
	_, hasPorts := element["ports"]
	_, hasProtocol := element["protocol"]
	switch {
	case isDataSource(element):
		return &refusal.Error{
			At:      at,
			Summary: "Several data sources",
			Found:   "data sources stand here, and the function wants the rules of one",
			Remedy:  "Name one of them and add .rules, as in data.canopsis_flows.this[" + strconv.Quote(first) + "].rules",
		}
	case hasPorts && !hasProtocol:
		return &refusal.Error{
			At:      at,
			Summary: "Flows in place of rules",
			Found:   "flows stand here, and the function wants rules, which have one range of ports each",
			Remedy:  "Write .rules in place of .flows, as in data.canopsis_flows.this.rules",
		}
	}
	return nil
}

// isDataSource reports whether these are the attributes of a data source.
func isDataSource(values map[string]tftypes.Value) bool {
	rules, ok1 := values["rules"]
	flows, ok2 := values["flows"]
	return ok1 && ok2 && isMapping(rules) && isMapping(flows)
}

func isMapping(v tftypes.Value) bool {
	return v.Type().Is(tftypes.Map{}) || v.Type().Is(tftypes.Object{})
}
