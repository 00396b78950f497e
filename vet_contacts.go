package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/micro"
)

// rollup checks how contacts are put together.
func (v *vet) rollup(r *rollup) {
	d := &v.m.dims[slices.IndexFunc(v.m.dims, func(d dimension) bool { return d.contacts == r })]
	if r.src.Weight != nil {
		w := r.src.Weight
		v.table(r.weights, r.weightOf, w.Table, w.Pos, d.name+" weight", "weighs 1")
	}
	if r.score != nil {
		v.filters(r.score, d.src.Pos, d.name+" score")
	}
	v.naiveSum(r, d)
	v.bonusFalls(r, d)
	v.bonusOrder(r, d)
}

// firstPos is the first position that is one.
func firstPos(pos ...dsl.Pos) dsl.Pos {
	i := slices.IndexFunc(pos, dsl.Pos.IsValid)
	return pos[max(i, 0)]
}

// adds tells whether the contacts' scores are added up, all at full value.
func (r *rollup) adds() bool {
	return r.combine.Kind == dsl.Sum || r.combine.Kind == dsl.Ranked && r.combine.Factor >= 1
}

// naiveSum reports a plain sum of contacts: people who are not even engaged
// outscore anybody, if there are enough of them. Weights by who they are and
// a bonus for those who are engaged, both, make it a considered one; so does
// a weight that leaves the least of them out.
func (v *vet) naiveSum(r *rollup, d *dimension) {
	if !r.adds() || v.statics.contacts.score.high <= 0 || r.engaged <= 1 {
		return
	}
	weights := r.weightSet()
	least, most := slices.Min(weights), slices.Max(weights)
	if least <= 0 || least < most && (r.bonus != nil || len(r.steps) > 0) {
		return
	}
	pos := d.src.Pos
	if r.src.Combine != nil {
		pos = firstPos(r.src.Combine.Pos, pos)
	}
	// The largest score that is not engaged, and how many of it outweigh the
	// best that one contact can be.
	below := least.Mul(min(r.engaged-1, v.statics.contacts.score.high))
	const fix = "use `combine ranked 0.8`, or give `weight` by seniority and a `bonus` for engaged contacts"
	if below <= 0 || v.statics.contacts.score.high >= maxContactScore {
		v.report(VetNaiveSum, Warning, pos, d.name, fix, "every contact counts in full: many who are not engaged outscore one who is, whatever that one does")
		return
	}
	best := most.Mul(v.statics.contacts.score.high)
	v.report(VetNaiveSum, Warning, pos, d.name, fix, "every contact counts in full: %d who are not engaged, each just below %s, outscore the best that one contact can be (%s)",
		best/below+1, r.engaged.String(), best.String())
}

// bonusFalls reports a bonus that is less for more contacts: another engaged
// contact would lower the account.
func (v *vet) bonusFalls(r *rollup, d *dimension) {
	was, before := micro.M(0), 0
	for _, s := range r.steps {
		if p := micro.Of(s.Points); p < was {
			v.report(VetBonusFalls, Warning, firstPos(s.Pos, r.src.Bonus.Pos, d.src.Pos), d.name+" bonus", "let the bonus grow with the number of contacts",
				"the bonus is %s for %d engaged contacts and %s for %d: one more lowers the account", was.String(), before, p.String(), s.N)
			return
		}
		was, before = micro.Of(s.Points), s.N
	}
}

// bonusOrder reports a bonus too small for what it is for: that two engaged
// contacts beat one who scores as much as both.
func (v *vet) bonusOrder(r *rollup, d *dimension) {
	if r.src.Bonus == nil || r.combine.Kind != dsl.Ranked && r.combine.Kind != dsl.Sum {
		return
	}
	second := micro.One // the factor of the second contact
	if r.combine.Kind == dsl.Ranked {
		second = r.rank(1)
	}
	// The scores x that the promise is about: x engages, 2x is below the cap.
	least, most := max(r.engaged, 1), v.statics.contacts.score.high/2
	if least > most {
		return
	}
	pos := firstPos(r.src.Bonus.Pos, d.src.Pos)
	const fix = "raise the bonus for the second contact, or the factor after `ranked`"
	if r.bonus != nil {
		// (1+d)·M(2) > 2, in millionths of millionths.
		factor := (micro.One + second).Mul(micro.One + r.bonus[min(2, len(r.bonus)-1)])
		if factor <= 2*micro.One {
			v.report(VetBonusOrder, Warning, pos, d.name+" bonus", fix,
				"two engaged contacts count %s times one of them, and one of twice the score counts 2 times: two should count for more", factor.String())
		}
		return
	}
	// A table adds points, so the promise is hardest to keep for large scores,
	// and for contacts who weigh most.
	weight := slices.Max(r.weightSet())
	x := weight.Mul(most)
	one, two := x.Add(x).Add(r.bonusFor(0, 1)), x.Add(second.Mul(x)).Add(r.bonusFor(0, 2))
	if two <= one {
		v.report(VetBonusOrder, Note, pos, d.name+" bonus", "raise the bonus for two contacts, or use `bonus multi-thread`, which grows with the scores",
			"two engaged contacts who weigh in at %s come to %s, and one at %s to %s: two should count for more", x.String(), two.String(), x.Add(x).String(), one.String())
	}
}
