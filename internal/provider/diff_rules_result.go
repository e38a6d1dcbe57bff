package provider

import (
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/audit"
)

// The types of the comparison's result.
var (
	changeType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"source": tftypes.String, "destination": tftypes.String, "component": tftypes.String, "purpose": tftypes.String, "origin": tftypes.String,
		"flows": textsType, "ports": tftypes.String, "packets": textsType, "erratum": tftypes.String,
	}}
	moveType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"closed": tftypes.String, "opened": tftypes.String, "component": tftypes.String, "ports": tftypes.String,
		"end": tftypes.String, "from": tftypes.String, "to": tftypes.String, "other": tftypes.String,
	}}
	portChangeType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"source": tftypes.String, "destination": tftypes.String, "component": tftypes.String,
		"closed": textsType, "opened": textsType, "from": textsType, "to": textsType, "erratum": tftypes.String,
	}}
	endsType       = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"endpoints": textsType, "hosts": textsType}}
	diffCountsType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{"opened": tftypes.Number, "closed": tftypes.Number, "unchanged": tftypes.Number}}
	diffType       = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"equal": tftypes.Bool, "summary": tftypes.String, "counts": diffCountsType,
		"opened": tftypes.Map{ElementType: changeType}, "closed": tftypes.Map{ElementType: changeType}, "unchanged": textsType,
		"moved": tftypes.List{ElementType: moveType}, "changed": tftypes.List{ElementType: portChangeType},
		"only_from": endsType, "only_to": endsType,
	}}
)

// diffValue builds the result in the protocol's form.
func diffValue(d *audit.Diff) tftypes.Value {
	moved := make([]tftypes.Value, 0, len(d.Moved))
	for _, m := range d.Moved {
		moved = append(moved, tftypes.NewValue(moveType, map[string]tftypes.Value{
			"closed": orNull(m.Closed), "opened": orNull(m.Opened), "component": orNull(m.Component), "ports": orNull(m.Ports),
			"end": orNull(m.End), "from": orNull(m.From), "to": orNull(m.To), "other": orNull(m.Other),
		}))
	}
	changed := make([]tftypes.Value, 0, len(d.Changed))
	for _, c := range d.Changed {
		changed = append(changed, tftypes.NewValue(portChangeType, map[string]tftypes.Value{
			"source": orNull(c.Source), "destination": orNull(c.Destination), "component": orNull(c.Component),
			"closed": textList(c.Closed), "opened": textList(c.Opened), "from": textList(c.From), "to": textList(c.To), "erratum": orNull(c.Erratum),
		}))
	}
	return tftypes.NewValue(diffType, map[string]tftypes.Value{
		"equal":   tftypes.NewValue(tftypes.Bool, d.Equal),
		"summary": tftypes.NewValue(tftypes.String, d.Summary),
		"counts": tftypes.NewValue(diffCountsType, map[string]tftypes.Value{
			"opened": tftypes.NewValue(tftypes.Number, len(d.Opened)), "closed": tftypes.NewValue(tftypes.Number, len(d.Closed)), "unchanged": tftypes.NewValue(tftypes.Number, len(d.Unchanged)),
		}),
		"opened": changesValue(d.Opened), "closed": changesValue(d.Closed), "unchanged": textList(d.Unchanged),
		"moved":     tftypes.NewValue(tftypes.List{ElementType: moveType}, moved),
		"changed":   tftypes.NewValue(tftypes.List{ElementType: portChangeType}, changed),
		"only_from": endsValue(d.OnlyFrom, d.HostsFrom), "only_to": endsValue(d.OnlyTo, d.HostsTo),
	})
}

func changesValue(changes map[string]audit.Change) tftypes.Value {
	values := make(map[string]tftypes.Value, len(changes))
	for key, c := range changes {
		values[key] = tftypes.NewValue(changeType, map[string]tftypes.Value{
			"source": orNull(c.Source), "destination": orNull(c.Destination), "component": orNull(c.Component), "purpose": orNull(c.Purpose), "origin": orNull(c.Origin),
			"flows": textList(c.Flows), "ports": orNull(c.SpellPorts()), "packets": textList(c.Packets), "erratum": orNull(c.Erratum),
		})
	}
	return tftypes.NewValue(tftypes.Map{ElementType: changeType}, values)
}

func endsValue(endpoints, hosts []string) tftypes.Value {
	return tftypes.NewValue(endsType, map[string]tftypes.Value{"endpoints": textList(endpoints), "hosts": textList(hosts)})
}
