package acceptance_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"encoding/json"
	"html"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// requested returns the texts that the example of a request writes, by output.
var requested = func() func(t *testing.T) map[string]string {
	var texts map[string]string
	return func(t *testing.T) map[string]string {
		t.Helper()
		if texts == nil {
			texts = make(map[string]string)
			for name, change := range planOf(t, "firewall-request").OutputChanges {
				decode(t, change.After, new(any))
				if text, ok := change.After.(string); ok {
					texts[name] = text
				}
			}
		}
		return texts
	}
}()

// TestReportPageInBrowser opens the pages of a request in a real browser, uses
// them, and prints them.
func TestReportPageInBrowser(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:") // of no use here; and alone, since a browser and Terraform at once are more than a small machine has
	browser := firstOnPath("chromium", "chromium-browser", "google-chrome")
	if browser == "" {
		t.Skip("no Chromium is on PATH: the page was written, and not opened")
	}
	pages := maps.Clone(requested(t))
	pages["changes"] = readFile(t, filepath.Join("..", "report", "testdata", "fr_changes.html"))
	for name, want := range map[string]map[string]string{
		"changes":      {"language": "fr", "shown": "8 / 8 affichés", "ldap": "0 / 8 affichés", "accents": "0 / 8 affichés", "host": "2 of redis", "changes": "opened 4, closed 2, unchanged 2"},
		"request_html": {"language": "en", "shown": "13 / 13 shown", "ldap": "1 / 13 shown", "accents": "0 / 13 shown"},
		"demande_html": {"language": "fr", "shown": "13 / 13 affichés", "ldap": "1 / 13 affichés", "accents": "2 / 13 affichés"},
	} {
		page := pages[name]
		folder := t.TempDir()
		file := filepath.Join(folder, "page.html")
		writeFile(t, file, withScript(t, page, readFile(t, filepath.Join("testdata", "use_report_page.js"))))
		said, complaints := open(t, browser, "--dump-dom", "file://"+file)
		found := regexp.MustCompile(`(?s)<pre id="result">(.*?)</pre>`).FindStringSubmatch(said)
		if found == nil {
			t.Fatalf("%s: the page was not used to its end:\n%s", name, complaints)
		}
		got := make(map[string]string)
		if err := json.Unmarshal([]byte(html.UnescapeString(found[1])), &got); err != nil {
			t.Fatal(err)
		}
		usual := map[string]string{
			"error": "", "fetched": "0", "cleared": want["shown"], "host": "2 of mongodb", "purpose": "only external", "encryption": "only cleartext",
			"ascending": "true ascending", "descending": "true descending", "more": "hidden", "unreachable": "", "unlabelled": "",
		}
		maps.Copy(usual, want)
		want = usual
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: using the page shows something else:\n%s", name, diff)
		}
		if strings.Contains(complaints, "CONSOLE") {
			t.Errorf("%s: the browser's console says:\n%s", name, complaints)
		}
		printed := filepath.Join(folder, "page.pdf")
		writeFile(t, file, page)
		open(t, browser, "--no-pdf-header-footer", "--print-to-pdf="+printed, "file://"+file)
		pdf := readFile(t, printed)
		if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAllString(pdf, -1)); !strings.HasPrefix(pdf, "%PDF-") || n < 1 || n > 5 {
			t.Errorf("%s: printed on %d pages", name, n)
		}
	}
}

// withScript returns the page with one more script that its policy admits.
func withScript(t *testing.T, page, script string) string {
	t.Helper()
	sum := sha256.Sum256([]byte(script))
	hash := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
	if !strings.Contains(page, "; script-src ") || !strings.HasSuffix(page, "</body>\n</html>\n") {
		t.Fatal("the page has no policy for scripts, or no end")
	}
	page = strings.Replace(page, "; script-src ", "; script-src "+hash+" ", 1)
	return strings.TrimSuffix(page, "</body>\n</html>\n") + "<script>" + script + "</script></body></html>"
}

// open runs the browser without a network, and returns what it says and what it
// complains about.
func open(t *testing.T, browser string, arguments ...string) (said, complaints string) {
	t.Helper()
	command := exec.Command(browser, append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--proxy-server=127.0.0.1:9",
		"--user-data-dir=" + t.TempDir(), "--virtual-time-budget=60000",
	}, arguments...)...)
	var out, complained bytes.Buffer
	command.Stdout, command.Stderr = &out, &complained
	if err := command.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", browser, err, complained.String())
	}
	return out.String(), complained.String()
}

// TestLibreOfficeReadsTables: what a spreadsheet shows is what was written, cell
// by cell.
func TestLibreOfficeReadsTables(t *testing.T) {
	t.Setenv("HOME", t.TempDir()) // and not the settings of whoever runs this; alone, as above
	office := firstOnPath("soffice", "libreoffice")
	if office == "" {
		t.Skip("no LibreOffice is on PATH: the tables were written, and not read back")
	}
	tables := requested(t)
	for name, separator := range map[string]rune{"table": ',', "tableau": ';'} {
		folder := t.TempDir()
		file := filepath.Join(folder, name+".csv")
		writeFile(t, file, tables[name])
		// Separator, quote, UTF-8, first line; the same again for what it writes.
		filter := func(separator rune) string {
			return strconv.Itoa(int(separator)) + ",34,76,1"
		}
		command := exec.Command(office, "-env:UserInstallation=file://"+filepath.Join(folder, "profile"), "--headless",
			"--infilter=Text - txt - csv (StarCalc):"+filter(separator), "--convert-to", "csv:Text - txt - csv (StarCalc):"+filter(','),
			"--outdir", filepath.Join(folder, "read"), file)
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("LibreOffice: %v\n%s", err, out)
		}
		want := cells(t, strings.TrimPrefix(tables[name], "\ufeff"), separator)
		got := cells(t, strings.TrimPrefix(readFile(t, filepath.Join(folder, "read", name+".csv")), "\ufeff"), ',')
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: LibreOffice shows something else:\n%s", name, diff)
		}
		if name == "tableau" && !slices.Contains(want[0], "Chiffrement") {
			t.Errorf("the table in French begins with %q", want[0])
		}
	}
}

func cells(t *testing.T, text string, separator rune) [][]string {
	t.Helper()
	reader := csv.NewReader(strings.NewReader(text))
	reader.Comma = separator
	rows, err := reader.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func firstOnPath(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
