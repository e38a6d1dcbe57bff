// Command mutate puts small faults into the renderers, the deployment, the algebra
// of packets and what reads rules back, one at a time, and reports which of them the tests see:
//
//	mutate [-run REGEXP] [-workers 2]
//
// A mutation tool changes operators. These faults are those that a person makes
// and that a cloud would enforce: a port off by one, a swapped direction, a
// family that is dropped, a merge that is forgotten. They are applied to copies
// of internal/ in the folder for temporary files, never to the tree itself.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("mutate", flag.ContinueOnError)
	only := flags.String("run", "", "a regular expression: only the faults whose file and name match")
	workers := flags.Int("workers", runtime.GOMAXPROCS(0), "how many faults are tried at once")
	if err := flags.Parse(args); err != nil {
		return err
	}
	pattern, err := regexp.Compile(*only)
	if err != nil {
		return err
	}
	root, err := moduleRoot(ctx)
	if err != nil {
		return err
	}
	var chosen []fault
	for _, f := range faults {
		if pattern.MatchString(f.file + " " + f.name) {
			chosen = append(chosen, f)
		}
	}
	if len(chosen) == 0 {
		return fmt.Errorf("no fault matches %q", *only)
	}
	seen, err := tryAll(ctx, root, chosen, max(1, min(*workers, len(chosen))), out)
	if err != nil {
		return err
	}
	log.New(out, "", 0).Printf("%d faults, %d seen by a test, %d not", len(chosen), seen, len(chosen)-seen)
	if seen < len(chosen) {
		return errors.New("a fault that no test sees needs a test")
	}
	return nil
}

func moduleRoot(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "env", "GOMOD").Output()
	if err != nil {
		return "", fmt.Errorf("go env GOMOD: %w", err)
	}
	return filepath.Dir(strings.TrimSpace(string(output))), nil
}

// tryAll tries every fault, several at once, and returns how many were seen. The
// tests have to pass without any: one that fails anyway would see all of them.
func tryAll(ctx context.Context, root string, chosen []fault, workers int, out io.Writer) (seen int, err error) {
	if err := inCopy(root, func(tree string) error { return passes(ctx, tree, chosen) }); err != nil {
		return 0, err
	}
	queue := make(chan fault, len(chosen))
	for _, f := range chosen {
		queue <- f
	}
	close(queue)
	verdicts := log.New(out, "", 0)
	var mu sync.Mutex
	var errs []error
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			err := inCopy(root, func(tree string) error {
				var errs []error
				for f := range queue {
					by, err := try(ctx, tree, f)
					mu.Lock()
					switch {
					case err != nil:
						errs = append(errs, fmt.Errorf("%s: %s: %w", f.file, f.name, err))
					case by != "":
						seen++
						verdicts.Printf("%s: %s: seen by %s", f.file, f.name, by)
					default:
						verdicts.Printf("%s: %s: NOT SEEN", f.file, f.name)
					}
					mu.Unlock()
				}
				return errors.Join(errs...)
			})
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
		})
	}
	wg.Wait()
	return seen, errors.Join(errs...)
}

// inCopy calls do with a copy of what the tests need, and removes it then.
func inCopy(root string, do func(tree string) error) (err error) {
	tree, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(tree)) }()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(tree, name), text, 0o600); err != nil {
			return err
		}
	}
	if err := os.CopyFS(filepath.Join(tree, "internal"), os.DirFS(filepath.Join(root, "internal"))); err != nil {
		return err
	}
	return do(tree)
}

// passes runs the tests of the faults' packages on the code as it is.
func passes(ctx context.Context, tree string, chosen []fault) error {
	packages := make(map[string]bool)
	for _, f := range chosen {
		for _, name := range f.tests() {
			packages[name] = true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		if output, err := test(ctx, tree, name); err != nil {
			return fmt.Errorf("the tests of internal/%s fail without any fault: %w\n%s", name, err, output)
		}
	}
	return nil
}

// try applies a fault, runs its packages' tests and takes it away again. It
// returns the test that saw it, and "" where none did.
func try(ctx context.Context, tree string, f fault) (by string, err error) {
	path := filepath.Join(tree, "internal", filepath.FromSlash(f.file))
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	changed, err := f.apply(string(text))
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(path, []byte(changed), 0o600); err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.WriteFile(path, text, 0o600)) }()
	if output, err := goCommand(ctx, tree, "build", "./internal/"+filepath.ToSlash(filepath.Dir(f.file))); err != nil {
		return "", fmt.Errorf("it does not compile, which is no test's merit:\n%s", output)
	}
	for _, name := range f.tests() {
		output, err := test(ctx, tree, name)
		if err == nil {
			continue
		}
		if by := failed(output); by != "" && ctx.Err() == nil {
			return by, nil
		}
		return "", fmt.Errorf("internal/%s: no test failed, and yet: %w\n%s", name, err, output)
	}
	return "", nil
}

// test runs the tests of one package.
func test(ctx context.Context, tree, name string) (output string, err error) {
	output, err = goCommand(ctx, tree, "test", "-failfast", "-vet=off", "-timeout", "5m", "./internal/"+name)
	return output, errors.Join(err, ctx.Err())
}

func goCommand(ctx context.Context, tree string, args ...string) (output string, err error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = tree
	// A fault that needs more deployments to show is one that make prove would find;
	// the tests that run every day have to find it sooner.
	cmd.Env = append(os.Environ(), "PROVE_DEPLOYMENTS=200", "GOWORK=off", "GOFLAGS=")
	text, err := cmd.CombinedOutput()
	return string(text), err
}

var failure = regexp.MustCompile(`(?m)^--- FAIL: (\S+)`)

// failed returns the first test that failed, or "a panic", and "" where neither
// is in the output: what does not build, or takes too long, is seen by no test.
func failed(output string) string {
	if match := failure.FindStringSubmatch(output); match != nil {
		return match[1]
	}
	if strings.Contains(output, "panic: ") && !strings.Contains(output, "panic: test timed out after ") {
		return "a panic"
	}
	return ""
}
