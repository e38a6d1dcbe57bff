package report

import (
	"cmp"
	"strconv"
	"sync"
)

// vocabulary has a language's fixed words.
type vocabulary struct {
	title, edition, ownPage, errata            string
	flow, flows                                string // one of them, and several
	viaProxy, configurationDependent, optional string
	pictureHint, pictureCorner                 string
	colon, semicolon                           string // with the spaces that the language sets
	erratum, applied, notApplied               string
	columns                                    []string
	purposes, origins                          map[string]string
	names                                      map[string]string   // of endpoints, by those of the other language
	translate                                  func(string) string // what the product writes about flows and errata
}

// What is in no vocabulary is the user's own, and stays as it is.
func (v vocabulary) purpose(text string) string { return cmp.Or(v.purposes[text], text) }
func (v vocabulary) origin(text string) string  { return cmp.Or(v.origins[text], text) }
func (v vocabulary) name(text string) string    { return cmp.Or(v.names[text], text) }

// state says whether an erratum is corrected here.
func (v vocabulary) state(e Erratum) string {
	if e.Applied {
		return v.applied
	}
	return v.notApplied
}

// count says how many flows there are.
func (v vocabulary) count(flows int) string {
	if flows == 1 {
		return "1 " + v.flow
	}
	return strconv.Itoa(flows) + " " + v.flows
}

// words has the vocabulary of each language, made when a report is first written:
// most processes write none.
var words = sync.OnceValue(func() map[Language]vocabulary {
	return map[Language]vocabulary{
		English: {
			title: "Network flows of Canopsis", edition: "Edition", ownPage: "From the page that was given", flow: "flow", flows: "flows", errata: "Errors of the page",
			pictureHint: "Whoever stands at the left may connect to whoever stands above, on the ports between them.", pictureCorner: "from \\ to",
			viaProxy: "may pass through a proxy", configurationDependent: "ports depend on configuration", optional: "optional",
			colon: ": ", semicolon: "; ", erratum: "erratum", applied: "applied", notApplied: "not applied",
			columns: []string{
				"Flow", "Source", "Source addresses", "Destination", "Destination addresses", "Component",
				"Ports", "Purpose", "Justification", "Origin", "Notes",
			},
			purposes: map[string]string{
				"installation": "Installation", "administration": "Administration", "user_access": "User access",
				"events": "Events", "internal": "Internal", "external": "Outside systems",
			},
			origins: map[string]string{
				"published": "vendor's page", "erratum": "erratum", "interconnection": "interconnection",
				"cluster": "cluster", "additional": "own flow", "relay": "relay",
			},
			names:     translatedNames(French, English),
			translate: func(text string) string { return text },
		},
		French: {
			title: "Flux réseau de Canopsis", edition: "Édition", ownPage: "D'après la page fournie", flow: "flux", flows: "flux", errata: "Erreurs de la page",
			pictureHint: "Qui est à gauche peut se connecter à qui est en haut, sur les ports à leur croisement.", pictureCorner: "de \\ vers",
			viaProxy: "peut passer par un proxy", configurationDependent: "ports selon la configuration", optional: "optionnel",
			colon: " : ", semicolon: " ; ", erratum: "erratum", applied: "appliqué", notApplied: "non appliqué",
			columns: []string{
				"Flux", "Source", "Adresses source", "Destination", "Adresses destination", "Composant",
				"Ports", "Usage", "Justification", "Origine", "Remarques",
			},
			purposes: map[string]string{
				"installation": "Installation", "administration": "Administration", "user_access": "Accès des utilisateurs",
				"events": "Événements", "internal": "Interne", "external": "Systèmes externes",
			},
			origins: map[string]string{
				"published": "page de l'éditeur", "erratum": "erratum", "interconnection": "interconnexion",
				"cluster": "cluster", "additional": "flux propre", "relay": "relais",
			},
			names:     translatedNames(English, French),
			translate: inFrench,
		},
	}
})
