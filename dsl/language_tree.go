package dsl

import (
	"slices"

	"github.com/accountscore/accountscore/internal/cond"
)

// treeProgram is a program whose condition is a tree of the intermediate form.
// Slot i of the account is the i-th of the fields that it reads, so that a
// ruleset of thousands of fields does not cost each of its conditions as many.
type treeProgram struct {
	node  *cond.Node
	text  string
	names []string // by slot
	types []cond.Type
}

// newTreeProgram takes over a tree whose slots are the fields of a schema.
func newTreeProgram(node *cond.Node, text string, schema *Schema) *treeProgram {
	p := &treeProgram{node: node, text: text}
	slots := slotsOf(node)
	for _, slot := range slots {
		p.names = append(p.names, schema.Fields[slot].Name)
		p.types = append(p.types, condType(schema.Fields[slot].Type))
	}
	moved := map[*cond.Node]bool{} // a node may stand in a tree twice
	node.Walk(func(n *cond.Node) {
		if n.Op == cond.Field && n.Space == cond.Account && !moved[n] {
			moved[n] = true
			n.Slot, _ = slices.BinarySearch(slots, n.Slot)
		}
	})
	return p
}

// slotsOf gives the account slots that a tree reads, ascending.
func slotsOf(n *cond.Node) []int {
	var slots []int
	n.Walk(func(n *cond.Node) {
		if n.Op == cond.Field && n.Space == cond.Account {
			slots = append(slots, n.Slot)
		}
	})
	slices.Sort(slots)
	return slices.Compact(slots)
}

func (p *treeProgram) String() string   { return p.text }
func (p *treeProgram) Fields() []string { return slices.Clone(p.names) }

func (p *treeProgram) Eval(v Values) Truth { return Truth(p.node.Truth(p.env(v))) }

// env looks up what the program reads.
func (p *treeProgram) env(v Values) *cond.Env {
	e := &cond.Env{At: v.At().UnixMicro(), Accounts: make(cond.Record, len(p.names))}
	for slot, name := range p.names {
		if value, known := v.Value(name); known && valueType(value) == p.types[slot] {
			e.Accounts[slot] = cond.Slot{State: cond.Known, Num: value.Number, Text: value.Text, Flag: value.Bool, List: value.List, Time: value.Date.Time.UnixMicro()}
		}
	}
	return e
}

func (p *treeProgram) Trace(v Values) []Part {
	e := p.env(v)
	var parts []Part
	var walk func(n *cond.Node)
	walk = func(n *cond.Node) {
		if n.Src == "" && (n.Op == cond.And || n.Op == cond.Or) {
			for _, a := range n.Args {
				walk(a)
			}
			return
		}
		part := Part{Text: n.Src, Truth: Truth(n.Truth(e))}
		for _, slot := range slotsOf(n) {
			part.Fields = append(part.Fields, p.names[slot])
		}
		if part.Text == "" {
			part.Text = p.text
		}
		parts = append(parts, part)
	}
	walk(p.node)
	return parts
}
