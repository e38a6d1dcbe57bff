package edition

import (
	"slices"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// mongoDBOnDockerHosts returns the flows to MongoDB's usual port in a Docker
// installation of the releases that published another. Releases before 23.04
// have pages without a word on Docker: their editions' notes say it.
func mongoDBOnDockerHosts(i Installation) []string {
	release, _ := releaseOf(i.Release)
	if release != "23.04" && release != "23.10" || !slices.Contains(i.Options, "docker") {
		return nil
	}
	usual := matrix.MustPortRange("tcp/27017")
	return flowsWhere(i.Matrix, func(f matrix.Flow) bool { return f.Component == "mongodb" && f.Ports.Has(usual) })
}

// MethodWords returns the options that an edition takes though its page has no
// such choice: they say how Canopsis was installed, which settles an erratum.
// release is empty where a page was given.
func MethodWords(release string) []string {
	if release, _ := releaseOf(release); release != "22.10" {
		return nil
	}
	return []string{"docker", "packages"}
}

// portsOfDockerHosts returns the flows of 22.10 whose ports are those of packages,
// where nobody says that Canopsis was installed from packages: the page's, and those
// that have its ports, as relays', clusters' and the user's own may. The word docker
// changes no port: what a page says is changed by component_ports alone.
func portsOfDockerHosts(i Installation) []string {
	if len(MethodWords(i.Release)) == 0 || slices.Contains(i.Options, "packages") {
		return nil
	}
	ofPackages := map[string]matrix.Ports{
		"nginx":   matrix.MustPorts("tcp/8080", "tcp/8443"),
		"mongodb": matrix.MustPorts("tcp/27017"),
	}
	return flowsWhere(i.Matrix, func(f matrix.Flow) bool {
		c, _ := i.Matrix.Component(f.Component)
		inOwnWords := f.Origin == matrix.Additional && !f.Ports.Equal(c.Ports())
		return ofPackages[f.Component].Overlaps(f.Ports) && !inOwnWords
	})
}

// apiWithoutRow returns the flows of API event sources where the page lists the
// API, has no row for it, and the user has neither added one nor excluded the
// API: the flows to Nginx, or to a relay before it. Machines of Canopsis, such as
// Nginx's, reach the API anyway.
func apiWithoutRow(i Installation) []string {
	const api, sources = "canopsis_api", "api_event_sources"
	reachesAPI := func(m *matrix.Matrix) func(matrix.Flow) bool {
		return func(f matrix.Flow) bool {
			source, _ := m.Endpoint(m.EndpointAt(f.Source))
			return f.Component == api && source.Kind != matrix.Host
		}
	}
	listed, _ := i.Page.Component(api)
	if !listed.Listed || slices.Contains(i.Excluded, api) || len(flowsWhere(i.Page, reachesAPI(i.Page))) > 0 || len(flowsWhere(i.Matrix, reachesAPI(i.Matrix))) > 0 {
		return nil
	}
	return flowsWhere(i.Matrix, func(f matrix.Flow) bool { return isAt(f.Source, sources) })
}

// flowsWhere returns the ids of the flows of which something is true.
func flowsWhere(m *matrix.Matrix, is func(matrix.Flow) bool) []string {
	var ids []string
	for f := range m.Flows() {
		if is(f) {
			ids = append(ids, m.FlowID(f))
		}
	}
	return ids
}
