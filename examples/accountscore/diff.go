package main

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// change is one difference between two rulesets.
type change struct {
	Kind   string `json:"kind"`   // rule, tier, param …; ruleset for what it has once
	Name   string `json:"name"`   // of the thing, as people call it
	Change string `json:"change"` // added, removed, changed, moved
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
	Text   string `json:"text"` // all of it in words

	long bool // Text shows Before and After whole
}

// piece is a part of a ruleset that has a name of its own, and its canonical
// text. Two pieces differ where their texts do, so nothing that a ruleset can
// say is overlooked.
type piece struct{ kind, name, text string }

// text gives the canonical text of a ruleset that holds one piece alone.
func text(rs dsl.Ruleset) string { return string(rs.Format()) }

// oneLine is a piece's text as a message shows it.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// compareRulesets gives every difference, in the order of a ruleset's parts.
func compareRulesets(before, after *accountscore.Ruleset) []change {
	var list []change
	add := func(a, b []piece) { list = append(list, comparePieces(a, b)...) }
	add(heads(before), heads(after))
	add(params(before), params(after))
	add(fieldsOf(before), fieldsOf(after))
	add(letsOf(before), letsOf(after))
	for _, name := range bothNames(dimensionNames(before), dimensionNames(after)) {
		list = append(list, compareDimension(name, dimension(before, name), dimension(after, name))...)
	}
	add(disqualifiers(before), disqualifiers(after))
	add(decisions(before), decisions(after))
	for _, kind := range []string{"param", "let", "dimension", "disqualify", "tier", "grades", "trigger"} {
		list = append(list, compareOrder(kind, before, after)...)
	}
	add(cases(before), cases(after))
	if len(list) == 0 && text(*before) != text(*after) {
		list = append(list, change{Kind: "ruleset", Name: "order", Change: "moved", Text: "statements stand in another order, which changes no score"})
	}
	return list
}

// bothNames gives the names of the first list, then the new ones.
func bothNames(a, b []string) []string {
	list := slices.Clone(a)
	for _, name := range b {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

func comparePieces(before, after []piece) []change {
	var list []change
	for _, a := range before {
		i := slices.IndexFunc(after, func(b piece) bool { return a.kind == b.kind && a.name == b.name })
		switch {
		case i < 0:
			list = append(list, removed(a))
		case a.text != after[i].text:
			list = append(list, changed(a, after[i]))
		}
	}
	for _, b := range after {
		if !slices.ContainsFunc(before, func(a piece) bool { return a.kind == b.kind && a.name == b.name }) {
			list = append(list, added(b))
		}
	}
	return list
}

// title is how people call a piece.
func (p piece) title() string {
	if p.kind == "ruleset" || p.kind == "rollup" {
		return p.name
	}
	return p.kind + " " + p.name
}

func added(p piece) change {
	return change{Kind: p.kind, Name: p.name, Change: "added", After: oneLine(p.text),
		Text: fmt.Sprintf("%s is new: %s", p.title(), oneLine(p.text))}
}

func removed(p piece) change {
	return change{Kind: p.kind, Name: p.name, Change: "removed", Before: oneLine(p.text),
		Text: fmt.Sprintf("%s is gone: %s", p.title(), oneLine(p.text))}
}

func changed(a, b piece) change {
	return change{Kind: a.kind, Name: a.name, Change: "changed", Before: oneLine(a.text), After: oneLine(b.text),
		Text: fmt.Sprintf("%s changed from %s to %s", a.title(), orNothing(a.text), orNothing(b.text)), long: true}
}

func orNothing(s string) string {
	if s = oneLine(s); s == "" {
		return "nothing"
	}
	return s
}

// heads are the statements that a ruleset has once.
func heads(rs *accountscore.Ruleset) []piece {
	return []piece{
		{"ruleset", "name", rs.Name}, {"ruleset", "version", rs.Version},
		{"ruleset", "review", text(dsl.Ruleset{Review: rs.Review})},
		{"ruleset", "score", text(dsl.Ruleset{Score: rs.Score})},
	}
}

func params(rs *accountscore.Ruleset) []piece {
	var list []piece
	for _, p := range rs.Params {
		list = append(list, piece{"param", p.Name, assigned(text(dsl.Ruleset{Params: []dsl.Param{p}}))})
	}
	return list
}

// assigned gives what stands behind the equals sign.
func assigned(s string) string {
	_, value, _ := strings.Cut(s, "=")
	return strings.TrimSpace(value)
}

func fieldsOf(rs *accountscore.Ruleset) []piece {
	var list []piece
	for _, f := range rs.Fields {
		list = append(list, piece{"field", f.Name, text(dsl.Ruleset{Fields: []dsl.Field{f}})})
	}
	for _, a := range rs.Activities {
		list = append(list, piece{"activity", a.Name, text(dsl.Ruleset{Activities: []dsl.ActivityType{a}})})
	}
	return list
}

func letsOf(rs *accountscore.Ruleset) []piece {
	var list []piece
	for _, l := range rs.Lets {
		list = append(list, piece{"let", l.Name, assigned(text(dsl.Ruleset{Lets: []dsl.Let{l}}))})
	}
	return list
}

// disqualifiers have no name: the same condition is the same line, and the
// others are told by their place.
func disqualifiers(rs *accountscore.Ruleset) []piece {
	var list []piece
	for _, d := range rs.Disqualify {
		list = append(list, piece{"disqualify", "when " + d.When.Text, text(dsl.Ruleset{Disqualify: []dsl.Disqualifier{d}})})
	}
	return list
}

// decisions are what a ruleset makes of scores.
func decisions(rs *accountscore.Ruleset) []piece {
	var list []piece
	for _, g := range rs.Grades {
		list = append(list, piece{"grades", g.Dimension, text(dsl.Ruleset{Grades: []dsl.Grading{g}})})
	}
	for _, t := range rs.Tiers {
		list = append(list, piece{"tier", t.Name, tierText(t)})
	}
	for _, l := range rs.Ladders {
		for _, t := range l.Tiers {
			list = append(list, piece{"tier", l.Name + "." + t.Name, tierText(t)})
		}
	}
	for _, t := range rs.Triggers {
		list = append(list, piece{"trigger", t.Name, text(dsl.Ruleset{Triggers: []dsl.Trigger{t}})})
	}
	return list
}

// tierText is a tier without the braces around all tiers.
func tierText(t dsl.Tier) string {
	s := strings.TrimSpace(text(dsl.Ruleset{Tiers: []dsl.Tier{t}}))
	s = oneLine(strings.TrimSuffix(strings.TrimPrefix(s, "tiers {"), "}"))
	return strings.TrimPrefix(s, t.Name+" ")
}

func cases(rs *accountscore.Ruleset) []piece {
	var list []piece
	for i, c := range rs.Cases {
		name := c.Name
		if slices.ContainsFunc(rs.Cases[:i], func(o dsl.Case) bool { return o.Name == c.Name }) {
			name = fmt.Sprintf("%s (number %d)", c.Name, i+1)
		}
		list = append(list, piece{"case", strings.TrimSpace(quoted(name)), text(dsl.Ruleset{Cases: []dsl.Case{c}})})
	}
	return list
}

// compareOrder tells where the things of a kind that both rulesets have stand
// in another order: the first tier that holds wins, grades are joined in order,
// and results list dimensions in theirs.
func compareOrder(kind string, before, after *accountscore.Ruleset) []change {
	a, b := ordered(kind, before), ordered(kind, after)
	a = slices.DeleteFunc(a, func(s string) bool { return !slices.Contains(b, s) })
	b = slices.DeleteFunc(b, func(s string) bool { return !slices.Contains(a, s) })
	if slices.Equal(a, b) {
		return nil
	}
	was, is := strings.Join(a, ", "), strings.Join(b, ", ")
	return []change{{Kind: kind, Change: "moved", Before: was, After: is,
		Text: fmt.Sprintf("the order of the %s changed from %s to %s", plurals[kind], was, is), long: true}}
}

var plurals = map[string]string{"param": "params", "let": "lets", "dimension": "dimensions", "disqualify": "disqualify lines", "tier": "tiers", "grades": "grades", "trigger": "triggers"}

func ordered(kind string, rs *accountscore.Ruleset) []string {
	var pieces []piece
	switch kind {
	case "param":
		pieces = params(rs)
	case "let":
		pieces = letsOf(rs)
	case "dimension":
		return dimensionNames(rs)
	case "disqualify":
		pieces = disqualifiers(rs)
	default:
		pieces = decisions(rs)
	}
	var list []string
	for _, p := range pieces {
		if p.kind == kind {
			list = append(list, p.name)
		}
	}
	return list
}

func dimensionNames(rs *accountscore.Ruleset) []string {
	var list []string
	for i := range rs.Dimensions {
		list = append(list, rs.Dimensions[i].Name)
	}
	return list
}

func dimension(rs *accountscore.Ruleset, name string) *dsl.Dimension {
	i := slices.Index(dimensionNames(rs), name)
	if i < 0 {
		return nil
	}
	return &rs.Dimensions[i]
}

// placedRule is a rule with its place in its dimension.
type placedRule struct {
	id    string // dimension.label, or dimension.3, as results and explanations say
	rule  *dsl.Rule
	group *dsl.Group // nil for a rule of its own
}

// placedRules yields the rules of a dimension in order, those of groups too.
func placedRules(d *dsl.Dimension) iter.Seq[placedRule] {
	return func(yield func(placedRule) bool) {
		n := 0
		next := func(r *dsl.Rule, g *dsl.Group) bool {
			n++
			id := fmt.Sprintf("%s.%d", d.Name, n)
			if r.Label != "" {
				id = d.Name + "." + r.Label
			}
			return yield(placedRule{id, r, g})
		}
		for i := range d.Items {
			it := &d.Items[i]
			if it.Rule != nil && !next(it.Rule, nil) {
				return
			}
			if it.Group == nil {
				continue
			}
			for k := range it.Group.Rules {
				if !next(&it.Group.Rules[k], it.Group) {
					return
				}
			}
		}
	}
}
