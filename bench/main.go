// Command bench measures the library beside hand-written Go and beside other
// engines, in ratios of things that take turns in one process.
//
//	go run .            print every bar with what was measured
//	go run . -check     the same, and exit with 1 where a bar is missed
//	go run . -peers     the other engines on the same rulesets
//	go run . -results   all of it into RESULTS.md
//	go run . -scale     how cost grows with rules, fields, contacts and accounts, into curves/
//	go run . -quick     in less than a minute: smaller batches, wider quartiles
//	go run . mixed      only what has the word in its name
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/accountscore/accountscore/bench/bars"
	"github.com/accountscore/accountscore/bench/paired"
)

func main() {
	check := flag.Bool("check", false, "exit with 1 where a bar is missed")
	peers := flag.Bool("peers", false, "measure the other engines instead of the bars")
	results := flag.Bool("results", false, "measure all and write RESULTS.md")
	curves := flag.Bool("scale", false, "measure how cost grows and write curves/")
	quick := flag.Bool("quick", false, "fewer rounds and smaller batches: less than a minute")
	flag.Parse()
	options, size := paired.Options{Budget: 4 * time.Second}, bars.FullSize
	if *quick {
		size = bars.Size{Copies: 64, Companies: 10_000}
		options = paired.Options{Slice: time.Millisecond, Rounds: 25, Budget: 500 * time.Millisecond}
	}
	var err error
	if *curves {
		err = writeCurves("curves", *quick)
	} else {
		err = run(options, size, flag.Args(), *peers, *results, *check)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(o paired.Options, size bars.Size, words []string, peers, results, check bool) error {
	if results {
		return writeResults("RESULTS.md", o, size, words)
	}
	if peers {
		table, err := measurePeers(o, words)
		bars.WriteTable(os.Stdout, table)
		if err != nil {
			return err
		}
		fmt.Println()
		table, err = measureDatabases(o, words)
		bars.WriteTable(os.Stdout, table)
		return err
	}
	outcomes := bars.Run(bars.All(size), words, o, progress)
	if len(outcomes) == 0 {
		return fmt.Errorf("no bar has %s in its name", strings.Join(words, " or "))
	}
	bars.Write(os.Stdout, outcomes)
	if missed, promises := bars.Missed(outcomes); check && missed > 0 {
		return fmt.Errorf("%d of %d bars missed", missed, promises)
	}
	return nil
}

// progress tells what is being measured, on standard error.
func progress(b *bars.Bar) { fmt.Fprintf(os.Stderr, "%s: %s\n", b.On, b.Name) }
