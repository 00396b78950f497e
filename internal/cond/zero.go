package cond

// ZeroDivisor gives a divisor in a node that is zero, for a node without a
// value to say why it has none; nil where there is none. Of a conditional it
// looks into the part that counts. It looks into the lets that a node reads,
// into each once.
func (n *Node) ZeroDivisor(e *Env, let func(slot int) *Node) *Node {
	z := zeroSearch{env: e, let: let}
	return z.in(n)
}

type zeroSearch struct {
	env  *Env
	let  func(slot int) *Node
	seen map[int]bool // lets
}

func (z *zeroSearch) in(n *Node) *Node {
	switch {
	case n.Op == Field && n.Space == Computed:
		if z.seen[n.Slot] || !n.slot(z.env).State.Missing() {
			return nil
		}
		if z.seen == nil {
			z.seen = map[int]bool{}
		}
		z.seen[n.Slot] = true
		return z.in(z.let(n.Slot))
	case n.Op == Div || n.Op == Mod:
		if f, ok := n.Args[1].Number(z.env); ok && f == 0 {
			return n.Args[1]
		}
	case n.Op == If:
		if b := n.branch(z.env); b != nil {
			return z.in(b)
		}
		return z.in(n.Args[0])
	}
	for _, a := range n.Args {
		if d := z.in(a); d != nil {
			return d
		}
	}
	return nil
}
