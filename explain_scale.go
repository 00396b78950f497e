package accountscore

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/accountscore/accountscore/internal/micro"
)

// tierScale is the published score on the scale of the tiers.
type tierScale struct {
	*meter
	Score    string
	Anchor   string // of the score's label: start, middle or end
	Low, Top string // the ends of the scale; empty where it has none
	Bands    []band
}

// band is the part of the scale that one tier takes, as far as the score
// alone decides.
type band struct {
	Name     string // empty where there is no room for it
	Limit    string // the score that it begins or ends with, such as "40+" or "< 30"
	X, Width string
	Shade    string // of the band, 0–1: the better the tier, the darker
	Chosen   bool
	from     float64
	tier     string
}

// scaleOf places the score among the tiers that ask for it.
func scaleOf(x *Explanation) *tierScale {
	t := &x.Total
	limits := scoreLimits(x.Tiers)
	if len(limits) == 0 && t.Max == nil {
		return nil // there is nothing to place it among
	}
	numbers := []float64{0, t.Score, t.Low, t.High}
	for _, l := range limits {
		numbers = append(numbers, l.needed)
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
	bands := r.seen(bandsOf(x.Tiers, limits, r.lo))
	for i := range bands {
		b := &bands[i]
		left, right := r.at(b.from), 100.0
		if i+1 < len(bands) {
			right = r.at(bands[i+1].from)
		}
		b.X, b.Width = place(left), place(right-left)
		better := i + 1
		if falling(limits) {
			better = len(bands) - i
		}
		b.Shade = strconv.FormatFloat(0.15+0.5*float64(better)/float64(len(bands)), 'f', 2, 64)
		const narrow = 6 // what no name has room in
		if right-left >= narrow {
			b.Name = b.tier
		}
	}
	s := &tierScale{meter: r.meter(t.Score, t.Low, t.High), Score: figure(t.Score), Anchor: "middle", Low: figure(r.lo), Bands: bands}
	if t.Max != nil {
		s.Top = figure(micro.Of(r.hi).Round(2).Float())
	}
	switch at := r.at(t.Score); {
	case at < 12:
		s.Anchor = "start"
	case at > 88:
		s.Anchor = "end"
	}
	return s
}

// scoreLimit is the score from which a tier is open, or up to which.
type scoreLimit struct {
	tier   int
	needed float64
	bound  Bound
}

func (l scoreLimit) falls() bool { return l.bound == AtMost || l.bound == LessThan }

// String says it as a band does.
func (l scoreLimit) String() string {
	switch l.bound {
	case AtMost:
		return "≤ " + figure(l.needed)
	case LessThan:
		return "< " + figure(l.needed)
	case MoreThan:
		return "> " + figure(l.needed)
	}
	return figure(l.needed) + "+"
}

// words says it in a sentence.
func (l scoreLimit) words() string {
	switch l.bound {
	case AtMost:
		return "up to " + figure(l.needed)
	case LessThan:
		return "below " + figure(l.needed)
	case MoreThan:
		return "above " + figure(l.needed)
	}
	return "from " + figure(l.needed)
}

// scoreLimits gives what the tiers ask of the score, the tier that is listed
// first before. A score of risk has tiers that are open below a number: where
// none is open from a number, those are the limits.
func scoreLimits(tiers []TierExplanation) []scoreLimit {
	var rising, falls []scoreLimit
	for i := range tiers {
		rose, fell := false, false
		for j := range tiers[i].Tests {
			test := &tiers[i].Tests[j]
			if d := test.Distance; d != nil && len(test.Seen) == 1 && test.Seen[0].Name == "score" {
				l := scoreLimit{i, d.Needed, d.Bound}
				switch {
				case (d.Bound == AtLeast || d.Bound == MoreThan) && !rose:
					rising, rose = append(rising, l), true
				case l.falls() && !fell:
					falls, fell = append(falls, l), true
				}
			}
		}
	}
	if len(rising) > 0 {
		return rising
	}
	return falls
}

// falling tells that the lowest score is the best tier's.
func falling(limits []scoreLimit) bool { return len(limits) > 0 && limits[0].falls() }

// bandsOf gives the bands that limits make of a scale which begins at a
// number, the lowest first.
func bandsOf(tiers []TierExplanation, limits []scoreLimit, lo float64) []band {
	bands := make([]band, len(limits))
	for i, l := range limits {
		bands[i] = band{tier: tiers[l.tier].Name, from: l.needed, Limit: l.String(), Chosen: tiers[l.tier].Chosen}
	}
	byStart := func(a, b band) int { return cmp.Compare(a.from, b.from) }
	slices.SortStableFunc(bands, byStart)
	last := len(tiers) - 1
	otherwise := len(bands) > 0 && len(tiers[last].Tests) == 0 && tiers[last].State == TierTrue
	switch {
	case falling(limits):
		// A band ends where the next begins, and the last tier takes the rest.
		end := bands[len(bands)-1].from
		for i := len(bands) - 1; i > 0; i-- {
			bands[i].from = bands[i-1].from
		}
		bands[0].from = lo
		rest := band{from: end}
		if otherwise {
			rest.tier, rest.Chosen = tiers[last].Name, tiers[last].Chosen
		}
		bands = append(bands, rest)
	case otherwise:
		bands = append(bands, band{tier: tiers[last].Name, from: lo, Chosen: tiers[last].Chosen})
		slices.SortStableFunc(bands, byStart)
	}
	return bands
}

// seen leaves out the bands that are too narrow to see: each joins the one
// before it. The bands come by where they begin.
func (r ruler) seen(bands []band) []band {
	const unseen = 1.0
	var kept []band
	for _, b := range bands {
		if n := len(kept); n > 0 && !b.Chosen && r.at(b.from)-r.at(kept[n-1].from) < unseen {
			continue
		}
		kept = append(kept, b)
	}
	return kept
}
