package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// target is one fuzz test.
type target struct{ pkg, name string }

// fuzz runs those fuzz targets of the packages whose names match only, each for
// length (a duration, or a number of inputs with an x behind it), jobs of them
// at once, and tells of each when it ends. What a failing target found lies in
// its package's testdata, where go test finds it again.
func fuzz(only, length string, jobs int, packages []string) error {
	if jobs < 1 {
		return fmt.Errorf("-jobs %d: at least one", jobs)
	}
	targets, err := fuzzTargets(only, packages)
	if err != nil {
		return err
	}
	if len(targets) == 0 {
		return fmt.Errorf("no fuzz target that matches %q in %s", only, strings.Join(packages, " "))
	}
	var (
		group   sync.WaitGroup
		turn    = make(chan struct{}, jobs)
		writing sync.Mutex
		failed  []error
	)
	for _, t := range targets {
		group.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			text, err := fuzzOne(t, length, max(1, runtime.NumCPU()/min(jobs, len(targets))))
			writing.Lock()
			defer writing.Unlock()
			if err != nil {
				failed = append(failed, fmt.Errorf("%s in %s: %w", t.name, t.pkg, err))
				fmt.Printf("FAIL fuzz %s %s\n%s", t.pkg, t.name, text)
				return
			}
			fmt.Printf("ok   fuzz %s %s, %s\n", t.pkg, t.name, lastCount(text))
		})
	}
	group.Wait()
	return errors.Join(failed...)
}

// fuzzTargets asks go test for the fuzz targets of the packages that match only.
func fuzzTargets(only string, packages []string) ([]target, error) {
	list, err := exec.Command("go", append([]string{"test", "-list", only}, packages...)...).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("listing the fuzz targets: %w\n%s", err, list)
	}
	return parseTargets(bytes.NewReader(list))
}

// parseTargets reads what go test -list prints: the names of a package's
// targets, then a line "ok PACKAGE TIME".
func parseTargets(list io.Reader) ([]target, error) {
	var targets []target
	var names []string
	lines := bufio.NewScanner(list)
	for lines.Scan() {
		fields := strings.Fields(lines.Text())
		switch {
		case len(fields) == 1 && strings.HasPrefix(fields[0], "Fuzz"):
			names = append(names, fields[0])
		case len(fields) >= 2 && fields[0] == "ok":
			for _, name := range names {
				targets = append(targets, target{fields[1], name})
			}
			names = nil
		}
	}
	return targets, lines.Err()
}

// fuzzOne runs one target. By default go test takes up to a minute to shorten a
// single new input: for a target that reads pages, all of its time.
func fuzzOne(t target, length string, workers int) (string, error) {
	text, err := exec.Command("go", "test", t.pkg, "-run", "^$", "-fuzz", "^"+t.name+"$",
		"-fuzztime", length, "-fuzzminimizetime", "20x", "-parallel", strconv.Itoa(workers)).CombinedOutput()
	if err != nil && onlyDeadline(string(text)) {
		err = nil
	}
	return string(text), err
}

// onlyDeadline tells whether a run failed for no reason but that its time was
// up while a worker was busy, which go test reports as a failure without an
// input (golang/go#75804, mended in Go 1.27).
func onlyDeadline(text string) bool {
	return strings.Contains(text, "context deadline exceeded") &&
		!strings.Contains(text, "Failing input written") &&
		!strings.Contains(text, "panic:")
}

// lastCount returns the last progress that go test printed.
func lastCount(text string) string {
	count := "no input tried"
	for line := range strings.Lines(text) {
		if _, progress, ok := strings.Cut(line, "execs: "); ok {
			count = strings.TrimSpace(progress)
		}
	}
	number, _, _ := strings.Cut(count, " (")
	if number == count {
		return count
	}
	return number + " inputs"
}
