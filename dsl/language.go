package dsl

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"
)

// Language is a language of conditions. The condition of a rule, a scale, a
// disqualifier or a tier may be written in any language that the model is
// compiled with; [Rules] and [Expr] are always
// there. Package dsltest holds a Language against the rules that stand here.
//
// A Language is safe for concurrent use. It reads no clock, no file and no
// global state: the same text over the same schema always gives a program with
// the same answers.
type Language interface {
	// Name is the word by which rulesets choose the language, as in
	// cel "employees >= 1000" → +50: a letter, then letters, digits and _. It
	// never changes.
	Name() string

	// Compile makes a program of one condition. src is UTF-8 without NUL, not
	// blank, and at most MaxFormula bytes long; everything else about it is
	// for Compile to check, and no text may panic, hang or exhaust the
	// process. A name that the schema does not have, a value of a wrong type
	// and a text that is no condition are errors. An error that is an *Error
	// keeps its code and its fix.
	Compile(src string, schema Schema) (Program, error)
}

// Program is a compiled condition. It is immutable and safe for concurrent
// use, and its methods never panic.
type Program interface {
	// Eval answers the condition. A test that reads a missing value is
	// Unknown; where the language joins tests by and, or and not, they follow
	// Kleene, see [Truth]. What fails at run time, such as a division by zero,
	// is Unknown. An answer that is none of the three counts as Unknown.
	Eval(v Values) Truth

	// Trace takes the answer apart for people: the tests that the condition is
	// made of, each with its own answer, in the order in which they stand, and
	// with the fields that it reads. A language that cannot tell them apart
	// gives the whole condition, with the answer of Eval.
	Trace(v Values) []Part

	// Fields names every field that Eval may read, each once. What it leaves
	// out is not looked up for Eval, and counts as missing.
	Fields() []string

	// String is the canonical text: compiling it gives a program with the same
	// answers and the same canonical text.
	String() string
}

// Schema is what the names of a condition mean. A Language reads it and
// neither changes nor keeps it.
type Schema struct {
	Scope Scope
	// Fields are the values that can be read, with their types, in order of
	// declaration: the fields of the account or of the contact, and, of the
	// account, the computed values and the numbers of its contacts. Tiers read
	// what the account's rules do, and before it the score, the points of the
	// dimensions as they are shown, and, where there are grades, the joined
	// grade: a dimension hides a field of its name.
	Fields []Field
	// Params are constants, as bound by the caller of Compile.
	Params []Param
}

// Scope says whose fields a schema has.
type Scope string

// The scopes.
const (
	AccountScope Scope = "account" // rules outside the contacts block, scales, disqualifiers
	ContactScope Scope = "contact" // rules inside it
	TierScope    Scope = "tier"    // tiers
)

// Field finds a field of the schema by its name.
func (s *Schema) Field(name string) (Field, bool) {
	for i := range s.Fields {
		if s.Fields[i].Name == name {
			return s.Fields[i], true
		}
	}
	return Field{}, false
}

// Values are the values of one account or contact at a moment. They are for
// the call that they are passed to, and not safe for concurrent use.
type Values interface {
	// Value gives a field's value, of the kind of its type; a time is a
	// DateValue in UTC. known is false where the value is missing, for
	// whatever reason: it is null, was never mapped, has expired or could not
	// be used. A List must not be changed.
	Value(field string) (value Value, known bool)
	// At is the scoring moment in UTC, the only clock that there is.
	At() time.Time
}

// Truth is a three-valued answer. The zero Truth is Unknown: the answer hangs
// on a value that is missing. So is, to a model, any Truth that has no name here.
type Truth int8

// The answers.
const (
	Unknown Truth = iota
	False
	True
)

// TruthOf makes a Truth of a bool.
func TruthOf(b bool) Truth {
	if b {
		return True
	}
	return False
}

// Not is true for False and false for True; not unknown is unknown.
func (t Truth) Not() Truth {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

// And is False where one side is, else Unknown where one side is.
func (t Truth) And(u Truth) Truth {
	switch {
	case t == False || u == False:
		return False
	case t == True && u == True:
		return True
	}
	return Unknown
}

// Or is True where one side is, else Unknown where one side is.
func (t Truth) Or(u Truth) Truth { return t.Not().And(u.Not()).Not() }

// sound takes what is none of the three answers as Unknown.
func (t Truth) sound() Truth {
	if t != True && t != False {
		return Unknown
	}
	return t
}

func (t Truth) String() string {
	switch t {
	case True:
		return "true"
	case False:
		return "false"
	}
	return "unknown"
}

// Part is one test of a condition with its answer.
type Part struct {
	Text   string
	Truth  Truth
	Fields []string // what it reads, among those of the program
}

// RulesLanguage is the name of [Rules].
const RulesLanguage = "rules"

// builtinLanguage gives the languages that every ruleset may use.
func builtinLanguage(name string) Language {
	switch name {
	case RulesLanguage:
		return Rules()
	case ExprLanguage:
		return Expr()
	}
	return nil
}

// CompileCondition compiles a condition of any Language as a model does: src
// is held to the bounds of the language before the Language sees it, a panic
// of its Compile is an error, and so is a program whose Fields or String
// panics, which could never work. Later a panic of the program is an Unknown or
// no parts, and an answer that is none of the three is Unknown. An error is an
// *Error that says which language refused what.
func CompileCondition(l Language, src string, schema Schema) (program Program, err error) {
	name, doing := "the language", "panicked on the condition"
	defer func() {
		if r := recover(); r != nil {
			program, err = nil, newError(place{}, Pos{}, CodeNotAllowed, clipText(fmt.Sprintf("%s %s: %v", name, doing, r), 200),
				"write the condition another way, and report this to whoever made the language")
		}
	}()
	name = l.Name()
	if err := conditionBounds(src); err != nil {
		return nil, err
	}
	p, err := l.Compile(src, schema)
	if err != nil {
		return nil, languageError(name, err)
	}
	if v := reflect.ValueOf(p); p == nil || v.Kind() == reflect.Pointer && v.IsNil() {
		return nil, newError(place{}, Pos{}, CodeNotAllowed, name+" made nothing of the condition", "report this to whoever made the language")
	}
	doing = "made a program that panics when asked for its fields"
	p.Fields()
	doing = "made a program that panics when asked for its text"
	_ = p.String()
	return guarded{p}, nil
}

// conditionBounds holds a text to what a Language is ever given.
func conditionBounds(src string) error {
	switch {
	case len(src) > MaxFormula:
		return newError(place{}, Pos{}, CodeLimit, fmt.Sprintf("a condition is %d bytes long; at most %d are read", len(src), MaxFormula), "split it into several rules")
	case !utf8.ValidString(src):
		return newError(place{}, Pos{}, CodeEncoding, "the condition is not UTF-8", "save the file as UTF-8")
	case strings.IndexByte(src, 0) >= 0:
		return newError(place{}, Pos{}, CodeEncoding, "the condition holds a NUL character", "delete it")
	case strings.TrimSpace(src) == "":
		return newError(place{}, Pos{}, CodeSyntax, "a condition is empty", "write it between the quotes")
	}
	return nil
}

// languageError makes one *Error of whatever a language reports.
func languageError(name string, err error) *Error {
	out := newError(place{}, Pos{}, CodeSyntax, "", "see the reference of "+name)
	var first *Error
	if errors.As(err, &first) && first != nil {
		out.Code, out.Message = first.Code, first.Message
		if first.Fix != "" {
			out.Fix = first.Fix
		}
	} else {
		out.Message, _, _ = strings.Cut(strings.TrimSpace(err.Error()), "\n")
	}
	out.Message = name + ": " + clipText(strings.ToValidUTF8(out.Message, "\uFFFD"), 300)
	return out
}

// guarded is a program that never panics, and has no answer but the three.
type guarded struct{ Program }

func (g guarded) Eval(v Values) (t Truth) {
	defer func() {
		if recover() != nil {
			t = Unknown
		}
	}()
	return g.Program.Eval(v).sound()
}

func (g guarded) Trace(v Values) (parts []Part) {
	defer func() {
		if recover() != nil {
			parts = nil
		}
	}()
	parts = g.Program.Trace(v)
	for i := range parts {
		parts[i].Truth = parts[i].Truth.sound()
	}
	return parts
}

func (g guarded) Fields() (names []string) {
	defer func() {
		if recover() != nil {
			names = nil
		}
	}()
	return g.Program.Fields()
}

func (g guarded) String() (text string) {
	defer func() {
		if recover() != nil {
			text = ""
		}
	}()
	return g.Program.String()
}
