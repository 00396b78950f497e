package accountscore

import (
	"math/bits"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// What lines of one rule come to, worked out with the model's first explanation.

// alone tells whether a group is one rule with a condition.
func (g *group) alone() bool {
	r := &g.rules[0]
	return g.kind == "" && len(g.rules) == 1 && g.lo == micro.Min && g.hi == micro.Max && r.when != nil && r.per == nil
}

// preparer prepares the lines of the account's dimensions.
type preparer struct {
	*guide
	trial explainer // over every combination of answers
	sees  []bool    // by slot: the field is among the sights
}

// prepare prepares the lines, once the answers are known.
func (g *guide) prepare(m *Model) {
	b := preparer{guide: g, trial: explainer{answers: make([]cond.Tri, g.places)}, sees: make([]bool, len(m.fields))}
	for i := range m.dims {
		d, groups := &m.dims[i], g.dims[i].groups
		g.dims[i].lones = make([]lone, len(d.groups))
		for j := range d.groups {
			gr := &d.groups[j]
			g.prepared.lines = append(g.prepared.lines, groups[j].base)
			g.steps = append(g.steps, groups[j].rules[0].line)
			if gr.alone() {
				b.line(&g.dims[i].lones[j], &groups[j], gr)
			}
		}
	}
}

// line prepares a line, if every test has an answer.
func (b *preparer) line(l *lone, guide *groupGuide, gr *group) {
	r, c, all := &gr.rules[0], &guide.rules[0].clause, &b.prepared
	leaves, ok := c.answered(nil)
	if !ok {
		return
	}
	*l = lone{rule: r, verdicts: int32(len(b.verdicts)), index: int32(gr.index), place: int32(len(all.rules)), single: -1, baseline: -1,
		points: [3]micro.M{cond.False: r.otherwise, cond.True: r.points}}
	for truth, p := range l.points {
		l.floats[truth] = p.Float()
	}
	all.rules = append(all.rules, guide.rules[0].base)
	if b := guide.base.Baseline; b != nil {
		l.baseline = int32(len(all.baselines))
		all.baselines = append(all.baselines, *b)
	}
	combinations := 1
	for i, leaf := range leaves {
		combinations *= 3
		l.answers[i] = int32(leaf.answer)
		l.tests = append(l.tests, leaf.loneTest())
		if f := leaf.test.field; f >= 0 && !b.sees[f] {
			b.sees[f] = true
			b.sights = append(b.sights, fieldSight{f, leaf.test.looks[0]})
		}
	}
	if len(leaves) == 1 {
		l.only, l.single = l.tests[0], int32(len(all.tests))
		all.tests = append(all.tests, TestExplanation{Text: l.only.test.text})
	}
	for place := range combinations {
		for i := range leaves {
			b.trial.answers[l.answers[i]] = cond.Tri(place % 3)
			place /= 3
		}
		b.verdicts = append(b.verdicts, b.judge(l, c))
	}
}

// judge gives the verdict on a line as the tests of its condition are answered
// now.
func (b *preparer) judge(l *lone, c *clause) loneVerdict {
	v := loneVerdict{truth: b.trial.truth(c)}
	v.least, v.most = l.ends(b.trial.possible(c))
	v.waits = v.truth == cond.Unknown || l.points[v.least] < l.points[v.most]
	v.shown, _ = b.trial.deciders(c, v.truth, 0)
	for i := range l.tests {
		if t := &l.tests[i]; v.shown>>i&1 == 1 && t.gauge.tells(b.trial.answers[t.answer]) {
			v.distances++
		}
	}
	if l.single < 0 {
		v.tests = uint8(bits.OnesCount8(v.shown))
	}
	return v
}

// answered appends the tests of a condition to a list. It tells whether each has
// an answer and they are not too many.
func (c *clause) answered(list []*clause) ([]*clause, bool) {
	if c.test != nil {
		return append(list, c), c.answer >= 0 && c.plain && len(list) < maxLoneTests
	}
	for i := range c.parts {
		var ok bool
		if list, ok = c.parts[i].answered(list); !ok {
			return nil, false
		}
	}
	return list, true
}

// deciders gives the tests that made a condition what it is, by bit from a
// place on, and the place that follows.
func (e *explainer) deciders(c *clause, truth cond.Tri, place int) (uint8, int) {
	if c.test != nil {
		return 1 << place, place + 1
	}
	if c.bare {
		truth = truth.Not()
	}
	all := uint8(0)
	for i := range c.parts {
		part := e.truth(&c.parts[i])
		var mask uint8
		if mask, place = e.deciders(&c.parts[i], part, place); part == truth {
			all |= mask
		}
	}
	return all, place
}

func (c *clause) loneTest() loneTest {
	t := loneTest{test: c.test, answer: int32(c.answer), field: int32(c.test.field), truths: c.truths, gauge: c.test.gauge}
	for answer := range t.truths {
		if c.turned {
			t.truths[answer] = t.truths[answer].Not()
		}
		if t.truths[answer] != cond.True {
			t.needed[answer] = c.test.need
		}
	}
	return t
}

// ends gives the truths with the least and the most points among some.
func (l *lone) ends(may cond.Outcomes) (least, most cond.Tri) {
	first := true
	for t := range l.points {
		truth := cond.Tri(t)
		if !may.Has(truth) {
			continue
		}
		if first || l.points[truth] < l.points[least] {
			least = truth
		}
		if first || l.points[truth] > l.points[most] {
			most = truth
		}
		first = false
	}
	return least, most
}
