package provider

import (
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/edition"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// actual reads the rules that are there.
func (r *auditReader) actual(f field) {
	if f.IsNull() {
		r.Add(&refusal.Error{
			At: f.Path(), Summary: "Missing value", Found: "this is null",
			Allowed: "a text, as in file(\"rules.json\"), or objects", Remedy: "Write [] where there is no rule at all",
		})
		return
	}
	value := plainOf(f.value)
	r.checkDirections(f, value)
	seen, err := r.input.Cloud.Objects(f.Path(), value)
	r.Merge(err)
	r.unsettled = r.unsettled || seen.Unknown
	r.input.Groups = seen.Groups
	r.input.Actual = seen.Rules
}

// checkDirections refuses { ingress = ... } without the other direction where that
// one is judged, too: it would have no rule.
func (r *auditReader) checkDirections(f field, value any) {
	object, _ := value.(map[string]any)
	if len(object) != 1 {
		return
	}
	for _, pair := range [][2]cloud.Direction{{cloud.Ingress, cloud.Egress}, {cloud.Egress, cloud.Ingress}} {
		given, other := pair[0], pair[1]
		judged := r.input.Settings.Directions
		if _, ok := object[string(given)]; ok && (judged == nil || slices.Contains(judged, other)) {
			r.Add(&refusal.Error{
				At: f.Path(), Summary: "Missing direction", Found: "there is " + string(given) + " and no " + string(other) + ", which is judged, too",
				Remedy: "Add " + string(other) + ", {} where there is no rule, or write settings = { directions = [\"" + string(given) + "\"] }",
			})
		}
	}
}

// plainOf returns a value of the protocol as rows hold it.
func plainOf(v tftypes.Value) any {
	switch {
	case v.Type() == nil:
		return nil
	case !v.IsKnown():
		return cloud.Unknown{}
	case v.IsNull():
		return nil
	}
	if values, ok := elements(v); ok {
		object := make(map[string]any, len(values))
		for name, value := range values {
			object[name] = plainOf(value)
		}
		return object
	}
	if values, ok := sequence(v); ok {
		list := make([]any, 0, len(values))
		for _, value := range values {
			list = append(list, plainOf(value))
		}
		return list
	}
	if s, ok := text(v); ok {
		return s
	}
	if b, ok := boolean(v); ok {
		return b
	}
	if n, ok := wholeNumber(v); ok {
		return n
	}
	var number big.Float
	if v.As(&number) != nil {
		return nil
	}
	f, _ := number.Float64()
	return f
}

// errata notes, for the flows of the rules, which errors of the page explain two
// ports.
func (r *auditReader) errata() {
	var flows []string
	for _, expected := range r.input.Expected {
		flows = append(flows, expected.Flows...)
	}
	slices.Sort(flows)
	flows = slices.Compact(flows)
	for _, e := range edition.Errata() {
		published, err1 := matrix.ParsePortRange(e.Published)
		right, err2 := matrix.ParsePortRange(e.Corrected)
		if e.Kind != edition.WrongPort || err1 != nil || err2 != nil {
			continue
		}
		for _, flow := range flows {
			if strings.HasSuffix(flow, "-"+e.Subject) { // SOURCE-to-DESTINATION-COMPONENT
				r.input.Errata = append(r.input.Errata, audit.Erratum{ID: e.ID, Flow: flow, Published: packetPorts(published), Right: packetPorts(right)})
			}
		}
	}
}

func packetPorts(ports matrix.PortRange) packet.Ports {
	return packet.PortRange(uint8(ports.Protocol()), uint16(ports.From()), uint16(ports.To()))
}
