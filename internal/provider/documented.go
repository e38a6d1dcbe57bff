package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The framework has no place for the attributes of a dynamic argument or of a
// result. They stand in a function's description, under headings, which the
// template of the pages puts behind the arguments.

// attributeDoc documents an attribute of an object, or several that have one type
// and one sentence.
type attributeDoc struct {
	names string         // "source, destination"
	doc   string         // in Markdown, with its full stop
	of    []attributeDoc // of the object that it is, or that its elements are
	like  string         // the attribute before it that has the same of
	words string         // its type, where the declared one is dynamic
}

// each returns the names that the entry documents.
func (d attributeDoc) each() []string { return strings.Split(d.names, ", ") }

// documentedReturn is the section about a result that is an object.
func documentedReturn(t tftypes.Object, docs []attributeDoc, after ...string) string {
	var doc strings.Builder
	doc.WriteString("\n\n## Return type\n\nAn object with these attributes:\n\n")
	writeAttributes(&doc, "", t, docs)
	for _, sentence := range after {
		doc.WriteString("\n" + sentence + "\n")
	}
	return strings.TrimSuffix(doc.String(), "\n")
}

// documentedText is the section about a result that is a text.
func documentedText(what string) string {
	return "\n\n## Return type\n\n`String`: " + what
}

func writeAttributes(doc *strings.Builder, indent string, t tftypes.Object, docs []attributeDoc) {
	for _, d := range docs {
		names := d.each()
		attribute := t.AttributeTypes[names[0]]
		words := d.words
		if words == "" {
			words = typeInWords(attribute)
		}
		fmt.Fprintf(doc, "%s- `%s` (%s) %s", indent, strings.Join(names, "`, `"), words, d.doc)
		if d.like != "" {
			fmt.Fprintf(doc, " Its entries have the attributes of those of `%s`.", d.like)
		}
		doc.WriteString("\n")
		if of, ok := objectIn(attribute); ok {
			writeAttributes(doc, indent+"  ", of, d.of)
		} else if len(d.of) > 0 {
			writeAttributes(doc, indent+"  ", dynamicObject(d.of), d.of)
		}
	}
}

// dynamicObject is what the attributes of a dynamic value are: their words say it.
func dynamicObject(docs []attributeDoc) tftypes.Object {
	types := make(map[string]tftypes.Type)
	for _, d := range docs {
		for _, name := range d.each() {
			types[name] = tftypes.DynamicPseudoType
		}
	}
	return tftypes.Object{AttributeTypes: types}
}

// objectIn returns the object that a type is, or that its elements are.
func objectIn(t tftypes.Type) (tftypes.Object, bool) {
	switch t := t.(type) {
	case tftypes.Object:
		return t, true
	case tftypes.Map:
		return objectIn(t.ElementType)
	case tftypes.List:
		return objectIn(t.ElementType)
	}
	return tftypes.Object{}, false
}

// typeInWords spells a type as the generated parts of the pages do.
func typeInWords(t tftypes.Type) string {
	switch t := t.(type) {
	case tftypes.Map:
		return "Map of " + typeInWords(t.ElementType)
	case tftypes.List:
		return "List of " + typeInWords(t.ElementType)
	case tftypes.Set:
		return "Set of " + typeInWords(t.ElementType)
	case tftypes.Object:
		return "Object"
	}
	switch {
	case t.Is(tftypes.String):
		return "String"
	case t.Is(tftypes.Number):
		return "Number"
	case t.Is(tftypes.Bool):
		return "Boolean"
	}
	return "Dynamic"
}

// settingDoc documents a setting.
type settingDoc struct {
	kind string // its type in words, as in "Map of String"
	doc  string // in Markdown, with its full stop
}

func (s settingDoc) document() settingDoc { return s }

// documentedSettings is the section about an argument that is an object of
// settings.
func documentedSettings[S interface{ document() settingDoc }](argument string, settings map[string]S) string {
	var doc strings.Builder
	doc.WriteString("\n\n### `" + argument + "`\n\nAn object with any of these attributes; a null one is as if it were left out:\n")
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		said := settings[name].document()
		fmt.Fprintf(&doc, "\n- `%s` (%s) %s", name, said.kind, said.doc)
	}
	return doc.String()
}
