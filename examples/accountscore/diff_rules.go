package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
)

// compareDimension compares a dimension of two rulesets; one of them may lack
// it.
func compareDimension(name string, before, after *dsl.Dimension) []change {
	switch {
	case before == nil:
		return append([]change{added(piece{"dimension", name, frame(after)})}, compareRules(&dsl.Dimension{Name: name}, after)...)
	case after == nil:
		return []change{removed(piece{"dimension", name, frame(before)})}
	}
	list := comparePieces([]piece{{"dimension", name, frame(before)}}, []piece{{"dimension", name, frame(after)}})
	list = append(list, comparePieces(rollupParts(before), rollupParts(after))...)
	list = append(list, compareRules(before, after)...)
	return append(list, comparePieces(scales(before), scales(after))...)
}

// frame is a dimension without what stands in its block.
func frame(d *dsl.Dimension) string {
	bare := *d
	bare.Items, bare.Scales = nil, nil
	if bare.Contacts != nil {
		bare.Contacts = &dsl.Rollup{}
	}
	s := oneLine(text(dsl.Ruleset{Dimensions: []dsl.Dimension{bare}}))
	return strings.TrimSpace(strings.TrimRight(strings.TrimPrefix(s, "dimension "+d.Name), " {}"))
}

// rollupParts are the lines of a block from contacts.
func rollupParts(d *dsl.Dimension) []piece {
	r := d.Contacts
	if r == nil {
		return nil
	}
	var list []piece
	// A line begins with what it is, which the name says already.
	add := func(kind, name string, one dsl.Rollup) {
		s := oneLine(text(dsl.Ruleset{Dimensions: []dsl.Dimension{{Name: "d", Contacts: &one}}}))
		_, s, _ = strings.Cut(s, "{")
		_, word, _ := strings.Cut(name, " ")
		s = strings.TrimSpace(strings.TrimSuffix(s, "}"))
		if s = strings.TrimSpace(strings.TrimPrefix(s, word)); s != "" {
			list = append(list, piece{kind, name, s})
		}
	}
	for _, f := range r.Fields {
		add("field", d.Name+"."+f.Name, dsl.Rollup{Fields: []dsl.Field{f}})
	}
	add("rollup", d.Name+" score", dsl.Rollup{Score: r.Score})
	add("rollup", d.Name+" decay", dsl.Rollup{Decay: r.Decay})
	add("rollup", d.Name+" cap", dsl.Rollup{Cap: r.Cap})
	add("rollup", d.Name+" weight", dsl.Rollup{Weight: r.Weight})
	add("rollup", d.Name+" combine", dsl.Rollup{Combine: r.Combine})
	add("rollup", d.Name+" engaged", dsl.Rollup{Engaged: r.Engaged})
	add("rollup", d.Name+" bonus", dsl.Rollup{Bonus: r.Bonus})
	add("rollup", d.Name+" committee", dsl.Rollup{Committee: r.Committee})
	return list
}

// scales are told by their place: they have no names, and they act in order.
func scales(d *dsl.Dimension) []piece {
	var list []piece
	for i, s := range d.Scales {
		one := dsl.Dimension{Name: "d", Scales: []dsl.Scale{s}}
		_, body, _ := strings.Cut(oneLine(text(dsl.Ruleset{Dimensions: []dsl.Dimension{one}})), "{")
		list = append(list, piece{"scale", fmt.Sprintf("%s.%d", d.Name, i+1), strings.TrimSpace(strings.TrimSuffix(body, "}"))})
	}
	return list
}

// ruleText is the canonical text of a rule without its group.
func ruleText(r dsl.Rule) string {
	one := dsl.Dimension{Name: "d", Items: []dsl.Item{{Rule: &r}}}
	s := strings.TrimSpace(text(dsl.Ruleset{Dimensions: []dsl.Dimension{one}}))
	_, body, _ := strings.Cut(s, "{")
	return strings.TrimSpace(strings.TrimSuffix(body, "}"))
}

// groupText says which group a rule stands in.
func groupText(g *dsl.Group) string {
	if g == nil {
		return ""
	}
	s := string(g.Kind)
	if g.Name != "" {
		s += " " + quoted(g.Name)
	}
	if g.Min != nil {
		s += " min " + decimal(*g.Min)
	}
	if g.Max != nil {
		s += " max " + decimal(*g.Max)
	}
	return s
}

// compareRules pairs the rules of a dimension: by label, then by text, then by
// what they test, then by place. What finds no partner is new or gone.
func compareRules(before, after *dsl.Dimension) []change {
	a, b := slices.Collect(placedRules(before)), slices.Collect(placedRules(after))
	pair := make([]int, len(a)) // of a in b
	for i := range pair {
		pair[i] = -1
	}
	taken := make([]bool, len(b))
	match := func(same func(x, y placedRule, i, k int) bool) {
		for i := range a {
			for k := range b {
				if pair[i] < 0 && !taken[k] && same(a[i], b[k], i, k) {
					pair[i], taken[k] = k, true
				}
			}
		}
	}
	texts := map[*dsl.Rule]string{}
	for _, r := range append(slices.Clone(a), b...) {
		texts[r.rule] = ruleText(*r.rule)
	}
	match(func(x, y placedRule, _, _ int) bool { return x.rule.Label != "" && x.rule.Label == y.rule.Label })
	match(func(x, y placedRule, _, _ int) bool { return texts[x.rule] == texts[y.rule] })
	match(func(x, y placedRule, _, _ int) bool { return tested(x.rule) == tested(y.rule) })
	match(func(x, y placedRule, i, k int) bool { return i == k && x.rule.Label == "" && y.rule.Label == "" })
	var list []change
	for i, x := range a {
		if pair[i] < 0 {
			list = append(list, removed(piece{"rule", x.id, texts[x.rule]}))
			continue
		}
		list = append(list, compareRule(x, b[pair[i]])...)
	}
	for k, y := range b {
		if !taken[k] {
			list = append(list, added(piece{"rule", y.id, texts[y.rule]}))
		}
	}
	return append(list, compareRuleOrder(before.Name, a, b, pair)...)
}

// tested is what a rule looks at, whatever it gives for it.
func tested(r *dsl.Rule) string {
	if s := r.Signal; s != nil {
		return fmt.Sprint("signal ", s.Latest, s.Activity, s.ByAccount, " ", s.Where.Text)
	}
	return "when " + r.When.Text + " of " + r.Of.Text
}

// compareRule says in words how a rule changed.
func compareRule(a, b placedRule) []change {
	was, is := ruleText(*a.rule), ruleText(*b.rule)
	var list []change
	if was != is {
		c := changed(piece{"rule", a.id, was}, piece{"rule", a.id, is})
		if words := ruleWords(a, b, c); words != "" {
			c.Text, c.long = words, false
		}
		list = append(list, c)
	}
	if x, y := groupText(a.group), groupText(b.group); x != y {
		list = append(list, change{Kind: "rule", Name: a.id, Change: "changed", Before: x, After: y,
			Text: fmt.Sprintf("rule %s: its group changed from %s to %s", a.id, orNone(x), orNone(y))})
	}
	return list
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// ruleWords names the part of a rule that changed, if it is one alone.
func ruleWords(a, b placedRule, c change) string {
	equal := func(x, y dsl.Rule) bool { return ruleText(x) == ruleText(y) }
	points, when, reason, label := *a.rule, *a.rule, *a.rule, *a.rule
	points.Points, when.When, reason.Reason, label.Label = b.rule.Points, b.rule.When, b.rule.Reason, b.rule.Label
	switch {
	case equal(points, *b.rule):
		return fmt.Sprintf("rule %s gives %s instead of %s: %s", a.id, signed(b.rule.Points), signed(a.rule.Points), c.After)
	case equal(when, *b.rule):
		return fmt.Sprintf("rule %s tests %s instead of %s", a.id, oneLine(b.rule.When.Text), oneLine(a.rule.When.Text))
	case equal(reason, *b.rule):
		return fmt.Sprintf("rule %s shows the reason %s instead of %s", a.id, orNone(b.rule.Reason), orNone(a.rule.Reason))
	case equal(label, *b.rule):
		return fmt.Sprintf("rule %s is called %s: %s", a.id, b.id, c.After)
	}
	return ""
}

// compareRuleOrder tells where rules that both have stand in another order, as
// "first of" minds.
func compareRuleOrder(dimension string, a, b []placedRule, pair []int) []change {
	var was []string
	var places []int
	for i, k := range pair {
		if k >= 0 {
			was, places = append(was, a[i].id), append(places, k)
		}
	}
	if slices.IsSorted(places) {
		return nil
	}
	var is []string
	for _, k := range slices.Sorted(slices.Values(places)) {
		is = append(is, b[k].id)
	}
	c := change{Kind: "rule", Name: dimension, Change: "moved", Before: strings.Join(was, ", "), After: strings.Join(is, ", "), long: true}
	c.Text = fmt.Sprintf("the order of the rules of %s changed from %s to %s", dimension, c.Before, c.After)
	return []change{c}
}
