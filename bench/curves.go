package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/accountscore/accountscore/bench/bars"
	"github.com/accountscore/accountscore/bench/paired"
	"github.com/accountscore/accountscore/bench/scale"
)

// writeCurves measures how cost grows and writes pictures and numbers into a
// folder.
func writeCurves(folder string, quick bool) error {
	o := paired.Options{Slice: 2 * time.Millisecond, Rounds: 31, Budget: 8 * time.Second}
	most, copies := 10_000_000, 64
	if quick {
		o, most, copies = paired.Options{Slice: time.Millisecond, Rounds: 9, Budget: 2 * time.Second}, 100_000, 8
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Curves\n\nWritten by `go run . -scale`. All sizes of a curve took turns in one process; each point is the lower quartile. "+
		"The shape counts, not the height.\n\n%s\n", machine())
	for _, measure := range []func() *scale.Curve{
		func() *scale.Curve { return scale.Rules(powers(1, 10_000), o) },
		func() *scale.Curve { return scale.Fields([]int{1, 4, 16, 64, 256}, o) },
		func() *scale.Curve { return scale.Contacts(append([]int{0}, powers(1, 10_000)...), o) },
		func() *scale.Curve { return scale.Changes(powers(1, 10_000), o) },
		func() *scale.Curve { return scale.Accounts(powers(1_000, most), o) },
		func() *scale.Curve { return scale.Compile(powers(1, 10_000), o) },
	} {
		c := measure()
		fmt.Fprintln(os.Stderr, c.Title)
		var svg bytes.Buffer
		if err := c.Chart().Write(&svg); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(folder, c.File), svg.Bytes(), 0o644); err != nil {
			return err
		}
		fmt.Fprintf(&b, "\n## %s\n\n![%s](%s)\n\n", c.Title, c.Title, c.File)
		bars.WriteTable(&b, c.Table())
	}
	writeMemory(&b, copies)
	return os.WriteFile(filepath.Join(folder, "README.md"), b.Bytes(), 0o644)
}

func powers(from, to int) (sizes []int) {
	for n := from; n <= to; n *= 10 {
		sizes = append(sizes, n)
	}
	return sizes
}

// writeMemory measures what accounts, trackers and models take in memory.
func writeMemory(b *bytes.Buffer, copies int) {
	fmt.Fprintf(b, "\n## Memory\n\nBytes of the heap that live on, after a collection; what compiling allocates is the sum over its run.\n\n")
	bars.WriteTable(b, scale.AccountMemory(copies))
	fmt.Fprintln(b)
	bars.WriteTable(b, scale.TrackerMemory(powers(1, 10_000)))
	fmt.Fprintln(b)
	bars.WriteTable(b, scale.ModelMemory(powers(1, 10_000)))
}
