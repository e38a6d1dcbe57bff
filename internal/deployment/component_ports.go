package deployment

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// setPorts replaces the ports of components, services and outside systems by
// what this installation changed.
func setPorts(m *matrix.Matrix, known names, ports map[string][]string) (*matrix.Matrix, error) {
	set := make(map[string]matrix.Ports, len(ports))
	var errs []error
	for _, id := range slices.Sorted(maps.Keys(ports)) {
		at := refusal.At("component_ports").Key(id)
		if err := checkListens(at, known, id); err != nil {
			errs = append(errs, err)
			continue
		}
		parsed, err := parsePorts(at, ports[id])
		if err != nil {
			errs = append(errs, err)
			continue
		}
		set[id] = parsed
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	d := m.Draft()
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
	return d.Matrix()
}

func checkListens(at refusal.Path, known names, id string) error {
	listening := known.listening()
	if slices.Contains(listening, id) {
		return nil
	}
	if c, ok := known.components[id]; ok && c.IsProcess() {
		return &refusal.Error{
			At:      at,
			Summary: "Component without ports",
			Found:   strconv.Quote(id) + " only opens connections, it listens on no port",
			Remedy:  "Leave it out, or give the ports of what it calls",
		}
	}
	return unknownName(at, id, "a component, a service or an outside system of this edition", listening, matrix.Host, matrix.External)
}

// parsePorts reads a non-empty list of port specs.
func parsePorts(at refusal.Path, specs []string) (matrix.Ports, error) {
	if len(specs) == 0 {
		return matrix.Ports{}, &refusal.Error{
			At:      at,
			Summary: "Empty list of ports",
			Found:   "the list is empty, and a flow without ports opens nothing",
			Remedy:  `Write at least one port, as in ["tcp/443"]; to leave a component out, name it in exclude`,
		}
	}
	var errs []error
	ranges := make([]matrix.PortRange, 0, len(specs))
	for i, spec := range specs {
		r, err := matrix.ParsePortRange(spec)
		if err != nil {
			found := err.Error()
			errs = append(errs, &refusal.Error{
				At:      at.Index(i),
				Summary: "Invalid port",
				Found:   found,
				Nearest: nearestPort(spec),
				Allowed: matrix.PortForm,
			})
			continue
		}
		ranges = append(ranges, r)
	}
	return matrix.NewPorts(ranges...), errors.Join(errs...)
}

// nearestPort returns the spec that was probably meant: a bare port is TCP's, a
// protocol may stand behind its port, a range may be reversed.
func nearestPort(spec string) string {
	protocol, ports, ok := strings.Cut(strings.NewReplacer(":", "/", " ", "/").Replace(strings.TrimSpace(spec)), "/")
	if !ok {
		protocol, ports = matrix.TCP.String(), protocol
	}
	if _, err := matrix.ParseProtocol(ports); err == nil {
		protocol, ports = ports, protocol
	}
	candidates := []string{protocol + "/" + ports}
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
