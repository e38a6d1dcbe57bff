package hosts_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// host is a machine of scripts: an nft that keeps the table in a file, and a systemd
// that writes down what it is to run. What is to happen in between is in files that
// nft runs at a point.
type host struct {
	t      *testing.T
	folder string
}

// Points at which nft of a host runs a file.
const (
	whileListing = "while-listing"
	whileLoading = "while-loading"
)

func newHost(t *testing.T) host {
	t.Helper()
	h := host{t, t.TempDir()}
	h.write("bin/nft", `#!/bin/sh
[ ! -x "$HOST/while-listing" ] || [ "$1 $2" != "-s list" ] || "$HOST/while-listing" >/dev/null
case "$*" in
"-c -f "*) [ "$3" = - ] && cat >/dev/null; exit 0 ;;
"list tables") echo "table inet other" ;;
"-s list table inet canopsis") cat "$HOST/table" 2>/dev/null ;;
"-f -") cat >"$HOST/table" ;;
"-f "*) [ ! -x "$HOST/while-loading" ] || "$HOST/while-loading" >/dev/null; cp "$2" "$HOST/table" ;;
*) exit 1 ;;
esac
`)
	h.write("bin/systemctl", "#!/bin/sh\n[ \"$1\" = is-system-running ] || exit 0\necho degraded\nexit 1\n")
	h.write("bin/systemd-run", "#!/bin/sh\necho \"$*\" >\"$HOST/armed\"\n")
	h.write("good.nft", "good\n")
	h.write("better.nft", "better\n")
	return h
}

func (h host) write(name, text string) {
	h.t.Helper()
	file := filepath.Join(h.folder, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		h.t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o755); err != nil {
		h.t.Fatal(err)
	}
}

func (h host) read(name string) string {
	text, _ := os.ReadFile(filepath.Join(h.folder, name))
	return string(text)
}

// apply runs the script with words as its arguments.
func (h host) apply(words ...string) (string, error) {
	return h.run("sh", append([]string{script}, words...)...)
}

func (h host) run(name string, words ...string) (string, error) {
	command := exec.CommandContext(h.t.Context(), name, words...)
	command.Env = append(os.Environ(), "HOST="+h.folder, "PATH="+h.folder+"/bin:"+os.Getenv("PATH"), "CANOPSIS_NFT_DIR="+h.folder+"/etc", "CANOPSIS_NFT_STATE="+h.folder+"/run")
	out, err := command.CombinedOutput()
	return string(out), err
}

func (h host) load(name string) (string, error) {
	return h.apply("load", filepath.Join(h.folder, name), "60")
}

// mustLoad loads and confirms what has to go well.
func (h host) mustLoad(name string) {
	h.t.Helper()
	for _, words := range [][]string{{"load", filepath.Join(h.folder, name), "60"}, {"confirm"}} {
		if out, err := h.apply(words...); err != nil {
			h.t.Fatalf("%s: %v %s", words[0], err, out)
		}
	}
}

// timer writes a file that does what the timer was armed for.
func (h host) timer(name string) {
	h.t.Helper()
	_, command, ok := strings.Cut(h.read("armed"), "/bin/sh ")
	if !ok {
		h.t.Fatalf("nothing is armed: %q", h.read("armed"))
	}
	h.write(name, "#!/bin/sh\nrm -f \"$HOST/"+name+"\"\nsh "+command)
}

// A unit that failed makes systemd degraded, and does not stop its timers; a process
// of the session may end with the session.
func TestSystemdTakesBackWhereUnitsFailed(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	if out, err := h.load("good.nft"); err != nil || !strings.Contains(h.read("armed"), "--on-active=60") {
		t.Fatalf("%v %s, armed: %q", err, out, h.read("armed"))
	}
	h.timer("late")
	out, err := h.run(filepath.Join(h.folder, "late"))
	if err != nil || strings.Contains(h.read("table"), "good") {
		t.Errorf("the timer: %v %s, and the table is %q", err, out, h.read("table"))
	}
}

// The timer of a change that was confirmed may run out while the next is prepared.
func TestAnOldTimerLeavesTheNextChangeAlone(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.mustLoad("good.nft")
	h.timer(whileListing)
	if out, err := h.load("better.nft"); err != nil || h.read("table") != "better\n" {
		t.Fatalf("%v %s, and the table is %q", err, out, h.read("table"))
	}
	if out, err := h.apply("rollback"); err != nil || !strings.HasSuffix(h.read("table"), "good\n") {
		t.Errorf("the way back is gone: %v %s, and the table is %q", err, out, h.read("table"))
	}
}

// What is loaded after its timer ran out would never be taken back.
func TestALoadThatOutlastsItsTimerIsTakenBack(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.mustLoad("good.nft")
	h.write("bin/systemd-run", `#!/bin/sh
for word; do before=$last last=$word; done
printf '#!/bin/sh\nrm -f "$HOST/while-loading"\nsh "$HOST/run/apply.sh" %s %s\n' "$before" "$last" >"$HOST/while-loading"
chmod +x "$HOST/while-loading"
`)
	out, err := h.load("better.nft")
	if err == nil || !strings.Contains(out, "longer than 60 seconds") || !strings.HasSuffix(h.read("table"), "good\n") {
		t.Errorf("%v %s, and the table is %q", err, out, h.read("table"))
	}
}

func TestALoadThatFailsLetsAnotherCome(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	h.write("bin/systemd-run", "#!/bin/sh\nexit 1\n")
	if out, err := h.load("good.nft"); err == nil || h.read("table") != "" {
		t.Fatalf("it is loaded without a way back: %s", out)
	}
	h.write("bin/systemd-run", "#!/bin/sh\necho \"$*\" >\"$HOST/armed\"\n")
	if out, err := h.load("good.nft"); err != nil {
		t.Errorf("%v %s", err, out)
	}
	for _, seconds := range []string{"", "0", "1m", "-5"} {
		if out, err := h.apply("load", filepath.Join(h.folder, "good.nft"), seconds); err == nil || !strings.Contains(out, "not a number of seconds") {
			t.Errorf("%q seconds: %v %s", seconds, err, out)
		}
	}
}

// What cannot be kept over a reboot is not confirmed either, and the way back stays.
func TestWhatCannotBeKeptIsNotConfirmed(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	if out, err := h.load("good.nft"); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if err := os.RemoveAll(filepath.Join(h.folder, "etc")); err != nil {
		t.Fatal(err)
	}
	if out, err := h.apply("confirm"); err == nil {
		t.Errorf("it is confirmed: %s", out)
	}
	if out, err := h.apply("rollback"); err != nil || strings.Contains(h.read("table"), "good") {
		t.Errorf("%v %s, and the table is %q", err, out, h.read("table"))
	}
	if out, err := h.apply("rollback"); err == nil || !strings.Contains(out, "nothing waits") {
		t.Errorf("a rollback of nothing: %v %s", err, out)
	}
}
