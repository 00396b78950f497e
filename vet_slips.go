package accountscore

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/numeral"
)

// A slip is a condition that is legal and says something else than what its
// author wrote it for. It shows in the text alone: the tree of 100-1000 is
// that of any other difference.

// slips reports the slips of every condition and computed value that is in
// the rules language.
func (v *vet) slips() {
	m := v.m
	for i := range m.rules.Lets {
		l := &m.rules.Lets[i]
		v.slipsOf(&l.Value, l.Pos, "let "+l.Name)
	}
	for i := range m.dims {
		d := &m.dims[i]
		for _, g := range d.lines() {
			for j := range g.rules {
				v.slipsOfRule(&g.rules[j])
			}
		}
		for j := range d.scales {
			if s := d.scales[j].src; v.inRules(s.Language) {
				v.slipsOf(&s.When, s.Pos, scaleName(d.name, j))
			}
		}
		if d.contacts != nil {
			v.slipsOf(&d.contacts.src.Score, d.src.Pos, d.name+" score")
		}
	}
	for i := range m.rules.Disqualify {
		if q := &m.rules.Disqualify[i]; v.inRules(q.Language) {
			v.slipsOf(&q.When, q.Pos, disqualifierName(i))
		}
	}
	v.slipsOfTiers("", m.tiers)
	for i := range m.ladders {
		v.slipsOfTiers(m.ladders[i].name, m.ladders[i].tiers)
	}
}

func (v *vet) slipsOfTiers(ladder string, tiers []tier) {
	for i := range tiers {
		if t := &tiers[i]; v.inRules(t.src.Language) {
			v.slipsOf(&t.src.When, t.src.Pos, tierName(ladder, t))
		}
	}
}

// inRules tells whether a condition of a language is in the rules language.
func (v *vet) inRules(language string) bool {
	if language == "" {
		language = v.m.rules.Language
	}
	return language == "" || language == dsl.RulesLanguage
}

func (v *vet) slipsOfRule(r *rule) {
	src := r.src
	if v.inRules(src.Language) {
		v.dash(&src.When, v.slipsOf(&src.When, src.Pos, r.id), src, r.id)
		v.labelled(src, r.id)
	}
	v.dash(&src.Of, v.slipsOf(&src.Of, src.Pos, r.id), src, r.id)
	v.slipsOf(&src.Per, src.Pos, r.id)
	if src.Signal != nil {
		v.slipsOf(&src.Signal.Where, src.Pos, r.id)
	}
}

// slipsOf reports the slips of one formula, and gives its tree.
func (v *vet) slipsOf(f *Formula, pos dsl.Pos, name string) dsl.Node {
	if f.IsZero() {
		return nil
	}
	tree, errs := dsl.ParseFormula(Formula{Text: f.Text}, "", "")
	if len(errs) > 0 {
		return nil
	}
	pos = firstPos(f.Pos, pos)
	dsl.Inspect(tree, func(n dsl.Node) bool {
		switch n := n.(type) {
		case *dsl.Binary:
			v.subtracts(n, pos, name)
			v.constants(n, pos, name)
			v.byZero(n, pos, name)
			v.yesNo(n, pos, name)
			if list, ok := n.Y.(*dsl.List); ok {
				v.joinedItems(n.X, list, pos, name)
				v.cutThousands(n.X, list, pos, name)
			}
		case *dsl.Number:
			v.thousands(n, pos, name)
		}
		return true
	})
	return tree
}

// slip reports a slip, and leaves out what else is found about the condition:
// that follows from it.
func (v *vet) slip(code FindingCode, pos dsl.Pos, name, fix, format string, args ...any) {
	v.report(code, Warning, pos, name, fix, format, args...)
	v.slipped[name] = true
}

// subtracts reports a value that is compared with 100-1000, which is a
// difference there and an interval only after "in".
func (v *vet) subtracts(n *dsl.Binary, pos dsl.Pos, name string) {
	in := "in"
	switch n.Op {
	case dsl.OpNe:
		in = "not in"
	case dsl.OpEq, dsl.OpLt, dsl.OpLe, dsl.OpGt, dsl.OpGe:
	default:
		return
	}
	x, y := n.X, n.Y
	if lo, _ := twoNumbers(x); lo != nil {
		x, y = y, x
	}
	lo, hi := twoNumbers(y)
	if lo == nil || lo.Value >= hi.Value {
		return
	}
	value := "the field"
	if name, ok := x.(*dsl.Name); ok {
		value = name.Ident
	}
	v.slip(VetSubtracts, pos, name, fmt.Sprintf("write `%s %s %s`", value, in, asInterval(lo, hi)),
		"the dash in `%s-%s` subtracts: `%s` is compared with %s", lo.Source, hi.Source, value, numeral.Compact(lo.Value-hi.Value))
}

// twoNumbers gives the two numbers of 100-1000; nil for anything else.
func twoNumbers(n dsl.Node) (lo, hi *dsl.Number) {
	d, ok := n.(*dsl.Binary)
	if !ok || d.Op != dsl.OpSub {
		return nil, nil
	}
	lo, ok1 := d.X.(*dsl.Number)
	hi, ok2 := d.Y.(*dsl.Number)
	if !ok1 || !ok2 {
		return nil, nil
	}
	return lo, hi
}

// asInterval writes two numbers as an interval. Of 10-20M the lower end is
// meant to have the unit of the upper one.
func asInterval(lo, hi *dsl.Number) string {
	text := lo.Source + "-" + hi.Source
	if _, errs := dsl.ParseFormula(Formula{Text: "x in " + text}, "", ""); len(errs) > 0 {
		return lo.Source + strings.TrimLeft(hi.Source, "$ 0123456789_,.") + "-" + hi.Source
	}
	return text
}

// constants reports a text in quotes on the left of a constant: mostly the
// name of a field, which stands without quotes.
func (v *vet) constants(n *dsl.Binary, pos dsl.Pos, name string) {
	left, ok := n.X.(*dsl.Text)
	if !ok || !v.constant(n.Y) {
		return
	}
	switch n.Op {
	case dsl.OpEq, dsl.OpNe, dsl.OpIn, dsl.OpContains, dsl.OpStarts, dsl.OpEnds, dsl.OpMatches, dsl.OpHasWord:
	default:
		return
	}
	fix := "name a field on the left, without quotes"
	if isName(left.Value) {
		fix = fmt.Sprintf("write `%s` without quotes: a text in quotes is no field", left.Value)
	}
	v.slip(VetConstant, pos, name, fix, "%s before `%s` is a text: two constants are compared", quoted(fmt.Sprintf("%q", left.Value)), n.Op)
}

// constant tells whether a node is the same for every account.
func (v *vet) constant(n dsl.Node) bool {
	switch n := n.(type) {
	case *dsl.Text:
		return true
	case *dsl.List:
		return !slices.ContainsFunc(n.Items, func(li dsl.ListItem) bool { return li.X != nil })
	case *dsl.Name:
		return !v.reads(n.Ident)
	}
	return false
}

// reads tells whether a word names anything that can differ from account to
// account, wherever it does.
func (v *vet) reads(word string) bool {
	m := v.m
	named := func(f field) bool { return f.Name == word }
	if slices.ContainsFunc(m.fields, named) || slices.ContainsFunc(m.contactFields, named) ||
		word == "grade" || strings.HasSuffix(word, ".grade") {
		return true
	}
	for i := range m.activities {
		if slices.ContainsFunc(m.activities[i].fields, named) {
			return true
		}
	}
	return slices.ContainsFunc(m.rules.Lets, func(l Let) bool { return l.Name == word })
}

func isName(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return (first == '_' || unicode.IsLetter(first)) &&
		!strings.ContainsFunc(s, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// thousandsPoint is a number that could be meant as thousands: three decimals, the
// last of them needless.
var thousandsPoint = regexp.MustCompile(`^\$? *[1-9][0-9]{0,2}\.[0-9]{2}0$`)

// thousands reports 5.000, which is five.
func (v *vet) thousands(n *dsl.Number, pos dsl.Pos, name string) {
	if !thousandsPoint.MatchString(n.Source) {
		return
	}
	few := numeral.Compact(n.Value)
	v.slip(VetThousands, pos, name, fmt.Sprintf("write %.0f if that is meant, else %s", n.Value*1000, few),
		"`%s` is %s: a point begins the decimals", n.Source, few)
}

// joinedItems reports an item such as US/UK, which is one text.
func (v *vet) joinedItems(x dsl.Node, list *dsl.List, pos dsl.Pos, name string) {
	for _, item := range list.Items {
		parts := strings.Split(item.Raw, "/")
		if item.Quoted || len(parts) < 2 || slices.ContainsFunc(parts, func(s string) bool { return !isCode(s) }) || v.lists(x, item.Raw) {
			continue
		}
		v.slip(VetListItem, pos, name, fmt.Sprintf("write `[%s]`; if it is one text put quotes around it", strings.Join(parts, ", ")),
			"`%s` in a list is one text: commas part the items", item.Raw)
		return
	}
}

// isCode tells whether a text is a code such as US.
func isCode(s string) bool {
	return len(s) >= 2 && len(s) <= 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// field gives the account's field that a node names; nil for anything else.
func (v *vet) field(n dsl.Node) *field {
	x, ok := n.(*dsl.Name)
	if !ok {
		return nil
	}
	if i := slices.IndexFunc(v.m.fields, func(f field) bool { return f.Name == x.Ident }); i >= 0 {
		return &v.m.fields[i]
	}
	return nil
}

// lists tells whether a field lists a text among its values.
func (v *vet) lists(x dsl.Node, text string) bool {
	f := v.field(x)
	return f != nil && slices.ContainsFunc(f.OneOf, func(value dsl.Value) bool { return value.Text == text })
}

// cutList is a list of two numbers that could be meant as one of thousands.
var cutList = regexp.MustCompile(`^[1-9][0-9]?,[0-9]{3}$`)

// cutThousands reports a list of numbers such as [1,500], which is 1 and 500.
func (v *vet) cutThousands(x dsl.Node, list *dsl.List, pos dsl.Pos, name string) {
	if f := v.field(x); f == nil || f.typ != cond.Number || len(list.Items) != 2 {
		return
	}
	first, second := list.Items[0], list.Items[1]
	if first.Quoted || second.Quoted || second.At.Offset != first.At.Offset+len(first.Raw)+1 || !cutList.MatchString(first.Raw+","+second.Raw) {
		return
	}
	v.slip(VetThousands, pos, name, fmt.Sprintf("write %s%s if that is meant, else a space after the comma", first.Raw, second.Raw),
		"`[%s,%s]` is two numbers: a comma parts the items of a list", first.Raw, second.Raw)
}

// yesNo reports customer = Yes where fields are inferred: that makes a text of
// what is mostly true or false.
func (v *vet) yesNo(n *dsl.Binary, pos dsl.Pos, name string) {
	word, ok := n.Y.(*dsl.Name)
	f := v.field(n.X)
	if !ok || f == nil || n.Op != dsl.OpEq && n.Op != dsl.OpNe || len(v.m.rules.Fields) > 0 || v.declaresContacts() {
		return
	}
	yes := strings.EqualFold(word.Ident, "yes")
	if !yes && !strings.EqualFold(word.Ident, "no") || slices.ContainsFunc(v.m.rules.Params, func(p dsl.Param) bool { return p.Name == word.Ident }) {
		return
	}
	test := f.Name
	if yes != (n.Op == dsl.OpEq) {
		test = "not " + f.Name
	}
	v.slip(VetYesNo, pos, name, fmt.Sprintf("write `%s` if it is true or false in the data, else %q in quotes", test, word.Ident),
		"`%s` is a text: `%s` is taken for a text and not for true or false", word.Ident, f.Name)
}

// byZero reports a division by zero, which has no answer.
func (v *vet) byZero(n *dsl.Binary, pos dsl.Pos, name string) {
	if n.Op != dsl.OpDiv && n.Op != dsl.OpMod {
		return
	}
	y, ok := n.Y.(*dsl.Number)
	if !ok || y.Value != 0 {
		return
	}
	v.slip(VetNoAnswer, pos, name, "divide by another number", "`%s %s` divides by zero, which is unknown for every account", n.Op, y.Source)
}

// dash reports a rule that begins with a dash, as the mark of a list: it takes
// the negative of the value after it.
func (v *vet) dash(f *Formula, tree dsl.Node, r *dsl.Rule, name string) {
	first, size := utf8.DecodeRuneInString(f.Text)
	if r.Label != "" || !strings.ContainsRune("-–−‐‑‒", first) {
		return
	}
	if !strings.HasPrefix(f.Text[size:], " ") && !negates(tree) {
		return
	}
	v.slip(VetListDash, firstPos(f.Pos, r.Pos), name, "leave the dash out: rules stand in lines without marks; to negate a number let the minus touch it",
		"the dash before the rule is a minus: it negates the value after it")
}

// negates tells whether a condition begins with -x > 5: nobody asks whether
// the negative of a field is above a positive number.
func negates(n dsl.Node) bool {
	for {
		b, ok := n.(*dsl.Binary)
		if !ok {
			return false
		}
		switch b.Op {
		case dsl.OpAnd, dsl.OpOr:
			n = b.X
			continue
		case dsl.OpGt, dsl.OpGe, dsl.OpEq:
		default:
			return false
		}
		x, ok1 := b.X.(*dsl.Unary)
		y, ok2 := b.Y.(*dsl.Number)
		if !ok1 || !ok2 || x.Op != dsl.OpSub || y.Value <= 0 {
			return false
		}
		_, field := x.X.(*dsl.Name)
		return field
	}
}

// labelled reports a rule such as "country: US", where fields are inferred:
// that is the rule "US" with a label.
func (v *vet) labelled(r *dsl.Rule, name string) {
	word := strings.TrimSpace(r.When.Text)
	first, _ := utf8.DecodeRuneInString(word)
	if r.Label == "" || !isName(word) || !isName(r.Label) || len(v.m.rules.Fields) > 0 || v.declaresContacts() {
		return
	}
	i := slices.IndexFunc(v.m.fields, func(f field) bool { return f.Name == word })
	if i < 0 || v.m.fields[i].typ != cond.Bool || !unicode.IsUpper(first) && !v.reads(r.Label) {
		return
	}
	v.slip(VetLabel, firstPos(r.When.Pos, r.Pos), name, fmt.Sprintf("write `%s = %s`; if `%s` is a field, declare the fields, as in `field %s bool`", r.Label, word, word, word),
		"`%s:` is a label here, and `%s` a field that is true or false", r.Label, word)
}

// declaresContacts tells whether fields of contacts are declared.
func (v *vet) declaresContacts() bool {
	return v.m.rollup != nil && len(v.m.rollup.src.Fields) > 0
}
