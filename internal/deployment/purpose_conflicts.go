package deployment

import (
	"errors"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/refusal"
)

// placedID returns the id that a flow has after placement.
func (b *builder) placedID(f matrix.Flow) string {
	if b.moved != nil { // placement was there: its hosts are final
		source, _ := f.Source.Endpoint()
		destination, _ := f.Destination.Endpoint()
		return matrix.FlowID(source, destination, f.Component)
	}
	return matrix.FlowID(b.placedEnd(f.Source), b.placedEnd(f.Destination), f.Component)
}

// explainConflict words a conflict of purposes for whoever wrote one of them:
// where nobody does, a purpose follows from a flow's ends, and flows that become
// the same have the same ends. Of any other error it says nothing.
func (b *builder) explainConflict(err error) *refusal.Error {
	var conflict *matrix.PurposeConflictError
	if !errors.As(err, &conflict) {
		return nil
	}
	id := b.placedID(conflict.First)
	var writers []string
	for _, own := range b.own {
		purpose := b.choices.AdditionalFlows[own.name].Purpose
		wrote := purpose == conflict.First.Purpose.String() || purpose == conflict.Second.Purpose.String()
		flow := own.flow
		if b.moved != nil {
			flow = own.placed
		}
		if wrote && b.placedID(flow) == id {
			writers = append(writers, own.name)
		}
	}
	wrong := &refusal.Error{
		At:      refusal.At("additional_flows"),
		Summary: "Two purposes of one flow",
		Found:   (&matrix.PurposeConflictError{Flow: id, First: conflict.First, Second: conflict.Second}).Error(),
		Remedy:  "Write the same purpose in every flow that becomes " + id + ", or leave purpose out of all of them",
	}
	if len(writers) == 1 {
		wrong.At = wrong.At.Key(writers[0]).Attribute("purpose")
		wrong.Remedy = "Leave purpose out: then the flow's ends decide, as they do for the other one"
	}
	return wrong
}

// withoutPurposes returns the choices with the purposes of the user's own flows
// left to their ends, which never contradict each other.
func (c Choices) withoutPurposes() Choices {
	flows := make(map[string]AdditionalFlow, len(c.AdditionalFlows))
	for name, flow := range c.AdditionalFlows {
		flow.Purpose = ""
		flows[name] = flow
	}
	c.AdditionalFlows = flows
	return c
}
