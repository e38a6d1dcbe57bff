package provider

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var update = flag.Bool("update", false, "write the golden files anew")

// diagnosticCase is something that a user may write in one argument, and what
// comes of it. Exactly one of says and gives is set.
type diagnosticCase struct {
	argument string // as the surface's arguments spell it: "additional_flows.ports", "bindings.cidrs"
	kind     caseKind
	what     string // tells the cases of one argument and kind apart
	provider object // the provider block's arguments
	given    object // the arguments, over those that every case of the surface has

	// says are the words of the errors that nobody may lose: the attribute, what
	// was found, what is allowed or what to type.
	says []string
	// gives is the result in one line, where what is written is accepted.
	gives string
}

type caseKind string

// Every argument has at least one case of each of the first four kinds.
const (
	isUnknown caseKind = "unknown"
	isNull    caseKind = "null"
	isEmpty   caseKind = "empty"
	isWrong   caseKind = "wrong"
	isRight   caseKind = "right" // what might be taken for wrong and is not
)

func (c diagnosticCase) name() string {
	name := c.argument + ", " + string(c.kind)
	if c.what != "" {
		name += ": " + c.what
	}
	return name
}

// surface is a part of the provider that takes arguments, with its table.
type surface struct {
	name      string
	base      object                      // what every case has
	arguments func(t *testing.T) []string // those that need cases
	run       func(t *testing.T, c diagnosticCase) outcome
	cases     []diagnosticCase
}

// surfaces lists the tables; each stands in a file of its own.
func surfaces() []surface {
	all := []surface{providerBlockSurface(), componentsSurface(), flowsSurface()}
	for _, target := range rulesTargets() {
		all = append(all, target.cases)
	}
	return append(all, reportSurface(), aggregateCIDRsSurface(), auditListenersSurface(), auditRulesSurface(), nftablesRulesetSurface(),
		diffReportSurface(), diffRulesSurface())
}

// outcome is what came of a case.
type outcome struct {
	diagnostics []diagnostic
	result      string // in one line, where there was no error
}

// diagnostic is a finding as the protocol carries it.
type diagnostic struct {
	phase    string // the call that found it
	severity string
	at       string // the attribute's path, or the function's argument; empty where it points nowhere
	summary  string // empty for functions, whose errors are a text alone
	detail   string
}

func (o outcome) hasError() bool {
	return slices.ContainsFunc(o.diagnostics, func(d diagnostic) bool { return d.severity == "error" })
}

// text is everything that a user reads.
func (o outcome) text() string {
	var b strings.Builder
	for _, d := range o.diagnostics {
		fmt.Fprintf(&b, "%s at %s by %s\n%s\n%s\n", d.severity, d.at, d.phase, d.summary, d.detail)
	}
	return b.String()
}

func (o outcome) golden() string {
	var b strings.Builder
	if len(o.diagnostics) == 0 {
		b.WriteString("no diagnostics\n")
	}
	for _, d := range o.diagnostics {
		fmt.Fprintf(&b, "%s by %s", d.severity, d.phase)
		if d.at != "" {
			fmt.Fprintf(&b, " at %s", d.at)
		}
		b.WriteString("\n")
		for line := range strings.Lines(strings.TrimPrefix(d.summary+"\n"+d.detail+"\n", "\n")) {
			b.WriteString(strings.TrimRight("  | "+line, " \n") + "\n")
		}
	}
	if o.result != "" {
		b.WriteString("gives " + o.result + "\n")
	}
	return b.String()
}

func TestDiagnostics(t *testing.T) {
	t.Parallel()
	// Cases run side by side; each writes a part of its own.
	var parts []*strings.Builder
	part := func() *strings.Builder {
		parts = append(parts, new(strings.Builder))
		return parts[len(parts)-1]
	}
	var cases, ran atomic.Int32
	t.Cleanup(func() {
		if cases.Load() != ran.Load() {
			t.Logf("%d of %d cases ran to their end: the golden file is neither compared nor written", ran.Load(), cases.Load())
			return
		}
		var golden strings.Builder
		for _, p := range parts {
			golden.WriteString(p.String())
		}
		checkGolden(t, "diagnostics.golden", golden.String())
	})
	for _, s := range surfaces() {
		fmt.Fprintf(part(), "# %s\n", s.name)
		named := make(map[string]bool)
		for _, c := range s.cases {
			if named[c.name()] {
				t.Errorf("%s: two cases are named %q", s.name, c.name())
			}
			named[c.name()] = true
			golden := part()
			cases.Add(1)
			t.Run(s.name+"/"+c.name(), func(t *testing.T) {
				t.Parallel()
				o := s.run(t, c)
				checkOutcome(t, c, o)
				fmt.Fprintf(golden, "\n## %s\n", c.name())
				for _, line := range differences(nil, object{"provider": c.provider}) {
					if c.provider != nil {
						golden.WriteString(line + "\n")
					}
				}
				lines := differences(s.base, c.given)
				const most = 5
				for _, line := range lines[:min(len(lines), most)] {
					golden.WriteString(line + "\n")
				}
				if len(lines) > most {
					fmt.Fprintf(golden, "and %d more lines\n", len(lines)-most)
				}
				golden.WriteString(o.golden())
				ran.Add(1)
			})
		}
		part().WriteString("\n")
	}
}

// checkOutcome compares what happened with what the table says, so that the
// golden file cannot be written anew into nonsense.
func checkOutcome(t *testing.T, c diagnosticCase, o outcome) {
	t.Helper()
	switch {
	case (len(c.says) == 0) == (c.gives == ""):
		t.Fatal("a case needs exactly one of says and gives")
	case len(c.says) > 0 && !o.hasError():
		t.Fatalf("no error; it gives %s", o.result)
	case len(c.says) == 0 && o.hasError():
		t.Fatalf("refused:\n%s", o.text())
	case c.gives != "" && c.gives != o.result:
		t.Errorf("gives %s; want %s", o.result, c.gives)
	case len(c.says) > 0 && len(c.says) < 3:
		t.Error("says needs the attribute, what was found, and what is allowed or what to type")
	}
	for _, words := range c.says {
		if !strings.Contains(o.text(), words) {
			t.Errorf("it does not say %q:\n%s", words, o.text())
		}
	}
	for _, d := range o.diagnostics {
		checkVoice(t, d)
	}
}

// checkVoice checks what all diagnostics have in common.
func checkVoice(t *testing.T, d diagnostic) {
	t.Helper()
	text := d.summary + "\n" + d.detail
	for _, never := range []string{"%!", "<nil>", "tftypes", "basetypes", "Value Conversion Error", "report this", "AttributeName(", "..\n"} {
		if strings.Contains(text, never) {
			t.Errorf("%q has no place in a message:\n%s", never, text)
		}
	}
	if d.detail == "" || strings.HasSuffix(d.detail, "..") || !strings.HasSuffix(d.detail, ".") && !strings.HasSuffix(d.detail, "?") {
		t.Errorf("the detail is no sentence: %q", d.detail)
	}
	if d.severity == "error" && d.at == "" {
		t.Errorf("the error points nowhere:\n%s", text)
	}
	if d.severity == "error" && d.phase != "the call" && !strings.HasPrefix(d.detail, d.at+": ") {
		t.Errorf("the error at %s names another place: %s", d.at, d.detail)
	}
	for line := range strings.Lines(text) {
		// Terraform wraps every line but those that begin with a space.
		if strings.HasPrefix(line, " ") && len(line) > 100 {
			t.Errorf("a line that Terraform does not wrap has %d bytes: %s", len(line), line)
		}
	}
}

// checkGolden stops nothing where it fails: it runs in a cleanup, where to stop
// would lose the report of the test.
func checkGolden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Error(err)
			return
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
		return
	}
	if got == string(want) {
		return
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	heading := ""
	for i := range max(len(gotLines), len(wantLines)) {
		var g, w string
		if i < len(gotLines) {
			g = gotLines[i]
		}
		if i < len(wantLines) {
			w = wantLines[i]
		}
		if g != w {
			t.Errorf("%s differs from line %d on (%s):\n got: %s\nwant: %s\n"+
				"Read every change; where all are meant, run go test ./internal/provider -run Diagnostics -update", file, i+1, heading, g, w)
			return
		}
		if strings.HasPrefix(g, "#") {
			heading = g
		}
	}
}

// TestEveryArgumentHasCases fails where an argument came without its unknown,
// null, empty and wrong cases.
func TestEveryArgumentHasCases(t *testing.T) {
	t.Parallel()
	for _, s := range surfaces() {
		has := make(map[string]bool)
		for _, c := range s.cases {
			has[c.argument+", "+string(c.kind)] = true
		}
		arguments := s.arguments(t)
		if len(arguments) == 0 {
			t.Errorf("%s has no arguments", s.name)
		}
		for _, argument := range arguments {
			for _, kind := range []caseKind{isUnknown, isNull, isEmpty, isWrong} {
				if name := argument + ", " + string(kind); !has[name] {
					t.Errorf("%s has no case %q: add one to its table", s.name, name)
				}
			}
		}
		for _, c := range s.cases {
			if !slices.Contains(arguments, c.argument) {
				t.Errorf("%s has a case for %q, which is none of its arguments", s.name, c.argument)
			}
		}
	}
}

// The following reads data sources as Terraform does, through the protocol.

// dataSourceRun returns a surface's run for a data source.
func dataSourceRun(name string, base object) func(t *testing.T, c diagnosticCase) outcome {
	return func(t *testing.T, c diagnosticCase) outcome {
		t.Helper()
		o, state := readDataSource(t, t.Context(), name, c.provider, base.with(c.given))
		if !o.hasError() {
			o.result = describeState(t, state)
		}
		return o
	}
}

// readDataSource validates and configures the provider, and validates and reads
// a data source; it stops after the first call that finds an error, as Terraform
// does. Values that are known after apply are given to the read too, though
// Terraform waits until they are known: nothing may rest on that.
func readDataSource(t *testing.T, ctx context.Context, name string, block, arguments object) (outcome, tftypes.Value) {
	t.Helper()
	server := providerserver.NewProtocol6(New("test")())()
	schemas, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	blockValue := dynamicValue(t, schemas.Provider.ValueType(), block)
	stateType := schemas.DataSourceSchemas[name].ValueType()
	config := dynamicValue(t, stateType, arguments)

	var o outcome
	state := tftypes.NewValue(stateType, nil)
	phases := []struct {
		name string
		call func() ([]*tfprotov6.Diagnostic, error)
	}{
		{"the provider block's validation", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: blockValue})
			return resp.Diagnostics, err
		}},
		{"validation", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
			return resp.Diagnostics, err
		}},
		{"the provider block", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: blockValue})
			return resp.Diagnostics, err
		}},
		{"the read", func() ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
			if err == nil && resp.State != nil {
				state, err = resp.State.Unmarshal(stateType)
			}
			return resp.Diagnostics, err
		}},
	}
	for _, phase := range phases {
		found, err := phase.call()
		if err != nil {
			t.Fatalf("%s: %v", phase.name, err)
		}
		for _, d := range found {
			o.diagnostics = append(o.diagnostics, diagnostic{
				phase: phase.name, severity: strings.ToLower(d.Severity.String()),
				at: spellPath(d.Attribute), summary: d.Summary, detail: d.Detail,
			})
		}
		if o.hasError() {
			break
		}
	}
	return o, state
}

func dynamicValue(t *testing.T, of tftypes.Type, v object) *tfprotov6.DynamicValue {
	t.Helper()
	if v == nil {
		v = object{}
	}
	value, err := typed(of, v)
	if err != nil {
		t.Fatalf("Terraform would not pass it on: %v", err)
	}
	dynamic, err := tfprotov6.NewDynamicValue(of, value)
	if err != nil {
		t.Fatal(err)
	}
	return &dynamic
}

// spellPath spells a path as Terraform does.
func spellPath(p *tftypes.AttributePath) string {
	var text strings.Builder
	for i, step := range p.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if i > 0 {
				text.WriteByte('.')
			}
			text.WriteString(string(step))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&text, "[%q]", string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&text, "[%d]", int64(step))
		default:
			fmt.Fprintf(&text, "[%v]", step)
		}
	}
	return text.String()
}

// describeState counts what a data source gives.
func describeState(t *testing.T, state tftypes.Value) string {
	t.Helper()
	attributes := children(t, state)
	var counts []string
	for _, name := range []string{"components", "flows", "rules"} {
		if v, ok := attributes[name]; ok {
			counts = append(counts, fmt.Sprintf("%d %s", len(children(t, v)), name))
		}
	}
	return strings.Join(counts, ", ")
}

// children returns what is in an object or a map that is known.
func children(t *testing.T, v tftypes.Value) map[string]tftypes.Value {
	t.Helper()
	var values map[string]tftypes.Value
	if err := v.As(&values); err != nil {
		t.Fatal(err)
	}
	return values
}

// configurable returns a data source's or a provider block's arguments, nested
// ones with dots.
func configurable(attributes []*tfprotov6.SchemaAttribute) []string {
	var names []string
	for _, a := range attributes {
		if !a.Optional && !a.Required {
			continue
		}
		names = append(names, a.Name)
		if a.NestedType != nil {
			for _, nested := range configurable(a.NestedType.Attributes) {
				names = append(names, a.Name+"."+nested)
			}
		}
	}
	slices.Sort(names)
	return names
}

func dataSourceArguments(name string) func(t *testing.T) []string {
	return func(t *testing.T) []string {
		t.Helper()
		return configurable(providerSchemas(t).DataSourceSchemas[name].Block.Attributes)
	}
}

func providerSchemas(t *testing.T) *tfprotov6.GetProviderSchemaResponse {
	t.Helper()
	schemas, err := providerserver.NewProtocol6(New("test")())().GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return schemas
}

// TestSurfacesAreComplete fails where a data source or a function came without
// a table.
func TestSurfacesAreComplete(t *testing.T) {
	t.Parallel()
	schemas := providerSchemas(t)
	want := []string{"provider block"}
	for name, dataSource := range schemas.DataSourceSchemas {
		if len(configurable(dataSource.Block.Attributes)) > 0 {
			want = append(want, name)
		}
	}
	want = slices.AppendSeq(want, maps.Keys(schemas.Functions))
	for _, name := range slices.Sorted(slices.Values(want)) {
		if !slices.ContainsFunc(surfaces(), func(s surface) bool { return strings.Contains(s.name, name) }) {
			t.Errorf("there is no table of diagnostics for %s: write one and add it to surfaces", name)
		}
	}
}

// sortedKeys is for results that a test spells.
func sortedKeys(values map[string]tftypes.Value) string {
	return cmp.Or(strings.Join(slices.Sorted(maps.Keys(values)), ", "), "none")
}
