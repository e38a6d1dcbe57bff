package provider

import (
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// bindingAttribute is an attribute that a binding may have.
type bindingAttribute struct {
	doc string // for the function's documentation, in Markdown
	// read is never called with a null value.
	read func(b *firewall.Binding, at refusal.Path, v tftypes.Value) error
}

// bastions are addresses that only apply knows, in each cloud's own words.
var bastions = map[string]string{
	firewall.AWS.Name:       "aws_instance.bastion.private_ip",
	firewall.GCP.Name:       "google_compute_instance.bastion.network_interface[0].network_ip",
	firewall.OpenStack.Name: "openstack_compute_instance_v2.bastion.access_ip_v4",
}

// bindingAttributes returns the attributes that a binding may have for a target.
func bindingAttributes(target firewall.Target) map[string]bindingAttribute {
	attributes := map[string]bindingAttribute{
		"cidrs": {
			"List of prefixes, known at plan, as in `[\"10.20.0.0/16\"]`; `[]` for an endpoint that has no address. Equal and covered ones merge.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.CIDRs, err = readKnownTexts(at, v, cidrWords)
				return err
			},
		},
		"named_cidrs": {
			"Map from names to prefixes that need not be known at plan, as in `{ bastion = \"${" + bastions[target.Name] + "}/32\" }`. " +
				"A name (" + matrix.IDForm + ") stands in keys, and means one prefix in the whole call.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.NamedCIDRs, err = readNamedCIDRs(at, v)
				return err
			},
		},
		"managed": {
			"`false` where it is someone else's: peers refer to it, and nothing is attached to it. `true` by default.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) error {
				managed, err := readBool(at, v)
				b.Unmanaged = !managed
				return err
			},
		},
		"allow_public": {
			"`true` where the addresses may hold a block larger than a /8 (IPv4) or a /16 (IPv6), as `0.0.0.0/0` is. " +
				"For administration and internal flows that is an error all the same.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.Public, err = readBool(at, v)
				return err
			},
		},
		"same_as": {
			"Id of another endpoint that is the same peer, as in `\"users\"`; alone in its binding.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) error {
				if !v.IsKnown() {
					return unknownInBinding(at, "the endpoint that it names", `Write its id, as in same_as = "users"`)
				}
				s, ok := text(v)
				if !ok {
					return wrongType(at, v, `an endpoint's id, as in same_as = "users"`)
				}
				if s == "" {
					return &refusal.Error{At: at, Summary: "Empty text", Found: `the text "" is empty`, Allowed: `an endpoint's id, as in same_as = "users"`, Remedy: "Write null to leave the attribute out"}
				}
				b.SameAs = s
				return nil
			},
		},
		target.GroupAttribute: {
			"Id of its security group, known at plan or not. Rules are attached to it, and peers refer to it.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.Group, err = readIdentifier(at, v)
				return err
			},
		},
		target.TagsAttribute: {
			"Network tags of its machines, known at plan or not. Rules are attached to them, and peers refer to them. Not in one call with service accounts.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.Tags, err = readTexts(at, v, tagWords)
				return err
			},
		},
		target.AccountsAttribute: {
			"Service accounts of its machines, known at plan or not, in place of network tags.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.Accounts, err = readTexts(at, v, accountWords)
				return err
			},
		},
		target.ListAttribute: {
			"Id of a list of addresses that the cloud keeps, known at plan or not. Not beside a security group.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.List, err = readIdentifier(at, v)
				return err
			},
		},
		target.MaxEntriesAttribute: {
			"For how many rules the list counts in quotas: its `max_entries`, known at plan or not. Required where there is a list.",
			readMaxEntries,
		},
		target.EthertypesAttribute: {
			"Address families of this endpoint's rules to and from groups: `[\"IPv4\"]`, `[\"IPv6\"]`, or both, the default.",
			func(b *firewall.Binding, at refusal.Path, v tftypes.Value) (err error) {
				b.Ethertypes, err = readKnownTexts(at, v, ethertypeWords)
				return err
			},
		},
	}
	delete(attributes, "") // what this cloud has no name for
	return attributes
}

func readMaxEntries(b *firewall.Binding, at refusal.Path, v tftypes.Value) error {
	if !v.IsKnown() {
		b.MaxEntries = firewall.Unknown[int64]()
		return nil
	}
	n, ok := wholeNumber(v)
	if !ok {
		return wrongType(at, v, "a whole number from 1")
	}
	b.MaxEntries = firewall.Known(n)
	return nil
}

// listWords say what a list holds, for errors.
type listWords struct {
	one, many, example string
	remedy             string // where they must be known and are not
}

var (
	cidrWords      = listWords{"a prefix", "a list of prefixes", `"10.20.0.0/16"`, nameThem}
	tagWords       = listWords{"a network tag", "a list of network tags", `"canopsis"`, ""}
	accountWords   = listWords{"a service account's email", "a list of service accounts' emails", `"canopsis@my-project.iam.gserviceaccount.com"`, ""}
	ethertypeWords = listWords{"an address family", "a list of address families", `"IPv4"`, `Write them, as in ["IPv4", "IPv6"]`}
)

// readBindings reads the second argument: an object or a map of bindings.
func readBindings(target firewall.Target, v tftypes.Value) (map[string]firewall.Binding, error) {
	at := refusal.At("bindings")
	values, ok := elements(v)
	if !ok || v.IsNull() {
		return nil, wrongType(at, v, `an object, as in { users = { cidrs = ["10.20.0.0/16"] } }`)
	}
	attributes := bindingAttributes(target)
	bindings := make(map[string]firewall.Binding, len(values))
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(values)) {
		value := values[id]
		switch {
		case !value.IsKnown():
			errs = append(errs, unknownInBinding(at.Key(id), "the whole binding",
				"Write its attributes one by one, in an object of its own: identifiers and named CIDRs may be unknown"))
		case value.IsNull(): // as if it were not there: the missing ones are told together
		default:
			binding, err := readBinding(attributes, at.Key(id), value)
			errs = append(errs, err)
			bindings[id] = binding
		}
	}
	return bindings, firstErrors(errs)
}

func readBinding(attributes map[string]bindingAttribute, at refusal.Path, v tftypes.Value) (firewall.Binding, error) {
	values, ok := elements(v)
	if !ok {
		return firewall.Binding{}, wrongType(at, v, `an object, as in { cidrs = ["10.20.0.0/16"] }`)
	}
	return readAttributes(attributes, at, values)
}

func readAttributes(attributes map[string]bindingAttribute, at refusal.Path, values map[string]tftypes.Value) (firewall.Binding, error) {
	var binding firewall.Binding
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(values)) {
		attribute, known := attributes[name]
		switch {
		case !known:
			err := refusal.Unknown(at.Attribute(name), name, "an attribute of a binding", slices.Collect(maps.Keys(attributes)))
			err.Summary = "Unknown attribute"
			errs = append(errs, err)
		case values[name].IsNull():
		default:
			errs = append(errs, attribute.read(&binding, at.Attribute(name), values[name]))
		}
	}
	return binding, errors.Join(errs...)
}

// readTexts reads a list of texts that may be unknown, each or all at once.
func readTexts(at refusal.Path, v tftypes.Value, words listWords) (firewall.Texts, error) {
	if !v.IsKnown() {
		return firewall.Unknown[[]firewall.Value[string]](), nil
	}
	values, ok := sequence(v)
	if !ok {
		return firewall.Texts{}, wrongType(at, v, words.many+", as in ["+words.example+"]")
	}
	texts := make([]firewall.Value[string], len(values))
	var errs []error
	for i, value := range values {
		switch s, ok := text(value); {
		case !value.IsKnown():
			texts[i] = firewall.Unknown[string]()
		case value.IsNull():
			errs = append(errs, nullElement(at.Index(i)))
		case !ok:
			errs = append(errs, wrongType(at.Index(i), value, words.one+", as in "+words.example))
		default:
			texts[i] = firewall.Known(s)
		}
	}
	return firewall.Known(texts), errors.Join(errs...)
}

// readKnownTexts reads a list of texts on which keys depend: all must be known.
func readKnownTexts(at refusal.Path, v tftypes.Value, words listWords) ([]string, error) {
	texts, err := readTexts(at, v, words)
	if texts.IsUnknown() {
		return nil, unknownInBinding(at, words.many, words.remedy)
	}
	values, _ := texts.Get()
	known := make([]string, 0, len(values))
	errs := []error{err}
	for i, value := range values {
		if value.IsUnknown() {
			errs = append(errs, unknownInBinding(at.Index(i), words.one+" of the list", words.remedy))
		}
		s, _ := value.Get()
		known = append(known, s)
	}
	return known, errors.Join(errs...)
}

func readNamedCIDRs(at refusal.Path, v tftypes.Value) (map[string]firewall.Value[string], error) {
	if !v.IsKnown() {
		return nil, &refusal.Error{
			At:      at,
			Summary: "Unknown at plan",
			Found:   "the map's names are not known yet, and the keys of the rules hold them",
			Remedy:  `Write the names in the configuration, as in named_cidrs = { bastion = "${local.bastion_address}/32" }; the prefixes may be unknown`,
		}
	}
	values, ok := elements(v)
	if !ok {
		return nil, wrongType(at, v, `a map of prefixes, as in { bastion = "10.0.0.5/32" }`)
	}
	cidrs := make(map[string]firewall.Value[string], len(values))
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		switch s, ok := text(value); {
		case !value.IsKnown():
			cidrs[name] = firewall.Unknown[string]()
		case value.IsNull():
			cidrs[name] = firewall.Value[string]{}
		case !ok:
			errs = append(errs, wrongType(at.Key(name), value, `a prefix, as in "10.0.0.5/32"`))
		default:
			cidrs[name] = firewall.Known(s)
		}
	}
	return cidrs, errors.Join(errs...)
}

// readIdentifier reads an id that may be unknown.
func readIdentifier(at refusal.Path, v tftypes.Value) (firewall.Value[string], error) {
	if !v.IsKnown() {
		return firewall.Unknown[string](), nil
	}
	s, ok := text(v)
	if !ok {
		return firewall.Value[string]{}, wrongType(at, v, `the resource's id, as in RESOURCE.id`)
	}
	return firewall.Known(s), nil
}

func readBool(at refusal.Path, v tftypes.Value) (bool, error) {
	if !v.IsKnown() {
		return false, unknownInBinding(at, "the attribute", "Write true or false")
	}
	b, ok := boolean(v)
	if !ok {
		return false, wrongType(at, v, "true or false")
	}
	return b, nil
}

// nameThem is what to do about prefixes that are known at apply only.
const nameThem = "Write named_cidrs = { NAME = PREFIX }: the names must be known, the prefixes need not be"

// unknownInBinding words that keys depend on something that is not known yet.
func unknownInBinding(at refusal.Path, what, remedy string) error {
	return &refusal.Error{
		At:      at,
		Summary: "Unknown at plan",
		Found:   what + " is not known yet, and the rules depend on it",
		Remedy:  remedy,
	}
}

func wrongType(at refusal.Path, v tftypes.Value, want string) error {
	return &refusal.Error{
		At:      at,
		Summary: "Wrong type",
		Found:   describe(v) + " stands here",
		Allowed: want,
	}
}
