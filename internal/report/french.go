package report

import (
	"strconv"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// inFrench returns what reports say in French. It is long since it is a table.
func inFrench() vocabulary {
	return vocabulary{
		title: "Flux réseau de Canopsis", edition: "Édition", ownPage: "D'après la page fournie", errata: "Erreurs de la page", evidence: "Preuve",
		flow: "flux", flows: "flux",
		applied: "appliqué", notApplied: "non appliqué",
		found: func(corrected, errata int) string {
			word := " corrigées"
			if corrected < 2 {
				word = " corrigée"
			}
			return count(errata, "erreur de la page", "erreurs de la page") + ", dont " + strconv.Itoa(corrected) + word
		},
		cleartextOf: func(some, flows int) string {
			return strconv.Itoa(some) + " flux en clair sur " + strconv.Itoa(flows)
		},
		erratum: "erratum", published: "La page indique", corrected: "Valeur juste", reason: "Raison",
		viaProxy: "peut passer par un proxy", configurationDependent: "ports selon la configuration", optional: "optionnel",
		colon: " : ", semicolon: " ; ",
		noAddress: "aucune", notBound: "sans liaison", notGiven: "non précisé",
		ingressAt: "entrée sur", egressAt: "sortie de", unenforced: "non appliqué", noRule: "aucune règle",
		icmpType: "type", icmpCode: "code", protocolNumber: "protocole IP",
		pictureHint: "Qui est à gauche peut se connecter à qui est en haut, sur les ports à leur croisement.",
		columns: columnTitles{
			flow: "Flux", source: "Source", sourceName: "Nom de la source", sourceAddresses: "Adresses source",
			destination: "Destination", destinationName: "Nom de la destination", destinationAddresses: "Adresses destination", component: "Composant",
			ports: "Ports", protocol: "Protocole", first: "Premier port", last: "Dernier port", encryption: "Chiffrement",
			purpose: "Usage", justification: "Justification", origin: "Origine", notes: "Remarques", enforced: "Appliqué par",
		},
		purposes: map[matrix.Purpose]string{
			matrix.Installation: "Installation", matrix.Administration: "Administration", matrix.UserAccess: "Accès des utilisateurs",
			matrix.Events: "Événements", matrix.Internal: "Interne", matrix.Outbound: "Systèmes externes",
		},
		origins: map[matrix.Origin]string{
			matrix.Published: "page de l'éditeur", matrix.Corrected: "erratum", matrix.Interconnection: "interconnexion",
			matrix.Cluster: "cluster", matrix.Additional: "flux propre", matrix.Relayed: "relais",
		},
		encryptions: map[encryption]string{cleartext: "en clair", encrypted: "chiffré", byConfiguration: "selon la configuration", notApplicable: "sans objet"},
		peerKinds: map[string]string{
			"security_group": "groupe de sécurité", "prefix_list": "liste de préfixes", "address_group": "groupe d'adresses",
			"pods": "pods de", "application_security_group": "groupe de sécurité d'application", "service_tag": "étiquette de service", "network_tags": "étiquettes réseau", "service_accounts": "comptes de service",
			"cidr_and_network_tags": "étiquettes réseau", "cidr_and_service_accounts": "comptes de service",
		},
		request: requestWords{
			title: "Demande d'ouverture de flux", field: "Rubrique", answer: "Réponse",
			direction: "Sens", directionWords: "de la source, qui ouvre la connexion, vers la destination",
			fields: map[string]string{
				"requester": "Demandeur", "reason": "Motif", "environment": "Environnement", "ticket": "Ticket", "date": "Date de la demande", "expiry": "Échéance",
				"nat": "Traduction d'adresses (NAT)", "encryption": "Chiffrement", "approval": "Approbation",
			},
		},
		change: changesInFrench(), deployed: deployedInFrench(),
		page: pageWords{
			search: "Rechercher", searchHint: "texte, port ou adresse", host: "Extrémité", purpose: "Usage", encryption: "Chiffrement", all: "tout", reset: "Effacer",
			shown: "affichés", showAll: "Tout afficher", sortHint: "trier",
			table: "Flux", grid: "Matrice", gridHint: "Une ligne par source, une colonne par destination.", picture: "Schéma",
			footer: "D'où vient ce document", providerVersion: "Provider", digest: "Empreinte du contenu (SHA-256)", skip: "Aller aux flux", corner: "de \\ vers", rule: "Règle",
		},
		reasonOf:  frenchReason,
		erratumOf: FrenchErratum,
	}
}
