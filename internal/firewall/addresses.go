package firewall

import (
	"maps"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Addresses returns the addresses of each endpoint as people write them down:
// the prefixes of its list, sorted and without those that another covers, then
// the named ones with their names. An endpoint that is the same as another has
// the other's. What else a binding says belongs to a cloud, and is not looked
// at. at is where the bindings stand; the errors are those of Render for the
// same ids, CIDRs and same_as. No CIDR may be unknown.
func Addresses(at refusal.Path, bindings map[string]Binding) (map[string][]string, error) {
	r := &bindingsReader{at: at}
	parties := make(map[string]*party, len(bindings))
	for _, id := range slices.Sorted(maps.Keys(bindings)) {
		if !matrix.IsID(id) {
			r.Add(matrix.InvalidID(at.Key(id), id))
			continue
		}
		b := bindings[id]
		parties[id] = &party{
			id: id, binding: b,
			prefixes: readCIDRs(at.Key(id).Attribute("cidrs"), b.CIDRs, &r.Errors),
			named:    readNamedCIDRs(at.Key(id).Attribute("named_cidrs"), b.NamedCIDRs, &r.Errors),
		}
	}
	addresses := make(map[string][]string, len(parties))
	for id, p := range r.resolveAliases(parties) {
		for _, prefix := range p.prefixes {
			addresses[id] = append(addresses[id], prefix.String())
		}
		for _, n := range p.named {
			if prefix, ok := n.prefix.Get(); ok {
				addresses[id] = append(addresses[id], prefix.String()+" ("+n.name+")")
			}
		}
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	return addresses, nil
}
