package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// share counts statements.
type share struct{ reached, all int }

func (s share) percent() float64 { return 100 * float64(s.reached) / float64(max(1, s.all)) }

// cover prints what share of each package's statements its own tests reach, and
// fails where that of all packages together is less than least, in percent.
// Only what stands under internal/ counts, and not what stands in the folders.
func cover(profile string, least float64, without []string) error {
	file, err := os.Open(profile)
	if err != nil {
		return err
	}
	packages, err := shares(file, without)
	err = errors.Join(err, file.Close())
	if err != nil {
		return fmt.Errorf("%s: %w", profile, err)
	}
	var all share
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		fmt.Printf("%5.1f %% %s\n", packages[name].percent(), name)
		all.reached += packages[name].reached
		all.all += packages[name].all
	}
	fmt.Printf("%5.1f %% of the statements of internal/ are reached by their package's tests (at least %g %%)\n", all.percent(), least)
	if all.all == 0 {
		return fmt.Errorf("%s has no statement that counts", profile)
	}
	if all.percent() < least {
		return fmt.Errorf("too few statements are reached: go tool cover -html=%s shows which", profile)
	}
	return nil
}

// shares reads a coverage profile, whose lines after the first are
// FILE:LINE.COLUMN,LINE.COLUMN STATEMENTS COUNT, into a share for each package.
func shares(profile io.Reader, without []string) (map[string]share, error) {
	packages := map[string]share{}
	lines := bufio.NewScanner(profile)
	for number := 1; lines.Scan(); number++ {
		if number == 1 {
			continue // mode: set
		}
		fields := strings.Fields(lines.Text())
		if len(fields) != 3 {
			return nil, fmt.Errorf("line %d: %q is not a block of a coverage profile", number, lines.Text())
		}
		name, _, _ := strings.Cut(fields[0], ":")
		statements, err := strconv.Atoi(fields[1])
		if err != nil {
			return nil, fmt.Errorf("line %d: the number of statements: %w", number, err)
		}
		_, inside, ok := strings.Cut(path.Dir(name), "/internal/")
		folder := "internal/" + inside
		if !ok || slices.ContainsFunc(without, func(other string) bool {
			return other != "" && strings.HasPrefix(folder+"/", other+"/")
		}) {
			continue
		}
		s := packages[folder]
		s.all += statements
		if fields[2] != "0" {
			s.reached += statements
		}
		packages[folder] = s
	}
	return packages, lines.Err()
}
