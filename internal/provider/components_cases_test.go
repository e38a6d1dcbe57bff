package provider

import (
	"slices"
	"strings"
)

func componentsSurface() surface {
	base := object{"corrections": "none"}
	return surface{
		name:      "data source canopsis_components",
		base:      base,
		arguments: dataSourceArguments("canopsis_components"),
		run:       dataSourceRun("canopsis_components", base),
		cases:     slices.Concat(sourceCases("8 components", "1 components"), pageCases()),
	}
}

// sourceCases are the cases of the arguments that both data sources have; whole
// is what edition 22.10 gives, and short what shortPage gives.
func sourceCases(whole, short string) []diagnosticCase {
	return []diagnosticCase{
		{argument: "canopsis_version", kind: isUnknown,
			given: object{"canopsis_version": unknown},
			says:  []string{"canopsis_version", "is not known yet", "known at plan"}},
		{argument: "canopsis_version", kind: isNull,
			given: object{"canopsis_version": nil},
			gives: whole},
		{argument: "canopsis_version", kind: isEmpty,
			given: object{"canopsis_version": ""},
			says:  []string{"canopsis_version", `""`, "22.10"}},
		{argument: "canopsis_version", kind: isWrong, what: "a release inside a gap",
			given: object{"canopsis_version": "25.04"},
			says:  []string{"canopsis_version", `"25.04"`, "Allowed: ", "22.10"}},
		{argument: "canopsis_version", kind: isWrong, what: "a number, whose last zero is lost",
			given: object{"canopsis_version": "22.1"},
			says:  []string{"canopsis_version", `"22.1"`, `Did you mean "22.10"?`, "in quotes"}},
		{argument: "canopsis_version", kind: isWrong, what: "latest",
			given: object{"canopsis_version": "latest"},
			says:  []string{"canopsis_version", `"latest"`, "Allowed: ", `page = file("matrix.md")`}},
		{argument: "canopsis_version", kind: isWrong, what: "with a v before it",
			given: object{"canopsis_version": "v22.10"},
			says:  []string{"canopsis_version", `"v22.10"`, `Did you mean "22.10"?`}},
		{argument: "canopsis_version", kind: isWrong, what: "beside a page",
			given: object{"canopsis_version": "22.10", "page": shortPage},
			says:  []string{"at page by validation", "both page and canopsis_version", "Keep"}},
		{argument: "canopsis_version", kind: isRight, what: "a patch release",
			given: object{"canopsis_version": "22.10.3"},
			gives: whole},

		{argument: "page", kind: isUnknown,
			given: object{"page": unknown},
			says:  []string{"page", "is not known yet", "known at plan"}},
		{argument: "page", kind: isNull,
			given: object{"page": nil},
			gives: whole},
		{argument: "page", kind: isEmpty,
			given: object{"page": ""},
			says:  []string{"page", "empty", "Markdown", "leave the argument out"}},
		{argument: "page", kind: isWrong, what: "a file's name",
			given: object{"page": "matrix.md"},
			says:  []string{"page", `"matrix.md" is the name of a file`, `page = file("matrix.md")`}},
		{argument: "page", kind: isWrong, what: "another page",
			given: object{"page": "# Matrice des flux\n\nVoir ci-dessous.\n"},
			says:  []string{"page", "no table", "Source | Destination | Port"}},
		{argument: "page", kind: isWrong, what: "a port that is none",
			given: object{"page": strings.Replace(shortPage, "TCP/27017 | Configuration", "TCP/270170 | Configuration", 1)},
			says:  []string{"page", "line 13", "270170", "65535"}},
		{argument: "canopsis_version", kind: isWrong, what: "a year alone",
			given: object{"canopsis_version": "24"},
			says:  []string{"canopsis_version", `"24"`, `Did you mean "24.10"?`, "22.10"}},
		{argument: "page", kind: isWrong, what: "a struck row",
			given: object{"page": strings.Replace(shortPage, "| MongoDB |", "| ~~MongoDB~~ |", 1)},
			says:  []string{"page", "line 13", "Destination", "~~"}},
		{argument: "page", kind: isWrong, what: "HTML with a port that is none",
			given: object{"page": "<!doctype html><h1>Matrice des flux réseau</h1><table><tr><th>Composant<th>Port<tr><td>MongoDB<td>TCP/0</table>" +
				"<table><tr><th>Source<th>Destination<th>Port<tr><td>Canopsis<td>MongoDB<td>TCP/27017</table>"},
			says: []string{"page", "table 1, row 1, column Port", "65535"}},
		{argument: "page", kind: isRight, what: "a port that no edition has, which warns",
			given: object{"page": strings.Replace(shortPage, "| MongoDB | TCP/27017", "| MongoDB | TCP/27018", 1)},
			gives: short},
		{argument: "page", kind: isWrong, what: "more than 1 MiB",
			given: object{"page": shortPage + strings.Repeat("\n", 1<<20)},
			says:  []string{"page", "bytes", "1048576"}},
		{argument: "page", kind: isRight, what: "with sections that nobody knows, reported in one warning",
			given: object{"page": shortPage + strings.Repeat("\n## Annexe\n", 22)},
			gives: short},
		{argument: "page", kind: isRight, what: "beside the provider block's version",
			provider: object{"canopsis_version": "22.10"},
			given:    object{"page": shortPage},
			gives:    short},

		{argument: "corrections", kind: isUnknown,
			given: object{"corrections": unknown},
			says:  []string{"corrections", "is not known yet", "known at plan"}},
		{argument: "corrections", kind: isNull, what: "which warns",
			given: object{"corrections": nil},
			gives: whole},
		{argument: "corrections", kind: isEmpty,
			given: object{"corrections": ""},
			says:  []string{"corrections", `""`, "Allowed: apply, none, warn"}},
		{argument: "corrections", kind: isWrong, what: "misspelt",
			given: object{"corrections": "aply"},
			says:  []string{"corrections", `"aply"`, `Did you mean "apply"?`}},
		{argument: "corrections", kind: isWrong, what: "a yes",
			given: object{"corrections": "true"},
			says:  []string{"corrections", `"true"`, "Allowed: apply, none, warn"}},
	}
}
