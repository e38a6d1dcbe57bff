package firewall

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// resolveAliases maps every endpoint to the party that it is: itself, or the
// one that same_as names.
func (r *bindingsReader) resolveAliases(parties map[string]*party) map[string]*party {
	resolved := make(map[string]*party, len(parties))
	ids := slices.Sorted(maps.Keys(parties))
	for _, id := range ids {
		p := parties[id]
		resolved[id] = p
		name := p.binding.SameAs
		if name == "" {
			continue
		}
		at := r.at.Key(id).Attribute("same_as")
		other, ok := parties[name]
		switch {
		case !ok:
			r.Add(deployment.Unknown(at, name, "an endpoint whose binding says what it is", slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return parties[id].binding.SameAs != "" })))
		case other == p:
			r.Add(BoundToItself(at, name))
		case other.binding.SameAs != "":
			chain := ChainOfAliases(at, name, other.binding.SameAs)
			// Not where that is wrong itself, which is reported beside this.
			if last, ok := parties[other.binding.SameAs]; ok && last != p && last.binding.SameAs == "" {
				chain.Nearest = last.id
			}
			r.Add(chain)
		default:
			resolved[id] = other
		}
	}
	return resolved
}

// BoundToItself says that same_as of an endpoint names the endpoint.
func BoundToItself(at refusal.Path, id string) *refusal.Error {
	return &refusal.Error{At: at, Summary: "Endpoint bound to itself", Found: strconv.Quote(id) + " is the endpoint that the binding is for", Remedy: "Name another endpoint, or say what this one is"}
}

// ChainOfAliases says that same_as names an endpoint that is itself the same as another.
func ChainOfAliases(at refusal.Path, id, other string) *refusal.Error {
	return &refusal.Error{At: at, Summary: "Chain of same_as", Found: strconv.Quote(id) + " is itself the same as " + strconv.Quote(other), Remedy: "Name an endpoint whose binding says what it is"}
}

// checkNames refuses what would open one prefix twice: clouds refuse the second
// at apply, when half of the rules stand.
func (r *bindingsReader) checkNames(parties map[string]*party) {
	listed := make(map[netip.Prefix]string) // to the endpoint
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		for _, prefix := range parties[id].prefixes {
			if _, ok := listed[prefix]; !ok {
				listed[prefix] = id
			}
		}
	}
	meaning := make(map[[2]string]netip.Prefix) // of an attribute's name
	names := make(map[netip.Prefix]string)      // the first name of a prefix
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		for _, n := range parties[id].named {
			at := r.at.Key(id).Attribute(n.in()).Key(n.name)
			if _, ok := parties[n.name]; ok {
				r.Add(&refusal.Error{
					At:      at,
					Summary: "Name already taken",
					Found:   strconv.Quote(n.name) + " is an endpoint with a binding of its own, and rule keys could be read two ways",
					Remedy:  "Give the CIDR another name",
				})
			}
			prefix, ok := n.prefix.Get()
			if !ok {
				continue
			}
			name := [...]string{n.in(), n.name} // one of both attributes is refused by itself
			if before, ok := meaning[name]; ok && before != prefix {
				r.Add(&refusal.Error{
					At:      at,
					Summary: "Name with two meanings",
					Found:   strconv.Quote(n.name) + " names another prefix in another binding",
					Remedy:  "Give each prefix a name of its own",
				})
			}
			meaning[name] = prefix
			if before, ok := names[prefix]; ok && before != n.name {
				r.Add(&refusal.Error{
					At:      at,
					Summary: "Prefix with two names",
					Found:   strconv.Quote(before) + " and " + strconv.Quote(n.name) + " name one prefix, which would open it twice",
					Remedy:  "Use one name in both places",
				})
			}
			if _, ok := names[prefix]; !ok {
				names[prefix] = n.name
			}
			if endpoint, ok := listed[prefix]; ok {
				r.Add(&refusal.Error{
					At:      at,
					Summary: "Prefix named and listed",
					Found:   "the prefix also stands in the cidrs of " + strconv.Quote(endpoint) + ", which would open it twice",
					Remedy:  "Keep it in one of the two, or give it the same name in both bindings",
				})
			}
		}
	}
}
