package accountscore

import (
	"slices"
	"strings"
	"unicode"

	"github.com/accountscore/accountscore/dsl"
)

// names reports what is declared and never read. In a ruleset without
// declarations everything is read.
func (v *vet) names() {
	m := v.m
	const fix = "read it, or drop the declaration"
	fields := func(prefix string, list []field) {
		for i := range list {
			if f := &list[i]; !f.read {
				v.report(VetUnused, Note, f.Pos, prefix+f.Name, fix, "the field `%s` is declared and never read", f.Name)
			}
		}
	}
	if len(m.rules.Fields) > 0 {
		fields("field ", m.fields)
	}
	if m.rollup != nil && len(m.rollup.src.Fields) > 0 {
		fields("contact field ", m.contactFields)
	}
	if len(m.rules.Activities) > 0 {
		for i := range m.activities {
			a, pos := &m.activities[i], dsl.Pos{}
			if i < len(m.rules.Activities) {
				pos = m.rules.Activities[i].Pos
			}
			if !a.read {
				v.report(VetUnused, Note, pos, "activity "+a.name, fix, "the activity `%s` is declared and never read", a.name)
				continue
			}
			for j := range a.fields {
				if f := &a.fields[j]; !f.read {
					v.report(VetUnused, Note, firstPos(f.Pos, pos), "activity "+a.name+" "+f.Name, fix, "the field `%s` of the activity `%s` is declared and never read", f.Name, a.name)
				}
			}
		}
	}
	for i := range m.lets {
		if l := &m.rules.Lets[i]; !m.lets[i].read {
			v.report(VetUnused, Note, l.Pos, "let "+l.Name, fix, "the let `%s` is declared and never read", l.Name)
		}
	}
	words := m.words()
	for i := range m.rules.Params {
		if p := &m.rules.Params[i]; !words[p.Name] {
			v.report(VetUnused, Note, p.Pos, "param "+p.Name, fix, "the param `%s` is declared and never read", p.Name)
		}
	}
}

// words gives every word of every formula. A param is folded into the
// formulas that read it, so only their texts tell; a word in a quoted text
// counts too, so that nothing that is read is called unused.
func (m *Model) words() map[string]bool {
	words := map[string]bool{}
	for _, f := range formulas(m.rules) {
		for _, w := range strings.FieldsFunc(f.Text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			words[w] = true
		}
	}
	return words
}

// formulas gives every formula of a ruleset.
func formulas(rs *Ruleset) []Formula {
	var all []Formula
	for i := range rs.Lets {
		all = append(all, rs.Lets[i].Value)
	}
	for i := range rs.Dimensions {
		d := &rs.Dimensions[i]
		for j := range d.Items {
			rules := []dsl.Rule{}
			if d.Items[j].Group != nil {
				rules = d.Items[j].Group.Rules
			} else if d.Items[j].Rule != nil {
				rules = []dsl.Rule{*d.Items[j].Rule}
			}
			for _, r := range rules {
				all = append(all, r.When, r.Of, r.Per)
				if r.Signal != nil {
					all = append(all, r.Signal.Where)
				}
			}
		}
		for j := range d.Scales {
			all = append(all, d.Scales[j].When)
		}
		if d.Contacts != nil {
			all = append(all, d.Contacts.Score)
			if d.Contacts.Weight != nil {
				all = append(all, d.Contacts.Weight.Of)
			}
		}
	}
	for i := range rs.Disqualify {
		all = append(all, rs.Disqualify[i].When)
	}
	for _, tiers := range slices.Concat([][]Tier{rs.Tiers}, ladderTiers(rs)) {
		for i := range tiers {
			all = append(all, tiers[i].When)
		}
	}
	return all
}

func ladderTiers(rs *Ruleset) [][]Tier {
	var all [][]Tier
	for i := range rs.Ladders {
		all = append(all, rs.Ladders[i].Tiers)
	}
	return all
}
