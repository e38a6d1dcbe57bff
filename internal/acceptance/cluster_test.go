package acceptance_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clusterVariable names a folder that has the programs etcd and kube-apiserver.
const clusterVariable = "CANOPSIS_TEST_KUBE_APISERVER"

// cluster is an API server of Kubernetes, which nobody else uses and which has no
// nodes: it keeps what it is given, and fills in defaults.
type cluster struct {
	t     *testing.T
	url   string
	token string
}

// newCluster starts one. The test is skipped where the programs are not there: they
// take minutes to build.
func newCluster(t *testing.T) *cluster {
	t.Helper()
	programs := os.Getenv(clusterVariable)
	if programs == "" {
		t.Skipf("no API server of Kubernetes: set %s to a folder that has etcd and kube-apiserver", clusterVariable)
	}
	folder := t.TempDir()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	signing, tokens := filepath.Join(folder, "key.pem"), filepath.Join(folder, "tokens.csv")
	c := &cluster{t: t, token: rand.Text()}
	for path, text := range map[string]string{
		signing: string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		tokens:  c.token + ",test,1,system:masters\n",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	client, peer, secure := freePort(t), freePort(t), freePort(t)
	etcd := fmt.Sprintf("http://127.0.0.1:%d", client)
	peers := fmt.Sprintf("http://127.0.0.1:%d", peer)
	c.start(folder, filepath.Join(programs, "etcd"), "--data-dir="+filepath.Join(folder, "etcd"), "--unsafe-no-fsync",
		"--listen-client-urls="+etcd, "--advertise-client-urls="+etcd, "--listen-peer-urls="+peers, "--initial-advertise-peer-urls="+peers, "--initial-cluster=default="+peers)
	c.url = fmt.Sprintf("https://127.0.0.1:%d", secure)
	c.start(folder, filepath.Join(programs, "kube-apiserver"), "--etcd-servers="+etcd, "--bind-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", secure),
		"--cert-dir="+filepath.Join(folder, "certificates"), "--authorization-mode=AlwaysAllow", "--token-auth-file="+tokens,
		"--service-account-issuer=https://localhost", "--service-account-key-file="+signing, "--service-account-signing-key-file="+signing,
		"--service-cluster-ip-range=10.96.0.0/16", "--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none")
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(200 * time.Millisecond) {
		if status, _, err := c.ask(http.MethodGet, "/readyz", nil); err == nil && status == http.StatusOK {
			return c
		}
		if time.Now().After(deadline) {
			t.Fatal("the API server is not ready after two minutes")
		}
	}
}

// start runs a program until the test ends, and shows what it wrote where it failed.
func (c *cluster) start(folder, program string, arguments ...string) {
	c.t.Helper()
	log, err := os.Create(filepath.Join(folder, filepath.Base(program)+".log"))
	if err != nil {
		c.t.Fatal(err)
	}
	command := exec.Command(program, arguments...)
	command.Dir, command.Stdout, command.Stderr = folder, log, log
	if err := command.Start(); err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(func() {
		_ = command.Process.Kill() // it keeps nothing
		_ = command.Wait()
		_ = log.Close()
		if c.t.Failed() {
			c.t.Logf("%s wrote:\n%s", filepath.Base(program), tail(log.Name()))
		}
	})
}

// tail returns the last lines of a file.
func tail(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(string(text), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// freePort returns a port of loopback that was free a moment ago.
func freePort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	address, ok := listener.Addr().(*net.TCPAddr)
	if !ok {
		t.Fatalf("%s is no address of TCP", listener.Addr())
	}
	return address.Port
}

// ask sends a request to the API server.
func (c *cluster) ask(method, at string, body any) (status int, answer []byte, err error) {
	sent, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequestWithContext(c.t.Context(), method, c.url+at, bytes.NewReader(sent))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("Content-Type", "application/json")
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/apply-patch+yaml") // of which JSON is a part
	}
	client := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}} // it made its certificate a moment ago
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err = io.ReadAll(response.Body)
	return response.StatusCode, answer, err
}

// namespace makes one.
func (c *cluster) namespace(name string) {
	c.t.Helper()
	status, answer, err := c.ask(http.MethodPost, "/api/v1/namespaces", map[string]any{"metadata": map[string]string{"name": name}})
	if err != nil || status != http.StatusCreated {
		c.t.Fatalf("namespace %s: %d %s %v", name, status, answer, err)
	}
}
