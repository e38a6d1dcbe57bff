package provider

import (
	"context"
	"math"
	"math/big"
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// aggregateFunction makes many prefixes few.
type aggregateFunction struct{}

var _ function.Function = aggregateFunction{}

var (
	widenedType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"given": tftypes.List{ElementType: tftypes.String},
		"added": tftypes.Number,
	}}
	aggregatedType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"cidrs":   tftypes.List{ElementType: tftypes.String},
		"widened": tftypes.Map{ElementType: widenedType},
	}}
)

// documentedSpread says what the last argument has.
const documentedSpread = "\n\n### `spread`\n\n`null`, or an object with any of these attributes; a null one is as if it were left out:\n\n" +
	"- `ipv4` (Number) From 8 to 32.\n" +
	"- `ipv6` (Number) From 16 to 128."

var aggregatedDocs = []attributeDoc{
	{names: "cidrs", doc: "The prefixes, sorted, those of IPv4 first."},
	{names: "widened", doc: "Each of them that has more than was given; `{}` where nothing was added, whatever the limit. Whoever approves an opening should see it: put it into an output or a `check` block.", of: []attributeDoc{
		{names: "given", doc: "Given prefixes inside it, joined."},
		{names: "added", doc: "Number of addresses inside it that were not given."},
	}},
}

func newAggregateCIDRsFunction() function.Function { return aggregateFunction{} }

func (aggregateFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "aggregate_cidrs"
}

func (aggregateFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The fewest prefixes that hold the given addresses",
		MarkdownDescription: "Joins prefixes, so that long lists of sites fit into the quotas of a cloud. With `most = null` the result has exactly the given addresses, in as few prefixes as can be.\n\n" +
			"With a limit in `most`, prefixes are widened where there would be more: as few addresses are added as will do, and `widened` says which. " +
			"An address weighs its share of its family's addresses, so that prefixes of one length weigh the same in IPv4 and IPv6. " +
			"Widening never makes a public block, shorter than a /8 of IPv4 or a /16 of IPv6 (outside `fc00::/7`), never joins private addresses with others, " +
			"and never makes a block shorter than `spread` says; where the limit cannot be kept that way, the error says what can.\n\n" +
			"A rule's key has the prefix in it: one site more can widen a prefix, and so replace rules. Where that matters, use `named_cidrs`, or a list that the cloud keeps. " +
			"Anything that is unknown at plan makes the whole result unknown, and bindings refuse an unknown `cidrs`." +
			documentedSpread + documentedReturn(aggregatedType, aggregatedDocs) + documentedGuides("aggregate_cidrs"),
		Parameters: []function.Parameter{
			parameter{"cidrs", "Prefixes, as in `[\"10.20.0.0/16\", \"2001:db8::/32\"]`, in any order; `[]` for none.", tftypes.List{ElementType: tftypes.String}},
			parameter{"most", "How many prefixes there may be, from 1, of both families together; `null` for exactly the given addresses.", tftypes.Number},
			parameter{"spread", "The shortest length that widening may make, for each family, as in `{ ipv4 = 20, ipv6 = 48 }`: no block of the result is shorter, unless all of its addresses were given. " +
				"A family that is left out may be widened up to what is public, as both may where `null` stands here.", tftypes.DynamicPseudoType},
		},
		Return: result{aggregatedType},
	}
}

func (aggregateFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	arguments, funcErr := argumentsOf(ctx, req.Arguments, 3)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	r := &reader{}
	prefixes := r.prefixes(r.Root("cidrs", arguments[0]))
	limit, limited := r.limit(r.Root("most", arguments[1]))
	widening := r.spread(r.Root("spread", arguments[2]))
	aggregated := firewall.Aggregated{}
	switch {
	case r.Err() != nil || r.unknown:
	case limited:
		var err error
		widening.Most = limit
		aggregated, err = firewall.AggregateTo(refusal.At("most"), prefixes, widening)
		r.Merge(err)
	default:
		aggregated = firewall.Aggregate(prefixes)
	}
	if err := r.Err(); err != nil {
		resp.Error = functionError(err, "cidrs", "most", "spread")
		return
	}
	if !r.unknown {
		resp.Result = result{aggregatedType}.data(aggregatedValue(aggregated))
	}
}

// prefixes reads a list of prefixes.
func (r *reader) prefixes(f field) []netip.Prefix {
	var prefixes []netip.Prefix
	for _, element := range f.List(listWords{"a prefix", "a list of prefixes", `"10.20.0.0/16"`, ""}).Elements() {
		if s, ok := element.text(); ok {
			prefix, err := firewall.ParseCIDR(element.Path(), s)
			r.Merge(err)
			prefixes = append(prefixes, prefix)
		}
	}
	return prefixes
}

// limit reads how many prefixes there may be; limited is false where there is no
// limit.
func (r *reader) limit(f field) (limit int, limited bool) {
	const like = "a whole number from 1, or null for exactly the given addresses"
	n, limited := f.Optional().Like(like).Number()
	if limited && n < 1 {
		r.Add(&refusal.Error{At: f.Path(), Summary: "Invalid number", Found: describe(f.value) + " stands here", Allowed: like})
	}
	return int(min(n, math.MaxInt32)), limited
}

// spread reads the shortest lengths that widening may make.
func (r *reader) spread(f field) firewall.Widening {
	const like = "an object, as in { ipv4 = 20, ipv6 = 48 }, or null for no other limits than those of public blocks"
	o, ok := f.Optional().Like(like).Object("")
	if !ok {
		return firewall.Widening{}
	}
	o.RefuseOthers("an address family", []string{"ipv4", "ipv6"})
	return firewall.Widening{
		Shortest4: o.Optional("ipv4").length("a prefix length from 8 to 32", 8, 32),
		Shortest6: o.Optional("ipv6").length("a prefix length from 16 to 128", 16, 128),
	}
}

// length reads a prefix length between two, both inclusive.
func (f field) length(like string, shortest, longest int64) int {
	n, ok := f.Like(like).Number()
	if ok && (n < shortest || n > longest) {
		f.r.Add(&refusal.Error{At: f.Path(), Summary: "Invalid prefix length", Found: describe(f.value) + " stands here", Allowed: like})
	}
	return int(n)
}

func aggregatedValue(a firewall.Aggregated) tftypes.Value {
	widened := make(map[string]tftypes.Value, len(a.Widened))
	for _, w := range a.Widened {
		widened[w.Prefix.String()] = tftypes.NewValue(widenedType, map[string]tftypes.Value{
			"given": prefixValues(w.Given),
			"added": tftypes.NewValue(tftypes.Number, new(big.Float).SetInt(w.Added)),
		})
	}
	return tftypes.NewValue(aggregatedType, map[string]tftypes.Value{
		"cidrs":   prefixValues(a.Prefixes),
		"widened": tftypes.NewValue(tftypes.Map{ElementType: widenedType}, widened),
	})
}

func prefixValues(prefixes []netip.Prefix) tftypes.Value {
	values := make([]tftypes.Value, 0, len(prefixes))
	for _, prefix := range prefixes {
		values = append(values, tftypes.NewValue(tftypes.String, prefix.String()))
	}
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, values)
}
