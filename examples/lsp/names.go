package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/dsl"
)

// symbol is what a name means at a place.
type symbol struct {
	name   string
	kind   int       // of completion items
	what   string    // field, param, activity …
	detail string    // on one line
	doc    string    // Markdown
	typ    dsl.Type  // of a value; empty where it has none
	field  dsl.Field // of a field
	pos    dsl.Pos   // of its declaration, if it has one
}

var metricTexts = []struct{ name, doc string }{
	{"contacts", "How many contacts the account has."},
	{"engaged_contacts", "How many contacts are engaged."},
	{"senior_engaged", "How many contacts are engaged and have a weight above 1."},
	{"completeness", "How much of the committee is there, 0–100."},
}

// rollup gives the dimension from contacts, or nil.
func (a *analysis) rollup() *dsl.Dimension {
	for i := range a.rs.Dimensions {
		if a.rs.Dimensions[i].Contacts != nil {
			return &a.rs.Dimensions[i]
		}
	}
	return nil
}

func (a *analysis) fieldSymbol(f dsl.Field, what string) symbol {
	s := symbol{name: f.Name, kind: kindField, what: what, typ: f.Type, field: f, pos: f.Pos, detail: what + " · " + string(f.Type)}
	var b strings.Builder
	fmt.Fprintf(&b, "```rules\nfield %s %s\n```\n", f.Name, f.Type)
	b.WriteString(strings.ToUpper(what[:1]) + what[1:] + ".")
	if f.Description != "" {
		b.WriteString(" " + f.Description)
	}
	b.WriteString("\n")
	line := func(format string, args ...any) { fmt.Fprintf(&b, "- "+format+"\n", args...) }
	b.WriteString("\n")
	if f.From != "" {
		line("from `%s`", f.From)
	}
	if f.StaleAfter != 0 {
		line("stale after %s", f.StaleAfter)
	}
	if f.MissingAfter != 0 {
		line("missing after %s", f.MissingAfter)
	}
	if f.Default != nil {
		line("default `%s`", valueText(*f.Default))
	}
	if f.OneOf != nil {
		line("one of %s", valuesText(f.OneOf))
	}
	if f.IgnoringCase {
		line("ignoring case")
	}
	if f.Change != "" {
		line("%s", f.Change)
	}
	if readers := a.readers[f.Name]; strings.HasPrefix(what, "field") && !strings.Contains(what, " of ") && len(readers) > 0 {
		line("read by %s", strings.Join(cut(readers, 10), ", "))
	}
	s.doc = b.String()
	return s
}

// cut shortens a list for people.
func cut(list []string, most int) []string {
	if len(list) <= most {
		return list
	}
	return append(slices.Clone(list[:most]), fmt.Sprintf("and %d more", len(list)-most))
}

func valuesText(values []dsl.Value) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = valueText(v)
	}
	return "[" + strings.Join(cut(texts, 20), ", ") + "]"
}

func valueText(v dsl.Value) string {
	switch v.Kind {
	case dsl.NumberValue:
		return number(v.Number)
	case dsl.BoolValue:
		return fmt.Sprint(v.Bool)
	case dsl.TextValue:
		return v.Text
	case dsl.ListValue:
		return "[" + strings.Join(cut(v.List, 20), ", ") + "]"
	case dsl.DateValue:
		return v.Date.String()
	}
	return "null"
}

// accountFields gives the fields of the account. What Check gives has types;
// where the ruleset declares a field too, its declaration tells the place.
func (a *analysis) accountFields() []symbol {
	what := "field"
	if len(a.rs.Fields) == 0 {
		what = "field, inferred from use"
	}
	return a.fields(a.checked.Fields, what)
}

func (a *analysis) contactFields() []symbol {
	what := "field of a contact"
	if d := a.rollup(); d == nil || len(d.Contacts.Fields) == 0 {
		what = "field of a contact, inferred from use"
	}
	return a.fields(a.checked.ContactFields, what)
}

func (a *analysis) fields(fields []dsl.Field, what string) []symbol {
	list := make([]symbol, len(fields))
	for i, f := range fields {
		list[i] = a.fieldSymbol(f, what)
	}
	return list
}

func (a *analysis) activities() []symbol {
	list := make([]symbol, len(a.checked.Activities))
	for i, t := range a.checked.Activities {
		names := make([]string, len(t.Fields))
		for j, f := range t.Fields {
			names[j] = f.Name + " " + string(f.Type)
		}
		text := t.Name
		if len(names) > 0 {
			text += " (" + strings.Join(names, ", ") + ")"
		}
		list[i] = symbol{name: t.Name, kind: kindEvent, what: "activity", detail: "activity", pos: t.Pos,
			doc: "```rules\nactivity " + text + "\n```\nActivity. It has a moment, a number `value`, and the fields in parentheses."}
	}
	return list
}

// activityFields gives what a filter of an activity reads.
func (a *analysis) activityFields(activity string) []symbol {
	list := []symbol{{name: "value", kind: kindField, what: "field of an activity", typ: dsl.NumberType, detail: "the activity's number",
		doc: "The activity's number; 0 where it has none."}}
	for _, t := range a.checked.Activities {
		if t.Name == activity {
			list = append(list, a.fields(t.Fields, "field of activity "+activity)...)
		}
	}
	return list
}

func (a *analysis) params() []symbol {
	var list []symbol
	for _, p := range a.rs.Params {
		list = append(list, symbol{name: p.Name, kind: kindConstant, what: "param", typ: typeOf(p.Value), pos: p.Pos,
			detail: "param = " + valueText(p.Value),
			doc:    fmt.Sprintf("```rules\nparam %s = %s\n```\nParam. The caller of Compile may replace it.", p.Name, valueText(p.Value))})
	}
	for _, l := range a.rs.Lets {
		list = append(list, symbol{name: l.Name, kind: kindVariable, what: "let", typ: "", pos: l.Pos, detail: "let = " + l.Value.Text,
			doc: fmt.Sprintf("```rules\nlet %s = %s\n```\nComputed value. It is missing where its expression is unknown.", l.Name, l.Value.Text)})
	}
	return list
}

func typeOf(v dsl.Value) dsl.Type {
	return map[dsl.ValueKind]dsl.Type{dsl.NumberValue: dsl.NumberType, dsl.BoolValue: dsl.BoolType, dsl.TextValue: dsl.TextType,
		dsl.ListValue: dsl.ListType, dsl.DateValue: dsl.TimeType}[v.Kind]
}

func (a *analysis) dimensions() []symbol {
	var list []symbol
	for i := range a.rs.Dimensions {
		d := &a.rs.Dimensions[i]
		list = append(list, symbol{name: d.Name, kind: kindClass, what: "dimension", typ: dsl.NumberType, detail: "dimension", pos: d.Pos,
			doc: dimensionText(d)})
	}
	return list
}

func dimensionText(d *dsl.Dimension) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**dimension %s**", d.Name)
	for _, c := range []struct {
		word string
		v    *float64
	}{{"out of", d.OutOf}, {"max", d.Max}, {"min", d.Min}} {
		if c.v != nil {
			fmt.Fprintf(&b, " · %s %s", c.word, number(*c.v))
		}
	}
	if d.Weight != nil {
		fmt.Fprintf(&b, " · weight %s%%", number(*d.Weight*100))
	}
	if d.Unscored {
		b.WriteString(" · unscored")
	}
	if d.Contacts != nil {
		b.WriteString(" · from contacts")
	}
	lines := "lines"
	if len(d.Items) == 1 {
		lines = "line"
	}
	fmt.Fprintf(&b, " · %d %s", len(d.Items), lines)
	if d.Description != "" {
		b.WriteString("\n\n" + d.Description)
	}
	return b.String()
}

// metrics gives the numbers of the contacts, where a dimension is from them.
func (a *analysis) metrics() []symbol {
	if a.rollup() == nil {
		return nil
	}
	var list []symbol
	for _, m := range metricTexts {
		list = append(list, symbol{name: m.name, kind: kindVariable, what: "number of the contacts", typ: dsl.NumberType, detail: "of the contacts", doc: m.doc})
	}
	return list
}

// results gives what only tiers, grades, triggers and cases read.
func (a *analysis) results() []symbol {
	list := []symbol{{name: "score", kind: kindVariable, what: "result", typ: dsl.NumberType, detail: "the published score", doc: "The published score."}}
	list = append(list, a.dimensions()...)
	if len(a.rs.Grades) > 0 {
		list = append(list, symbol{name: "grade", kind: kindVariable, what: "result", typ: dsl.TextType, detail: "the grades joined", doc: "The letters of all grades, joined in order of declaration."})
		for _, g := range a.rs.Grades {
			list = append(list, symbol{name: g.Dimension + ".grade", kind: kindVariable, what: "result", typ: dsl.TextType,
				detail: "the grade of " + g.Dimension, doc: "The letter of dimension `" + g.Dimension + "`.", pos: g.Pos})
		}
	}
	return append(list, a.metrics()...)
}

func (a *analysis) tierNames(main bool) []symbol {
	var list []symbol
	add := func(tiers []dsl.Tier) {
		for i := range tiers {
			list = append(list, symbol{name: tiers[i].Name, kind: kindValue, what: "tier", detail: "tier", pos: tiers[i].Pos, doc: tierText(&tiers[i])})
		}
	}
	add(a.rs.Tiers)
	if !main {
		for i := range a.rs.Ladders {
			add(a.rs.Ladders[i].Tiers)
		}
	}
	return list
}

func tierText(t *dsl.Tier) string {
	var b strings.Builder
	fmt.Fprintf(&b, "**tier %s** ", t.Name)
	if t.When.IsZero() {
		b.WriteString("otherwise")
	} else {
		fmt.Fprintf(&b, "when `%s`", t.When.Text)
	}
	if t.Hold != nil {
		fmt.Fprintf(&b, " · hold %s", number(*t.Hold))
	}
	b.WriteString("\n")
	for _, p := range t.Plays {
		b.WriteString("\n- play")
		for _, part := range []struct{ word, text string }{{"", p.Name}, {"targeting ", p.Targeting}, {"motion ", p.Motion}, {"metric ", p.Metric}} {
			if part.text != "" {
				b.WriteString(" " + part.word + "“" + part.text + "”")
			}
		}
	}
	return b.String()
}

// values gives the names that a condition at a place can read.
func (a *analysis) values(p *place) []symbol {
	if activity := p.filterOf(); activity != "" {
		return append(a.activityFields(activity), a.params()...)
	}
	switch {
	case p.in(contactsBlock), p.in(contactBlock):
		return append(a.contactFields(), a.params()...)
	case p.in(tiersBlock), p.begins("trigger"), p.begins("expect"):
		return slices.Concat(a.results(), a.accountFields(), a.params())
	}
	return slices.Concat(a.accountFields(), a.metrics(), a.params())
}

// filterOf gives the activity whose filter the end of the statement stands in,
// or whose fields a case gives; empty where it is in none.
func (p *place) filterOf() string {
	deep := 0
	for i := len(p.stmt) - 1; i >= 0; i-- {
		switch t := p.stmt[i]; {
		case t.s == ")":
			deep++
		case t.s == "(":
			if deep--; deep < 0 && i >= 2 && p.stmt[i-2].s == "did" {
				return p.stmt[i-1].s
			}
			deep = max(deep, 0)
		case t.s == "where" && deep == 0:
			if name := i - 1; name >= 0 {
				if name >= 2 && p.stmt[name].s == "account" && p.stmt[name-1].s == "by" {
					name -= 2
				}
				return p.stmt[name].s
			}
		case t.s == "," && deep == 0, t.kind == opToken && isArrow(t.s):
			if i > 0 && t.s != "," {
				return ""
			}
		}
	}
	return ""
}

// named finds a name among symbols.
func named(list []symbol, name string) *symbol {
	for i := range list {
		if list[i].name == name {
			return &list[i]
		}
	}
	return nil
}
