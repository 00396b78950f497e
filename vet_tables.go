package accountscore

import (
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
	"github.com/accountscore/accountscore/internal/numeral"
)

// maxVetEntries bounds the tables whose entries are compared.
const maxVetEntries = 1_000

// table checks the entries of a table: some value should reach each of them,
// one value should have one entry, and none in between should have none.
func (v *vet) table(t *table, of *cond.Node, src []dsl.Entry, pos dsl.Pos, rule, uncovered string) {
	if len(src) > maxVetEntries || !v.logic.spend(3*len(src)*len(src)) {
		return
	}
	at := func(i int) dsl.Pos {
		if src[i].Pos.IsValid() {
			return src[i].Pos
		}
		return pos
	}
	key := func(i int) string { return keyText(&src[i].Key) }
	if of.Type == cond.Number {
		v.overlaps(t, at, key, rule)
	} else {
		seen := map[string]int{}
		for i := range t.entries {
			if e := &t.entries[i]; e.kind == dsl.KeyText {
				if was, ok := seen[e.text]; ok {
					v.report(VetTableOverlap, Warning, at(i), rule, "drop one of the two", "the entry `%s` never holds: `%s` before it does", key(i), key(was))
				} else {
					seen[e.text] = i
				}
			}
		}
	}
	if t.covers() {
		return
	}
	f := (&abstraction{logic: v.logic}).field(of)
	switch {
	case f != nil && f.allowed != nil && v.logic.spend(len(f.OneOf)*len(src)):
		var without []string
		for _, one := range f.OneOf {
			holds := slices.ContainsFunc(t.entries, func(e entry) bool {
				switch {
				case of.Type == cond.Number:
					return e.holdsNumber(one.Number)
				case t.fold:
					return e.kind == dsl.KeyText && e.text == cond.Fold(one.Text)
				}
				return e.kind == dsl.KeyText && e.text == one.Text
			})
			if !holds {
				without = append(without, literal(one))
			}
		}
		if len(without) > 0 {
			v.report(VetTableGap, Warning, pos, rule, "give it an entry, or add `else: 0`", "%s of `%s` has no entry: it %s", quoted(strings.Join(without, ", ")), f.Name, uncovered)
		}
	case of.Type == cond.Number:
		if lo, hi, ok := gap(t.entries); ok {
			v.report(VetTableGap, Warning, pos, rule, "let the next entry begin where the one before it ends, or add `else: 0`", "what lies between %s and %s has no entry: it %s", numeral.Compact(lo), numeral.Compact(hi), uncovered)
		}
	}
}

// overlaps reports entries over numbers that never hold, and such that hold
// for values of one another. An exception before the wider entry that it is
// an exception from is no fault, and neither are lower bounds that fall.
func (v *vet) overlaps(t *table, at func(int) dsl.Pos, key func(int) string, rule string) {
	n := len(t.entries)
	reached := make([]bool, n)
	shared := map[[2]int]float64{} // a value that both entries hold for
	alone := map[[2]int]bool{}     // the second holds where the first does not
	inside := map[[2]int]bool{}    // the first holds where the second does not
	for _, value := range edges(t.entries) {
		first := -1
		for i := range t.entries {
			if !t.entries[i].holdsNumber(value) {
				continue
			}
			if first < 0 {
				first, reached[i] = i, true
			} else if _, ok := shared[[2]int{first, i}]; !ok {
				shared[[2]int{first, i}] = value
			}
		}
	}
	for i := range t.entries {
		if !reached[i] && t.entries[i].kind != dsl.KeyMissing && t.entries[i].kind != dsl.KeyElse {
			v.report(VetTableOverlap, Warning, at(i), rule, "put the narrower entry first, or drop it", "the entry `%s` never holds: an entry before it does", key(i))
		}
		for j := range i {
			pair := [2]int{j, i}
			value, ok := shared[pair]
			if !ok || !reached[i] || t.entries[i].kind == dsl.KeyElse {
				continue
			}
			for _, f := range edges([]entry{t.entries[j], t.entries[i]}) {
				a, b := t.entries[j].holdsNumber(f), t.entries[i].holdsNumber(f)
				inside[pair], alone[pair] = inside[pair] || a && !b, alone[pair] || b && !a
			}
			if inside[pair] && alone[pair] {
				v.report(VetTableOverlap, Warning, at(i), rule, "let it begin where the other ends",
					"the entries `%s` and `%s` both hold for %s: the first counts", key(j), key(i), numeral.Compact(value))
			}
		}
	}
}

// edges gives the values at and beside the ends of entries.
func edges(entries []entry) []float64 {
	var all []float64
	for _, e := range entries {
		for _, end := range [...]float64{e.lo, e.hi} {
			all = append(all, math.Nextafter(end, math.Inf(-1)), end, math.Nextafter(end, math.Inf(1)))
		}
		if e.kind == dsl.KeyFrom {
			all = append(all, math.MaxFloat64)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// gap gives the first stretch between two entries that no entry covers. Whole
// numbers that stand alone leave none: they are for values that are whole.
func gap(entries []entry) (lo, hi float64, found bool) {
	var spans []entry
	for _, e := range entries {
		switch e.kind {
		case dsl.KeyFrom:
			e.hi = math.Inf(1)
		case dsl.KeyNumber:
			e.hi = e.lo
		case dsl.KeyRange:
		default:
			continue
		}
		spans = append(spans, e)
	}
	slices.SortStableFunc(spans, func(a, b entry) int {
		switch {
		case a.lo < b.lo:
			return -1
		case a.lo > b.lo:
			return 1
		}
		return 0
	})
	for i := 1; i < len(spans); i++ {
		was, next := &spans[i-1], &spans[i]
		if next.lo > was.hi {
			whole := (was.kind == dsl.KeyNumber || next.kind == dsl.KeyNumber) && next.lo-was.hi <= 1
			if !whole && !(was.kind == dsl.KeyNumber && next.kind == dsl.KeyNumber) {
				return was.hi, next.lo, true
			}
		}
		if was.hi > next.hi {
			next.hi, next.open, next.kind = was.hi, was.open, was.kind
		}
	}
	return 0, 0, false
}

// grading checks the steps of a grading, which should cover all that its
// dimension can show.
func (v *vet) grading(g *grading) {
	name := "grades " + g.src.Dimension
	steps := g.src.Steps
	if len(steps) > maxVetEntries {
		return
	}
	at := func(i int) dsl.Pos {
		if steps[i].Pos.IsValid() {
			return steps[i].Pos
		}
		return g.src.Pos
	}
	v.overlaps(g.steps, at, func(i int) string { return keyText(&steps[i].Key) }, name)
	shown := v.statics.dims[g.dim]
	try := []micro.M{shown.low, shown.high}
	for _, e := range g.steps.entries {
		for _, end := range [...]float64{e.lo, e.hi} {
			for _, by := range [...]micro.M{-1, 0, 1} {
				try = append(try, micro.Of(end).Add(by).Clamp(shown.low, shown.high))
			}
		}
	}
	slices.Sort(try)
	for _, p := range try {
		if g.letter(p) == len(g.steps.entries) {
			v.report(VetTableGap, Warning, g.src.Pos, name, "add `else:` with a grade", "there is no grade for some points that `%s` can show, such as %s", g.src.Dimension, numeral.Compact(p.Float()))
			return
		}
	}
}
