package provider

import "strings"

// pageCases give a page with each of the things for which one is refused, in
// Markdown, and in HTML where a page as the web server sends it has its own.
func pageCases() []diagnosticCase {
	var cases []diagnosticCase
	refused := func(what, page string, says ...string) {
		cases = append(cases, diagnosticCase{
			argument: "page", kind: isWrong, what: what,
			given: object{"page": page}, says: append([]string{"page"}, says...),
		})
	}
	const row = "Canopsis | MongoDB | TCP/27017 | Configuration"
	const listed = "MongoDB | Database | TCP/27017"
	instead := func(old, with string) string {
		if !strings.Contains(shortPage, old) {
			panic(old)
		}
		return strings.Replace(shortPage, old, with, 1)
	}
	cell := func(what, with string, says ...string) {
		refused(what, instead(row, with), append([]string{"line 13"}, says...)...)
	}
	table := func(rows ...string) string {
		return "\nSource | Destination | Port | Description\n-|-|-|-\n" + strings.Join(rows, "\n") + "\n"
	}

	// What is struck out, hidden or negated (cells).
	cell("a negated name", "Canopsis | !MongoDB | TCP/27017 | x", "column Destination", `has "!"`)
	cell("a name behind a dash", "-Canopsis | MongoDB | TCP/27017 | x", "column Source", `begins with "-"`)
	cell("a hidden name", "Canopsis | <span hidden>MongoDB</span> | TCP/27017 | x", "column Destination", "<span hidden> hides")
	cell("a deleted port", "Canopsis | MongoDB | <del>TCP/27017</del> | x", "column Port", "<del> strikes out")
	cell("a comment in a cell", "Canopsis | MongoDB <!-- non --> | TCP/27017 | x", "column Destination", "<!-- hides")
	cell("a name with a tooltip that denies", `Canopsis | <abbr title="interdit">MongoDB</abbr> | TCP/27017 | x`, "column Destination", "denies")
	cell("a name with a footnote", "Canopsis | MongoDB<sup>1</sup> | TCP/27017 | x", "column Destination", "<sup>")
	cell("a sign that can change a name", "Canopsis | MongoDB ? | TCP/27017 | x", "column Destination", `has "?"`)
	cell("a remark that denies", "Canopsis | MongoDB (fermé) | TCP/27017 | x", "column Destination", `"ferme"`)
	cell("a new name that denies", "Canopsis | sauf MongoDB | TCP/27017 | x", "column Destination", `"sauf"`)

	// Columns, headings and text that deny.
	refused("a column that negates", instead("Port | Description\n-------|-------------|------|------------\n"+row, "Port | Action\n-|-|-|-\nCanopsis | MongoDB | TCP/27017 | Block"), "line 13", "column Action", `"Block"`)
	refused("a column of what is closed", instead("Port | Description\n-------|-------------|------|------------\n"+row, "Port | Interdit\n-|-|-|-\nCanopsis | MongoDB | TCP/27017 | oui"), "line 13", "column Interdit")
	refused("a heading that denies", instead("## Matrice des flux\n", "## Flux interdits\n"), "line 11", `"interdits"`)
	refused("a line before a table that denies", instead("## Matrice des flux\n", "## Matrice des flux\n\n**À ne pas ouvrir :**\n"), "line 13", `"ne pas ouvrir"`)
	refused("a line behind a table that denies", shortPage+"\nCes flux sont interdits.\n", "line 11", `before "Ces flux sont interdits." in line 15`)
	refused("a table that HTML hides", instead("Source | Destination", "<div hidden>\n\nSource | Destination"), "line 13", "<div hidden> in line 11")

	// Labels and ports.
	refused("labels of two kinds", instead(row, "Canopsis | MongoDB | TCP/27017 (docker) ou TCP/27018 (LDAP) | x"), "line 13", "column Port", "1 of 2 labels")
	refused("a label twice", instead(row, "Canopsis | MongoDB | TCP/27017 (docker) ou TCP/27018 (Docker) | x"), "line 13", "column Port", "both for docker")
	refused("an alternative of no label of the list", strings.Replace(instead(listed, "MongoDB | x | TCP/1,2 (docker) ou TCP/3,4 (paquets)"), row, "Canopsis | MongoDB | TCP/1 ou TCP/5 | x", 1), "line 13", "column Port", "tcp/5")
	refused("a port of two components", instead(listed+"\n", "Nginx | x | TCP/8080\nCaddy | x | TCP/8080\n")+"Utilisateurs | Canopsis | TCP/8080 | x\n", "column Port", "caddy", "nginx")
	cell("a number in parentheses", "Canopsis | MongoDB (27018) | TCP/27017 | x", "column Destination", "27018")

	// Names.
	cell("a misspelt name", "Canopsis | Mo.goDB | TCP/27017 | x", "column Destination", `Did you mean "MongoDB"?`)
	cell("a name without a letter", "Canopsis | 42 | TCP/27017 | x", "column Destination", "no letter")
	cell("an address for a name", "Canopsis | 10.0.0.1 | TCP/27017 | x", "column Destination", "10.0.0.1")
	cell("a host name with a port", "Canopsis | smtp.exemple.fr:25 | TCP/25 | x", "column Destination", "smtp.exemple.fr:25")
	cell("two names with a separator that may be none", "Canopsis | MongoDB / Annuaire | TCP/27017 | x", "column Destination", `"MongoDB"`)
	cell("a name in another script", "Canopsis | Сервер | TCP/27017 | x", "column Destination", "no id")
	cell("a word that stands for names", "Canopsis | MongoDB, etc. | TCP/27017 | x", "column Destination", `"etc."`)
	cell("alternative sources", "Canopsis ou Utilisateurs | MongoDB | TCP/27017 | x", "column Source", `"ou"`)
	cell("alternatives that do not pair up", "Canopsis | MongoDB ou Redis | TCP/27017 | x", "column Destination", "2 alternatives")
	cell("rows that contradict each other", row+"\nCanopsis | MongoDB | TCP/27018 | x", "line 14", "mongodb")

	// Rows that would be lost.
	refused("a row behind an empty line", shortPage+"\nCanopsis | LDAP | TCP/389 | x\n", "line 15", "stands in no table")
	refused("a comment inside a table", shortPage+"<!-- x -->\nCanopsis | LDAP | TCP/389 | x\n", "line 14", `"<!-- x -->"`)
	refused("a table in HTML inside Markdown", shortPage+"\n<table><tr><td>Canopsis</td></tr></table>\n", "line 15", "<table>")
	refused("a block of code without an end", shortPage+"\n```\nx\n", "line 15", "```")
	refused("a block of code that is not understood", shortPage+"\n```md `x`\nx\n```\n", "line 15", "back-quote")
	refused("a comment without an end", shortPage+"\n<!-- x\n", "line 15", `"-->"`)
	refused("a table in an admonition", shortPage+"\n!!! note\n"+strings.ReplaceAll(table("Canopsis | LDAP | TCP/389 | x"), "\n", "\n    ")+"\n", "line 17", "admonition")
	refused("a further table under another heading", shortPage+"\n## Canopsis 23.04\n"+table("Canopsis | LDAP | TCP/389 | x"), "line 17", `"Canopsis 23.04"`)
	refused("a further table behind another release", shortPage+"\n**Canopsis 23.04**\n"+table("Canopsis | LDAP | TCP/389 | x"), "line 17", `"Canopsis 23.04"`)
	refused("a missing cell", shortPage+"Canopsis | LDAP\n", "line 14", "no cell for Port, Description")
	refused("another word for a column", instead("Destination", "Cible"), "line 11", `Did you mean "Destination"?`)
	refused("a misspelt column", instead("Destination", "Destinatoin"), "line 11", `Did you mean "Destination"?`)
	refused("a table of other columns with ports", shortPage+"\nDe | Vers | Ouverture\n-|-|-\nCanopsis | LDAP | TCP/389\n", "line 17", "De | Vers | Ouverture")
	refused("a header and a delimiter row that differ", instead("-------|-------------|------|------------", "---|---|---"), "line 11", "4 columns", "3")
	refused("a table of 65 columns", instead("Port | Description\n-------|-------------|------|------------", "Port | Description"+strings.Repeat(" | x", 61)+"\n-"+strings.Repeat("|-", 64)), "line 11", "65 columns", "at most 64")
	refused("two pages", shortPage+shortPage, `"Matrice des flux réseau"`, "line 1 and in line 14")
	refused("a page in English", "# Network flow matrix\n\nComponent | Description | Port\n-|-|-\nMongoDB | Database | TCP/27017\n", "line 3", "French")

	// The page as the web server sends it.
	sent := func(rows, around string) string {
		return "<!doctype html><html><body><main><h1>Matrice des flux réseau</h1><h2>Liste des ports</h2>" +
			"<table><tr><th>Composant</th><th>Port</th></tr><tr><td>MongoDB</td><td>TCP/27017</td></tr></table><h2>Matrice des flux</h2>" + around +
			"<table><thead><tr><th>Source</th><th>Destination</th><th>Port</th><th>Description</th></tr></thead><tbody>" +
			"<tr><td>Canopsis</td><td>MongoDB</td><td>TCP/27017</td><td>x</td></tr>" + rows + "</tbody></table></main></body></html>"
	}
	const ldap = "<tr><td>Canopsis</td><td>LDAP</td><td>TCP/389</td><td>x</td></tr>"
	html := func(what, page string, says ...string) { refused("HTML: "+what, page, says...) }
	inRow := func(what, row string, says ...string) {
		html(what, sent(row, ""), append([]string{"table 2, row 2"}, says...)...)
	}
	inRow("a struck name", strings.Replace(ldap, "LDAP", "<s>LDAP</s>", 1), "column Destination", "<s> strikes out")
	inRow("a name behind an icon that denies", strings.Replace(ldap, "LDAP", `<img alt="⛔"> LDAP`, 1), "column Destination", "⛔")
	inRow("a footnote", strings.Replace(ldap, "LDAP", `LDAP<sup><a href="#fn:1">1</a></sup>`, 1), "column Destination", "<sup>")
	inRow("a folded name", strings.Replace(ldap, "LDAP", "<details>LDAP</details>", 1), "column Destination", "<details> hides")
	inRow("a hidden row", strings.Replace(ldap, "<tr>", `<tr style="display:none">`, 1), "is hidden by", "display:none")
	inRow("a wide cell", strings.Replace(ldap, "<td>LDAP", `<td rowspan="2">LDAP`, 1), `rowspan="2"`)
	inRow("a port in parts", strings.Replace(ldap, "389", "3<b>8</b>9", 1), "column Port", "389")
	html("a row in a comment", sent("<!-- "+ldap+" -->", ""), "table 2", "comment")
	html("a row in a template", sent("<template>"+ldap+"</template>", ""), "table 2", "template")
	html("struck rows", sent("<del>"+ldap+"</del>", ""), "table 2", "<del>")
	html("a hidden column", strings.Replace(sent(ldap, ""), "<thead>", `<colgroup><col><col hidden></colgroup><thead>`, 1), "table 2", "<col hidden>")
	html("a table in a cell", sent(strings.Replace(ldap, "x</td>", "<table><tr><td>x</td></tr></table></td>", 1), ""), "table 2", "another table")
	html("a hidden table", strings.Replace(sent(ldap, ""), "<table><thead>", "<table hidden><thead>", 1), "table 2", "<table hidden>")
	html("a hidden body", strings.Replace(sent(ldap, ""), "<body>", "<body hidden>", 1), "table 1", "<body hidden>")
	html("a table in an admonition", strings.NewReplacer("<h2>Matrice des flux</h2>", `<div class="admonition"><p class="admonition-title">Flux</p>`, "</main>", "</div></main>").Replace(sent(ldap, "")), "table 2", "an admonition")
	html("a table in a tab", strings.NewReplacer("<h2>Matrice des flux</h2>", `<div class="tabbed-set"><div class="tabbed-content"><div class="tabbed-block">`, "</main>", "</div></div></div></main>").Replace(sent(ldap, "")), "table 2", "one of several tabs")
	html("an admonition that denies", sent(ldap, `<div class="admonition danger"><p class="admonition-title">Flux interdits</p></div>`), "table 2", `"Flux interdits"`)
	html("a caption that denies", strings.Replace(sent(ldap, ""), "<table><thead>", "<table><caption>Flux fermés</caption><thead>", 1), "table 2", `"fermes"`)
	html("a line behind a table that denies", strings.Replace(sent(ldap, ""), "</main>", "<p>Ces flux sont interdits.</p></main>", 1), "table 2", `before "Ces flux sont interdits."`)
	html("a row outside of tables", strings.Replace(sent(ldap, ""), "</main>", "<p>Canopsis | LDAP | TCP/389 | x</p></main>", 1), `the text "Canopsis | LDAP`, "stands in no table")
	html("a page cut off", strings.Split(sent(ldap, ""), "<td>LDAP")[0], "1 of the page's tables", "</table>")
	return cases
}
