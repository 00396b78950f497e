package dsl

import (
	"fmt"
	"math"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/numeral"
)

func (c *checker) checkCases() {
	seen := map[string]bool{}
	for i := range c.rs.Cases {
		k := &c.rs.Cases[i]
		path := fmt.Sprintf("case %s", k.Name)
		if k.Name != "" && seen[k.Name] {
			c.wrong(k.Pos, path, CodeDuplicate, "give it another name", "the case `%s` is declared twice", clipText(k.Name, 40))
		}
		seen[k.Name] = true
		if k.Was != "" {
			c.needTier(k.Was, k.Pos, path)
		}
		c.checkCaseValues(k.Values, c.fieldByName, func(name string, pos Pos) { c.unknownField(name, pos, path) }, path)
		c.checkDid(k.Did, k.Pos, path)
		ids := map[string]bool{}
		for j := range k.Contacts {
			p := &k.Contacts[j]
			path := fmt.Sprintf("%s, contact %s", path, p.ID)
			pos := c.posOr(p.Pos, k.Pos)
			switch {
			case p.ID == "":
				c.wrong(pos, path, CodeStructure, "write `contact ann { … }`", "a contact of the case has no id")
			case ids[p.ID]:
				c.wrong(pos, path, CodeDuplicate, "give it another id", "the contact `%s` stands twice in the case", clipText(p.ID, 40))
			}
			ids[p.ID] = true
			c.checkCaseValues(p.Values, c.contactByName, func(name string, pos Pos) { c.unknownContactField(name, pos, path) }, path)
			c.checkDid(p.Did, pos, path)
		}
		if len(k.Expect) == 0 {
			c.wrong(k.Pos, path, CodeStructure, "write `expect score 50`", "the case expects nothing")
		}
		expected := map[string]bool{}
		for j := range k.Expect {
			e := &k.Expect[j]
			if expected[e.Name] {
				c.wrong(c.posOr(e.Pos, k.Pos), path, CodeDuplicate, "drop one", "the case expects `%s` twice", clipText(e.Name, 40))
			}
			expected[e.Name] = true
			c.checkExpectation(e, c.posOr(e.Pos, k.Pos), path)
		}
	}
}

func (c *checker) checkCaseValues(values []CaseValue, fields map[string]*fieldInfo, unknown func(string, Pos), path string) {
	seen := map[string]bool{}
	for i := range values {
		v := &values[i]
		if seen[v.Field] {
			c.wrong(v.Pos, path, CodeDuplicate, "drop one", "`%s` is set twice", clipText(v.Field, 40))
		}
		seen[v.Field] = true
		f := fields[v.Field]
		if f == nil {
			unknown(v.Field, v.Pos)
			continue
		}
		if v.Value.Kind != NullValue && !f.failed {
			c.checkValue(v.Value, f, v.Pos, path, "the value of")
		}
	}
}

// unread tells whether a name that a case sets may be read by a rule that does
// not parse: fields are inferred, and the source has a fault of its syntax,
// which was reported.
func (c *checker) unread() bool {
	if !c.inferring || c.rs.Source == "" {
		return false
	}
	return len(c.syntax()) > 0
}

// syntax gives the faults of the source, which somebody else has reported.
func (c *checker) syntax() ErrorList {
	if c.syntaxErrs == nil {
		_, errs := Parse(c.rs.File, []byte(c.rs.Source))
		c.syntaxErrs = &errs
	}
	return *c.syntaxErrs
}

// maxTierLines bounds how far above a fault the name of its tier is looked for.
const maxTierLines = 8

// garbledTier tells whether a tier of the name may stand in the source and
// could not be read: a fault's line, or one just above it, begins with it.
func (c *checker) garbledTier(name string) bool {
	if c.rs.Source == "" {
		return false
	}
	if c.garbledTiers == nil {
		c.garbledTiers = map[string]bool{}
		if errs := c.syntax(); len(errs) > 0 {
			lines := strings.Split(c.rs.Source, "\n")
			for _, e := range errs {
				end := min(e.Pos.Line, len(lines)) // a lone \r ends a line too
				for _, line := range lines[max(0, end-maxTierLines):end] {
					c.garbledTiers[firstName(line)] = true
				}
			}
		}
	}
	return c.garbledTiers[name]
}

// garbledParam tells whether the line of a param of the name has a fault, so
// that nobody knows its value.
func (c *checker) garbledParam(name string) bool {
	if c.rs.Source == "" {
		return false
	}
	if c.garbledParams == nil {
		c.garbledParams = map[string]bool{}
		if errs := c.syntax(); len(errs) > 0 {
			lines := strings.Split(c.rs.Source, "\n")
			for _, e := range errs {
				if words := strings.Fields(lines[min(max(e.Pos.Line, 1), len(lines))-1]); len(words) > 1 && words[0] == "param" {
					name, _, _ := strings.Cut(words[1], "=")
					c.garbledParams[name] = true
				}
			}
		}
	}
	return c.garbledParams[name]
}

// readsGarbled tells whether a formula reads a param on whose line the source
// has a fault.
func (c *checker) readsGarbled(u *use) bool {
	found := false
	Inspect(u.node, func(n Node) bool {
		if name, ok := n.(*Name); ok && !found && c.garbledParam(name.Ident) {
			kind := c.lookup(u.scope, name.Ident).kind
			found = kind == paramSymbol || kind == noSymbol
		}
		return !found
	})
	return found
}

// firstName gives the word, or the text in quotes, that a line begins with.
func firstName(line string) string {
	line = strings.TrimSpace(line)
	if text, ok := strings.CutPrefix(line, `"`); ok {
		text, _, _ = strings.Cut(text, `"`)
		return text
	}
	word, _, _ := strings.Cut(line, " ")
	return word
}

// unknownField reports a name that a case sets and that is no account field.
func (c *checker) unknownField(name string, pos Pos, path string) {
	if c.unread() {
		return
	}
	if c.letByName[name] != nil || c.paramByName[name] != nil || c.wants[name] != nil {
		c.wrong(pos, path, CodeName, "set the fields that it is made of", "`%s` is computed or a param, and a case sets fields alone", name)
		return
	}
	fix := fmt.Sprintf("declare it, as in `field %s text`", clipText(name, 40))
	if c.inferring {
		fix = "a case can set only fields that a rule reads"
	}
	if near := c.near(name, func() []string { return fieldNames(c.fields) }); near != "" {
		fix = fmt.Sprintf("did you mean `%s`?", near)
	} else if c.contactByName[name] != nil {
		fix = "set it inside `contact ID { … }`"
	}
	c.wrong(pos, path, CodeName, fix, "the account has no field `%s`", clipText(name, 40))
}

func (c *checker) unknownContactField(name string, pos Pos, path string) {
	if c.unread() {
		return
	}
	fix := "declare it in the contacts block"
	if near := c.near(name, func() []string { return fieldNames(c.contactFields) }); near != "" {
		fix = fmt.Sprintf("did you mean `%s`?", near)
	} else if c.fieldByName[name] != nil {
		fix = "set it outside the contact"
	} else if c.rollup == nil {
		fix = "add a dimension from contacts, which declares the fields of contacts"
	}
	c.wrong(pos, path, CodeName, fix, "a contact has no field `%s`", clipText(name, 40))
}

func (c *checker) checkDid(list []Did, at Pos, path string) {
	for i := range list {
		d := &list[i]
		pos := c.posOr(d.Pos, at)
		before := c.done
		c.done += max(d.Times, 1)
		if most := c.limits.Done; before <= most && c.done > most {
			c.wrong(pos, path, CodeLimit, "use fewer", "the cases have more than %d activities, all together", most)
		}
		if d.Times < 0 || d.Times > million {
			c.wrong(pos, path, CodeValue, "write how often, as in x 6", "an activity cannot happen %d times", d.Times)
		}
		if d.Value != nil && !finite(*d.Value) {
			c.wrong(pos, path, CodeValue, "write a finite number", "the value of an activity is no number")
		}
		a := c.activityByName[d.Activity]
		if a == nil && c.unread() {
			continue
		}
		if a == nil {
			fix := fmt.Sprintf("declare it: `activity %s`", clipText(d.Activity, 40))
			if near := c.near(d.Activity, c.activityNames); near != "" {
				fix = fmt.Sprintf("did you mean `%s`?", near)
			} else if c.inferringActivities {
				fix = "a case can use only activities that a rule reads"
			}
			c.wrong(pos, path, CodeName, fix, "there is no activity `%s`", clipText(d.Activity, 40))
			continue
		}
		c.checkCaseValues(d.Fields, a.byName, func(name string, pos Pos) {
			if c.unread() {
				return
			}
			fix := fmt.Sprintf("declare it: `activity %s (%s text)`", a.name, clipText(name, 40))
			if near := c.near(name, func() []string { return fieldNames(a.fields) }); near != "" {
				fix = fmt.Sprintf("did you mean `%s`?", near)
			}
			c.wrong(pos, path, CodeName, fix, "the activity `%s` has no field `%s`", a.name, clipText(name, 40))
		}, path)
	}
}

// expected gives the type of a name of the result that a case may expect;
// NoType where there is none. Ladders are not looked at.
func (c *checker) expected(name string) cond.Type {
	switch name {
	case "score", "low", "high", "unknown", "invalid":
		return cond.Number
	case "tier":
		return cond.Text
	}
	if c.scoredNumber(name) {
		return cond.Number
	}
	if sym := c.scored(name); sym.kind == gradeSymbol {
		return cond.Text
	}
	return cond.NoType
}

// counts are the numbers of a result that are whole.
var counts = map[string]bool{"unknown": true, "invalid": true, "contacts": true, "engaged_contacts": true, "senior_engaged": true}

func (c *checker) checkExpectation(e *Expectation, pos Pos, path string) {
	var ladder *Ladder
	for i := range c.rs.Ladders {
		if c.rs.Ladders[i].Name == e.Name {
			ladder = &c.rs.Ladders[i]
		}
	}
	want := c.expected(e.Name)
	if want == cond.NoType && ladder != nil {
		want = cond.Text
	}
	shown := clipText(e.Name, 40)
	switch {
	case e.Number != nil && e.Text != "":
		c.wrong(pos, path, CodeStructure, "keep one of them", "`%s` is expected to be a number and a text", shown)
	case want == cond.NoType:
		c.unknownExpectation(e.Name, pos, path)
	case want == cond.Number && e.Number == nil:
		c.wrong(pos, path, CodeType, fmt.Sprintf("write `%s 50`", shown), "`%s` is a number, not the text `%s`", shown, clipText(e.Text, 40))
	case want == cond.Number && !finite(*e.Number):
		c.wrong(pos, path, CodeValue, "write a finite number", "`%s` is expected to be no number", shown)
	case want == cond.Number && counts[e.Name] && *e.Number != math.Trunc(*e.Number):
		c.wrong(pos, path, CodeValue, "write a whole number", "`%s` is a count, and is never %s", shown, numeral.Plain(*e.Number))
	case want == cond.Text && e.Number != nil:
		c.wrong(pos, path, CodeType, fmt.Sprintf("put it in quotes: `%s \"%s\"`", shown, numeral.Plain(*e.Number)), "`%s` is text, not a number", shown)
	case want == cond.Number || e.Text == "":
	case ladder != nil:
		for i := range ladder.Tiers {
			if ladder.Tiers[i].Name == e.Text {
				return
			}
		}
		c.wrong(pos, path, CodeName, "name one of its tiers", "the ladder `%s` has no `%s`", shown, clipText(e.Text, 40))
	case e.Name == "tier":
		c.needTier(e.Text, pos, path)
	default:
		if !c.isGrade(c.scored(e.Name).slot, e.Text) {
			c.wrong(pos, path, CodeValue, "see the `grades` statements for the grades that there are", "`%s` is never `%s`", shown, clipText(e.Text, 40))
		}
	}
}

func (c *checker) unknownExpectation(name string, pos Pos, path string) {
	if _, metric := rollupMetrics[name]; metric {
		c.unknownNumber(name, pos, path)
		return
	}
	among := func() []string {
		list := append([]string{"score", "low", "high", "tier", "grade", "unknown", "invalid"}, sortedKeys(c.dimensions)...)
		list = append(list, rollupNames...)
		for i := range c.rs.Ladders {
			list = append(list, c.rs.Ladders[i].Name)
		}
		return list
	}
	fix := "expect score, low, high, tier, grade, unknown, invalid, a dimension, a ladder or a number of the contacts"
	if near := c.near(name, among); near != "" {
		fix = fmt.Sprintf("did you mean `%s`?", near)
	}
	c.wrong(pos, path, CodeName, fix, "the result has no `%s`", clipText(name, 40))
}
