package firewall

import (
	"cmp"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// plan is what a target renders: rules whose ends are parties, checked.
type plan struct {
	hosts      []*party // the managed ones, by id
	edges      []edge
	unenforced map[string]string
}

// edge is what one rule asks for at one of its managed ends.
type edge struct {
	host, other *party
	direction   Direction
	ports       matrix.PortRange
	flow        string
}

// newPlan reads the bindings, checks them against each other and the rules, and
// finds what is to be opened.
func newPlan(t Target, rules map[string]deployment.Rule, bindings map[string]Binding) (*plan, error) {
	f := &faults{at: refusal.At("bindings")}
	parties := readBindings(t, bindings, f)
	resolved := resolveAliases(parties, f)
	checkNames(parties, f)
	checkIdentifiers(parties, f)
	checkMixed(t, parties, f)
	keys := slices.Sorted(maps.Keys(rules))
	checkMissing(keys, rules, resolved, f)
	checkPublic(keys, rules, parties, resolved, f)
	if err := f.err(); err != nil {
		return nil, err
	}
	p := &plan{unenforced: make(map[string]string)}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		if parties[id].managed {
			p.hosts = append(p.hosts, parties[id])
		}
	}
	for _, key := range keys {
		r := rules[key]
		source, destination := resolved[r.Source], resolved[r.Destination]
		if !source.managed && !destination.managed {
			p.unenforced[key] = "neither end is managed here: " + r.Source + " and " + r.Destination + " have no " + t.identifierAttributes() + " to attach rules to"
			continue
		}
		var lacking []string
		for _, e := range []edge{
			{destination, source, Ingress, r.Ports, r.Flow},
			{source, destination, Egress, r.Ports, r.Flow},
		} {
			if !e.host.managed {
				continue
			}
			if reason := t.lacks(e.host, e.other, e.direction); reason != "" {
				lacking = append(lacking, reason)
				continue
			}
			p.edges = append(p.edges, e)
		}
		if len(lacking) > 0 {
			p.unenforced[key] = strings.Join(lacking, "; ")
		}
	}
	return p, nil
}

// lacksAddresses is the reason of clouds whose rules can name whatever an
// endpoint is, in both directions.
func lacksAddresses(_, other *party, _ Direction) string {
	if len(other.prefixes) == 0 && len(other.peers) == 0 {
		return other.id + " has no addresses"
	}
	return ""
}

// resolveAliases maps every endpoint to the party that it is: itself, or the
// one that same_as names.
func resolveAliases(parties map[string]*party, f *faults) map[string]*party {
	resolved := make(map[string]*party, len(parties))
	ids := slices.Sorted(maps.Keys(parties))
	for _, id := range ids {
		p := parties[id]
		resolved[id] = p
		name := p.binding.SameAs
		if name == "" {
			continue
		}
		at := f.at.Key(id).Attribute("same_as")
		other, ok := parties[name]
		switch {
		case !ok:
			f.addUnknown(at, name, "an endpoint with a binding", ids)
		case other == p:
			f.add(&refusal.Error{At: at, Summary: "Endpoint bound to itself", Found: strconv.Quote(name) + " is the endpoint that the binding is for", Remedy: "Name another endpoint, or say what this one is"})
		case other.binding.SameAs != "":
			chain := &refusal.Error{At: at, Summary: "Chain of same_as", Found: strconv.Quote(name) + " is itself the same as " + strconv.Quote(other.binding.SameAs), Remedy: "Name an endpoint whose binding says what it is"}
			if other.binding.SameAs != id {
				chain.Nearest = other.binding.SameAs
			}
			f.add(chain)
		default:
			resolved[id] = other
		}
	}
	return resolved
}

// checkNames refuses what would open one prefix twice: clouds refuse the second
// at apply, when half of the rules stand.
func checkNames(parties map[string]*party, f *faults) {
	listed := make(map[netip.Prefix]string) // to the endpoint
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		for _, prefix := range parties[id].prefixes {
			if _, ok := listed[prefix]; !ok {
				listed[prefix] = id
			}
		}
	}
	meaning := make(map[string]netip.Prefix) // of a name
	names := make(map[netip.Prefix]string)   // the first name of a prefix
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		for _, n := range parties[id].named {
			at := f.at.Key(id).Attribute("named_cidrs").Key(n.name)
			if _, ok := parties[n.name]; ok {
				f.add(&refusal.Error{
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
			if before, ok := meaning[n.name]; ok && before != prefix {
				f.add(&refusal.Error{
					At:      at,
					Summary: "Name with two meanings",
					Found:   strconv.Quote(n.name) + " is " + prefix.String() + " here and " + before.String() + " in another binding",
					Remedy:  "Give each prefix a name of its own",
				})
			}
			meaning[n.name] = prefix
			if before, ok := names[prefix]; ok && before != n.name {
				f.add(&refusal.Error{
					At:      at,
					Summary: "Prefix with two names",
					Found:   prefix.String() + " is named " + strconv.Quote(before) + " and " + strconv.Quote(n.name) + ", which would open it twice",
					Remedy:  "Use one name in both places",
				})
			}
			if _, ok := names[prefix]; !ok {
				names[prefix] = n.name
			}
			if endpoint, ok := listed[prefix]; ok {
				f.add(&refusal.Error{
					At:      at,
					Summary: "Prefix named and listed",
					Found:   prefix.String() + " also stands in the cidrs of " + strconv.Quote(endpoint) + ", which would open it twice",
					Remedy:  "Keep it in one of the two, or give it the same name in both bindings",
				})
			}
		}
	}
}

// checkIdentifiers refuses two endpoints that are the same group, list, tags or
// accounts. Managed ones may not share a single tag or account either: the rules
// of one would open the other.
func checkIdentifiers(parties map[string]*party, f *faults) {
	owner := make(map[identifier]*party) // by everything that identifies it
	sharer := make(map[string]*party)    // managed, by each of its tags or accounts
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		p := parties[id]
		if p.binding.SameAs != "" {
			continue
		}
		whole, each := p.identifiers()
		for _, identifier := range whole {
			other, taken := owner[identifier]
			if !taken {
				owner[identifier] = p
				continue
			}
			err := &refusal.Error{
				At:      f.at.Key(id),
				Summary: "Two endpoints that are one",
				Found:   strconv.Quote(other.id) + " and " + strconv.Quote(id) + " are both " + strconv.Quote(identifier.value),
				Remedy:  "Write " + id + " = { same_as = " + strconv.Quote(other.id) + " }",
			}
			switch {
			case p.managed && !other.managed: // the other way round, nothing would be attached to it any more
				err.Remedy = "Write " + other.id + " = { same_as = " + strconv.Quote(id) + " }"
			case p.managed:
				err.Remedy = "Place both on one host in the data source, as in placement = { " + id + " = " + strconv.Quote(other.id) +
					" }, and list that host in clusters if it is several machines"
			}
			f.add(err)
			each = nil // told
		}
		for _, value := range each {
			if !p.managed {
				break
			}
			other, taken := sharer[value]
			if !taken {
				sharer[value] = p
				continue
			}
			f.add(&refusal.Error{
				At:      f.at.Key(id),
				Summary: "Two hosts that share machines",
				Found:   strconv.Quote(other.id) + " and " + strconv.Quote(id) + " both have " + strconv.Quote(value) + ", and the rules of each would open the machines of the other",
				Remedy:  "Leave it out of both, so that each host has a name of its own",
			})
		}
	}
}

// identifier is what an endpoint is in the cloud. A group and a list that bear
// the same id are two things still.
type identifier struct{ kind, value string }

// identifiers returns what is known of the names of the endpoint in the cloud:
// those that are the endpoint by themselves, and those that are one of several.
func (p *party) identifiers() (whole []identifier, each []string) {
	for _, of := range []struct {
		kind string
		id   Value[string]
	}{{"group", p.binding.Group}, {"list", p.binding.List}} {
		if value, ok := of.id.Get(); ok && value != "" {
			whole = append(whole, identifier{of.kind, value})
		}
	}
	for _, of := range []struct {
		kind  string
		texts Texts
	}{{"tags", p.binding.Tags}, {"accounts", p.binding.Accounts}} {
		values, _ := of.texts.Get()
		var names []string
		for _, v := range values {
			if name, ok := v.Get(); ok {
				names = append(names, name)
			}
		}
		if len(names) > 0 && len(names) == len(values) {
			whole = append(whole, identifier{of.kind, strings.Join(names, ", ")})
		}
		each = append(each, names...)
	}
	return whole, each
}

// checkMixed refuses tags beside service accounts, which Google takes in no
// common rule.
func checkMixed(t Target, parties map[string]*party, f *faults) {
	var tags, accounts string
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		b := parties[id].binding
		switch {
		case b.SameAs != "" || !b.Tags.IsAbsent() && !b.Accounts.IsAbsent(): // told already
		case !b.Tags.IsAbsent():
			tags = cmp.Or(tags, id)
		case !b.Accounts.IsAbsent():
			accounts = cmp.Or(accounts, id)
		}
	}
	if tags != "" && accounts != "" {
		f.add(&refusal.Error{
			At:      f.at,
			Summary: "Tags beside service accounts",
			Found:   strconv.Quote(tags) + " has " + t.TagsAttribute + " and " + strconv.Quote(accounts) + " has " + t.AccountsAttribute + ", which cannot stand in one rule",
			Remedy:  "Use one of the two for every endpoint",
		})
	}
}

// checkMissing names every endpoint of a rule that has no binding.
func checkMissing(keys []string, rules map[string]deployment.Rule, resolved map[string]*party, f *faults) {
	flows := make(map[string][]string) // by missing endpoint
	isHost := make(map[string]bool)
	for _, key := range keys {
		r := rules[key]
		for _, end := range []string{r.Source, r.Destination} {
			if _, ok := resolved[end]; !ok {
				flows[end] = append(flows[end], r.Flow)
				isHost[end] = isHost[end] || r.Purpose == matrix.Internal ||
					end == r.Destination && r.Purpose != matrix.Installation && r.Purpose != matrix.Outbound
			}
		}
	}
	if len(flows) == 0 {
		return
	}
	given := slices.Collect(maps.Keys(resolved))
	missing := slices.Sorted(maps.Keys(flows))
	lines := make([]string, 0, len(missing))
	anyHost := false
	for i, id := range missing {
		anyHost = anyHost || isHost[id]
		if i >= maxErrors {
			continue
		}
		line := "- " + id + ", needed by " + refusal.List(flows[id])
		if nearest := refusal.Nearest(id, given); nearest != "" {
			line += " (given: " + nearest + ")"
		}
		lines = append(lines, line)
	}
	if more := len(missing) - maxErrors; more > 0 {
		lines = append(lines, fmt.Sprintf("- and %d more", more))
	}
	err := &refusal.Error{
		At:      f.at,
		Summary: "Missing bindings",
		Found:   "these endpoints of the rules have no binding:\n" + strings.Join(lines, "\n") + "\nGiven: " + cmp.Or(refusal.List(given), "none"),
		Remedy:  "Write a binding for each, as in " + missing[0] + " = { cidrs = [\"10.20.0.0/16\"] }, or name it in the data source's exclude",
	}
	if anyHost {
		err.Remedy += ".\nIf the plan only refreshes or destroys, a host may be missing since its group does not exist (yet or any more): apply first, or destroy with the whole state"
	}
	f.add(err)
}

// checkPublic refuses public addresses: for flows that never belong on the
// Internet whatever the binding allows, and else where it does not allow them.
func checkPublic(keys []string, rules map[string]deployment.Rule, parties, resolved map[string]*party, f *faults) {
	told := make(map[string]bool)    // by end of a rule
	refused := make(map[*party]bool) // whatever they allow
	for _, key := range keys {
		r := rules[key]
		if mayBePublic(r.Purpose) {
			continue
		}
		for _, end := range []string{r.Source, r.Destination} {
			p, ok := resolved[end]
			if !ok || !p.public.IsValid() || told[end] {
				continue
			}
			told[end], refused[p] = true, true
			f.add(&refusal.Error{
				At:      f.at.Key(p.id),
				Summary: "Public addresses where none may be",
				Found:   "the addresses of " + strconv.Quote(end) + " hold " + p.public.String() + ", a public block, and flow " + r.Flow + " is for " + r.Purpose.String(),
				Remedy:  "Name the prefixes of your own network; allow_public does not apply to administration and internal flows",
			})
		}
	}
	for _, id := range slices.Sorted(maps.Keys(parties)) {
		if p := parties[id]; p.public.IsValid() && !p.binding.Public && !refused[p] {
			f.add(&refusal.Error{
				At:      f.at.Key(id),
				Summary: "Public addresses",
				Found:   "the addresses of " + strconv.Quote(id) + " together hold " + p.public.String() + ", and a block larger than a /8 (IPv4) or a /16 (IPv6) is a good part of the Internet",
				Remedy:  "Name narrower prefixes, or write allow_public = true if that is what you want",
			})
		}
	}
}

// mayBePublic reports whether a flow for this purpose may come from the Internet
// or go there, where its binding allows that. A purpose that is none may not.
func mayBePublic(purpose matrix.Purpose) bool {
	switch purpose {
	case matrix.Installation, matrix.UserAccess, matrix.Events, matrix.Outbound:
		return true
	case matrix.Administration, matrix.Internal:
	}
	return false
}

// opening is one rule between a managed endpoint and one peer on one port range.
type opening struct {
	bucket
	peer  peer
	flows []string // sorted, unique
}

// key is the sentence that says what the opening is.
func (o opening) key() string {
	return o.direction.sides(o.host.id, o.peer.side) + "/" + o.ports.Key()
}

func (o opening) bound(key string, cells []Cell) Bound {
	return Bound{Key: key, Host: o.host.id, Peer: o.peer.side, PeerKind: o.peer.kind, Flows: o.flows, Cells: cells}
}

// bucket gathers what is opened between one managed endpoint and its peers on
// one port range in one direction.
type bucket struct {
	host      *party
	direction Direction
	ports     matrix.PortRange
}

// openings finds every rule of a cloud whose rules have one peer and one port
// range each.
func (p *plan) openings() []opening {
	buckets := make(map[bucket]contents)
	for _, e := range p.edges {
		b := bucket{e.host, e.direction, e.ports}
		if buckets[b] == nil {
			buckets[b] = make(contents)
		}
		buckets[b][e.other] = append(buckets[b][e.other], e.flow)
	}
	var found []opening
	for b, c := range buckets {
		for other := range c {
			c[other] = sortedSet(c[other])
		}
		found = append(found, c.named(b)...)
		found = append(found, c.listed(b)...)
	}
	return found
}

// contents are the other sides of a bucket with the flows that want them.
type contents map[*party][]string

// flows returns the flows that want any of the parties, sorted and unique.
func (c contents) flows(others []*party) []string {
	slices.SortFunc(others, func(a, b *party) int { return cmp.Compare(a.id, b.id) })
	others = slices.Compact(others)
	if len(others) == 1 {
		return c[others[0]]
	}
	var flows []string
	for _, other := range others {
		flows = append(flows, c[other]...)
	}
	return sortedSet(flows)
}

// named returns the openings to all but list CIDRs. What is the other side in the
// key identifies them.
func (c contents) named(b bucket) []opening {
	peers := make(map[string]peer)
	wanting := make(map[string][]*party)
	for other := range c {
		for _, p := range other.peers {
			before, ok := peers[p.side]
			if !ok || before.prefix.IsUnknown() { // the same name may be known from another binding
				peers[p.side] = p
			}
			wanting[p.side] = append(wanting[p.side], other)
		}
	}
	found := make([]opening, 0, len(peers))
	for side, p := range peers {
		found = append(found, opening{b, p, c.flows(wanting[side])})
	}
	return found
}

// listed returns the openings to list CIDRs. One that another covers goes, and
// its flows go to the one that covers it.
func (c contents) listed(b bucket) []opening {
	type listedCIDR struct {
		prefix netip.Prefix
		party  *party
	}
	count := 0
	for other := range c {
		count += len(other.prefixes)
	}
	all := make([]listedCIDR, 0, count)
	for other := range c {
		for _, prefix := range other.prefixes {
			all = append(all, listedCIDR{prefix, other})
		}
	}
	slices.SortFunc(all, func(x, y listedCIDR) int { return comparePrefixes(x.prefix, y.prefix) })
	found := make([]opening, 0, count)
	for i := 0; i < len(all); {
		cover, wanting := all[i].prefix, []*party{all[i].party}
		for i++; i < len(all) && covers(cover, all[i].prefix); i++ {
			wanting = append(wanting, all[i].party)
		}
		found = append(found, opening{b, peer{kind: CIDRPeer, side: cover.String(), prefix: Known(cover)}, c.flows(wanting)})
	}
	return found
}

func sortedSet(values []string) []string {
	slices.Sort(values)
	return slices.Compact(values)
}
