package provider

import (
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
	read func(b *firewall.Binding, f field)
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
			func(b *firewall.Binding, f field) { b.CIDRs = f.List(cidrWords).Texts() },
		},
		"named_cidrs": {
			"Map from names to prefixes that need not be known at plan, as in `{ bastion = \"${" + bastions[target.Name] + "}/32\" }`. " +
				"A name (" + matrix.IDForm + ") stands in keys, and means one prefix in the whole call.",
			func(b *firewall.Binding, f field) { b.NamedCIDRs = readNamedCIDRs(f) },
		},
		"managed": {
			"`false` where it is someone else's: peers refer to it, and nothing is attached to it. `true` by default.",
			func(b *firewall.Binding, f field) {
				b.Unmanaged = !f.MustBeKnown(attributeNotKnown, "Write true or false").Bool()
			},
		},
		"allow_public": {
			"`true` where the addresses may hold a block larger than a /8 (IPv4) or a /16 (IPv6), as `0.0.0.0/0` is. " +
				"For administration and internal flows that is an error all the same.",
			func(b *firewall.Binding, f field) {
				b.Public = f.MustBeKnown(attributeNotKnown, "Write true or false").Bool()
			},
		},
		"same_as": {
			"Id of another endpoint that is the same peer, as in `\"users\"`; alone in its binding.",
			func(b *firewall.Binding, f field) {
				const like = `an endpoint's id, as in same_as = "users"`
				b.SameAs = f.Like(like).MustBeKnown("the endpoint that it names"+notKnownInRules, `Write its id, as in same_as = "users"`).Filled(like)
			},
		},
		target.GroupAttribute: {
			"Id of its security group, known at plan or not. Rules are attached to it, and peers refer to it.",
			func(b *firewall.Binding, f field) { b.Group = f.Like(identifierWords).TextValue() },
		},
		target.TagsAttribute: {
			"Network tags of its machines, known at plan or not. Rules are attached to them, and peers refer to them. Not in one call with service accounts.",
			func(b *firewall.Binding, f field) { b.Tags = f.List(tagWords).TextValues() },
		},
		target.AccountsAttribute: {
			"Service accounts of its machines, known at plan or not, in place of network tags.",
			func(b *firewall.Binding, f field) { b.Accounts = f.List(accountWords).TextValues() },
		},
		target.ListAttribute: {
			"Id of a list of addresses that the cloud keeps, known at plan or not. Not beside a security group.",
			func(b *firewall.Binding, f field) { b.List = f.Like(identifierWords).TextValue() },
		},
		target.MaxEntriesAttribute: {
			"For how many rules the list counts in quotas: its `max_entries`, known at plan or not. Required where there is a list.",
			func(b *firewall.Binding, f field) { b.MaxEntries = f.Like("a whole number from 1").NumberValue() },
		},
		target.EthertypesAttribute: {
			"Address families of this endpoint's rules to and from groups: `[\"IPv4\"]`, `[\"IPv6\"]`, or both, the default.",
			func(b *firewall.Binding, f field) { b.Ethertypes = f.List(ethertypeWords).Texts() },
		},
	}
	delete(attributes, "") // what this cloud has no name for
	return attributes
}

// What is said of values in bindings that are not known and must be.
const (
	notKnownInRules   = " is not known yet, and the rules depend on it"
	attributeNotKnown = "the attribute" + notKnownInRules
)

// identifierWords say what an identifier is.
const identifierWords = "the resource's id, as in RESOURCE.id"

var (
	cidrWords      = listWords{"a prefix", "a list of prefixes", `"10.20.0.0/16"`, nameThem}
	tagWords       = listWords{"a network tag", "a list of network tags", `"canopsis"`, ""}
	accountWords   = listWords{"a service account's email", "a list of service accounts' emails", `"canopsis@my-project.iam.gserviceaccount.com"`, ""}
	ethertypeWords = listWords{"an address family", "a list of address families", `"IPv4"`, `Write them, as in ["IPv4", "IPv6"]`}
)

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
		if binding.IsNull() { // as if it were not there: the missing ones are told together
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
		case !known:
			o.refuse(name, "an attribute of a binding", slices.Collect(maps.Keys(attributes)))
		case !part.IsNull():
			attribute.read(&binding, part)
		}
	}
	return binding
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
