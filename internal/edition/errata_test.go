package edition

import (
	"slices"
	"strings"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/matrix"
)

// correct returns the corrected matrix of a page.
func correct(t *testing.T, published *matrix.Matrix) *matrix.Matrix {
	t.Helper()
	published, err := WithProcesses(published)
	if err != nil {
		t.Fatal(err)
	}
	corrected, err := Correct(published)
	if err != nil {
		t.Fatal(err)
	}
	return corrected
}

// bearers returns what of a matrix an erratum changed or added: flows, and
// components whose listed ports were wrong.
func bearers(m *matrix.Matrix, id string) []string {
	var ids []string
	for f := range m.Flows() {
		if slices.Contains(f.Errata, id) {
			ids = append(ids, m.FlowID(f)+"/"+f.Ports.String())
		}
	}
	for c := range m.Components() {
		if slices.Contains(c.Errata, id) {
			ids = append(ids, "listed "+c.ID+"/"+c.Ports().String())
		}
	}
	return ids
}

// moves reports whether an erratum attached an end of some flow to a component,
// so that placement can take it elsewhere than the page draws it.
func moves(m *matrix.Matrix, id string) bool {
	return slices.ContainsFunc(slices.Collect(m.Flows()), func(f matrix.Flow) bool { return f.Drawn.Erratum == id })
}

func TestErrataAreWhole(t *testing.T) {
	t.Parallel()
	versions := make([]string, 0, len(All()))
	for _, e := range All() {
		versions = append(versions, e.Version)
	}
	seen := map[string]bool{}
	for _, e := range Errata() {
		if !matrix.IsID(e.ID) || seen[e.ID] {
			t.Errorf("%q is no id, or is given twice", e.ID)
		}
		seen[e.ID] = true
		if (e.correct == nil) == (e.concerns == nil) {
			t.Errorf("%s: exactly one of correct and concerns is set", e.ID)
		}
		for _, text := range []string{e.Subject, e.Published, e.Corrected, e.Reason, e.Evidence, e.Remedy, e.Confidence.String()} {
			if text == "" || strings.HasSuffix(text, ".") {
				t.Errorf("%s: %q is missing, or ends in a full stop, which messages add", e.ID, text)
			}
		}
		known := slices.DeleteFunc(slices.Clone(versions), func(v string) bool { return !slices.Contains(e.Editions, v) })
		want := WrongPort
		switch {
		case e.ID == "initiators" || e.ID == "component_host":
			want = WrongHost
		case e.Published == "(no row)" || e.ID == "sentinel_needs_redis" || e.ID == "ssh_hosts" || e.ID == "canopsis_api_row":
			want = MissingRow
		}
		if e.Kind != want {
			t.Errorf("%s: kind %s, want %s", e.ID, e.Kind, want)
		}
		if len(e.Editions) == 0 || !slices.Equal(known, e.Editions) {
			t.Errorf("%s: editions %v are not some of %v, in their order", e.ID, e.Editions, versions)
		}
		if found, ok := FindErratum(e.ID); !ok || found.Subject != e.Subject {
			t.Errorf("%s is not found by its id", e.ID)
		}
	}
	if _, ok := FindErratum("no_such_erratum"); ok {
		t.Error("an erratum is found that does not exist")
	}
}

func TestErrataNameTheEditionsThatHaveThem(t *testing.T) {
	t.Parallel()
	for _, edition := range All() {
		corrected := correct(t, embedded(t, edition.Version))
		for _, e := range Errata() {
			if e.IsReported() {
				continue
			}
			has := len(bearers(corrected, e.ID)) > 0 || moves(corrected, e.ID)
			if named := slices.Contains(e.Editions, edition.Version); has != named {
				t.Errorf("%s in %s: changes something %t, named %t", e.ID, edition.Version, has, named)
			}
		}
	}
}

// Semantics 16: errata apply by component, flow and the wrong value.
func TestPagesThatAreRightAreLeftAlone(t *testing.T) {
	t.Parallel()
	const (
		after         = "| Canopsis | MongoDB | TCP 27017 | Configuration and alarms |\n"
		digits, right = "6739", "6379"
	)
	row := func(row string) []string { return []string{after, after + row + "\n"} }
	for _, test := range []struct {
		erratum, edition string
		replace          []string // pairs of what stands on the page and what would be right
		want             []string // what the erratum changes or adds before
	}{
		{
			"redis_port", "4.4", []string{digits, right},
			[]string{"listed redis/tcp/6379"},
		},
		{
			"redis_port", "23.04", []string{digits, right},
			[]string{"canopsis-to-redis/tcp/6379", "canopsis-to-redis/tcp/6379", "listed redis/tcp/6379"},
		},
		{
			"redis_sentinel_port", "23.04", []string{digits, right},
			[]string{"canopsis-to-redis_sentinel/tcp/26379", "canopsis-to-redis_sentinel/tcp/26379", "listed redis_sentinel/tcp/26379"},
		},
		{
			"valkey_port", "25.10", []string{digits, right},
			[]string{"listed valkey/tcp/6379"},
		},
		{
			"valkey_sentinel_port", "25.10", []string{digits, right},
			[]string{"listed valkey_sentinel/tcp/26379"},
		},
		{
			"sentinel_needs_redis", "22.10", []string{
				"Canopsis | Redis ou Redis Sentinel | TCP/6739 ou TCP/26739 |",
				"Canopsis | Redis | TCP/6379 | Cache\nCanopsis | Redis Sentinel | TCP/26379 |",
			},
			[]string{"canopsis-to-redis/tcp/6379", "canopsis-to-redis/tcp/6379"},
		},
		{
			"packages_https_port", "25.10", []string{
				"| TCP 443 | Web interface |", "| TCP 443 (installation via Docker) ou TCP 8443 (via paquets) | Web interface |",
				"| TCP 8082 / 443 |", "| TCP 8082 / 443 (installation via Docker) ou TCP 8082 / 8443 (via paquets) |",
			},
			[]string{"api_event_sources-to-canopsis-nginx/tcp/8443", "cmdb_drivers-to-canopsis-nginx/tcp/8443", "users-to-canopsis-nginx/tcp/8443"},
		},
		{
			// The list may come to say 443 for both.
			"packages_https_port", "25.10", []string{"TCP/8443 (via paquets)", "TCP/443 (via paquets)"},
			[]string{"api_event_sources-to-canopsis-nginx/tcp/8443", "cmdb_drivers-to-canopsis-nginx/tcp/8443", "users-to-canopsis-nginx/tcp/8443"},
		},
		{
			// Or packages may come to listen on both.
			"packages_https_port", "25.10", []string{"TCP/8443 (via paquets)", "TCP/443,8443 (via paquets)"},
			[]string{"api_event_sources-to-canopsis-nginx/tcp/8443", "cmdb_drivers-to-canopsis-nginx/tcp/8443", "users-to-canopsis-nginx/tcp/8443"},
		},
		{
			"rabbitmq_clients", "22.10", []string{"Canopsis | MongoDB |", "Canopsis | RabbitMQ | TCP/5672 | Queues\nCanopsis | MongoDB |"},
			[]string{"canopsis-to-canopsis-rabbitmq/tcp/5672", "canopsis-to-canopsis-rabbitmq/tcp/5672"},
		},
		{
			"snmp_to_rabbitmq", "25.10", row("| Connecteur SNMP | RabbitMQ | TCP 5672 | Traps |"),
			[]string{"snmp-to-rabbitmq/tcp/5672"},
		},
		{
			"nginx_to_api", "25.10", row("| Nginx | API Canopsis | TCP 8082 | Requests |"),
			[]string{"canopsis-to-canopsis-canopsis_api/tcp/8082"},
		},
		{
			"backends", "4.6", []string{"Canopsis | MongoDB |", "Canopsis | Redis | TCP/6379 | Cache\nCanopsis | MongoDB |"},
			[]string{"canopsis-to-canopsis-redis/tcp/6379", "canopsis-to-canopsis-redis/tcp/6379"},
		},
		{
			"sentinel_clients", "25.10", row("| Canopsis | Valkey Sentinel | TCP 26379 | The address of the master |"),
			[]string{"canopsis-to-valkey_sentinel/tcp/26379", "canopsis-to-valkey_sentinel/tcp/26379"},
		},
		{
			"sentinel_to_valkey", "25.10", row("| Valkey Sentinel | Valkey | TCP 6379 | Watching |"),
			[]string{"valkey_sentinel-to-valkey/tcp/6379"},
		},
		{
			"sentinel_to_redis", "23.04", []string{"Canopsis | MongoDB |", "Redis Sentinel | Redis | TCP/6739 | Watching\nCanopsis | MongoDB |"},
			[]string{"redis_sentinel-to-redis/tcp/6379"},
		},
		{
			"rabbitmq_ui_row", "25.10", row("| Administrateurs | RabbitMQ | TCP 15672 | Queues |"),
			[]string{"administrators-to-rabbitmq-rabbitmq_ui/tcp/15672"},
		},
		{
			"ssh_hosts", "22.10", []string{"Administrateurs | Canopsis, MongoDB |", "Administrateurs | Canopsis, MongoDB, PostgreSQL, Redis, Redis Sentinel |"},
			[]string{"administrators-to-postgresql-ssh/tcp/22", "administrators-to-redis-ssh/tcp/22", "administrators-to-redis_sentinel-ssh/tcp/22"},
		},
	} {
		t.Run(test.erratum+" of "+test.edition, func(t *testing.T) {
			t.Parallel()
			e, err := Find(test.edition)
			if err != nil {
				t.Fatal(err)
			}
			text, err := e.Text()
			if err != nil {
				t.Fatal(err)
			}
			wantLines(t, bearers(correct(t, parse(t, text)), test.erratum), test.want)

			fixed := strings.NewReplacer(test.replace...).Replace(text)
			if fixed == text {
				t.Fatal("the page does not say what would be replaced")
			}
			wantLines(t, bearers(correct(t, parse(t, fixed)), test.erratum), nil)
		})
	}
}

// Corrections that only move the ends of flows leave no trace as long as
// nothing stands where the page has it otherwise.
func TestEndsAreLeftAloneWhereThePageHasThemRight(t *testing.T) {
	t.Parallel()
	const list = "Composant | Description | Port\n---|---|---\nRabbitMQ | Bus | TCP/5672\nRabbitMQ UI | Bus | TCP/15672\n\n" +
		"Source | Destination | Port | Description\n---|---|---|---\n"
	wrong := parse(t, list+"Sources d'événements AMQP | Canopsis | TCP/5672 | Events\nCanopsis | RabbitMQ | TCP/5672 | Queues\n")
	right := parse(t, list+"Sources d'événements AMQP | RabbitMQ | TCP/5672 | Events\nUtilisateurs | RabbitMQ | TCP/15672 | Queues\n")
	for _, id := range []string{"initiators", "component_host"} {
		if !moves(correct(t, wrong), id) {
			t.Errorf("%s: nothing moves on the page that has it wrong", id)
		}
		if moves(correct(t, right), id) {
			t.Errorf("%s: something moves on the page that has it right", id)
		}
	}
}

// A row that already is an option of another choice cannot follow the
// installation method as well: it stays as the page has it.
func TestRowsWithAChoiceOfTheirOwnKeepTheirPorts(t *testing.T) {
	t.Parallel()
	m := parse(t, "Composant | Description | Port\n---|---|---\n"+
		"Nginx | Web | TCP/443 (installation via Docker) ou TCP/8443 (via paquets)\nAPI Canopsis | API | TCP/8082\n\n"+
		"Source | Destination | Port | Description\n---|---|---|---\n"+
		"Sources d'événements API | Canopsis | TCP/443 ou TCP/8082 | Events\n")
	if got := bearers(correct(t, m), "packages_https_port"); len(got) > 0 {
		t.Errorf("changed: %q", got)
	}
}

func TestSentinelOfThePortListHasAHostOfItsOwn(t *testing.T) {
	t.Parallel()
	m, err := WithProcesses(embedded(t, "25.10"))
	if err != nil {
		t.Fatal(err)
	}
	sentinel, _ := m.Component("valkey_sentinel")
	host, _ := m.Endpoint("valkey_sentinel")
	if sentinel.Host != "valkey_sentinel" || host.Kind != matrix.Host || host.Name != "Valkey Sentinel" {
		t.Errorf("got %+v on %+v", sentinel, host)
	}

	// A page that sends a row for it to the application host knows better.
	m, err = WithProcesses(parse(t, "Composant | Description | Port\n---|---|---\nRedis Sentinel | Watch (optionnel) | TCP/26379\n\n"+
		"Source | Destination | Port | Description\n---|---|---|---\nUtilisateurs | Canopsis | TCP/26379 | Watch\n"))
	if err != nil {
		t.Fatal(err)
	}
	if sentinel, _ := m.Component("redis_sentinel"); sentinel.Host != "canopsis" {
		t.Errorf("got %+v", sentinel)
	}
}

func TestPagesWithoutTheApplicationHaveNoEngines(t *testing.T) {
	t.Parallel()
	before := parse(t, "Composant | Description | Port\n---|---|---\nMongoDB | Database | TCP/27017\n\n"+
		"Source | Destination | Port | Description\n---|---|---|---\nAdministrateurs | MongoDB | TCP/22 | SSH\n")
	after, err := WithProcesses(before)
	if err != nil {
		t.Fatal(err)
	}
	if !after.Equal(before) {
		t.Errorf("changed: %q", differences(before, after))
	}
}

func TestConfidenceSaysWhoseWordItIs(t *testing.T) {
	t.Parallel()
	var upstream []string
	for _, e := range Errata() {
		if e.Confidence.String() == "upstream default" {
			upstream = append(upstream, e.ID)
		} else if e.Confidence.String() != "the vendor's own files" {
			t.Errorf("%s: %q", e.ID, e.Confidence)
		}
	}
	if want := []string{"sentinel_to_redis", "sentinel_to_valkey"}; !slices.Equal(upstream, want) {
		t.Errorf("upstream defaults: got %q, want %q", upstream, want)
	}
}

func TestOpenPointsAreWhole(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range OpenPoints() {
		if p.Topic == "" || seen[p.Topic] {
			t.Errorf("%q is empty, or given twice", p.Topic)
		}
		seen[p.Topic] = true
		if !strings.HasSuffix(p.Text, ".") || p.Evidence == "" || strings.HasSuffix(p.Evidence, ".") || p.Confidence.String() == "invalid" {
			t.Errorf("%s lacks words: %+v", p.Topic, p)
		}
	}
	if len(seen) == 0 {
		t.Error("there are no open points")
	}
}

func TestKindsAreWorded(t *testing.T) {
	t.Parallel()
	for kind, want := range map[Kind]string{0: "invalid", WrongPort: "wrong port", WrongHost: "wrong host", MissingRow: "missing row"} {
		if got := kind.String(); got != want {
			t.Errorf("kind %d: got %q, want %q", kind, got, want)
		}
	}
}
