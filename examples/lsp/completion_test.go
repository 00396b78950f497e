package main

import (
	"slices"
	"strings"
	"testing"
)

const declared = `field employees number
field stage text one of [none, discovery, "in talks"]
field plan text
field tags list one of [CRM, "E-commerce"]
field funded time
field ready bool
param regions = [US, UK]
param goal = 5
let per = employees / 2
activity visit (page text one of [home, pricing], seconds number), demo
`

const scored = declared + `dimension fit { employees > 1 → +1 }
dimension people from contacts {
  field role text one of [champion, user]
  field active time
  score 1
}
grades fit { 75+: A, else: B }
tiers {
  "very top" when score > 50
  low otherwise
}
tiers stage {
  hot when score > 5
  cold otherwise
}
`

func TestCompletion(t *testing.T) {
	for _, test := range []struct {
		name, text  string
		wants, nots string // labels, apart by semicolons
	}{
		{"an empty file", "|", "ruleset;field;dimension;each;best of;count", "known;→"},
		{"a line's start", declared + "|", "employees;stage;regions;dimension", "role;page"},
		{"half a word", declared + "emp|", "employees", ""},
		{"in a dimension", declared + "dimension d {\n  |", "employees;each;scale;sum of;count", "ruleset;decay"},
		{"after a label", declared + "dimension d {\n  a: |", "employees;each;latest", "scale"},
		{"operators of a number", declared + "employees |", ">=;between;in;is known;→;and", "contains;within"},
		{"operators of a text", declared + "stage |", "=;in;contains;starts with;is missing", "between;within"},
		{"operators of a list", declared + "tags |", "has any;has none;contains;is empty", ">=;within"},
		{"operators of a time", declared + "funded |", "within;>=", "contains"},
		{"an inferred type", "employees > 5 → +1\nemployees |", ">=;between", "contains"},
		{"values", declared + "stage = |", "none;discovery;in talks;plan", "CRM"},
		{"values after words", declared + "employees > 5 and stage is not |", "none;discovery;known;missing", "CRM"},
		{"values in a list", declared + "stage in [none, |", "discovery;in talks", "regions;employees"},
		{"values of a list", declared + "tags has any [|", "CRM;E-commerce", "none"},
		{"values in quotes", declared + "stage = \"in|", "none;in talks", "employees"},
		{"truths", declared + "ready = |", "true;false", ""},
		{"a name on the right where fields are inferred", "a > 5 → +1\nb > 5 → +1\nparam p = 5\nb > |", "p", "a"},
		{"the name of a list", declared + "stage in |", "regions", ""},
		{"a number to compare with", declared + "employees >= |", "goal;per;max", "stage;regions"},
		{"the second word", declared + "tags has |", "any;all;none;word", "employees"},
		{"not in", declared + "stage not |", "in", "employees"},
		{"after not", declared + "not |", "employees;stage", "in"},
		{"after and", declared + "employees > 5\n  and |", "stage;count", "each"},
		{"an activity", declared + "each |", "visit;demo", "employees"},
		{"the log", declared + "count(|", "visit;demo;tags", "employees"},
		{"time since", declared + "days_since(|", "visit;funded", "tags"},
		{"in the log", declared + "count(visit |", "where;by account", ""},
		{"a filter", declared + "count(visit where |", "page;seconds;value;regions", "employees;count"},
		{"a filter's value", declared + "any(visit where page = |", "home;pricing", "discovery;seconds"},
		{"a signal's filter", declared + "each visit where |", "page;seconds", "employees"},
		{"a signal", declared + "each visit |", "where;within;by account;→", ""},
		{"behind points", declared + "employees > 5 → +5 |", "else;per;max;baseline;code", "half-life"},
		{"behind a signal's points", declared + "each visit → +5 |", "half-life;linear;daily max;per value", "else"},
		{"reasons", "reasons |", "above;below", "baseline"},
		{"reasons below", "reasons below |", "baseline", "above"},
		{"per", declared + "employees > 5 → +5 per |", "employees;per", "stage"},
		{"a field's type", "field employees |", "number;text;bool;list;time", ""},
		{"a field's clauses", "field employees number |", "from;stale after;one of;enrichable", "number"},
		{"an activity's field", "activity a (page |", "number;text", "from"},
		{"a dimension's head", "dimension d |", "out of;weight;from contacts", "employees"},
		{"a table's key", declared + "stage → { none: 0, |", "discovery;in talks;missing;else", "employees"},
		{"a weight's key", declared + "dimension x from contacts {\n field role text one of [a1, b1]\n weight role { |", "a1;b1;else;missing", ""},
		{"a rollup's line", "dimension x from contacts {\n  |", "decay;combine;engaged;committee;each", "dimension"},
		{"combine", "dimension x from contacts {\n  combine |", "ranked;weighted mean;best", ""},
		{"since", "dimension x from contacts {\n field active time\n field role text\n decay half-life 30d since |", "active", "role"},
		{"a rule of contacts", "field a number\ndimension x from contacts {\n field role text\n |", "role", "a"},
		{"a tier", scored + "tiers more {\n  x |", "when;otherwise", ""},
		{"a tier's condition", scored + "tiers more {\n  x when |", "score;fit;people;grade;fit.grade;engaged_contacts;employees", "count"},
		{"a tier's grade", scored + "tiers more {\n  x when fit.grade = |", "A;B", ""},
		{"behind a tier", scored + "tiers more {\n  x when score > 5 |", "hold;play", ""},
		{"a play", scored + "tiers more {\n  x otherwise\n    play \"a\" |", "targeting;motion;metric", ""},
		{"a trigger", scored + "trigger t when |", "tier;score;fit;people;engaged_contacts", "employees"},
		{"a trigger's change", scored + "trigger t when tier |", "rises to;falls", "reaches"},
		{"a trigger's tier", scored + "trigger t when tier rises to |", "very top;low", "hot"},
		{"a case's line", scored + "case \"x\" {\n  |", "employees;expect;did;contact;was", "role"},
		{"a case's value", scored + "case \"x\" {\n  employees = 5, stage = |", "none;discovery;null", ""},
		{"a case's contact", scored + "case \"x\" {\n  contact a { |", "role;active;did", "employees"},
		{"a contact's value", scored + "case \"x\" {\n  contact a { role = |", "champion;user;null", ""},
		{"what happened", scored + "case \"x\" {\n  did |", "visit;demo", ""},
		{"where it happened", scored + "case \"x\" {\n  did visit (|", "page;seconds", "value"},
		{"when it happened", scored + "case \"x\" {\n  did visit |", "on;value;x", ""},
		{"an expectation", scored + "case \"x\" {\n  expect score 5, |", "score;low;tier;fit;grade;stage;unknown", "employees"},
		{"an expected tier", scored + "case \"x\" {\n  expect tier |", "very top;low;disqualified", "hot"},
		{"an expected rung", scored + "case \"x\" {\n  expect stage |", "hot;cold", "low"},
		{"the tier before", scored + "case \"x\" {\n  was |", "very top;low", ""},
		{"grades", scored + "grades |", "fit;people", ""},
		{"a comment", declared + "# emp|", "", "employees;field"},
		{"behind a comment", declared + "employees > 5 // fif|\n", "", "employees;and"},
		{"behind a hash in a list function", declared + "count(tags, # = |", "employees", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, at := placeOfMark(t, test.text)
			c, _ := open(t, text)
			var items []completionItem
			c.call("textDocument/completion", positionIn(at), &items)
			var labels []string
			for _, item := range items {
				labels = append(labels, item.Label)
				if item.TextEdit.Range.End != at || item.TextEdit.NewText == "" || item.Kind == 0 {
					t.Errorf("%+v", item)
				}
			}
			for want := range strings.SplitSeq(test.wants, ";") {
				if want != "" && !slices.Contains(labels, want) {
					t.Errorf("%q is not among %q", want, labels)
				}
			}
			for not := range strings.SplitSeq(test.nots, ";") {
				if not != "" && slices.Contains(labels, not) {
					t.Errorf("%q is among %q", not, labels)
				}
			}
		})
	}
}

// What is chosen fits where it is put.
func TestCompletionInserts(t *testing.T) {
	for _, test := range []struct{ text, label, want string }{
		{declared + "stage = in| → +5", "in talks", declared + "stage = \"in talks\" → +5"},
		{declared + "stage = \"🚀in|", "in talks", declared + "stage = \"in talks"},
		{declared + "stage in [none, dis|] → +5", "discovery", declared + "stage in [none, discovery] → +5"},
		{scored + "trigger t when tier rises to |", "very top", scored + "trigger t when tier rises to \"very top\""},
		{"cou|", "count", "count("},
	} {
		text, at := placeOfMark(t, test.text)
		d := newDocument("", 0, text)
		item := find(d.completion(d.offset(at)), test.label)
		if item == nil {
			t.Errorf("%q is not offered", test.label)
			continue
		}
		d.apply(change{Range: &item.TextEdit.Range, Text: item.TextEdit.NewText})
		if d.text != test.want {
			t.Errorf("%q became\n%s", test.label, strings.TrimPrefix(d.text, declared))
		}
	}
}
