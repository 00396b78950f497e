// Package dsltest holds a language of conditions against the contract of
// [dsl.Language], as testing/slogtest does for handlers:
//
//	func TestLanguage(t *testing.T) { dsltest.Run(t, mine.Language()) }
//
// Every case is a subtest that says, where it fails, which rule of the
// contract is broken. Run the tests with -race: the kit uses one program from
// many goroutines.
package dsltest

import (
	"fmt"
	"testing"

	"github.com/accountscore/accountscore/dsl"
)

// Conditions are a few conditions over [Schema], as a language writes them.
// Those that are left empty are the common ones, see [Common]; "-" says that
// the language has no such thing.
type Conditions struct {
	AtLeast string // the number employees is at least 1000
	Equals  string // the text country is US
	Flag    string // the bool customer is true
	Item    string // the list tech_stack has the item EHR
	Recent  string // the time last_seen is within the 30 days before the moment, its ends included
	Param   string // the number employees is at least the param threshold
	Quoted  string // the text country is He said "hi\" – über

	And string // AtLeast and Equals
	Or  string // AtLeast or Equals
	Not string // not AtLeast

	DivideByZero string // 100 divided by the number employees is above 1
	Undeclared   string // reads a name that the schema does not have
	WrongType    string // compares the number employees with a text
	NoCondition  string // gives a number: employees plus one
	Broken       string // is no text of the language at all
}

// Common are the conditions as most languages write them.
var Common = Conditions{
	AtLeast: `employees >= 1000`,
	Equals:  `country == "US"`,
	Flag:    `customer`,
	Item:    `"EHR" in tech_stack`,
	Recent:  "-",
	Param:   `employees >= threshold`,
	Quoted:  `country == "He said \"hi\\\" – über"`,

	And: `employees >= 1000 && country == "US"`,
	Or:  `employees >= 1000 || country == "US"`,
	Not: `!(employees >= 1000)`,

	DivideByZero: `100 / employees > 1`,
	Undeclared:   `no_such_field >= 1000`,
	WrongType:    `employees >= "many"`,
	NoCondition:  `employees + 1`,
	Broken:       `employees >= )`,
}

// withDefaults fills in the common conditions.
func (c Conditions) withDefaults() Conditions {
	for _, f := range []struct {
		own    *string
		common string
	}{
		{&c.AtLeast, Common.AtLeast}, {&c.Equals, Common.Equals}, {&c.Flag, Common.Flag}, {&c.Item, Common.Item},
		{&c.Recent, Common.Recent}, {&c.Param, Common.Param}, {&c.Quoted, Common.Quoted},
		{&c.And, Common.And}, {&c.Or, Common.Or}, {&c.Not, Common.Not},
		{&c.DivideByZero, Common.DivideByZero}, {&c.Undeclared, Common.Undeclared}, {&c.WrongType, Common.WrongType},
		{&c.NoCondition, Common.NoCondition}, {&c.Broken, Common.Broken},
	} {
		if *f.own == "" {
			*f.own = f.common
		}
	}
	return c
}

// texts gives the conditions that must compile, with their names, in order.
func (c Conditions) texts() []text {
	all := []text{
		{"AtLeast", c.AtLeast}, {"Equals", c.Equals}, {"Flag", c.Flag}, {"Item", c.Item}, {"Recent", c.Recent},
		{"Param", c.Param}, {"Quoted", c.Quoted}, {"And", c.And}, {"Or", c.Or}, {"Not", c.Not}, {"DivideByZero", c.DivideByZero},
	}
	var has []text
	for _, t := range all {
		if t.src != "-" {
			has = append(has, t)
		}
	}
	return has
}

type text struct{ name, src string }

// Schema gives the names that [Conditions] are over.
func Schema() dsl.Schema {
	return dsl.Schema{
		Scope: dsl.AccountScope,
		Fields: []dsl.Field{
			{Name: "employees", Type: dsl.NumberType}, {Name: "country", Type: dsl.TextType}, {Name: "customer", Type: dsl.BoolType},
			{Name: "tech_stack", Type: dsl.ListType}, {Name: "last_seen", Type: dsl.TimeType}, {Name: "revenue", Type: dsl.NumberType},
		},
		Params: []dsl.Param{
			{Name: "threshold", Value: dsl.Value{Kind: dsl.NumberValue, Number: 500}},
			{Name: "regions", Value: dsl.Value{Kind: dsl.ListValue, List: []string{"US", "CA"}}},
		},
	}
}

// Run runs every case on the language. The conditions say how it writes what
// the cases ask for; without them they are the [Common] ones. No case stops
// another.
func Run(t *testing.T, l dsl.Language, written ...Conditions) {
	k := &kit{lang: l, cond: Conditions{}.withDefaults()}
	if len(written) > 0 {
		k.cond = written[0].withDefaults()
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			for _, fault := range k.run(c) {
				t.Errorf("%s\n\tthe rule: %s", fault, c.rule)
			}
		})
	}
}

// testCase is one rule of the contract with what holds a language to it.
type testCase struct {
	name  string
	rule  string
	check func(*kit)
}

// kit is one language under test. Its checks record faults instead of ending
// the test, so that the kit can be tested itself.
type kit struct {
	lang   dsl.Language
	cond   Conditions
	faults []string
}

func (k *kit) fault(format string, args ...any) {
	k.faults = append(k.faults, fmt.Sprintf(format, args...))
}

// run gives the faults that one case finds. A panic is one.
func (k *kit) run(c testCase) []string {
	k.faults = nil
	func() {
		defer func() {
			if r := recover(); r != nil {
				k.fault("the language panicked: %v", r)
			}
		}()
		c.check(k)
	}()
	return k.faults
}

// compile compiles what must compile; nil where it does not, or where the
// language has no such condition.
func (k *kit) compile(name, src string) dsl.Program {
	if src == "-" {
		return nil
	}
	p, err := k.lang.Compile(src, Schema())
	switch {
	case err != nil:
		k.fault("%s: %s does not compile: %v", name, clip(src), err)
		return nil
	case p == nil:
		k.fault("%s: %s compiles to nothing", name, clip(src))
	}
	return p
}

// answers compiles a condition and asks it.
func (k *kit) answers(name, src string, asks ...ask) {
	p := k.compile(name, src)
	if p == nil {
		return
	}
	for _, a := range asks {
		if got := p.Eval(a.values); got != a.want {
			k.fault("%s: %s is %v, want %v, where %v", name, clip(src), got, a.want, a.values)
		}
	}
}

// ask is one question with its answer.
type ask struct {
	values *Values
	want   dsl.Truth
}

// clip shortens a text for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 60 {
		return fmt.Sprintf("%q… (%d bytes)", string(r[:60]), len(s))
	}
	return fmt.Sprintf("%q", s)
}
