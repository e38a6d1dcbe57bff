package compute

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Firewall is a rule as Compute's REST reference has it.
type Firewall struct {
	Kind                  string    `json:"kind,omitempty"`
	Name                  string    `json:"name,omitempty"`
	Description           string    `json:"description,omitempty"`
	Network               string    `json:"network,omitempty"`
	Priority              *int      `json:"priority,omitempty"` // 0 to 65535, inclusive; the lowest wins
	Direction             string    `json:"direction,omitempty"`
	SourceRanges          []string  `json:"sourceRanges,omitempty"`
	SourceTags            []string  `json:"sourceTags,omitempty"`
	SourceServiceAccounts []string  `json:"sourceServiceAccounts,omitempty"`
	DestinationRanges     []string  `json:"destinationRanges,omitempty"`
	TargetTags            []string  `json:"targetTags,omitempty"`
	TargetServiceAccounts []string  `json:"targetServiceAccounts,omitempty"`
	Allowed               []Traffic `json:"allowed,omitempty"`
	Denied                []Traffic `json:"denied,omitempty"`
	Disabled              bool      `json:"disabled"`
	LogConfig             LogConfig `json:"logConfig"`
	SelfLink              string    `json:"selfLink,omitempty"`

	named []string // fields that the last request named
}

// clone returns a copy that shares no list with the rule.
func (f Firewall) clone() Firewall {
	for _, list := range []*[]string{
		&f.SourceRanges, &f.SourceTags, &f.SourceServiceAccounts, &f.DestinationRanges, &f.TargetTags, &f.TargetServiceAccounts,
	} {
		*list = slices.Clone(*list)
	}
	f.Allowed, f.Denied = slices.Clone(f.Allowed), slices.Clone(f.Denied)
	return f
}

// Traffic is a protocol, with ports or, without them, all of it.
type Traffic struct {
	Protocol string   `json:"IPProtocol"`
	Ports    []string `json:"ports,omitempty"`
}

// LogConfig says whether connections are logged.
type LogConfig struct {
	Enable   bool   `json:"enable"`
	Metadata string `json:"metadata,omitempty"`
}

// read reads a request's body into a rule, over what the rule has. A field that
// the stand-in does not know is refused.
func read(r *http.Request, f *Firewall) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(f); err != nil {
		return refuse("Invalid JSON payload received. %v", err)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(body, &fields); err != nil {
		return refuse("Invalid JSON payload received. %v", err)
	}
	f.named = slices.Collect(maps.Keys(fields))
	return nil
}

var (
	resourceName   = regexp.MustCompile(`^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$`)
	serviceAccount = regexp.MustCompile(`^[^@\s]+@[^@\s]+$`)
)

const (
	defaultPriority = 1000
	maxRanges       = 256 // the figure commonly given
	maxDescription  = 2048
)

// normalise checks the rule, and fills in what Compute fills in.
func (f *Firewall) normalise() error {
	if !resourceName.MatchString(f.Name) {
		return invalid("name", f.Name, "Must be a match of regex '"+resourceName.String()+"'")
	}
	if f.Network == "" {
		f.Network = "global/networks/default"
	}
	if f.Direction == "" {
		f.Direction = "INGRESS"
	}
	if f.Priority == nil {
		priority := defaultPriority
		f.Priority = &priority
	}
	if *f.Priority < 0 || *f.Priority > 65535 {
		return invalid("priority", *f.Priority, "Must be between 0 and 65535.")
	}
	if len(f.Description) > maxDescription {
		return invalid("description", f.Description, "The description is too long.")
	}
	if (len(f.Allowed) > 0) == (len(f.Denied) > 0) {
		return refuse("Exactly one of 'allowed' and 'denied' must be specified.")
	}
	for _, check := range []func() error{f.checkDirection, f.checkKinds, f.checkRanges} {
		if err := check(); err != nil {
			return err
		}
	}
	for i := range f.Allowed {
		if err := f.Allowed[i].check(fmt.Sprintf("allowed[%d]", i)); err != nil {
			return err
		}
	}
	for i := range f.Denied {
		if err := f.Denied[i].check(fmt.Sprintf("denied[%d]", i)); err != nil {
			return err
		}
	}
	return nil
}

func (f *Firewall) checkDirection() error {
	switch f.Direction {
	case "INGRESS":
		if len(f.DestinationRanges) > 0 {
			return refuse("Destination ranges cannot be specified for an ingress firewall of the stand-in.")
		}
	case "EGRESS":
		if len(f.SourceRanges)+len(f.SourceTags)+len(f.SourceServiceAccounts) > 0 {
			return refuse("Sources cannot be specified for an egress firewall.")
		}
		if len(f.DestinationRanges) == 0 {
			f.DestinationRanges = []string{"0.0.0.0/0"}
		}
	default:
		return invalid("direction", f.Direction, "Must be INGRESS or EGRESS.")
	}
	return nil
}

// checkKinds refuses tags beside service accounts, and what is neither.
func (f *Firewall) checkKinds() error {
	if len(f.SourceTags)+len(f.TargetTags) > 0 && len(f.SourceServiceAccounts)+len(f.TargetServiceAccounts) > 0 {
		return refuse("Tags and service accounts cannot be specified together.")
	}
	for field, tags := range map[string][]string{"sourceTags": f.SourceTags, "targetTags": f.TargetTags} {
		for i, tag := range tags {
			if !resourceName.MatchString(tag) {
				return invalid(fmt.Sprintf("%s[%d]", field, i), tag, "Must be a match of regex '"+resourceName.String()+"'")
			}
		}
	}
	for field, accounts := range map[string][]string{"sourceServiceAccounts": f.SourceServiceAccounts, "targetServiceAccounts": f.TargetServiceAccounts} {
		for i, account := range accounts {
			if !serviceAccount.MatchString(account) {
				return invalid(fmt.Sprintf("%s[%d]", field, i), account, "Must be the email of a service account.")
			}
		}
	}
	return nil
}

func (f *Firewall) checkRanges() error {
	for field, ranges := range map[string][]string{"sourceRanges": f.SourceRanges, "destinationRanges": f.DestinationRanges} {
		if len(ranges) > maxRanges {
			return refuse("Too many values for field 'resource.%s': %d, of at most %d.", field, len(ranges), maxRanges)
		}
		var families []bool
		for i, text := range ranges {
			prefix, err := netip.ParsePrefix(text)
			if err != nil || prefix.Masked() != prefix {
				return invalid(fmt.Sprintf("%s[%d]", field, i), text, "Must be a valid CIDR address range.")
			}
			ranges[i] = prefix.String()
			families = append(families, prefix.Addr().Is4())
		}
		if slices.Contains(families, true) && slices.Contains(families, false) {
			return refuse("IPv4 and IPv6 ranges cannot be specified together in field 'resource.%s'.", field)
		}
	}
	return nil
}

// check lets a protocol have ports only where it knows any.
func (t *Traffic) check(field string) error {
	t.Protocol = strings.ToLower(t.Protocol)
	number, err := strconv.Atoi(t.Protocol)
	if !slices.Contains([]string{"tcp", "udp", "icmp", "esp", "ah", "ipip", "sctp", "all"}, t.Protocol) && (err != nil || number < 0 || number > 255) {
		return invalid(field+".IPProtocol", t.Protocol, "Must be a protocol's name or number.")
	}
	if len(t.Ports) > 0 && !slices.Contains([]string{"tcp", "udp", "sctp", "6", "17", "132"}, t.Protocol) {
		return invalid(field+".ports", strings.Join(t.Ports, ","), "Ports may only be specified on rules whose protocol is one of [TCP, UDP, SCTP].")
	}
	for i, text := range t.Ports {
		from, to, isRange := strings.Cut(text, "-")
		if !isRange {
			to = from
		}
		first, err1 := strconv.ParseUint(from, 10, 16)
		last, err2 := strconv.ParseUint(to, 10, 16)
		if err1 != nil || err2 != nil || first > last {
			return invalid(fmt.Sprintf("%s.ports[%d]", field, i), text, "Must be a port or a range of ports.")
		}
	}
	return nil
}
