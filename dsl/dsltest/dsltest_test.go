package dsltest

import (
	"errors"
	"testing"

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

// Each fault of a language is found by the case that is about it.
func TestKitFindsFaults(t *testing.T) {
	with := func(p program) dsl.Language {
		return broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			inner, err := l.Compile(src, schema)
			if err != nil {
				return nil, err
			}
			p := p
			p.Program = inner
			return p, nil
		}}
	}
	count, kept := 0, []string(nil)
	for _, test := range []struct {
		find string
		lang dsl.Language
	}{
		{"name", renamed{dsl.Rules(), "two words"}},
		{"comparison", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { return p.Eval(v).Not() }})},
		{"tiers", broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			schema.Scope = dsl.AccountScope // where score is no name for a field
			return l.Compile(src, schema)
		}}},
		{"missing", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { return dsl.TruthOf(p.Eval(v) == dsl.True) }})},
		{"logic", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			for _, f := range p.Fields() {
				if _, known := v.Value(f); !known {
					return dsl.Unknown
				}
			}
			return p.Eval(v)
		}})},
		{"division", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if x, _ := v.Value("employees"); x.Kind == dsl.NumberValue && x.Number == 0 {
				return dsl.False
			}
			return p.Eval(v)
		}})},
		{"fields", with(program{fields: func(p dsl.Program) []string { return append(p.Fields(), "revenue") }})},
		{"fields", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth { v.Value("revenue"); return p.Eval(v) }})},
		{"canonical", with(program{text: func(p dsl.Program) string { return p.String() + " or false" }})},
		{"canonical", with(program{text: func(dsl.Program) string { return "revenue > 0" }})},
		{"trace", with(program{trace: func(dsl.Program, dsl.Values) []dsl.Part { return nil }})},
		{"trace", with(program{trace: func(dsl.Program, dsl.Values) []dsl.Part { return []dsl.Part{{Text: "x", Fields: []string{"revenue"}}} }})},
		{"determinism", with(program{text: func(p dsl.Program) string { count++; return p.String() + string(make([]byte, count%2)) }})},
		{"schema", with(program{fields: func(p dsl.Program) []string {
			if kept == nil {
				kept = p.Fields()
			}
			return kept
		}})},
		{"values", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if x, known := v.Value("tech_stack"); known && len(x.List) > 0 {
				x.List[0] = "changed"
			}
			return p.Eval(v)
		}})},
		{"hostile values", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			if x, known := v.Value("country"); known && x.Kind != dsl.TextValue {
				panic("a text is wanted")
			}
			return p.Eval(v)
		}})},
		{"hostile text", broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			if len(src) > 1000 {
				panic("too long")
			}
			return l.Compile(src, schema)
		}}},
		{"names", broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			schema.Fields = append(Schema().Fields, dsl.Field{Name: "no_such_field", Type: dsl.NumberType})
			schema.Params = Schema().Params
			return l.Compile(src, schema)
		}}},
		{"types", broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			if p, err := l.Compile(src, schema); err == nil {
				return p, nil
			}
			return l.Compile("customer", Schema())
		}}},
		{"syntax", broken{dsl.Rules(), func(l dsl.Language, src string, schema dsl.Schema) (dsl.Program, error) {
			p, err := l.Compile(src, schema)
			if err != nil {
				err = errors.New("")
			}
			return p, err
		}}},
		{"param", broken{dsl.Rules(), func(l dsl.Language, src string, _ dsl.Schema) (dsl.Program, error) { return l.Compile(src, Schema()) }}},
		{"moment", with(program{eval: func(p dsl.Program, v dsl.Values) dsl.Truth {
			return p.Eval(&Values{Known: v.(*Values).Known, Moment: At})
		}})},
	} {
		k := &kit{lang: test.lang, cond: Conditions{Recent: "last_seen within 30d"}.withDefaults()}
		found := false
		for _, c := range cases {
			if c.name == test.find {
				found = true
				if len(k.run(c)) == 0 {
					t.Errorf("the case %q does not find the language that breaks its rule", c.name)
				}
			}
		}
		if !found {
			t.Errorf("there is no case %q", test.find)
		}
	}
}
