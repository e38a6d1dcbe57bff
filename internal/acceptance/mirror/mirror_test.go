package mirror

import (
	"archive/zip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestUnpackTakesTheProviderAlone(t *testing.T) {
	t.Parallel()
	m := Mirror{Root: t.TempDir()}
	if err := m.Unpack(archive(t, "LICENSE", "terraform-provider-canopsis_v1.2.3"), "canopsis/canopsis", "1.2.3"); err != nil {
		t.Fatal(err)
	}
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		names, err := filepath.Glob(filepath.Join(m.Root, registry, "canopsis", "canopsis", "1.2.3", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		if len(names) != 1 || filepath.Base(names[0]) != "terraform-provider-canopsis_v1.2.3" {
			t.Fatalf("under %s: got %v, want the provider alone", registry, names)
		}
		content, err := os.ReadFile(names[0])
		if err != nil {
			t.Fatal(err)
		}
		if string(content) != "content of terraform-provider-canopsis_v1.2.3" {
			t.Errorf("under %s: got %q", registry, content)
		}
		if info, err := os.Stat(names[0]); err != nil || info.Mode().Perm()&0o100 == 0 {
			t.Errorf("under %s: it cannot be run: %v, %v", registry, info, err)
		}
	}
}

func TestUnpackRefusesAnArchiveWithoutOneProvider(t *testing.T) {
	t.Parallel()
	for _, names := range [][]string{{"LICENSE"}, {"terraform-provider-canopsis_v1.2.3", "terraform-provider-canopsis_v1.2.4"}} {
		m := Mirror{Root: t.TempDir()}
		if err := m.Unpack(archive(t, names...), "canopsis/canopsis", "1.2.3"); err == nil || !strings.Contains(err.Error(), "where Terraform wants one") {
			t.Errorf("%v: got %v", names, err)
		}
	}
}

// archive writes an archive of files that hold their own names.
func archive(t *testing.T, names ...string) string {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "provider.zip"))
	if err != nil {
		t.Fatal(err)
	}
	writer := zip.NewWriter(file)
	for _, name := range names {
		entry, err := writer.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := entry.Write([]byte("content of " + name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Name()
}

func put(t *testing.T, path string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("x"), 0o755); err != nil {
		t.Fatal(err)
	}
}

// A mirror of the machine's may have much beside what a test wants: an older build
// of this provider above all, as after make install.
func TestLinkTakesTheNamedProvidersAlone(t *testing.T) {
	t.Parallel()
	machine, m := Mirror{Root: t.TempDir()}, Mirror{Root: t.TempDir()}
	for _, path := range []string{
		"registry.terraform.io/hashicorp/aws/5.100.0/" + platform + "/terraform-provider-aws_v5.100.0_x5",
		"registry.terraform.io/hashicorp/aws/terraform-provider-aws_5.99.0_" + platform + ".zip",
		"registry.terraform.io/hashicorp/aws/terraform-provider-aws_5.98.0_plan9_mips.zip",
		"registry.terraform.io/hashicorp/aws/5.97.0/plan9_mips/terraform-provider-aws_v5.97.0",
		"registry.terraform.io/canopsis/canopsis/0.1.0/" + platform + "/terraform-provider-canopsis_v0.1.0",
		"registry.opentofu.org/canopsis/canopsis/0.1.0/" + platform + "/terraform-provider-canopsis_v0.1.0",
	} {
		put(t, filepath.Join(machine.Root, filepath.FromSlash(path)))
	}
	put(t, filepath.Join(m.folder("registry.terraform.io", "canopsis/canopsis", "0.1.0"), "terraform-provider-canopsis_v0.1.0"))
	if err := m.Link(machine, "hashicorp/aws", "hashicorp/google"); err != nil {
		t.Fatal(err)
	}
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		found, err := filepath.Glob(filepath.Join(m.Root, registry, "*", "*", "*"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range found {
			found[i] = filepath.Base(found[i])
		}
		want := []string{"5.100.0", "terraform-provider-aws_5.99.0_" + platform + ".zip"}
		if registry == "registry.terraform.io" {
			want = []string{"0.1.0", "5.100.0", "terraform-provider-aws_5.99.0_" + platform + ".zip"}
		}
		if !slices.Equal(found, want) {
			t.Errorf("under %s: got %q, want %q", registry, found, want)
		}
	}
	if !m.Has("hashicorp/aws") || m.Has("hashicorp/google") || m.Has("hashicorp/aw") {
		t.Error("the mirror has AWS, and nothing else that was asked for")
	}
	if (Mirror{Root: filepath.Join(m.Root, "nothing")}).Has("hashicorp/aws") {
		t.Error("a folder that is not there has a provider")
	}
}

func TestConfigurationQuotesTheFolder(t *testing.T) {
	t.Parallel()
	got := Mirror{Root: `/home/é à/"x"/${y}%{z}`}.Configuration()
	want := `    path = "/home/é à/\"x\"/$${y}%%{z}"` + "\n"
	if !strings.Contains(got, want) {
		t.Errorf("got\n%s\nwithout\n%s", got, want)
	}
}

func TestEnvironmentLeavesTheUsersTerraformOut(t *testing.T) {
	t.Parallel()
	got := Environment([]string{"HOME=/h", "TF_CLI_ARGS=-x", "PATH=/p", "TF_LOG=trace"}, "/c")
	want := []string{"HOME=/h", "PATH=/p", "TF_CLI_CONFIG_FILE=/c", "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
