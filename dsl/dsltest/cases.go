package dsltest

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/accountscore/accountscore/dsl"
)

var cases = []testCase{
	{"name", "Name is a letter followed by letters, digits and _, and never changes: rulesets choose the language by it.", checkName},
	{"comparison", "A comparison of numbers, texts, bools and list items answers True or False where its fields are known.", checkComparison},
	{"moment", "Values.At is the only clock: a test of a time is relative to it, and another moment gives another answer.", checkMoment},
	{"param", "A param is a constant of the schema. It is no field, and is read without asking for a value.", checkParam},
	{"missing", "A test that reads a missing value is Unknown, neither True nor False.", checkMissing},
	{"logic", "And, or and not follow Kleene: False and Unknown is False, True or Unknown is True, not Unknown is Unknown; a missing value decides nothing by itself.", checkLogic},
	{"division", "What fails at run time, such as a division by zero, is Unknown.", checkDivision},
	{"names", "A name that the schema does not have is an error of Compile, not a missing value: misspelt rules must not pass.", checkNames},
	{"tiers", "Over a schema of tiers the score, the dimensions and the grade are fields like others.", checkTiers},
	{"types", "A value of a wrong type, and a text that gives no truth, are errors of Compile.", checkTypes},
	{"syntax", "A text that is no condition is an error of Compile, with a message.", checkSyntax},
	{"fields", "Fields names every field that Eval may read, each once and in the schema, and nothing else is asked for.", checkFields},
	{"canonical", "String is canonical text: it compiles, to a program with the same answers, the same fields and the same text.", checkCanonical},
	{"trace", "Trace has at least one part, each with a text, an answer and fields of the program; the trace of a plain test has the condition's own answer.", checkTrace},
	{"determinism", "The same text over the same schema has the same canonical text, fields, trace and answers, however often it is asked.", checkDeterminism},
	{"schema", "Compile neither changes nor keeps the schema, and Fields gives a slice of the caller's own.", checkSchema},
	{"values", "Eval and Trace change no value that they are given.", checkValues},
	{"concurrency", "A Language compiles, and one Program answers, from many goroutines at once. Run with -race.", checkConcurrency},
	{"hostile text", "No text panics, hangs or exhausts the process, in Compile or in what it compiles to. At most dsl.MaxFormula bytes are passed.", checkHostile},
	{"hostile values", "No values make a program panic or hang: long texts and lists, extreme numbers, values of another kind than declared.", checkHostileValues},
}

var validName = regexp.MustCompile(`^\pL[\pL\p{Nd}_]*$`)

func checkName(k *kit) {
	name := k.lang.Name()
	if !validName.MatchString(name) {
		k.fault("the name is %q", name)
	}
	for range 3 {
		if again := k.lang.Name(); again != name {
			k.fault("the name was %q and is now %q", name, again)
		}
	}
}

func checkComparison(k *kit) {
	k.answers("AtLeast", k.cond.AtLeast,
		ask{given("employees", 1000), dsl.True}, ask{given("employees", 1000.5), dsl.True}, ask{given("employees", 999.999), dsl.False}, ask{given("employees", -5), dsl.False})
	k.answers("Equals", k.cond.Equals,
		ask{given("country", "US"), dsl.True}, ask{given("country", "us"), dsl.False}, ask{given("country", "USA"), dsl.False}, ask{given("country", ""), dsl.False})
	k.answers("Flag", k.cond.Flag, ask{given("customer", true), dsl.True}, ask{given("customer", false), dsl.False})
	k.answers("Item", k.cond.Item,
		ask{given("tech_stack", []string{"CRM", "EHR"}), dsl.True}, ask{given("tech_stack", []string{"EHRs"}), dsl.False}, ask{given("tech_stack", []string{}), dsl.False})
	k.answers("Quoted", k.cond.Quoted,
		ask{given("country", `He said "hi\" – über`), dsl.True}, ask{given("country", `He said "hi" – über`), dsl.False})
}

func checkMoment(k *kit) {
	day := 24 * time.Hour
	k.answers("Recent", k.cond.Recent,
		ask{given("last_seen", At), dsl.True}, ask{given("last_seen", At.Add(-30*day)), dsl.True},
		ask{given("last_seen", At.Add(-30*day-time.Second)), dsl.False}, ask{given("last_seen", At.Add(time.Second)), dsl.False})
	later := given("last_seen", At)
	later.Moment = At.Add(31 * day)
	k.answers("Recent", k.cond.Recent, ask{later, dsl.False})
}

func checkParam(k *kit) {
	k.answers("Param", k.cond.Param,
		ask{given("employees", 500), dsl.True}, ask{given("employees", 499), dsl.False}, ask{given("threshold", 1), dsl.Unknown})
	p := k.compile("Param", k.cond.Param)
	if p != nil && slices.Contains(p.Fields(), "threshold") {
		k.fault("Fields names the param threshold: %q", p.Fields())
	}
	// Another value of the param is another program.
	if p == nil {
		return
	}
	schema := Schema()
	schema.Params[0].Value.Number = 2000
	q, err := k.lang.Compile(k.cond.Param, schema)
	if err != nil {
		k.fault("Param: %s does not compile with another value: %v", clip(k.cond.Param), err)
		return
	}
	if got := q.Eval(given("employees", 1000)); got != dsl.False {
		k.fault("with threshold 2000, %s is %v where employees is 1000", clip(k.cond.Param), got)
	}
	if got := p.Eval(given("employees", 1000)); got != dsl.True {
		k.fault("with threshold 500, %s is %v where employees is 1000, after it was compiled with 2000", clip(k.cond.Param), got)
	}
}

func checkTiers(k *kit) {
	schema := Schema()
	schema.Scope = dsl.TierScope
	schema.Fields = append([]dsl.Field{
		{Name: "score", Type: dsl.NumberType}, {Name: "fit", Type: dsl.NumberType}, {Name: "grade", Type: dsl.TextType},
	}, schema.Fields...)
	for _, c := range []struct{ condition, field, name string }{
		{k.cond.AtLeast, "employees", "score"}, {k.cond.AtLeast, "employees", "fit"}, {k.cond.Equals, "country", "grade"}, {k.cond.AtLeast, "employees", "employees"},
	} {
		src := strings.ReplaceAll(c.condition, c.field, c.name)
		if c.condition == "-" || !strings.Contains(c.condition, c.field) {
			continue
		}
		p, err := k.lang.Compile(src, schema)
		if err != nil || p == nil {
			k.fault("%s does not compile over a schema of tiers: %v", clip(src), err)
			continue
		}
		yes, no := given(c.name, 1000), given(c.name, 999)
		if c.name == "grade" {
			yes, no = given(c.name, "US"), given(c.name, "DE")
		}
		if got := []dsl.Truth{p.Eval(yes), p.Eval(no)}; got[0] != dsl.True || got[1] != dsl.False {
			k.fault("%s is %v and %v, want true and false", clip(src), got[0], got[1])
		}
		if fields := p.Fields(); !slices.Equal(fields, []string{c.name}) {
			k.fault("%s reads %q", clip(src), fields)
		}
	}
}

func checkMissing(k *kit) {
	others := given("revenue", 5)
	for _, c := range []text{{"AtLeast", k.cond.AtLeast}, {"Equals", k.cond.Equals}, {"Flag", k.cond.Flag}, {"Item", k.cond.Item},
		{"Recent", k.cond.Recent}, {"Param", k.cond.Param}, {"Not", k.cond.Not}, {"And", k.cond.And}, {"Or", k.cond.Or}} {
		k.answers(c.name, c.src, ask{given(), dsl.Unknown}, ask{others, dsl.Unknown})
	}
}

func checkLogic(k *kit) {
	yes, no := 1000, 10
	k.answers("And", k.cond.And,
		ask{given("employees", yes, "country", "US"), dsl.True}, ask{given("employees", yes, "country", "DE"), dsl.False},
		ask{given("employees", no), dsl.False}, ask{given("country", "DE"), dsl.False},
		ask{given("employees", yes), dsl.Unknown}, ask{given("country", "US"), dsl.Unknown})
	k.answers("Or", k.cond.Or,
		ask{given("employees", no, "country", "DE"), dsl.False}, ask{given("employees", no, "country", "US"), dsl.True},
		ask{given("employees", yes), dsl.True}, ask{given("country", "US"), dsl.True},
		ask{given("employees", no), dsl.Unknown}, ask{given("country", "DE"), dsl.Unknown})
	k.answers("Not", k.cond.Not,
		ask{given("employees", yes), dsl.False}, ask{given("employees", no), dsl.True}, ask{given(), dsl.Unknown})
}

func checkDivision(k *kit) {
	k.answers("DivideByZero", k.cond.DivideByZero,
		ask{given("employees", 50), dsl.True}, ask{given("employees", 200), dsl.False}, ask{given("employees", 0), dsl.Unknown}, ask{given(), dsl.Unknown})
}

// refused makes sure that a text is an error.
func (k *kit) refused(name, src string) {
	if src == "-" {
		return
	}
	p, err := k.lang.Compile(src, Schema())
	switch {
	case err == nil:
		k.fault("%s: %s compiles", name, clip(src))
	case p != nil:
		k.fault("%s: %s gives a program beside its error", name, clip(src))
	case strings.TrimSpace(err.Error()) == "":
		k.fault("%s: the error of %s says nothing", name, clip(src))
	}
}

func checkNames(k *kit) {
	k.refused("Undeclared", k.cond.Undeclared)
	// What is right with the whole schema is wrong with none.
	for _, c := range k.cond.texts() {
		if p, err := k.lang.Compile(c.src, dsl.Schema{Scope: dsl.AccountScope}); err == nil {
			k.fault("%s: %s compiles over a schema without a field, and reads %q", c.name, clip(c.src), p.Fields())
		}
	}
}

func checkTypes(k *kit) {
	k.refused("WrongType", k.cond.WrongType)
	k.refused("NoCondition", k.cond.NoCondition)
	if k.cond.Equals == "-" {
		return
	}
	schema := Schema()
	schema.Fields[1].Type = dsl.NumberType // country
	if _, err := k.lang.Compile(k.cond.Equals, schema); err == nil {
		k.fault("Equals: %s compiles where country is a number", clip(k.cond.Equals))
	}
}

func checkSyntax(k *kit) {
	k.refused("Broken", k.cond.Broken)
	k.refused("blank", " \t\n")
	k.refused("empty", "")
}

func checkFields(k *kit) {
	want := map[string][]string{
		"AtLeast": {"employees"}, "Equals": {"country"}, "Flag": {"customer"}, "Item": {"tech_stack"}, "Recent": {"last_seen"},
		"Param": {"employees"}, "Quoted": {"country"}, "And": {"country", "employees"}, "Or": {"country", "employees"},
		"Not": {"employees"}, "DivideByZero": {"employees"},
	}
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		got := slices.Sorted(slices.Values(p.Fields()))
		if !slices.Equal(got, want[c.name]) {
			k.fault("%s: Fields of %s are %q, want %q", c.name, clip(c.src), got, want[c.name])
		}
		for _, v := range samples() {
			p.Eval(v)
			p.Trace(v)
			for name := range v.read {
				if !slices.Contains(got, name) {
					k.fault("%s: %s asks for %q, which Fields does not name", c.name, clip(c.src), name)
				}
			}
		}
	}
}

func checkCanonical(k *kit) {
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		q := k.compile(c.name+", canonical", p.String())
		if q == nil {
			continue
		}
		if p.String() != q.String() {
			k.fault("%s: the canonical text of %s is %q, and that of it is %q", c.name, clip(c.src), p.String(), q.String())
		}
		if len(p.String()) > dsl.MaxFormula {
			k.fault("%s: the canonical text of %s has %d bytes, more than dsl.MaxFormula", c.name, clip(c.src), len(p.String()))
		}
		if !reflect.DeepEqual(p.Fields(), q.Fields()) {
			k.fault("%s: %s reads %q, and its canonical text %q", c.name, clip(c.src), p.Fields(), q.Fields())
		}
		for _, v := range samples() {
			if a, b := p.Eval(v), q.Eval(v); a != b {
				k.fault("%s: %s is %v, and its canonical text %v, where %v", c.name, clip(c.src), a, b, v)
			}
		}
	}
}

func checkTrace(k *kit) {
	plain := []string{"AtLeast", "Equals", "Flag", "Item", "Recent", "Param", "Quoted"}
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		for _, v := range samples() {
			parts := p.Trace(v)
			if len(parts) == 0 {
				k.fault("%s: the trace of %s is empty where %v", c.name, clip(c.src), v)
			}
			for _, part := range parts {
				if strings.TrimSpace(part.Text) == "" {
					k.fault("%s: the trace of %s has a part without a text", c.name, clip(c.src))
				}
				for _, f := range part.Fields {
					if !slices.Contains(p.Fields(), f) {
						k.fault("%s: the trace of %s reads %q, which Fields does not name", c.name, clip(c.src), f)
					}
				}
			}
			if slices.Contains(plain, c.name) && len(parts) == 1 && parts[0].Truth != p.Eval(v) {
				k.fault("%s: %s is %v, and its trace says %v, where %v", c.name, clip(c.src), p.Eval(v), parts[0].Truth, v)
			}
		}
	}
}

// behaviour is all that a program shows of itself.
func behaviour(p dsl.Program) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%q\n", p, p.Fields())
	for _, v := range samples() {
		fmt.Fprintf(&b, "%v %v\n", p.Eval(v), p.Trace(v))
	}
	return b.String()
}

func checkDeterminism(k *kit) {
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		first := behaviour(p)
		for range 5 {
			q := k.compile(c.name, c.src)
			if q == nil {
				return
			}
			if behaviour(p) != first || behaviour(q) != first {
				k.fault("%s: %s behaves otherwise the second time", c.name, clip(c.src))
				return
			}
		}
	}
}

func checkSchema(k *kit) {
	for _, c := range k.cond.texts() {
		schema := Schema()
		p, err := k.lang.Compile(c.src, schema)
		if err != nil {
			k.fault("%s: %s does not compile: %v", c.name, clip(c.src), err)
			continue
		}
		if !reflect.DeepEqual(schema, Schema()) {
			k.fault("%s: Compile changed the schema", c.name)
		}
		before := behaviour(p)
		for i := range schema.Fields {
			schema.Fields[i] = dsl.Field{Name: "gone", Type: dsl.TextType}
		}
		for i := range schema.Params {
			schema.Params[i] = dsl.Param{Name: "gone"}
		}
		if names := p.Fields(); len(names) > 0 {
			names[0] = "overwritten"
		}
		if behaviour(p) != before {
			k.fault("%s: %s behaves otherwise once the caller overwrites the schema and the slice of Fields", c.name, clip(c.src))
		}
	}
}

func checkValues(k *kit) {
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		got, want := samples(), samples()
		for i := range got {
			p.Eval(got[i])
			p.Trace(got[i])
			if !reflect.DeepEqual(got[i].Known, want[i].Known) {
				k.fault("%s: %s changed a value: %v", c.name, clip(c.src), got[i])
			}
		}
	}
}

func checkConcurrency(k *kit) {
	var wg sync.WaitGroup
	var mu sync.Mutex
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		want := behaviour(p)
		for range 8 {
			wg.Go(func() {
				fault := ""
				defer func() {
					if r := recover(); r != nil {
						fault = fmt.Sprintf("panicked: %v", r)
					}
					if fault != "" {
						mu.Lock()
						defer mu.Unlock()
						k.fault("%s: %s %s", c.name, clip(c.src), fault)
					}
				}()
				for range 4 {
					q, err := k.lang.Compile(c.src, Schema())
					if err != nil || behaviour(p) != want || behaviour(q) != want {
						fault = "behaves otherwise in several goroutines"
						return
					}
				}
			})
		}
	}
	wg.Wait()
}
