// Command nothing serves the provider with its own schemas and with data sources
// that answer a constant: what Terraform and the framework cost by themselves.
package main

import (
	"context"
	"log"
	"strconv"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	canopsis "github.com/canopsis/terraform-provider-canopsis/internal/provider"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return nothing{canopsis.New("0.0.1")()} }, providerserver.ServeOpts{
		Address: "registry.terraform.io/canopsis/nothing",
	})
	if err != nil {
		log.Fatal(err)
	}
}

type nothing struct{ provider.Provider }

func (n nothing) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "nothing"
}

func (n nothing) DataSources(ctx context.Context) []func() datasource.DataSource {
	constructors := n.Provider.DataSources(ctx)
	for i, constructor := range constructors {
		constructors[i] = func() datasource.DataSource { return constant{constructor()} }
	}
	return constructors
}

// constant is a data source that does nothing but answer rules that do not
// depend on anything.
type constant struct{ datasource.DataSource }

type rule struct {
	Flow        string `tfsdk:"flow"`
	Source      string `tfsdk:"source"`
	Destination string `tfsdk:"destination"`
	Component   string `tfsdk:"component"`
	Purpose     string `tfsdk:"purpose"`
	Protocol    string `tfsdk:"protocol"`
	FromPort    int64  `tfsdk:"from_port"`
	ToPort      int64  `tfsdk:"to_port"`
	Origin      string `tfsdk:"origin"`
	Description string `tfsdk:"description"`
}

func (constant) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	const count = 15 // as many as the quickstart has
	rules := make(map[string]rule, count)
	for port := int64(8080); port < 8080+count; port++ {
		rules["users-to-canopsis-nginx/tcp-"+strconv.FormatInt(port, 10)] = rule{
			"users-to-canopsis-nginx", "users", "canopsis", "nginx", "user_access", "tcp", port, port, "published", "Web interface and API",
		}
	}
	resp.State.Raw = req.Config.Raw
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("rules"), rules)...)
}
