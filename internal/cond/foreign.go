package cond

// Judge answers a condition that is written in another language: one that
// this package has no tree for. It is safe for concurrent use, and gives the
// same answer to the same arguments.
type Judge interface {
	// Truth answers over the values of the node's Args, in their order. Unlike
	// a Call it is asked even where values are missing: what that means, the
	// language decides.
	Truth(args []Slot, at int64) Tri
	// Parts takes the answer apart for an explanation.
	Parts(args []Slot, at int64) []Part
}

// Part is one test of a condition and its answer.
type Part struct {
	Text  string
	Truth Tri
	Args  []int // what it reads, as indexes of the node's Args
}

// judge answers a Foreign node.
func (n *Node) judge(e *Env) Tri { return n.Judge.Truth(n.slots(e), e.At) }

// Parts takes the answer of a Foreign node apart.
func (n *Node) Parts(e *Env) []Part { return n.Judge.Parts(n.slots(e), e.At) }

// slots gives the arguments as they stand, missing ones with their state.
func (n *Node) slots(e *Env) []Slot {
	args := make([]Slot, len(n.Args))
	for i, a := range n.Args {
		if a.Op == Field {
			args[i] = *a.slot(e)
		} else {
			args[i] = a.Eval(e)
		}
	}
	return args
}
