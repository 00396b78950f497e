package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/internal/cond"
	"github.com/accountscore/accountscore/internal/micro"
)

// The vet decides what conditions have to do with each other by trying them.
// The constants that conditions compare a value with cut its values into
// classes, within which no condition changes its mind; so one value of each
// class stands for all, and the combinations of these for all accounts. What
// cannot be cut, such as a test of a part of a text, is taken for a truth of
// its own that could be anything: that admits accounts that cannot be, so
// "there is none" is never said wrongly, and is all that is concluded.

const (
	// maxCombinations bounds what is tried to answer one question.
	maxCombinations = 1 << 13
	// maxVetWork bounds what one vet tries, in nodes evaluated. What is not
	// decided by then is left alone.
	maxVetWork = 1 << 23
	// questionWork is what a question takes before anything is tried.
	questionWork = 20
	// maxListItems bounds the items of one list that are told apart.
	maxListItems = 6
)

// logic decides questions about the conditions of one model.
type logic struct {
	s     *statics
	terms []term
	index map[string]int  // of terms, by what they read
	parts map[[2]int]bool // of pairs of terms, see part
	env   cond.Env
	work  int
}

// term is one value that conditions read and compare with constants.
type term struct {
	typ       cond.Type
	log       *cond.Log // whose answer it is; nil: not of the log
	falls     bool      // more activities make it less: days since the newest
	missing   bool      // it could be
	field     *field    // whose values may be listed, or nil
	texts     []string
	whole     bool    // whole numbers alone, from least on
	least     float64 // of whole numbers
	step      micro.M // of a number on a grid between low and high; zero: any
	low, high micro.M
	positive  bool // numbers from zero on alone
	made      made
}

// cuts are the constants that a condition compares a term with.
type cuts struct {
	nums  []float64
	times []int64
	texts []string
}

func (c *cuts) add(d *cuts) {
	c.nums, c.times, c.texts = append(c.nums, d.nums...), append(c.times, d.times...), append(c.texts, d.texts...)
}

// prop is a condition over terms.
type prop struct {
	node  *cond.Node
	reads []int // terms, ascending
	cuts  map[int]*cuts
	size  int // of the tree

	constants int // that samples are made of
}

func newLogic(s *statics) *logic {
	return &logic{s: s, index: map[string]int{}, parts: map[[2]int]bool{}}
}

// never tells that no account makes the condition true.
func (l *logic) never(p *prop) bool {
	return l.none(func(t []cond.Tri) bool { return t[0] == cond.True }, p)
}

// always tells that no account makes the condition false: it is true wherever
// what it reads is known.
func (l *logic) always(p *prop) bool {
	return len(p.reads) > 0 && l.none(func(t []cond.Tri) bool { return t[0] == cond.False }, p)
}

// implies tells that p is true only where one of the others is.
func (l *logic) implies(p *prop, others ...*prop) bool {
	return l.none(func(t []cond.Tri) bool {
		return t[0] == cond.True && !slices.Contains(t[1:], cond.True)
	}, append([]*prop{p}, others...)...)
}

// none tells that no account gives the conditions truths that test accepts.
// It is false, too, where that is not decided.
func (l *logic) none(test func([]cond.Tri) bool, props ...*prop) bool {
	var reads []int
	size := 0
	for _, p := range props {
		reads = append(reads, p.reads...)
		size += p.size
	}
	// To ask is work too, even where there turns out to be too much to try.
	if !l.spend(questionWork + size + constants(props)) {
		return false
	}
	slices.Sort(reads)
	reads = slices.Compact(reads)
	all := make([]cuts, len(reads))
	for i, t := range reads {
		for _, p := range props {
			if c := p.cuts[t]; c != nil {
				all[i].add(c)
			}
		}
	}
	links := l.links(reads, all)
	samples := make([][]cond.Slot, len(reads))
	combinations := 1
	for i, t := range reads {
		samples[i] = l.terms[t].samples(&all[i])
		if combinations *= len(samples[i]); combinations == 0 || combinations > maxCombinations {
			return false
		}
	}
	if !l.spend(combinations * size) {
		return false
	}
	for len(l.env.Accounts) < len(l.terms) {
		l.env.Accounts = append(l.env.Accounts, cond.Slot{})
	}
	truths := make([]cond.Tri, len(props))
	var try func(i int) bool
	try = func(i int) bool {
		if i == len(reads) {
			for j, p := range props {
				truths[j] = p.node.Truth(&l.env)
			}
			return !test(truths)
		}
		for _, v := range samples[i] {
			l.env.Accounts[reads[i]] = v
			if links.allow(&l.env, reads, i) && !try(i+1) {
				return false
			}
		}
		return true
	}
	return try(0)
}

// constants counts what the samples of the conditions' terms are made of.
func constants(props []*prop) int {
	n := 0
	for _, p := range props {
		n += p.constants
	}
	return n
}

// spend takes work from what the vet may do, and tells whether there was
// enough left.
func (l *logic) spend(work int) bool {
	if !l.spent() {
		l.work += work
	}
	return !l.spent()
}

// spent tells that the vet has tried as much as it may.
func (l *logic) spent() bool { return l.work > maxVetWork }

// samples gives values that stand for every class of a term; none where there
// would be too many.
func (t *term) samples(c *cuts) []cond.Slot {
	var out []cond.Slot
	switch {
	case t.typ == cond.Time:
		slices.Sort(c.times)
		for _, v := range slices.Compact(c.times) {
			out = append(out, cond.Slot{Time: v - 1}, cond.Slot{Time: v}, cond.Slot{Time: v + 1})
		}
		if len(out) == 0 {
			out = append(out, cond.Slot{})
		}
	case t.typ == cond.List:
		out = lists(c.texts)
	case t.texts != nil:
		for _, s := range t.texts {
			out = append(out, cond.Slot{Text: s})
		}
	case t.step > 0:
		out = t.grid(c.nums)
	case t.whole:
		nums := []float64{max(t.least, 0)}
		for _, v := range c.nums {
			v = math.Floor(v)
			nums = append(nums, v-1, v, v+1)
		}
		slices.Sort(nums)
		for _, v := range slices.Compact(nums) {
			if v >= t.least && !math.IsInf(v, 0) {
				out = append(out, cond.Slot{Num: v})
			}
		}
	default:
		f := t.field
		if f == nil {
			f = &field{}
		}
		k := partition{typ: t.typ, nums: c.nums, texts: slices.Clone(c.texts)}
		if t.positive {
			k.nums = append(slices.Clone(k.nums), 0)
		}
		out = k.samples(f)
		if t.positive {
			out = slices.DeleteFunc(out, func(s cond.Slot) bool { return s.Num < 0 })
		}
	}
	if len(out) == 0 {
		return nil
	}
	for i := range out {
		out[i].State = cond.Known
	}
	if t.missing {
		out = append(out, cond.Slot{State: cond.Unset})
	}
	return out
}

// grid gives the numbers of a term's grid that lie at and beside the cuts.
func (t *term) grid(nums []float64) []cond.Slot {
	var at []micro.M
	for _, end := range [...]micro.M{t.low, t.high} {
		if !unlimited(end) {
			at = append(at, end)
		}
	}
	for _, v := range nums {
		p := micro.Of(v)
		p -= p % t.step
		for _, by := range [...]micro.M{-2, -1, 0, 1, 2} {
			at = append(at, p.Add(by*t.step))
		}
	}
	if len(at) == 0 {
		at = append(at, 0)
	}
	slices.Sort(at)
	var out []cond.Slot
	for _, p := range slices.Compact(at) {
		if t.low <= p && p <= t.high {
			out = append(out, cond.Slot{Num: p.Float()})
		}
	}
	return out
}

// lists gives every list that has or lacks the items, and one that has none
// of them and is not empty.
func lists(items []string) []cond.Slot {
	items = slices.Compact(slices.Sorted(slices.Values(items)))
	if len(items) > maxListItems {
		return nil
	}
	other := "another"
	for _, s := range items {
		other += s
	}
	out := []cond.Slot{{List: []string{other}}}
	for set := range 1 << len(items) {
		list := []string{}
		for i, s := range items {
			if set&(1<<i) != 0 {
				list = append(list, s)
			}
		}
		out = append(out, cond.Slot{List: list})
	}
	return out
}

// prop makes a condition of a formula; log is the activity type that a filter
// is about, or nil.
func (l *logic) prop(n *cond.Node, log *activityType) *prop {
	a := &abstraction{logic: l, log: log, p: &prop{cuts: map[int]*cuts{}}}
	a.p.node = a.condition(n)
	a.p.node.Walk(func(*cond.Node) { a.p.size++ })
	for t, c := range a.p.cuts {
		a.p.reads = append(a.p.reads, t)
		a.p.constants += len(c.nums) + len(c.times) + len(c.texts) + len(l.terms[t].texts)
		if f := l.terms[t].field; f != nil {
			a.p.constants += len(f.OneOf)
		}
	}
	slices.Sort(a.p.reads)
	return a.p
}

// abstraction turns a formula into a condition over terms: the same tree, in
// which every term is a field of the account that is tried.
type abstraction struct {
	*logic
	log     *activityType
	p       *prop
	inlined int // lets so far
}

// maxInlined bounds how many lets one condition is seen through: lets that
// read lets twice grow without end.
const maxInlined = 32

func (a *abstraction) condition(n *cond.Node) *cond.Node {
	switch n.Op {
	case cond.Const:
		return n
	case cond.And, cond.Or, cond.Not, cond.If, cond.Else:
		return a.over(n, a.condition)
	case cond.Missing, cond.Empty:
		x := n.Args[0]
		if x.Type == cond.Bool {
			return a.over(n, a.condition)
		}
		return with(n, a.value(x, nil))
	case cond.Field:
		if n.Space == cond.Computed && a.inlined < maxInlined {
			a.inlined++
			return a.condition(a.s.m.lets[n.Slot].Node)
		}
		return a.value(n, nil)
	case cond.Eq, cond.Ne, cond.Lt, cond.Le, cond.Gt, cond.Ge:
		if n.Args[0].Type == cond.Bool {
			return a.over(n, a.condition)
		}
		return a.comparison(n)
	case cond.Between:
		c := &cuts{}
		for _, b := range [...]cond.Bound{n.Lo, n.Hi} {
			if !b.Unbounded && !math.IsInf(b.Num, 0) {
				c.nums, c.times = append(c.nums, b.Num), append(c.times, b.Time)
			}
		}
		if test := a.daysBetween(n); test != nil {
			return test
		}
		return with(n, a.value(n.Args[0], c))
	case cond.OneOf:
		return with(n, a.value(n.Args[0], &cuts{nums: n.Set.Nums, texts: n.Set.Texts}))
	case cond.Within:
		// The age of a time is a time itself: from zero, to the window's length.
		age := a.age(n.Args[0], 0, n.Window)
		return &cond.Node{Op: cond.Between, Type: cond.Bool, Args: []*cond.Node{age}, Hi: cond.Bound{Time: n.Window}}
	case cond.Any:
		log := *n
		log.Place = 0 // it asks something else
		log.Op, log.Type = cond.Count, cond.Number
		count := a.value(&log, &cuts{nums: []float64{0}})
		return &cond.Node{Op: cond.Gt, Type: cond.Bool, Args: []*cond.Node{count, {Op: cond.Const, Type: cond.Number}}}
	case cond.HasAny, cond.HasAll:
		if n.Set != nil && n.Args[0].Op == cond.Field {
			return with(n, a.value(n.Args[0], &cuts{texts: n.Set.Texts}))
		}
	case cond.HasItem:
		if x, y := n.Args[0], n.Args[1]; x.Op == cond.Field && y.Op == cond.Const {
			return with(n, a.value(x, &cuts{texts: []string{y.Text}}), y)
		}
	case cond.Contains, cond.Starts, cond.Ends, cond.HasWord:
		if x, y := n.Args[0], n.Args[1]; y.Op == cond.Const && a.listed(x) {
			return with(n, a.value(x, nil), y)
		}
	case cond.Matches:
		if x := n.Args[0]; a.listed(x) {
			return with(n, a.value(x, nil))
		}
	}
	return a.term("truth "+a.key(n), func() term { return term{typ: cond.Bool, missing: true, made: a.testOf(n)} }, cond.Bool, nil)
}

// comparison cuts a value by the constant that it is compared with.
func (a *abstraction) comparison(n *cond.Node) *cond.Node {
	x, y := n.Args[0], n.Args[1]
	if test := a.daysTest(n); test != nil {
		return test
	}
	if y.Op != cond.Const {
		if x.Op != cond.Const && (x.Type == cond.Number || x.Type == cond.Time) {
			return a.order(n)
		}
		if x.Op != cond.Const {
			return a.term("truth "+a.key(n), func() term { return term{typ: cond.Bool, missing: true} }, cond.Bool, nil)
		}
		return with(n, x, a.value(y, constant(x)))
	}
	return with(n, a.value(x, constant(y)), y)
}

func constant(n *cond.Node) *cuts {
	return &cuts{nums: []float64{n.Num}, times: []int64{n.Time}, texts: []string{n.Text}}
}

// with gives a node other arguments.
func with(n *cond.Node, args ...*cond.Node) *cond.Node {
	c := *n
	c.Args = args
	return &c
}

func (a *abstraction) over(n *cond.Node, f func(*cond.Node) *cond.Node) *cond.Node {
	args := make([]*cond.Node, len(n.Args))
	for i, x := range n.Args {
		args[i] = f(x)
	}
	return with(n, args...)
}

// listed tells whether a node is a text field whose every value is listed.
func (a *abstraction) listed(n *cond.Node) bool {
	f := a.field(n)
	return f != nil && f.typ == cond.Text && f.allowed != nil
}

func (a *abstraction) field(n *cond.Node) *field {
	if n.Op != cond.Field {
		return nil
	}
	switch {
	case n.Space == cond.Account:
		return &a.s.m.fields[n.Slot]
	case n.Space == cond.Contact:
		return &a.s.m.contactFields[n.Slot]
	case n.Space == cond.Activity && a.log != nil:
		return &a.log.fields[n.Slot]
	}
	return nil
}

// value gives the term of a node that is compared with constants, be it
// behind a constant that stands in for it.
func (a *abstraction) value(n *cond.Node, c *cuts) *cond.Node {
	switch {
	case n.Op == cond.Const:
		return n
	case n.Op == cond.Else && n.Args[1].Op == cond.Const:
		return with(n, a.value(n.Args[0], c), n.Args[1])
	}
	return a.term(a.termKey(n), func() term { return a.domain(n) }, n.Type, c)
}

// termKey is the key of the term that a value is.
func (a *abstraction) termKey(n *cond.Node) string { return n.Type.String() + " " + a.key(n) }

// term makes what is read under a key a term, and cuts it.
func (a *abstraction) term(key string, domain func() term, typ cond.Type, c *cuts) *cond.Node {
	i, ok := a.index[key]
	if !ok {
		i = len(a.terms)
		a.index[key] = i
		a.terms = append(a.terms, domain())
	}
	all := a.p.cuts[i]
	if all == nil {
		all = &cuts{}
		a.p.cuts[i] = all
	}
	if c != nil {
		all.add(c)
	}
	return &cond.Node{Op: cond.Field, Type: typ, Slot: i}
}

// domain says what values a node can have.
func (a *abstraction) domain(n *cond.Node) term {
	t := term{typ: n.Type, missing: true}
	switch n.Op {
	case cond.Field:
		t.field = a.field(n)
	case cond.Metric:
		t.missing = false
		lo, hi := a.s.env.MetricLow[n.Slot], a.s.env.MetricHigh[n.Slot]
		t.low, t.high, t.step = end(lo), end(hi), a.s.m.step(n.Slot)
	case cond.Grade:
		t.missing, t.texts = false, a.s.env.GradeSets[n.Slot]
		t.made = a.grade(n.Slot)
	case cond.Count:
		t.missing, t.whole, t.log = false, true, n.Log
	case cond.Since:
		t.missing, t.whole, t.log, t.falls = false, true, n.Log, true
	case cond.Sum, cond.Value:
		t.missing = false
	case cond.Abs:
		t.positive = true
	case cond.Len:
		t.whole, t.made = true, a.length(n.Args[0])
	case cond.Days:
		t.whole, t.least = true, math.Inf(-1)
	}
	return t
}

func end(f float64) micro.M {
	switch {
	case math.IsInf(f, 1):
		return micro.Max
	case math.IsInf(f, -1):
		return micro.Min
	}
	return micro.Of(f)
}

// key identifies what a node computes.
func (a *abstraction) key(n *cond.Node) string {
	var b strings.Builder
	a.write(&b, n)
	return b.String()
}

func (a *abstraction) write(b *strings.Builder, n *cond.Node) {
	if n == nil {
		b.WriteString("-")
		return
	}
	fmt.Fprintf(b, "(%d %d %d %t %t %d %v %d %q %q", n.Op, n.Type, n.Space, n.Fold, n.Flag, n.Slot, n.Num, n.Time, n.Text, n.List)
	switch n.Op {
	case cond.Between:
		fmt.Fprintf(b, " %v %v", n.Lo, n.Hi)
	case cond.Within:
		fmt.Fprintf(b, " %d", n.Window)
	case cond.VM, cond.Call, cond.Foreign:
		fmt.Fprintf(b, " %T %q", n.Judge, n.Src)
	case cond.Field:
		if n.Space == cond.Activity && a.log != nil {
			fmt.Fprintf(b, " of %q", a.log.name)
		}
	}
	if n.Set != nil {
		fmt.Fprintf(b, " %v %q", n.Set.Nums, n.Set.Texts)
	}
	if n.Log != nil {
		fmt.Fprintf(b, " %d %t %d ", n.Log.Type, n.Log.ByAccount, n.Log.Window)
		a.write(b, n.Log.Where)
	}
	for _, x := range n.Args {
		a.write(b, x)
	}
	b.WriteString(")")
}
