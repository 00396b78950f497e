package accountscore

import (
	"cmp"
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
	for i := min(len(lines), maxSteps); i < len(lines); i++ {
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

// tierScale is the published score on the scale of the tiers.
type tierScale struct {
	*meter
	Score    string
	Anchor   string // of the score's label: start, middle or end
	Low, Top string // the ends of the scale
	Bands    []band
}

// band is the part of the scale from one tier's threshold to the next.
type band struct {
	Name      string // empty where there is no room for it
	From      string
	X, Width  string
	Shade     string // of the band, 0–1: the higher the tier, the darker
	Chosen    bool
	threshold float64
	tier      string
}

// scaleOf places the score among the tiers' thresholds on it.
func scaleOf(x *Explanation) *tierScale {
	t := &x.Total
	var bands []band
	numbers := []float64{0, t.Score, t.Low, t.High}
	for i := range x.Tiers {
		tier := &x.Tiers[i]
		from, ok := scoreThreshold(tier)
		if ok {
			numbers = append(numbers, from)
			bands = append(bands, band{tier: tier.Name, threshold: from, From: figure(from), Chosen: tier.Chosen})
		}
	}
	if len(bands) == 0 && t.Max == nil {
		return nil // there is nothing to place it among
	}
	if t.Min != nil {
		numbers = append(numbers, *t.Min)
	}
	if t.Max != nil {
		numbers = append(numbers, *t.Max)
	} else {
		numbers = append(numbers, slices.Max(numbers)*1.1)
	}
	r := holding(numbers...)
	if last := len(x.Tiers) - 1; last >= 0 && len(bands) > 0 && len(x.Tiers[last].Tests) == 0 && x.Tiers[last].State == TierTrue {
		bands = append(bands, band{tier: x.Tiers[last].Name, threshold: r.lo, Chosen: x.Tiers[last].Chosen})
	}
	slices.SortStableFunc(bands, func(a, b band) int { return cmp.Compare(a.threshold, b.threshold) })
	bands = r.seen(bands)
	for i := range bands {
		b := &bands[i]
		left, right := r.at(b.threshold), 100.0
		if i+1 < len(bands) {
			right = r.at(bands[i+1].threshold)
		}
		b.X, b.Width = place(left), place(right-left)
		b.Shade = strconv.FormatFloat(0.15+0.5*float64(i+1)/float64(len(bands)), 'f', 2, 64)
		const narrow = 6 // what no name has room in
		if right-left >= narrow {
			b.Name = b.tier
		}
	}
	s := &tierScale{meter: r.meter(t.Score, t.Low, t.High), Score: figure(t.Score), Anchor: "middle", Low: figure(r.lo), Top: figure(micro.Of(r.hi).Round(2).Float()), Bands: bands}
	switch at := r.at(t.Score); {
	case at < 12:
		s.Anchor = "start"
	case at > 88:
		s.Anchor = "end"
	}
	return s
}

// seen leaves out the bands that are too narrow to see: each joins the one
// before it. The bands come by threshold.
func (r ruler) seen(bands []band) []band {
	const unseen = 1.0
	var kept []band
	for _, b := range bands {
		if n := len(kept); n > 0 && !b.Chosen && r.at(b.threshold)-r.at(kept[n-1].threshold) < unseen {
			continue
		}
		kept = append(kept, b)
	}
	return kept
}

// scoreThreshold gives the score from which a tier is open.
func scoreThreshold(t *TierExplanation) (float64, bool) {
	for i := range t.Tests {
		test := &t.Tests[i]
		if d := test.Distance; d != nil && (d.Bound == AtLeast || d.Bound == MoreThan) && len(test.Seen) == 1 && test.Seen[0].Name == "score" {
			return d.Needed, true
		}
	}
	return 0, false
}
