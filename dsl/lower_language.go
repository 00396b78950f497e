package dsl

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/internal/cond"
)

// foreignTo tells whether conditions without a language of their own are in
// another one than the rules language.
func foreignTo(ruleset string) bool { return ruleset != "" && ruleset != RulesLanguage }

// languageOf gives the language of a condition, by its own and the ruleset's.
func languageOf(own, ruleset string) string {
	switch {
	case own != "":
		return own
	case ruleset != "":
		return ruleset
	}
	return RulesLanguage
}

// readCondition remembers a condition. One in another language waits for the
// names and their types.
func (c *checker) readCondition(f *Formula, language string, pos Pos, s scope, path string) {
	name := languageOf(language, c.rs.Language)
	if f.IsZero() {
		if language != "" {
			c.wrong(pos, path, CodeStructure, "drop the language", "only a condition has a language, and there is none")
		}
		return
	}
	if name == RulesLanguage {
		if c.elseCondition(f, s, path) {
			return
		}
		c.read(f, s, cond.Bool, "a condition", path+", when")
		return
	}
	if language != "" && !c.checkLanguage(language, pos, path) || !isLanguageName(name) {
		return
	}
	at := c.placeOf(f.Pos, path+", when")
	if !f.Pos.IsValid() {
		at.text = f.Text
	}
	c.uses = append(c.uses, &use{f: f, scope: s, want: cond.Bool, what: "a condition", at: at, language: name})
}

// readReasoned remembers a condition that a reason may follow. A word and one
// text are a field and its reason, so a condition that names its language has
// a reason, or its text would read as something else.
func (c *checker) readReasoned(f *Formula, language, reason string, pos Pos, s scope, path string) {
	const fix = "put the reason for people behind it: expr \"employees > 5\" \"Why\""
	named := language != "" && (language != RulesLanguage || !foreignTo(c.rs.Language))
	if named && reason == "" && !f.IsZero() {
		c.wrong(pos, path, CodeStructure, fix, "a condition that names its language has a reason here")
		return
	}
	if word := f.Text; language == "" && reason != "" && c.language(word) != nil && c.lookup(s, word).kind == noSymbol {
		c.wrong(pos, path, CodeStructure, fix, "`%s` and one text read as a field and its reason", word)
		return
	}
	c.readCondition(f, language, pos, s, path)
}

// checkLanguage reports a word that names no language.
func (c *checker) checkLanguage(name string, pos Pos, path string) bool {
	if name == "" || isLanguageName(name) {
		return true
	}
	c.wrong(pos, path, CodeStructure, "begin with a letter; go on with letters, digits and _", "`%s` cannot be the name of a language", clipText(name, 40))
	return false
}

// language finds a language by its name; nil where there is none.
func (c *checker) language(name string) Language {
	l := builtinLanguage(name)
	if l == nil {
		l = c.b.Languages[name]
	}
	if _, ok := l.(exprLanguage); ok {
		return exprLanguage{&c.bounds}
	}
	return l
}

// languageNames lists the languages that there are.
func (c *checker) languageNames() []string {
	list := append([]string{RulesLanguage, ExprLanguage}, slices.Sorted(maps.Keys(c.b.Languages))...)
	slices.Sort(list)
	return slices.Compact(list)
}

// foreign compiles a condition of another language. Before everything is
// bound it is left alone.
func (l *lowering) foreign(u *use) *cond.Node {
	c := l.c
	if !c.b.Final {
		return nil
	}
	pos := u.f.Pos
	lang := c.language(u.language)
	if lang == nil {
		if u.language == c.rs.Language {
			if c.told {
				return nil // one statement names it, so one error does
			}
			c.told = true
		}
		return l.fault(pos, CodeName, c.languageFix(l.s, u.language, u.f.Text), "there is no language `%s`", clipText(u.language, 40))
	}
	schema := l.schema()
	over := c.over
	program, err := CompileCondition(lang, u.f.Text, schema)
	if err != nil {
		var e *Error
		errors.As(err, &e)
		if over && e.Code == CodeLimit {
			return nil // that the patterns are too many was reported
		}
		fix := e.Fix
		if c.inferring && e.Code == CodeName {
			fix = "declare the fields, as in `field employees number`: another language cannot tell their types"
		}
		return l.fault(pos, e.Code, fix, "%s", e.Message)
	}
	if tree, ok := program.(guarded).Program.(*treeProgram); ok {
		return l.graft(tree, pos)
	}
	node := &cond.Node{Op: cond.Foreign, Type: cond.Bool, Src: program.String()}
	if node.Src == "" {
		node.Src = u.f.Text
	}
	j := &judge{program: program, types: map[string]cond.Type{}}
	for _, name := range program.Fields() {
		if j.index(name) >= 0 {
			continue
		}
		f, ok := schema.Field(name)
		if !ok {
			return l.fault(pos, CodeName, "report this to whoever made the language", "%s: the program reads `%s`, which it was not given", u.language, clipText(name, 40))
		}
		x := l.name(&Name{At: pos, Ident: name})
		if x == nil {
			return nil
		}
		j.names = append(j.names, name)
		j.types[name] = condType(f.Type)
		node.Args = append(node.Args, x)
	}
	node.Judge = j
	return node
}

// graft takes over the tree of a program that has one: its range is then as
// tight as that of a condition in the rules language, and it is evaluated
// without a detour.
func (l *lowering) graft(p *treeProgram, pos Pos) *cond.Node {
	made := map[*cond.Node]*cond.Node{}
	wrong := false
	var graft func(n *cond.Node) *cond.Node
	graft = func(n *cond.Node) *cond.Node {
		if made[n] != nil {
			return made[n]
		}
		out := *n
		if n.Op == cond.Field && n.Space == cond.Account {
			x := l.name(&Name{At: pos, Ident: p.names[n.Slot]})
			if wrong = wrong || x == nil; !wrong {
				out = *x
			}
		}
		if len(n.Args) > 0 {
			out.Args = make([]*cond.Node, len(n.Args))
			for i, a := range n.Args {
				out.Args[i] = graft(a)
			}
		}
		made[n] = &out
		return &out
	}
	if node := graft(p.node); !wrong {
		return node
	}
	return nil
}

// languageFix says what to do about a language that there is not. A field
// before a text is rather a comparison without its operator.
func (c *checker) languageFix(s scope, name, text string) string {
	if c.lookup(s, name).kind != noSymbol {
		return fmt.Sprintf("put an operator between them: `%s = %q`", name, clipText(text, 40))
	}
	if near := c.near(name, c.languageNames); near != "" {
		return fmt.Sprintf("did you mean `%s`?", near)
	}
	fix := "compile with WithLanguage; the languages here are " + strings.Join(c.languageNames(), ", ")
	if c.inferring {
		fix = fmt.Sprintf("put an operator between them: `%s = %q`. For a language %s", clipText(name, 40), clipText(text, 40), fix)
	}
	return fix
}

// schemaKey tells the schemas of a ruleset apart.
type schemaKey struct {
	kind scopeKind
	lets int
}

// schema gives the names that a condition in another language can read, made
// once for all conditions that stand in one place.
func (l *lowering) schema() Schema {
	key := schemaKey{l.s.kind, l.s.lets}
	out, ok := l.c.schemas[key]
	if !ok {
		out = l.newSchema()
		if l.c.schemas == nil {
			l.c.schemas = map[schemaKey]Schema{}
		}
		l.c.schemas[key] = out
	}
	out.Fields, out.Params = slices.Clip(out.Fields), slices.Clip(out.Params)
	return out
}

func (l *lowering) newSchema() Schema {
	c := l.c
	out := Schema{Scope: AccountScope}
	fields := c.fields
	switch l.s.kind {
	case contactScope:
		out.Scope, fields = ContactScope, c.contactFields
	case tierScope:
		out.Scope = TierScope
	}
	seen := map[string]bool{}
	add := func(f Field) {
		if f.Type != "" && !seen[f.Name] && c.lookup(l.s, f.Name).kind != noSymbol {
			seen[f.Name] = true
			out.Fields = append(out.Fields, f)
		}
	}
	if l.s.kind == tierScope {
		add(Field{Name: "score", Type: NumberType})
		for i := range c.rs.Dimensions {
			add(Field{Name: c.rs.Dimensions[i].Name, Type: NumberType})
		}
		if len(c.grades) > 0 {
			add(Field{Name: "grade", Type: TextType})
		}
	}
	if l.s.kind != contactScope && c.rollup != nil {
		for _, name := range rollupNames {
			add(Field{Name: name, Type: NumberType})
		}
	}
	for _, f := range fields {
		if !f.failed {
			t := f.typed()
			t.Pos = Pos{}
			add(t)
		}
	}
	if l.s.kind != contactScope {
		for _, let := range c.lets[:min(l.s.lets, len(c.lets))] {
			if let.node != nil {
				add(Field{Name: let.name, Type: typeOf(let.node.Type), IgnoringCase: let.fold})
			}
		}
	}
	for _, p := range c.params {
		if valueType(p.value) != cond.NoType && !seen[p.name] {
			seen[p.name] = true
			out.Params = append(out.Params, Param{Name: p.name, Value: p.value})
		}
	}
	return out
}

// leftOverLanguages reports bound languages that cannot be used.
func (c *checker) leftOverLanguages() {
	for _, name := range slices.Sorted(maps.Keys(c.b.Languages)) {
		l, path := c.b.Languages[name], "language "+name
		switch own := builtinLanguage(name); {
		case l == nil:
			c.wrong(Pos{}, path, CodeStructure, "pass a language", "the language `%s` is nil", clipText(name, 40))
		case own != nil && reflect.TypeOf(l) != reflect.TypeOf(own):
			c.wrong(Pos{}, path, CodeDuplicate, "give it another name", "the language `%s` would hide the one of that name that is always there", name)
		default:
			c.checkLanguage(name, Pos{}, path)
		}
	}
}

// judge is a program as the intermediate form asks it.
type judge struct {
	program Program
	names   []string // of the node's Args
	types   map[string]cond.Type
}

func (j *judge) index(name string) int { return slices.Index(j.names, name) }

func (j *judge) Truth(args []cond.Slot, at int64) cond.Tri {
	switch j.program.Eval(&slotValues{j, args, at}) {
	case True:
		return cond.True
	case False:
		return cond.False
	}
	return cond.Unknown
}

func (j *judge) Parts(args []cond.Slot, at int64) []cond.Part {
	var parts []cond.Part
	for _, p := range j.program.Trace(&slotValues{j, args, at}) {
		part := cond.Part{Text: strings.Join(strings.Fields(p.Text), " ")}
		switch p.Truth {
		case True:
			part.Truth = cond.True
		case False:
			part.Truth = cond.False
		}
		for _, name := range p.Fields {
			if i := j.index(name); i >= 0 {
				part.Args = append(part.Args, i)
			}
		}
		parts = append(parts, part)
	}
	return parts
}

// slotValues are the arguments of a judge as a program sees them.
type slotValues struct {
	j    *judge
	args []cond.Slot
	at   int64
}

func (v *slotValues) At() time.Time { return time.UnixMicro(v.at).UTC() }

func (v *slotValues) Value(field string) (Value, bool) {
	i := v.j.index(field)
	if i < 0 || i >= len(v.args) || v.args[i].State.Missing() {
		return Value{}, false
	}
	s := &v.args[i]
	switch v.j.types[field] {
	case cond.Number:
		return Value{Kind: NumberValue, Number: s.Num}, true
	case cond.Text:
		return Value{Kind: TextValue, Text: s.Text}, true
	case cond.Bool:
		return Value{Kind: BoolValue, Bool: s.Flag}, true
	case cond.List:
		return Value{Kind: ListValue, List: s.List}, true
	case cond.Time:
		return Value{Kind: DateValue, Date: Date{Time: time.UnixMicro(s.Time).UTC()}}, true
	}
	return Value{}, false
}
