package accountscore

import (
	"fmt"
	"time"

	"github.com/accountscore/accountscore/dsl"
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
}

func (f CaseFailure) String() string {
	return fmt.Sprintf("%s: wanted %s, got %s", f.Name, f.Wanted, f.Got)
}

// caseMoment is when a case without "at" is scored.
var caseMoment = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Verify scores every case of the ruleset and compares what it expects, exact
// to the digits that it gives.
func (m *Model) Verify() []CaseResult {
	results := make([]CaseResult, len(m.rules.Cases))
	for i := range m.rules.Cases {
		c := &m.rules.Cases[i]
		at := caseMoment
		if c.At != nil {
			at = c.At.Time
		}
		r := CaseResult{Name: c.Name, Pos: c.Pos, Account: m.caseAccount(c, at)}
		r.Result = m.Score(r.Account, at)
		for _, want := range c.Expect {
			if f, ok := m.compare(&r.Result, &want); !ok {
				r.Failures = append(r.Failures, f)
			}
		}
		results[i] = r
	}
	return results
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
		return CaseFailure{want.Name, w.String(), g.String()}, ok && (w == g || w == g.Round(m.decimals))
	}
	got := r.Tier
	switch want.Name {
	case "tier":
	case "grade":
		got = r.Grade
	default:
		got, _ = r.Label(want.Name)
	}
	return CaseFailure{want.Name, fmt.Sprintf("%q", want.Text), fmt.Sprintf("%q", got)}, got == want.Text
}
