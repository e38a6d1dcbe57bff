package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// BenchmarkReadFlows is a read of canopsis_flows without an argument, as Terraform
// makes it: what every plan waits for.
func BenchmarkReadFlows(b *testing.B) {
	server, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		b.Fatal(err)
	}
	described, err := server.GetProviderSchema(b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		b.Fatal(err)
	}
	configType, ok := described.DataSourceSchemas["canopsis_flows"].ValueType().(tftypes.Object)
	if !ok {
		b.Fatal("the data source is no object")
	}
	arguments := make(map[string]tftypes.Value)
	for name, t := range configType.AttributeTypes {
		arguments[name] = tftypes.NewValue(t, nil)
	}
	config, err := tfprotov6.NewDynamicValue(configType, tftypes.NewValue(configType, arguments))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		read, err := server.ReadDataSource(b.Context(), &tfprotov6.ReadDataSourceRequest{TypeName: "canopsis_flows", Config: &config})
		if err != nil || read.State == nil {
			b.Fatal(err, read.Diagnostics)
		}
	}
}
