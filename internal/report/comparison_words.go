package report

import "strconv"

// changeWords has what a comparison says.
type changeWords struct {
	title, before, after, nothing, none, of      string
	rules, rule, rulesOf, counts, hosts, ends    string
	closedOne, closedMany, openedOne, openedMany string
	opened, closed, moved, changed, unchanged    string
	change, isOpened, isClosed, isUnchanged      string // of a flow, in a table of flows
	breaks, order                                string
	stay                                         func(n int) string
	// movedFrom says which end of what moves from where to where.
	movedFrom func(ports, component string, destination bool, other, from, to string) string
}

func changesInEnglish() changeWords {
	return changeWords{
		title: "Change of Canopsis's network flows", before: "Before", after: "After", nothing: "No packet is opened or closed.", none: "none", of: "of",
		rules: "Rules", rule: "rule", rulesOf: "rules", counts: "Change", hosts: "Hosts on this side alone", ends: "Other endpoints on this side alone",
		closedOne: "closed", closedMany: "closed", openedOne: "opened", openedMany: "opened",
		opened: "Opened", closed: "Closed", moved: "Moved", changed: "Changed", unchanged: "Unchanged",
		change: "Change", isOpened: "opened", isClosed: "closed", isUnchanged: "unchanged",
		breaks: "What breaks if it is closed before the upgrade",
		order:  "Open first, upgrade, then close. Until the upgrade is done, these flows are in use:",
		stay: func(n int) string {
			if n == 1 {
				return "1 rule stays as it is."
			}
			return strconv.Itoa(n) + " rules stay as they are."
		},
		movedFrom: func(ports, component string, destination bool, other, from, to string) string {
			if destination {
				return component + ", " + ports + ", from " + other + ": the destination moves from " + from + " to " + to
			}
			return component + ", " + ports + ", to " + other + ": the source moves from " + from + " to " + to
		},
	}
}

func changesInFrench() changeWords {
	return changeWords{
		title: "Évolution des flux réseau de Canopsis", before: "Avant", after: "Après", nothing: "Aucun paquet n'est ouvert ni fermé.", none: "aucune", of: "sur",
		rules: "Règles", rule: "règle", rulesOf: "règles", counts: "Évolution", hosts: "Machines de ce côté seulement", ends: "Autres extrémités de ce côté seulement",
		closedOne: "fermée", closedMany: "fermées", openedOne: "ouverte", openedMany: "ouvertes",
		opened: "Ouvertures", closed: "Fermetures", moved: "Déplacements", changed: "Changements de port", unchanged: "Inchangé",
		change: "Évolution", isOpened: "ouvert", isClosed: "fermé", isUnchanged: "inchangé",
		breaks: "Ce qui casse en cas de fermeture avant la montée de version",
		order:  "Ouvrir d'abord, monter de version, puis fermer. Tant que la montée de version n'est pas faite, ces flux servent :",
		stay: func(n int) string {
			if n < 2 {
				return strconv.Itoa(n) + " règle reste telle quelle."
			}
			return strconv.Itoa(n) + " règles restent telles quelles."
		},
		movedFrom: func(ports, component string, destination bool, other, from, to string) string {
			if destination {
				return component + ", " + ports + ", depuis " + other + " : la destination passe de " + from + " à " + to
			}
			return component + ", " + ports + ", vers " + other + " : la source passe de " + from + " à " + to
		},
	}
}
