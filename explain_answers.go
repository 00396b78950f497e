package accountscore

import (
	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
)

// Tests with constant bounds cut the values of a field into classes, as those
// of the plan do. What each answers is known for each class before any account
// is seen: an explanation copies the answers and asks only the other tests.

// answers are those of some tests of one field.
type answers struct {
	axis   planAxis
	first  int // place of the first test's answer
	tests  int
	truths []cond.Tri // by class, one for each test
}

// of gives the answers to a value.
func (a *answers) of(s *cond.Slot, at int64) []cond.Tri {
	return a.truths[a.axis.class(s, at)*a.tests:][:a.tests]
}

// maxAnswers bounds the answers of tests that share classes, which are classes
// times tests.
const maxAnswers = 1 << 13

// answerer finds the tests that classes decide.
type answerer struct {
	m    *Model
	env  cond.Env
	open map[draftKey]*answerDraft
	list []answers
	size int // of all places
}

// answerDraft is answers to be.
type answerDraft struct {
	demand
	classes int // at most
	clauses []*clause
}

// answerable prepares the answers to the tests in the guide's conditions of
// the account.
func (g *guide) answerable(m *Model) {
	b := answerer{m: m, open: map[draftKey]*answerDraft{}}
	b.env.Accounts, b.env.Open = make(cond.Record, len(m.fields)), make([]bool, len(m.fields))
	for i := range g.dims {
		for j := range m.dims[i].groups {
			rules := g.dims[i].groups[j].rules
			for k := range rules {
				b.clause(&rules[k].clause)
			}
		}
		b.conditions(g.dims[i].scales)
	}
	b.conditions(g.disqualify)
	b.tiers(g.tiers)
	for _, l := range g.ladders {
		b.tiers(l)
	}
	for i := range m.fields {
		for kind := presence; kind < tests; kind++ {
			b.close(draftKey{slot: i, kind: kind})
		}
	}
	g.answers, g.places = b.list, b.size
}

func (b *answerer) conditions(list []conditionGuide) {
	for i := range list {
		b.clause(&list[i].clause)
	}
}

func (b *answerer) tiers(list []tierGuide) {
	for i := range list {
		b.clause(&list[i].clause)
		b.clause(&list[i].held)
	}
}

func (b *answerer) clause(c *clause) {
	for i := range c.parts {
		b.clause(&c.parts[i])
	}
	if c.test == nil {
		return
	}
	k := needs{m: b.m}
	if !k.condition(c.node) || len(k.list) != 1 || k.list[0].kind == tests {
		return // classes do not decide it, or a test of its own would
	}
	n := &k.list[0]
	more := knownClass + 1 + len(n.nums) + len(n.times) + len(n.texts)
	d := b.open[n.key()]
	if d != nil && (d.classes+more)*(len(d.clauses)+1) > maxAnswers {
		b.close(n.key())
		d = nil
	}
	if d == nil {
		if more > maxAnswers {
			return
		}
		d = &answerDraft{demand: demand{slot: n.slot, kind: n.kind}}
		b.open[n.key()] = d
	}
	d.nums, d.times, d.texts = append(d.nums, n.nums...), append(d.times, n.times...), append(d.texts, n.texts...)
	d.classes += more
	d.clauses = append(d.clauses, c)
}

// close makes the answers of a draft, if there is one.
func (b *answerer) close(key draftKey) {
	d := b.open[key]
	if d == nil {
		return
	}
	delete(b.open, key)
	fold := b.m.fields[d.slot].IgnoringCase
	a := answers{axis: planAxis{slot: d.slot, kind: d.kind}, first: b.size, tests: len(d.clauses)}
	var words []string
	a.axis.cuts, a.axis.times, words = d.cuts(fold)
	if d.kind == texts {
		a.axis.texts = classes.NewTexts(words, fold)
	}
	samples := append(d.samples(fold), cond.Slot{}) // the last is missing
	a.truths = make([]cond.Tri, len(samples)*a.tests)
	slot := &b.env.Accounts[d.slot]
	for i := range samples {
		*slot = samples[i]
		into := a.of(slot, 0)
		for j, c := range d.clauses {
			into[j] = c.node.Truth(&b.env)
		}
	}
	*slot = cond.Slot{}
	b.env.Open[d.slot] = true
	for j, c := range d.clauses {
		c.answer, c.slot, c.may = b.size+j, d.slot, c.node.Possible(&b.env)
	}
	b.env.Open[d.slot] = false
	b.size += a.tests
	b.list = append(b.list, a)
}

// answer notes the answers to the account's values.
func (e *explainer) answer() {
	env := &e.s.env
	if len(e.answers) != e.guide.places {
		e.answers = make([]cond.Tri, e.guide.places)
	}
	for i := range e.guide.answers {
		a := &e.guide.answers[i]
		copy(e.answers[a.first:], a.of(&env.Accounts[a.axis.slot], env.At))
	}
}

// truth gives the truth of a condition of the account.
func (e *explainer) truth(c *clause) cond.Tri {
	switch {
	case c.answer >= 0:
		return e.answers[c.answer]
	case c.joined == nil:
		return c.node.Truth(&e.s.env)
	}
	decides := cond.False
	if c.joined.Op == cond.Or {
		decides = cond.True
	}
	truth := decides.Not()
	for i := range c.parts {
		part := e.truth(&c.parts[i])
		if part == decides {
			truth = part
			break
		}
		if part == cond.Unknown {
			truth = part
		}
	}
	if c.bare {
		return truth.Not()
	}
	return truth
}

// possible gives the truths that a condition of the account could have.
func (e *explainer) possible(c *clause) cond.Outcomes {
	switch {
	case c.answer >= 0:
		if e.s.env.Open[c.slot] {
			return c.may
		}
		return 1 << e.answers[c.answer]
	case c.joined == nil:
		return c.node.Possible(&e.s.env)
	}
	out := e.possible(&c.parts[0])
	for i := range c.parts[1:] {
		out = cond.Combine(c.joined.Op, out, e.possible(&c.parts[1+i]))
	}
	if c.bare {
		return out.Not()
	}
	return out
}
