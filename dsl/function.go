package dsl

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
)

// The functions of the language. List functions have a closure and run on
// expr's virtual machine; log functions ask for activities.
var (
	numberFunctions = map[string]cond.Op{"abs": cond.Abs, "round": cond.Round, "floor": cond.Floor, "ceil": cond.Ceil}
	listFunctions   = map[string]bool{"all": true, "none": true, "any": true, "one": true, "filter": true, "map": true, "count": true, "sum": true}
	logFunctions    = map[string]bool{"count": true, "any": true, "sum": true, "days_since": true}

	// neverFunctions are expr-lang's functions that the language leaves out
	// and no caller may bring back: they read the clock, or can exhaust
	// memory, or look like the list functions but are none.
	neverFunctions = map[string]bool{
		"now": true, "reduce": true, "find": true, "findIndex": true, "findLast": true, "findLastIndex": true,
		"groupBy": true, "sortBy": true, "get": true,
	}

	functionNames = []string{"count", "any", "sum", "days_since", "min", "max", "abs", "round", "floor", "ceil", "len", "filter", "all", "none", "one", "map"}
)

// isBuiltin tells whether the language itself has a function of a name.
func isBuiltin(name string) bool {
	return numberFunctions[name] != 0 || listFunctions[name] || logFunctions[name] || name == "min" || name == "max" || name == "len"
}

func (l *lowering) call(n *Call) *cond.Node {
	if name := logCall(n); name != nil {
		return l.logCall(n, name)
	}
	switch {
	case listFunctions[n.Func]:
		return l.listCall(n)
	case n.Func == "min" || n.Func == "max":
		return l.minMax(n)
	case numberFunctions[n.Func] != 0:
		if !l.arity(n, 1) {
			return nil
		}
		x := l.typed(n.Args[0], cond.Number, "`"+n.Func+"`")
		if x == nil {
			return nil
		}
		return &cond.Node{Op: numberFunctions[n.Func], Type: cond.Number, Args: []*cond.Node{x}, Src: printNode(n)}
	case n.Func == "len":
		return l.length(n)
	case n.Func == "days_since":
		if !l.arity(n, 1) {
			return nil
		}
		return l.daysSince(n, n.Args[0])
	}
	return l.custom(n)
}

func (l *lowering) arity(n *Call, want int) bool {
	if len(n.Args) == want {
		return true
	}
	l.fault(n.At, CodeFunction, "see the language's table of functions", "`%s` takes %d argument%s, not %d", n.Func, want, plural(want), len(n.Args))
	return false
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// logCall lowers count(a), any(a), sum(a) and days_since(a or a time).
func (l *lowering) logCall(n *Call, name *Name) *cond.Node {
	activity, sym := l.c.activityByName[name.Ident], l.c.lookup(l.s, name.Ident)
	if n.Func == "days_since" && len(n.Args) == 1 {
		if activity == nil {
			return l.daysSince(n, name)
		}
		if sym.kind != noSymbol && l.s.kind != activityScope {
			return l.fault(name.At, CodeType, "rename one of them", "`%s` is both an activity and a value; `days_since` could mean either", name.Ident)
		}
	}
	guessed := sym.kind == fieldSymbol && sym.field.inferred && sym.field.typ != cond.List
	if activity == nil && sym.kind != noSymbol && !guessed && n.Func != "days_since" {
		fix := "give it a condition on `#`, as in `" + n.Func + "(" + name.Ident + ", # contains \"x\")`"
		if n.Func == "count" {
			fix = "count a list's items with `len(" + name.Ident + ")`"
		}
		return l.fault(n.At, CodeFunction, fix, "`%s` is no activity", name.Ident)
	}
	log := &Log{At: n.At, Func: n.Func, Activity: *name}
	if len(n.Args) == 2 {
		log.Window = n.Args[1]
	}
	return l.question(log, n)
}

func (l *lowering) log(n *Log) *cond.Node { return l.question(n, n) }

// question lowers a question to the log of activities.
func (l *lowering) question(n *Log, src Node) *cond.Node {
	c := l.c
	if l.s.kind == activityScope {
		return l.fault(n.At, CodeNotAllowed, "join two questions with `and` instead", "a filter cannot ask for other activities")
	}
	log := &cond.Log{ByAccount: n.ByAccount, Window: -1}
	wrong := false
	if n.ByAccount && l.s.kind == contactScope {
		l.fault(n.At, CodeStructure, "ask for it in a rule outside the contacts block", "inside the contacts block activities are the contact's; `by account` cannot stand there")
		wrong = true
	}
	if n.Window != nil {
		if d, ok := n.Window.(*DurationLit); ok {
			log.Window = d.Value.Microseconds()
		} else {
			l.fault(n.Window.Pos(), CodeType, fmt.Sprintf("write a length of time, as in `%s(%s, 60d)`", n.Func, n.Activity.Ident), "a window is a length of time, not `%s`", short(n.Window))
			wrong = true
		}
	}
	activity := l.needActivity(n.Activity.Ident, n.Activity.At)
	if activity == nil {
		return nil
	}
	log.Type = activity.index
	if n.Where != nil {
		filter := &lowering{c: c, s: scope{kind: activityScope, activity: activity}, at: l.at}
		if log.Where = filter.typed(n.Where, cond.Bool, "`where`"); log.Where == nil {
			wrong = true
		}
	}
	if wrong {
		return nil
	}
	out := &cond.Node{Type: cond.Number, Log: log, Src: printNode(src)}
	switch n.Func {
	case "count":
		out.Op = cond.Count
	case "any":
		out.Op, out.Type = cond.Any, cond.Bool
	case "sum":
		out.Op = cond.Sum
	case "days_since":
		out.Op = cond.Since
	default:
		return l.fault(n.At, CodeFunction, "use count, any, sum or days_since", "`%s` does not ask for activities", n.Func)
	}
	return out
}

// needActivity gives a declared activity, or reports that there is none.
func (l *lowering) needActivity(name string, pos Pos) *activityInfo {
	a := l.c.activityByName[name]
	if a == nil {
		fix := fmt.Sprintf("declare it: `activity %s`", name)
		if near := l.c.near(name, l.c.activityNames); near != "" {
			fix = fmt.Sprintf("did you mean `%s`? Else %s", near, fix)
		} else if near := l.c.near(name, l.visible); near != "" {
			fix = fmt.Sprintf("did you mean `%s`? Else %s", near, fix)
		}
		l.fault(pos, CodeName, fix, "no activity `%s` is declared", name)
	}
	return a
}

// daysSince is days_since of a time.
func (l *lowering) daysSince(n *Call, arg Node) *cond.Node {
	x := l.typed(arg, cond.Time, "`days_since`")
	if x == nil {
		return nil
	}
	return &cond.Node{Op: cond.Days, Type: cond.Number, Args: []*cond.Node{x}, Src: printNode(n)}
}

// minMax lowers min and max over numbers and lists of numbers in [ ].
func (l *lowering) minMax(n *Call) *cond.Node {
	op := cond.Min
	if n.Func == "max" {
		op = cond.Max
	}
	out := &cond.Node{Op: op, Type: cond.Number, Src: printNode(n)}
	wrong := false
	for _, arg := range n.Args {
		if isListCall(arg) {
			return l.listCall(n)
		}
		if list, ok := arg.(*List); ok {
			wrong = wrong || !l.wholeNumbers(list.Items)
			for i := range list.Items {
				x, ok := l.numberItem(&list.Items[i])
				wrong = wrong || !ok
				out.Args = append(out.Args, x)
			}
			continue
		}
		x := l.typed(arg, cond.Number, "`"+n.Func+"`")
		wrong = wrong || x == nil
		out.Args = append(out.Args, x)
	}
	if wrong {
		return nil
	}
	if len(out.Args) == 0 {
		return l.fault(n.At, CodeFunction, "give it numbers: `"+n.Func+"(a, b)`", "`%s` wants at least one number", n.Func)
	}
	return out
}

// numberItem lowers an item of the list that min or max is given, where a
// word can only be a name.
func (l *lowering) numberItem(li *ListItem) (*cond.Node, bool) {
	if isNameItem(*li) {
		x := l.typed(&Name{At: li.At, Ident: li.Raw}, cond.Number, "the list")
		return x, x != nil
	}
	it, ok := l.listItem(li, cond.Number)
	return it.node, ok
}

// isNameItem tells whether an item of a list of numbers is a name.
func isNameItem(li ListItem) bool {
	return li.X == nil && !li.Quoted && isPlainWord(li.Raw) && itemLiteral(li) == nil
}

// length lowers len of a list or a text.
func (l *lowering) length(n *Call) *cond.Node {
	if !l.arity(n, 1) {
		return nil
	}
	if _, literal := n.Args[0].(*List); literal || isListCall(n.Args[0]) {
		return l.listCall(n)
	}
	x := l.value(n.Args[0])
	if x == nil {
		return nil
	}
	if x.Type != cond.List && x.Type != cond.Text {
		return l.fault(n.Args[0].Pos(), CodeType, "give it a list or a text", "`len` wants a list or a text, and `%s` is %s", short(n.Args[0]), aType(x.Type))
	}
	return &cond.Node{Op: cond.Len, Type: cond.Number, Args: []*cond.Node{x}, Src: printNode(n)}
}

// sinceNow reports a length of time before or after the clock, once.
func (l *lowering) sinceNow(n *Binary) bool {
	call, ok := n.X.(*Call)
	if !ok || !isSpan(n.Y) || !neverFunctions[call.Func] {
		return false
	}
	l.fault(call.At, CodeNotAllowed, fmt.Sprintf("write `x within %s`, or compare `days_since(x)` with a number of days", short(n.Y)),
		"the language leaves out `%s`", call.Func)
	return true
}

// isSpan tells whether a node is a length of time.
func isSpan(n Node) bool {
	_, ok := n.(*DurationLit)
	return ok
}

// custom lowers a call of a caller's function.
func (l *lowering) custom(n *Call) *cond.Node {
	f, ok := l.c.b.Funcs[n.Func]
	if neverFunctions[n.Func] {
		return l.fault(n.At, CodeNotAllowed, "write it with count, any, sum, filter, days_since or within", "the language leaves out `%s`", n.Func)
	}
	if low := strings.ToLower(n.Func); !ok && isBuiltin(low) && (l.c.b.Final || slices.ContainsFunc(n.Args, isSpan)) {
		return l.fault(n.At, CodeFunction, fmt.Sprintf("did you mean `%s`?", low), "there is no function `%s`: functions are in lower case", n.Func)
	}
	if !ok && len(n.Args) == 1 && isSpan(n.Args[0]) && isPlainWord(n.Func) {
		return l.fault(n.At, CodeFunction, fmt.Sprintf("write count(%s, %s), any(%s, %s) or sum", n.Func, short(n.Args[0]), n.Func, short(n.Args[0])), "there is no function `%s`", n.Func)
	}
	if !ok {
		for _, arg := range n.Args {
			if closure, isClosure := arg.(*Closure); isClosure {
				return l.fault(closure.At, CodeFunction, "the list functions are all, any, none, one, filter, map, count and sum", "`%s` is no list function", n.Func)
			}
			l.value(arg)
		}
		if !l.c.b.Final {
			return nil
		}
		fix := fmt.Sprintf("compile with WithFunc(%q, …), or use one of the language's own functions: %s", n.Func, strings.Join(functionNames, ", "))
		if near := l.c.near(n.Func, func() []string { return append(sortedKeys(l.c.b.Funcs), functionNames...) }); near != "" {
			fix = fmt.Sprintf("did you mean `%s`? Else %s", near, fix)
		}
		if meant := meantFunctions[strings.ToLower(n.Func)]; meant != "" {
			fix = meant
		}
		return l.fault(n.At, CodeFunction, fix, "there is no function `%s`", n.Func)
	}
	if f.incomplete() {
		for _, arg := range n.Args { // which may be wrong on their own
			l.value(arg)
		}
		return nil
	}
	out := &cond.Node{Op: cond.Call, Type: condType(f.Result), Fn: f.Call, Text: n.Func, Src: printNode(n)}
	least := len(f.Params)
	if f.Variadic {
		least--
	}
	if len(n.Args) < least || len(n.Args) > len(f.Params) && !f.Variadic {
		more := ""
		if f.Variadic {
			more = " or more"
		}
		return l.fault(n.At, CodeFunction, "give it the arguments that it was made with", "`%s` takes %d argument%s%s, not %d", n.Func, least, plural(least), more, len(n.Args))
	}
	for i, arg := range n.Args {
		x := l.typed(arg, f.param(i), "`"+n.Func+"`")
		if x == nil {
			out = nil
		} else if out != nil {
			out.Args = append(out.Args, x)
		}
	}
	return out
}
