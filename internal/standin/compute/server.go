// Package compute is a stand-in for the part of Google Compute Engine that
// firewall rules need, spoken in its own REST protocol on loopback. It answers as
// the Google provider expects, so that the provider can apply rules to it.
//
// What Compute refuses it refuses, with Compute's reasons: names, addresses and
// ports that are none, both families in one rule, tags beside service accounts,
// ports on protocols that have none, more than 256 ranges. What Compute takes and
// nobody wants it takes too, and remembers: a rule of ingress without any source
// opens the world ([Server.Opened]), and an update keeps what it does not name
// ([Server.Kept]).
package compute

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
)

// maxBody is far above what a rule of 256 ranges needs.
const maxBody = 1 << 20

// Server is a running stand-in. Its methods may be called from several
// goroutines at once.
type Server struct {
	// URL is the endpoint, with its version and a slash at the end.
	URL string

	http *httptest.Server

	mu        sync.Mutex
	firewalls map[string]Firewall // by project and name
	opened    []string
	kept      []string
	calls     []string
	lastID    int
}

// NewServer starts a stand-in without any firewall rule on a free port of
// loopback. The caller closes it.
func NewServer() *Server {
	s := &Server{firewalls: make(map[string]Firewall)}
	mux := http.NewServeMux()
	const collection = "/compute/v1/projects/{project}/global/firewalls"
	for pattern, handle := range map[string]handler{
		"POST " + collection:                                          s.insert,
		"GET " + collection:                                           s.list,
		"GET " + collection + "/{name}":                               s.get,
		"PATCH " + collection + "/{name}":                             s.patch,
		"DELETE " + collection + "/{name}":                            s.delete,
		"GET /compute/v1/projects/{project}/global/operations/{name}": s.operation,
		"/": s.unknown,
	} {
		mux.HandleFunc(pattern, s.serve(handle))
	}
	s.http = httptest.NewServer(mux)
	s.URL = s.http.URL + "/compute/v1/"
	return s
}

// Close stops the stand-in and waits for the requests that are under way.
func (s *Server) Close() { s.http.Close() }

// ProviderBlock returns the provider "google" block, in HCL, that points the
// Google provider at the stand-in.
func (s *Server) ProviderBlock(project string) string {
	return fmt.Sprintf(`provider "google" {
  project                 = %q
  access_token            = "stand-in"
  compute_custom_endpoint = %q
}
`, project, s.URL)
}

// Firewalls returns every rule, ordered by name.
func (s *Server) Firewalls() []Firewall {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.firewalls), func(a, b Firewall) int { return strings.Compare(a.Name, b.Name) })
}

// Opened returns the names of the rules that opened the world because they, or a
// change to them, named no source.
func (s *Server) Opened() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.opened)
}

// Kept returns, for every change that left out sources or destinations which the
// rule has, "NAME keeps FIELD": Compute merges a change into the rule.
func (s *Server) Kept() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.kept)
}

// Calls returns what was asked since the start or the last [Server.ForgetCalls],
// oldest first: the method, and the rule's name where the request has one.
func (s *Server) Calls() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// ForgetCalls empties the log of calls, as between two applies.
func (s *Server) ForgetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = nil
}

// handler answers one request, under the server's lock.
type handler func(*http.Request) (any, error)

func (s *Server) serve(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		s.mu.Lock()
		s.calls = append(s.calls, r.Method+" "+r.PathValue("name"))
		reply, err := handle(r)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		if err != nil {
			var refused *Refusal
			if !errors.As(err, &refused) {
				refused = refuse("%v", err)
			}
			w.WriteHeader(refused.Code)
			reply = refused.body()
		}
		// A client that has gone away gets nothing.
		_ = json.NewEncoder(w).Encode(reply)
	}
}

// Refusal is an error in Compute's own words.
type Refusal struct {
	Code    int    // of HTTP
	Reason  string // as programs read it: invalid, alreadyExists, notFound
	Message string
}

func (r *Refusal) Error() string { return r.Message }

func refuse(format string, values ...any) *Refusal {
	return &Refusal{http.StatusBadRequest, "invalid", fmt.Sprintf(format, values...)}
}

// invalid is Compute's answer to a field that it cannot read.
func invalid(field string, value any, why string) *Refusal {
	return refuse("Invalid value for field 'resource.%s': '%v'. %s", field, value, why)
}

func (r *Refusal) body() any {
	type one struct {
		Message string `json:"message"`
		Domain  string `json:"domain"`
		Reason  string `json:"reason"`
	}
	return map[string]any{"error": map[string]any{
		"code": r.Code, "message": r.Message, "errors": []one{{r.Message, "global", r.Reason}},
	}}
}

func key(r *http.Request, name string) string { return r.PathValue("project") + "/" + name }

func notFound(r *http.Request, name string) error {
	return &Refusal{http.StatusNotFound, "notFound", fmt.Sprintf("The resource 'projects/%s/global/firewalls/%s' was not found", r.PathValue("project"), name)}
}

// operation is what a change answers. Everything is done at once.
type operation struct {
	Kind       string `json:"kind"`
	Name       string `json:"name"`
	Type       string `json:"operationType"`
	Status     string `json:"status"`
	Progress   int    `json:"progress"`
	TargetLink string `json:"targetLink"`
	SelfLink   string `json:"selfLink"`
}

func (s *Server) done(r *http.Request, kind, name string) operation {
	s.lastID++
	o := s.finished(r, fmt.Sprintf("operation-%d", s.lastID))
	o.Type, o.TargetLink = kind, s.link(r, "firewalls", name)
	return o
}

func (s *Server) finished(r *http.Request, name string) operation {
	return operation{Kind: "compute#operation", Name: name, Status: "DONE", Progress: 100, SelfLink: s.link(r, "operations", name)}
}

func (s *Server) link(r *http.Request, collection, name string) string {
	return s.URL + "projects/" + r.PathValue("project") + "/global/" + collection + "/" + name
}

func (s *Server) operation(r *http.Request) (any, error) {
	return s.finished(r, r.PathValue("name")), nil
}

func (s *Server) unknown(r *http.Request) (any, error) {
	return nil, &Refusal{http.StatusNotImplemented, "notImplemented", "the Compute stand-in does not know " + r.Method + " " + r.URL.Path}
}

func (s *Server) insert(r *http.Request) (any, error) {
	var f Firewall
	if err := read(r, &f); err != nil {
		return nil, err
	}
	if _, taken := s.firewalls[key(r, f.Name)]; taken {
		return nil, &Refusal{http.StatusConflict, "alreadyExists", fmt.Sprintf("The resource 'projects/%s/global/firewalls/%s' already exists", r.PathValue("project"), f.Name)}
	}
	return s.keep(r, "insert", f)
}

// patch merges: a field that the request leaves out stays, one that it names
// with null or an empty list goes.
func (s *Server) patch(r *http.Request) (any, error) {
	name := r.PathValue("name")
	before, ok := s.firewalls[key(r, name)]
	if !ok {
		return nil, notFound(r, name)
	}
	after := before.clone()
	if err := read(r, &after); err != nil {
		return nil, err
	}
	if after.Name != name {
		return nil, invalid("name", after.Name, "The name of a firewall cannot change.")
	}
	reply, err := s.keep(r, "patch", after)
	if err != nil {
		return nil, err
	}
	for _, field := range []struct {
		name   string
		values []string
	}{
		{"sourceRanges", before.SourceRanges},
		{"sourceTags", before.SourceTags},
		{"sourceServiceAccounts", before.SourceServiceAccounts},
		{"destinationRanges", before.DestinationRanges},
	} {
		if len(field.values) > 0 && !slices.Contains(after.named, field.name) {
			s.kept = append(s.kept, name+" keeps "+field.name)
		}
	}
	return reply, nil
}

// keep checks the rule and stores it as Compute would.
func (s *Server) keep(r *http.Request, kind string, f Firewall) (any, error) {
	if err := f.normalise(); err != nil {
		return nil, err
	}
	if f.Direction == "INGRESS" && len(f.SourceRanges)+len(f.SourceTags)+len(f.SourceServiceAccounts) == 0 {
		f.SourceRanges = []string{"0.0.0.0/0"}
		s.opened = append(s.opened, f.Name)
	}
	f.Kind, f.SelfLink = "compute#firewall", s.link(r, "firewalls", f.Name)
	s.firewalls[key(r, f.Name)] = f
	return s.done(r, kind, f.Name), nil
}

func (s *Server) get(r *http.Request) (any, error) {
	f, ok := s.firewalls[key(r, r.PathValue("name"))]
	if !ok {
		return nil, notFound(r, r.PathValue("name"))
	}
	return f, nil
}

func (s *Server) list(r *http.Request) (any, error) {
	items := []Firewall{}
	for _, at := range slices.Sorted(maps.Keys(s.firewalls)) {
		if strings.HasPrefix(at, key(r, "")) {
			items = append(items, s.firewalls[at])
		}
	}
	return map[string]any{"kind": "compute#firewallList", "items": items}, nil
}

func (s *Server) delete(r *http.Request) (any, error) {
	name := r.PathValue("name")
	if _, ok := s.firewalls[key(r, name)]; !ok {
		return nil, notFound(r, name)
	}
	delete(s.firewalls, key(r, name))
	return s.done(r, "delete", name), nil
}
