package page

import (
	"strings"
	"testing"
)

// TestNothingIsOpenedThatATextDenies changes a page in ways that say of a row, of
// a table or of a name that it is not open, or is another: in Markdown and in HTML
// it is refused, or a warning names it.
func TestNothingIsOpenedThatATextDenies(t *testing.T) {
	t.Parallel()
	const heading = "## Matrice des flux\n\n"
	page := readFile(t, "23.04.md")
	for _, change := range []struct{ old, with, in string }{
		{"| LDAP |", `| <span aria-hidden="true">LDAP</span> |`, "both"},
		{"| LDAP |", "| LDAP\\* |", "both"},
		{"| Annuaire |", "| Annuaire (interdit) |", "both"},
		{"| Annuaire |", "| Fermé |", "both"},
		{"| Annuaire |", "| NON |", "both"},
		{"| Annuaire |", "| Annuaire : ne pas ouvrir |", "both"},
		{"| Annuaire |", "| Annuaire 🚫 |", "both"},
		{"| Annuaire |", "| Annuaire (facultatif) |", "both"},
		{"| TCP/389,636 |", "| TCP/389 (optionnel) ou TCP/636 |", "both"},
		{heading, "## Matrice des flux 🚫\n\n", "both"},
		{heading, "## Matrice des flux ?\n\n", "both"},
		{heading, "## Matrice des flux { .hidden }\n\n", "Markdown"},
		{heading, "## Matrice des flux {: style='display:none' }\n\n", "Markdown"},
		{heading, "## Flux non autorisés\n\n", "both"},
		{heading, heading + "{: .hidden }\n\n", "Markdown"},
		{heading, heading + "Ne pas ouvrir :\n\n", "both"},
		{heading, heading + "Les flux suivants ne sont pas autorisés :\n\n", "both"},
		{heading, heading + "* interdits :\n\n", "both"},
		{heading, heading + "1. Refusés :\n\n", "both"},
		{heading, heading + "> interdits\n\n", "both"},
		{heading, heading + "<center>interdit</center>\n\n", "both"},
		{heading, heading + "<h3>Flux interdits</h3>\n\nTexte.\n\n", "both"},
		{heading, heading + "<details>\n\n", "both"},
		{heading, heading + "<details><summary>Anciens</summary>\n\n", "both"},
		{heading, heading + "<div aria-hidden=true>\n\n", "both"},
		{"| Redis Sentinel |", "| Redis–Sentinel |", "both"},
		{"API Canopsis  ", "API—Canopsis", "both"},
		{"| LDAP |", "| LDAP[^1] |", "both"},
		{"| LDAP |", "| LDAP<sup>1</sup> |", "both"},
		{"| LDAP |", "| LDAP<sub>a</sub> |", "both"},
		{"| LDAP |", `| <abbr title="interdit">LDAP</abbr> |`, "both"},
		{"| LDAP |", `| [LDAP](ldap.md "fermé") |`, "both"},
		{"| LDAP |", `| ![⛔](no.svg) LDAP |`, "both"},
		{"| LDAP |", `| <span popover>LDAP</span> |`, "both"},
		{"| LDAP |", `| <b class="flux-ferme">LDAP</b> |`, "both"},
		{"| LDAP |", "| <details>LDAP</details> |", "both"},
		{"| LDAP |", "| LDAP (fermé) |", "both"},
		{"| LDAP |", "| LDAP (non) |", "both"},
		{"| LDAP |", "| LDAP (sauf Lyon) |", "both"},
		{"| LDAP |", "| LDAP<br>fermé |", "both"},
		{"| LDAP |", "| Non LDAP |", "both"},
		{"| LDAP |", "| sauf LDAP |", "both"},
		{"Utilisateurs | Canopsis | TCP/80,443 (installation via Docker) ou TCP/8080,8443 (via paquets)", "Utilisateurs | Canopsis | TCP/80,443 (via paquets) ou TCP/8080,8443 (via Docker)", "both"},
		{"| LDAP |", "| LDAP… |", "both"},
		{"| LDAP |", "| LDAP, etc. |", "both"},
		{"| LDAP |", "| idem |", "both"},
		{"| Annuaire |", "| Bidirectionnel |", "both"},
		{"| Annuaire |", "| Annuaire, et UDP/389 |", "both"},
		{heading, "> Brouillon\n\n" + heading, "both"},
		{"| TCP/389,636 |", "| TCP/389 (fermé) |", "both"},
		{"| TCP/389,636 |", "| TCP/389,636 (hors service) |", "both"},
		{"\nCanopsis | MongoDB |", "\nCanopsis〜API | MongoDB |", "both"},
		{"| Annuaire |", "| Annuaire, sauf en production |", "both"},
		{"| Annuaire |", "| Annuaire jusqu'au 31/12/2023 |", "both"},
		{"| Annuaire |", "| Annuaire : plus utilisé |", "both"},
		{"| Annuaire |", "| Annuaire (plus nécessaire) |", "both"},
		{"| Annuaire |", "| Plus d'actualité |", "both"},
		{"| Annuaire |", "| Flux à couper |", "both"},
		{"| Annuaire |", "| Arrêté |", "both"},
		{"| Annuaire |", "| Annuaire, éteint |", "both"},
		{"| Annuaire |", "| Inutilisé |", "both"},
		{"| Annuaire |", "| Sans objet |", "both"},
		{"| Annuaire |", "| Flux dénié |", "both"},
		{"| Annuaire |", "| À valider |", "both"},
		{"| Annuaire |", "| Pas encore en service |", "both"},
		{"| Annuaire |", "| Aller/retour |", "both"},
		{"| Annuaire |", "| Annuaire ↔ |", "both"},
		{"| Annuaire |", "| Annuaire (entrant et sortant) |", "both"},
		{"| Annuaire |", "| Annuaire, port 3268 aussi |", "both"},
		{"| Annuaire |", "| Annuaire, 3268/TCP aussi |", "both"},
		{"| Entrée de l'interface et de l'API  |", "| Base, clôturée |", "both"},
		{"| LDAP |", "| LDAP (coupé) |", "both"},
		{"| LDAP |", "| LDAP, aucun |", "both"},
		{"| LDAP |", "| <abbr title='plus utilisé'>LDAP</abbr> |", "both"},
		{"| LDAP |", "| <span aria-description='interdit'>LDAP</span> |", "both"},
		{"| LDAP |", "| <span aria-disabled=true>LDAP</span> |", "both"},
		{"| LDAP |", "| <span class='barré'>LDAP</span> |", "both"},
		{"| LDAP |", "| <bdo dir=rtl>LDAP</bdo> |", "both"},
		{"| TCP/389,636 |", "| <table><tr><td>TCP/389</td><td>636</td></tr></table> |", "Markdown"},
		{heading, heading + "/// details | Anciens flux\n\n", "Markdown"},
		{heading, heading + "//// html | div[style='display:none']\n\n", "Markdown"},
		{heading, heading + "{#\n\n", "Markdown"},
	} {
		if !strings.Contains(page, change.old) {
			t.Fatalf("the page has no %q", change.old)
		}
		text := strings.Replace(page, change.old, change.with, 1)
		forms := map[string]string{"Markdown": text}
		if change.in == "both" {
			forms["HTML"] = asHTML(t, text)
		}
		for form, text := range forms {
			if read, err := Parse(text); err == nil && len(read.Warnings) == 0 {
				t.Errorf("%q is read without a word in %s", change.with, form)
			}
		}
	}
}

// TestColumnsThatDeny has columns that say of a row whether it is open, in other
// words than an issue of the page had.
func TestColumnsThatDeny(t *testing.T) {
	t.Parallel()
	for title, harmless := range map[string]string{
		"Interdit": "non", "À fermer": "no", "Refus": "non", "Sauf": "non", "Deny": "no",
		"Autorisé ?": "oui", "Permis": "oui", "Accès": "allow", "Transport": "TCP", "Règle": "ACCEPT", "TCP/UDP": "tcp",
	} {
		if _, err := Parse(negating(title, harmless)); err != nil {
			t.Errorf("%s, %s: %v", title, harmless, err)
		}
		for _, cell := range []string{"oui ?", "oui, sauf LDAP", "🚫", "X", "non ouvert"} {
			if _, err := Parse(negating(title, cell)); err == nil {
				t.Errorf("%s, %s: read", title, cell)
			}
		}
	}
}

// TestWhatStandsAroundATable has text before, behind and between tables that says of
// them that they are not open, or may say so, in Markdown and in HTML; and text that
// says nothing of them.
func TestWhatStandsAroundATable(t *testing.T) {
	t.Parallel()
	page := readFile(t, "23.04.md")
	const (
		heading = "## Matrice des flux\n\n"
		last    = "| Sentinelle (optionnel) |\n"
		title   = "# Matrice des flux réseau\n"
	)
	long := strings.Repeat("Voir aussi le schéma de la plate-forme. ", 3)
	for _, c := range []struct{ old, with, taken string }{
		{last, last + "\nCes flux sont interdits.\n", "refused"},
		{last, last + "\n**Fermés en 2023**\n", "refused"},
		{last, last + "\n> Ne plus ouvrir\n", "refused"},
		{last, last + "\n* interdits\n", "refused"},
		{last, last + "\n!!! danger \"Flux interdits\"\n", "refused"},
		{last, last + "\n<figcaption>Flux interdits</figcaption>\n", "refused"},
		{last, last + "\n![Flux interdits](no.png)\n", "refused"},
		{last, last + "\n/// caption\nFlux obsolètes\n///\n", "refused"},
		{last, last + "\nTout autre flux est interdit.\n", "warned"},
		{last, last + "\nTexte.\n\nCes flux sont interdits.\n", "warned"},
		{last, last + "\n" + long + "Ces flux sont interdits.\n", "warned"},
		{last, last + "\n*Flux à couper en 2024*\n", "refused"},
		{last, last + "\nCes flux sont arrêtés.\n", "refused"},
		{last, last + "\nDon't open these flows.\n", "refused"},
		{last, last + "\nCes flux n'existent plus.\n", "refused"},
		{last, last + "\nCanopsis vers Webhook en 443/tcp\n", "warned"},
		{last, last + "\nOuvrir aussi le port TCP n° 3269 vers LDAP.\n", "warned"},
		{last, last + "\nLes ports les plus utilisés sont ceux d'un coupe-feu, et ceux de Nginx.\n", "read"},
		{last, last + "\nNe pas oublier d'ouvrir ces flux.\n", "read"},
		{last, last + "\nCette matrice n'est valable que pour les versions récentes.\n", "read"},
		{last, last + "\nIl est inutile de redémarrer.\n", "read"},
		{last, last + "\nTableau à ignorer.\n", "refused"},
		{last, last + "\nMatrice non conforme.\n", "refused"},
		{last, last + "\nMatrice qui n'est plus valable.\n", "refused"},
		{last, last + "\n/// caption\nFlux\n///\n", "read"},
		{last, last + "\nTexte.\n", "read"},
		{last, last + "\nLes flux sont ouverts par le RSSI, et validés chaque année.\n", "read"},
		{heading, heading + "!!! danger \"Flux interdits\"\n\n", "refused"},
		{heading, heading + "<figcaption>Flux interdits</figcaption>\n\n", "refused"},
		{heading, heading + "Ces flux sont à proscrire :\n\n", "refused"},
		{heading, heading + "Flux non nécessaires\n\n", "refused"},
		{heading, heading + "Tout est interdit, sauf :\n\n", "warned"},
		{heading, heading + "Ces flux sont interdits.\n\nTexte.\n\n", "warned"},
		{heading, heading + long + "Ils sont fermés.\n\n", "warned"},
		{heading, heading + "Les flux suivants sont à ouvrir :\n\n", "read"},
		{title, "!!! warning \"Page obsolète\"\n\n" + title, "warned"},
		{title, title + "\nCette page est obsolète.\n", "warned"},
		{title, title + "\n## Avant-propos\n\nCette page est obsolète.\n", "warned"},
		{title, title + "\nCette page tient lieu de référence.\n", "read"},
		{"* Utilisateurs :", "* LDAP : ne plus ouvrir\n* Utilisateurs :", "warned"},
		{"## Définition", "Canopsis vers Grafana : TCP/3000\n\n## Définition", "warned"},
		{"## Définition", "* Canopsis vers Grafana, port UDP 3000\n\n## Définition", "warned"},
		{"## Définition", "**Canopsis 24.04**\n\n" + flowTable("Canopsis | Webhook | TCP/443 | x") + "\n\n## Définition", "refused"},
		{"## Définition", "Pour la recette :\n\n" + flowTable("Canopsis | Webhook | TCP/443 | x") + "\n\n## Définition", "warned"},
		{"## Définition", "### Sortant\n\nVers l'extérieur :\n\n" + flowTable("Canopsis | Webhook | TCP/443 | x") + "\n\n## Définition", "read"},
	} {
		if !strings.Contains(page, c.old) {
			t.Fatalf("the page has no %q", c.old)
		}
		text := strings.Replace(page, c.old, c.with, 1)
		for form, text := range map[string]string{"Markdown": text, "HTML": asHTML(t, text)} {
			if taken := takenAs(text); taken != c.taken {
				t.Errorf("%q is %s in %s, want %s", c.with, taken, form, c.taken)
			}
		}
	}
}

// takenAs says how a page is taken.
func takenAs(text string) string {
	switch read, err := Parse(text); {
	case err != nil:
		return "refused"
	case len(read.Warnings) > 0:
		return "warned"
	}
	return "read"
}

// TestWhatIsNotOnAPage has what stands for text from elsewhere, and what decides
// elsewhere how a page looks.
func TestWhatIsNotOnAPage(t *testing.T) {
	t.Parallel()
	const before = "## Définition"
	page := readFile(t, "23.04.md")
	for _, with := range []string{
		"--8<-- \"flux.md\"\n\n", ";--8<-- \"flux.md\"\n\n", "{% include \"flux.md\" %}\n\n", "{{ flux }}\n\n", "{!flux.md!}\n\n", "<style>tr { display: none }</style>\n\n",
	} {
		if taken := takenAs(strings.Replace(page, before, with+before, 1)); taken != "warned" {
			t.Errorf("%q is %s", with, taken)
		}
	}
	for _, head := range []string{"---\ntitle: Flux interdits\n---\n", "---\nstatus: deprecated\n---\n"} {
		if taken := takenAs(head + page); taken != "warned" {
			t.Errorf("%q is %s", head, taken)
		}
	}
	if taken := takenAs("---\ntitle: Flux\nhide:\n  - toc\n---\n" + page); taken != "read" {
		t.Errorf("a plain head is %s", taken)
	}
	sent := asHTML(t, page)
	for old, with := range map[string]string{
		"<title>Matrice des flux": "<title>Flux obsolètes",
		"<h2":                     "<style>td { display: none }</style><h2",
	} {
		if taken := takenAs(strings.Replace(sent, old, with, 1)); taken != "warned" {
			t.Errorf("%q is %s", with, taken)
		}
	}
}

// TestDenialBesideTheText has headings and paragraphs that the tags around them strike
// out or deny, and tables that stand beside what is read.
func TestDenialBesideTheText(t *testing.T) {
	t.Parallel()
	sent := asHTML(t, readFile(t, "23.04.md"))
	flows := "<table><tr><th>Source</th><th>Destination</th><th>Port</th></tr><tr><td>Canopsis</td><td>Webhook</td><td>TCP/443</td></tr></table>"
	at := strings.LastIndex(sent[:strings.Index(sent, "<td>Administrateurs")], "<h2")
	list := strings.LastIndex(sent[:strings.Index(sent, "<td>Administrateurs")], "<table")
	for _, c := range []struct {
		at        int
		old, with string
		taken     string
	}{
		{at, "<h2", "<h2 class=deprecated", "refused"},
		{at, "<h2", "<h2 style='text-decoration: line-through'", "refused"},
		{at, "<h2", "<h2 title='Flux'", "read"},
		{list, "<table", "<p class=deprecated>Flux</p><table", "refused"},
		{list, "<table", "<p title='à ne plus ouvrir'>Flux</p><table", "refused"},
		{list, "<table", "<p title='Flux'>Flux</p><table", "read"},
		{0, "<article", "<del><article", "refused"},
		{0, "</article>", "</article>" + flows, "warned"},
		{0, "</article>", "<pre>" + flows + "</pre></article>", "warned"},
		{0, "</article>", "<table><tr><td>" + flows + "</td></tr></table></article>", "warned"},
		{0, "</article>", "</article><nav>" + flows + "</nav>", "read"},
		{0, "</article>", "</article><table><tr><th>Nom</th></tr></table>", "read"},
	} {
		text := sent[:c.at] + strings.Replace(sent[c.at:], c.old, c.with, 1)
		if taken := takenAs(text); text == sent || taken != c.taken {
			t.Errorf("%q is %s, want %s", c.with, taken, c.taken)
		}
	}
}

// TestDenialIn has words that deny, and words that look like them.
func TestDenialIn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Flux INTERDITS":               "interdits",
		"à fermer avant l'été":         "fermer",
		"Fermeture prévue":             "fermeture",
		"Ne pas ouvrir":                "ne pas ouvrir",
		"n'est plus autorisé":          "n est plus autorise",
		"ne doivent plus être ouverts": "ne doivent plus etre ouverts",
		"hors service":                 "hors service",
		"Refusé":                       "refuse",
		"décommissionnée":              "decommissionnee",
		"aucun flux ouvert":            "aucun flux ouvert",
		"⛔ LDAP":                       "⛔",
		"Not allowed":                  "not allowed",
		"exclusivement ouvert":         "",
		"périmètre fermement tenu":     "",
		"Ferme de serveurs":            "",
		"LDAP, fermé":                  "ferme",
		"coupe-feu":                    "",
		"dropbox.com":                  "",
		"hors de Lyon":                 "",
		"non chiffré":                  "",
		"plus ouvert":                  "",
		"plus utilisé":                 "plus utilise",
		"plus d'actualité":             "plus d actualite",
		"les plus utilisés":            "",
		"plus tard, et utilisé":        "",
		"N'oubliez pas d'ouvrir":       "",
		"Ne pas hésiter à ouvrir":      "",
		"coupé":                        "coupe",
		"existent plus":                "existent plus",
		"Don't use":                    "t use",
		"not for users":                "",
		"":                             "",
	} {
		if got := denialIn(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}
