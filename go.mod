module github.com/canopsis/terraform-provider-canopsis

go 1.26.0

require (
	github.com/agext/levenshtein v1.2.3
	github.com/yuin/goldmark v1.8.7
	golang.org/x/text v0.43.0
)
