// Package hcloud is a stand-in for the firewalls of Hetzner Cloud, spoken in its own
// REST protocol on loopback, so that the real provider can apply to it. Everything is
// done at once, and no server is behind it.
package hcloud

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Hetzner's limits, inclusive.
const (
	MostRules     = 50  // of a firewall
	MostAddresses = 100 // of a side of a rule
)

// Rule lets packets in or out.
type Rule struct {
	Direction      string   `json:"direction"` // in or out
	Protocol       string   `json:"protocol"`  // tcp, udp, icmp, esp, gre
	Port           *string  `json:"port"`      // one, or a range such as 8000-8010
	SourceIPs      []string `json:"source_ips"`
	DestinationIPs []string `json:"destination_ips"`
	Description    *string  `json:"description"`
}

// String returns what the rule lets pass, as in "in tcp 8443 from 10.0.0.0/8".
func (r Rule) String() string {
	words := []string{r.Direction, r.Protocol}
	if r.Port != nil {
		words = append(words, *r.Port)
	}
	other, addresses := "from", r.SourceIPs
	if r.Direction == "out" {
		other, addresses = "to", r.DestinationIPs
	}
	return strings.Join(append(append(words, other), slices.Sorted(slices.Values(addresses))...), " ")
}

// Firewall is a list of rules. Without a rule of a direction, nothing comes in and
// everything goes out.
type Firewall struct {
	ID        int64             `json:"id"`
	Name      string            `json:"name"`
	Labels    map[string]string `json:"labels"`
	Created   time.Time         `json:"created"`
	Rules     []Rule            `json:"rules"`
	AppliedTo []struct{}        `json:"applied_to"`
}

// Server is a running stand-in. Its methods may be called from several goroutines at
// once.
type Server struct {
	http *httptest.Server

	mu        sync.Mutex
	firewalls map[int64]Firewall
	made      int64 // how many there have been: the last one's id
}

// NewServer starts a stand-in without any firewall on a free port of loopback. The
// caller closes it.
func NewServer() *Server {
	s := &Server{firewalls: make(map[int64]Firewall)}
	mux := http.NewServeMux()
	for pattern, handle := range map[string]handler{
		"POST /v1/firewalls":                        s.create,
		"GET /v1/firewalls/{id}":                    s.get,
		"PUT /v1/firewalls/{id}":                    s.update,
		"DELETE /v1/firewalls/{id}":                 s.delete,
		"POST /v1/firewalls/{id}/actions/set_rules": s.setRules,
		"/": func(r *http.Request) (any, error) {
			return nil, &refusal{http.StatusNotImplemented, "unsupported_error", "the stand-in does not know " + r.Method + " " + r.URL.Path}
		},
	} {
		mux.HandleFunc(pattern, s.serve(handle))
	}
	s.http = httptest.NewServer(mux)
	return s
}

// Close stops the stand-in and waits for the requests that are under way.
func (s *Server) Close() { s.http.Close() }

// ProviderBlock returns the block, in HCL, that points the provider at the stand-in.
func (s *Server) ProviderBlock() string {
	return fmt.Sprintf("provider \"hcloud\" {\n  token    = %q\n  endpoint = %q\n}\n", strings.Repeat("t", 64), s.http.URL+"/v1")
}

// Open returns what each firewall lets pass, by its name, sorted.
func (s *Server) Open() map[string][]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := make(map[string][]string)
	for _, firewall := range s.firewalls {
		open[firewall.Name] = []string{}
		for _, rule := range firewall.Rules {
			open[firewall.Name] = append(open[firewall.Name], rule.String())
		}
		slices.Sort(open[firewall.Name])
	}
	return open
}

// handler answers one request, under the server's lock.
type handler func(*http.Request) (any, error)

func (s *Server) serve(handle handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		reply, err := handle(r)
		s.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		var refused *refusal
		switch {
		case errors.As(err, &refused):
			w.WriteHeader(refused.status)
			reply = map[string]any{"error": map[string]string{"code": refused.code, "message": refused.message}}
		case err != nil:
			w.WriteHeader(http.StatusBadRequest)
			reply = map[string]any{"error": map[string]string{"code": "json_error", "message": err.Error()}}
		case reply == nil:
			w.WriteHeader(http.StatusNoContent)
			return
		}
		// A client that has gone away gets nothing.
		_ = json.NewEncoder(w).Encode(reply)
	}
}

// refusal is an error in Hetzner's form.
type refusal struct {
	status        int
	code, message string
}

func (r *refusal) Error() string { return r.message }

func invalid(format string, values ...any) error {
	return &refusal{http.StatusUnprocessableEntity, "invalid_input", fmt.Sprintf(format, values...)}
}

func read(r *http.Request, into any) error {
	return json.NewDecoder(http.MaxBytesReader(nil, r.Body, 1<<20)).Decode(into)
}

func (s *Server) find(r *http.Request) (Firewall, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	firewall, ok := s.firewalls[id]
	if err != nil || !ok {
		return Firewall{}, &refusal{http.StatusNotFound, "not_found", "firewall not found"}
	}
	return firewall, nil
}

func (s *Server) create(r *http.Request) (any, error) {
	var firewall Firewall
	if err := read(r, &firewall); err != nil {
		return nil, err
	}
	for _, other := range s.firewalls {
		if other.Name == firewall.Name {
			return nil, &refusal{http.StatusConflict, "uniqueness_error", "name is already used"}
		}
	}
	if err := check(firewall.Rules); err != nil {
		return nil, err
	}
	s.made++
	firewall.ID, firewall.AppliedTo = s.made, []struct{}{}
	s.firewalls[firewall.ID] = firewall
	return map[string]any{"firewall": firewall, "actions": []any{}}, nil
}

func (s *Server) get(r *http.Request) (any, error) {
	firewall, err := s.find(r)
	return map[string]any{"firewall": firewall}, err
}

// update changes what the request names, which is never the rules.
func (s *Server) update(r *http.Request) (any, error) {
	firewall, err := s.find(r)
	if err != nil {
		return nil, err
	}
	rules := firewall.Rules
	if err := read(r, &firewall); err != nil {
		return nil, err
	}
	firewall.Rules = rules
	s.firewalls[firewall.ID] = firewall
	return map[string]any{"firewall": firewall}, nil
}

func (s *Server) delete(r *http.Request) (any, error) {
	firewall, err := s.find(r)
	delete(s.firewalls, firewall.ID)
	return nil, err
}

func (s *Server) setRules(r *http.Request) (any, error) {
	firewall, err := s.find(r)
	if err != nil {
		return nil, err
	}
	var given struct {
		Rules []Rule `json:"rules"`
	}
	if err := errors.Join(read(r, &given), check(given.Rules)); err != nil {
		return nil, err
	}
	firewall.Rules = given.Rules
	s.firewalls[firewall.ID] = firewall
	return map[string]any{"actions": []any{}}, nil
}

// check refuses what Hetzner documents that it refuses.
func check(rules []Rule) error {
	if len(rules) > MostRules {
		return invalid("a firewall has at most %d rules", MostRules)
	}
	for i, rule := range rules {
		addresses := rule.SourceIPs
		if rule.Direction == "out" {
			addresses = rule.DestinationIPs
		}
		ports := rule.Protocol == "tcp" || rule.Protocol == "udp"
		switch {
		case !slices.Contains([]string{"in", "out"}, rule.Direction):
			return invalid("rules[%d]: direction %q", i, rule.Direction)
		case !slices.Contains([]string{"tcp", "udp", "icmp", "esp", "gre"}, rule.Protocol):
			return invalid("rules[%d]: protocol %q", i, rule.Protocol)
		case ports != (rule.Port != nil):
			return invalid("rules[%d]: a port stands beside tcp and udp, and nowhere else", i)
		case len(addresses) == 0 || len(addresses) > MostAddresses:
			return invalid("rules[%d]: %d addresses", i, len(addresses))
		case len(rule.SourceIPs) > 0 && len(rule.DestinationIPs) > 0:
			return invalid("rules[%d]: both sources and destinations", i)
		}
		for _, text := range addresses {
			if prefix, err := netip.ParsePrefix(text); err != nil || prefix != prefix.Masked() {
				return invalid("rules[%d]: %q is no prefix", i, text)
			}
		}
	}
	return nil
}
