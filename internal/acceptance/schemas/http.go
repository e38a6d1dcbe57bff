package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// This file reads data "http" as hashicorp/http 3.5.0 does, of which it has what a
// page needs: it asks an address once, and says what was sent back.

const httpData = "http"

var httpSchema = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
	{Name: "url", Type: tftypes.String, Required: true},
	{Name: "request_headers", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true},
	{Name: "id", Type: tftypes.String, Computed: true},
	{Name: "response_body", Type: tftypes.String, Computed: true},
	{Name: "response_headers", Type: tftypes.Map{ElementType: tftypes.String}, Computed: true},
	{Name: "status_code", Type: tftypes.Number, Computed: true},
}}}

func (s server) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	kind := httpSchema.ValueType()
	config, err := req.Config.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	read, err := object(config)
	if err != nil {
		return nil, err
	}
	if complaint := complaintOf(ask(ctx, read)); complaint != "" {
		return &tfprotov6.ReadDataSourceResponse{Diagnostics: []*tfprotov6.Diagnostic{
			{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Error making request", Detail: complaint},
		}}, nil
	}
	state, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, read))
	return &tfprotov6.ReadDataSourceResponse{State: &state}, err
}

// ask fills in what the address sends back.
func ask(ctx context.Context, read values) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, text(read["url"]), nil)
	if err != nil {
		return err
	}
	headers, err := object(read["request_headers"])
	if err != nil {
		return err
	}
	for name, value := range headers {
		request.Header.Set(name, text(value))
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	body, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return err
	case !utf8.Valid(body):
		return errors.New("what is sent back is no text")
	}
	sent := make(values)
	for name := range response.Header {
		sent[name] = tftypes.NewValue(tftypes.String, response.Header.Get(name))
	}
	read["id"] = read["url"]
	read["response_body"] = tftypes.NewValue(tftypes.String, string(body))
	read["response_headers"] = tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, sent)
	read["status_code"] = tftypes.NewValue(tftypes.Number, response.StatusCode)
	return nil
}
