package firewall

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/deployment"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Nftables is what the firewall of one Linux host knows of bindings. It is not
// among Targets: nothing there has an identifier that rules are attached to, the
// host is an argument of the call, and what comes of it is one text, not rows by
// direction. It has the readers and checks of bindings in common with them, and
// Ruleset in place of Render.
func Nftables() Target {
	return Target{
		Name:    "nftables",
		Summary: "nftables ruleset of one host",
		Description: "Turns the matrix's rules into the nftables ruleset of one Linux host: one table, `inet canopsis`, which is replaced in one transaction and leaves Docker's, firewalld's and everybody else's tables alone. " +
			"What is not in the matrix does not get in, to the host itself or to ports that Docker publishes; ports are those that the network sees, whatever they are published as inside. " +
			"The whole text is unknown while an address in it is. " +
			"A ruleset that lets no administrator in is refused. " +
			"Load it with a way back, as the guide [Host firewalls](../guides/host-firewalls.md) says: a timer takes it back unless a new connection confirms it in time.",
		Bastion: "aws_instance.bastion.private_ip",
	}
}

// HostRuleset is what one host enforces.
type HostRuleset struct {
	Text       Value[string]     // for nft -f; unknown while anything in it is
	Unenforced map[string]string // from a rule's key, or the option that lacks, to the reason
}

// uncovered is the key of the reason why containers may send anything.
const uncovered = "options.container_interfaces"

// Ruleset writes the nftables ruleset of a host. Rules that do not lead to it or
// from it are other hosts' and are not looked at. The errors are those of Render
// for bindings; and a host that is not one, options that nft would read as
// something else, and a ruleset by which no administrator gets in.
func Ruleset(rules map[string]deployment.Rule, bindings map[string]Binding, host string, options RulesetOptions) (*HostRuleset, error) {
	target := Nftables()
	r := &bindingsReader{target: &target, at: refusal.At("bindings")}
	parties := r.read(bindings)
	resolved := r.resolveAliases(parties)
	roles := rolesOf(rules)
	if r.checkHost(host, resolved, roles); r.Err() != nil {
		return nil, r.Err()
	}
	here := resolved[host]
	if here == nil { // nobody else's rule may name it, so that it needs no addresses
		here = &party{id: host}
	}
	here.attached = new(Form)
	touching := make(map[string]deployment.Rule)
	for key, rule := range rules {
		if endOf(rule.Source, host, here, resolved) || endOf(rule.Destination, host, here, resolved) {
			touching[key] = rule
		}
	}
	keys := slices.Sorted(maps.Keys(touching))
	known := resolved
	if known[host] == nil && !slices.ContainsFunc(keys, func(key string) bool { return touching[key].Source == touching[key].Destination }) {
		known = maps.Clone(resolved)
		known[host] = here
	}
	r.checkNames(parties)
	r.checkMissing(keys, touching, parties, known, roles)
	r.checkPublic(keys, touching, parties, known)
	r.checkFamilies(keys, touching, known)
	r.checkSums(keys, touching, known)
	options.check(&r.Errors)
	if r.Err() == nil {
		r.checkLockout(keys, touching, known, here, options)
	}
	if err := r.Err(); err != nil {
		return nil, err
	}
	target.lacks = func(e edge) string {
		if e.direction == Egress && !options.ClosedEgress {
			return "" // it passes, with everything else that the host opens
		}
		return lacksAddresses(e)
	}
	p := &plan{unenforced: make(map[string]string)}
	for _, key := range keys {
		p.add(&target, key, touching[key], known)
	}
	if options.ClosedEgress && len(options.ContainerInterfaces) == 0 {
		p.unenforced[uncovered] = "egress is closed for what runs on the host itself; nothing says which interfaces containers send through, so that what they open is not judged"
	}
	return &HostRuleset{rulesetText(host, here, p.edges, options), p.unenforced}, nil
}

// endOf reports whether an end of a rule is the host, by its own id or as the same
// as another.
func endOf(end, host string, here *party, resolved map[string]*party) bool {
	return end == host || resolved[end] == here
}

// checkHost refuses a host that neither rules nor bindings know, and what is not a host.
func (r *bindingsReader) checkHost(host string, resolved map[string]*party, roles roles) {
	role, named := roles[host]
	if named && !role.host {
		r.Add(&refusal.Error{
			At:      refusal.At("host"),
			Summary: "Not a host",
			Found:   strconv.Quote(host) + " is " + onlyEver(role.purpose) + ", and no rule of the matrix belongs on its firewall",
			Allowed: refusal.List(hostsOf(roles)),
		})
		return
	}
	if _, bound := resolved[host]; named || bound {
		return
	}
	err := refusal.Unknown(refusal.At("host"), host, "a host of these rules", hostsOf(roles))
	err.Remedy = "Name a host of the data source that the rules come from, as in data.canopsis_flows.this.rules"
	r.Add(err)
}

func hostsOf(roles roles) []string {
	var hosts []string
	for id, role := range roles {
		if role.host {
			hosts = append(hosts, id)
		}
	}
	slices.Sort(hosts)
	return hosts
}

// checkLockout refuses a ruleset that lets nobody in by the component that
// administrators use.
func (r *bindingsReader) checkLockout(keys []string, rules map[string]deployment.Rule, resolved map[string]*party, here *party, options RulesetOptions) {
	component := cmp.Or(options.AdminComponent, "ssh")
	if options.AllowLockout {
		return
	}
	reach := make(map[string]bool) // components of the rules that lead here, and whether anybody else has an address
	for _, key := range keys {
		rule := rules[key]
		if source := resolved[rule.Source]; resolved[rule.Destination] == here {
			reach[rule.Component] = reach[rule.Component] || source != here && source.hasRangesIn(familiesOf(rule.Ports.Protocol()))
		}
	}
	if reach[component] {
		return
	}
	err := &refusal.Error{
		At:      refusal.At("host"),
		Summary: "No administrator gets in",
		Found:   "no rule of component " + component + " leads to " + strconv.Quote(here.id) + ", and whoever loads this ruleset would be locked out",
		Remedy:  "Keep the data source's rules for administrators, name the component by which they come in another way in options.admin_component, or write options.allow_lockout = true",
	}
	if _, there := reach[component]; there {
		err.Found = "those who reach component " + component + " of " + strconv.Quote(here.id) + " have no addresses, or are the host itself, and whoever loads this ruleset would be locked out"
		err.Remedy = "Give them cidrs or named_cidrs, or write options.allow_lockout = true"
	} else if options.AdminComponent != "" {
		err.At = refusal.At("options").Attribute("admin_component")
		err.Allowed = refusal.List(slices.Sorted(maps.Keys(reach)))
		err.Nearest = refusal.Nearest(component, slices.Collect(maps.Keys(reach)))
		err.Remedy = "Name a component that rules lead to there"
	}
	r.Add(err)
}
