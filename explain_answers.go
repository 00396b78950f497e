package accountscore

import (
	"github.com/accountscore/accountscore/internal/classes"
	"github.com/accountscore/accountscore/internal/cond"
)

// Tests with constant bounds cut the values of a field into classes, as those
// of the plan do. What each answers is known for each class before any account
// is seen: an explanation copies the answers and asks only the other tests.
//
// The answer to a known value is true or false. Unknown stands for a field that
// is missing, whatever the test makes of that.

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

// question is a test of one field that no class decides, such as contains.
type question struct {
	node  *cond.Node
	slot  int
	place int // of its answer
}

// noAnswer is a place among the answers that is always Unknown.
const noAnswer = 0

// maxAnswers bounds the answers of tests that share classes, which are classes
// times tests.
const maxAnswers = 1 << 13

// answerer finds the tests that classes decide.
type answerer struct {
	m    *Model
	env  cond.Env
	open map[draftKey]*answerDraft
	list []answers
	asks []question
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
	b := answerer{m: m, open: map[draftKey]*answerDraft{}, size: noAnswer + 1}
	b.env.Accounts, b.env.Open = make(cond.Record, len(m.fields)), make([]bool, len(m.fields))
	for i := range g.dims {
		for j := range m.dims[i].groups {
			rules, alone := g.dims[i].groups[j].rules, m.dims[i].groups[j].alone()
			for k := range rules {
				b.clause(&rules[k].clause, alone)
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
	g.answers, g.questions, g.places = b.list, b.asks, b.size
}

func (b *answerer) conditions(list []conditionGuide) {
	for i := range list {
		b.clause(&list[i].clause, false)
	}
}

func (b *answerer) tiers(list []tierGuide) {
	for i := range list {
		b.clause(&list[i].clause, false)
		b.clause(&list[i].held, false)
	}
}

// clause finds the tests of a condition. Those of a line that is prepared are
// asked where no class decides them; elsewhere they may not be needed.
func (b *answerer) clause(c *clause, alone bool) {
	for i := range c.parts {
		b.clause(&c.parts[i], alone)
	}
	if c.test == nil {
		return
	}
	k := needs{m: b.m}
	if !k.condition(c.node) || len(k.list) != 1 {
		return
	}
	n := &k.list[0]
	if n.kind == tests {
		if alone {
			b.asks = append(b.asks, question{c.node, n.slot, b.size})
			b.place(c, n.slot)
		}
		return
	}
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
	samples := d.samples(fold)
	a.truths = make([]cond.Tri, (knownClass+len(samples))*a.tests) // Unknown where it is missing
	slot := &b.env.Accounts[d.slot]
	for i := range samples {
		*slot = samples[i]
		into := a.of(slot, 0)
		for j, c := range d.clauses {
			into[j] = c.node.Truth(&b.env)
		}
	}
	*slot = cond.Slot{}
	for _, c := range d.clauses {
		b.place(c, d.slot)
	}
	b.list = append(b.list, a)
}

// place gives a test the next place.
func (b *answerer) place(c *clause, slot int) {
	c.answer = b.size
	c.truths = [...]cond.Tri{c.node.Truth(&b.env), cond.False, cond.True}
	b.env.Open[slot] = true
	c.may = c.node.Possible(&b.env)
	b.env.Open[slot] = false
	b.size++
}

// answer notes the answers to the account's values.
func (e *explainer) answer() {
	e.more, e.gauged = loneNeeds{}, 0
	env := &e.s.env
	if len(e.answers) != e.guide.places {
		e.answers = make([]cond.Tri, e.guide.places)
	}
	for i := range e.guide.answers {
		a := &e.guide.answers[i]
		copy(e.answers[a.first:], a.of(&env.Accounts[a.axis.slot], env.At))
	}
	for i := range e.guide.questions {
		q := &e.guide.questions[i]
		e.answers[q.place] = cond.Unknown
		if !env.Accounts[q.slot].State.Missing() {
			e.answers[q.place] = q.node.Truth(env)
		}
	}
}

// truth gives the truth of a condition of the account.
func (e *explainer) truth(c *clause) cond.Tri {
	switch {
	case c.answer >= 0:
		return c.truths[e.answers[c.answer]]
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

// possible gives the truths that a condition could have of which every test has
// an answer.
func (e *explainer) possible(c *clause) cond.Outcomes {
	if c.joined == nil {
		if answer := e.answers[c.answer]; answer != cond.Unknown {
			return 1 << answer
		}
		return c.may
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
