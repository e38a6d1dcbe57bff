package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
	"github.com/canopsis/terraform-provider-canopsis/internal/report"
)

// reportSetting is an attribute of a report's settings.
type reportSetting struct {
	settingDoc
	read func(r *reportReader, f field)
}

// allSettings returns the settings that a report takes, by name.
func (f reportFunction) allSettings() map[string]reportSetting {
	settings := map[string]reportSetting{
		"language": {
			settingDoc{"String", "`en`, the default, or `fr`. What you wrote yourself stays as it is."},
			(*reportReader).language,
		},
		"addresses": {
			settingDoc{"Map of List of String", "What stands for each endpoint, for the reader alone: a map from its id to prefixes, addresses or names, as in `{ users = [\"10.20.0.0/16\"], ldap = [\"the directory's address\"] }`. " +
				"It comes before what `bindings` say, and no rule is made from it."},
			(*reportReader).addresses,
		},
		"bindings": {
			settingDoc{"Map of Object", "The bindings of a rules function: the cells of addresses say what each endpoint is bound to, or that it is not. An identifier or a named prefix that is unknown at plan makes the whole text \"(known after apply)\"."},
			(*reportReader).bindings,
		},
		"rules": {
			settingDoc{"Map of Object", "What rules functions returned, each under a name of your own, as in `{ aws = local.aws }`: each flow then says at which ends it is enforced, towards whom, and what is not enforced and why."},
			(*reportReader).rules,
		},
	}
	maps.Copy(settings, f.settings)
	return settings
}

func (r *reportReader) settings(f field, settings map[string]reportSetting) {
	o, ok := f.Optional().Object(`an object, as in { language = "fr" }, or {} for none`)
	if !ok {
		return
	}
	names := slices.Sorted(maps.Keys(settings))
	o.RefuseOthers("a setting of this report", names)
	for _, name := range names {
		settings[name].read(r, o.Optional(name))
	}
}

func (r *reportReader) language(f field) {
	if name, ok := f.text(); ok {
		language, err := report.ParseLanguage(f.Path(), name)
		r.Merge(err)
		r.report.Language = language
	}
}

// requestSetting is the form before the flows.
func requestSetting() reportSetting {
	return reportSetting{
		settingDoc{"Map of String", "Puts the form of a request for openings first: an object with any of `" + strings.Join(report.RequestFields(), "`, `") + "`. " +
			"What is left out is an empty line of the form; `{}` is the empty form."},
		(*reportReader).request,
	}
}

func (r *reportReader) request(f field) {
	o, ok := f.Object(`an object, as in { requester = "Monitoring team", ticket = "CHG-1234" }`)
	if !ok {
		return
	}
	fields := report.RequestFields()
	o.RefuseOthers("a field of the form", fields)
	r.report.Request = make(report.Request)
	for _, name := range fields {
		if text := o.Optional(name).Text(); text != "" {
			r.report.Request[name] = text
		}
	}
}

// tableSettings say how a table is written.
func tableSettings() map[string]reportSetting {
	return map[string]reportSetting{
		"from": fromSetting(),
		"separator": {
			settingDoc{"String", "What stands between cells: `,`, the default, `;`, which Excel wants where numbers are written with a comma, as in French, or a tab."},
			(*reportReader).separator,
		},
		"bom": {
			settingDoc{"Boolean", "`true` for a byte order mark first, without which Excel does not read accents."},
			func(r *reportReader, f field) { r.report.Table.BOM = f.Bool() },
		},
	}
}

func (r *reportReader) separator(f field) {
	text, ok := f.text()
	switch {
	case !ok:
	case text == "," || text == ";" || text == "\t":
		r.report.Table.Separator = rune(text[0])
	default:
		r.Add(&refusal.Error{
			At: f.Path(), Summary: "Unknown separator", Found: fmt.Sprintf("%q does not separate cells", text),
			Allowed: `",", ";" or "\t"`,
		})
	}
}
