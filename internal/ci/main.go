// Command ci does for the build what go test leaves out:
//
//	ci fuzz [-run REGEXP] [-time 30s] [-jobs 2] packages...
//	ci cover [-min 95] [-without internal/provider,...] coverage.out
//	ci summary [-notes file] events.json...
//	ci release [-manifest terraform-registry-manifest.json] dist dist
//	ci changelog v1.2.3 CHANGELOG.md
//
// It needs nothing but the Go toolchain on PATH.
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "ci:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("say what to do: fuzz, cover, summary, release or changelog")
	}
	flags := flag.NewFlagSet(args[0], flag.ContinueOnError)
	switch args[0] {
	case "fuzz":
		only := flags.String("run", "^Fuzz", "a regular expression: only the targets whose name matches")
		length := flags.String("time", "30s", "how long each target runs, or how many inputs it is given, as in 1000000x")
		jobs := flags.Int("jobs", min(2, runtime.NumCPU()), "how many targets run at once")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return fuzz(*only, *length, *jobs, flags.Args())
	case "cover":
		least := flags.Float64("min", 95, "the least share of statements that tests must reach, in percent")
		without := flags.String("without", "", "folders that do not count, separated by commas")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return cover(flags.Arg(0), *least, strings.Split(*without, ","))
	case "summary":
		notes := flags.String("notes", "", "a file with a line for each step that was skipped outside go test")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		return summarise(*notes, flags.Args())
	case "release":
		manifest := flags.String("manifest", "terraform-registry-manifest.json", "the registry's manifest, which SHA256SUMS names too")
		if err := flags.Parse(args[1:]); err != nil {
			return err
		}
		if flags.NArg() != 2 {
			return fmt.Errorf("release wants two folders, got %d", flags.NArg())
		}
		return compareReleases(*manifest, flags.Arg(0), flags.Arg(1))
	case "changelog":
		if len(args) != 3 {
			return fmt.Errorf("changelog wants a tag and a file, got %d words", len(args)-1)
		}
		return checkChangelog(args[1], args[2])
	}
	return fmt.Errorf("cannot %q: say fuzz, cover, summary, release or changelog", args[0])
}
