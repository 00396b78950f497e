package dsl

import (
	"fmt"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/numeral"
)

// declare reads every declaration before any formula, so that formulas may
// read what stands further down, save lets.
func (c *checker) declare() {
	rs := c.rs
	c.inferring = len(rs.Fields) == 0
	for i := range rs.Dimensions {
		d := &rs.Dimensions[i]
		if d.Contacts != nil && c.rollup == nil {
			c.rollup = d.Contacts
		}
		if d.Contacts != nil && len(d.Contacts.Fields) > 0 {
			c.inferring = false
		}
	}
	c.inferringActivities = c.inferring && len(rs.Activities) == 0
	for i := range rs.Params {
		c.declareParam(&rs.Params[i])
	}
	for i := range rs.Fields {
		f := &rs.Fields[i]
		path := fmt.Sprintf("field %s", f.Name)
		info := c.declareField(f, cond.Account, i, path)
		if c.declarable(f.Name, f.Pos, path, "field") && c.fresh(f.Name, f.Pos, path) {
			c.fieldByName[f.Name] = info
		}
		c.fields = append(c.fields, info)
	}
	for i := range rs.Lets {
		let := &rs.Lets[i]
		path := fmt.Sprintf("let %s", let.Name)
		info := &letInfo{name: let.Name, slot: i}
		if c.declarable(let.Name, let.Pos, path, "let") && c.fresh(let.Name, let.Pos, path) {
			c.letByName[let.Name] = info
		}
		c.lets = append(c.lets, info)
	}
	for i := range rs.Activities {
		c.declareActivity(&rs.Activities[i])
	}
	for i := range rs.Dimensions {
		d := &rs.Dimensions[i]
		path := fmt.Sprintf("dimension %s", d.Name)
		if c.declarable(d.Name, d.Pos, path, "dimension") {
			_, again := c.dimensions[d.Name]
			switch {
			case resultName(d.Name):
				c.wrong(d.Pos, path, CodeDuplicate, "give the dimension another name", "`%s` is already a name of the result", d.Name)
			case again:
				c.wrong(d.Pos, path, CodeDuplicate, "give it another name, or put the rules together", "the dimension `%s` is declared twice", d.Name)
			default:
				c.dimensions[d.Name] = i
			}
		}
		if d.Contacts != nil && d.Contacts == c.rollup {
			c.declareContactFields(d.Contacts, path)
		}
	}
	for i := range rs.Grades {
		if g := &rs.Grades[i]; g.Dimension != "" {
			if _, again := c.grades[g.Dimension]; !again {
				c.grades[g.Dimension] = i
			}
		}
	}
}

// declarable reports a name that cannot be declared.
func (c *checker) declarable(name string, pos Pos, path, what string) bool {
	pos = c.wordPos(pos, name)
	switch {
	case name == "":
		c.wrong(pos, path, CodeStructure, "give it one", "a %s has no name", what)
	case !isPlainWord(name) || operatorWords[name]:
		c.wrong(pos, path, CodeStructure, "begin with a letter; go on with letters, digits and _; words such as `and` are taken", "`%s` cannot be the name of a %s", clipText(name, 40), what)
	case !c.b.names && c.reserved(name):
		c.wrong(pos, path, CodeDuplicate, "give it another name; a field keeps its name in the data by from \"…\"", "`%s` is a name of the language itself", name)
	default:
		return true
	}
	return false
}

// fresh reports a name that a field, a param or a let has already.
func (c *checker) fresh(name string, pos Pos, path string) bool {
	was := ""
	switch {
	case c.paramByName[name] != nil:
		was = "a param"
	case c.fieldByName[name] != nil:
		was = "a field"
	case c.letByName[name] != nil:
		was = "a let"
	default:
		return true
	}
	c.wrong(c.wordPos(pos, name), path, CodeDuplicate, "give it another name", "`%s` is already declared, as %s", name, was)
	return false
}

func (c *checker) declareParam(p *Param) {
	path := fmt.Sprintf("param %s", p.Name)
	info := &paramInfo{name: p.Name, value: p.Value, quoted: c.rs.quotesItems(p)}
	if v, ok := c.b.Params[p.Name]; ok {
		info.value, info.quoted = v, false
	}
	c.params = append(c.params, info)
	if c.declarable(p.Name, p.Pos, path, "param") && c.fresh(p.Name, p.Pos, path) {
		c.paramByName[p.Name] = info
	}
	if valueType(info.value) == cond.NoType {
		c.wrong(p.Pos, path, CodeValue, "give it a number, a text, true, false, a date or a list", "the param `%s` has no value", p.Name)
	} else if info.value.Kind == NumberValue && !finite(info.value.Number) {
		c.wrong(p.Pos, path, CodeValue, "give it a finite number", "the param `%s` is no number", p.Name)
	}
}

// declareField checks a field by itself.
func (c *checker) declareField(f *Field, space cond.Space, slot int, path string) *fieldInfo {
	info := &fieldInfo{Field: *f, space: space, slot: slot, typ: condType(f.Type)}
	if info.typ == cond.NoType {
		c.wrong(f.Pos, path, CodeType, "use number, text, bool, list or time", "the field `%s` has the type `%s`, which there is not", f.Name, clipText(string(f.Type), 40))
		return info
	}
	c.checkFieldValues(f, info, path)
	switch {
	case f.StaleAfter < 0 || f.MissingAfter < 0:
		c.wrong(f.Pos, path, CodeValue, "write a length of time, as in 90d", "a length of time of the field `%s` is negative", f.Name)
	case space != cond.Account && f.StaleAfter != 0:
		c.wrong(f.Pos, path, CodeStructure, "drop it; test the age with a time field instead", "`stale after` is for fields of the account alone")
	case space != cond.Account && f.MissingAfter != 0:
		c.wrong(f.Pos, path, CodeStructure, "drop it; test the age with a time field instead", "`missing after` is for fields of the account alone")
	case f.StaleAfter > 0 && f.MissingAfter > 0 && f.MissingAfter <= f.StaleAfter:
		c.wrong(f.Pos, path, CodeStructure, "let it be missing later than it is stale", "`%s` is missing before it is stale", f.Name)
	}
	if f.IgnoringCase && info.typ != cond.Text && info.typ != cond.List {
		c.wrong(f.Pos, path, CodeType, "drop it", "`ignoring case` is for texts and lists, and `%s` is %s", f.Name, aType(info.typ))
	}
	switch f.Change {
	case "", Fixed, Enrichable, Actionable:
	default:
		c.wrong(f.Pos, path, CodeValue, "use fixed, enrichable or actionable", "`%s` is no kind of change", clipText(string(f.Change), 40))
	}
	return info
}

// checkFieldValues checks the values that a field lists, and its default.
func (c *checker) checkFieldValues(f *Field, info *fieldInfo, path string) {
	if len(f.OneOf) > 0 && info.typ != cond.Text && info.typ != cond.Number && info.typ != cond.List {
		c.wrong(f.Pos, path, CodeType, "drop it", "`one of` is for texts, numbers and lists, and `%s` is %s", f.Name, aType(info.typ))
		return
	}
	want := info.typ
	if want == cond.List {
		want = cond.Text // the items that it may have
	}
	info.values = make(map[string]bool, len(f.OneOf))
	for _, v := range f.OneOf {
		if valueType(v) != want {
			c.wrong(f.Pos, path, CodeType, mendValue(v, want), "the field `%s` wants %ss, and `one of` has %s", f.Name, want, aType(valueType(v)))
			return
		}
		key := showValue(v)
		if f.IgnoringCase {
			key = cond.Fold(key)
		}
		if info.values[key] {
			c.wrong(f.Pos, path, CodeDuplicate, "drop one", "`one of` has the value `%s` twice", clipText(showValue(v), 40))
			return
		}
		info.values[key] = true
	}
	if len(f.OneOf) > 0 && info.typ == cond.Number {
		var numbers []float64
		for _, v := range f.OneOf {
			numbers = append(numbers, v.Number)
		}
		info.numbers = cond.NewSet(numbers, nil, false)
	}
	if f.Default == nil {
		return
	}
	if c.checkValue(*f.Default, info, f.Pos, path, "the default of") && info.typ == cond.Number && !finite(f.Default.Number) {
		c.wrong(f.Pos, path, CodeValue, "give it a finite number", "the default of `%s` is no number", f.Name)
	}
}

// checkValue reports a value that a field cannot have.
func (c *checker) checkValue(v Value, f *fieldInfo, pos Pos, path, what string) bool {
	if f.typ == cond.NoType {
		return true
	}
	if valueType(v) != f.typ {
		c.wrong(pos, path, CodeType, mendValue(v, f.typ), "%s `%s` is %s, and the field is %s", what, f.Name, aType(valueType(v)), aType(f.typ))
		return false
	}
	if len(f.OneOf) == 0 {
		return true
	}
	texts := v.List
	switch f.typ {
	case cond.Text:
		texts = []string{v.Text}
	case cond.Number:
		for _, w := range f.OneOf {
			if w.Number == v.Number {
				return true
			}
		}
		c.wrong(pos, path, CodeValue, "use one of the values that its declaration lists", "`%s` is never %s", f.Name, showValue(v))
		return false
	}
	for _, t := range texts {
		if !f.allows(t) {
			c.wrong(pos, path, CodeValue, c.oneOfFix(f, t), "`%s` is never `%s`", f.Name, clipText(t, 40))
			return false
		}
	}
	return true
}

// mendValue says how a literal becomes one of a type.
func mendValue(v Value, want cond.Type) string {
	switch {
	case want == cond.Text && v.Kind != ListValue:
		return fmt.Sprintf("put it in quotes: %q", showValue(v))
	case want == cond.List && v.Kind == TextValue:
		return fmt.Sprintf("write a list: [%s]", v.Text)
	case want == cond.Bool:
		return "write true or false"
	case want == cond.Time:
		return "write a date, as in 2026-10-01"
	case want == cond.Number:
		return "write a number without quotes"
	}
	return fmt.Sprintf("write %s", aType(want))
}

// showValue gives a literal as people write it.
func showValue(v Value) string {
	switch v.Kind {
	case NumberValue:
		return numeral.Plain(v.Number)
	case TextValue:
		return v.Text
	case BoolValue:
		return fmt.Sprint(v.Bool)
	case DateValue:
		return v.Date.String()
	case ListValue:
		return fmt.Sprint(v.List)
	}
	return "null"
}

func (c *checker) declareContactFields(r *Rollup, path string) {
	for i := range r.Fields {
		f := &r.Fields[i]
		path := fmt.Sprintf("%s, field %s", path, f.Name)
		info := c.declareField(f, cond.Contact, i, path)
		if c.declarable(f.Name, f.Pos, path, "field") {
			switch {
			case c.contactByName[f.Name] != nil:
				c.wrong(f.Pos, path, CodeDuplicate, "give it another name", "the contact field `%s` is declared twice", f.Name)
			case c.paramByName[f.Name] != nil:
				c.wrong(f.Pos, path, CodeDuplicate, "give it another name", "`%s` is already declared, as a param", f.Name)
			default:
				c.contactByName[f.Name] = info
			}
		}
		c.contactFields = append(c.contactFields, info)
	}
}

func (c *checker) declareActivity(t *ActivityType) {
	path := fmt.Sprintf("activity %s", t.Name)
	info := &activityInfo{name: t.Name, index: len(c.activities), pos: t.Pos, byName: map[string]*fieldInfo{}}
	c.activities = append(c.activities, info)
	if c.declarable(t.Name, t.Pos, path, "activity") {
		if c.activityByName[t.Name] != nil {
			c.wrong(t.Pos, path, CodeDuplicate, "drop one", "the activity `%s` is declared twice", t.Name)
		} else {
			c.activityByName[t.Name] = info
		}
	}
	for i := range t.Fields {
		f := &t.Fields[i]
		path := fmt.Sprintf("%s, field %s", path, f.Name)
		fi := c.declareField(f, cond.Activity, i, path)
		if c.declarable(f.Name, f.Pos, path, "field") {
			switch {
			case f.Name == "value":
				c.wrong(f.Pos, path, CodeDuplicate, "every activity has a `value`, a number; give the field another name", "`value` is a name of the language itself")
			case info.byName[f.Name] != nil:
				c.wrong(f.Pos, path, CodeDuplicate, "drop one", "the field `%s` of `%s` is declared twice", f.Name, t.Name)
			case c.paramByName[f.Name] != nil:
				c.wrong(f.Pos, path, CodeDuplicate, "give it another name", "`%s` is already declared, as a param", f.Name)
			default:
				info.byName[f.Name] = fi
			}
		}
		info.fields = append(info.fields, fi)
	}
}
