package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Disqualified is the tier of an account that a "disqualify" line rules out.
const Disqualified = "disqualified"

// disqualifier is a compiled "disqualify" line.
type disqualifier struct {
	when   *cond.Node
	reason string
	index  int // of its outcome
}

// tier is a compiled tier.
type tier struct {
	src  *dsl.Tier
	name string
	when *cond.Node // nil: otherwise
	held *cond.Node // when, with its thresholds relaxed by the hold; nil: no hold
}

type ladder struct {
	name  string
	tiers []tier
}

func (c *compiler) tiers(src []dsl.Tier) []tier {
	var tiers []tier
	for i := range src {
		t := tier{src: &src[i], name: src[i].Name, when: c.node(&src[i].When)}
		if src[i].Hold != nil && t.when != nil {
			if t.held = relax(t.when, *src[i].Hold, true); !relaxes(t.when) {
				c.fail(src[i].Pos, "tier "+src[i].Name, dsl.CodeStructure, "compare the score, a dimension or completeness with a number, as in score >= 70, or drop the hold",
					"the hold of the tier %s has no threshold to relax", src[i].Name)
			}
		}
		tiers = append(tiers, t)
	}
	return tiers
}

// relax moves every threshold on a score, a dimension or the completeness so
// that the condition holds until one is missed by more than by. Under a not
// the thresholds move the other way.
func relax(n *cond.Node, by float64, up bool) *cond.Node {
	c := *n
	switch n.Op {
	case cond.And, cond.Or, cond.If, cond.Not:
		c.Args = slices.Clone(n.Args)
		for i, a := range n.Args {
			if n.Op != cond.If || i > 0 {
				c.Args[i] = relax(a, by, up != (n.Op == cond.Not))
			}
		}
		if slices.Equal(c.Args, n.Args) {
			return n // the same condition, so that it is asked once
		}
		return &c
	case cond.Between:
		if !held(n.Args[0]) {
			return n
		}
		if !up {
			by = -by
		}
		c.Lo.Num, c.Hi.Num = shift(c.Lo.Num, -by), shift(c.Hi.Num, by)
		c.Lo.Open, c.Hi.Open = !up, !up
		return &c
	case cond.Lt, cond.Le, cond.Gt, cond.Ge:
		// A lower bound is relaxed by lowering it; "missed by more than" makes
		// the relaxed bound a closed one.
		lower := n.Op == cond.Gt || n.Op == cond.Ge
		x, y := n.Args[0], n.Args[1]
		if !held(x) && held(y) {
			lower = !lower
		} else if !held(x) {
			return n
		}
		if up {
			switch n.Op {
			case cond.Gt:
				c.Op = cond.Ge
			case cond.Lt:
				c.Op = cond.Le
			}
		} else {
			switch n.Op {
			case cond.Ge:
				c.Op = cond.Gt
			case cond.Le:
				c.Op = cond.Lt
			}
		}
		shift := by
		if lower == up {
			shift = -by
		}
		// The bound is the side that is not held; where both are, the second.
		if held(x) {
			c.Args = []*cond.Node{x, shifted(y, shift)}
		} else {
			c.Args = []*cond.Node{shifted(x, shift), y}
		}
		return &c
	}
	return n
}

// relaxes tells whether a condition has a threshold that relax moves.
func relaxes(n *cond.Node) bool {
	switch n.Op {
	case cond.And, cond.Or, cond.Not:
		return slices.ContainsFunc(n.Args, relaxes)
	case cond.If:
		return slices.ContainsFunc(n.Args[1:], relaxes)
	case cond.Between:
		return held(n.Args[0])
	case cond.Lt, cond.Le, cond.Gt, cond.Ge:
		return held(n.Args[0]) || held(n.Args[1])
	}
	return false
}

// held tells whether a number is made of the score, a dimension or the
// completeness.
func held(n *cond.Node) bool {
	if n.Type != cond.Number {
		return false
	}
	found := false
	n.Walk(func(n *cond.Node) {
		found = found || n.Op == cond.Metric && (n.Slot == dsl.MetricScore || n.Slot == dsl.MetricCompleteness || n.Slot >= dsl.MetricDimension)
	})
	return found
}

// shift adds in millionths, as thresholds are compared.
func shift(f, by float64) float64 { return micro.Of(f).Add(micro.Of(by)).Float() }

// shifted adds to a number, exactly where it is a constant.
func shifted(n *cond.Node, by float64) *cond.Node {
	if n.Op == cond.Const {
		c := *n
		c.Num = shift(n.Num, by)
		return &c
	}
	return &cond.Node{Op: cond.Add, Type: cond.Number, Args: []*cond.Node{n, {Op: cond.Const, Type: cond.Number, Num: by}}}
}

// verdict is a tier, whether it is certain, and why an account is disqualified.
type verdict struct {
	tier    string
	index   int // in its ladder, -1: none
	ruled   int // the disqualifier that ruled the account out, -1: none
	certain bool
	reason  string
}

// decide gives the account's tier. Rule 6: an unknown disqualification does
// not disqualify, but makes the tier uncertain.
func (s *scratch) decide() verdict {
	v := verdict{index: -1, ruled: -1}
	may, certainly := false, false
	for i := range s.m.disqualify {
		d := &s.m.disqualify[i]
		truth := d.when.Truth(&s.env)
		s.outs[d.index] = outcome{truth: truth}
		out := d.when.Possible(&s.env)
		if truth == cond.True && v.tier == "" {
			v.tier, v.ruled, v.reason = Disqualified, i, d.reason
		}
		certainly = certainly || out == cond.MayBeTrue
		may = may || out.Has(cond.True) || out.Has(cond.Unknown)
	}
	if v.tier != "" {
		v.certain = certainly
		return v
	}
	v = s.climb(s.m.tiers)
	v.certain = v.certain && !may
	return v
}

// climb gives the first tier of a ladder whose condition is true. It is
// certain if no earlier one could be true and its own could not be otherwise.
func (s *scratch) climb(tiers []tier) verdict {
	certain := true
	for i := range tiers {
		when := s.condition(&tiers[i])
		if when == nil {
			return verdict{tiers[i].name, i, -1, certain, ""}
		}
		truth := when.Truth(&s.env)
		out := cond.Outcomes(1 << truth)
		if s.open {
			out = when.Possible(&s.env)
		}
		if truth == cond.True {
			return verdict{tiers[i].name, i, -1, certain && out == cond.MayBeTrue, ""}
		}
		certain = certain && out == cond.MayBeFalse
	}
	return verdict{"", -1, -1, certain, ""}
}

// condition gives what a tier asks of this account: less, where the account
// was in it and it holds.
func (s *scratch) condition(t *tier) *cond.Node {
	if t.held != nil && s.prev == t.name {
		return t.held
	}
	return t.when
}

// grading is a compiled "grades" line.
type grading struct {
	src   *dsl.Grading
	label string // fit.grade
	dim   int
	steps *table // points index src.Steps
}

func (c *compiler) grading(src *dsl.Grading) grading {
	g := grading{src: src, label: src.Dimension + ".grade"}
	g.dim = slices.IndexFunc(c.rs.Dimensions, func(d dsl.Dimension) bool { return d.Name == src.Dimension })
	entries := make([]dsl.Entry, len(src.Steps))
	for i, s := range src.Steps {
		entries[i] = dsl.Entry{Key: s.Key}
	}
	g.steps = compileTable(entries, false)
	return g
}

// letter gives the place of the step that holds for shown points; the place
// after the last step is none.
func (g *grading) letter(p micro.M) int { return g.place(p.Float()) }

func (g *grading) place(v float64) int {
	for i := range g.steps.entries {
		if g.steps.entries[i].holdsNumber(v) {
			return i
		}
	}
	return len(g.steps.entries)
}

// turns gives the points at the cuts and beside them, sorted.
func (g *grading) turns() []micro.M {
	var points []micro.M
	for _, s := range g.steps.entries {
		for _, cut := range [...]float64{s.lo, s.hi} {
			for _, by := range [...]micro.M{-1, 0, 1} {
				points = append(points, micro.Of(cut).Add(by))
			}
		}
	}
	slices.Sort(points)
	return slices.Compact(points)
}

// letters appends the places of every step that the points could come to.
func (g *grading) letters(set []int, p span) []int {
	from := len(set)
	try := func(v micro.M) {
		if l := g.letter(v.Clamp(p.low, p.high)); !slices.Contains(set[from:], l) {
			set = append(set, l)
		}
	}
	try(p.low)
	try(p.high)
	for _, s := range g.steps.entries {
		for _, cut := range [...]float64{s.lo, s.hi} {
			for _, by := range [...]micro.M{-1, 0, 1} {
				try(micro.Of(cut).Add(by))
			}
		}
	}
	return set
}

// joinGrades lists the joined grades: that of places i, j, k of the gradings
// stands at (i·J + j)·K + k, where a grading of n steps has n+1 places.
func (m *Model) joinGrades() {
	m.joined = []string{""}
	for i := range m.grades {
		var next []string
		for _, head := range m.joined {
			for _, step := range m.grades[i].src.Steps {
				next = append(next, head+step.Grade)
			}
			next = append(next, head)
		}
		m.joined = next
	}
}

// grade works out every grade, and what each could be.
func (s *scratch) grade() {
	m, e := s.m, &s.env
	if len(m.grades) == 0 {
		return
	}
	at, varies := 0, false
	for i := range m.grades {
		g := &m.grades[i]
		shown := s.dims[g.dim].shown
		place := g.letter(shown.at)
		at = at*(len(g.src.Steps)+1) + place
		s.letters[i] = place
		e.Grades[1+i], e.GradeSets[1+i] = g.name(place), nil
		varies = varies || shown.low != shown.high
	}
	s.joinedGrade = at
	e.Grades[0], e.GradeSets[0] = m.joined[at], nil
	if !varies {
		return
	}
	// The places of the joined grade so far, then those of one grading.
	joined := append(s.joinedGrades[:0], 0)
	for i := range m.grades {
		g := &m.grades[i]
		heads := len(joined)
		joined = g.letters(joined, s.dims[g.dim].shown)
		end := len(joined)
		set := s.gradeSets[1+i][:0]
		for _, l := range joined[heads:end] {
			set = append(set, g.name(l))
			for _, head := range joined[:heads] {
				joined = append(joined, head*(len(g.src.Steps)+1)+l)
			}
		}
		s.gradeSets[1+i], e.GradeSets[1+i] = set, set
		joined = append(joined[:0], joined[end:]...)
	}
	set := s.gradeSets[0][:0]
	for _, j := range joined {
		set = append(set, m.joined[j])
	}
	s.joinedGrades, s.gradeSets[0], e.GradeSets[0] = joined, set, set
}

func (g *grading) name(place int) string {
	if place == len(g.src.Steps) {
		return ""
	}
	return g.src.Steps[place].Grade
}
