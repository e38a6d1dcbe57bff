// Package ec2 is a stand-in for the part of Amazon EC2 that security groups
// need: groups, their rules, managed prefix lists and tags, spoken in EC2's own
// Query protocol on loopback. With it the real AWS provider plans, applies and
// destroys rules without a cloud.
//
// It is stricter than it is complete. What EC2 refuses, it refuses with EC2's
// error codes: the same opening twice, descriptions and ports out of bounds,
// unknown groups and lists, deletion of what is still referenced, more rules
// than the quota. What it does not know, an action, a parameter or a filter, it
// refuses too and never ignores. In one place it is stricter on purpose: EC2's
// reference says that host bits of a CIDR are masked in silence, after which
// every plan wants a change; here they are an error.
//
// A test starts a server, writes its provider block into a configuration, runs
// Terraform with its environment, and then looks at what is there:
//
//	srv := ec2.NewServer()
//	defer srv.Close()
//	config := srv.ProviderBlock() + rest // and srv.Environment() for Terraform
//	...
//	srv.Rules() // all rules, to be compared
//	srv.Calls() // what the apply called, and which rules each call touched
//
// The block that [Server.ProviderBlock] returns looks like this:
//
//	provider "aws" {
//	  region     = "eu-west-3"
//	  access_key = "stand-in"
//	  secret_key = "stand-in"
//
//	  skip_credentials_validation = true
//	  skip_metadata_api_check     = true
//	  skip_region_validation      = true
//
//	  endpoints {
//	    ec2 = "http://127.0.0.1:12345"
//	    iam = "http://127.0.0.1:12345"
//	    sts = "http://127.0.0.1:12345"
//	  }
//	}
//
// skip_requesting_account_id stays off: without an account id the provider
// cannot tell its own groups from a stranger's, and
// referenced_security_group_id shows a difference in every plan.
package ec2

import (
	"context"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	// AccountID is the account that owns everything in the stand-in.
	AccountID = "123456789012"

	// Region is the region that the stand-in plays.
	Region = "eu-west-3"
)

// maxBody is far above what the provider sends (EC2 takes 100 entries a
// request) and keeps a runaway test from filling memory.
const maxBody = 4 << 20

// Server is a running stand-in. Its methods may be called from several
// goroutines at once.
type Server struct {
	// URL is the endpoint for the services ec2, iam and sts, without a path.
	URL string

	http *httptest.Server

	mu     sync.Mutex
	groups map[string]group             // by group id
	rules  map[string]Rule              // by rule id; what it holds is canonical
	lists  map[string]prefixList        // by prefix list id
	tags   map[string]map[string]string // by the id of what has them
	calls  []Call
	delays map[string]time.Duration // by action, and under "" those of every other
	lastID int
}

// Call is one request that the stand-in answered.
type Call struct {
	// Action is EC2's name for the call, as AuthorizeSecurityGroupIngress.
	Action string

	// Rules are those that the call created or revoked, and those that it
	// changed, as they were after it. Empty where the call was refused, and for
	// a group's creation and deletion, which take its rules along.
	Rules []Rule

	// Code and Message are EC2's error where the call was refused, and empty
	// where it succeeded.
	Code, Message string
}

// action is one call that the stand-in knows.
type action struct {
	// handle acts and answers. It runs under the server's lock, and leaves
	// everything as it was where it returns an error.
	handle func(*Server, form, *Call) (any, error)

	// parameters are the names that handle reads, with N for a list's numbers.
	parameters []string
}

var actions = map[string]action{
	"CreateSecurityGroup":    {(*Server).createSecurityGroup, slices.Concat([]string{"GroupName", "GroupDescription", "VpcId"}, tagSpecificationParameters)},
	"DeleteSecurityGroup":    {(*Server).deleteSecurityGroup, []string{"GroupId"}},
	"DescribeSecurityGroups": {(*Server).describeSecurityGroups, slices.Concat([]string{"GroupId.N"}, describeParameters)},

	"DescribeSecurityGroupRules":                 {(*Server).describeSecurityGroupRules, slices.Concat([]string{"SecurityGroupRuleId.N"}, describeParameters)},
	"AuthorizeSecurityGroupIngress":              {authorize(Ingress), slices.Concat([]string{"GroupId"}, permissionParameters, tagSpecificationParameters)},
	"AuthorizeSecurityGroupEgress":               {authorize(Egress), slices.Concat([]string{"GroupId"}, permissionParameters, tagSpecificationParameters)},
	"RevokeSecurityGroupIngress":                 {revoke(Ingress), slices.Concat([]string{"GroupId", "SecurityGroupRuleId.N"}, permissionParameters)},
	"RevokeSecurityGroupEgress":                  {revoke(Egress), slices.Concat([]string{"GroupId", "SecurityGroupRuleId.N"}, permissionParameters)},
	"ModifySecurityGroupRules":                   {(*Server).modifySecurityGroupRules, modifyRuleParameters},
	"UpdateSecurityGroupRuleDescriptionsIngress": {updateDescriptions(Ingress), slices.Concat([]string{"GroupId"}, permissionParameters, ruleDescriptionParameters)},
	"UpdateSecurityGroupRuleDescriptionsEgress":  {updateDescriptions(Egress), slices.Concat([]string{"GroupId"}, permissionParameters, ruleDescriptionParameters)},

	"CreateManagedPrefixList":     {(*Server).createManagedPrefixList, slices.Concat([]string{"PrefixListName", "AddressFamily", "MaxEntries", "Entry.N.Cidr", "Entry.N.Description", "ClientToken"}, tagSpecificationParameters)},
	"DescribeManagedPrefixLists":  {(*Server).describeManagedPrefixLists, slices.Concat([]string{"PrefixListId.N"}, describeParameters)},
	"GetManagedPrefixListEntries": {(*Server).getManagedPrefixListEntries, []string{"PrefixListId", "MaxResults"}},
	"ModifyManagedPrefixList":     {(*Server).modifyManagedPrefixList, []string{"PrefixListId", "PrefixListName", "CurrentVersion", "MaxEntries", "AddEntry.N.Cidr", "AddEntry.N.Description", "RemoveEntry.N.Cidr"}},
	"DeleteManagedPrefixList":     {(*Server).deleteManagedPrefixList, []string{"PrefixListId"}},

	"CreateTags": {(*Server).createTags, []string{"ResourceId.N", "Tag.N.Key", "Tag.N.Value"}},
	"DeleteTags": {(*Server).deleteTags, []string{"ResourceId.N", "Tag.N.Key", "Tag.N.Value"}},

	"DescribeNetworkInterfaces": {(*Server).describeNetworkInterfaces, slices.Concat([]string{"NetworkInterfaceId.N"}, describeParameters)},
	"GetCallerIdentity":         {(*Server).getCallerIdentity, nil},
	"GetUser":                   {(*Server).getUser, nil},
}

// NewServer starts a stand-in without any group or list on a free port of
// loopback. The caller closes it.
func NewServer() *Server {
	s := &Server{
		groups: map[string]group{},
		rules:  map[string]Rule{},
		lists:  map[string]prefixList{},
		tags:   map[string]map[string]string{},
		delays: map[string]time.Duration{},
	}
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL
	return s
}

// Close stops the stand-in and waits for the requests that are under way.
func (s *Server) Close() { s.http.Close() }

// Rules returns every rule, ordered by group name, direction, protocol, ports
// and peer.
func (s *Server) Rules() []Rule {
	s.mu.Lock()
	defer s.mu.Unlock()
	return sortRules(slices.Collect(maps.Values(s.rules)))
}

// Tags returns the tags of a group, a rule or a prefix list, by its id. It is
// empty where there is none.
func (s *Server) Tags(id string) map[string]string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.tags[id])
}

// Leftovers names every group, rule and prefix list that exists: what a destroy
// should have removed.
func (s *Server) Leftovers() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var left []string
	for id, g := range s.groups {
		left = append(left, fmt.Sprintf("security group %s (%s)", id, g.name))
	}
	for id, r := range s.rules {
		left = append(left, fmt.Sprintf("security group rule %s (%s)", id, r))
	}
	for id, l := range s.lists {
		left = append(left, fmt.Sprintf("prefix list %s (%s)", id, l.name))
	}
	slices.Sort(left)
	return left
}

// Calls returns what was called since the start or the last [Server.ForgetCalls],
// oldest first.
func (s *Server) Calls() []Call {
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

// Delay makes the named actions wait for so long before they act, or, where none is
// named, all that are not named otherwise. Calls that come meanwhile act first: as
// with the real EC2, what one call destroys is still there for another. Zero takes
// a delay back.
func (s *Server) Delay(wait time.Duration, actions ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(actions) == 0 {
		actions = []string{""}
	}
	for _, action := range actions {
		s.delays[action] = wait
	}
}

// wait waits as an action must, or until the client gives up.
func (s *Server) wait(ctx context.Context, action string) {
	s.mu.Lock()
	wait, ok := s.delays[action]
	if !ok {
		wait = s.delays[""]
	}
	s.mu.Unlock()
	if wait == 0 {
		return
	}
	select {
	case <-time.After(wait):
	case <-ctx.Done():
	}
}

// ServeHTTP answers one request of the Query protocol.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	if err := r.ParseForm(); err != nil {
		s.answer(w, form{}, "", nil, refuse("MalformedQueryString", "the body is not a form: %v", err))
		return
	}
	f := form(r.Form)
	name := f.text("Action")
	s.wait(r.Context(), name)

	s.mu.Lock()
	call := Call{Action: name}
	reply, err := s.act(name, f, &call)
	if err != nil {
		call.Rules, call.Code, call.Message = nil, errorCode(err), err.Error()
	}
	s.calls = append(s.calls, call)
	s.mu.Unlock()

	s.answer(w, f, name, reply, err)
}

func (s *Server) act(name string, f form, call *Call) (any, error) {
	a, ok := actions[name]
	if !ok {
		return nil, refuse("InvalidAction", "the EC2 stand-in does not know the action %q; it knows %s",
			name, strings.Join(slices.Sorted(maps.Keys(actions)), ", "))
	}
	if err := f.checkNames(name, a.parameters); err != nil {
		return nil, err
	}
	return a.handle(s, f, call)
}

// answer writes the reply or the error as XML. A client that has gone away gets
// nothing, so the write's own error has no one to go to.
func (s *Server) answer(w http.ResponseWriter, f form, name string, reply any, err error) {
	w.Header().Set("Content-Type", "text/xml;charset=UTF-8")
	root := xml.StartElement{Name: xml.Name{Local: name + "Response"}}
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		reply, root.Name.Local = errorReply(f, err)
	}
	_ = xml.NewEncoder(w).EncodeElement(reply, root)
}

// newID returns an id in EC2's form that was never given before.
func (s *Server) newID(prefix string) string {
	s.lastID++
	return fmt.Sprintf("%s-%017x", prefix, s.lastID)
}

func arn(kind, id string) string {
	return fmt.Sprintf("arn:aws:ec2:%s:%s:%s/%s", Region, AccountID, kind, id)
}

// done is the answer of calls that only say that they succeeded.
type done struct {
	Return bool `xml:"return"`
}

// The caller, who is the same to STS and to IAM. The provider asks both for its
// account.
const (
	callerARN  = "arn:aws:iam::" + AccountID + ":user/stand-in"
	callerID   = "AIDASTANDIN000000000"
	callerName = "stand-in"
)
