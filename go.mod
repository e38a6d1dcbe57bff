module github.com/canopsis/terraform-provider-canopsis

go 1.26.0

require github.com/agext/levenshtein v1.2.3
