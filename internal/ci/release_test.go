package main

import (
	"os"
	"path/filepath"
	"testing"
)

// The digests are those that sha256sum prints for "one", "two" and "{}".
const sums = `7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed  p_1.0.0_linux_amd64.zip
3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3  p_1.0.0_darwin_arm64.zip
44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a  p_1.0.0_manifest.json
`

func release(change map[string]string) map[string]string {
	files := map[string]string{
		"p_1.0.0_linux_amd64.zip":  "one",
		"p_1.0.0_darwin_arm64.zip": "two",
		"p_1.0.0_SHA256SUMS":       sums,
	}
	for name, content := range change {
		files[name] = content
	}
	return files
}

func TestCompareReleases(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		first, second map[string]string
		want          string
	}{
		"equal": {release(nil), release(nil), ""},
		"another archive": {
			release(nil), release(map[string]string{"p_1.0.0_linux_amd64.zip": "One"}),
			"p_1.0.0_linux_amd64.zip is not the same in both builds",
		},
		"a wrong digest": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": "00" + sums[2:]}), release(nil),
			"SHA256SUMS: the digest of p_1.0.0_linux_amd64.zip is " + sums[:64] + ", not 00" + sums[2:64],
		},
		"contents in the sums": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": sums + sums[:64] + "  p_1.0.0_linux_amd64.cdx.json\n"}), release(nil),
			"SHA256SUMS names p_1.0.0_linux_amd64.cdx.json, which the registry does not expect",
		},
		"a wrong digest of the manifest": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": sums[:181] + "00" + sums[183:]}), release(nil),
			"SHA256SUMS: the digest of p_1.0.0_manifest.json is " + sums[181:245] + ", not 00" + sums[183:245],
		},
		"an archive twice": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": sums + sums[:90]}), release(nil),
			"SHA256SUMS names p_1.0.0_linux_amd64.zip twice",
		},
		"two manifests": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": sums + sums[181:245] + "  p_1.0.1_manifest.json\n"}), release(nil),
			"SHA256SUMS names 2 manifests, not one",
		},
		"no manifest": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": sums[:181]}), release(nil),
			"SHA256SUMS names 0 manifests, not one",
		},
		"an archive without a digest": {
			release(map[string]string{"p_1.0.0_SHA256SUMS": sums[90:]}), release(nil),
			"SHA256SUMS does not name p_1.0.0_linux_amd64.zip",
		},
	} {
		manifest := filepath.Join(folder(t, map[string]string{"manifest.json": "{}"}), "manifest.json")
		first, second := folder(t, test.first), folder(t, test.second)
		got := ""
		if err := compareReleases(manifest, first, second); err != nil {
			got = err.Error()
		}
		if got != test.want {
			t.Errorf("%s: got %q, want %q", name, got, test.want)
		}
	}
}

func TestCompareReleasesRefusesNothing(t *testing.T) {
	t.Parallel()
	first, second := t.TempDir(), t.TempDir()
	want := first + " has the archives [], " + second + " has []"
	if err := compareReleases("", first, second); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
