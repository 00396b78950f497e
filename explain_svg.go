package accountscore

import (
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/internal/micro"
)

// The drawings of the page. Places are per cent of a drawing's width, so that
// it fits a phone and a wall alike without making its text smaller.

// ruler is the range of numbers that a drawing shows.
type ruler struct{ lo, hi float64 }

// holding makes a ruler that holds some numbers, and is never empty.
func holding(numbers ...float64) ruler {
	r := ruler{slices.Min(numbers), slices.Max(numbers)}
	if r.hi <= r.lo {
		r.hi = r.lo + 1
	}
	return r
}

// at gives the place of a number, 0–100.
func (r ruler) at(f float64) float64 { return min(max((f-r.lo)/(r.hi-r.lo), 0), 1) * 100 }

// place writes a place for an attribute of SVG.
func place(f float64) string {
	return strconv.FormatFloat(micro.Of(f).Round(2).Float(), 'f', -1, 64) + "%"
}

// drawnBar is a bar between two numbers.
type drawnBar struct {
	Class    string // up, down or total
	X, Width string
	From, To string // where the step begins and ends
	Zero     string
}

func (r ruler) bar(from, to float64) *drawnBar {
	const hairline = 0.5 // what is too small to see is drawn as
	b := &drawnBar{Class: "up", From: place(r.at(from)), To: place(r.at(to)), Zero: place(r.at(0))}
	if to < from {
		b.Class = "down"
	}
	left, right := r.at(min(from, to)), r.at(max(from, to))
	width := max(right-left, hairline)
	b.X, b.Width = place(min(left, 100-width)), place(width)
	return b
}

// step is a row of the waterfall: a dimension's heading, a line, or the score.
type step struct {
	Heading bool
	Name    string
	Points  string
	Running string
	Bar     *drawnBar
}

// maxSteps is how many lines of a waterfall are drawn; the rest is one.
const maxSteps = 150

// waterfall lays the lines of an explanation out, from zero to the score.
func waterfall(x *Explanation) []step {
	lines := x.Lines
	var rest micro.M
	for i := maxSteps; i < len(lines); i++ {
		rest += micro.Of(lines[i].Points)
	}
	drawn := slices.Clone(lines[:min(len(lines), maxSteps)])
	if more := len(lines) - len(drawn); more > 0 {
		drawn = append(drawn, Line{Text: "and " + counted(more, "more step", "more steps"), Points: rest.Float()})
	}
	at, ends := micro.M(0), []float64{0, x.Total.Score}
	for i := range drawn {
		at += micro.Of(drawn[i].Points)
		ends = append(ends, at.Float())
	}
	r := holding(ends...)
	var steps []step
	dimension := ""
	at = 0
	for i := range drawn {
		l := &drawn[i]
		if i == 0 || l.Dimension != dimension {
			dimension = l.Dimension
			steps = append(steps, step{Heading: true, Name: orElse(dimension, "total")})
		}
		from := at
		at += micro.Of(l.Points)
		steps = append(steps, step{Name: l.Text, Points: points(l.Points), Running: figure(at.Float()), Bar: r.bar(from.Float(), at.Float())})
	}
	total := step{Name: "Score", Points: figure(x.Total.Score), Running: figure(x.Total.Score), Bar: r.bar(0, x.Total.Score)}
	total.Bar.Class = "total"
	return append(steps, total)
}

// meter is a number on a scale, with the range that it could have.
type meter struct {
	At, X, Width string // of the number, and of the range
	Open         bool   // there is a range
}

func (r ruler) meter(at, low, high float64) *meter {
	return &meter{At: place(r.at(at)), X: place(r.at(low)), Width: place(r.at(high) - r.at(low)), Open: low != high}
}
