package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/bench/bars"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/peer"
	"github.com/accountscore/accountscore/bench/sqlpeer"
)

// writeResults measures all and writes the report.
func writeResults(path string, o paired.Options, size bars.Size, words []string) error {
	outcomes := bars.Run(bars.All(size), words, o, progress)
	peers, err := measurePeers(o, words)
	if err != nil {
		return err
	}
	databases, err := measureDatabases(o, words)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Results\n\nWritten by `go run . -results`. Only the ratios count: both sides of each took turns in one process, "+
		"a slice of %v at a time, and the ratio is the median of up to %d rounds. The times beside them are of this machine at that moment.\n\n",
		slice(o), rounds(o))
	fmt.Fprintf(&b, "%s\n\n", machine())
	fmt.Fprintf(&b, "## Bars\n\n")
	bars.Write(&b, outcomes)
	fmt.Fprintf(&b, "\n## Other engines\n\nTime per account as a multiple; every score equal to the library's on all accounts.\n\n")
	bars.WriteTable(&b, peers)
	fmt.Fprintf(&b, "\n## Databases\n\nTime to add up the scores of a quarter of a million accounts in memory, with one thread.\n\n")
	bars.WriteTable(&b, databases)
	writeMemory(&b, 64)
	fmt.Fprintf(&b, "\n## Versions\n\n")
	bars.WriteTable(&b, versions())
	return os.WriteFile(path, b.Bytes(), 0o644)
}

func slice(o paired.Options) time.Duration {
	if o.Slice > 0 {
		return o.Slice
	}
	return paired.DefaultSlice
}

func rounds(o paired.Options) int {
	if o.Rounds > 0 {
		return o.Rounds
	}
	return paired.DefaultRounds
}

// machine says what was measured on.
func machine() string {
	return fmt.Sprintf("%s, %d processors, %s/%s, %s, %s.", processor(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH,
		runtime.Version(), time.Now().UTC().Format(time.DateOnly))
}

// processor is the name that Linux gives the processor.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if key, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// versions are those of the engines as they were built in.
func versions() [][]string {
	table := [][]string{{"module", "version"}}
	wanted := slices.Clone(peer.Modules)
	for _, e := range sqlpeer.Engines {
		wanted = append(wanted, e.Module)
	}
	info, _ := debug.ReadBuildInfo()
	for _, d := range info.Deps {
		if slices.Contains(wanted, d.Path) {
			table = append(table, []string{d.Path, d.Version})
		}
	}
	return table
}
