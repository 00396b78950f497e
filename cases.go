package accountscore

import (
	"fmt"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// CaseResult is what became of one case of a ruleset.
type CaseResult struct {
	Name string
	// Pos is where the case begins in the ruleset's file.
	Pos dsl.Pos
	// Failures is empty where the case holds.
	Failures []CaseFailure
	// Account is the account that the case describes, and Result its score.
	Account Account
	Result  Result
}

// Passed tells whether everything that the case expects is so.
func (c *CaseResult) Passed() bool { return len(c.Failures) == 0 }

// CaseFailure is one expectation that is not so.
type CaseFailure struct {
	Name   string // score, tier, a dimension …
	Wanted string
	Got    string
	// Rules are the rules responsible, those of the dimension or of the whole
	// model: first those of which another answer alone makes the difference,
	// matched or not; then those without an answer; then those of which another
	// answer would bring the result nearer; then those that earned points. Of
	// "unknown" they are those without an answer. A rule of a contacts block
	// stands once for each contact.
	Rules []RuleExplanation
}

func (f CaseFailure) String() string {
	return fmt.Sprintf("%s: wanted %s, got %s", f.Name, f.Wanted, f.Got)
}

// caseMoment is when a case without "at" is scored.
var caseMoment = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// maxTold bounds the rules that the failures of one [Model.Verify] name. Ten
// thousand failures have one cause, and the first shows it.
const maxTold = 100_000

// Verify scores every case of the ruleset and compares what it expects: a
// number is exact, or exact to the digits that the ruleset publishes. Only so
// many failures of one run name the rules responsible as people can read.
func (m *Model) Verify() []CaseResult {
	m = m.made()
	results := make([]CaseResult, len(m.rules.Cases))
	told := 0
	for i := range m.rules.Cases {
		c := &m.rules.Cases[i]
		at := caseAt(c)
		r := CaseResult{Name: c.Name, Pos: c.Pos, Account: m.caseAccount(c, at)}
		r.Result = m.Score(r.Account, at)
		var x *Explanation
		for _, want := range c.Expect {
			f, ok := m.compare(&r.Result, &want)
			if ok {
				continue
			}
			if told < maxTold {
				if x == nil {
					x = m.Explain(r.Account, at)
					told += m.counted // what it takes to explain, even if little is told
				}
				f.Rules = m.responsible(x, &want)
				told += 1 + len(f.Rules)
			}
			r.Failures = append(r.Failures, f)
		}
		results[i] = r
	}
	return results
}

func caseAt(c *dsl.Case) time.Time {
	if c.At != nil {
		return c.At.Time
	}
	return caseMoment
}

// RuleCoverage is how often the cases of a ruleset made a rule true, false and
// unknown. A rule of a contacts block is counted for each contact.
type RuleCoverage struct {
	Rule string // dimension.label, or dimension.3
	Pos  dsl.Pos
	Text string // what the ruleset says

	True, False, Unknown int
}

// CaseCoverage tells, for every rule in order, what the ruleset's cases made of
// it. A rule that no case makes true, or false, is not held by any.
func (m *Model) CaseCoverage() []RuleCoverage {
	m = m.made()
	var coverage []RuleCoverage
	index := map[string]int{}
	for i := range m.dims {
		for r := range m.dims[i].eachRule {
			index[r.id] = len(coverage)
			coverage = append(coverage, RuleCoverage{Rule: r.id, Pos: r.src.Pos, Text: ruleText(r.src)})
		}
	}
	for i := range m.rules.Cases {
		c := &m.rules.Cases[i]
		at := caseAt(c)
		s := m.scratch()
		s.traced = true
		s.run(m.caseAccount(c, at), at)
		s.eachTruth(func(r *rule, t cond.Tri) {
			n := &coverage[index[r.id]]
			switch t {
			case cond.True:
				n.True++
			case cond.False:
				n.False++
			default:
				n.Unknown++
			}
		})
		m.release(s)
	}
	return coverage
}

// eachTruth visits every rule of the model with what became of it in the last
// scoring, a rule of a contacts block once for each contact.
func (s *scratch) eachTruth(visit func(*rule, cond.Tri)) {
	for d := range s.m.dims {
		groups := s.m.dims[d].groups
		for g := range groups {
			for i := range groups[g].rules {
				visit(&groups[g].rules[i], s.outs[groups[g].index+i].truth)
			}
		}
	}
	if s.m.rollup == nil {
		return
	}
	for c := range s.contacts {
		s.loadContact(c)
		for g := range s.m.rollup.groups {
			gr := &s.m.rollup.groups[g]
			for i := range gr.rules {
				truth, _ := gr.rules[i].eval(&s.env, s)
				visit(&gr.rules[i], truth)
			}
		}
	}
	s.closeContacts()
}

// caseAccount makes the account that a case describes.
func (m *Model) caseAccount(c *dsl.Case, at time.Time) Account {
	a := Account{ID: c.Name, PrevTier: c.Was, Fields: caseFields(m.fields, c.Values), Refreshed: map[string]time.Time{},
		Activities: m.caseLog(c.Did, at)}
	for _, v := range c.Values {
		if v.AsOf != nil {
			a.Refreshed[v.Field] = v.AsOf.Time
		}
	}
	for _, k := range c.Contacts {
		a.Contacts = append(a.Contacts, Contact{ID: k.ID, Fields: caseFields(m.contactFields, k.Values), Activities: m.caseLog(k.Did, at)})
	}
	return a
}

func caseFields(fields []field, values []dsl.CaseValue) map[string]any {
	set := make(map[string]any, len(values))
	for _, v := range values {
		for i := range fields {
			if fields[i].Name == v.Field {
				set[fields[i].key] = caseValue(v.Value)
			}
		}
	}
	return set
}

func caseValue(v dsl.Value) any {
	switch v.Kind {
	case dsl.NumberValue:
		return v.Number
	case dsl.TextValue:
		return v.Text
	case dsl.BoolValue:
		return v.Bool
	case dsl.ListValue:
		return append([]string{}, v.List...)
	case dsl.DateValue:
		return v.Date.Time
	}
	return nil
}

func (m *Model) caseLog(did []dsl.Did, at time.Time) []Activity {
	var log []Activity
	for _, d := range did {
		act := Activity{Type: d.Activity, At: at}
		if d.On != nil {
			act.At = d.On.Time
		}
		if d.Value != nil {
			act.Value = *d.Value
		}
		if typ, ok := m.activityIndex[d.Activity]; ok {
			act.Fields = caseFields(m.activities[typ].fields, d.Fields)
		}
		for range max(1, d.Times) {
			log = append(log, act)
		}
	}
	return log
}

// compare holds one expectation against the result. A number is compared as
// it is, or rounded to the published digits.
func (m *Model) compare(r *Result, want *dsl.Expectation) (CaseFailure, bool) {
	if want.Number != nil {
		got, ok := r.number(want.Name)
		w, g := micro.Of(*want.Number), micro.Of(got)
		return CaseFailure{Name: want.Name, Wanted: w.String(), Got: g.String()}, ok && (w == g || w == g.Round(m.decimals))
	}
	got := r.Tier
	switch want.Name {
	case "tier":
	case "grade":
		got = r.Grade
	default:
		got, _ = r.Label(want.Name)
	}
	return CaseFailure{Name: want.Name, Wanted: fmt.Sprintf("%q", want.Text), Got: fmt.Sprintf("%q", got)}, got == want.Text
}
