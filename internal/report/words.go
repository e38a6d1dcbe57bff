package report

import "cmp"

// vocabulary has a language's fixed words.
type vocabulary struct {
	title, edition, ownPage, flows, errata     string
	viaProxy, configurationDependent, optional string
	pictureHint, pictureCorner                 string
	colon                                      string // before what follows, as the language sets it
	erratum, applied, notApplied               string
	columns                                    []string
	purposes, origins                          map[string]string
	// descriptions translates the sentences of the embedded editions and of the
	// corrections; others stay as they are.
	descriptions map[string]string
}

func (v vocabulary) purpose(text string) string  { return cmp.Or(v.purposes[text], text) }
func (v vocabulary) origin(text string) string   { return cmp.Or(v.origins[text], text) }
func (v vocabulary) describe(text string) string { return cmp.Or(v.descriptions[text], text) }

var words = map[Language]vocabulary{
	English: {
		title: "Network flows of Canopsis", edition: "Edition", ownPage: "From the page that was given", flows: "Flows", errata: "Errors of the page",
		pictureHint: "Whoever stands at the left may connect to whoever stands above, on the ports between them.", pictureCorner: "from \\ to",
		viaProxy: "may pass through a proxy", configurationDependent: "ports depend on configuration", optional: "optional",
		colon: ": ", erratum: "erratum", applied: "applied", notApplied: "not applied",
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
	},
	French: {
		title: "Flux réseau de Canopsis", edition: "Édition", ownPage: "D'après la page fournie", flows: "Flux", errata: "Erreurs de la page",
		pictureHint: "Qui est à gauche peut se connecter à qui est en haut, sur les ports à leur croisement.", pictureCorner: "de \\ vers",
		viaProxy: "peut passer par un proxy", configurationDependent: "ports selon la configuration", optional: "optionnel",
		colon: " : ", erratum: "erratum", applied: "appliqué", notApplied: "non appliqué",
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
			"cluster": "grappe", "additional": "flux propre", "relay": "relais",
		},
		descriptions: french,
	},
}
