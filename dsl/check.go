package dsl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/internal/cond"
)

// Bindings is what a caller adds to a ruleset: values for its params and
// functions of his own.
type Bindings struct {
	Params map[string]Value
	Funcs  map[string]Func
	// Languages are further languages of conditions, by their names. They
	// come to Rules and Expr, which nothing can replace.
	Languages map[string]Language
	// Limits lowers the bounds of the language.
	Limits Limits
	// Final says that nothing more will be bound. Without it a param that
	// wants a value and a function that is unknown are no errors yet, and
	// neither is what depends on them. Conditions in other languages are not
	// looked at.
	Final bool

	// names says that fields may have the names of the language itself, which
	// are fields to a condition that is compiled by itself.
	names bool
}

// Func is a function that conditions may call. Call gets its arguments as
// float64, string, bool, []string or time.Time, by Params, and gives a value
// of Result's type. It must be safe for concurrent use and give the same
// answer to the same arguments. Where it fails, what reads it is unknown.
type Func struct {
	Params   []Type
	Variadic bool // the last of Params may repeat, or be absent
	Result   Type
	Call     func(args []any) (any, error)
	// Err says why there is no Call. Check reports it, and nothing of what
	// calls the function.
	Err error
}

// incomplete tells whether a function cannot be called, which is reported
// where it was bound.
func (f Func) incomplete() bool {
	return f.Err != nil || f.Call == nil || condType(f.Result) == cond.NoType || f.Variadic && len(f.Params) == 0 ||
		slices.ContainsFunc(f.Params, func(t Type) bool { return condType(t) == cond.NoType })
}

// The slots of the numbers that the scoring itself produces. The slot of a
// dimension is MetricDimension plus its index in the ruleset.
const (
	MetricScore = iota
	MetricContacts
	MetricEngaged
	MetricSenior
	MetricCompleteness
	MetricDimension
)

// Of the grades, slot 0 is the joined one, and 1+i that of the ruleset's i-th
// grading.
const gradeJoined = 0

// Checked is a ruleset whose names and types are right, with its formulas as
// typed trees. It is immutable and safe for concurrent use.
type Checked struct {
	// Fields and ContactFields are declared or inferred, in order of their
	// slots: of declaration, or of first use.
	Fields, ContactFields []Field
	// Activities are declared or inferred; an event's type is an index of it.
	Activities []ActivityType
	// Params are the params as bound.
	Params map[string]Value
	// Languages names the languages, other than the rules language, that
	// conditions are written in, sorted.
	Languages []string
	// Lets are the computed values, in order of declaration, which is that
	// of their slots. One that is wrong is nil.
	Lets []*cond.Node
	// Limits are the bounds that hold.
	Limits Limits

	nodes map[*Formula]*cond.Node
	folds map[*Formula]bool
}

// Node gives the tree of a formula of the checked ruleset, by the pointer to
// it there; nil where it is absent or wrong.
func (c *Checked) Node(f *Formula) *cond.Node { return c.nodes[f] }

// Fold tells whether a formula's value is a text that ignores case, as the
// keys of a table over it then do.
func (c *Checked) Fold(f *Formula) bool { return c.folds[f] }

// Check finds what the names of a ruleset mean and what types its formulas
// have. It gives every fault at once, those of encoding first and alone,
// and does not change rs. The result is
// complete only if there is no fault.
func Check(rs *Ruleset, b Bindings) (*Checked, ErrorList) {
	c := &checker{
		rs:    rs,
		b:     b,
		out:   &Checked{Params: map[string]Value{}, nodes: map[*Formula]*cond.Node{}, folds: map[*Formula]bool{}},
		decls: newDecls(),
	}
	c.limits, c.errs = b.Limits.resolve()
	c.out.Limits, c.patterns.most = c.limits, c.limits.Patterns
	if !c.checkTexts() {
		return c.out, c.errs // what else is wrong follows from that
	}
	c.declare()
	c.checkStatements()
	c.checkFormulas()
	if !c.countItems() {
		return c.out, c.errs // every stage to come goes through all of them
	}
	c.infer()
	c.lower()
	c.checkUses()
	c.finish()
	return c.out, c.errs
}

// checker is the state of one Check.
type checker struct {
	rs   *Ruleset
	b    Bindings
	out  *Checked
	errs ErrorList

	*decls
	bounds
	uses    []*use // of formulas and of names, in the order of the ruleset
	limits  Limits
	garbled bool     // a text is not UTF-8
	rules   int      // so far
	tables  []keyed  // tables over formulas, whose keys wait for types
	wanted  []string // words that are params without a declaration, in order
	wants   map[string]*wantedParam
	done    int  // activities of the cases so far
	changed bool // the current round of inference learnt something
	weak    bool // it may learn from what only suggests a type

	syntaxErrs   *ErrorList      // of the source; nil before they were asked for
	garbledTiers map[string]bool // that a fault of the source may hide; nil before
	// garbledParams are those on whose line the source has a fault; nil before.
	garbledParams map[string]bool

	schemas map[schemaKey]Schema
	told    bool // that the ruleset's language is not there
}

// use is one place where the ruleset reads names: a formula, or a name that
// stands alone.
type use struct {
	f     *Formula // nil for a name alone
	node  Node     // nil where the text does not parse
	scope scope
	want  cond.Type // NoType: any
	what  string    // what wants it, for errors
	at    place
	let   *letInfo // whose value it is, or nil
	// language is that of a rule's condition which is in another one.
	language string
}

// keyed is a table whose keys must suit the value that it is over.
type keyed struct {
	of      *use
	entries []Entry
	path    string
}

// wantedParam is a word on the right of a comparison that is no name.
type wantedParam struct {
	at    place
	pos   Pos
	field *fieldInfo // that it is compared with, or nil
}

// place is a text that errors point into.
type place struct {
	file, text string
}

// fault records an error at a position of a text.
func (c *checker) fault(at place, pos Pos, code Code, fix, format string, args ...any) {
	if len(c.errs) >= MaxErrors {
		return
	}
	c.errs = append(c.errs, newError(at, pos, code, fmt.Sprintf(format, args...), fix))
}

// wrong records an error of a statement. A statement without a position, as
// of a ruleset made in Go or read from JSON, is told by its path.
func (c *checker) wrong(pos Pos, path string, code Code, fix, format string, args ...any) {
	c.fault(c.placeOf(pos, path), pos, code, fix, format, args...)
}

func (c *checker) placeOf(pos Pos, path string) place {
	if pos.IsValid() {
		return place{c.rs.File, c.rs.Source}
	}
	return place{file: path}
}

// read parses a formula and remembers it for inference and lowering.
func (c *checker) read(f *Formula, s scope, want cond.Type, what, path string) *use {
	if f.IsZero() {
		return nil
	}
	u := &use{f: f, scope: s, want: want, what: what}
	if u.node = f.parsed(); u.node != nil && f.Pos.IsValid() {
		u.at = place{c.rs.File, c.rs.Source}
	} else {
		u.at = place{path, f.Text}
		if c.inSource(f) {
			u.at = place{c.rs.File, c.rs.Source}
		}
		var errs ErrorList
		u.node, errs = ParseFormula(*f, u.at.file, c.rs.Source)
		if len(errs) > 0 {
			u.node = nil
			c.errs = append(c.errs, errs...)
		}
	}
	c.uses = append(c.uses, u)
	return u
}

// countItems holds the lists that conditions read to their bound, all
// together. A param's list is as long wherever it is read.
func (c *checker) countItems() bool {
	items := 0
	for _, u := range c.uses {
		Inspect(u.node, func(n Node) bool {
			before := items
			switch n := n.(type) {
			case *List:
				items += len(n.Items)
			case *Name:
				items += len(c.paramList(u.scope, n.Ident))
			}
			if most := c.limits.Items; before <= most && items > most {
				c.fault(u.at, n.Pos(), CodeLimit, "use shorter lists, or read them in fewer places",
					"the lists that conditions read have more than %d items; a param's count wherever it is read", most)
			}
			return true
		})
	}
	return items <= c.limits.Items
}

// paramList gives the list of a param by its name; nil for any other name.
func (c *checker) paramList(s scope, name string) []string {
	switch sym := c.lookup(s, name); sym.kind {
	case paramSymbol:
		return sym.param.value.List
	case noSymbol:
		return c.b.Params[name].List
	}
	return nil
}

// wordPos gives the place of a word on the line of a statement that begins at
// pos; pos where the line has no such word.
func (c *checker) wordPos(pos Pos, word string) Pos {
	if !pos.IsValid() || pos.Offset < 0 || pos.Offset > len(c.rs.Source) || word == "" {
		return pos
	}
	line := c.rs.Source[pos.Offset:]
	line = line[:endOfLine(line, 0, min(len(line), maxSourceLine))]
	for from := 0; ; {
		i := strings.Index(line[from:], word)
		if i < 0 {
			return pos
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(line[:i])
		after, _ := utf8.DecodeRuneInString(line[i+len(word):])
		if !isWordRune(before) && !isWordRune(after) {
			return Pos{Offset: pos.Offset + i, Line: pos.Line, Column: pos.Column + utf8.RuneCountInString(line[:i])}
		}
		from = i + len(word)
	}
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) && r != utf8.RuneError || unicode.IsDigit(r)
}

// inSource tells whether a formula stands in the source as it is written.
func (c *checker) inSource(f *Formula) bool {
	off := f.Pos.Offset
	return f.Pos.IsValid() && off >= 0 && off <= len(c.rs.Source) && strings.HasPrefix(c.rs.Source[off:], f.Text)
}

// readName remembers a name that stands alone, such as the field of a decay.
func (c *checker) readName(ident string, pos Pos, s scope, want cond.Type, what, path string) *use {
	u := &use{node: &Name{At: pos, Ident: ident}, scope: s, want: want, what: what, at: c.placeOf(pos, path)}
	c.uses = append(c.uses, u)
	return u
}

// lower makes the trees of all formulas. Lets come first, in order.
func (c *checker) lower() {
	for _, u := range c.uses {
		l := &lowering{c: c, s: u.scope, at: u.at}
		if u.language != "" {
			if n := l.foreign(u); n != nil {
				c.out.nodes[u.f] = n
			}
			continue
		}
		if u.node == nil {
			continue
		}
		before := len(c.errs)
		var n *cond.Node
		if u.want == cond.NoType {
			n = l.value(u.node)
		} else {
			n = l.typed(u.node, u.want, u.what)
		}
		if len(c.errs) > before && c.readsGarbled(u) {
			c.errs = c.errs[:before] // that follows from the fault of the param
		}
		n = l.bounded(n, u)
		if u.let != nil {
			u.let.node, u.let.fold = n, l.folds[n]
			if n != nil {
				u.let.typ = n.Type
			}
		}
		if u.f != nil && n != nil {
			c.out.nodes[u.f] = n
			c.out.folds[u.f] = l.folds[n]
		}
	}
}

// bounded gives the tree of a formula, nil where it looks at too much: a value
// that a chain or a list of expressions compares stands once in the text, and
// one such form inside another doubles what is inside.
func (l *lowering) bounded(n *cond.Node, u *use) *cond.Node {
	if u.f == nil || n.Size(MaxExpanded) <= MaxExpanded {
		return n
	}
	return l.fault(u.start(), CodeLimit, "name with let what is compared several times", "the condition looks at more than %d parts: it compares long parts several times", MaxExpanded)
}

// finish gives the result its declarations, and reports params that are left
// over.
func (c *checker) finish() {
	for _, f := range c.fields {
		c.out.Fields = append(c.out.Fields, f.typed())
	}
	for _, f := range c.contactFields {
		c.out.ContactFields = append(c.out.ContactFields, f.typed())
	}
	for _, a := range c.activities {
		t := ActivityType{Pos: a.pos, Name: a.name}
		for _, f := range a.fields {
			t.Fields = append(t.Fields, f.typed())
		}
		c.out.Activities = append(c.out.Activities, t)
	}
	for _, u := range c.uses {
		if u.language != "" {
			c.out.Languages = append(c.out.Languages, u.language)
		}
	}
	slices.Sort(c.out.Languages)
	c.out.Languages = slices.Compact(c.out.Languages)
	for _, l := range c.lets {
		c.out.Lets = append(c.out.Lets, l.node)
	}
	for _, p := range c.params {
		c.out.Params[p.name] = p.value
	}
	for _, name := range c.wanted {
		if v, ok := c.b.Params[name]; ok {
			c.out.Params[name] = v
			continue
		}
		if c.b.Final && !c.garbledParam(name) {
			c.wantsValue(name, c.wants[name])
		}
	}
	if c.b.Final {
		c.leftOver()
	}
}

// wantsValue reports a param without a value.
func (c *checker) wantsValue(name string, w *wantedParam) {
	fix := fmt.Sprintf("if it is text write %q; else add the line `param %s = …` or compile with WithParam(%q, …)", name, name, name)
	among := func() []string {
		list := c.rightNames()
		if w.field != nil {
			for _, v := range w.field.OneOf {
				list = append(list, v.Text)
			}
		}
		return list
	}
	if near := c.near(name, among); near != "" {
		fix = fmt.Sprintf("did you mean `%s`? Else %s", near, fix)
	}
	if c.fieldByName[name] != nil || c.contactByName[name] != nil {
		fix = fmt.Sprintf("`%s` is also read as a field: declare the fields, and a name on the right of a comparison is the field", name)
	}
	meant := meantValues[strings.ToLower(name)]
	switch {
	case meant != "" && w.field != nil && w.field.typ != cond.NoType && w.field.typ != cond.Text:
		fix = strings.TrimPrefix(meant, "if nothing is known ")
	case meant != "":
		fix = fmt.Sprintf("%s; else %s", meant, fix)
	}
	c.fault(w.at, w.pos, CodeParam, fix, "`%s` is a param that wants a value", name)
}

// leftOver reports what was bound and is no param of the ruleset.
func (c *checker) leftOver() {
	c.leftOverLanguages()
	for _, name := range slices.Sorted(maps.Keys(c.b.Params)) {
		if c.paramByName[name] != nil || c.wants[name] != nil {
			continue
		}
		fix := "remove the option, or read the param in a condition"
		if near := c.near(name, func() []string { return slices.Concat(names(c.params), c.wanted) }); near != "" {
			fix = fmt.Sprintf("did you mean `%s`?", near)
		}
		what := "the ruleset has no param of this name"
		if c.fieldByName[name] != nil {
			what = "it is a field of the ruleset"
		}
		c.wrong(Pos{}, "param "+name, CodeParam, fix, "`%s` is bound as a param, but %s", name, what)
	}
	for _, name := range slices.Sorted(maps.Keys(c.b.Funcs)) {
		f, path := c.b.Funcs[name], "function "+name
		if f.Err != nil {
			c.wrong(Pos{}, path, CodeFunction, "pass a func over float64, string, bool, []string and time.Time", "the function `%s` cannot be called: %v", clipText(name, 40), f.Err)
		}
		switch {
		case isBuiltin(name) || neverFunctions[name]:
			c.wrong(Pos{}, path, CodeFunction, "give it another name", "the function `%s` would hide the language's own", name)
		case operatorStart[strings.ToLower(name)] || operatorWords[strings.ToLower(name)]:
			c.wrong(Pos{}, path, CodeFunction, "give it another name", "`%s` is an operator or a value of the language, and no name for a function", name)
		case c.fieldByName[name] != nil || c.contactByName[name] != nil:
			c.wrong(Pos{}, path, CodeFunction, "give one of them another name", "the function `%s` has the name of a field", name)
		case !isPlainWord(name):
			c.wrong(Pos{}, path, CodeFunction, "begin with a letter; go on with letters, digits and _", "`%s` is no name for a function", name)
		case f.Err != nil:
		case f.Variadic && len(f.Params) == 0:
			c.wrong(Pos{}, path, CodeFunction, "give the type that repeats", "the variadic function `%s` has no Params", name)
		case f.incomplete():
			c.wrong(Pos{}, path, CodeFunction, "give it a Call, and types for its Params and Result", "the function `%s` is incomplete", name)
		}
	}
}
