package dsltest

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accountscore/accountscore/dsl"
)

func TestRules(t *testing.T) {
	Run(t, dsl.Rules(), Conditions{Recent: "last_seen within 30d"})
}

// The words of our own language are the same conditions.
func TestRulesWords(t *testing.T) {
	Run(t, dsl.Rules(), Conditions{
		AtLeast: "employees at least 1k", Equals: "country equals US", Flag: "customer is true", Item: "tech_stack contains EHR",
		Recent: "last_seen within 30 days", Param: "employees gte threshold",
		And: "employees gte 1000 and country = US", Or: "employees gte 1000 OR country = US", Not: "not employees gte 1000",
		NoCondition: "len(tech_stack)", Broken: "employees at",
	})
}

func TestExpr(t *testing.T) {
	Run(t, dsl.Expr())
}

func TestExprWords(t *testing.T) {
	Run(t, dsl.Expr(), Conditions{
		Item: `any(tech_stack, # == "EHR")`, And: `employees >= 1000 and country in ["US"]`, Or: `employees >= 1000 or country == 'US'`,
		Not: `not (employees >= 1000)`, Param: "employees >= threshold and true", NoCondition: "len(country)",
	})
}

// broken is our own language with one fault.
type broken struct {
	dsl.Language
	compile func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error)
}

func (b broken) Compile(src string, schema dsl.Schema) (dsl.Program, error) {
	return b.compile(b.Language, src, schema)
}

// program is a program with one fault.
type program struct {
	dsl.Program
	eval   func(dsl.Program, dsl.Values) dsl.Truth
	fields func(dsl.Program) []string
	text   func(dsl.Program) string
	trace  func(dsl.Program, dsl.Values) []dsl.Part
}

func (p program) Eval(v dsl.Values) dsl.Truth {
	if p.eval != nil {
		return p.eval(p.Program, v)
	}
	return p.Program.Eval(v)
}

func (p program) Fields() []string {
	if p.fields != nil {
		return p.fields(p.Program)
	}
	return p.Program.Fields()
}

func (p program) String() string {
	if p.text != nil {
		return p.text(p.Program)
	}
	return p.Program.String()
}

func (p program) Trace(v dsl.Values) []dsl.Part {
	if p.trace != nil {
		return p.trace(p.Program, v)
	}
	return p.Program.Trace(v)
}

type renamed struct {
	dsl.Language
	name string
}

func (r renamed) Name() string { return r.name }

// with gives our own language with one fault in its programs; a fault that
// names conditions is in those alone.
func with(p program, only ...string) dsl.Language {
	return broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
		inner, err := l.Compile(src, schema)
		if err != nil || len(only) > 0 && !slices.Contains(only, src) {
			return inner, err
		}
		p := p
		p.Program = inner
		return p, nil
	}}
}

// asSoon answers where a field is missing, and else as it should.
func asSoon(field string, t dsl.Truth) program {
	return program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
		if _, known := v.Value(field); !known {
			return t
		}
		return p.Eval(v)
	}}
}

// tracing changes the parts of a trace.
func tracing(change func(parts []dsl.Part) []dsl.Part) program {
	return program{trace: func(p dsl.Program, v dsl.Values) []dsl.Part { return change(p.Trace(v)) }}
}

func inverted(parts []dsl.Part) []dsl.Part {
	for i := range parts {
		parts[i].Truth = parts[i].Truth.Not()
	}
	return parts
}

// lying adds a part to a trace.
func lying(part dsl.Part) program {
	return tracing(func(parts []dsl.Part) []dsl.Part { return append(parts, part) })
}

// careless gives other answers while another goroutine is asking.
func careless() program {
	var asking atomic.Int32
	return program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
		defer asking.Add(-1)
		asking.Add(1)
		time.Sleep(50 * time.Microsecond)
		if t := p.Eval(v); asking.Load() == 1 {
			return t
		}
		return dsl.Unknown
	}}
}

// compiling gives our own language with a fault in its Compile.
func compiling(f func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error)) dsl.Language {
	return broken{dsl.Rules(), f}
}

// Each fault of a language is found by the case that is about it, and every
// case finds one.
func TestKitFindsFaults(t *testing.T) {
	count, kept := 0, []string(nil)
	found := map[string]bool{}
	for _, test := range []struct {
		find, fault string
		lang        dsl.Language
	}{
		{"name", "two words", renamed{dsl.Rules(), "two words"}},
		{"comparison", "turned round", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { return p.Eval(v).Not() }})},
		{"comparison", "of != alone", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { return p.Eval(v).Not() }}, Common.NotEqual)},
		{"tiers", "know no score", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			schema.Scope = dsl.AccountScope // where score is no name for a field
			return l.Compile(src, schema)
		})},
		{"contacts", "refused", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			if schema.Scope == dsl.ContactScope {
				return nil, errors.New("contacts have no conditions")
			}
			return l.Compile(src, schema)
		})},
		{"contacts", "otherwise", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			if schema.Scope == dsl.ContactScope && src == Common.NotEqual {
				src = Common.Equals
			}
			return l.Compile(src, schema)
		})},
		{"missing", "is false", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { return dsl.TruthOf(p.Eval(v) == dsl.True) }})},
		{"missing", "is no US", with(asSoon("country", dsl.True), Common.NotEqual)},
		{"missing", "is not in a list", with(asSoon("country", dsl.False), Common.OneOf)},
		{"missing", "is not in a param", with(asSoon("country", dsl.False), Common.InParam)},
		{"missing", "is no customer", with(asSoon("customer", dsl.True), Common.NotFlag)},
		{"missing", "divides", with(asSoon("employees", dsl.False), Common.DivideByZero)},
		{"logic", "missing decides", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			for _, f := range p.Fields() {
				if _, known := v.Value(f); !known {
					return dsl.Unknown
				}
			}
			return p.Eval(v)
		}})},
		{"logic", "the third of three", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			p, err := l.Compile(src, schema)
			if err != nil || src != Common.AllOf {
				return p, err
			}
			two, err := l.Compile(Common.And, schema)
			return program{Program: p, eval: func(p dsl.Program, v dsl.Values) dsl.Truth { p.Eval(v); return two.Eval(v) }}, err
		})},
		{"logic", "the inner of two", with(asSoon("customer", dsl.Unknown), Common.Nested)},
		{"division", "by zero is false", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if x, _ := v.Value("employees"); x.Kind == dsl.NumberValue && x.Number == 0 {
				return dsl.False
			}
			return p.Eval(v)
		}})},
		{"fields", "too many", with(program{fields: func(p dsl.Program) []string { return append(p.Fields(), "revenue") }})},
		{"fields", "twice", with(program{fields: func(p dsl.Program) []string { return append(p.Fields(), p.Fields()...) }})},
		{"fields", "too few", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { v.Value("revenue"); return p.Eval(v) }})},
		{"canonical", "grows", with(program{text: func(p dsl.Program) string { return p.String() + " or false" }})},
		{"canonical", "is another", with(program{text: func(dsl.Program) string { return "revenue > 0" }})},
		{"truth", "an answer", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if t := p.Eval(v); t != dsl.Unknown {
				return t
			}
			return -1
		}})},
		{"truth", "a part", with(lying(dsl.Part{Text: "x", Truth: 9, Fields: []string{"employees"}}), Common.AtLeast)},
		{"trace", "nothing", with(tracing(func([]dsl.Part) []dsl.Part { return nil }))},
		{"trace", "no text", with(tracing(func(parts []dsl.Part) []dsl.Part { parts[0].Text = " "; return parts }))},
		{"trace", "a field that is not read", with(tracing(func([]dsl.Part) []dsl.Part { return []dsl.Part{{Text: "x", Fields: []string{"revenue"}}} }))},
		{"trace", "no fields", with(tracing(func(parts []dsl.Part) []dsl.Part {
			for i := range parts {
				parts[i].Fields = nil
			}
			return parts
		}))},
		{"trace", "and, inverted", with(tracing(inverted), Common.And)},
		{"trace", "or, inverted", with(tracing(inverted), Common.Or)},
		{"trace", "not, inverted", with(tracing(inverted), Common.Not)},
		{"trace", "division, inverted", with(tracing(inverted), Common.DivideByZero)},
		{"trace", "three, inverted", with(tracing(inverted), Common.AllOf)},
		{"trace", "without their texts", with(tracing(func(parts []dsl.Part) []dsl.Part {
			for i := range parts {
				parts[i].Text = "a test"
			}
			return inverted(parts)
		}), Common.Nested)},
		{"trace", "one too many", with(lying(dsl.Part{Text: "x", Truth: dsl.True, Fields: []string{"employees"}}), Common.And)},
		{"trace", "out of order", with(tracing(func(parts []dsl.Part) []dsl.Part { slices.Reverse(parts); return parts }), Common.AllOf)},
		{"trace", "a text of another test", with(tracing(func(parts []dsl.Part) []dsl.Part { parts[0].Text = Common.NotEqual; return parts }), Common.Equals)},
		{"determinism", "every other time", with(program{text: func(p dsl.Program) string { count++; return p.String() + string(make([]byte, count%2)) }})},
		{"schema", "keeps its slice", with(program{fields: func(p dsl.Program) []string {
			if kept == nil {
				kept = p.Fields()
			}
			return kept
		}})},
		{"values", "changes a list", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if x, known := v.Value("tech_stack"); known && len(x.List) > 0 {
				x.List[0] = "changed"
			}
			return p.Eval(v)
		}})},
		{"concurrency", "one at a time", with(careless())},
		{"hostile values", "panics", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if x, known := v.Value("country"); known && x.Kind != dsl.TextValue {
				panic("a text is wanted")
			}
			return p.Eval(v)
		}})},
		{"hostile text", "panics", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			if len(src) > 1000 {
				panic("too long")
			}
			return l.Compile(src, schema)
		})},
		{"names", "anything goes", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			schema.Fields = append(Schema().Fields, dsl.Field{Name: "no_such_field", Type: dsl.NumberType})
			schema.Params = Schema().Params
			return l.Compile(src, schema)
		})},
		{"names", "case-blind", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			return l.Compile(strings.ReplaceAll(src, "Employees", "employees"), schema)
		})},
		{"types", "anything goes", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			if p, err := l.Compile(src, schema); err == nil {
				return p, nil
			}
			return l.Compile("customer", Schema())
		})},
		{"syntax", "errors say nothing", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			p, err := l.Compile(src, schema)
			if err != nil {
				err = errors.New("")
			}
			return p, err
		})},
		{"param", "never another", compiling(func(l dsl.Language, src string, _ dsl.Schema) (dsl.Program, error) { return l.Compile(src, Schema()) })},
		{"param", "no lists", compiling(func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			for _, p := range schema.Params {
				if p.Value.Kind == dsl.ListValue && strings.Contains(src, p.Name) {
					panic("a list")
				}
			}
			return l.Compile(src, schema)
		})},
		{"moment", "stands still", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			return p.Eval(&Values{Known: v.(*Values).Known, Moment: At})
		}})},
	} {
		t.Run(test.find+", "+test.fault, func(t *testing.T) {
			if faults := faultsOf(t, test.find, test.lang, Conditions{Recent: "last_seen within 30d"}); len(faults) == 0 {
				t.Errorf("the case %q does not find the language that breaks its rule", test.find)
			}
			found[test.find] = true
		})
	}
	if faults := faultsOf(t, "conditions", dsl.Rules(), Conditions{AtLeast: none, Equals: none, And: none, Or: none, Not: none}); len(faults) != 5 {
		t.Errorf("of five conditions that no language can do without these are missed: %q", faults)
	}
	if faults := faultsOf(t, "conditions", dsl.Rules(), Conditions{AtLeast: "EMPLOYEES >= 1000"}); len(faults) != 1 {
		t.Errorf("a field that is spelt otherwise gives %q", faults)
	}
	found["conditions"] = true
	for _, c := range cases {
		if !found[c.name] {
			t.Errorf("no language breaks the rule of the case %q", c.name)
		}
	}
}

// faultsOf runs one case.
func faultsOf(t *testing.T, name string, l dsl.Language, written Conditions) []string {
	t.Helper()
	for _, c := range cases {
		if c.name == name {
			return (&kit{lang: l, cond: written.withDefaults()}).run(c)
		}
	}
	t.Fatalf("there is no case %q", name)
	return nil
}

// A language that leaves out all that it can still has a case for each of its
// rules, or is told what it was not asked.
func TestKitTellsWhatIsLeftOut(t *testing.T) {
	var written Conditions
	for _, x := range written.list() {
		if !x.must {
			*x.src = none
		}
	}
	silent := map[string][]string{}
	for _, c := range cases {
		k := &kit{lang: dsl.Rules(), cond: written.withDefaults()}
		for _, fault := range k.run(c) {
			t.Errorf("%s: %s", c.name, fault)
		}
		if k.asked == 0 && len(k.left) > 0 {
			silent[c.name] = k.left
		}
	}
	want := map[string][]string{"moment": {"Recent"}, "param": {"Param", "InParam"}, "division": {"DivideByZero"}}
	if !reflect.DeepEqual(silent, want) {
		t.Errorf("the cases with nothing to ask are %q, want %q", silent, want)
	}
}
