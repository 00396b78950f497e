package accountscore

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// Parse reads a ruleset in the rules language. The name is what errors begin
// with, as a file name. Lexical, syntax, name and type errors come together,
// in one error that has Unwrap() []error, of *dsl.Error. What depends on
// options waits for [Compile]: params without a value, functions, and
// conditions in other languages.
func Parse(name string, src []byte) (*Ruleset, error) {
	rs, errs := dsl.Parse(name, src)
	if rs != nil {
		_, more := dsl.Check(rs, dsl.Bindings{})
		errs = append(errs, more...)
	}
	if len(errs) > 0 {
		errs.Sort()
		return nil, errs
	}
	return rs, nil
}

// Option changes what [Compile] makes of a ruleset.
type Option func(*options)

type options struct {
	bind dsl.Bindings
	errs dsl.ErrorList
}

// WithParam gives a param its value: a number of any Go kind, a string, a
// bool, a []string or a time.Time. It replaces the ruleset's own value. A name
// that the ruleset neither declares nor wants is an error of Compile.
func WithParam(name string, value any) Option {
	v, err := paramValue(value)
	return func(o *options) {
		if err != nil {
			o.errs = append(o.errs, &dsl.Error{File: "option WithParam", Code: dsl.CodeParam,
				Message: fmt.Sprintf("param %s: %v", name, err), Fix: "pass a number, a string, a bool, a []string or a time.Time"})
			return
		}
		o.bind.Params[name] = v
	}
}

func paramValue(value any) (dsl.Value, error) {
	for _, t := range []struct {
		typ  cond.Type
		kind dsl.ValueKind
	}{{cond.Number, dsl.NumberValue}, {cond.Bool, dsl.BoolValue}, {cond.List, dsl.ListValue}, {cond.Text, dsl.TextValue}, {cond.Time, dsl.DateValue}} {
		if s := convert(value, t.typ); s.State == cond.Known {
			return dsl.Value{Kind: t.kind, Number: s.Num, Bool: s.Flag, Text: s.Text, List: slices.Clone(s.List), Date: dateOf(s.Time, t.typ)}, nil
		}
	}
	return dsl.Value{}, fmt.Errorf("%s cannot be a param", got(value))
}

// dateOf is a moment as a date literal.
func dateOf(µs int64, t cond.Type) dsl.Date {
	if t != cond.Time {
		return dsl.Date{}
	}
	return dsl.Date{Time: time.UnixMicro(µs).UTC()}
}

// WithFunc lets formulas call a Go function by a name. Its parameters and its
// one result are float64, string, bool, []string or time.Time; the last
// parameter may be variadic, and an error may follow the result. A call with a
// missing argument is unknown without fn being called; so is one where fn
// returns an error, panics, or gives a number that is not finite; an
// explanation tells which. Two functions of one name are an error. fn must be
// pure and safe for concurrent use, or scores are not reproducible, and return:
// nothing can stop one that does not, and one that ends its goroutine, as
// FailNow of a test does, ends that of whoever scores, see [Model.ScoreAll].
func WithFunc(name string, fn any) Option {
	f, err := newFunc(fn)
	f.Err = err
	return func(o *options) {
		if _, twice := o.bind.Funcs[name]; twice {
			o.errs = append(o.errs, &dsl.Error{File: "option WithFunc", Code: dsl.CodeFunction,
				Message: fmt.Sprintf("function %s: it is given twice", name), Fix: "give each function a name of its own"})
			return
		}
		o.bind.Funcs[name] = f
	}
}

// Limits lowers the bounds of the language, see [WithLimits].
type Limits = dsl.Limits

// WithLimits lowers the bounds of the language for rules from people whom the
// caller does not know, such as the tenants of a platform. A zero member is
// the published bound, the constant dsl.Max… that its comment names; a limit
// that is higher is an error of [Compile], and so is every place of the
// ruleset that goes beyond a limit. [Parse] holds a text to the published
// bounds whatever a later Compile asks for. Of several WithLimits the lowest
// limit of each kind holds.
func WithLimits(l Limits) Option {
	return func(o *options) { o.bind.Limits = lower(o.bind.Limits, l) }
}

// lower gives the lower of two limits of each kind; zero is none.
func lower(l, other Limits) Limits {
	out, more := reflect.ValueOf(&l).Elem(), reflect.ValueOf(other)
	for i := range more.NumField() {
		if a, b := out.Field(i).Int(), more.Field(i).Int(); a == 0 || b != 0 && b < a {
			out.Field(i).SetInt(b)
		}
	}
	return l
}

// Model is a compiled ruleset. It is immutable and safe for concurrent use.
// The zero Model has no rules and scores every account to nothing.
type Model struct {
	rules *Ruleset
	hash  string

	fields        []field
	contactFields []field
	read          []int // slots of the fields that anything reads
	readContact   []int // of contacts
	activities    []activityType
	activityIndex map[string]int
	lets          []let
	dims          []dimension
	rollup        *rollup // nil without a dimension from contacts
	disqualify    []disqualifier
	grades        []grading
	joined        []string // grades, see joinGrades
	tiers         []tier
	ladders       []ladder
	weighted      bool
	lo, hi        micro.M // of the published score
	decimals      int
	counted       int          // rules that have an outcome
	questions     int          // to the log of activities, in conditions
	asked         []*cond.Node // these, by Place-1
	signals       int          // each and latest lines outside the contacts block
	decays        map[int][]int32
	plan          *plan
	quick         *quick // nil: the model asks for more
	columnarOnce  sync.Once
	columnar      *columnar // see columns
	metered       []bool    // metrics that any condition reads
	metering      bool      // any of them
	pool          sync.Pool

	guideOnce sync.Once
	guide     *guide // what explanations have in common

	trackOnce sync.Once
	tracking  *trackGuide
}

type activityType struct {
	name   string
	pos    dsl.Pos // declared, or first asked for
	read   bool
	fields []field
}

type let struct {
	*cond.Node
	reads []int // account slots, through other lets too
	read  bool
}

// Compile makes a model of a ruleset. The ruleset may come from [Parse], from
// JSON, or from Go code; it is copied and may be changed afterwards. Every
// error comes at once, in one error that has Unwrap() []error, of *dsl.Error.
func Compile(rs *Ruleset, opts ...Option) (*Model, error) {
	if rs == nil {
		return nil, dsl.ErrorList{{Code: dsl.CodeStructure, Message: "there is no ruleset", Fix: "look at the error of Parse first"}}
	}
	o := &options{bind: dsl.Bindings{Params: map[string]dsl.Value{}, Funcs: map[string]dsl.Func{}, Languages: map[string]dsl.Language{}, Final: true}}
	for _, opt := range opts {
		if opt != nil {
			opt(o)
		}
	}
	rs = rs.Clone()
	checked, errs := dsl.Check(rs, o.bind)
	errs = append(o.errs, errs...)
	if len(errs) > 0 {
		errs.Sort()
		return nil, errs
	}
	c := &compiler{rs: rs, checked: checked, m: &Model{rules: rs, decays: map[int][]int32{}}}
	m := c.model()
	if len(c.errs) > 0 {
		c.errs.Sort()
		return nil, c.errs
	}
	m.hash = hash(rs, checked, o.bind.Funcs)
	return m, nil
}

// MustCompile is like [Compile], but panics on an error. It is for rulesets
// that are part of the program.
func MustCompile(rs *Ruleset, opts ...Option) *Model {
	m, err := Compile(rs, opts...)
	if err != nil {
		panic("accountscore: " + err.Error())
	}
	return m
}

// empty stands in for the zero Model.
var empty = sync.OnceValue(func() *Model {
	m := MustCompile(&Ruleset{})
	m.hash = "" // nothing was compiled
	return m
})

// made gives the model, or one without rules for the zero Model.
func (m *Model) made() *Model {
	if m.rules == nil {
		return empty()
	}
	return m
}

// Hash identifies what the model computes: a SHA-256, in hex, over the
// canonical text of the ruleset with its params as bound, and the names of the
// functions and of the languages that its rules are written in.
func (m *Model) Hash() string { return m.hash }

// Ruleset gives a copy of the ruleset that the model was made of.
func (m *Model) Ruleset() *Ruleset { return m.made().rules.Clone() }

// Fields yields every field of the account, declared or inferred, in order of
// declaration, with the rules that read it. A rule is named dimension.label,
// or dimension.3 for the third rule of its dimension; other readers by what
// they are: "disqualify 1", "tier top", "let revenue_per_head".
func (m *Model) Fields() iter.Seq2[Field, []string] {
	return func(yield func(Field, []string) bool) {
		readers := m.readers()
		for i := range m.fields {
			if !yield(*m.fields[i].Field, readers[i]) {
				return
			}
		}
	}
}

// ContactFields gives the fields of contacts, declared or inferred, in order
// of declaration.
func (m *Model) ContactFields() []Field {
	list := make([]Field, len(m.contactFields))
	for i := range m.contactFields {
		list[i] = *m.contactFields[i].Field
	}
	return list
}

// Activities gives the types of activities with their fields, declared or
// inferred, in order of declaration.
func (m *Model) Activities() []ActivityType {
	list := make([]ActivityType, len(m.activities))
	for i := range m.activities {
		list[i].Name = m.activities[i].name
		for j := range m.activities[i].fields {
			list[i].Fields = append(list[i].Fields, *m.activities[i].fields[j].Field)
		}
	}
	return list
}

// readers gives, for each field, the names of what reads it.
func (m *Model) readers() [][]string {
	readers := make([][]string, len(m.fields))
	add := func(name string, slots []int) {
		for _, slot := range slots {
			readers[slot] = append(readers[slot], name)
		}
	}
	for i, l := range m.lets {
		add("let "+m.rules.Lets[i].Name, l.reads)
	}
	for d := range m.dims {
		dim := &m.dims[d]
		if dim.contacts == nil {
			for r := range dim.eachRule {
				add(r.id, r.reads)
			}
		}
		for i, s := range dim.scales {
			add(fmt.Sprintf("%s scale %d", dim.name, i+1), s.reads)
		}
	}
	for i, q := range m.disqualify {
		add(fmt.Sprintf("disqualify %d", i+1), m.slots(q.when))
	}
	for _, t := range m.tiers {
		add("tier "+t.name, m.slots(t.when))
	}
	for _, l := range m.ladders {
		for _, t := range l.tiers {
			add(l.name+" tier "+t.name, m.slots(t.when))
		}
	}
	return readers
}

// hash identifies the model, see [Model.Hash].
func hash(rs *Ruleset, checked *dsl.Checked, funcs map[string]dsl.Func) string {
	bound := *rs
	bound.Params = nil
	for _, name := range slices.Sorted(maps.Keys(checked.Params)) {
		bound.Params = append(bound.Params, dsl.Param{Name: name, Value: checked.Params[name]})
	}
	h := sha256.New()
	h.Write(bound.Format())
	for _, name := range slices.Sorted(maps.Keys(funcs)) {
		fmt.Fprintf(h, "function %s\n", name)
	}
	for _, name := range checked.Languages {
		fmt.Fprintf(h, "language %s\n", name)
	}
	return hex.EncodeToString(h.Sum(nil))
}
