package provider

import (
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// auditsSetting is what audits found of rules that are there.
func auditsSetting() reportSetting {
	return reportSetting{
		settingDoc{"Map of Object", "What `audit_rules` returned, each under a name of your own, as in `{ aws = local.audit }`: a section \"as deployed\" then says what is missing, what is open beyond the matrix, and what may go."},
		(*reportReader).audits,
	}
}

// fromSetting is another deployment.
func fromSetting() reportSetting {
	return reportSetting{
		settingDoc{"Object", "Another deployment, as in `data.canopsis_flows.today`: flows that are opened since are then marked, and a document or a page says what is closed. A table has no row of what is closed, since firewalls are filled from tables."},
		(*reportReader).from,
	}
}

func (r *reportReader) from(f field) {
	if f.IsNull() {
		return
	}
	before := &reportReader{}
	before.deployment(before.At(f.Path(), f.value))
	r.Merge(before.Err())
	r.unknown = r.unknown || before.unknown
	r.report.Before = &before.report
}

func (r *reportReader) audits(f field) {
	const like = "results of audit_rules by a name of your own, as in { aws = local.audit }"
	for name, returned := range f.Like(like).Entries() {
		o, ok := returned.Object("what audit_rules returned, as in local.audit")
		if !ok {
			continue
		}
		if o.attributes["ok"].Type() == nil || o.attributes["expected"].Type() == nil || o.attributes["actual"].Type() == nil {
			r.Add(&refusal.Error{
				At: returned.Path(), Summary: "Not what audit_rules returned", Found: "the object has no ok, expected and actual",
				Allowed: "the whole result of audit_rules, under a name of your own", Remedy: "Write audits = { aws = local.audit }, where local.audit = provider::canopsis::audit_rules(...)",
			})
			continue
		}
		a := report.Audited{Name: name, OK: o.Required("ok").Bool(), Summary: o.Optional("summary").Text(), Limits: o.Optional("limits").List(textWords).Texts()}
		r.auditedWanted(&a, o.Required("expected"))
		r.auditedFound(&a, o.Required("actual"))
		for host, text := range o.Optional("unseen").Entries() {
			a.Undecided = append(a.Undecided, host+": "+text.Text())
		}
		r.report.Audits = append(r.report.Audits, a)
	}
}

// auditedWanted reads what became of rules that are wanted.
func (r *reportReader) auditedWanted(a *report.Audited, f field) {
	for direction, rules := range f.Like("ingress and egress, as audit_rules returned them").Entries() {
		for key, rule := range rules.Like("rules as audit_rules returned them").Entries() {
			o, ok := rule.Object("a rule as audit_rules returned it")
			if !ok {
				continue
			}
			name := key + " (" + direction + ")"
			switch r.auditedStatus(o, "present", "covered", "partial", "missing", "undecided") {
			case "missing", "partial":
				a.Missing = append(a.Missing, name+": "+strings.Join(o.Optional("missing").List(textWords).Texts(), ", "))
			case "undecided":
				a.Undecided = append(a.Undecided, name+": "+o.Optional("remedy").Text())
			}
		}
	}
}

// auditedStatus reads a status; one that an audit does not give would drop its rule
// from the report.
func (r *reportReader) auditedStatus(o fields, known ...string) string {
	f := o.Required("status").Like(refusal.List(known))
	text, ok := f.text()
	if ok && !slices.Contains(known, text) {
		r.Unknown(f.Path(), text, "a status that audit_rules gives here", known)
	}
	return text
}

// auditedFound reads what became of rules that are there.
func (r *reportReader) auditedFound(a *report.Audited, f field) {
	for id, rule := range f.Like("rules as audit_rules returned them").Entries() {
		o, ok := rule.Object("a rule as audit_rules returned it")
		if !ok {
			continue
		}
		name := id + " (" + strings.Join(o.Optional("hosts").List(textWords).Texts(), ", ") + ")"
		switch r.auditedStatus(o, "excess", "redundant", "undecided") {
		case "excess":
			a.Excess = append(a.Excess, name+": "+strings.Join(o.Optional("opens").List(textWords).Texts(), ", "))
		case "redundant":
			a.Redundant = append(a.Redundant, name)
		case "undecided":
			a.Undecided = append(a.Undecided, name+": "+o.Optional("remedy").Text())
		}
	}
}
