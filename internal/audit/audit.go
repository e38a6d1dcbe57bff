// Package audit holds rules that are there against those that are wanted: which
// are missing, which open too much, which do what others do already.
//
// Both sides are read by internal/cloud and compared as sets of packets, a group
// and a direction at a time, so that how a rule is written changes nothing. What
// an input cannot decide is undecided, and what depends on a value that is not
// known yet is unknown: neither ever counts as right.
package audit

import (
	"net/netip"
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/cloud"
	"github.com/canopsis/terraform-provider-canopsis/internal/packet"
)

// Input is what is compared.
type Input struct {
	Cloud    cloud.Cloud
	Expected []Expected
	Hosts    []string // every managed endpoint, those without rules too
	Actual   []Actual
	Groups   []string // groups that were looked into, those without a rule too
	Settings Settings
	Errata   []Erratum
}

// Expected is a rule that is wanted.
type Expected struct {
	Key       string // unique in its direction
	Direction cloud.Direction
	Host      string // the managed endpoint that it is attached to
	Peer      string // the other side, as in the key
	Flows     []string
	Row       cloud.Row // the arguments of its resource
}

// Actual is a rule that is there.
type Actual = cloud.Printed

// Place is where a rule stands in a Terraform state: the resource with the key of
// its instance. It is empty where the input does not say.
type Place = cloud.Place

// Settings say what the rows do not.
type Settings struct {
	// Addresses are the entries of prefix lists and address groups, by their ids.
	Addresses map[string][]netip.Prefix
	// Groups are further groups, tags or accounts of a host's machines, by host.
	Groups map[string][]string
	// Directions are the ones to judge; nil: both.
	Directions []cloud.Direction
	// Families are those of the addresses that groups have.
	Families Families
}

// Judges reports whether a direction is one to judge.
func (s Settings) Judges(direction cloud.Direction) bool {
	return s.Directions == nil || slices.Contains(s.Directions, direction)
}

// Families says which addresses groups, tags and accounts have where a rule leaves
// it open.
type Families uint8

// The families.
const (
	MentionedFamilies Families = iota // IPv4, and IPv6 where a prefix of either side is of IPv6
	IPv4Alone
	BothFamilies
)

// Erratum is a value that the published matrix gets wrong.
type Erratum struct {
	ID               string
	Flow             string
	Published, Right packet.Ports
}

// Status says what became of a rule.
type Status string

// The statuses of rules that are wanted.
const (
	Present Status = "present" // a rule that is there is equal
	Covered Status = "covered" // rules that are there let all of it through
	Partial Status = "partial" // they let some of it through
	Missing Status = "missing" // they let none of it through
)

// The statuses of rules that are there.
const (
	Matched   Status = "matched"   // one that is wanted is equal
	Within    Status = "within"    // all that it lets through is wanted
	Excess    Status = "excess"    // it lets through what is not wanted
	Redundant Status = "redundant" // it is within, and others let all of it through
	Foreign   Status = "foreign"   // it is in a group that is not managed here: not judged
)

// The statuses of either.
const (
	Undecided Status = "undecided" // what is there cannot show it
	Unknown   Status = "unknown"   // it depends on a value that is not known yet
)

// Result is what an audit finds.
type Result struct {
	OK       Answer
	Summary  string                                // a paragraph, for a person
	Limits   []string                              // what the input cannot show; changes nothing about OK
	Expected map[cloud.Direction]map[string]Wanted // by key
	Actual   map[string]*Found                     // excess, redundant, undecided and unknown ones, by their ids
	// Undecided are hosts that what is there says nothing of, with the line to write.
	Undecided map[string]string
	Counts    map[Status]int                        // of rules of both sides
	Adopt     map[cloud.Direction]map[string]string // a wanted rule's key to the id of the equal one
	Moved     string                                // "moved" blocks for equal rules that a state has under another key
}

// Answer is yes, no, or not known yet.
type Answer uint8

// The answers. The zero value is no.
const (
	No Answer = iota
	NotKnown
	Yes
)

// Wanted is what became of a rule that is wanted.
type Wanted struct {
	Status  Status
	By      []string // ids of rules that let it through, the first few
	Missing []string // what they do not let through, the first few
	Instead string   // id of a rule that opens other ports in its place
	Erratum string   // id of the erratum that knows both ports
	Remedy  string   // what to write where it is undecided
	Flows   []string
}

// Found is what became of a rule that is there.
type Found struct {
	Status    Status
	Hosts     []string // at which it applies
	Direction cloud.Direction
	Opens     []string // what is not wanted, or all of it where it is redundant, the first few
	Wanted    []string // keys of rules that are wanted and that it serves where it is excess, the first few
	By        []string // ids of the rules that let it through where it is redundant
	InsteadOf string   // key of the rule in whose place it opens other ports
	Remedy    string   // what to write where it is undecided
}
