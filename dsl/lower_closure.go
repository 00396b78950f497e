package dsl

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
)

// List functions run on expr's virtual machine. What is inside them is
// written as expr-lang source, fully parenthesised, in which every part that
// does not read the element # is lowered by itself and becomes an input _0,
// _1, …: so missing data and the language's words keep their meaning.

// maxEmitted bounds the generated source: a test of an interval writes its
// operand twice.
const maxEmitted = 32 << 10

// vmType is the type of a part of a program.
type vmType struct {
	typ   cond.Type
	elem  cond.Type  // of a list's elements
	fold  bool       // a text, or a list of texts, that ignores case
	field *fieldInfo // that the texts come from, if it is one
}

// program collects the source and the inputs of one virtual machine program.
type program struct {
	l      *lowering
	inputs []*cond.Node
	elems  []vmType // of the closures around
	words  []string // that its patterns are written for
}

// part is a piece of a program's source; an empty src is one that is wrong.
type part struct {
	src string
	vmType
}

// listCall lowers a call that a list function takes part in.
func (l *lowering) listCall(n *Call) *cond.Node {
	p := &program{l: l}
	out := p.call(n)
	if out.src == "" {
		return nil
	}
	if out.typ == cond.List && out.elem != cond.Text {
		return l.fault(n.At, CodeType, "take its `sum`, `min`, `max` or `len`", "`%s` gives a list of %ss, and lists are of text", short(n), out.elem)
	}
	return l.run(out, p.inputs, p.words, n)
}

// join puts two texts together.
func (l *lowering) join(n *Binary, x, y *cond.Node) *cond.Node {
	if x.Op == cond.Const && y.Op == cond.Const {
		return textNode(x.Text + y.Text)
	}
	fold := l.folds[x] || l.folds[y]
	return l.run(part{"(_0 + _1)", vmType{typ: cond.Text, fold: fold}}, []*cond.Node{x, y}, nil, n)
}

func (l *lowering) run(out part, inputs []*cond.Node, words []string, n Node) *cond.Node {
	prog, err := cond.NewProgram(out.src, out.typ, inputs)
	if err != nil {
		message, _, _ := strings.Cut(err.Error(), "\n")
		return l.fault(n.Pos(), CodeNotAllowed, "write it with `in`, `has any`, `contains` or simpler list functions", "expr-lang refuses `%s`: %s", short(n), message)
	}
	return l.folding(&cond.Node{Op: cond.VM, Type: out.typ, Args: inputs, VM: prog, List: words, Src: printNode(n)}, out.fold)
}

// readsElement tells whether a node reads the element of the closure that it
// stands in.
func readsElement(n Node) bool {
	found := false
	Inspect(n, func(n Node) bool {
		switch n := n.(type) {
		case *Element:
			found = true
		case *Closure:
			return false // its # is its own
		case *Call:
			if listFunctions[n.Func] && len(n.Args) == 2 {
				found = found || readsElement(n.Args[0])
				return false
			}
		case *List:
			for i := range n.Items {
				found = found || strings.HasPrefix(n.Items[i].Raw, "#") && n.Items[i].X == nil
			}
		}
		return !found
	})
	return found
}

// input makes what was lowered by itself an input of the program.
func (p *program) input(n *cond.Node) string {
	p.inputs = append(p.inputs, n)
	return "_" + strconv.Itoa(len(p.inputs)-1)
}

// number writes a constant so that expr takes it for a fraction: its whole
// numbers would compute otherwise.
func (p *program) number(f float64) string {
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

func (p *program) fault(pos Pos, code Code, fix, format string, args ...any) part {
	p.l.fault(pos, code, fix, format, args...)
	return part{}
}

func (p *program) made(typ cond.Type, format string, args ...any) part {
	out := part{fmt.Sprintf(format, args...), vmType{typ: typ}}
	if len(out.src) > maxEmitted {
		return p.fault(Pos{}, CodeLimit, "split the condition", "the condition grows too large")
	}
	return out
}

// part writes any node.
func (p *program) part(n Node) part {
	switch n := n.(type) {
	case *Element:
		if len(p.elems) == 0 {
			return p.fault(n.At, CodeNotAllowed, "write it in `any(list, # == \"x\")` and the like", "`#` stands only inside a list function")
		}
		return part{"#", p.elems[len(p.elems)-1]}
	case *Number:
		return p.made(cond.Number, "%s", p.number(n.Value))
	}
	if !readsElement(n) {
		return p.outside(n)
	}
	switch n := n.(type) {
	case *Unary:
		return p.unary(n)
	case *Binary:
		return p.binary(n)
	case *Chain:
		return p.chain(n)
	case *Ternary:
		return p.ternary(n)
	case *Call:
		return p.call(n)
	}
	return p.fault(n.Pos(), CodeNotAllowed, "an element is always known; test it with =, in, contains, starts with, matches", "`%s` cannot be asked of `#`", short(n))
}

// outside lowers a part that does not read the element.
func (p *program) outside(n Node) part {
	if call, ok := n.(*Call); ok && (call.Func == "map" || call.Func == "filter") {
		return p.call(call)
	}
	x := p.l.value(n)
	if x == nil {
		return part{}
	}
	t := vmType{typ: x.Type, fold: p.l.folds[x], field: p.l.c.fieldOf(p.l.s, n)}
	if x.Type == cond.List {
		t.elem = cond.Text
	}
	return part{p.input(x), t}
}

// typedPart writes a node that must be of one type.
func (p *program) typedPart(n Node, want cond.Type, what string) part {
	x := p.part(n)
	if x.src != "" && x.typ != want {
		return p.fault(n.Pos(), CodeType, "elements of a list are texts; `len(#)` is a number", "`%s` is %s, and %s wants %s", short(n), aType(x.typ), what, aType(want))
	}
	return x
}

func (p *program) unary(n *Unary) part {
	if n.Op == OpNot {
		if x := p.typedPart(n.X, cond.Bool, "`not`"); x.src != "" {
			return p.made(cond.Bool, "(not %s)", x.src)
		}
		return part{}
	}
	if x := p.typedPart(n.X, cond.Number, "`"+string(n.Op)+"`"); x.src != "" {
		return p.made(cond.Number, "(%s%s)", n.Op, x.src)
	}
	return part{}
}

func (p *program) ternary(n *Ternary) part {
	test, x, y := p.typedPart(n.If, cond.Bool, "`?`"), p.part(n.Then), p.part(n.Else)
	if test.src == "" || x.src == "" || y.src == "" {
		return part{}
	}
	if x.typ != y.typ {
		return p.fault(n.At, CodeType, "give both branches one type", "`%s` is %s, but `%s` is %s", short(n.Then), aType(x.typ), short(n.Else), aType(y.typ))
	}
	out := p.made(x.typ, "(%s ? %s : %s)", test.src, x.src, y.src)
	out.elem, out.fold = x.elem, x.fold || y.fold
	return out
}

func (p *program) binary(n *Binary) part {
	out := p.positive(n)
	if out.src != "" && n.Not {
		return p.made(cond.Bool, "(not %s)", out.src)
	}
	return out
}

func (p *program) positive(n *Binary) part {
	switch n.Op {
	case OpAnd, OpOr:
		x, y := p.typedPart(n.X, cond.Bool, "`"+string(n.Op)+"`"), p.typedPart(n.Y, cond.Bool, "`"+string(n.Op)+"`")
		if x.src == "" || y.src == "" {
			return part{}
		}
		return p.made(cond.Bool, "(%s %s %s)", x.src, n.Op, y.src)
	case OpEq, OpNe, OpLt, OpLe, OpGt, OpGe, OpContains, OpStarts, OpEnds, OpHasWord, OpMatches:
		return p.compare(n, p.part(n.X))
	case OpIn:
		return p.member(n)
	case OpAdd, OpSub, OpMul, OpDiv, OpMod:
		return p.arithmetic(n)
	}
	return p.fault(n.At, CodeNotAllowed, "test `#` with =, in, contains, starts with, ends with, has word or matches", "`%s` cannot be asked of `#`", n.Op)
}

func (p *program) arithmetic(n *Binary) part {
	x, y := p.part(n.X), p.part(n.Y)
	if x.src == "" || y.src == "" {
		return part{}
	}
	if n.Op == OpAdd && x.typ == cond.Text && y.typ == cond.Text {
		out := p.made(cond.Text, "(%s + %s)", x.src, y.src)
		out.fold = x.fold || y.fold
		return out
	}
	if x.typ != cond.Number || y.typ != cond.Number {
		return p.fault(n.At, CodeType, "elements of a list are texts; `len(#)` is a number", "`%s` wants numbers; `%s` is %s and `%s` is %s", n.Op, short(n.X), aType(x.typ), short(n.Y), aType(y.typ))
	}
	switch n.Op {
	case OpDiv:
		return p.made(cond.Number, "_div(%s, %s)", x.src, y.src)
	case OpMod:
		return p.made(cond.Number, "_mod(%s, %s)", x.src, y.src)
	}
	return p.made(cond.Number, "(%s %s %s)", x.src, n.Op, y.src)
}

// word gives the text of what stands on the right of a test of x, where it is
// constant.
func (p *program) word(x part, xn, yn Node) (string, bool) {
	switch y := yn.(type) {
	case *Text:
		return y.Value, true
	case *Name:
		if p.l.c.bareword(p.l.s, xn, y) && x.typ == cond.Text && p.l.c.isTextWord(x.field, y.Ident) {
			return y.Ident, true
		}
		if sym := p.l.c.lookup(p.l.s, y.Ident); sym.kind == paramSymbol && sym.param.value.Kind == TextValue {
			return sym.param.value.Text, true
		}
	}
	return "", false
}

// compare writes a comparison or a test of texts.
func (p *program) compare(n *Binary, x part) part {
	word, constant := p.word(x, n.X, n.Y)
	var y part
	switch name, isName := n.Y.(*Name); {
	case constant:
		y = part{src: "-", vmType: vmType{typ: cond.Text}} // becomes an input where it is needed
	case isName && p.l.c.bareword(p.l.s, n.X, name):
		if x.src == "" {
			return part{}
		}
		v := p.l.wanted(name, x.field)
		switch {
		case v == nil:
			return part{}
		case v.Type == cond.Text:
			word, constant = v.Text, true
			y = part{src: "-", vmType: vmType{typ: cond.Text}}
		default:
			y = part{p.input(v), vmType{typ: v.Type}}
		}
	default:
		y = p.part(n.Y)
	}
	if x.src == "" || y.src == "" {
		return part{}
	}
	comparison, order := isComparison(n.Op), isComparison(n.Op) && n.Op != OpEq && n.Op != OpNe
	if x.typ != y.typ || x.typ == cond.List || order && x.typ != cond.Number && x.typ != cond.Time || !comparison && x.typ != cond.Text {
		return p.fault(n.At, CodeType, "elements of a list are texts; `len(#)` is a number", "`%s` cannot be used between %s and %s", n.Op, aType(x.typ), aType(y.typ))
	}
	if constant {
		if _, isElement := n.X.(*Element); isElement && x.field != nil && (n.Op == OpEq || n.Op == OpNe) && len(x.field.OneOf) > 0 && !x.field.allows(word) {
			return p.fault(n.Y.Pos(), CodeValue, p.l.c.oneOfFix(x.field, word), "an item of `%s` is never `%s`", x.field.Name, clipText(word, 40))
		}
		if n.Op == OpMatches || n.Op == OpHasWord || x.fold {
			return p.pattern(n, x, word)
		}
		y.src = p.input(textNode(word))
	}
	if n.Op == OpMatches || n.Op == OpHasWord || x.typ == cond.Text && (x.fold || y.fold) {
		return p.fault(n.At, CodeNotAllowed, "compare `#` with a quoted text", "`%s` inside a list function wants a constant text on its right here", n.Op)
	}
	op := map[Op]string{OpStarts: "startsWith", OpEnds: "endsWith"}[n.Op]
	if op == "" {
		op = string(n.Op)
	}
	return p.made(cond.Bool, "(%s %s %s)", x.src, op, y.src)
}

// pattern writes a test that expr has no word for as a regular expression.
func (p *program) pattern(n *Binary, x part, word string) part {
	const edge = `[^\p{L}\p{Nd}\p{M}_]`
	quoted := regexp.QuoteMeta(word)
	re := map[Op]string{
		OpEq: `^` + quoted + `$`, OpNe: `^` + quoted + `$`, OpContains: quoted, OpStarts: `^` + quoted, OpEnds: quoted + `$`,
		OpHasWord: `(?:^|` + edge + `)` + quoted + `(?:$|` + edge + `)`,
	}[n.Op]
	flags := "(?s)"
	if n.Op == OpMatches {
		re, flags = word, ""
	} else {
		p.words = append(p.words, word)
	}
	if n.Op == OpHasWord && word == "" {
		return p.made(cond.Bool, "(%s != %s)", x.src, x.src) // as outside list functions: no text has the empty word
	}
	if x.fold {
		flags += "(?i)"
	}
	not := ""
	if n.Op == OpNe {
		not = "not "
	}
	return p.matches(n.Y.Pos(), not, x, flags+re)
}

// matches writes a test of a pattern, which the program will compile.
func (p *program) matches(pos Pos, not string, x part, pattern string) part {
	if ok, err := p.l.c.take(pattern); err != nil {
		return p.fault(pos, err.Code, err.Fix, "%s", err.Message)
	} else if !ok {
		return part{}
	}
	return p.made(cond.Bool, "(%s(%s matches %s))", not, x.src, strconv.QuoteToASCII(pattern))
}

func (p *program) chain(n *Chain) part {
	srcs := make([]string, len(n.Ops))
	for i, op := range n.Ops {
		x := p.compare(&Binary{At: n.At, Op: op, X: n.X[i], Y: n.X[i+1]}, p.part(n.X[i]))
		if x.src == "" {
			return part{}
		}
		srcs[i] = x.src
	}
	return p.made(cond.Bool, "(%s)", strings.Join(srcs, " and "))
}

func (p *program) member(n *Binary) part {
	x := p.part(n.X)
	if x.src == "" {
		return part{}
	}
	if in, ok := n.Y.(*Interval); ok {
		lo, hi := p.typedPart(in.Lo, cond.Number, "the interval"), p.typedPart(in.Hi, cond.Number, "the interval")
		if lo.src == "" || hi.src == "" {
			return part{}
		}
		if x.typ != cond.Number {
			return p.fault(n.At, CodeType, "`len(#)` is a number", "`%s` is %s; an interval wants a number", short(n.X), aType(x.typ))
		}
		return p.made(cond.Bool, "(%s >= %s and %s <= %s)", x.src, lo.src, x.src, hi.src)
	}
	if list, ok := n.Y.(*List); ok && x.typ == cond.Text && x.fold {
		return p.foldedMember(n, x, list)
	}
	var y part
	if list, ok := n.Y.(*List); ok {
		y = p.list(list, x.typ)
	} else {
		y = p.part(n.Y)
	}
	if y.src == "" {
		return part{}
	}
	if y.typ != cond.List || y.elem != x.typ {
		return p.fault(n.At, CodeType, "write a list in [ ]", "`in` looks for %s, and `%s` is no list of that", aType(x.typ), short(n.Y))
	}
	if x.fold || y.fold {
		return p.fault(n.At, CodeNotAllowed, "write the values in [ ]", "`in` inside a list function does not ignore case here")
	}
	return p.made(cond.Bool, "(%s in %s)", x.src, y.src)
}

// foldedMember tests an element that ignores case against each text.
func (p *program) foldedMember(n *Binary, x part, list *List) part {
	var alternatives []string
	for i := range list.Items {
		it, ok := p.l.listItem(&list.Items[i], cond.Text)
		if !ok {
			return part{}
		}
		if it.node.Op != cond.Const {
			return p.fault(list.Items[i].At, CodeNotAllowed, "write texts", "a list inside a list function wants constant texts")
		}
		p.words = append(p.words, it.node.Text)
		alternatives = append(alternatives, regexp.QuoteMeta(it.node.Text))
	}
	if len(alternatives) == 0 {
		return p.made(cond.Bool, "(%s != %s)", x.src, x.src)
	}
	return p.matches(list.At, "", x, `(?s)(?i)^(?:`+strings.Join(alternatives, "|")+`)$`)
}

// list writes a list in [ ], of texts as they stand or of numbers.
func (p *program) list(list *List, t cond.Type) part {
	if t == cond.NoType {
		t, _ = itemType(list)
	}
	if t != cond.Number && t != cond.Text {
		return p.fault(list.At, CodeType, "use a list of texts or of numbers", "a list function wants texts or numbers")
	}
	var srcs []string
	for i := range list.Items {
		if x := list.Items[i].X; x != nil && readsElement(x) {
			item := p.typedPart(x, t, "the list")
			if item.src == "" {
				return part{}
			}
			srcs = append(srcs, item.src)
			continue
		}
		it, ok := p.l.listItem(&list.Items[i], t)
		if !ok {
			return part{}
		}
		srcs = append(srcs, p.input(it.node))
	}
	out := p.made(cond.List, "[%s]", strings.Join(srcs, ", "))
	out.elem = t
	return out
}

// listArg writes the list that a list function goes over.
func (p *program) listArg(n Node, fn string) part {
	var x part
	if list, ok := n.(*List); ok {
		x = p.list(list, cond.NoType)
	} else {
		x = p.part(n)
	}
	if x.src != "" && x.typ != cond.List {
		return p.fault(n.Pos(), CodeType, "give it a list", "`%s` goes over a list, and `%s` is %s", fn, short(n), aType(x.typ))
	}
	return x
}

func (p *program) call(n *Call) part {
	switch {
	case listFunctions[n.Func]:
		return p.listFunction(n)
	case n.Func == "len":
		if !p.l.arity(n, 1) {
			return part{}
		}
		var x part
		if list, ok := n.Args[0].(*List); ok {
			x = p.list(list, cond.NoType)
		} else {
			x = p.part(n.Args[0])
		}
		if x.src != "" && x.typ != cond.List && x.typ != cond.Text {
			return p.fault(n.Args[0].Pos(), CodeType, "give it a list or a text", "`len` wants a list or a text, and `%s` is %s", short(n.Args[0]), aType(x.typ))
		}
		if x.src == "" {
			return part{}
		}
		return p.made(cond.Number, "(len(%s) + 0.0)", x.src)
	case n.Func == "min" || n.Func == "max" || numberFunctions[n.Func] != 0:
		return p.numberFunction(n)
	}
	return p.fault(n.At, CodeNotAllowed, "call it outside the list function", "`%s` cannot be called with `#`", n.Func)
}

func (p *program) numberFunction(n *Call) part {
	if numberFunctions[n.Func] != 0 && !p.l.arity(n, 1) {
		return part{}
	}
	var srcs []string
	for _, arg := range n.Args {
		var x part
		if list, ok := arg.(*List); ok {
			x = p.list(list, cond.Number)
		} else {
			x = p.part(arg)
		}
		if x.src == "" {
			return part{}
		}
		isList := x.typ == cond.List && x.elem == cond.Number && numberFunctions[n.Func] == 0
		if x.typ != cond.Number && !isList {
			return p.fault(arg.Pos(), CodeType, "`len(#)` is a number", "`%s` wants numbers, and `%s` is %s", n.Func, short(arg), aType(x.typ))
		}
		srcs = append(srcs, x.src)
	}
	if len(srcs) == 0 {
		return p.fault(n.At, CodeFunction, "give it numbers", "`%s` wants at least one number", n.Func)
	}
	return p.made(cond.Number, "%s(%s)", n.Func, strings.Join(srcs, ", "))
}

// listFunction writes all, none, any, one, filter, map, count and sum.
func (p *program) listFunction(n *Call) part {
	if len(n.Args) != 2 && (n.Func != "sum" || len(n.Args) != 1) {
		return p.fault(n.At, CodeFunction, fmt.Sprintf("write `%s(list, # == \"x\")`; for activities `%s(activity, 60d)`", n.Func, n.Func), "`%s` wants a list and a condition on `#`", n.Func)
	}
	list := p.listArg(n.Args[0], n.Func)
	if list.src == "" {
		return part{}
	}
	if len(n.Args) == 1 {
		if list.elem != cond.Number {
			return p.fault(n.At, CodeType, "sum a number of each: `sum(list, len(#))`", "`sum` wants numbers, and the list is of %ss", list.elem)
		}
		return p.made(cond.Number, "(sum(%s) + 0.0)", list.src)
	}
	body := n.Args[1]
	if closure, ok := body.(*Closure); ok {
		body = closure.Body
	}
	p.elems = append(p.elems, vmType{typ: list.elem, fold: list.fold, field: list.field})
	var x part
	switch n.Func {
	case "map":
		x = p.part(body)
	case "sum":
		x = p.typedPart(body, cond.Number, "`sum`")
	default:
		x = p.typedPart(body, cond.Bool, "`"+n.Func+"`")
	}
	p.elems = p.elems[:len(p.elems)-1]
	if x.src == "" {
		return part{}
	}
	switch n.Func {
	case "filter":
		out := p.made(cond.List, "filter(%s, %s)", list.src, x.src)
		out.elem, out.fold, out.field = list.elem, list.fold, list.field
		return out
	case "map":
		if x.typ == cond.List {
			return p.fault(n.At, CodeType, "map to a text or a number", "`map` cannot make a list of lists")
		}
		out := p.made(cond.List, "map(%s, %s)", list.src, x.src)
		out.elem, out.fold = x.typ, x.fold
		return out
	case "count", "sum":
		return p.made(cond.Number, "(%s(%s, %s) + 0.0)", n.Func, list.src, x.src)
	}
	return p.made(cond.Bool, "%s(%s, %s)", n.Func, list.src, x.src)
}
