package cond

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"

	"github.com/expr-lang/expr/ast"
)

// ItemTests gives a test for each condition on "#" that a list function asks: it
// holds for a list with an item that meets the condition. A condition on what
// another list function gives, as on the items of a filter, is a test of that.
func (n *Node) ItemTests() []*Node {
	if n.Op != VM {
		return nil
	}
	var tests []*Node
	n.VM.walk(func(node ast.Node) {
		call, ok := node.(*ast.BuiltinNode)
		if !ok || len(call.Arguments) != 2 {
			return
		}
		if _, ok := call.Arguments[1].(*ast.PredicateNode); !ok {
			return
		}
		// A number that is made of each item is no condition, and what is within
		// another condition cannot be asked by itself: neither compiles.
		src := fmt.Sprintf("any(%s, %s)", call.Arguments[0], call.Arguments[1])
		if prog, err := NewProgram(src, Bool, n.Args); err == nil {
			tests = append(tests, &Node{Op: VM, Type: Bool, Args: n.Args, VM: prog, Src: src})
		}
	})
	return tests
}

// ItemTexts gives the texts that a list function compares items with, as its
// inputs stand, and its tests of parts, patterns and lengths as tests of a text.
func (n *Node) ItemTexts(e *Env) (whole []string, parts []*Node) {
	if n.Op != VM {
		return nil, nil
	}
	whole = slices.Clone(n.List)
	input := func(node ast.Node) *Node {
		switch node := node.(type) {
		case *ast.IdentifierNode:
			if i := slices.Index(n.VM.inputs, node.Value); i >= 0 {
				return n.Args[i]
			}
		case *ast.StringNode:
			return &Node{Op: Const, Type: Text, Text: node.Value}
		case *ast.FloatNode:
			return &Node{Op: Const, Type: Number, Num: node.Value}
		}
		return nil
	}
	texts := func(of *Node) []string {
		switch of.Type {
		case Text:
			if s, ok := of.String(e); ok {
				return []string{s}
			}
		case List:
			list, _ := of.Items(e)
			return list
		}
		return nil
	}
	n.VM.walk(func(node ast.Node) {
		if list, ok := node.(*ast.ArrayNode); ok {
			for _, item := range list.Nodes {
				if of := input(item); of != nil {
					whole = append(whole, texts(of)...)
				}
			}
			return
		}
		test, ok := node.(*ast.BinaryNode)
		if !ok {
			return
		}
		for _, side := range [...]ast.Node{test.Left, test.Right} {
			of := input(side)
			if of == nil {
				continue
			}
			if of.Type == Number {
				if num, ok := of.Number(e); ok {
					parts = append(parts, lengthOf(num))
				}
				continue
			}
			for _, text := range texts(of) {
				if part := partOf(test.Operator, text); part != nil {
					parts = append(parts, part)
				} else {
					whole = append(whole, text)
				}
			}
		}
	})
	return whole, parts
}

// partOf makes a test of a part of a text, nil where an operator is none.
func partOf(operator, text string) *Node {
	op, ok := map[string]Op{"startsWith": Starts, "endsWith": Ends, "contains": Contains, "matches": Matches}[operator]
	if !ok {
		return nil
	}
	n := &Node{Op: op, Type: Bool, Args: []*Node{{Op: Field, Type: Text}}, Src: operator + " " + strconv.Quote(text)}
	if op != Matches {
		n.Args = append(n.Args, &Node{Op: Const, Type: Text, Text: text})
		return n
	}
	re, err := regexp.Compile(text)
	if err != nil {
		return nil
	}
	n.Re = re
	return n
}

// lengthOf makes a test of the length of a text.
func lengthOf(length float64) *Node {
	of := &Node{Op: Len, Type: Number, Args: []*Node{{Op: Field, Type: Text}}}
	return &Node{Op: Eq, Type: Bool, Args: []*Node{of, {Op: Const, Type: Number, Num: length}}}
}

// walk visits the nodes of a program.
func (p *Program) walk(visit func(ast.Node)) {
	node := p.prog.Node()
	ast.Walk(&node, visitor(visit))
}

// visitor is a function as expr-lang wants it.
type visitor func(ast.Node)

// Visit visits a node.
func (v visitor) Visit(node *ast.Node) { v(*node) }
