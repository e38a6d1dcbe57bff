package provider

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// allFunctions returns the provider's functions with their definitions, by name.
func allFunctions(t *testing.T) map[string]function.Definition {
	t.Helper()
	p, ok := New("test")().(provider.ProviderWithFunctions)
	if !ok {
		t.Fatal("the provider has no functions")
	}
	definitions := make(map[string]function.Definition)
	for _, newFunction := range p.Functions(context.Background()) {
		f := newFunction()
		var named function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &named)
		definitions[named.Name] = definitionOf(t, f)
	}
	if len(definitions) < 17 {
		t.Fatalf("%d functions were found", len(definitions))
	}
	return definitions
}

// listed is a line of a list of attributes: `a`, `b` (Type) and a sentence.
type listed struct {
	depth      int
	names      []string
	kind, text string
}

var attributeLine = regexp.MustCompile("^( *)- ((?:`[a-z_0-9]+`(?:, )?)+) \\(([A-Z][A-Za-z ]+)(, Required)?\\) (.+[.])$")

// readAttributes reads the lists of a section, and fails where one is no attribute
// with its type and a sentence.
func readListed(t *testing.T, where, section string) []listed {
	t.Helper()
	var lines []listed
	for line := range strings.Lines(section) {
		line = strings.TrimSuffix(line, "\n")
		if !strings.HasPrefix(strings.TrimSpace(line), "- ") {
			continue
		}
		parts := attributeLine.FindStringSubmatch(line)
		if parts == nil {
			t.Errorf("%s: this line has not an attribute, its type and a sentence: %s", where, line)
			continue
		}
		l := listed{depth: len(parts[1]) / 2, kind: parts[3], text: parts[5]}
		for name := range strings.SplitSeq(parts[2], ", ") {
			l.names = append(l.names, strings.Trim(name, "`"))
		}
		lines = append(lines, l)
	}
	return lines
}

// sectionsOf parts a page or a description by its headings.
func sectionsOf(text string) map[string]string {
	sections := make(map[string]string)
	parts := regexp.MustCompile(`(?m)^#{2,3} `).Split(text, -1)
	for _, part := range parts[1:] {
		heading, body, _ := strings.Cut(part, "\n")
		sections[heading] = body
	}
	return sections
}

// TestEveryResultIsDocumented compares each list of a result with the type that
// the function declares: every attribute at every depth, once, with its type.
func TestEveryResultIsDocumented(t *testing.T) {
	t.Parallel()
	for name, definition := range allFunctions(t) {
		section, found := sectionsOf(definition.MarkdownDescription)["Return type"]
		declared := definition.Return.GetType().TerraformType(t.Context())
		if declared.Is(tftypes.String) {
			if !strings.HasPrefix(section, "\n`String`: ") || !strings.HasSuffix(section, ".\n\n") {
				t.Errorf("%s returns a text, and its page says %q", name, section)
			}
			continue
		}
		of, ok := declared.(tftypes.Object)
		if !ok || !found {
			t.Errorf("%s returns %s, and its page has %q", name, declared, section)
			continue
		}
		list, _, _ := strings.Cut(strings.TrimPrefix(section, "\nAn object with these attributes:\n\n"), "\n\n")
		lines := readListed(t, name, list)
		if rest := compareListed(t, name, of, lines, 0); len(rest) > 0 {
			t.Errorf("%s: %v stands too deep", name, rest[0].names)
		}
	}
}

// compareListed takes the lines of one object, and returns those behind it.
func compareListed(t *testing.T, where string, declared tftypes.Object, lines []listed, depth int) []listed {
	t.Helper()
	seen := make(map[string]tftypes.Type)
	for len(lines) > 0 && lines[0].depth == depth {
		line := lines[0]
		lines = lines[1:]
		for _, name := range line.names {
			attribute, ok := declared.AttributeTypes[name]
			if _, again := seen[name]; again || !ok {
				t.Errorf("%s: %s is documented twice, or is no attribute", where, name)
				continue
			}
			seen[name] = attribute
			if want := typeInWords(attribute); line.kind != want && !attribute.Is(tftypes.DynamicPseudoType) {
				t.Errorf("%s: %s is documented as %s; it is %s", where, name, line.kind, want)
			}
		}
		inner, isObject := objectIn(declared.AttributeTypes[line.names[0]])
		_, like, isLike := strings.Cut(line.text, "attributes of those of `")
		if other, _, _ := strings.Cut(like, "`"); isLike && isObject && !inner.Equal(mustObject(t, seen[other])) {
			t.Errorf("%s: %s does not have the attributes of %s", where, line.names[0], other)
		}
		switch {
		case isObject && !isLike:
			lines = compareListed(t, where+"."+line.names[0], inner, lines, depth+1)
		case declared.AttributeTypes[line.names[0]] != nil && declared.AttributeTypes[line.names[0]].Is(tftypes.DynamicPseudoType):
			for len(lines) > 0 && lines[0].depth > depth { // of which nothing is declared
				lines = lines[1:]
			}
		}
	}
	for name := range declared.AttributeTypes {
		if _, ok := seen[name]; !ok {
			t.Errorf("%s: %s is not documented", where, name)
		}
	}
	return lines
}

func mustObject(t *testing.T, declared tftypes.Type) tftypes.Object {
	t.Helper()
	object, ok := objectIn(declared)
	if !ok {
		t.Errorf("%v is no object, nor has objects", declared)
	}
	return object
}

func TestTypeInWords(t *testing.T) {
	t.Parallel()
	for want, of := range map[string]tftypes.Type{
		"String": tftypes.String, "Number": tftypes.Number, "Boolean": tftypes.Bool, "Dynamic": tftypes.DynamicPseudoType,
		"Map of List of String": tftypes.Map{ElementType: tftypes.List{ElementType: tftypes.String}},
		"Set of Object":         tftypes.Set{ElementType: tftypes.Object{}},
	} {
		if got := typeInWords(of); got != want {
			t.Errorf("%s is %q in words; want %q", of, got, want)
		}
	}
}

// TestFunctionPages checks what every function's page has: an example that says
// which provider it needs, the types of what goes in and comes out, and which guides
// to read, by the titles that they have.
func TestFunctionPages(t *testing.T) {
	t.Parallel()
	for name := range allFunctions(t) {
		source, err := os.ReadFile(filepath.Join("../../docs/functions", name+".md"))
		if err != nil {
			t.Error(err)
			continue
		}
		page := sectionsOf(string(source))
		if !strings.Contains(page["Example Usage"], "```terraform\nterraform {\n") || !strings.Contains(page["Example Usage"], `source  = "canopsis/canopsis"`) && !strings.Contains(page["Example Usage"], `source = "canopsis/canopsis"`) {
			t.Errorf("%s: the example does not begin with the terraform block that it needs", name)
		}
		if page["Return type"] == "" {
			t.Errorf("%s: the page has no return type", name)
		}
		for _, argument := range []string{"rules", "bindings", "settings", "options", "deployment", "spread"} {
			if section := page["`"+argument+"`"]; section != "" && len(readListed(t, name+": "+argument, section)) == 0 {
				t.Errorf("%s: nothing is said of the attributes of %s", name, argument)
			}
		}
		links := regexp.MustCompile(`- Guide: \[(.+)\]\(\.\./guides/([a-z-]+)\.md(#[a-z0-9-]+)?\)`).FindAllStringSubmatch(page["See also"], -1)
		if len(links) == 0 {
			t.Errorf("%s: the page leads to no guide", name)
		}
		for _, link := range links {
			guide, err := os.ReadFile(filepath.Join("../../docs/guides", link[2]+".md"))
			if err != nil || !strings.Contains(string(guide), "\npage_title: \""+link[1]+"\"\n") {
				t.Errorf("%s: the guide %s is not called %q: %v", name, link[2], link[1], err)
			}
		}
	}
}

// TestRequiredIsSaid checks that no page calls optional what must be written.
func TestRequiredIsSaid(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob("../../docs/data-sources/*.md")
	if err != nil || len(pages) < 3 {
		t.Fatalf("%d pages were found: %v", len(pages), err)
	}
	required := 0
	for _, page := range pages {
		source, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		optional := false
		for line := range strings.Lines(string(source)) {
			switch {
			case strings.HasPrefix(line, "#") || strings.HasPrefix(line, "Those that say so are required"):
				optional = false
			case line == "Optional:\n":
				optional = true
			case strings.Contains(line, "Required") && optional:
				t.Errorf("%s calls optional what it says is required: %s", page, line)
			}
			required += strings.Count(line, ", Required)")
		}
	}
	if required != 3 { // source, destination and ports of additional_flows
		t.Errorf("%d nested attributes say that they are required; want 3", required)
	}
}
