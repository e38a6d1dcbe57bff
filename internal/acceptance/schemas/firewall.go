package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file applies google_compute_firewall to the endpoint that the provider's
// block names, as Google's provider does: another name, network or direction is
// another resource, and everything else is changed in place. Other resources are
// applied to nothing: they are what the configuration says.

// compute is where Google's provider finds Compute.
type compute struct{ endpoint, project string }

// lists are the arguments that are lists in Compute's own form, under its names.
var lists = map[string]string{
	"source_ranges": "sourceRanges", "source_tags": "sourceTags", "source_service_accounts": "sourceServiceAccounts",
	"destination_ranges": "destinationRanges", "target_tags": "targetTags", "target_service_accounts": "targetServiceAccounts",
}

// newResource are the arguments that cannot be changed in place.
var newResource = []string{"name", "network", "direction"}

type values = map[string]tftypes.Value

// traffic is an allow or deny block.
type traffic struct {
	Protocol string   `json:"IPProtocol"`
	Ports    []string `json:"ports,omitempty"`
}

func (s server) typeOf(name string) tftypes.Type { return s.resources[name].ValueType() }

// object reads an object; nil where it is null.
func object(value tftypes.Value) (values, error) {
	if value.IsNull() {
		return nil, nil
	}
	var fields values
	return fields, value.As(&fields)
}

func (s server) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	state, err := req.RawState.Unmarshal(s.typeOf(req.TypeName))
	if err != nil {
		return nil, err
	}
	upgraded, err := tfprotov6.NewDynamicValue(s.typeOf(req.TypeName), state)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &upgraded}, err
}

func (s server) PlanResourceChange(_ context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	kind := s.typeOf(req.TypeName)
	prior, errPrior := req.PriorState.Unmarshal(kind)
	proposed, errProposed := req.ProposedNewState.Unmarshal(kind)
	before, errBefore := object(prior)
	planned, errPlanned := object(proposed)
	if err := errors.Join(errPrior, errProposed, errBefore, errPlanned); err != nil || planned == nil {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.ProposedNewState}, err
	}
	resp := &tfprotov6.PlanResourceChangeResponse{}
	if before == nil {
		for _, a := range s.resources[req.TypeName].Block.Attributes {
			if a.Name == "id" || a.Name == "email" || a.Name == "address" {
				planned[a.Name] = tftypes.NewValue(a.Type, tftypes.UnknownValue)
			}
		}
	}
	for _, name := range newResource {
		if before != nil && req.TypeName == "google_compute_firewall" && !planned[name].Equal(before[name]) {
			resp.RequiresReplace = append(resp.RequiresReplace, tftypes.NewAttributePath().WithAttributeName(name))
		}
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, planned))
	resp.PlannedState = &value
	return resp, err
}

func (s server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	kind := s.typeOf(req.TypeName)
	prior, errPrior := req.PriorState.Unmarshal(kind)
	planned, errPlanned := req.PlannedState.Unmarshal(kind)
	before, errBefore := object(prior)
	after, errAfter := object(planned)
	if err := errors.Join(errPrior, errPlanned, errBefore, errAfter); err != nil {
		return nil, err
	}
	if req.TypeName == "google_compute_firewall" {
		if complaint := complaintOf(s.compute.send(ctx, before, after)); complaint != "" {
			return &tfprotov6.ApplyResourceChangeResponse{NewState: req.PriorState, Diagnostics: []*tfprotov6.Diagnostic{
				{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Compute refuses", Detail: complaint},
			}}, nil
		}
	}
	for name, value := range after {
		if value.IsFullyKnown() {
			continue
		}
		after[name] = tftypes.NewValue(value.Type(), nil)
		if value.Type().Is(tftypes.String) {
			after[name] = tftypes.NewValue(tftypes.String, "of-"+text(after["name"]))
		}
	}
	state := planned
	if after != nil {
		state = tftypes.NewValue(kind, after)
	}
	value, err := tfprotov6.NewDynamicValue(kind, state)
	return &tfprotov6.ApplyResourceChangeResponse{NewState: &value}, err
}

// complaintOf returns what an error says; empty where there is none: the protocol
// has diagnostics for what a cloud refuses, and errors for what is out of order.
func complaintOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// send creates, changes or deletes a rule.
func (c *compute) send(ctx context.Context, before, after values) error {
	switch {
	case after == nil:
		_, err := c.call(ctx, http.MethodDelete, "/"+text(before["name"]), nil)
		return err
	case before == nil:
		_, err := c.call(ctx, http.MethodPost, "", c.firewall(after))
		return err
	}
	_, err := c.call(ctx, http.MethodPatch, "/"+text(before["name"]), c.firewall(after))
	return err
}

// firewall writes a rule in Compute's form. As the provider does, it leaves out
// what is null or empty.
func (c *compute) firewall(from values) map[string]any {
	rule := map[string]any{"name": text(from["name"]), "network": path.Join("projects", c.project, "global/networks", text(from["network"]))}
	for argument, field := range map[string]string{"direction": "direction", "description": "description"} {
		if value := text(from[argument]); value != "" {
			rule[field] = value
		}
	}
	for argument, field := range lists {
		if list := texts(from[argument]); len(list) > 0 {
			rule[field] = list
		}
	}
	for block, field := range map[string]string{"allow": "allowed", "deny": "denied"} {
		var elements []tftypes.Value
		if err := from[block].As(&elements); err != nil || len(elements) == 0 {
			continue
		}
		var all []traffic
		for _, element := range elements {
			fields, _ := object(element)
			all = append(all, traffic{Protocol: text(fields["protocol"]), Ports: texts(fields["ports"])})
		}
		rule[field] = all
	}
	return rule
}

func text(value tftypes.Value) string {
	var s *string
	if value.Type() == nil || !value.IsKnown() || value.As(&s) != nil || s == nil {
		return ""
	}
	return *s
}

func texts(value tftypes.Value) []string {
	var elements []tftypes.Value
	if value.Type() == nil || !value.IsKnown() || value.As(&elements) != nil {
		return nil
	}
	var all []string
	for _, element := range elements {
		all = append(all, text(element))
	}
	return all
}

// ReadResource reads back what Compute has of a rule's lists: they are what opens.
func (s server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp := &tfprotov6.ReadResourceResponse{NewState: req.CurrentState}
	kind := s.typeOf(req.TypeName)
	current, err := req.CurrentState.Unmarshal(kind)
	if err != nil || req.TypeName != "google_compute_firewall" {
		return resp, err
	}
	state, err := object(current)
	if err != nil {
		return nil, err
	}
	body, err := s.compute.call(ctx, http.MethodGet, "/"+text(state["name"]), nil)
	if errors.Is(err, errGone) {
		gone, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, nil))
		return &tfprotov6.ReadResourceResponse{NewState: &gone}, err
	}
	var kept map[string]json.RawMessage
	if err := errors.Join(err, json.Unmarshal(body, &kept)); err != nil {
		return nil, err
	}
	for argument, field := range lists {
		var list []string
		if err := json.Unmarshal(kept[field], &list); err != nil && kept[field] != nil {
			return nil, err
		}
		have := texts(state[argument])
		slices.Sort(have)
		slices.Sort(list)
		if slices.Equal(have, list) {
			continue // null and empty are one to Compute
		}
		elements := make([]tftypes.Value, 0, len(list))
		for _, one := range list {
			elements = append(elements, tftypes.NewValue(tftypes.String, one))
		}
		state[argument] = tftypes.NewValue(state[argument].Type(), elements)
	}
	value, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, maps.Clone(state)))
	return &tfprotov6.ReadResourceResponse{NewState: &value}, err
}

var errGone = errors.New("there is no such rule")

// call asks Compute. What it refuses is an error in its words.
func (c *compute) call(ctx context.Context, method, at string, rule map[string]any) ([]byte, error) {
	if c.endpoint == "" {
		return nil, errors.New("the provider's block names no compute_custom_endpoint")
	}
	sent, err := json.Marshal(rule)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, method, c.endpoint+"projects/"+c.project+"/global/firewalls"+at, bytes.NewReader(sent))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer func() { _ = answer.Body.Close() }()
	body, err := io.ReadAll(answer.Body)
	switch {
	case answer.StatusCode == http.StatusNotFound && method == http.MethodGet:
		return nil, errGone
	case err == nil && answer.StatusCode >= http.StatusBadRequest:
		return nil, fmt.Errorf("%s: %s", answer.Status, body)
	}
	return body, err
}

func (s server) ConfigureProvider(_ context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	config, err := req.Config.Unmarshal(providerSchema.ValueType())
	if err != nil {
		return nil, err
	}
	fields, err := object(config)
	s.compute.endpoint, s.compute.project = text(fields["compute_custom_endpoint"]), text(fields["project"])
	return &tfprotov6.ConfigureProviderResponse{}, err
}
