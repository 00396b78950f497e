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
	"slices"
	"strings"
	"testing"

	"github.com/accountscore/accountscore/dsl"
)

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
// another. What the language cannot write is a skipped test of its own, and so
// is a case that has nothing left to ask.
func Run(t *testing.T, l dsl.Language, written ...Conditions) {
	k := &kit{lang: l, cond: Conditions{}.withDefaults()}
	if len(written) > 0 {
		k.cond = written[0].withDefaults()
	}
	for _, x := range k.cond.list() {
		if *x.src == none && !x.must {
			t.Run("without "+x.name, func(t *testing.T) { t.Skipf("the language cannot write %s: %s", x.name, x.says) })
		}
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			faults := k.run(c)
			for i, fault := range faults {
				if i == maxShown {
					t.Errorf("and %d more", len(faults)-i)
					break
				}
				t.Errorf("%s\n\tthe rule: %s", fault, c.rule)
			}
			if len(faults) == 0 && k.asked == 0 && len(k.left) > 0 {
				t.Skipf("the language cannot write what this asks for: %s", strings.Join(k.left, ", "))
			}
		})
	}
}

// maxShown is how many faults of one case are shown.
const maxShown = 20

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
	asked  int      // conditions that the case had
	left   []string // those that it wanted, and the language does not have
}

func (k *kit) fault(format string, args ...any) {
	k.faults = append(k.faults, fmt.Sprintf(format, args...))
}

// run gives the faults that one case finds. A panic is one.
func (k *kit) run(c testCase) []string {
	k.faults, k.asked, k.left = nil, 0, nil
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

// has tells whether the language has a condition, and keeps count.
func (k *kit) has(name, src string) bool {
	if src == none {
		if !slices.Contains(k.left, name) {
			k.left = append(k.left, name)
		}
		return false
	}
	k.asked++
	return true
}

// compile compiles what must compile; nil where it does not, or where the
// language has no such condition.
func (k *kit) compile(name, src string) dsl.Program {
	if !k.has(name, src) {
		return nil
	}
	return k.compileOver(name, src, Schema())
}

// compileOver compiles what must compile over a schema; nil where it does not.
func (k *kit) compileOver(name, src string, schema dsl.Schema) dsl.Program {
	p, err := k.lang.Compile(src, schema)
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
	if p := k.compile(name, src); p != nil {
		k.ask(name, src, p, asks...)
	}
}

// ask asks a program.
func (k *kit) ask(name, src string, p dsl.Program, asks ...ask) {
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
