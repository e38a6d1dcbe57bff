// Command schemas is a provider that has the schemas of the resources of Google, of
// OpenStack, of Azure, of Kubernetes, or of a firewall that knows addresses alone:
// what Terraform needs to validate a configuration, and to run tests whose providers
// are mocked. Behind google_compute_firewall stands what speaks to the stand-in for
// Compute, and behind the others nothing. It is the http provider too, which asks
// addresses. Its name says whose schemas it serves: terraform-provider-google,
// terraform-provider-azurerm, terraform-provider-hcloud, terraform-provider-http, ...
package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The arguments of the resources that the examples use, as the providers have
// them: hashicorp/google 7.45.0, terraform-provider-openstack/openstack 3.4.0,
// hashicorp/kubernetes 2.38.0, hashicorp/azurerm 4.50.0; in firewalls.json, those that
// the guide uses of bpg/proxmox 0.111.1, exoscale/exoscale 0.70.0, fortinetdev/fortios
// 1.25.0, hetznercloud/hcloud 1.68.0, outscale/outscale 1.8.0,
// paloaltonetworks/panos 2.0.12, scaleway/scaleway 2.81.0 and vmware/nsxt 3.12.0.
//
//go:embed google.json openstack.json kubernetes.json azurerm.json firewalls.json
var files embed.FS

func main() {
	cloud := "google"
	for _, other := range []string{"openstack", "kubernetes", "azurerm", "exoscale", "fortios", "hcloud", "nsxt", "outscale", "panos", "proxmox", "scaleway", httpData} {
		if strings.Contains(filepath.Base(os.Args[0]), other) {
			cloud = other
		}
	}
	serves := server{compute: &compute{}}
	var err error
	if cloud == httpData {
		serves.data = map[string]*tfprotov6.Schema{httpData: httpSchema}
	} else {
		serves.resources, err = read(cloud)
	}
	if err == nil {
		err = tf6server.Serve("registry.terraform.io/canopsis/"+cloud, func() tfprotov6.ProviderServer { return serves })
	}
	if err != nil {
		log.Fatal(err)
	}
}

// attribute is one of a schema, in the form of terraform providers schema -json: of a
// type, or with attributes of its own.
type attribute struct {
	Type   json.RawMessage
	Nested *struct {
		NestingMode string `json:"nesting_mode"`
		Attributes  map[string]attribute
	} `json:"nested_type"`
	Required, Optional, Computed bool
}

// block is a block of a schema, in the same form.
type block struct {
	Attributes map[string]attribute
	BlockTypes map[string]struct {
		NestingMode string `json:"nesting_mode"`
		Block       block
		MinItems    int64 `json:"min_items"`
		MaxItems    int64 `json:"max_items"`
	} `json:"block_types"`
}

var nestings = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
}

func read(cloud string) (map[string]*tfprotov6.Schema, error) {
	text, err := files.ReadFile(cloud + ".json")
	if errors.Is(err, fs.ErrNotExist) {
		text, err = files.ReadFile("firewalls.json")
	}
	if err != nil {
		return nil, err
	}
	var blocks map[string]block
	if err := json.Unmarshal(text, &blocks); err != nil {
		return nil, fmt.Errorf("%s.json: %w", cloud, err)
	}
	resources := make(map[string]*tfprotov6.Schema, len(blocks))
	for name, b := range blocks {
		if !strings.HasPrefix(name, cloud+"_") {
			continue
		}
		converted, err := b.schema()
		if err != nil {
			return nil, fmt.Errorf("%s.json: %s: %w", cloud, name, err)
		}
		resources[name] = &tfprotov6.Schema{Block: converted}
	}
	return resources, nil
}

func (b block) schema() (*tfprotov6.SchemaBlock, error) {
	s := &tfprotov6.SchemaBlock{}
	var err error
	if s.Attributes, err = attributesOf(b.Attributes); err != nil {
		return nil, err
	}
	for name, nested := range b.BlockTypes {
		inner, err := nested.Block.schema()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		s.BlockTypes = append(s.BlockTypes, &tfprotov6.SchemaNestedBlock{
			TypeName: name, Nesting: nestings[nested.NestingMode], Block: inner, MinItems: nested.MinItems, MaxItems: nested.MaxItems,
		})
	}
	return s, nil
}

var objects = map[string]tfprotov6.SchemaObjectNestingMode{
	"single": tfprotov6.SchemaObjectNestingModeSingle,
	"list":   tfprotov6.SchemaObjectNestingModeList,
	"map":    tfprotov6.SchemaObjectNestingModeMap,
}

func attributesOf(attributes map[string]attribute) ([]*tfprotov6.SchemaAttribute, error) {
	converted := make([]*tfprotov6.SchemaAttribute, 0, len(attributes))
	for name, a := range attributes {
		to := &tfprotov6.SchemaAttribute{Name: name, Required: a.Required, Optional: a.Optional, Computed: a.Computed}
		var err error
		if a.Nested != nil {
			to.NestedType = &tfprotov6.SchemaObject{Nesting: objects[a.Nested.NestingMode]}
			to.NestedType.Attributes, err = attributesOf(a.Nested.Attributes)
		} else {
			to.Type, err = typeOf(a.Type)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		converted = append(converted, to)
	}
	return converted, nil
}

var primitives = map[string]tftypes.Type{"string": tftypes.String, "number": tftypes.Number, "bool": tftypes.Bool, "dynamic": tftypes.DynamicPseudoType}

// typeOf reads a type: "string", or ["set", "string"] and the like.
func typeOf(text json.RawMessage) (tftypes.Type, error) {
	var name string
	if json.Unmarshal(text, &name) == nil && primitives[name] != nil {
		return primitives[name], nil
	}
	var collection [2]string
	if err := json.Unmarshal(text, &collection); err == nil && primitives[collection[1]] != nil {
		element := primitives[collection[1]]
		switch collection[0] {
		case "list":
			return tftypes.List{ElementType: element}, nil
		case "set":
			return tftypes.Set{ElementType: element}, nil
		case "map":
			return tftypes.Map{ElementType: element}, nil
		}
	}
	return nil, fmt.Errorf("%s is no type that is known here", text)
}

// server answers what Terraform asks to validate, plan and apply resources, and to
// read data.
type server struct {
	tfprotov6.ProviderServer
	resources map[string]*tfprotov6.Schema
	data      map[string]*tfprotov6.Schema
	compute   *compute
}

var providerSchema = &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
	{Name: "access_token", Type: tftypes.String, Optional: true},
	{Name: "compute_custom_endpoint", Type: tftypes.String, Optional: true},
	{Name: "project", Type: tftypes.String, Optional: true},
	{Name: "region", Type: tftypes.String, Optional: true},
}}}

func (s server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	resp := &tfprotov6.GetMetadataResponse{}
	for name := range s.resources {
		resp.Resources = append(resp.Resources, tfprotov6.ResourceMetadata{TypeName: name})
	}
	for name := range s.data {
		resp.DataSources = append(resp.DataSources, tfprotov6.DataSourceMetadata{TypeName: name})
	}
	return resp, nil
}

func (s server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:          providerSchema,
		ResourceSchemas:   s.resources,
		DataSourceSchemas: s.data,
	}, nil
}

func (s server) ValidateProviderConfig(_ context.Context, req *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: req.Config}, nil
}

func (s server) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}
