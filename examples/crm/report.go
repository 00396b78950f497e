package main

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
)

// report is everything that is printed.
type report struct {
	title   string
	at      time.Time
	data    *mapped
	results []accountscore.Result // best first
	fields  []fieldCount
	rules   []ruleCount
	tiers   []string // in the model's order
}

// fieldCount says how many accounts have a field in which state.
type fieldCount struct {
	field                       accountscore.Field
	known, null, unset, invalid int
	rules                       int // that read it
}

// ruleCount says for how many accounts a rule had which answer.
type ruleCount struct {
	id, text                 string
	matched, failed, unknown int
}

func newReport(m *accountscore.Model, data *mapped, at time.Time) *report {
	rs := m.Ruleset()
	r := &report{title: rs.Name + " " + rs.Version, at: at, data: data}
	for _, t := range rs.Tiers {
		r.tiers = append(r.tiers, t.Name)
	}
	for f, readers := range m.Fields() {
		r.fields = append(r.fields, fieldCount{field: f, rules: len(readers)})
	}
	for _, a := range data.accounts {
		// What cannot be used the model says, so that the report cannot
		// disagree with the score.
		wrong := invalid(m.Check(a))
		for i := range r.fields {
			r.fields[i].count(a, wrong)
		}
		r.results = append(r.results, m.Score(a, at))
		r.countRules(m.Explain(a, at))
	}
	slices.SortStableFunc(r.results, func(a, b accountscore.Result) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.AccountID, b.AccountID))
	})
	return r
}

// invalid gives the account's own fields that have a value of the wrong kind.
func invalid(err error) map[string]bool {
	wrong := map[string]bool{}
	if list, ok := err.(interface{ Unwrap() []error }); ok {
		for _, e := range list.Unwrap() {
			var d *accountscore.DataError
			if errors.As(e, &d) && d.Contact == "" && d.Activity == "" {
				wrong[d.Field] = true
			}
		}
	}
	return wrong
}

// count looks at one account.
func (n *fieldCount) count(a accountscore.Account, wrong map[string]bool) {
	v, ok := a.Fields[n.field.Key()]
	text, isText := v.(string)
	switch {
	case !ok:
		n.unset++
	case v == nil || isText && strings.TrimSpace(text) == "":
		n.null++
	case wrong[n.field.Name]:
		n.invalid++
	default:
		n.known++
	}
}

// countRules adds the answers of one account. Every explanation of a model has
// the same rules in the same order.
func (r *report) countRules(x *accountscore.Explanation) {
	i := 0
	for _, d := range x.Dimensions {
		for _, g := range d.Groups {
			for _, rule := range g.Rules {
				if i == len(r.rules) {
					r.rules = append(r.rules, ruleCount{id: rule.ID, text: rule.Text})
				}
				r.rules[i].add(rule.State)
				i++
			}
		}
	}
}

func (n *ruleCount) add(s accountscore.State) {
	switch s {
	case accountscore.StateMatched:
		n.matched++
	case accountscore.StateFailed:
		n.failed++
	default:
		n.unknown++
	}
}

// tally counts what happened, by kind and by the value that it happened to.
type tally map[string]map[string]int

func (t tally) add(kind, value string) {
	if value == "" {
		value = "(blank)"
	}
	if t[kind] == nil {
		t[kind] = map[string]int{}
	}
	t[kind][value]++
}

// total counts a kind over all values.
func (t tally) total(kind string) int {
	n := 0
	for _, count := range t[kind] {
		n += count
	}
	return n
}

// count is one line of a tally.
type count struct {
	kind, value string
	n           int
}

// lines gives the counts by kind, then the most frequent values first.
func (t tally) lines() []count {
	var list []count
	for _, kind := range slices.Sorted(maps.Keys(t)) {
		from := len(list)
		for _, value := range slices.Sorted(maps.Keys(t[kind])) {
			list = append(list, count{kind, value, t[kind][value]})
		}
		slices.SortStableFunc(list[from:], func(a, b count) int { return b.n - a.n })
	}
	return list
}
