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
	{"conditions", "Every language can write AtLeast, Equals, And, Or and Not, and spells the fields as the schema does.", checkConditions},
	{"name", "Name is a letter followed by letters, digits and _, and never changes: rulesets choose the language by it.", checkName},
	{"comparison", "A comparison of numbers, texts, bools and list items answers True or False where its fields are known.", checkComparison},
	{"moment", "Values.At is the only clock: a test of a time is relative to it, and another moment gives another answer.", checkMoment},
	{"param", "A param is a constant of the schema, a list too. It is no field, and is read without asking for a value.", checkParam},
	{"missing", "A test that reads a missing value is Unknown, neither True nor False.", checkMissing},
	{"logic", "And, or and not follow Kleene: False and Unknown is False, True or Unknown is True, not Unknown is Unknown; a missing value decides nothing by itself.", checkLogic},
	{"division", "What fails at run time, such as a division by zero, is Unknown.", checkDivision},
	{"names", "A name that the schema does not have is an error of Compile, not a missing value: misspelt rules must not pass. Capitals count.", checkNames},
	{"contacts", "Over a schema of contacts a condition means what it means over one of accounts.", checkContacts},
	{"tiers", "Over a schema of tiers the score, the dimensions and the grade are fields like others.", checkTiers},
	{"types", "A value of a wrong type, and a text that gives no truth, are errors of Compile.", checkTypes},
	{"syntax", "A text that is no condition is an error of Compile, with a message.", checkSyntax},
	{"fields", "Fields names every field that Eval may read, each once and in the schema, and nothing else is asked for.", checkFields},
	{"canonical", "String is canonical text: it compiles, to a program with the same answers, the same fields and the same text.", checkCanonical},
	{"truth", "An answer, and that of each part of a trace, is Unknown, False or True.", checkTruth},
	{"trace", "Trace has at least one part, each with a text, its own answer and the fields that it reads, in the order in which they stand; a single part is the whole condition. All that the program reads, some part reads.", checkTrace},
	{"determinism", "The same text over the same schema has the same canonical text, fields, trace and answers, however often it is asked.", checkDeterminism},
	{"schema", "Compile neither changes nor keeps the schema, and Fields gives a slice of the caller's own.", checkSchema},
	{"values", "Eval and Trace change no value that they are given.", checkValues},
	{"concurrency", "A Language compiles, and one Program answers, from many goroutines at once. Run with -race.", checkConcurrency},
	{"hostile text", "No text panics, hangs or exhausts the process, in Compile or in what it compiles to. At most dsl.MaxFormula bytes are passed.", checkHostile},
	{"hostile values", "No values make a program panic or hang: long texts and lists, extreme numbers, values of another kind than declared.", checkHostileValues},
}

func checkConditions(k *kit) {
	for _, x := range k.cond.list() {
		if x.must && *x.src == none {
			k.fault("%s is left out: %s", x.name, x.says)
		}
		for _, field := range x.reads {
			if *x.src != none && !strings.Contains(*x.src, field) {
				k.fault("%s: %s does not name the field %s", x.name, clip(*x.src), field)
			}
		}
	}
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
	k.answers("NotEqual", k.cond.NotEqual,
		ask{given("country", "US"), dsl.False}, ask{given("country", "us"), dsl.True}, ask{given("country", "USA"), dsl.True}, ask{given("country", ""), dsl.True})
	k.answers("OneOf", k.cond.OneOf,
		ask{given("country", "US"), dsl.True}, ask{given("country", "CA"), dsl.True}, ask{given("country", "DE"), dsl.False}, ask{given("country", "U"), dsl.False})
	k.answers("Flag", k.cond.Flag, ask{given("customer", true), dsl.True}, ask{given("customer", false), dsl.False})
	k.answers("NotFlag", k.cond.NotFlag, ask{given("customer", true), dsl.False}, ask{given("customer", false), dsl.True})
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
	k.answers("InParam", k.cond.InParam,
		ask{given("country", "US"), dsl.True}, ask{given("country", "CA"), dsl.True}, ask{given("country", "DE"), dsl.False}, ask{given("regions", []string{"US"}), dsl.Unknown})
	// Another value of the param is another program, and leaves the first alone.
	for _, c := range []struct {
		text
		param  string
		value  dsl.Value
		values *Values // for which the first value gives True and the other False
	}{
		{text{name: "Param", src: k.cond.Param}, "threshold", dsl.Value{Kind: dsl.NumberValue, Number: 2000}, given("employees", 1000)},
		{text{name: "InParam", src: k.cond.InParam}, "regions", dsl.Value{Kind: dsl.ListValue, List: []string{"DE"}}, given("country", "US")},
	} {
		if c.src == none {
			continue
		}
		p := k.compile(c.name, c.src)
		schema := Schema()
		for i := range schema.Params {
			if schema.Params[i].Name == c.param {
				schema.Params[i].Value = c.value
			}
		}
		q := k.compileOver(c.name+", with another value", c.src, schema)
		if p == nil || q == nil {
			continue
		}
		if slices.Contains(p.Fields(), c.param) {
			k.fault("%s: Fields names the param %s: %q", c.name, c.param, p.Fields())
		}
		k.ask(c.name+", with another value", c.src, q, ask{c.values, dsl.False})
		k.ask(c.name+", once compiled with another value", c.src, p, ask{c.values, dsl.True})
	}
}

func checkContacts(k *kit) {
	contacts := Schema()
	contacts.Scope = dsl.ContactScope
	for _, c := range k.cond.texts() {
		p, q := k.compile(c.name, c.src), k.compileOver(c.name+", of a contact", c.src, contacts)
		if p != nil && q != nil && behaviour(p) != behaviour(q) {
			k.fault("%s: %s behaves otherwise over a schema of contacts", c.name, clip(c.src))
		}
	}
}

func checkTiers(k *kit) {
	schema := Schema()
	schema.Scope = dsl.TierScope
	schema.Fields = append([]dsl.Field{
		{Name: "score", Type: dsl.NumberType}, {Name: "fit", Type: dsl.NumberType}, {Name: "grade", Type: dsl.TextType},
	}, schema.Fields...)
	for _, c := range []struct{ name, condition, field, read string }{
		{"AtLeast", k.cond.AtLeast, "employees", "score"}, {"AtLeast", k.cond.AtLeast, "employees", "fit"},
		{"Equals", k.cond.Equals, "country", "grade"}, {"AtLeast", k.cond.AtLeast, "employees", "employees"},
	} {
		if !k.has(c.name, c.condition) {
			continue
		}
		src := strings.ReplaceAll(c.condition, c.field, c.read)
		p := k.compileOver(c.name+", of a tier", src, schema)
		if p == nil {
			continue
		}
		yes, no := given(c.read, 1000), given(c.read, 999)
		if c.name == "Equals" {
			yes, no = given(c.read, "US"), given(c.read, "DE")
		}
		k.ask(c.name+", of a tier", src, p, ask{yes, dsl.True}, ask{no, dsl.False}, ask{given(), dsl.Unknown})
		if fields := p.Fields(); !slices.Equal(fields, []string{c.read}) {
			k.fault("%s reads %q", clip(src), fields)
		}
	}
}

func checkMissing(k *kit) {
	others := given("revenue", 5)
	for _, c := range k.cond.texts() {
		k.answers(c.name, c.src, ask{given(), dsl.Unknown}, ask{others, dsl.Unknown})
	}
}

func checkLogic(k *kit) {
	for _, c := range k.compounds() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		for _, x := range combinations() {
			k.ask(c.name, c.src, p, ask{x.values, c.answer(x)})
		}
	}
}

// compound is a condition that joins AtLeast, Equals and Flag.
type compound struct {
	text
	answer func(x combination) dsl.Truth
}

func (k *kit) compounds() []compound {
	return []compound{
		{text{name: "And", src: k.cond.And}, func(x combination) dsl.Truth { return x.atLeast.And(x.equals) }},
		{text{name: "Or", src: k.cond.Or}, func(x combination) dsl.Truth { return x.atLeast.Or(x.equals) }},
		{text{name: "Not", src: k.cond.Not}, func(x combination) dsl.Truth { return x.atLeast.Not() }},
		{text{name: "NotFlag", src: k.cond.NotFlag}, func(x combination) dsl.Truth { return x.flag.Not() }},
		{text{name: "AllOf", src: k.cond.AllOf}, func(x combination) dsl.Truth { return x.atLeast.And(x.equals).And(x.flag) }},
		{text{name: "Nested", src: k.cond.Nested}, func(x combination) dsl.Truth { return x.atLeast.And(x.equals.Or(x.flag)) }},
	}
}

func checkDivision(k *kit) {
	k.answers("DivideByZero", k.cond.DivideByZero,
		ask{given("employees", 50), dsl.True}, ask{given("employees", 200), dsl.False}, ask{given("employees", 0), dsl.Unknown}, ask{given(), dsl.Unknown})
}

// refused makes sure that a text is an error.
func (k *kit) refused(name, src string) {
	if !k.has(name, src) {
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
	// Names that differ in a capital are two.
	const other = "Employees"
	if !k.has("AtLeast", k.cond.AtLeast) {
		return
	}
	src := strings.ReplaceAll(k.cond.AtLeast, "employees", other)
	k.refused("AtLeast, with a capital", src)
	schema := Schema()
	schema.Fields = append(schema.Fields, dsl.Field{Name: other, Type: dsl.NumberType})
	values := given("employees", 1000, other, 999)
	for _, c := range []struct {
		src, field string
		want       dsl.Truth
	}{{k.cond.AtLeast, "employees", dsl.True}, {src, other, dsl.False}} {
		if p := k.compileOver("AtLeast, with two names", c.src, schema); p != nil {
			k.ask("AtLeast, with two names", c.src, p, ask{values, c.want})
			if fields := p.Fields(); !slices.Equal(fields, []string{c.field}) {
				k.fault("%s reads %q", clip(c.src), fields)
			}
		}
	}
}

func checkTypes(k *kit) {
	k.refused("WrongType", k.cond.WrongType)
	k.refused("NoCondition", k.cond.NoCondition)
	if !k.has("Equals", k.cond.Equals) {
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
	for _, c := range k.cond.texts() {
		p := k.compile(c.name, c.src)
		if p == nil {
			continue
		}
		got := slices.Sorted(slices.Values(p.Fields()))
		if !slices.Equal(got, c.reads) {
			k.fault("%s: Fields of %s are %q, want %q", c.name, clip(c.src), got, c.reads)
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
