package acceptance_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// further says of a guide what else is tried in the folder in which its blocks
// stand.
var further = map[string]func(w *workspace, page string){
	"console":           consoleAnswers,
	"policy-as-code":    policyDenies,
	"rules-of-your-own": filtersRefuse,
}

// tested are the guides whose configuration a test in testdata/guides plans, with
// mocks of the cloud.
var tested = []string{"environments", "in-front-and-behind"}

// TestEveryTestOfAGuideIsRun refuses a test of a guide that is not there.
func TestEveryTestOfAGuideIsRun(t *testing.T) {
	t.Parallel()
	var found []string
	for _, name := range filesOf(t, "testdata/guides", ".tftest.hcl") {
		found = append(found, strings.TrimSuffix(name, ".tftest.hcl"))
	}
	same(t, "tests of guides", found, tested)
	pages := filesOf(t, "../../docs/guides", ".md")
	for _, name := range slices.Concat(tested, slices.Sorted(maps.Keys(further))) {
		if !slices.Contains(pages, name+".md") {
			t.Errorf("%s is no guide", name)
		}
	}
}

// run runs the tests' terraform in the folder, and returns what it prints.
func (w *workspace) run(input string, arguments ...string) string {
	w.t.Helper()
	command := exec.CommandContext(w.t.Context(), terraform, arguments...)
	command.Dir = w.folder
	command.Stdin = strings.NewReader(input)
	var complaint strings.Builder
	command.Stderr = &complaint
	out, err := command.Output()
	if err != nil {
		w.t.Fatalf("terraform %s: %v\n%s%s", strings.Join(arguments, " "), err, out, &complaint)
	}
	return string(out)
}

// consoleAnswers asks the console what the guide asks, and compares the answers: as
// values, since a list that an expression makes has another type than one that is
// written.
func consoleAnswers(w *workspace, page string) {
	w.t.Helper()
	type recipe struct{ question, answer string }
	var recipes []recipe
	var all []string
	for _, block := range blocks(page, "text") {
		question, answer, found := strings.Cut(strings.TrimPrefix(block, "> "), "\n")
		if !found || !strings.HasPrefix(block, "> ") {
			w.t.Errorf("this is not a question and its answer:\n%s", block)
			continue
		}
		recipes = append(recipes, recipe{question, answer})
		all = append(all, fmt.Sprintf("jsonencode(%s)", question), fmt.Sprintf("jsonencode(%s)", onOneLine(answer)))
	}
	if len(recipes) < 10 {
		w.t.Fatalf("the guide has %d recipes", len(recipes))
	}
	arguments := []string{"console", "-no-color"}
	if isTofu() { // has perhaps no -plan
		w.apply().mustSucceed(w.t)
	} else {
		arguments = append(arguments, "-plan")
	}
	var answers []string
	answered := strings.TrimSpace(w.run("jsonencode(["+strings.Join(all, ", ")+"])\n", arguments...))
	var text string
	if err := json.Unmarshal([]byte(answered), &text); err != nil {
		w.t.Fatalf("the console says %s: %v", answered, err)
	}
	if err := json.Unmarshal([]byte(text), &answers); err != nil || len(answers) != len(all) {
		w.t.Fatalf("the console says %s: %v", text, err)
	}
	for i, r := range recipes {
		if got, want := answers[2*i], answers[2*i+1]; got != want {
			w.t.Errorf("> %s\n%s\nThe guide says\n%s", r.question, got, want)
		}
	}
}

// onOneLine writes a printed value as an expression on one line, which is all that
// the console reads: attributes of objects end with their line.
func onOneLine(value string) string {
	var joined strings.Builder
	for line := range strings.Lines(value) {
		line = strings.TrimSpace(line)
		joined.WriteString(line)
		if !strings.HasSuffix(line, ",") && !strings.HasSuffix(line, "{") && !strings.HasSuffix(line, "[") && !strings.HasSuffix(line, "(") {
			joined.WriteString(",")
		}
	}
	fixed := strings.TrimSuffix(joined.String(), ",")
	return strings.NewReplacer("({},)", "({})", "],)", "])", "},)", "})").Replace(fixed)
}

// filtersRefuse tries what the guide warns of: filters that match nothing.
func filtersRefuse(w *workspace, _ string) {
	w.t.Helper()
	plan := w.plan()
	plan.mustSucceed(w.t)
	says(w.t, w.plan(`purposes=["user-access"]`).errors, "Invalid index", "The given key does not identify an element")
	says(w.t, w.plan(`purposes=["internal", "user-access"]`).errors, "Invalid index")
	says(w.t, w.plan("purposes=[]").errors, "No rule is left of mongodb, redis")
	says(w.t, w.plan(`hosts=["mongdb"]`).errors, "No rule is left of mongdb")
	says(w.t, w.plan(`hosts=["mongodb", "reddis"]`).errors, "No rule is left of reddis")
	says(w.t, w.plan("hosts=[]").errors, "No rule is left of any host")
	says(w.t, w.plan(`own_rules={ "a" = { flow = "a", source = "monitoring", destination = "mongodb", component = "exporter", purpose = "administration", protocol = "tcp", fromport = 1, to_port = 1 } }`).errors, "from_port")
}

// policyDenies holds the guide's policy before a plan of its configuration, and
// before what the plan would be where somebody opened more.
func policyDenies(w *workspace, page string) {
	w.t.Helper()
	policies := blocks(page, "rego")
	if len(policies) != 1 {
		w.t.Fatalf("the guide has %d policies", len(policies))
	}
	w.write("canopsis.rego", policies[0])
	server := w.useStandIn()
	w.write("provider.tf", server.ProviderBlock())
	if err := os.Remove(filepath.Join(w.folder, "stand_in_override.tf")); err != nil { // which has nothing to override
		w.t.Fatal(err)
	}
	w.run("", "plan", "-no-color", "-input=false", "-out", "plan.bin", "-var", "vpc_id="+vpc)
	plan := w.run("", "show", "-json", "plan.bin")
	cases := []struct {
		name   string
		tamper func(plan map[string]any)
		denied string // in each message; empty: nothing
	}{
		{"as it is", func(map[string]any) {}, ""},
		{"another port", func(plan map[string]any) { after(w, plan)["from_port"] = 22 }, tampered + " opens tcp/22-8443, which the matrix does not have"},
		{"every protocol", func(plan map[string]any) {
			maps.Copy(after(w, plan), map[string]any{"ip_protocol": "-1", "from_port": nil, "to_port": nil})
		}, "which the matrix does not have"},
		{"everybody", func(plan map[string]any) { after(w, plan)["cidr_ipv4"] = "0.0.0.0/0" }, tampered + " is open to 0.0.0.0/0"},
		{"half of everybody", func(plan map[string]any) { after(w, plan)["cidr_ipv6"] = "2000::/3" }, tampered + " is open to 2000::/3"},
		{"no matrix", func(plan map[string]any) { delete(plan, "prior_state") }, "which the matrix does not have"},
		{"an empty firewall", func(plan map[string]any) {
			for _, change := range changesOf(w, plan) {
				change["actions"], change["after"] = []any{"delete"}, nil
			}
		}, "the plan destroys rules and leaves none"},
	}
	var files []string
	for _, c := range cases {
		var read map[string]any
		if err := json.Unmarshal([]byte(plan), &read); err != nil {
			w.t.Fatal(err)
		}
		c.tamper(read)
		text, err := json.Marshal(read)
		if err != nil {
			w.t.Fatal(err)
		}
		name := strings.ReplaceAll(c.name, " ", "_") + ".json"
		w.write(name, string(text))
		files = append(files, filepath.Join(w.folder, name))
	}
	for i, denied := range judged(w, filepath.Join(w.folder, "canopsis.rego"), files) {
		c := cases[i]
		if c.denied == "" && len(denied) > 0 {
			w.t.Errorf("%s: denied: %s", c.name, strings.Join(denied, "\n"))
		} else if c.denied != "" {
			says(w.t, denied, c.denied)
		}
	}
}

// tampered is the rule that the tests of the policy change.
const tampered = `aws_vpc_security_group_ingress_rule.this["10.20.0.0/16-to-canopsis/tcp-8443"]`

// changesOf returns what becomes of each resource that is a rule.
func changesOf(w *workspace, plan map[string]any) map[string]map[string]any {
	w.t.Helper()
	changes := make(map[string]map[string]any)
	listed, _ := plan["resource_changes"].([]any)
	for _, one := range listed {
		resource, _ := one.(map[string]any)
		change, _ := resource["change"].(map[string]any)
		address, _ := resource["address"].(string)
		if strings.HasPrefix(address, "aws_vpc_security_group_") {
			changes[address] = change
		}
	}
	if len(changes) == 0 {
		w.t.Fatal("the plan changes no rule")
	}
	return changes
}

// after returns what the plan makes of the tampered rule.
func after(w *workspace, plan map[string]any) map[string]any {
	w.t.Helper()
	values, ok := changesOf(w, plan)[tampered]["after"].(map[string]any)
	if !ok {
		w.t.Fatalf("the plan has no %s", tampered)
	}
	return values
}

// judged returns what the policy denies of each plan: by the opa on PATH, or by the
// same evaluator from a module of its own, which is fetched and compiled at first.
func judged(w *workspace, policy string, plans []string) [][]string {
	w.t.Helper()
	var answers []string
	if opa, err := exec.LookPath("opa"); err == nil {
		for _, plan := range plans {
			out, err := exec.CommandContext(w.t.Context(), opa, "eval", "--format", "raw", "--data", policy, "--input", plan, "json.marshal(data.canopsis.deny)").Output()
			if err != nil {
				w.t.Fatalf("opa: %v\n%s", err, out)
			}
			answers = append(answers, string(out))
		}
	} else {
		fetch := exec.CommandContext(w.t.Context(), "go", "mod", "download")
		fetch.Dir = "policy"
		if out, err := fetch.CombinedOutput(); err != nil {
			w.t.Skipf("the guide's policy: no opa is on PATH, and its evaluator could not be fetched: %v\n%s", err, out)
		}
		judge := exec.CommandContext(w.t.Context(), "go", append([]string{"run", ".", policy, "data.canopsis.deny"}, plans...)...)
		judge.Dir = "policy"
		var complaint strings.Builder
		judge.Stderr = &complaint
		out, err := judge.Output()
		if err != nil {
			w.t.Fatalf("%v\n%s", err, &complaint)
		}
		answers = strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	denied := make([][]string, len(plans))
	if len(answers) != len(plans) {
		w.t.Fatalf("%d answers for %d plans:\n%s", len(answers), len(plans), strings.Join(answers, "\n"))
	}
	for i, answer := range answers {
		if err := json.Unmarshal([]byte(answer), &denied[i]); err != nil {
			w.t.Fatalf("%s: %v", answer, err)
		}
	}
	return denied
}
