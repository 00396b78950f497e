package dsl

import (
	"fmt"

	"github.com/accountscore/accountscore/internal/cond"
)

// member lowers x in [..], x in lo-hi and x in name.
func (l *lowering) member(n *Binary) *cond.Node {
	x := l.hinted(n.X, besideType(n))
	switch y := n.Y.(type) {
	case *Interval:
		return l.interval(n, x, y)
	case *List:
		return l.oneOf(n, x, y)
	}
	list := l.right(n.X, n.Y, x)
	if x == nil || list == nil {
		return nil
	}
	switch {
	case list.Type == cond.Text && list.Op == cond.Const && x.Type == cond.Text && l.isParam(n.Y):
		op := "="
		if n.Not {
			op = "!="
		}
		fix := fmt.Sprintf("write `%s %s %s`, or give `%s` a list", short(n.X), op, short(n.Y), short(n.Y))
		return l.fault(n.Y.Pos(), CodeType, fix, "`in` wants a list, and `%s` is text", short(n.Y))
	case list.Type != cond.List && list.Op == cond.Const:
		return l.fault(n.Y.Pos(), CodeType, fmt.Sprintf("compare with `=`, or write a list: [%s]", short(n.Y)), "`in` wants a list, and `%s` is %s", short(n.Y), aType(list.Type))
	case list.Type != cond.List:
		return l.fault(n.Y.Pos(), CodeType, "write a list in [ ], or compare with `=`", "`in` wants a list, and `%s` is %s", short(n.Y), aType(list.Type))
	case x.Type == cond.List:
		return l.fault(n.At, CodeType, fmt.Sprintf("write `%s has any %s`", short(n.X), short(n.Y)), "`%s` is a list; `in` looks for one value", short(n.X))
	case list.Op == cond.Const && (x.Type == cond.Number || x.Type == cond.Time):
		items := l.paramItems(n, list.List, x.Type)
		if items == nil {
			return nil
		}
		return l.oneOf(n, x, items)
	case x.Type != cond.Text:
		return l.fault(n.At, CodeType, "write the values in [ ]", "`%s` is %s, and `%s` is a list of texts", short(n.X), aType(x.Type), short(n.Y))
	}
	if list.Op == cond.Const {
		for _, item := range list.List {
			if !l.possibleText(n.X, x, item, n.Y.Pos()) {
				return nil
			}
		}
		return l.inSet(n, x, list.List)
	}
	if x.Op == cond.Const && !l.possibleText(n.Y, list, x.Text, n.X.Pos()) {
		return nil
	}
	return l.made(&cond.Node{Op: cond.HasItem, Type: cond.Bool, Args: []*cond.Node{list, x}}, n)
}

// isParam tells whether a node is the name of a param that has a value.
func (l *lowering) isParam(n Node) bool {
	name, ok := n.(*Name)
	if !ok {
		return false
	}
	_, bound := l.c.b.Params[name.Ident]
	return bound || l.c.lookup(l.s, name.Ident).kind == paramSymbol
}

func (l *lowering) inSet(n Node, x *cond.Node, texts []string) *cond.Node {
	return l.made(&cond.Node{Op: cond.OneOf, Type: cond.Bool, Args: []*cond.Node{x}, Set: cond.NewSet(nil, texts, l.folds[x])}, n)
}

// oneOf lowers x in [..]. Constant numbers and texts are a set; anything else
// is an equality for each item.
func (l *lowering) oneOf(n *Binary, x *cond.Node, list *List) *cond.Node {
	if x == nil {
		return nil
	}
	if x.Type == cond.List {
		return l.fault(n.At, CodeType, fmt.Sprintf("write `%s has any %s`", short(n.X), short(list)), "`%s` is a list; `in` looks for one value", short(n.X))
	}
	if x.Type == cond.Number && (!l.noIntervals(n, list) || !l.wholeNumbers(list.Items)) {
		return nil
	}
	items, ok := l.listItems(n.X, x, list, x.Type)
	if !ok {
		return nil
	}
	plain := x.Type == cond.Number || x.Type == cond.Text
	var nums []float64
	var texts []string
	for _, item := range items {
		plain = plain && item.node.Op == cond.Const && !l.folds[item.node]
		nums = append(nums, item.node.Num)
		texts = append(texts, item.node.Text)
	}
	switch {
	case plain && x.Type == cond.Text:
		return l.inSet(n, x, texts)
	case plain:
		return l.made(&cond.Node{Op: cond.OneOf, Type: cond.Bool, Args: []*cond.Node{x}, Set: cond.NewSet(nums, nil, false)}, n)
	}
	any := &cond.Node{Op: cond.Or, Type: cond.Bool, Src: printNode(n)}
	for _, item := range items {
		var eq *cond.Node
		if item.day.Whole {
			eq = l.compareDay(cond.Eq, x, item.day, n)
		} else {
			eq = l.made(&cond.Node{Op: cond.Eq, Type: cond.Bool, Args: []*cond.Node{x, item.node}}, n)
		}
		any.Args = append(any.Args, eq)
	}
	return any
}

// item is one lowered item of a list.
type item struct {
	node *cond.Node
	day  Date // where it is a whole day
}

// listItems reads the items of a list by the type of what is compared with
// it: as texts as they stand, or as numbers, dates or truths.
func (l *lowering) listItems(xn Node, x *cond.Node, list *List, t cond.Type) ([]item, bool) {
	if t == cond.List {
		t = cond.Text
	}
	items := make([]item, 0, len(list.Items))
	ok := true
	for i := range list.Items {
		it, good := l.listItem(&list.Items[i], t)
		if good && t == cond.Text && it.node.Op == cond.Const {
			good = l.possibleText(xn, x, it.node.Text, list.Items[i].At)
		}
		ok = ok && good
		items = append(items, it)
	}
	return items, ok
}

func (l *lowering) listItem(li *ListItem, t cond.Type) (item, bool) {
	if t == cond.Text && li.X == nil {
		value := li.Raw
		if li.Quoted {
			value = li.Text
		} else if sym := l.c.lookup(l.s, li.Raw); sym.kind == fieldSymbol || sym.kind == paramSymbol || sym.kind == letSymbol {
			l.fault(li.At, CodeName, fmt.Sprintf("if it is text write %q in quotes; for the name write `in %s`, or compare with `=`", li.Raw, li.Raw),
				"`%s` in a list is text, but it is also declared", li.Raw)
			return item{}, false
		}
		return item{node: textNode(value)}, true
	}
	if li.Quoted && li.X == nil {
		l.fault(li.At, CodeType, "write the value without quotes", "the list wants %ss, not the text %q", t, clipText(li.Text, 40))
		return item{}, false
	}
	n := li.X
	if n == nil {
		n = literalItem(li)
	}
	if n == nil {
		sym := l.c.lookup(l.s, li.Raw)
		fix := fmt.Sprintf("write a %s", t)
		if sym.kind != noSymbol {
			fix = fmt.Sprintf("write `(%s)` for the name, or compare with `=`", li.Raw)
		}
		l.fault(li.At, CodeType, fix, "the list wants %ss, and `%s` is none", t, clipText(li.Raw, 40))
		return item{}, false
	}
	node := l.value(n)
	if node == nil {
		return item{}, false
	}
	if node.Type != t {
		fix := fmt.Sprintf("write a %s", t)
		if t == cond.Text {
			fix = fmt.Sprintf("if it is one text write %q in quotes", li.Raw)
		}
		l.fault(li.At, CodeType, fix, "the list wants %ss, and `%s` is %s", t, clipText(li.Raw, 40), aType(node.Type))
		return item{}, false
	}
	return item{node, l.days[node]}, true
}

// itemType guesses what a list is of from its items alone. It is sure of
// texts; numbers and dates could be texts that look like them.
func itemType(list *List) (t cond.Type, sure bool) {
	for i := range list.Items {
		li := &list.Items[i]
		var one cond.Type
		switch {
		case li.Quoted && li.X == nil:
			return cond.Text, true
		case li.X != nil:
			continue
		case intervalItem(li, "") != "":
			one = cond.Number // an interval that a list does not take, rather than a text
		default:
			one = literalType(literalItem(li))
		}
		if one == cond.Text || t != cond.NoType && t != one {
			return cond.Text, true
		}
		t = one
	}
	return t, false
}

// literalItem reads an item as a number, a date or a truth; nil where it is
// none. An interval such as 1-10 is none, and neither is a length of time.
func literalItem(li *ListItem) Node {
	n := itemLiteral(*li)
	if _, span := n.(*DurationLit); span {
		return nil
	}
	return n
}

// literalType is the type of a literal; a word that is none is text.
func literalType(n Node) cond.Type {
	switch n := n.(type) {
	case *Number:
		return cond.Number
	case *Unary:
		if n.Op != OpNot {
			return cond.Number
		}
		return cond.Bool
	case *Bool:
		return cond.Bool
	case *DateLit:
		return cond.Time
	}
	return cond.Text
}

// textTest lowers contains, starts with, ends with and has word.
func (l *lowering) textTest(n *Binary) *cond.Node {
	if not, ok := n.X.(*Unary); ok && not.Op == OpNot {
		return l.fault(not.At, CodeType, fmt.Sprintf("write `not %s %s …`: the word takes the whole test", short(not.X), n.Op), "`!` takes `%s` alone", short(not.X))
	}
	if list, ok := n.Y.(*List); ok && n.Op == OpHasWord {
		return l.anyWord(n, list)
	}
	if list, ok := n.Y.(*List); ok && len(list.Items) > 0 {
		return l.fault(n.Y.Pos(), CodeType, "write "+l.eachText(n, list), "`%s` takes one text", n.Op)
	}
	x := l.hinted(n.X, cond.Text)
	y := l.right(n.X, n.Y, x)
	if x == nil || y == nil {
		return nil
	}
	if n.Op == OpHasWord && y.Type == cond.List && y.Op == cond.Const {
		return l.words(n, x, y.List)
	}
	if x.Type == cond.List && (n.Op == OpStarts || n.Op == OpEnds) {
		return l.fault(n.At, CodeType, fmt.Sprintf("write `any(%s, # %s %s)`", short(n.X), n.Op, short(n.Y)), "`%s` wants a text, and `%s` is a list", n.Op, short(n.X))
	}
	if x.Type != cond.Text && x.Type != cond.List {
		return l.fault(n.At, CodeType, "declare the field text or list, or compare with `=`, `>` and the like", "`%s` wants a text, and `%s` is %s", n.Op, short(n.X), aType(x.Type))
	}
	if y.Type != cond.Text {
		fix := fmt.Sprintf("put it in quotes: \"%s\"", short(n.Y))
		if y.Type == cond.List {
			fix = fmt.Sprintf("write `%s has any %s`", short(n.X), short(n.Y))
		}
		return l.fault(n.Y.Pos(), CodeType, fix, "`%s` wants a text, and `%s` is %s", n.Op, short(n.Y), aType(y.Type))
	}
	op := map[Op]cond.Op{OpContains: cond.Contains, OpStarts: cond.Starts, OpEnds: cond.Ends, OpHasWord: cond.HasWord}[n.Op]
	if op == cond.Contains && x.Type == cond.List {
		op = cond.HasItem
		if y.Op == cond.Const && !l.possibleText(n.X, x, y.Text, n.Y.Pos()) {
			return nil
		}
	}
	return l.made(&cond.Node{Op: op, Type: cond.Bool, Args: []*cond.Node{x, y}}, n)
}

// anyWord lowers "has word" with a list of words: any of them will do.
func (l *lowering) anyWord(n *Binary, list *List) *cond.Node {
	x := l.value(n.X)
	if x == nil {
		return nil
	}
	if x.Type != cond.Text && x.Type != cond.List {
		return l.fault(n.At, CodeType, "declare the field text or list", "`%s` wants a text, and `%s` is %s", n.Op, short(n.X), aType(x.Type))
	}
	texts := make([]string, len(list.Items))
	for i := range list.Items {
		it := &list.Items[i]
		if it.X != nil {
			return l.fault(it.At, CodeType, "put it in quotes", "`%s` wants constant texts", n.Op)
		}
		if texts[i] = it.Raw; it.Quoted {
			texts[i] = it.Text
		}
	}
	return l.words(n, x, texts)
}

// maxWords bounds what the tests of "has word [..]" say, all of one list: each
// repeats the text that it looks into.
const maxWords = 256 << 10

// words is true where any of the words stands in x.
func (l *lowering) words(n *Binary, x *cond.Node, texts []string) *cond.Node {
	if len(printNode(n.X))*len(texts) > maxWords {
		return l.fault(n.Y.Pos(), CodeLimit, "use fewer words, or name the text before `has word` with let", "the list is too long for so long a text")
	}
	or := &cond.Node{Op: cond.Or, Type: cond.Bool}
	for _, t := range texts {
		or.Args = append(or.Args, l.made(&cond.Node{Op: cond.HasWord, Type: cond.Bool, Args: []*cond.Node{x, textNode(t)}},
			&Binary{At: n.At, Op: OpHasWord, X: n.X, Y: &Text{At: n.Y.Pos(), Value: t}}))
	}
	switch len(or.Args) {
	case 0:
		return l.fault(n.Y.Pos(), CodeValue, "write the words in the list", "the list is empty")
	case 1:
		return or.Args[0]
	}
	return l.made(or, n)
}

func (l *lowering) matches(n *Binary) *cond.Node {
	x := l.typed(n.X, cond.Text, "`matches`")
	y, ok := n.Y.(*Text)
	if !ok {
		return l.fault(n.Y.Pos(), CodeNotAllowed, "write the pattern in quotes", "`matches` wants a pattern that does not change")
	}
	if x == nil {
		return nil
	}
	pattern := y.Value
	if l.folds[x] {
		pattern = "(?i)" + pattern
	}
	re, err := l.c.compile(pattern)
	if err != nil {
		return l.fault(n.Y.Pos(), err.Code, err.Fix, "%s", err.Message)
	}
	if re == nil {
		return nil
	}
	return l.made(&cond.Node{Op: cond.Matches, Type: cond.Bool, Args: []*cond.Node{x}, Re: re, Text: y.Value}, n)
}

// hasItems lowers has any, has all and has none.
func (l *lowering) hasItems(n *Binary) *cond.Node {
	x := l.hinted(n.X, cond.List)
	if x != nil && x.Type != cond.List {
		fix := "declare the field a list"
		if x.Type == cond.Text {
			fix = fmt.Sprintf("write `%s in [..]` for a text, or declare it a list", short(n.X))
		}
		l.fault(n.At, CodeType, fix, "`%s` wants a list, and `%s` is %s", n.Op, short(n.X), aType(x.Type))
		x = nil
	}
	out := &cond.Node{Op: cond.HasAny, Type: cond.Bool}
	if n.Op == OpHasAll {
		out.Op = cond.HasAll
	}
	if list, ok := n.Y.(*List); ok {
		if x == nil {
			return nil
		}
		items, ok := l.listItems(n.X, x, list, cond.Text)
		if !ok {
			return nil
		}
		texts := make([]string, len(items))
		for i, it := range items {
			if it.node.Op != cond.Const {
				return l.fault(list.Items[i].At, CodeType, fmt.Sprintf("write `%s contains …` for what is not constant", short(n.X)), "`%s` wants constant texts", n.Op)
			}
			texts[i] = it.node.Text
		}
		out.Args, out.Set = []*cond.Node{x}, cond.NewSet(nil, texts, l.folds[x])
	} else {
		y := l.right(n.X, n.Y, x)
		if x == nil || y == nil {
			return nil
		}
		if y.Type != cond.List {
			return l.fault(n.Y.Pos(), CodeType, fmt.Sprintf("write `%s contains %s`, or a list in [ ]", short(n.X), short(n.Y)), "`%s` wants a list, and `%s` is %s", n.Op, short(n.Y), aType(y.Type))
		}
		if y.Op == cond.Const {
			for _, t := range y.List {
				if !l.possibleText(n.X, x, t, n.Y.Pos()) {
					return nil
				}
			}
			out.Args, out.Set = []*cond.Node{x}, cond.NewSet(nil, y.List, l.folds[x])
		} else {
			out.Args = []*cond.Node{x, y}
		}
	}
	l.made(out, n)
	if n.Op != OpHasNone {
		return out
	}
	out.Src = printNode(&Binary{At: n.At, Op: OpHasAny, X: n.X, Y: n.Y})
	return not(out, &Binary{At: n.At, Op: OpHasNone, X: n.X, Y: n.Y})
}
