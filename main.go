// Command terraform-provider-canopsis serves the provider to Terraform and
// OpenTofu.
package main

import (
	"context"
	"flag"
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/canopsis/terraform-provider-canopsis/internal/provider"
)

//go:generate go run ./internal/edition/guide internal/templates/guides/what-the-page-says.md internal/templates/guides/what-the-page-says-fr.md
//go:generate bin/terraform-docs -c examples/modules/.terraform-docs.yml --recursive --recursive-include-main=false examples
//go:generate bin/tfplugindocs generate --provider-name canopsis --rendered-provider-name Canopsis --website-source-dir internal/templates

// version is set by the release.
var version = "dev"

func main() {
	debugger := flag.Bool("debug", false, "serve for a debugger and print how to attach Terraform to it")
	flag.Parse()
	collectRarely()
	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/canopsis/canopsis",
		Debug:   *debugger,
	})
	if err != nil {
		log.Fatal(err)
	}
}

// collectRarely lets the heap grow further than usual: Terraform starts a process
// for each walk and ends it soon after, so memory is cheaper than collecting it
// while ten thousand rules are built. Whoever sets GOGC knows better.
func collectRarely() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
