package provider

import "testing"

// providerBlockSurface reads data.canopsis_flows with nothing of its own, so
// that the provider block decides.
func providerBlockSurface() surface {
	read := dataSourceRun("canopsis_flows", nil)
	return surface{
		name: "provider block",
		arguments: func(t *testing.T) []string {
			t.Helper()
			return configurable(providerSchemas(t).Provider.Block.Attributes)
		},
		run:   read,
		cases: providerBlockCases,
	}
}

var providerBlockCases = []diagnosticCase{
	{argument: "canopsis_version", kind: isUnknown,
		provider: object{"canopsis_version": unknown, "corrections": "none"},
		says:     []string{"canopsis_version", "provider block", "is not known yet", "set canopsis_version in the data source"}},
	{argument: "canopsis_version", kind: isUnknown, what: "with a page",
		provider: object{"canopsis_version": unknown, "corrections": "none"},
		given:    object{"page": shortPage},
		gives:    "1 flows, 1 rules"},
	{argument: "canopsis_version", kind: isUnknown, what: "with the data source's own",
		provider: object{"canopsis_version": unknown, "corrections": "none"},
		given:    object{"canopsis_version": "22.10"},
		gives:    "12 flows, 15 rules"},
	{argument: "canopsis_version", kind: isNull,
		provider: object{"canopsis_version": nil, "corrections": "none"},
		gives:    "12 flows, 15 rules"},
	{argument: "canopsis_version", kind: isEmpty,
		provider: object{"canopsis_version": ""},
		says:     []string{"canopsis_version", `""`, "Allowed: 4.4"}},
	{argument: "canopsis_version", kind: isWrong, what: "release that does not exist",
		provider: object{"canopsis_version": "22.11"},
		says:     []string{"by the provider block's validation", `"22.11" lies between 22.10 and 23.04`, "Allowed: 4.4"}},
	{argument: "canopsis_version", kind: isWrong, what: "a number, whose last zero is lost",
		provider: object{"canopsis_version": "22.1"},
		says:     []string{"canopsis_version", `"22.1"`, `Did you mean "22.10"?`}},
	{argument: "canopsis_version", kind: isRight, what: "another one beside the data source's own",
		provider: object{"canopsis_version": "22.10", "corrections": "none"},
		given:    object{"canopsis_version": "22.10.3"},
		gives:    "12 flows, 15 rules"},

	{argument: "corrections", kind: isUnknown,
		provider: object{"corrections": unknown},
		says:     []string{"corrections", "provider block", "is not known yet", "set corrections in the data source"}},
	{argument: "corrections", kind: isUnknown, what: "with the data source's own",
		provider: object{"corrections": unknown},
		given:    object{"corrections": "none"},
		gives:    "12 flows, 15 rules"},
	{argument: "corrections", kind: isNull,
		provider: object{"corrections": nil},
		gives:    "12 flows, 15 rules"},
	{argument: "corrections", kind: isEmpty,
		provider: object{"corrections": ""},
		says:     []string{"corrections", `""`, "Allowed: apply, none, warn"}},
	{argument: "corrections", kind: isWrong, what: "misspelt",
		provider: object{"corrections": "aply"},
		says:     []string{"by the provider block's validation", `"aply"`, `Did you mean "apply"?`, "apply, none, warn"}},
}

// shortPage is a page of the vendor's with one flow.
const shortPage = `# Matrice des flux réseau

## Liste des ports Canopsis

Composant | Description | Port
----------|-------------|-----
MongoDB | Database | TCP/27017

## Matrice des flux

Source | Destination | Port | Description
-------|-------------|------|------------
Canopsis | MongoDB | TCP/27017 | Configuration
`
