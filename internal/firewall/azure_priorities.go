package firewall

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// Priorities of Azure's rules are unique in a group and direction, and Azure refuses
// a rule whose priority another still has while an apply goes on. By the place in a
// sorted list, one rule more would move half of the others. So each key has a
// sequence of its own, which follows from its digest, and its rule takes the first
// place in it that is free:
//
//	key "users-to-canopsis/tcp" → digest      → 1757
//	                            → its digest  → 2297, where 1757 is taken
//
// What settings pin takes its place first; the others follow in the order of their
// digests, so that one more moves another only where it takes that one's place.

// The priorities behind all that are dealt out.
const (
	azureProbes  = 4095
	azureClosing = 4096
)

// The priorities that a rule may have; those that are dealt out unless settings say
// otherwise. All inclusive.
const (
	azureLowest, azureHighest = 100, azureProbes - 1
	azureFirst, azureLast     = 1000, 3999
)

// azureLane is where a priority is unique.
type azureLane struct {
	group     azureGroupOf
	direction Direction
}

func (o *azureOpening) lane() azureLane { return azureLane{o.host.azureGroup(), o.direction} }

// azurePlace is what one rule has at most.
type azurePlace struct {
	lane     azureLane
	priority int64
}

// azureDealer deals out priorities.
type azureDealer struct {
	first, last int64 // both inclusive
	pins        map[string]Cell
}

func newAzureDealer(settings map[string]Cell) azureDealer {
	d := azureDealer{first: azureFirst, last: azureLast}
	if n, ok := settings["first_priority"].Number.Get(); ok {
		d.first = n
	}
	if n, ok := settings["last_priority"].Number.Get(); ok {
		d.last = n
	}
	if nested := settings["priorities"].Nested; nested != nil {
		d.pins = nested.Object
	}
	return d
}

// pinned returns what settings say of a key.
func (d azureDealer) pinned(key string) (int64, bool) { return d.pins[key].Number.Get() }

// deal returns a priority for each rule. The settings have been checked: no two pins
// are for one place, and there is a place for every rule.
func (d azureDealer) deal(openings []*azureOpening) map[*azureOpening]int64 {
	type waiting struct {
		*azureOpening
		digest [sha256.Size]byte
	}
	taken := make(map[azurePlace]bool)
	priorities := make(map[*azureOpening]int64, len(openings))
	take := func(o *azureOpening, priority int64) bool {
		at := azurePlace{o.lane(), priority}
		if taken[at] {
			return false
		}
		taken[at], priorities[o] = true, priority
		return true
	}
	ordered := make([]waiting, 0, len(openings))
	for _, o := range openings {
		key := o.key()
		if priority, ok := d.pinned(key); ok {
			take(o, priority)
		} else {
			ordered = append(ordered, waiting{o, sha256.Sum256([]byte(key))})
		}
	}
	slices.SortFunc(ordered, func(a, b waiting) int { return slices.Compare(a.digest[:], b.digest[:]) })
	places := uint64(d.last - d.first + 1)
	for _, w := range ordered {
		digest := w.digest
		for !take(w.azureOpening, d.first+int64(binary.BigEndian.Uint64(digest[:])%places)) {
			digest = sha256.Sum256(digest[:])
		}
	}
	return priorities
}

// checkAzureSettings refuses priorities that Azure does not take, that two rules of
// one group would have, or that are of rules that there are not.
func checkAzureSettings(p *plan) error {
	var errs refusal.Errors
	d, at := newAzureDealer(p.settings), refusal.At("settings")
	checkAzurePriority(&errs, at.Attribute("first_priority"), d.first)
	checkAzurePriority(&errs, at.Attribute("last_priority"), d.last)
	if d.last < d.first {
		errs.Add(&refusal.Error{At: at.Attribute("last_priority"), Summary: "Range that ends before it starts", Found: strconv.FormatInt(d.last, 10) + " is before first_priority, which is " + strconv.FormatInt(d.first, 10), Remedy: "Give a higher one, or leave both out"})
		return errs.Err()
	}
	openings := azureOpenings(p.edges)
	d.checkPins(&errs, at.Attribute("priorities"), openings)
	rules := make(map[azureLane]int64)
	for _, o := range openings {
		if rules[o.lane()]++; rules[o.lane()] == d.last-d.first+2 {
			errs.Add(&refusal.Error{
				At: at.Attribute("last_priority"), Summary: "Too few priorities", Found: "from " + strconv.FormatInt(d.first, 10) + " to " + strconv.FormatInt(d.last, 10) + " there are fewer priorities than rules of one network security group",
				Remedy: "Widen the range; Azure takes 1,000 rules in a group",
			})
		}
	}
	return errs.Err()
}

func checkAzurePriority(errs *refusal.Errors, at refusal.Path, n int64) {
	if n < azureLowest || n > azureHighest {
		errs.Add(&refusal.Error{At: at, Summary: "Number out of range", Found: strconv.FormatInt(n, 10) + " is not a priority that a rule may have", Allowed: "a whole number from 100 to 4094; 4095 and 4096 are those of the rules that close a group"})
	}
}

// checkPins refuses pins of rules that there are not, and two of one place.
func (d azureDealer) checkPins(errs *refusal.Errors, at refusal.Path, openings []*azureOpening) {
	keys := make(map[string]bool)
	holder := make(map[azurePlace]string)
	for _, o := range openings {
		key := o.key()
		keys[key] = true
		n, ok := d.pinned(key)
		if !ok {
			continue
		}
		here := azurePlace{o.lane(), n}
		if other, taken := holder[here]; taken {
			errs.Add(&refusal.Error{At: at.Key(key), Summary: "Priority twice", Found: strconv.Quote(other) + " has " + strconv.FormatInt(n, 10) + " too, in the same network security group and direction", Remedy: "Give each its own"})
		}
		holder[here] = key
	}
	for _, key := range slices.Sorted(maps.Keys(d.pins)) {
		if n, ok := d.pinned(key); ok {
			checkAzurePriority(errs, at.Key(key), n)
		}
		if !keys[key] {
			errs.Unknown(at.Key(key), key, "the key of a rule that is rendered", slices.Collect(maps.Keys(keys)))
		}
	}
}
