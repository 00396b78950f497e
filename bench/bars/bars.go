// Package bars measures what the library promises of its speed, each promise
// as a ratio of two things that take turns in one process.
package bars

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/bench/paired"
)

// Bar is one promise: on a fixture a ratio is at most, or at least, a limit.
type Bar struct {
	Name    string
	On      string // the fixture, or what was scored
	AtLeast bool
	Limit   float64
	// Told is of what is measured for information: nothing is promised.
	Told bool
	// Measure first makes sure that what it compares gives the same scores.
	Measure func(paired.Options) (Reading, error)
}

// Reading is what was measured.
type Reading struct {
	Value        float64
	Lower, Upper float64 // the quartiles, where there were rounds
	Note         string
}

func reading(r paired.Ratio) Reading {
	return Reading{r.Median, r.Lower, r.Upper, fmt.Sprintf("%s against %s", duration(r.A), duration(r.B))}
}

// Shown is the value as a table shows it.
func (r Reading) Shown() string { return decimal(r.Value) }

// Met tells whether a reading keeps the promise. What could not be measured
// does not.
func (b *Bar) Met(r Reading) bool {
	if math.IsNaN(r.Value) {
		return false
	}
	if b.Told {
		return true
	}
	if b.AtLeast {
		return r.Value >= b.Limit
	}
	return r.Value <= b.Limit
}

// Wanted is the limit as it is shown.
func (b *Bar) Wanted() string {
	if b.Told {
		return "–"
	}
	sign := "≤ "
	if b.AtLeast {
		sign = "≥ "
	}
	return sign + decimal(b.Limit)
}

// shown is the reading's value with as many digits as tell it from a limit that
// it misses.
func (b *Bar) shown(r Reading) string {
	s := r.Shown()
	for digits := 3; !b.Met(r) && s == decimal(b.Limit) && digits < 7; digits++ {
		if exact := strconv.FormatFloat(r.Value, 'f', digits, 64); exact != strconv.FormatFloat(b.Limit, 'f', digits, 64) {
			s = exact
		}
	}
	return s
}

// Outcome is a bar with what came of it.
type Outcome struct {
	Bar     *Bar
	Reading Reading
	Err     error
}

// Met tells whether the promise is kept.
func (o *Outcome) Met() bool { return o.Err == nil && o.Bar.Met(o.Reading) }

// Run measures the bars whose name or fixture holds one of the words, all
// where there are none; progress is told what is being measured.
func Run(all []Bar, words []string, o paired.Options, progress func(*Bar)) []Outcome {
	var outcomes []Outcome
	for i := range all {
		b := &all[i]
		if !Chosen(b.Name+" "+b.On, words) {
			continue
		}
		progress(b)
		r, err := b.Measure(o)
		outcomes = append(outcomes, Outcome{b, r, err})
	}
	return outcomes
}

// Chosen tells whether a name holds one of the words, in any case, or there
// are none.
func Chosen(name string, words []string) bool {
	for _, w := range words {
		if strings.Contains(strings.ToLower(name), strings.ToLower(w)) {
			return true
		}
	}
	return len(words) == 0
}

// Missed counts the promises, and those that are not kept; what is measured for
// information is a miss where it could not be.
func Missed(outcomes []Outcome) (missed, promises int) {
	for i := range outcomes {
		o := &outcomes[i]
		if !o.Met() {
			missed++
		}
		if !o.Bar.Told {
			promises++
		}
	}
	return missed, promises
}

// Write prints the outcomes as a Markdown table.
func Write(w io.Writer, outcomes []Outcome) {
	table := [][]string{{"bar", "on", "wanted", "measured", "quartiles", "met", "times"}}
	for i := range outcomes {
		o := &outcomes[i]
		row := []string{o.Bar.Name, o.Bar.On, o.Bar.Wanted(), o.Bar.shown(o.Reading), "", "no", o.Reading.Note}
		if o.Reading.Lower != 0 || o.Reading.Upper != 0 {
			row[4] = decimal(o.Reading.Lower) + "–" + decimal(o.Reading.Upper)
		}
		if o.Err != nil {
			row[3], row[6] = "–", "error: "+o.Err.Error()
		}
		switch {
		case o.Bar.Told && o.Err == nil:
			row[5] = "–"
		case o.Met():
			row[5] = "yes"
		}
		table = append(table, row)
	}
	WriteTable(w, table)
}

// WriteTable prints rows of cells as an aligned Markdown table; the first row
// is the head.
func WriteTable(w io.Writer, table [][]string) {
	widths := make([]int, len(table[0]))
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], len([]rune(cell)))
		}
	}
	line := func(row []string) {
		for i, cell := range row {
			fmt.Fprintf(w, "| %s%s ", cell, strings.Repeat(" ", widths[i]-len([]rune(cell))))
		}
		fmt.Fprintln(w, "|")
	}
	line(table[0])
	rule := make([]string, len(widths))
	for i, n := range widths {
		rule[i] = strings.Repeat("-", n)
	}
	line(rule)
	for _, row := range table[1:] {
		line(row)
	}
}

// decimal shows three digits, or all before the point.
func decimal(f float64) string {
	switch abs := math.Abs(f); {
	case f == math.Trunc(f), abs >= 100:
		return fmt.Sprintf("%.0f", f)
	case abs >= 10:
		return fmt.Sprintf("%.1f", f)
	default:
		return fmt.Sprintf("%.2f", f)
	}
}
