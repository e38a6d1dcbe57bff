package provider

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// bindingAttribute is an attribute that a binding may have.
type bindingAttribute struct {
	settingDoc
	// read is never called with a null value.
	read func(b *firewall.Binding, f field)
}

// bindingAttributes returns the attributes that a binding may have for a target:
// those that every target has, and its forms.
func bindingAttributes(target firewall.Target) map[string]bindingAttribute {
	attributes := map[string]bindingAttribute{
		"cidrs": {
			settingDoc{"List of String", "List of prefixes, known at plan, as in `[\"10.20.0.0/16\"]`; `[]` for an endpoint that has no address. Equal and covered ones merge."},
			func(b *firewall.Binding, f field) { b.CIDRs = f.List(cidrWords).Texts() },
		},
		"named_cidrs": {
			settingDoc{"Map of String", "Map from names to prefixes that need not be known at plan, as in `{ bastion = \"${" + target.Bastion + "}/32\" }`. " +
				"A name (" + matrix.IDForm + ") stands in keys, and means one prefix in the whole call. " +
				familyOfNames(target)},
			func(b *firewall.Binding, f field) { b.NamedCIDRs = readNamedCIDRs(f) },
		},
		"attach": {
			settingDoc{"Boolean", "`true` where rules are attached to " + attachingNames(target) + " although the rules know the endpoint as an actor or an outside system alone: without it that is an error. `false` beside them is an error for a host too."},
			func(b *firewall.Binding, f field) {
				b.Attach = f.MustBeKnown(attributeNotKnown, "Write true or false").Bool()
				b.Unattached = !b.Attach
			},
		},
		"allow_public": {
			settingDoc{"Boolean", "`true` where the addresses may hold a block larger than a /8 (IPv4) or a /16 (IPv6), as `0.0.0.0/0` is. " +
				"For administration and internal flows that is an error all the same."},
			func(b *firewall.Binding, f field) {
				b.Public = f.MustBeKnown(attributeNotKnown, "Write true or false").Bool()
			},
		},
		"same_as": {
			settingDoc{"String", "Id of another endpoint that is the same peer, as in `\"users\"`; alone in its binding."},
			func(b *firewall.Binding, f field) {
				const like = `an endpoint's id, as in same_as = "users"`
				b.SameAs = f.Like(like).MustBeKnown("the endpoint that it names"+notKnownInRules, `Write its id, as in same_as = "users"`).Filled(like)
			},
		},
	}
	if attachingNames(target) == "" {
		delete(attributes, "attach")
	}
	for _, form := range target.Forms {
		attributes[form.Name] = bindingAttribute{settingDoc{formInWords(form), form.Doc}, func(b *firewall.Binding, f field) {
			if b.Forms == nil {
				b.Forms = make(firewall.Forms)
			}
			b.Forms[form.Name] = readForm(form, f)
		}}
	}
	return attributes
}

// refuseBesideAlias refuses what stands beside same_as and would be ignored.
func refuseBesideAlias(errs *refusal.Errors, o fields) {
	if o.Optional("same_as").IsNull() {
		return
	}
	for _, name := range o.Names() {
		if name != "same_as" && !o.Optional(name).IsNull() {
			errs.Add(&refusal.Error{
				At: o.at.Attribute("same_as"), Summary: "Two answers in one binding", Found: "same_as says that this endpoint is another, and " + name + " says what it is",
				Remedy: "Leave same_as out, or leave out the other attributes",
			})
			return
		}
	}
}

// formInWords spells the type of what a form has: texts by name are nested, so that
// each may be unknown.
func formInWords(form firewall.Form) string {
	if form.Kind == firewall.Nested {
		return "Map of String"
	}
	return typeInWords(argumentType(form.Kind))
}

// familyOfNames says what becomes of named prefixes of another family.
func familyOfNames(target firewall.Target) string {
	if slices.ContainsFunc(target.Forms, func(form firewall.Form) bool { return form.Name == "named_ipv6_cidrs" }) {
		return "They are of IPv4 here."
	}
	return "In a flow of `icmp` or `icmpv6` a named prefix of the other family is an error, and a listed one makes no rule."
}

// attachingNames lists the forms of a target that rules are attached to.
func attachingNames(target firewall.Target) string {
	var names []string
	for _, form := range target.Forms {
		if form.Attaches {
			names = append(names, "`"+form.Name+"`")
		}
	}
	return strings.Join(names, " or ")
}

// readForm reads what a form holds, by the form's kind.
func readForm(form firewall.Form, f field) firewall.Cell {
	if form.MustBeKnown != "" {
		f = f.MustBeKnown(attributeNotKnown, form.MustBeKnown)
	}
	switch form.Kind {
	case firewall.Text:
		if form.MustBeKnown != "" {
			if s, ok := f.Like(form.Like).text(); ok {
				return firewall.TextCell(s)
			}
			return firewall.Cell{}
		}
		return firewall.Cell{Text: f.Like(cmp.Or(form.Like, "the resource's id, as in RESOURCE.id")).TextValue()}
	case firewall.Number:
		return firewall.Cell{Number: f.Like("a whole number from 1").NumberValue()}
	case firewall.Bool:
		return firewall.Cell{Bool: f.BoolValue()}
	case firewall.TextList, firewall.TextSet:
		f = f.List(listWords{form.One, form.Many, form.Example, form.MustBeKnown})
		if form.MustBeKnown == "" {
			return firewall.Cell{Texts: f.TextValues()}
		}
		if texts := f.Texts(); texts != nil {
			return firewall.TextsCell(texts...)
		}
	case firewall.Nested, firewall.TextMap, firewall.RangeMap, firewall.NumberMap:
		return firewall.Cell{Nested: f.Like(form.One + ", as in " + form.Example).NestedTexts()}
	}
	return firewall.Cell{}
}

// What is said of values in bindings that are not known and must be.
const (
	notKnownInRules   = " is not known yet, and the rules depend on it"
	attributeNotKnown = "the attribute" + notKnownInRules
)

var cidrWords = listWords{"a prefix", "a list of prefixes", `"10.20.0.0/16"`, nameThem}

// nameThem is what to do about prefixes that are known at apply only.
const nameThem = "Write named_cidrs = { NAME = PREFIX }: the names must be known, the prefixes need not be"

// readBindings reads the second argument: an object or a map of bindings.
func readBindings(target firewall.Target, v tftypes.Value, errs *refusal.Errors) map[string]firewall.Binding {
	r := &reader{}
	root := r.Root("bindings", v).Like(`an object, as in { users = { cidrs = ["10.20.0.0/16"] } }`)
	if root.IsNull() {
		root.wrong("")
	}
	attributes := bindingAttributes(target)
	bindings := make(map[string]firewall.Binding)
	for id, binding := range root.Optional().Entries() {
		if binding.IsNull() { // as if it were not there: the missing ones are reported together
			continue
		}
		bindings[id] = readBinding(attributes, binding.MustBeKnown("the whole binding"+notKnownInRules,
			"Write its attributes one by one, in an object of its own: identifiers and named CIDRs may be unknown"))
	}
	errs.Merge(r.Err())
	return bindings
}

func readBinding(attributes map[string]bindingAttribute, f field) firewall.Binding {
	o, ok := f.Object(`an object, as in { cidrs = ["10.20.0.0/16"] }`)
	if !ok {
		return firewall.Binding{}
	}
	return readAttributes(attributes, o)
}

func readAttributes(attributes map[string]bindingAttribute, o fields) firewall.Binding {
	var binding firewall.Binding
	for _, name := range o.Names() {
		attribute, known := attributes[name]
		switch part := o.Optional(name); {
		case !known && attributes["attach"].read == nil && isForm(name):
			o.f.r.Add(&refusal.Error{
				At: part.Path(), Summary: "Identifier of a cloud", Found: name + " names something in a cloud, and addresses alone are known here",
				Remedy: `Write the addresses behind it, as in cidrs = ["10.0.0.0/28"] or named_cidrs = { canopsis = "${RESOURCE.private_ip}/32" }`,
			})
		case !known:
			o.refuse(name, "an attribute of a binding", slices.Collect(maps.Keys(attributes)))
		case !part.IsNull():
			attribute.read(&binding, part)
		}
	}
	return binding
}

// isForm reports whether some target knows an endpoint by the attribute.
func isForm(name string) bool {
	return slices.ContainsFunc(firewall.Targets(), func(target firewall.Target) bool {
		return slices.ContainsFunc(target.Forms, func(form firewall.Form) bool { return form.Name == name })
	})
}

// readNamedCIDRs reads prefixes by name. Nulls are kept: the core has words for
// them.
func readNamedCIDRs(f field) map[string]firewall.Value[string] {
	f = f.Like(`a map of prefixes, as in { bastion = "10.0.0.5/32" }`).MustBeKnown(
		"the map's names are not known yet, and the keys of the rules hold them",
		`Write the names in the configuration, as in named_cidrs = { bastion = "${local.bastion_address}/32" }; the prefixes may be unknown`)
	cidrs := make(map[string]firewall.Value[string])
	for name, prefix := range f.Entries() {
		cidrs[name] = prefix.Optional().Like(`a prefix, as in "10.0.0.5/32"`).TextValue()
	}
	return cidrs
}
