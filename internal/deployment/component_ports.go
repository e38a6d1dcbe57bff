package deployment

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// setPorts replaces the ports of components, services and outside systems by
// what this installation changed.
func (b *builder) setPorts() *matrix.Draft {
	if len(b.choices.ComponentPorts) == 0 {
		return nil
	}
	set := make(map[string]matrix.Ports, len(b.choices.ComponentPorts))
	for _, id := range slices.Sorted(maps.Keys(b.choices.ComponentPorts)) {
		at := refusal.At("component_ports").Key(id)
		if !b.known.listens(id) {
			b.errs.Add(doesNotListen(at, b.known, id))
			continue
		}
		if ports, ok := parsePorts(at, b.choices.ComponentPorts[id], b.errs); ok {
			set[id] = ports
		}
	}
	d := b.m.Draft()
	for i := range d.Components {
		if changed, ok := set[d.Components[i].ID]; ok {
			d.Components[i].Offers = []matrix.Offer{{Ports: changed}}
		}
	}
	for i := range d.Flows {
		if changed, ok := set[d.Flows[i].Component]; ok {
			d.Flows[i].Ports = changed
		}
	}
	return d
}

func doesNotListen(at refusal.Path, known names, id string) *refusal.Error {
	if c, ok := known.components[id]; ok && c.IsProcess() {
		return &refusal.Error{
			At:      at,
			Summary: "Component without ports",
			Found:   strconv.Quote(id) + " only opens connections, it listens on no port",
			Remedy:  "Leave it out, or give the ports of what it calls",
		}
	}
	return unknownName(at, id, "a component, a service or an outside system of this edition", known.listening(), matrix.Host, matrix.External)
}

// parsePorts reads a non-empty list of port specs, and reports whether nothing is
// wrong with it.
func parsePorts(at refusal.Path, specs []string, errs *refusal.Errors) (ports matrix.Ports, ok bool) {
	if len(specs) == 0 {
		errs.Add(&refusal.Error{
			At:      at,
			Summary: "Empty list of ports",
			Found:   "the list is empty, and a flow without ports opens nothing",
			Remedy:  `Write at least one port, as in ["tcp/443"]; to leave a component out, name it in exclude`,
		})
		return matrix.Ports{}, false
	}
	ok = true
	ranges := make([]matrix.PortRange, 0, len(specs))
	for i, spec := range specs {
		r, err := matrix.ParsePortRange(spec)
		if err != nil {
			ok = false
			errs.Add(invalidPort(at.Index(i), spec, err))
			continue
		}
		ranges = append(ranges, r)
	}
	return matrix.NewPorts(ranges...), ok
}

func invalidPort(at refusal.Path, spec string, err error) *refusal.Error {
	return &refusal.Error{
		At:      at,
		Summary: "Invalid port",
		Found:   err.Error(),
		Nearest: nearestPort(spec),
		Allowed: matrix.PortForm,
	}
}

// nearestPort returns the spec that was probably meant: a bare port is TCP's, a
// protocol may stand behind its port or be misspelt, a range may be reversed.
func nearestPort(spec string) string {
	protocol, ports, ok := strings.Cut(strings.NewReplacer(":", "/", " ", "/").Replace(strings.TrimSpace(spec)), "/")
	if !ok {
		protocol, ports = matrix.TCP.String(), protocol
	}
	if _, err := matrix.ParseProtocol(ports); err == nil {
		protocol, ports = ports, protocol
	}
	if _, err := matrix.ParseProtocol(protocol); err != nil {
		protocol = matrix.NearestProtocol(protocol)
	}
	candidates := []string{protocol + "/" + ports}
	if !ok {
		candidates = append(candidates, matrix.NearestProtocol(spec))
	}
	if first, last, isRange := strings.Cut(ports, "-"); isRange {
		candidates = append(candidates, protocol+"/"+last+"-"+first)
	}
	for _, candidate := range candidates {
		if r, err := matrix.ParsePortRange(candidate); err == nil {
			return r.String()
		}
	}
	return ""
}
