package hosts_test

import (
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
)

// remote is a host with a real sshd on an address of its own, and an administrator
// elsewhere who has the only key.
type remote struct {
	*lab
	folder string
}

const script = "../../../examples/modules/host/canopsis-nft-apply.sh"

// newRemote skips the test where there is no sshd.
func newRemote(t *testing.T) remote {
	t.Helper()
	for _, tool := range []string{"sshd", "ssh", "ssh-keygen", "setsid"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("skipped: no %s here", tool)
		}
	}
	r := remote{newLab(t), t.TempDir()}
	r.node("world", outsiders...)
	r.node("canopsis", "10.0.0.1")
	for _, key := range []string{"host", "admin"} {
		r.shell("", "ssh-keygen -q -t ed25519 -N '' -f "+filepath.Join(r.folder, key))
	}
	who, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	configuration := fmt.Sprintf("ListenAddress 10.0.0.1\nHostKey %[1]s/host\nAuthorizedKeysFile %[1]s/admin.pub\nStrictModes no\nPidFile none\nUsePAM no\nPasswordAuthentication no\nSubsystem sftp internal-sftp\nSetEnv CANOPSIS_NFT_PRIME=1 CANOPSIS_NFT_DIR=%[1]s/etc CANOPSIS_NFT_STATE=%[1]s/run \"PATH=%[1]s/bin:%[3]s\"\nPermitRootLogin prohibit-password\nAllowUsers %[2]s\n", r.folder, who.Username, os.Getenv("PATH"))
	if err := os.WriteFile(filepath.Join(r.folder, "sshd_config"), []byte(configuration), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll("/run/sshd", 0o755); err != nil { // where sshd puts itself apart
		t.Fatal(err)
	}
	path, err := exec.LookPath("sshd")
	if err != nil {
		t.Fatal(err)
	}
	daemon := exec.Command("nsenter", "--net=/run/netns/"+r.prefix+"canopsis", path, "-D", "-e", "-f", filepath.Join(r.folder, "sshd_config"))
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = daemon.Process.Kill(); _ = daemon.Wait() })
	r.shell("", "cp "+script+" "+filepath.Join(r.folder, "apply.sh"))
	eventually(t, "sshd answers", func() bool { _, err := r.ssh("true"); return err == nil })
	return r
}

// ssh runs a command on the host over a new connection, from an administrator's
// address.
func (r remote) ssh(command string) (string, error) {
	out, err := exec.Command("nsenter", "--net=/run/netns/"+r.prefix+"world", "ssh", "-q", "-F", "none", "-b", "192.0.2.1", "-i", filepath.Join(r.folder, "admin"),
		"-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "BatchMode=yes", "-o", "ConnectTimeout=4", "10.0.0.1", command).CombinedOutput()
	return string(out), err
}

// apply runs the script on the host.
func (r remote) apply(arguments string) (string, error) {
	return r.ssh("sh " + filepath.Join(r.folder, "apply.sh") + " " + arguments)
}

// withoutSystemd hides systemd from the script: it would run the timer in the
// machine's own namespace.
func (r remote) withoutSystemd() {
	r.shell("", fmt.Sprintf("mkdir -p %[1]s/bin && printf '#!/bin/sh\\nexit 1\\n' > %[1]s/bin/systemctl && chmod +x %[1]s/bin/systemctl", r.folder))
}

func (r remote) write(name, text string) string {
	r.t.Helper()
	file := filepath.Join(r.folder, name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		r.t.Fatal(err)
	}
	return file
}

func (r remote) table() string {
	out, _ := exec.Command("nsenter", "--net=/run/netns/"+r.prefix+"canopsis", "nft", "-s", "list", "table", "inet", "canopsis").CombinedOutput()
	return string(out)
}

// eventually waits for a condition.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	const enough = 90 * time.Second
	for began := time.Now(); !condition(); time.Sleep(100 * time.Millisecond) {
		if time.Since(began) > enough {
			t.Fatalf("%s: not within %s", what, enough)
		}
	}
}

func TestCommitConfirm(t *testing.T) {
	t.Parallel()
	r := newRemote(t)
	r.withoutSystemd()
	i := usual()
	good := r.write("good.nft", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	closed := r.write("closed.nft", i.ruleset(t, "canopsis", firewall.RulesetOptions{ClosedEgress: true}))
	i.addresses["administrators"] = []string{"192.0.3.0/28"} // a slip
	locked := r.write("locked.nft", i.ruleset(t, "canopsis", firewall.RulesetOptions{}))
	broken := r.write("broken.nft", strings.Replace(i.ruleset(t, "canopsis", firewall.RulesetOptions{}), "counter accept", "counter acept", 1))
	kept := func() string {
		text, _ := os.ReadFile(filepath.Join(r.folder, "etc", "ruleset.nft"))
		return string(text)
	}

	// The first load is not confirmed: nothing is left of it.
	if out, err := r.apply("load " + good + " 4"); err != nil || !strings.Contains(out, "loaded") {
		t.Fatalf("%v %s", err, out)
	}
	if !strings.Contains(r.table(), "matrix_in") {
		t.Fatalf("it is not loaded: %s", r.table())
	}
	eventually(t, "the first load is taken back", func() bool { return !strings.Contains(r.table(), "matrix_in") })
	if out, err := r.apply("confirm"); err == nil || !strings.Contains(out, "taken back") || kept() != "" {
		t.Errorf("a confirmation that comes too late: %v %s, and %q is kept", err, out, kept())
	}

	// A good one, confirmed, stays. A second may not come between.
	if out, err := r.apply("load " + good + " 120"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if out, err := r.apply("load " + good + " 120"); err == nil || !strings.Contains(out, "waits to be confirmed") {
		t.Errorf("a load on top of another: %v %s", err, out)
	}
	if out, err := r.apply("confirm"); err != nil || !strings.Contains(out, "confirmed") {
		t.Fatalf("%v %s", err, out)
	}
	if text, _ := os.ReadFile(good); kept() != string(text) {
		t.Errorf("what boots is %q", kept())
	}
	before := r.table()

	// A mistake in the text: nothing is touched.
	if out, err := r.apply("load " + broken + " 120"); err == nil || !strings.Contains(out, "acept") {
		t.Errorf("a mistake is loaded: %v %s", err, out)
	}
	if r.table() != before {
		t.Error("a text with a mistake changed the table")
	}

	// Administrators' addresses are wrong: no new connection gets in to confirm, and
	// the host takes it back by itself.
	if out, err := r.apply("load " + locked + " 6"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if r.table() == before {
		t.Fatal("the other ruleset is not there")
	}
	if out, err := r.apply("confirm"); err == nil {
		t.Errorf("a connection gets in: %s", out)
	}
	eventually(t, "a connection gets in again", func() bool { _, err := r.ssh("true"); return err == nil })
	if r.table() != before {
		t.Errorf("the table was\n%s\nand is\n%s", before, r.table())
	}
	if text, _ := os.ReadFile(good); kept() != string(text) {
		t.Errorf("what boots is %q", kept())
	}

	// Taken back at once, by hand.
	if out, err := r.apply("load " + closed + " 120"); err == nil {
		_, _ = r.apply("rollback")
		if r.table() != before {
			t.Error("a rollback by hand leaves something else")
		}
	} else {
		t.Errorf("%v %s", err, out)
	}
}
