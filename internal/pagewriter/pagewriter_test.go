package pagewriter_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
	"github.com/canopsis/terraform-provider-canopsis/internal/pagewriter"
)

// Everything that a page can say, once: lists of destinations, host names,
// labels, "ou" with one destination and with several, notes, escapes, a glossary.
func TestWritePrintsAPage(t *testing.T) {
	t.Parallel()
	labelled := matrix.NewAlternative(true, "docker", "packages")
	api := matrix.NewAlternative(false, "nginx", "canopsis_api")
	cache := matrix.NewAlternative(false, "redis", "redis_sentinel")
	actor := func(id, name string) matrix.Endpoint { return matrix.Endpoint{ID: id, Name: name, Kind: matrix.Actor} }
	host := func(id, name string) matrix.Endpoint { return matrix.Endpoint{ID: id, Name: name, Kind: matrix.Host} }
	flow := func(source, destination, component, ports string) matrix.Flow {
		return matrix.Flow{
			Source: matrix.At(source), Destination: matrix.At(destination), Component: component,
			Ports: matrix.MustPorts(ports), Origin: matrix.Published,
		}
	}
	with := func(f matrix.Flow, change func(*matrix.Flow)) matrix.Flow {
		change(&f)
		return f
	}
	option := func(f matrix.Flow, a matrix.Alternative, name string) matrix.Flow {
		f.Alternative, f.Option = a.ID, name
		return f
	}
	users := actor("users", "Utilisateurs")
	users.Definition = "a * b | c"
	draft := &matrix.Draft{
		Endpoints: []matrix.Endpoint{
			users, actor("administrators", "Administrateurs"), actor("api_event_sources", "Sources API"),
			host("canopsis", "Canopsis"), host("redis", "Redis"), host("redis_sentinel", "Redis Sentinel"), host("mongodb", "MongoDB"),
			{ID: "package_repositories", Name: "Package repositories", Kind: matrix.External, FQDNs: []string{"b.example", "a.example"}},
		},
		Components: []matrix.Component{
			{
				ID: "nginx", Name: "Nginx", Description: "web_ui", Host: "canopsis", Listed: true,
				Offers: []matrix.Offer{{Option: "docker", Ports: matrix.MustPorts("tcp/80", "tcp/443")}, {Option: "packages", Ports: matrix.MustPorts("tcp/8443")}},
			},
			{ID: "redis", Name: "Redis", Host: "redis", Listed: true, Optional: true, Offers: []matrix.Offer{{Ports: matrix.MustPorts("tcp/6379", "udp/6379")}}},
			{ID: "redis_sentinel", Name: "Redis Sentinel", Host: "redis_sentinel", Offers: []matrix.Offer{{Ports: matrix.MustPorts("tcp/26379")}}},
		},
		Alternatives: []matrix.Alternative{labelled, api, cache},
		Flows: []matrix.Flow{
			with(flow("canopsis", "package_repositories", "https", "tcp/443"), func(f *matrix.Flow) { f.ViaProxy, f.Description = true, matrix.InOwnWords("packages") }),
			flow("administrators", "canopsis", "ssh", "tcp/22"),
			with(flow("administrators", "mongodb", "ssh", "tcp/22"), func(f *matrix.Flow) { f.Optional = true }),
			option(flow("users", "canopsis", "nginx", "tcp/443"), labelled, "docker"),
			option(flow("users", "canopsis", "nginx", "tcp/8443"), labelled, "packages"),
			option(flow("api_event_sources", "canopsis", "nginx", "tcp/8000-8010"), api, "nginx"),
			option(flow("api_event_sources", "canopsis", "canopsis_api", "tcp/8082"), api, "canopsis_api"),
			option(flow("canopsis", "redis", "redis", "tcp/6379"), cache, "redis"),
			option(flow("canopsis", "redis_sentinel", "redis_sentinel", "tcp/26379"), cache, "redis_sentinel"),
			with(flow("canopsis", "mongodb", "mongodb", "tcp/27017"), func(f *matrix.Flow) { f.Optional, f.ConfigurationDependent = true, true }),
		},
	}
	m, err := draft.Matrix()
	if err != nil {
		t.Fatal(err)
	}
	want := `# Matrice des flux réseau

## Liste des ports Canopsis

| Composant | Description | Port |
| - | - | - |
| Nginx | web\_ui | TCP/80,443 (docker) ou TCP/8443 (packages) |
| Redis | (optionnel) | TCP/6379, UDP/6379 |

## Matrice des flux

| Source | Destination | Port | Description |
| - | - | - | - |
| Administrateurs | Canopsis, MongoDB (optionnel) | TCP/22 |  |
| Sources API | Canopsis | TCP/8000-8010 ou TCP/8082 |  |
| Canopsis | MongoDB | TCP/27017 | (dépendant de la configuration) (optionnel) |
| Canopsis | Redis ou Redis Sentinel | TCP/6379 ou TCP/26379 |  |
| Utilisateurs | Canopsis | TCP/443 (docker) ou TCP/8443 (packages) |  |

### Installation / Accès aux livrables

| Source | Destination | Port | Description |
| - | - | - | - |
| Canopsis | ` + "`a.example`, `b.example`" + ` | TCP/443 | packages (Utilisation possible à travers un proxy) |

## Définition des objets

- Utilisateurs : a \* b \| c
`
	if diff := cmp.Diff(want, pagewriter.Write(m)); diff != "" {
		t.Error(diff)
	}
}
