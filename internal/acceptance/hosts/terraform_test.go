package hosts_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/acceptance/mirror"
)

// applied applies the module from an administrator's address.
func (r remote) applied(configuration, administrators, seconds string) (string, error) {
	command := exec.Command("nsenter", "--net=/run/netns/"+r.prefix+"world", "terraform", "apply", "-no-color", "-auto-approve", "-var", "administrators="+administrators, "-var", "seconds="+seconds)
	command.Dir, command.Env = filepath.Join(r.folder, "root"), mirror.Environment(os.Environ(), configuration)
	out, err := command.CombinedOutput()
	return string(out), err
}

// TestModuleWithTerraform does with Terraform what TestCommitConfirm does by hand:
// the module loads a ruleset and confirms it, cannot confirm one that locks it out,
// and the host takes that back by itself.
func TestModuleWithTerraform(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("terraform"); err != nil {
		t.Skip("skipped: no terraform here")
	}
	r := newRemote(t)
	r.withoutSystemd()
	r.shell("", fmt.Sprintf("printf '#!/bin/sh\\necho \"$*\" >>%[1]s/asked\\n[ \"$1\" != is-system-running ]\\n' > %[1]s/bin/systemctl", r.folder))
	r.run("world", "ip route replace default dev wire0 src 192.0.2.1") // an administrator's
	providers := mirror.Mirror{Root: filepath.Join(r.folder, "mirror")}
	if err := providers.Build(mirror.Module, "canopsis/canopsis", "0.1.0"); err != nil {
		t.Fatal(err)
	}
	configuration := r.write("terraform.rc", providers.Configuration())
	module, err := filepath.Abs("../../../examples/modules/host")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(r.folder, "root"), 0o700); err != nil {
		t.Fatal(err)
	}
	r.write("root/main.tf", fmt.Sprintf(`
variable "administrators" {}
variable "seconds" {}

module "firewall" {
  source = %q

  rules = {
    "administrators-to-canopsis-ssh/tcp-22" = {
      flow    = "administrators-to-canopsis-ssh", source = "administrators", destination = "canopsis", component = "ssh"
      purpose = "administration", protocol = "tcp", from_port = 22, to_port = 22
    }
  }
  bindings       = { administrators = { cidrs = [var.administrators] } }
  host           = "canopsis"
  address        = "10.0.0.1"
  private_key    = file(%q)
  confirm_within = var.seconds
  boot           = false
}
`, module, filepath.Join(r.folder, "admin")))
	initialise := exec.Command("terraform", "init", "-no-color")
	initialise.Dir, initialise.Env = filepath.Join(r.folder, "root"), mirror.Environment(os.Environ(), configuration)
	if out, err := initialise.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if out, err := r.applied(configuration, "192.0.2.0/28", "120"); err != nil || !strings.Contains(out, ": confirmed") {
		t.Fatalf("%v %s", err, out)
	}
	if asked, _ := os.ReadFile(filepath.Join(r.folder, "asked")); !strings.Contains(string(asked), "disable --quiet canopsis-nft.service\n") {
		t.Errorf("a unit that is enabled loads the ruleset at boot, and boot is false: %s", asked)
	}
	before := r.table()
	if !strings.Contains(before, "192.0.2.0/28") {
		t.Fatalf("the table is %s", before)
	}
	// What is not confirmed is not applied, whatever comes after it.
	r.shell("", fmt.Sprintf("printf '#!/bin/sh\\ncase $* in *ruleset.nft.new) exit 1 ;; esac\\nexec /bin/cp \"$@\"\\n' > %[1]s/bin/cp && chmod +x %[1]s/bin/cp", r.folder))
	if out, err := r.applied(configuration, "192.0.2.0/27", "15"); err == nil {
		t.Errorf("a ruleset that is not confirmed is applied: %s", out)
	}
	eventually(t, "the table is taken back", func() bool { return r.table() == before })
	r.shell("", "rm "+filepath.Join(r.folder, "bin", "cp"))
	if out, err := r.applied(configuration, "192.0.3.0/28", "15"); err == nil || !strings.Contains(out, "remote-exec provisioner error") && !strings.Contains(out, "timeout") {
		t.Errorf("a ruleset that locks its owner out is applied: %v %s", err, out)
	}
	eventually(t, "the table is taken back", func() bool { return r.table() == before })
	if out, err := r.applied(configuration, "192.0.2.0/28", "120"); err != nil {
		t.Errorf("%v %s", err, out)
	}
}
