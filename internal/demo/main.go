// Command demo plans and applies an example with the provider built from this
// checkout, or unpacked from a release's archive. It needs no cloud account and
// no network, and writes into the ignored folder .demo/ alone.
//
//	demo -version 1.2.3 [-example examples/quickstart] [-archive FILE.zip]
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
)

func main() {
	example := flag.String("example", "examples/quickstart", "the folder of the example")
	version := flag.String("version", "", "the version that the provider has in the mirror")
	archive := flag.String("archive", "", "take the provider from this archive instead of building it")
	flag.Parse()
	if err := run(*example, *version, *archive); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(example, version, archive string) error {
	if version == "" {
		return errors.New("-version says which version the provider has in the mirror, as in -version 1.2.3")
	}
	tool, err := findTerraform()
	if err != nil {
		return err
	}
	// Everything starts anew, so that two runs print the same.
	root, err := filepath.Abs(".demo")
	if err != nil {
		return err
	}
	if err := os.RemoveAll(root); err != nil {
		return err
	}
	config, err := mirrored(root, version, archive)
	if err != nil {
		return err
	}
	work, err := copied(example, root)
	if err != nil {
		return err
	}
	fmt.Printf("Running %s in a copy of %s ...\n\n", filepath.Base(tool), example)
	shown, err := deploy(terraform{tool: tool, folder: work, config: config})
	if err != nil {
		return err
	}
	fmt.Printf("\n%s\n\n%s", shown.figures(), table(shown.Flows))
	svg, err := picture(shown)
	if err != nil {
		return err
	}
	fmt.Println("\nThe same as a picture: .demo/flows.svg")
	return os.WriteFile(filepath.Join(root, "flows.svg"), []byte(svg), 0o600)
}

// mirrored puts the provider into a mirror and returns the path of the CLI
// configuration that leads there.
func mirrored(root, version, archive string) (config string, err error) {
	const address = "canopsis/canopsis"
	providers := mirror.Mirror{Root: filepath.Join(root, "mirror")}
	if archive == "" {
		fmt.Println("Building the provider (the first time, Go fetches its modules and compiles them all, which takes a while) ...")
		err = providers.Build(mirror.Module, address, version)
	} else {
		fmt.Printf("Unpacking %s ...\n", filepath.Base(archive))
		err = providers.Unpack(archive, address, version)
	}
	if err != nil {
		return "", err
	}
	config = filepath.Join(root, "terraform.tfrc")
	return config, os.WriteFile(config, []byte(providers.Configuration()), 0o600)
}

// copied copies the example and returns the folder of the copy.
func copied(example, root string) (folder string, err error) {
	folder = filepath.Join(root, filepath.Base(example))
	if err := os.CopyFS(folder, os.DirFS(example)); err != nil {
		return "", fmt.Errorf("copying the example: %w", err)
	}
	// What an earlier terraform init or apply left in the example belongs to
	// another build of the provider.
	for _, left := range []string{".terraform", ".terraform.lock.hcl", "terraform.tfstate", "terraform.tfstate.backup"} {
		if err := os.RemoveAll(filepath.Join(folder, left)); err != nil {
			return "", err
		}
	}
	return folder, nil
}

// deploy plans and applies, sees the next plan empty, and returns what the state
// has.
func deploy(terraform terraform) (deployment, error) {
	if _, err := terraform.run("init", "-input=false", "-no-color"); err != nil {
		return deployment{}, err
	}
	plan, err := terraform.run("plan", "-input=false", "-no-color", "-out=tfplan")
	if err != nil {
		return deployment{}, err
	}
	fmt.Println(lineWith(plan, "Plan: "))
	applied, err := terraform.run("apply", "-input=false", "-no-color", "tfplan")
	if err != nil {
		return deployment{}, err
	}
	fmt.Println(lineWith(applied, "Apply complete!"))
	again, err := terraform.run("plan", "-input=false", "-no-color")
	if err != nil {
		return deployment{}, err
	}
	if !strings.Contains(again, "No changes.") {
		return deployment{}, errors.New("the plan after the apply is not empty:\n" + again)
	}
	fmt.Println("Planned again: no changes.")
	state, err := terraform.run("show", "-json")
	if err != nil {
		return deployment{}, err
	}
	return deploymentOf([]byte(state))
}

// lineWith returns the first line that starts with the words, or says that
// there is none.
func lineWith(text, words string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, words) {
			return strings.TrimSpace(line)
		}
	}
	return "(no line starts with \"" + words + "\")"
}
