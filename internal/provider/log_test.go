package provider

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

// TestLog checks what a read says at debug level: a line each for the edition,
// the counts and the corrections taken, and none for each rule.
func TestLog(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		dataSource string
		given      object
		want       []string
	}{
		"flows as published": {"canopsis_flows", object{"corrections": "none"}, []string{
			`{"@level":"debug","@message":"read the matrix","edition":"22.10"}`,
			`{"@level":"debug","@message":"counted the deployment","endpoints":11,"flows":12,"hosts":4,"rules":15}`,
			`{"@level":"debug","@message":"took corrections","applied":[],"corrections":"none"}`,
		}},
		"flows, corrected": {"canopsis_flows", object{"corrections": "apply", "canopsis_version": "22.10.3"}, []string{
			`{"@level":"debug","@message":"read the matrix","edition":"22.10"}`,
			`{"@level":"debug","@message":"counted the deployment","endpoints":11,"flows":14,"hosts":4,"rules":17}`,
			`{"@level":"debug","@message":"took corrections","applied":["redis_port","ssh_hosts"],"corrections":"apply"}`,
		}},
		"flows of a page": {"canopsis_flows", object{"page": shortPage, "corrections": "none"}, []string{
			`{"@level":"debug","@message":"read the matrix","edition":"the user's page"}`,
			`{"@level":"debug","@message":"counted the deployment","endpoints":2,"flows":1,"hosts":2,"rules":1}`,
			`{"@level":"debug","@message":"took corrections","applied":[],"corrections":"none"}`,
		}},
		"components": {"canopsis_components", object{"corrections": "none"}, []string{
			`{"@level":"debug","@message":"read components","components":8,"edition":"22.10"}`,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var written bytes.Buffer
			o, _ := readDataSource(t, tflogtest.RootLogger(t.Context(), &written), test.dataSource, nil, test.given)
			if o.hasError() {
				t.Fatal(o.text())
			}
			entries, err := tflogtest.MultilineJSONDecode(&written)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, entry := range entries {
				if entry["@module"] != "provider" {
					continue // the framework's own
				}
				delete(entry, "@module")
				line, err := json.Marshal(entry)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, string(line))
			}
			if strings.Join(got, "\n") != strings.Join(test.want, "\n") {
				t.Errorf("logged\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(test.want, "\n"))
			}
		})
	}
}
