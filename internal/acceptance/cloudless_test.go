package acceptance_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclwrite"
)

// The providers of OpenStack, Google Cloud, Azure and Kubernetes are no part of the
// machines that run these tests. In their examples a terraform_data stands for each of the
// cloud's resources: the arguments become its input, and its id is as unknown at
// plan as the cloud's. What stays is the example's own: every expression, and
// every call of this provider.

// computed are attributes that a cloud fills in and that examples read, with what
// it fills in. They are not known before apply.
var computed = map[string]map[string]string{
	"google_service_account":             {"email": `"${self}@example.iam.gserviceaccount.com"`},
	"google_compute_address":             {"address": `"198.51.100.7"`},
	"openstack_networking_floatingip_v2": {"address": `"198.51.100.7"`},
}

// withoutCloud rewrites every file of the workspace.
func (w *workspace) withoutCloud(cloud string) {
	w.t.Helper()
	for _, name := range filesOf(w.t, w.folder, ".tf") {
		text, err := os.ReadFile(filepath.Join(w.folder, name))
		if err != nil {
			w.t.Fatal(err)
		}
		w.write(name, cloudless(w.t, cloud, string(text)))
	}
}

var (
	address   = regexp.MustCompile(`\b((?:azurerm|google|kubernetes|openstack)_\w+)\.(\w+)`)
	attribute = regexp.MustCompile(`\.(email|address)\b`)
	// arguments that the examples of Azure read back from a group. They are known at
	// plan: its groups are referred to by name.
	argument = regexp.MustCompile(`\bgroup\.(name|resource_group_name)\b`)
)

// standInFor returns the address of what stands for a resource.
func standInFor(resource string) string {
	return address.ReplaceAllString(resource, "terraform_data.${1}__$2")
}

func cloudless(t *testing.T, cloud, text string) string {
	t.Helper()
	file, diags := hclwrite.ParseConfig([]byte(text), "example.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var out strings.Builder
	for _, block := range file.Body().Blocks() {
		labels := block.Labels()
		switch {
		case block.Type() == "provider" && labels[0] == cloud:
		case block.Type() == "terraform":
			needed := block.Body().FirstMatchingBlock("required_providers", nil).Body()
			if needed.RemoveAttribute(cloud) == nil {
				t.Errorf("the example needs no provider %s", cloud)
			}
			out.Write(block.BuildTokens(nil).Bytes())
		case block.Type() == "resource" && strings.HasPrefix(labels[0], cloud+"_"):
			out.WriteString(terraformData(labels[0], labels[1], block.Body()))
		default:
			out.Write(block.BuildTokens(nil).Bytes())
		}
	}
	return standInFor(argument.ReplaceAllString(attribute.ReplaceAllString(out.String(), ".output.$1"), "group.input.$1"))
}

// terraformData writes a resource that stands for another.
func terraformData(kind, name string, body *hclwrite.Body) string {
	var meta, input strings.Builder
	for _, attribute := range slices.Sorted(maps.Keys(body.Attributes())) {
		expression := string(body.GetAttribute(attribute).Expr().BuildTokens(nil).Bytes())
		if attribute == "for_each" {
			fmt.Fprintf(&meta, "for_each = %s\n", expression)
			continue
		}
		fmt.Fprintf(&input, "%s = %s\n", attribute, expression)
	}
	for _, block := range body.Blocks() {
		if block.Type() == "lifecycle" {
			block.Body().RemoveAttribute("ignore_changes") // of arguments, which are no arguments here
			meta.Write(block.BuildTokens(nil).Bytes())
			continue
		}
		fmt.Fprintf(&input, "%s = {\n", block.Type())
		for _, attribute := range slices.Sorted(maps.Keys(block.Body().Attributes())) {
			fmt.Fprintf(&input, "%s = %s\n", attribute, block.Body().GetAttribute(attribute).Expr().BuildTokens(nil).Bytes())
		}
		input.WriteString("}\n")
	}
	for attribute, value := range computed[kind] {
		if account := body.GetAttribute("account_id"); account != nil {
			value = strings.Replace(value, "self", string(account.Expr().BuildTokens(nil).Bytes()), 1)
		}
		fmt.Fprintf(&input, "%s = %s\n", attribute, value)
	}
	return fmt.Sprintf("resource \"terraform_data\" \"%s__%s\" {\n%sinput = {\n%s}\n}\n", kind, name, &meta, &input)
}
