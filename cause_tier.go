package accountscore

import (
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
)

// tierCauses lists what changed the tier: the disqualifications that came or
// went, and what the tests read that now have another answer.
func (m *Model) tierCauses(prev, next *Explanation) []Cause {
	list := disqualifyCauses(prev, next)
	read := turnedTests(prev.Tiers, next.Tiers)
	dims := map[string]bool{} // that the tests read, themselves or as a grade
	for i := range read {
		for _, d := range readDimensions(next, prev, read[i].name) {
			dims[d] = true
		}
	}
	score := len(read) == 0 || slices.ContainsFunc(read, func(r turned) bool { return r.name == "score" })
	for _, c := range pointCauses(prev.parts(""), next.parts("")) {
		if score || dims[c.Dimension] {
			list = append(list, c)
		}
	}
	for _, name := range unscored(next, prev) {
		if dims[name] {
			list = append(list, pointCauses(prev.parts(name), next.parts(name))...)
		}
	}
	for i := range read {
		switch r := &read[i]; {
		case r.name == "score" || len(readDimensions(next, prev, r.name)) > 0:
		case slices.Contains(rollupNames[:], r.name):
			list = append(list, contactCauses(r.name, prev.contacts(), next.contacts())...)
		default:
			c := Cause{Text: r.text()}
			if slices.ContainsFunc(m.fields, func(f field) bool { return f.Name == r.name }) {
				c.Field = r.name
			}
			list = append(list, c)
		}
	}
	return list
}

// rollupNames are the numbers of the contacts that tests can read.
var rollupNames = [...]string{"contacts", "engaged_contacts", "senior_engaged", "completeness"}

// turned is something that a test reads whose answer changed.
type turned struct {
	name    string
	was, is *Seen // nil where nothing is known of it
}

// text says how it changed.
func (t *turned) text() string {
	switch {
	case t.was == nil:
		return t.name + " is " + seenValue(t.is)
	case t.is == nil:
		return t.name + " was " + seenValue(t.was)
	}
	return t.name + " from " + seenValue(t.was) + " to " + seenValue(t.is)
}

func seenValue(s *Seen) string {
	if s.Value.Kind == dsl.NullValue {
		return orElse(string(s.State), "unknown")
	}
	return valueText(s.Value)
}

// turnedTests gives what is read by the tests that have another answer than
// before, each once, of the tiers whose conditions do, else of all. Where no
// test has, as with a threshold that a hold relaxes, it is what is read and is
// another.
func turnedTests(prev, next []TierExplanation) []turned {
	were := map[string]*TierExplanation{}
	for i := range prev {
		were[prev[i].Name] = &prev[i]
	}
	for _, only := range [...]bool{true, false} {
		var list []turned
		for i := range next {
			was := were[next[i].Name]
			if was == nil {
				was = &TierExplanation{}
			}
			if was.Now == next[i].Now && only {
				continue
			}
			list = turnedIn(list, was.Tests, next[i].Tests, only)
		}
		if len(list) > 0 {
			return list
		}
	}
	return nil
}

// turnedIn adds what is read by the tests of one tier.
func turnedIn(list []turned, prev, next []TestExplanation, only bool) []turned {
	add := func(was, is *TestExplanation) {
		for _, t := range readings(was, is) {
			same := t.was != nil && t.is != nil && seenValue(t.was) == seenValue(t.is)
			if !same && !slices.ContainsFunc(list, func(o turned) bool { return o.name == t.name }) {
				list = append(list, t)
			}
		}
	}
	left := make([]*TestExplanation, len(prev))
	for i := range prev {
		left[i] = &prev[i]
	}
	for i := range next {
		is, was := &next[i], &TestExplanation{}
		if at := slices.IndexFunc(left, func(o *TestExplanation) bool { return o.Text == is.Text }); at >= 0 {
			was = left[at]
			left = slices.Delete(left, at, at+1)
		}
		if !only || was.State != is.State {
			add(was, is)
		}
	}
	for _, was := range left {
		add(was, &TestExplanation{})
	}
	return list
}

// readings pairs what a test reads with what it read, by name.
func readings(was, is *TestExplanation) []turned {
	var list []turned
	for i := range is.Seen {
		list = append(list, turned{name: is.Seen[i].Name, is: &is.Seen[i]})
	}
	for i := range was.Seen {
		s := &was.Seen[i]
		if at := slices.IndexFunc(list, func(t turned) bool { return t.name == s.Name && t.was == nil }); at >= 0 {
			list[at].was = s
			continue
		}
		list = append(list, turned{name: s.Name, was: s})
	}
	return list
}

// readDimensions gives the dimensions that a name stands for: one, or those
// with a grade.
func readDimensions(next, prev *Explanation, name string) []string {
	of := strings.TrimSuffix(name, ".grade")
	var list []string
	for _, x := range [...]*Explanation{next, prev} {
		for i := range x.Grades {
			if d := x.Grades[i].Dimension; (name == "grade" || d == of) && !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
		for i := range x.Dimensions {
			if d := x.Dimensions[i].Name; d == name && !slices.Contains(list, d) {
				list = append(list, d)
			}
		}
	}
	return list
}

// unscored gives the names of the dimensions that are no part of the score.
func unscored(next, prev *Explanation) []string {
	var list []string
	for _, x := range [...]*Explanation{next, prev} {
		for i := range x.Dimensions {
			if d := &x.Dimensions[i]; d.Unscored && !slices.Contains(list, d.Name) {
				list = append(list, d.Name)
			}
		}
	}
	return list
}
