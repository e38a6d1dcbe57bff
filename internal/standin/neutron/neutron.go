// Package neutron runs a real Keystone and Neutron on loopback, for tests: the
// API servers of Debian's packages python3-keystone and python3-neutron, on
// SQLite, with OpenStack's default quotas. No agent runs, so nothing is filtered;
// what a rule is to Neutron, and what Neutron refuses, is the real thing.
//
// A test starts it, and hands its address to a client or to Terraform:
//
//	if reason := neutron.Missing(ctx); reason != "" {
//		t.Skip(reason)
//	}
//	cloud, err := neutron.Start(ctx, t.TempDir())
//	defer cloud.Close()
//	network, err := cloud.Client(ctx) // or cloud.Environment() for Terraform
package neutron

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gophercloud/gophercloud/v2" // what OpenStack's Terraform provider speaks with
	"github.com/gophercloud/gophercloud/v2/openstack"
)

// Who clients are: a plain member of a project.
const (
	user     = "demo" // of the project of the same name
	password = "stand-in"
	domain   = "default" // an id
	region   = "RegionOne"
)

// Quotas of every project, OpenStack's own defaults.
const (
	GroupQuota = 10
	RuleQuota  = 100
)

// interpreter is Debian's own: its packages are installed for no other.
const interpreter = "/usr/bin/python3"

//go:embed serve.py
var serve string

// Missing says what this machine lacks to run Neutron; empty where it lacks
// nothing.
func Missing(ctx context.Context) string {
	out, err := exec.CommandContext(ctx, interpreter, "-c", "import importlib.util as u, sys; "+
		"sys.exit(' and '.join(p for m, p in (('keystone', 'python3-keystone'), ('neutron', 'python3-neutron')) if not u.find_spec(m)) or 0)").CombinedOutput()
	if err == nil {
		return ""
	}
	if text := strings.TrimSpace(string(out)); text != "" {
		return "without the Debian packages " + text + " there is no Neutron to run"
	}
	return "without Debian's Python there is no Neutron to run: " + err.Error()
}

// Cloud is a running Keystone and Neutron.
type Cloud struct {
	Keystone string `json:"keystone"` // URL of the identity service, with its version
	Neutron  string `json:"neutron"`  // URL of the network service, without its version
	Servers  []int  `json:"servers"`  // ids of the servers' processes

	process *exec.Cmd
	input   io.Closer
}

// Patience is far more than starting or ending takes on a busy machine.
const Patience = 10 * time.Minute

// Start starts both in a folder, which it leaves as it is when they end. It
// returns once both answer; the context is that of starting. They run until
// Close, and no longer than this process.
func Start(ctx context.Context, folder string) (*Cloud, error) {
	script := filepath.Join(folder, "serve.py")
	if err := os.WriteFile(script, []byte(serve), 0o600); err != nil {
		return nil, err
	}
	state := filepath.Join(folder, "cloud")
	cmd := exec.CommandContext(context.WithoutCancel(ctx), interpreter, script, state, "0", "0")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	input, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	c := &Cloud{process: cmd, input: input}
	line := make(chan string, 1)
	go func() {
		text, _ := bufio.NewReader(output).ReadString('\n') // empty where it ended instead
		line <- text
	}()
	select {
	case text := <-line:
		err = json.Unmarshal([]byte(text), c)
	case <-time.After(Patience):
		err = errors.Join(fmt.Errorf("no answer within %s", Patience), cmd.Process.Kill())
	case <-ctx.Done():
		err = errors.Join(ctx.Err(), cmd.Process.Kill())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting Neutron: %w", err), c.Close(), errors.New(complaints.String()+logs(state)))
	}
	return c, nil
}

// Close ends both.
func (c *Cloud) Close() error {
	closing := c.input.Close()
	overdue := time.AfterFunc(Patience, func() { _ = c.process.Process.Kill() }) // and the servers end with it
	defer overdue.Stop()
	return errors.Join(closing, c.process.Wait())
}

// Processes returns the ids of all processes that run for it.
func (c *Cloud) Processes() []int { return append([]int{c.process.Process.Pid}, c.Servers...) }

// Client returns a client of the network service.
func (c *Cloud) Client(ctx context.Context) (*gophercloud.ServiceClient, error) {
	provider, err := openstack.AuthenticatedClient(ctx, gophercloud.AuthOptions{
		IdentityEndpoint: c.Keystone, Username: user, Password: password, DomainID: domain,
		Scope: &gophercloud.AuthScope{ProjectName: user, DomainID: domain},
	})
	if err != nil {
		return nil, err
	}
	return openstack.NewNetworkV2(provider, gophercloud.EndpointOpts{Region: region})
}

// Environment returns what Terraform's environment must hold, so that the
// OpenStack provider talks to this cloud and reads nobody's configuration.
func (c *Cloud) Environment() map[string]string {
	return map[string]string{
		"OS_CLIENT_CONFIG_FILE": os.DevNull,
		"OS_CLOUD":              "",
		"OS_AUTH_URL":           c.Keystone,
		"OS_REGION_NAME":        region,
		"OS_USERNAME":           user,
		"OS_PASSWORD":           password,
		"OS_USER_DOMAIN_ID":     domain,
		"OS_PROJECT_NAME":       user,
		"OS_PROJECT_DOMAIN_ID":  domain,
	}
}

// ProviderBlock returns the provider "openstack" block, in HCL, that points the
// OpenStack provider at this cloud.
func (c *Cloud) ProviderBlock() string {
	return fmt.Sprintf(`provider "openstack" {
  auth_url          = %q
  region            = %q
  user_name         = %q
  password          = %q
  user_domain_id    = %q
  tenant_name       = %q
  project_domain_id = %[5]q
}
`, c.Keystone, region, user, password, domain, user)
}

// logs returns the ends of the servers' logs.
func logs(folder string) string {
	const most = 2000
	var text strings.Builder
	for _, name := range []string{"keystone.log", "neutron.log"} {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			continue
		}
		fmt.Fprintf(&text, "\n%s ends with:\n%s", name, content[max(0, len(content)-most):])
	}
	return text.String()
}
