package edition

import "strconv"

// Source is a place in the vendor's public repository that shows an erratum.
type Source struct {
	Release string // "24.10"
	Path    string // in the repository
	Line    int    // from 1
}

// URL returns the address of the line in the release's branch.
func (s Source) URL() string {
	return "https://github.com/capensis/canopsis/blob/release-" + s.Release + "/" + s.Path + "#L" + strconv.Itoa(s.Line)
}

// Sources returns the places of an erratum's evidence that have an address;
// none where the evidence is the page itself or another software's documentation.
func (e Erratum) Sources() []Source {
	const (
		docs    = "community/sources/docs/fr/"
		compose = "community/deployment/canopsis/docker/docker-compose.yml"
		env     = "community/deployment/canopsis/docker/canopsis.env"
		install = docs + "guide-administration/installation/installation-paquets.md"
		notes   = docs + "notes-de-version/24.04.2.md"
		client  = "community/go-engines-community/lib/redis/redis.go"
	)
	switch e.ID {
	case "redis_port":
		return []Source{{"24.10", compose, 126}, {"24.10", install, 699}, {"22.10", compose, 100}}
	case "valkey_port":
		return []Source{{"24.10", compose, 126}}
	case "redis_sentinel_port", "valkey_sentinel_port":
		return []Source{{"24.10", notes, 37}}
	case "sentinel_needs_redis", "sentinel_clients":
		return []Source{{"24.10", client, 193}}
	case "initiators":
		return []Source{{"24.10", env, 14}, {"24.10", "community/go-engines-community/lib/security/provider/ldap.go", 29}}
	case "component_host", "rabbitmq_ui_row":
		return []Source{{"24.10", install, 383}}
	case "rabbitmq_clients", "backends":
		return []Source{{"24.10", env, 14}}
	case "nginx_to_api":
		return []Source{{"24.10", env, 18}}
	case "snmp_to_rabbitmq":
		return []Source{{"24.10", docs + "interconnexions/Supervision/SNMPtrap.md", 124}}
	case "mongodb_docker_port":
		return []Source{{"22.10", compose, 78}, {"24.04", compose, 82}}
	case "canopsis_api_row":
		return []Source{{"24.10", compose, 207}, {"24.10", install, 383}}
	}
	return nil
}
