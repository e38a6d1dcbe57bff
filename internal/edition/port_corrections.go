package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// replacePort corrects one wrong range of one component, in the port list and
// in every row.
func replacePort(component, wrong, right string) func(string, *matrix.Draft) {
	wrongRange, rightRange := matrix.MustPortRange(wrong), matrix.MustPortRange(right)
	return func(id string, d *matrix.Draft) {
		for i := range d.Components {
			if c := &d.Components[i]; c.ID == component {
				for j := range c.Offers {
					if c.Offers[j].Ports.Has(wrongRange) {
						c.Offers[j].Ports = c.Offers[j].Ports.Replace(wrongRange, rightRange)
						c.Errata = append(c.Errata, id)
					}
				}
			}
		}
		for i := range d.Flows {
			if f := &d.Flows[i]; f.Component == component && f.Ports.Has(wrongRange) {
				f.Ports = f.Ports.Replace(wrongRange, rightRange)
				f.Errata = append(f.Errata, id)
			}
		}
	}
}

// takeListedPort corrects one wrong range in the rows of a component whose port
// list has, for some installation method, the right one in its place. Such a row
// becomes one for each method.
func takeListedPort(component, wrong, right string) func(string, *matrix.Draft) {
	wrongRange, rightRange := matrix.MustPortRange(wrong), matrix.MustPortRange(right)
	return func(id string, d *matrix.Draft) {
		offers := labelledOffers(d, component)
		isWrongFor := func(o matrix.Offer) bool { return o.Ports.Has(rightRange) && !o.Ports.Has(wrongRange) }
		if !slices.ContainsFunc(offers, isWrongFor) {
			return
		}
		flows := make([]matrix.Flow, 0, len(d.Flows))
		for _, f := range d.Flows {
			if f.Component != component || f.Alternative != "" || !f.Ports.Has(wrongRange) {
				flows = append(flows, f)
				continue
			}
			for _, offer := range offers {
				row := f
				row.Alternative, row.Option = alternativeOf(d, offer.Option), offer.Option
				if isWrongFor(offer) {
					row.Ports = f.Ports.Replace(wrongRange, rightRange)
					row.Errata = append(slices.Clone(f.Errata), id)
				}
				flows = append(flows, row)
			}
		}
		d.Flows = flows
	}
}

// labelledOffers returns a component's offers where each is for an installation
// method, and none otherwise.
func labelledOffers(d *matrix.Draft, component string) []matrix.Offer {
	for _, c := range d.Components {
		if c.ID == component && !slices.ContainsFunc(c.Offers, func(o matrix.Offer) bool { return o.Option == "" }) {
			return c.Offers
		}
	}
	return nil
}
