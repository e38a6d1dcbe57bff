package proof_test

import (
	"os"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/canopsis/terraform-provider-canopsis/internal/firewall"
	"github.com/canopsis/terraform-provider-canopsis/internal/proof"
)

// TestEveryTargetEnforcesTheFlows is law 6. PROVE_DEPLOYMENTS says how many
// deployments each target gets, PROVE_PACKETS how many random packets (800) every
// eighth of them, PROVE_SEED where the cases begin: a failure names the seed that
// shows it at once.
func TestEveryTargetEnforcesTheFlows(t *testing.T) {
	t.Parallel()
	count := fromEnvironment(t, "PROVE_DEPLOYMENTS", 400)
	seed := fromEnvironment(t, "PROVE_SEED", 1)
	effort := proof.Effort{Deployments: count, Packets: fromEnvironment(t, "PROVE_PACKETS", 800)}
	for _, cloud := range clouds(t) {
		t.Run(cloud.Target.Name, func(t *testing.T) {
			t.Parallel()
			tally, errs := inParallel(cloud, uint64(seed), effort)
			t.Logf("%s: %d deployments with %d bound rules, whose %d sets of packets are compared; %d random packets, of which %d pass; %d disagreements",
				cloud.Target.Name, tally.Deployments, tally.Rules, tally.Sets, tally.Packets, tally.Passed, len(errs))
			for _, err := range errs {
				t.Errorf("%s: %v", cloud.Target.Name, err)
			}
			if share := 100 * tally.Passed / max(tally.Packets, 1); len(errs) == 0 && count > 100 && (share < 10 || share > 90) {
				t.Errorf("%d %% of the packets pass: packets that all fare alike prove little", share)
			}
		})
	}
}

func clouds(t *testing.T) []proof.Cloud {
	t.Helper()
	all, err := proof.Clouds(firewall.Targets()...)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A target that nobody has written a proof for is refused, rather than proved by
// not being looked at.
func TestAnUnknownTargetIsRefused(t *testing.T) {
	t.Parallel()
	extra := firewall.Target{Name: "nothing"}
	if all, err := proof.Clouds(append(firewall.Targets(), extra)...); err == nil || err.Error() != `target "nothing": internal/proof says nothing of it` {
		t.Errorf("%d clouds, error %v", len(all), err)
	}
}

// Cases of every kind have to come up, or a proof says nothing about them.
func TestCasesReachEveryKindOfFlow(t *testing.T) {
	t.Parallel()
	const cases = 200
	found := map[string]int{"through a relay": 0, "relay to relay": 0, "inside a cluster": 0, "interconnection": 0}
	for seed := range uint64(cases) {
		c, err := proof.Generate(8*seed, clouds(t)[0])
		if err != nil {
			t.Fatal(err)
		}
		is := make(map[string]bool)
		for _, r := range c.Rules {
			relays := 0
			for _, end := range []string{r.Source, r.Destination} {
				if slices.Contains([]string{"gate", "balancer", "proxy"}, end) {
					relays++
				}
			}
			is["through a relay"] = is["through a relay"] || relays > 0
			is["relay to relay"] = is["relay to relay"] || relays == 2
			is["inside a cluster"] = is["inside a cluster"] || r.Source == r.Destination && r.Component == "mongodb"
			is["interconnection"] = is["interconnection"] || slices.Contains([]string{"dns", "ntp", "rundeck", "webhook_targets"}, r.Destination)
		}
		for kind := range is {
			if is[kind] {
				found[kind]++
			}
		}
	}
	for kind, n := range found {
		if n < cases/50 {
			t.Errorf("%d of %d cases have a flow %s", n, cases, kind)
		}
	}
	t.Logf("of %d cases: %v", cases, found)
}

// inParallel proves with several goroutines, each with cases of its own.
func inParallel(cloud proof.Cloud, seed uint64, effort proof.Effort) (total proof.Tally, errs []error) {
	workers := min(runtime.GOMAXPROCS(0), 1+effort.Deployments/100)
	var mu sync.Mutex
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			tally, err := proof.Prove(cloud, seed+uint64(i)<<32, proof.Effort{Deployments: effort.Deployments / workers, Packets: effort.Packets})
			mu.Lock()
			defer mu.Unlock()
			total.Add(tally)
			if err != nil {
				errs = append(errs, err)
			}
		})
	}
	wg.Wait()
	return total, errs
}

func fromEnvironment(t *testing.T, name string, otherwise int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return otherwise
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		t.Fatalf("%s is %q, not a number from 1", name, text)
	}
	return n
}
