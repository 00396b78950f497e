package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples/internal/columns"
)

// why says in one line what moved the score most, and which fields are missing
// that could move it.
func why(x *accountscore.Explanation) string {
	var parts []string
	if x.Result.Reason != "" {
		parts = append(parts, x.Result.Reason)
	}
	largest := effects(x)
	for _, e := range largest[:min(3, len(largest))] {
		parts = append(parts, fmt.Sprintf("%s %+.1f", e.text, e.points))
	}
	var missing []string
	for _, n := range x.Missing {
		if n.Gain != 0 || n.Loss != 0 || len(n.Together) > 0 {
			missing = append(missing, n.Field)
		}
	}
	if len(missing) > 0 {
		parts = append(parts, "missing "+strings.Join(missing, ", "))
	}
	return strings.Join(parts, "; ")
}

// effect is what a line of an explanation is worth in points of the score.
type effect struct {
	text   string
	points float64
}

// effects gives what earned or cost points, the largest first. The lines count
// in points of their dimension; the weights turn them into points of the score.
func effects(x *accountscore.Explanation) []effect {
	factors := map[string]float64{}
	for _, d := range x.Dimensions {
		factors[d.Name] = factor(d)
	}
	var list []effect
	for _, l := range x.Lines {
		switch l.Kind {
		case accountscore.LineRule, accountscore.LineGroup, accountscore.LineContact, accountscore.LineBonus, accountscore.LineScale:
			e := effect{short(l), l.Points * factors[l.Dimension]}
			if max(e.points, -e.points) >= 0.05 { // less would be printed as 0.0
				list = append(list, e)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b effect) int { return cmp.Compare(max(b.points, -b.points), max(a.points, -a.points)) })
	return list
}

// factor is what a point of a dimension is worth in the score.
func factor(d accountscore.DimensionExplanation) float64 {
	if d.Weight == nil {
		return 1
	}
	if d.OutOf > 0 {
		return *d.Weight * 100 / d.OutOf
	}
	return *d.Weight
}

// short gives a line's reason or, for want of one, the left side of its rule,
// without its label.
func short(l accountscore.Line) string {
	_, label, _ := strings.Cut(l.Rule, ".")
	text, _, _ := strings.Cut(strings.TrimPrefix(l.Text, label+": "), " →")
	switch l.Kind {
	case accountscore.LineContact:
		text, _, _ = strings.Cut(l.Contact, "@")
	case accountscore.LineBonus:
		text = "multi-thread bonus"
	}
	return columns.Clip(text, 40)
}
