package ec2

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

func newServer(t *testing.T) *Server {
	t.Helper()
	srv := NewServer()
	t.Cleanup(srv.Close)
	return srv
}

// params builds a form from names and values in turn.
func params(nameValues ...string) url.Values {
	form := url.Values{}
	for pair := range slices.Chunk(nameValues, 2) {
		form.Set(pair[0], pair[1])
	}
	return form
}

// post sends a form as the AWS SDK does, and returns the answer's status and
// body.
func post(t *testing.T, srv *Server, action string, form url.Values) (int, string) {
	t.Helper()
	form.Set("Action", action)
	if !form.Has("Version") {
		form.Set("Version", "2016-11-15")
	}
	response, err := http.PostForm(srv.URL, form)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
	}()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

// do posts a form that must succeed, and returns the answer.
func do(t *testing.T, srv *Server, action string, nameValues ...string) string {
	t.Helper()
	status, body := post(t, srv, action, params(nameValues...))
	if status != http.StatusOK {
		t.Fatalf("%s %v: %s", action, nameValues, body)
	}
	return body
}

// refused posts a form that must fail with that code and a message that
// contains that text, and that must change no rule.
func refused(t *testing.T, srv *Server, code, text, action string, nameValues ...string) {
	t.Helper()
	before := srv.Rules()
	status, body := post(t, srv, action, params(nameValues...))
	var reply struct {
		XMLName xml.Name `xml:"Response"`
		Code    string   `xml:"Errors>Error>Code"`
		Message string   `xml:"Errors>Error>Message"`
	}
	if err := xml.Unmarshal([]byte(body), &reply); err != nil {
		t.Fatalf("%s %v: %v in %s", action, nameValues, err, body)
	}
	if status != http.StatusBadRequest || reply.Code != code || !strings.Contains(reply.Message, text) {
		t.Errorf("%s %v: status %d, %s: %s; want status 400, %s: ...%s...", action, nameValues, status, reply.Code, reply.Message, code, text)
	}
	if after := srv.Rules(); !slices.Equal(before, after) {
		t.Errorf("%s %v was refused and changed the rules from %v to %v", action, nameValues, before, after)
	}
}

// element returns the text of the first element of that name.
func element(t *testing.T, body, name string) string {
	t.Helper()
	match := regexp.MustCompile(`<` + name + `>([^<]*)</` + name + `>`).FindStringSubmatch(body)
	if match == nil {
		t.Fatalf("no %s in %s", name, body)
	}
	return match[1]
}

// newGroup makes a group without rules, as Terraform leaves it.
func newGroup(t *testing.T, srv *Server, name string) string {
	t.Helper()
	id := element(t, do(t, srv, "CreateSecurityGroup", "GroupName", name, "GroupDescription", "for a test", "VpcId", "vpc-1"), "groupId")
	do(t, srv, "RevokeSecurityGroupEgress", append([]string{"GroupId", id}, allIPv4...)...)
	return id
}

// newList makes a prefix list without entries.
func newList(t *testing.T, srv *Server, name, maxEntries string) string {
	t.Helper()
	return element(t, do(t, srv, "CreateManagedPrefixList", "PrefixListName", name, "AddressFamily", "IPv4", "MaxEntries", maxEntries), "prefixListId")
}

// allIPv4 is the rule of a new group, as the AWS provider asks for its removal.
var allIPv4 = []string{"IpPermissions.1.IpProtocol", "-1", "IpPermissions.1.FromPort", "0", "IpPermissions.1.ToPort", "0", "IpPermissions.1.IpRanges.1.CidrIp", "0.0.0.0/0"}

// permission is the form of one permission for TCP with one peer, with any
// other parameters after it.
func permission(group, from, to, member, peer string, more ...string) []string {
	return append([]string{
		"GroupId", group, "IpPermissions.1.IpProtocol", "tcp", "IpPermissions.1.FromPort", from, "IpPermissions.1.ToPort", to,
		"IpPermissions.1." + member, peer,
	}, more...)
}

// The members of a permission that name a peer.
const (
	ipv4Member  = "IpRanges.1.CidrIp"
	ipv6Member  = "Ipv6Ranges.1.CidrIpv6"
	listMember  = "PrefixListIds.1.PrefixListId"
	groupMember = "Groups.1.GroupId"
)

func TestUnknownRequestsAreRefusedAndRecorded(t *testing.T) {
	t.Parallel()
	srv := newServer(t)

	refused(t, srv, "InvalidAction", `does not know the action "RunInstances"; it knows AuthorizeSecurityGroupEgress, `, "RunInstances")
	refused(t, srv, "UnknownParameter", "the parameter Filters.1 of DescribeSecurityGroups", "DescribeSecurityGroups", "Filters.1", "x")
	refused(t, srv, "UnknownParameter", "the parameter GroupId.x of DescribeSecurityGroups", "DescribeSecurityGroups", "GroupId.x", "sg-1")
	refused(t, srv, "UnknownParameter", "the parameter GroupId.1000000 of DescribeSecurityGroups", "DescribeSecurityGroups", "GroupId.1000000", "sg-1")
	refused(t, srv, "InvalidParameterValue", "The filter 'colour' is invalid", "DescribeSecurityGroups", "Filter.1.Name", "colour", "Filter.1.Value.1", "red")

	var recorded []string
	for _, call := range srv.Calls() {
		recorded = append(recorded, call.Action+" "+call.Code)
	}
	want := []string{
		"RunInstances InvalidAction", "DescribeSecurityGroups UnknownParameter", "DescribeSecurityGroups UnknownParameter", "DescribeSecurityGroups UnknownParameter",
		"DescribeSecurityGroups InvalidParameterValue",
	}
	if !slices.Equal(recorded, want) {
		t.Errorf("recorded %q, want %q", recorded, want)
	}
	if message := srv.Calls()[0].Message; !strings.Contains(message, `"RunInstances"`) {
		t.Errorf("the recorded message is %q", message)
	}
	srv.ForgetCalls()
	if calls := srv.Calls(); len(calls) != 0 {
		t.Errorf("forgotten calls are still there: %v", calls)
	}
}

// The other services of AWS write errors in another shape than EC2.
func TestErrorsOfOtherServices(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	status, body := post(t, srv, "AssumeRole", params("Version", "2011-06-15"))
	if status != http.StatusBadRequest || !strings.HasPrefix(body, "<ErrorResponse><Error><Code>InvalidAction</Code><Message>") {
		t.Errorf("status %d: %s", status, body)
	}
}

func TestMalformedBody(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	for name, body := range map[string]string{"syntax": "Action=%zz", "size": strings.Repeat("x", 5<<20)} {
		response, err := http.Post(srv.URL, "application/x-www-form-urlencoded", strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := io.ReadAll(response.Body)
		if err := errors.Join(err, response.Body.Close()); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != http.StatusBadRequest || !strings.Contains(string(answer), "<Code>MalformedQueryString</Code>") {
			t.Errorf("%s: status %d: %s", name, response.StatusCode, answer)
		}
	}
}

func TestErrorCodeOfAnyOtherError(t *testing.T) {
	t.Parallel()
	if got := errorCode(errors.New("anything")); got != "InternalError" {
		t.Errorf("got %s", got)
	}
}

func TestCaller(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	identity := do(t, srv, "GetCallerIdentity", "Version", "2011-06-15")
	if want := "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/stand-in</Arn>" +
		"<UserId>AIDASTANDIN000000000</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"; identity != want {
		t.Errorf("identity %s, want %s", identity, want)
	}
	user := do(t, srv, "GetUser", "Version", "2010-05-08")
	if want := "<GetUserResponse><GetUserResult><User><Arn>arn:aws:iam::123456789012:user/stand-in</Arn>" +
		"<UserId>AIDASTANDIN000000000</UserId><UserName>stand-in</UserName><Path>/</Path></User></GetUserResult></GetUserResponse>"; user != want {
		t.Errorf("user %s, want %s", user, want)
	}
}

func TestNoNetworkInterfaces(t *testing.T) {
	t.Parallel()
	got := do(t, newServer(t), "DescribeNetworkInterfaces", "Filter.1.Name", "group-id", "Filter.1.Value.1", "sg-1")
	if want := "<DescribeNetworkInterfacesResponse><networkInterfaceSet></networkInterfaceSet></DescribeNetworkInterfacesResponse>"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestProviderBlock(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	want := fmt.Sprintf(`provider "aws" {
  region     = "eu-west-3"
  access_key = "stand-in"
  secret_key = "stand-in"

  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true

  endpoints {
    ec2 = %[1]q
    iam = %[1]q
    sts = %[1]q
  }
}
`, srv.URL)
	if got := srv.ProviderBlock(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if !strings.HasPrefix(srv.URL, "http://127.0.0.1:") {
		t.Errorf("the stand-in listens at %s, not on loopback alone", srv.URL)
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	environment := newServer(t).Environment()
	for name, want := range map[string]string{
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull, "AWS_PROFILE": "",
	} {
		if got, ok := environment[name]; !ok || got != want {
			t.Errorf("%s = %q (%t), want %q", name, got, ok, want)
		}
	}
}

// The provider calls in parallel; run with -race this test also shows that
// nothing is read unlocked.
func TestParallelCalls(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	group := newGroup(t, srv, "web")
	srv.ForgetCalls()

	var wait sync.WaitGroup
	for i := range 40 {
		wait.Go(func() {
			form := params(permission(group, "80", "80", ipv4Member, fmt.Sprintf("10.%d.0.0/16", i))...)
			if status, body := post(t, srv, "AuthorizeSecurityGroupIngress", form); status != http.StatusOK {
				t.Error(body)
			}
			_, _, _ = srv.Rules(), srv.Calls(), srv.Leftovers()
		})
	}
	wait.Wait()

	ids := map[string]bool{}
	for _, r := range srv.Rules() {
		ids[r.ID] = true
	}
	if len(ids) != 40 || len(srv.Calls()) != 40 {
		t.Errorf("%d rules and %d calls, want 40 of each", len(ids), len(srv.Calls()))
	}
}

// A delayed revocation leaves its rule there for what is authorised meanwhile.
func TestDelay(t *testing.T) {
	t.Parallel()
	srv := newServer(t)
	web := newGroup(t, srv, "web")
	opening := url.Values{"GroupId": {web}, "IpPermissions.1.IpProtocol": {"tcp"}, "IpPermissions.1.FromPort": {"80"}, "IpPermissions.1.ToPort": {"80"}, "IpPermissions.1.IpRanges.1.CidrIp": {"10.0.0.0/8"}}
	post(t, srv, "AuthorizeSecurityGroupIngress", maps.Clone(opening))
	srv.Delay(time.Second, "RevokeSecurityGroupIngress")
	revoked := make(chan int)
	go func() {
		status, _ := post(t, srv, "RevokeSecurityGroupIngress", maps.Clone(opening))
		revoked <- status
	}()
	if status, answer := post(t, srv, "AuthorizeSecurityGroupIngress", maps.Clone(opening)); status == http.StatusOK || !strings.Contains(answer, "InvalidPermission.Duplicate") {
		t.Errorf("while the rule is being revoked: %d, %s", status, answer)
	}
	if status := <-revoked; status != http.StatusOK {
		t.Errorf("the revocation: %d", status)
	}
	srv.Delay(0, "RevokeSecurityGroupIngress")
	if status, answer := post(t, srv, "AuthorizeSecurityGroupIngress", maps.Clone(opening)); status != http.StatusOK {
		t.Errorf("once it is revoked: %d, %s", status, answer)
	}
}
