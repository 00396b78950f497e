package accountscore

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// ContactScore is what one contact brings to its account.
type ContactScore struct {
	ID string `json:"id"`
	// Score is the contact's lead score: decayed, floored at 0 and capped.
	Score float64 `json:"score"`
	// Weight is its seniority weight, 1 where the ruleset gives none.
	Weight float64 `json:"weight"`
	// Weighted is Weight × Score, what the rollup combines.
	Weighted float64 `json:"weighted"`
	// Rank is 1 for the contact with the largest weighted score; ties go by id.
	Rank int `json:"rank"`
	// Share is the points that the contact brings to the rollup, before the
	// bonus and the dimension's own clamp.
	Share float64 `json:"share"`
	// Engaged tells whether Score reaches the engaged threshold.
	Engaged bool `json:"engaged"`
}

// ContactScores appends the score of every contact of the account to dst, by
// rank: whom to call first. Without a dimension from contacts it appends
// nothing. It allocates only what dst lacks.
func (m *Model) ContactScores(dst []ContactScore, a Account, at time.Time) []ContactScore {
	if m.rollup == nil {
		return dst
	}
	s := m.scratch()
	defer m.release(s)
	s.load(&a, at)
	m.rollup.run(s)
	for rank, i := range s.order {
		dst = append(dst, s.contacts[i].public(&a.Contacts[i], rank+1))
	}
	return dst
}

func (c *contactOutcome) public(src *Contact, rank int) ContactScore {
	return ContactScore{ID: src.ID, Score: c.score.Float(), Weight: c.weight.Float(), Weighted: c.weighted.Float(),
		Rank: rank, Share: c.share.Float(), Engaged: c.engaged}
}

// maxContactScore bounds a contact's score, so that products fit 64 bits.
const maxContactScore = 100_000 * micro.One

// rollup is a compiled contacts block.
type rollup struct {
	src      *dsl.Rollup
	score    *cond.Node // nil: none
	timeless bool       // score does not depend on the moment
	groups   []group
	outs     int // outcomes that the groups need
	since    int // slot of the decay's field, -1: no decay
	decay    decay
	within   int64 // µs; zero: no end
	cap      micro.M
	weightOf *cond.Node // nil: weight 1
	weights  *table
	combine  dsl.Combine
	ranks    []micro.M // factors by rank, down to where they round to zero
	engaged  micro.M
	distinct int       // slot, -1: contacts count
	bonus    []micro.M // M(n) − 1 by n, up to where it no longer grows
	steps    []dsl.Step
	role     int // slot, -1: no committee
	roles    []dsl.Role
	assigned bool
}

// The language: "combine" is ranked 0.8 and "engaged" at least 10 unless written.
var (
	defaultCombine = dsl.Combine{Kind: dsl.Ranked, Factor: 0.8}
	defaultEngaged = dsl.Engaged{AtLeast: 10}
)

func (c *compiler) rollup(src *dsl.Rollup, d *dimension) *rollup {
	r := &rollup{src: src, score: c.node(&src.Score), groups: d.groups, since: -1, distinct: -1, role: -1,
		cap: min(bound(src.Cap, maxContactScore), maxContactScore), combine: defaultCombine}
	d.groups = nil
	r.timeless = true
	r.score.Walk(func(n *cond.Node) {
		if n.Log != nil || n.Op == cond.Days || n.Op == cond.Within {
			r.timeless = false
		}
	})
	for i := range r.groups {
		r.groups[i].index = r.outs
		r.outs += len(r.groups[i].rules)
	}
	if src.Decay != nil {
		r.since = c.contactSlot(src.Decay.Since)
		r.decay = c.decay(src.Decay.HalfLife, src.Decay.Linear, src.Decay.Pos, "decay")
		r.within = micros(src.Decay.Within)
	}
	if src.Weight != nil {
		r.weightOf = c.node(&src.Weight.Of)
		c.spend(src.Weight.Pos, "weight", len(src.Weight.Table))
		r.weights = compileTable(src.Weight.Table, c.checked.Fold(&src.Weight.Of))
	}
	if src.Combine != nil {
		r.combine = *src.Combine
	}
	if r.combine.Kind == dsl.Ranked {
		r.ranks = powers(r.combine.Factor)
	}
	engaged := defaultEngaged
	if src.Engaged != nil {
		engaged = *src.Engaged
	}
	r.engaged = micro.Of(engaged.AtLeast)
	if engaged.DistinctBy != "" {
		r.distinct = c.contactSlot(engaged.DistinctBy)
	}
	if b := src.Bonus; b != nil {
		r.steps = slices.SortedFunc(slices.Values(b.Steps), func(a, b dsl.Step) int { return a.N - b.N })
		if len(b.Steps) == 0 {
			r.bonus = bonusCurve(b)
		}
	}
	if k := src.Committee; k != nil {
		r.role, r.roles, r.assigned = c.contactSlot(k.Field), k.Roles, k.Assigned
	}
	return r
}

func (c *compiler) contactSlot(name string) int {
	return slices.IndexFunc(c.m.contactFields, func(f field) bool { return f.Name == name })
}

// maxRanks bounds the table of a factor so close to one that it hardly falls.
const maxRanks = 1 << 16

// powers gives round(10^6 · d^(i−1)) by rank, down to where it rounds to zero.
// A factor of one never falls: its table has one entry that counts for all.
func powers(d float64) []micro.M {
	if d >= 1 {
		return []micro.M{micro.One}
	}
	var t []micro.M
	for i := 0; i < maxRanks; i++ {
		f := micro.Of(math.Pow(d, float64(i)))
		if f == 0 {
			break
		}
		t = append(t, f)
	}
	return t
}

// rank gives the factor of a rank, from zero.
func (r *rollup) rank(i int) micro.M {
	switch {
	case r.combine.Factor >= 1:
		return micro.One
	case i >= len(r.ranks):
		return 0
	}
	return r.ranks[i]
}

// bonusCurve gives β(1 − ρ^(n−1)) by n = 0, 1, 2 …, down to where it no longer
// changes: M(n) − 1 of the multi-thread bonus.
func bonusCurve(b *dsl.Bonus) []micro.M {
	rate := micro.Of(b.Rate)
	curve := []micro.M{0}
	for n := 1; n < maxRanks; n++ {
		left := micro.Of(math.Pow(b.Falling, float64(n-1)))
		curve = append(curve, rate.Mul(micro.One-left))
		if left == 0 || b.Falling >= 1 {
			break
		}
	}
	return curve
}

// contactOutcome is what one contact came to.
type contactOutcome struct {
	base     micro.M // the score formula and the rules, before decay
	age      int64   // whole days
	factor   micro.M // of the decay
	signals  micro.M // the each lines, which decay by themselves
	raw      micro.M // before floor and cap
	score    micro.M // e
	weight   micro.M
	weighted micro.M // a
	share    micro.M
	engaged  bool

	unscored, undated, unweighted bool // listed: what was missing
}

// contactScore works out one contact; its slots are loaded.
func (r *rollup) contactScore(s *scratch, i int) contactOutcome {
	e := &s.env
	c := contactOutcome{factor: micro.One, weight: micro.One}
	if r.score != nil {
		f, ok := r.score.Number(e)
		switch p := micro.Of(f); {
		case !ok:
			c.unscored = true // Rule 4
		case p > maxContactScore || p < -maxContactScore:
			c.unscored = true
			if s.bad() {
				s.faults = append(s.faults, &DataError{Account: s.id, Contact: contactRef(s.contactIDs[i], i+1), Field: "score",
					Wanted: "a contact's score within ±100,000", Got: p.String(), Fix: "lower the values that it is made of, or the factors in the line `score`"})
			}
		default:
			c.base = p
		}
	}
	for g := range r.groups {
		p, _ := r.groups[g].eval(e, s, s.contactOuts[r.groups[g].index:])
		if r.groups[g].signals() {
			c.signals = c.signals.Add(p)
		} else {
			c.base = c.base.Add(p)
		}
	}
	if r.since >= 0 {
		c.age, c.factor, c.undated = r.aged(&e.Contacts[r.since], e.At, s.faded(i))
	}
	c.raw = c.base.Mul(c.factor).Add(c.signals)
	c.score = c.raw.Clamp(0, r.cap)
	if r.weightOf != nil {
		c.weight, c.unweighted = r.weightFor(e)
	}
	c.weighted = c.weight.Mul(c.score)
	c.engaged = c.score >= r.engaged
	return c
}

// signals tells whether the group is made of each and latest lines, which
// decay by themselves.
func (g *group) signals() bool {
	return !slices.ContainsFunc(g.rules, func(r rule) bool { return r.signal == nil })
}

// aged gives a contact's age, what its decay leaves, and whether it has no
// date to go by. It decays up to faded, which is at but where decay is held.
func (r *rollup) aged(since *cond.Slot, at, faded int64) (age int64, factor micro.M, undated bool) {
	if since.State.Missing() {
		return 0, 0, true
	}
	age = cond.WholeDays(since.Time, at)
	if since.Time > at || r.within > 0 && at-since.Time > r.within {
		return age, 0, false
	}
	if faded != at {
		return age, r.decay.factor(max(0, cond.WholeDays(since.Time, faded))), false
	}
	return age, r.decay.factor(age), false
}

// weightFor gives a contact's weight. Rule 4: an unknown one takes the table's
// "missing", else its "else". What no entry covers is not weighted.
func (r *rollup) weightFor(e *cond.Env) (w micro.M, unknown bool) {
	i, known := r.weightEntry(e)
	if i < 0 {
		return micro.One, true
	}
	return r.weights.entries[i].points, !known
}

// weightEntry gives the entry of the weights that holds for a contact, -1 for
// none, and whether its value is known.
func (r *rollup) weightEntry(e *cond.Env) (i int, known bool) {
	if i, known = r.weights.find(r.weightOf, e); i < 0 {
		i = slices.IndexFunc(r.weights.entries, func(c entry) bool { return c.kind == dsl.KeyElse })
	}
	return i, known
}

// rollupOutcome is what the contacts came to.
type rollupOutcome struct {
	points               micro.M // R
	bonus                micro.M
	threads              int // n
	engaged, senior      int
	completeness         micro.M // 0–100
	best, others, weight micro.M // what best, mean and weighted mean divide
}

// run scores every contact and combines them into s.rollup.
func (r *rollup) run(s *scratch) {
	n := len(s.contactIDs)
	s.contacts = slices.Grow(s.contacts[:0], n)
	s.order = slices.Grow(s.order[:0], n)
	s.roleCounts = append(s.roleCounts[:0], make([]int, len(r.roles))...)
	clear(s.departments)
	s.folded = s.folded[:0]
	out := rollupOutcome{}
	for i := range n {
		s.loadContact(i)
		c := r.contactScore(s, i)
		s.contacts = append(s.contacts, c)
		s.order = append(s.order, i)
		if c.engaged {
			out.engaged++
			if c.weight > micro.One && r.weightOf != nil {
				out.senior++
			}
			if r.distinct >= 0 {
				s.departments[r.key(&s.m.contactFields[r.distinct], &s.env.Contacts[r.distinct], &s.folded)] = struct{}{}
			}
		}
		if r.role >= 0 && (c.engaged || r.assigned) {
			r.countRole(s.roleCounts, &s.m.contactFields[r.role], &s.env.Contacts[r.role], 1)
		}
	}
	s.closeContacts()
	slices.SortFunc(s.order, func(i, j int) int {
		a, b := &s.contacts[i], &s.contacts[j]
		return cmp.Or(cmp.Compare(b.weighted, a.weighted), cmp.Compare(s.contactIDs[i], s.contactIDs[j]), i-j)
	})
	r.sumUp(s, &out)
}

// sumUp makes the outcome of contacts that are counted and ranked.
func (r *rollup) sumUp(s *scratch, out *rollupOutcome) {
	out.threads = out.engaged
	if r.distinct >= 0 {
		out.threads = len(s.departments)
	}
	r.add(s, out)
	out.bonus = r.bonusFor(out.points, out.threads)
	out.completeness = r.complete(s.roleCounts)
	s.rollup = *out
}

// complete is the completeness of the committee, 0–100.
func (r *rollup) complete(have []int) micro.M {
	c := micro.M(0)
	for i, role := range r.roles {
		c += (micro.One * 100).MulDiv(micro.M(min(have[i], role.Need)), micro.M(role.Need))
	}
	if len(r.roles) > 0 {
		c = c.MulDiv(1, micro.M(len(r.roles)))
	}
	return c
}

// key gives the contact's value that distinct contacts are told apart by; all
// that have none count as one. It holds as long as the room does.
func (r *rollup) key(f *field, v *cond.Slot, room *[]byte) string {
	switch {
	case v.State.Missing():
		return ""
	case f.IgnoringCase:
		return cond.FoldInto(room, v.Text)
	}
	return v.Text
}

// countRole adds to the count of the role that a contact's value is.
func (r *rollup) countRole(counts []int, f *field, v *cond.Slot, by int) {
	if i := r.roleOf(f, v); i >= 0 {
		counts[i] += by
	}
}

// roleOf gives the role that a contact's value is, -1 for none.
func (r *rollup) roleOf(f *field, v *cond.Slot) int {
	if v.State.Missing() {
		return -1
	}
	for i := range r.roles {
		if name := r.roles[i].Name; name == v.Text || f.IgnoringCase && strings.EqualFold(name, v.Text) {
			return i
		}
	}
	return -1
}

// add combines the contacts, in rank order. The rank-weighted sum is rounded
// once, after summing, so that the theorems about it hold exactly; each
// contact's share is rounded by itself, for people.
func (r *rollup) add(s *scratch, out *rollupOutcome) {
	n := len(s.order)
	if n == 0 {
		return
	}
	var sum, weights micro.M
	for _, i := range s.order {
		sum, weights = sum.Add(s.contacts[i].weighted), weights.Add(s.contacts[i].weight)
	}
	out.best, out.weight = s.contacts[s.order[0]].weighted, weights
	share := func(rank int, f func(micro.M) micro.M) {
		c := &s.contacts[s.order[rank]]
		c.share = f(c.weighted)
	}
	switch r.combine.Kind {
	case dsl.Ranked:
		var exact micro.Sum
		for rank, i := range s.order {
			f := r.rank(rank)
			if f == 0 {
				break
			}
			exact.Add(s.contacts[i].weighted, f)
			share(rank, func(a micro.M) micro.M { return a.Mul(f) })
		}
		out.points = exact.Rounded()
	case dsl.Sum, dsl.Top, dsl.Max:
		counts := n
		if r.combine.Kind == dsl.Max {
			counts = 1
		} else if r.combine.Kind == dsl.Top {
			counts = min(n, r.combine.N)
		}
		for rank := range counts {
			share(rank, func(a micro.M) micro.M { return a })
			out.points = out.points.Add(s.contacts[s.order[rank]].weighted)
		}
	case dsl.Mean:
		out.points = sum.MulDiv(1, micro.M(n))
		for rank := range n {
			share(rank, func(a micro.M) micro.M { return a.MulDiv(1, micro.M(n)) })
		}
	case dsl.WeightedMean:
		if weights == 0 {
			return
		}
		out.points = sum.Div(weights)
		for rank := range n {
			share(rank, func(a micro.M) micro.M { return a.Div(weights) })
		}
	case dsl.Best:
		first := micro.Of(r.combine.Factor)
		if n == 1 {
			out.points = out.best
			share(0, func(a micro.M) micro.M { return a })
			return
		}
		out.others = (sum - out.best).MulDiv(1, micro.M(n-1))
		out.points = first.Mul(out.best).Add((micro.One - first).Mul(out.others))
		share(0, first.Mul)
		for rank := 1; rank < n; rank++ {
			share(rank, func(a micro.M) micro.M { return (micro.One - first).MulDiv(a, micro.One*micro.M(n-1)) })
		}
	}
}

// bonusFor is the multi-thread bonus for n engaged contacts.
func (r *rollup) bonusFor(points micro.M, n int) micro.M {
	if r.bonus != nil {
		return points.Mul(r.bonus[min(n, len(r.bonus)-1)])
	}
	bonus := micro.M(0)
	for _, step := range r.steps {
		if step.N > n {
			break
		}
		bonus = micro.Of(step.Points)
	}
	return bonus
}
