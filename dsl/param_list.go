package dsl

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// The items of a param's list are texts as they stand. What they are compared
// with tells whether they are meant as numbers or dates.

// paramItems makes a list of a param's items for a comparison with numbers or
// times; nil where an item is none, which it reports.
func (l *lowering) paramItems(n *Binary, texts []string, t cond.Type) *List {
	at := n.Y.Pos()
	list := &List{At: at}
	for _, text := range texts {
		item := ListItem{Raw: text, At: at}
		item.X = literalItem(&item)
		if literalType(item.X) != t {
			l.fault(at, CodeType, "give the param other values, or declare the field text",
				"`%s` is %s, and the item `%s` of `%s` is none", short(n.X), aType(t), clipText(text, 40), short(n.Y))
			return nil
		}
		list.Items = append(list.Items, item)
	}
	if !l.wholeNumbers(list.Items) {
		return nil
	}
	return list
}

// paramType guesses what the items of a param's list are, as itemType does for
// a list in its place; ok tells whether the node is a param with a list.
func (in *inference) paramType(n Node) (t cond.Type, sure, ok bool) {
	name, isName := n.(*Name)
	if !isName {
		return cond.NoType, false, false
	}
	var v Value
	quoted := false
	switch sym := in.c.lookup(in.s, name.Ident); sym.kind {
	case paramSymbol:
		v, quoted = sym.param.value, sym.param.quoted
	case noSymbol:
		v = in.c.b.Params[name.Ident]
	}
	if v.Kind != ListValue {
		return cond.NoType, false, false
	}
	list := &List{}
	for _, text := range v.List {
		list.Items = append(list.Items, ListItem{Raw: text, Quoted: quoted})
	}
	t, sure = itemType(list)
	return t, sure, true
}

// quotesItems tells whether the author put an item of a param's list that
// looks like a number in quotes, which says that the items are texts. A list
// that is no longer that of the source has no quotes.
func (rs *Ruleset) quotesItems(p *Param) bool {
	if p.Value.Kind != ListValue || !slices.ContainsFunc(p.Value.List, numeric) || !p.Pos.IsValid() || p.Pos.Offset < 0 || p.Pos.Offset >= len(rs.Source) {
		return false
	}
	from := p.Pos.Offset
	for from < len(rs.Source) && rs.Source[from] != '[' {
		from++
	}
	var texts []string
	quoted := false
	s := listScan{src: rs.Source, start: from, i: from + 1, end: len(rs.Source), items: func(r rawItem) {
		text := r.Raw
		if r.Quoted {
			text, _ = textValue(r.Raw)
			quoted = quoted || numeric(text)
		}
		texts = append(texts, text)
	}}
	for !s.done {
		s.step()
	}
	return quoted && slices.Equal(texts, p.Value.List)
}
