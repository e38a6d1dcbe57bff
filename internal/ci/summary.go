package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// event is what this command needs of one line of go test -json.
type event struct {
	Action, Package, Test, Output string
}

// outcome is how the tests ended.
type outcome struct {
	passed, failed int
	skipped        []skip
	unended        []string // packages that did not end by themselves, with what ran then
}

// skip is a test that did not run. Its reason is what it printed.
type skip struct{ pkg, test, reason string }

// summarise prints what was skipped and why, and how the tests ended, which is
// an error where verdict says so.
func summarise(notes string, reports []string) error {
	var all outcome
	for _, report := range reports {
		file, err := os.Open(report)
		if err != nil {
			return err
		}
		err = errors.Join(all.read(file), file.Close())
		if err != nil {
			return fmt.Errorf("%s: %w", report, err)
		}
	}
	steps, err := os.ReadFile(notes)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}

	all.print(string(steps))
	return all.verdict()
}

// print lists what was skipped, the steps outside go test first, a line each.
func (o *outcome) print(steps string) {
	if len(o.skipped) == 0 && steps == "" {
		fmt.Println("Nothing was skipped.")
	} else {
		fmt.Println("Skipped:")
	}
	for line := range strings.Lines(steps) {
		fmt.Println("-", strings.TrimSpace(line))
	}
	for _, s := range o.skipped {
		fmt.Printf("- %s in %s: %s\n", s.test, path.Base(s.pkg), s.reason)
	}
	if len(o.unended) > 0 {
		fmt.Println("Did not end:")
	}
	for _, line := range o.unended {
		fmt.Println("-", line)
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", o.passed, o.failed, len(o.skipped))
}

// verdict returns what must not be: a failure, a skip without a reason, a run of
// no test.
func (o *outcome) verdict() error {
	var errs []error
	for _, s := range o.skipped {
		if s.reason == "" {
			errs = append(errs, fmt.Errorf("%s in %s skips without a reason", s.test, s.pkg))
		}
	}
	if o.failed > 0 {
		errs = append(errs, fmt.Errorf("%d tests failed", o.failed))
	}
	if o.passed == 0 {
		errs = append(errs, errors.New("no test ran"))
	}
	return errors.Join(errs...)
}

// read adds what one run of go test -json reported. A package that fails while
// tests run (it ran into the timeout, or crashed) or without any that failed (it
// was not compiled) is a failure as well, and so is one that nothing says ended.
func (o *outcome) read(report io.Reader) error {
	printed := map[[2]string]string{}
	running := map[string]map[string]bool{} // by package, its tests
	failed := map[string]bool{}             // packages of which a test failed
	lines := bufio.NewScanner(report)
	lines.Buffer(nil, 16<<20) // one line of output may be a whole Terraform log
	for lines.Scan() {
		var e event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			return err
		}
		if e.Test == "" {
			switch e.Action {
			case "start":
				running[e.Package] = map[string]bool{}
			case "fail":
				if len(running[e.Package]) > 0 || !failed[e.Package] {
					o.leave(e.Package, running[e.Package])
				}
				delete(running, e.Package)
			case "pass", "skip":
				delete(running, e.Package)
			}
			continue
		}
		test := [2]string{e.Package, e.Test}
		switch e.Action {
		case "run":
			if running[e.Package] == nil {
				running[e.Package] = map[string]bool{}
			}
			running[e.Package][e.Test] = true
			continue
		case "output":
			printed[test] += e.Output
			continue
		case "pass":
			o.passed++
		case "fail":
			o.failed++
			failed[e.Package] = true
		case "skip":
			o.skipped = append(o.skipped, skip{e.Package, e.Test, reason(printed[test])})
		default:
			continue // pause, cont
		}
		delete(printed, test)
		delete(running[e.Package], e.Test)
	}
	for _, pkg := range slices.Sorted(maps.Keys(running)) {
		o.leave(pkg, running[pkg])
	}
	return lines.Err()
}

// leave counts a package as a failure that no test of it reported.
func (o *outcome) leave(pkg string, running map[string]bool) {
	o.failed++
	line := path.Base(pkg)
	if len(running) > 0 {
		line += ", while these ran: " + strings.Join(slices.Sorted(maps.Keys(running)), ", ")
	}
	o.unended = append(o.unended, line)
}

// position is the file and line that testing prints before a message.
var position = regexp.MustCompile(`^[\w.-]+\.go:\d+: `)

// reason returns what a test said, on one line, without the lines of go test.
func reason(output string) string {
	var said []string
	for line := range strings.Lines(output) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "=== ") || strings.HasPrefix(line, "--- ") {
			continue
		}
		said = append(said, position.ReplaceAllString(line, ""))
	}
	return strings.Join(said, " ")
}
