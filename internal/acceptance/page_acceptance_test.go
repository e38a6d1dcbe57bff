package acceptance_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPageOfTheWebServer reads a page by data "http" as it is sent: the same one, one
// that opens something else, one that is refused, and an answer that is no page.
func TestPageOfTheWebServer(t *testing.T) {
	t.Parallel()
	sent, err := os.ReadFile(filepath.Join(root, "pinned-page", "matrix.html"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(sent)
	const row = "<td>TCP/389,636</td>"
	if strings.Count(page, row) != 1 {
		t.Fatalf("matrix.html has not one cell %s", row)
	}
	pages := map[string]string{
		"/same/":    page,
		"/changed/": strings.Replace(page, row, "<td>TCP/389</td>", 1),
		"/struck/":  strings.Replace(page, row, "<td>TCP/389,<del>636</del></td>", 1),
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(text))
	}))
	t.Cleanup(server.Close)

	w := newWorkspace(t, filepath.Join(root, "pinned-page"))
	w.init()
	at := func(path string) outcome { return w.plan("page_url=" + server.URL + path) }

	same(t, "warnings of the same page", at("/same/").mustSucceed(t).warnings, nil)
	changed := at("/changed/").mustSucceed(t)
	says(t, changed.reported, "Check block assertion failed", "The page was changed")
	if len(changed.reported) != 1 {
		t.Errorf("warnings of a changed page: %q", changed.reported)
	}
	says(t, at("/struck/").errors, "Struck text", "table 2, row", "<del>")
	says(t, at("/gone/").errors, "postcondition", "answers 404")
}
