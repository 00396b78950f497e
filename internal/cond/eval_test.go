package cond

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func constant(t Tri) *Node {
	if t == Unknown {
		return &Node{Op: Field, Type: Bool} // slot 0 is unset
	}
	return &Node{Op: Const, Type: Bool, Flag: t == True}
}

// TestKleene holds and, or, not and the ternary to Kleene's tables.
func TestKleene(t *testing.T) {
	e := &Env{Accounts: make(Record, 1)}
	for _, a := range []Tri{Unknown, False, True} {
		for _, b := range []Tri{Unknown, False, True} {
			and, or := True, False
			switch {
			case a == False || b == False:
				and = False
			case a == Unknown || b == Unknown:
				and = Unknown
			}
			switch {
			case a == True || b == True:
				or = True
			case a == Unknown || b == Unknown:
				or = Unknown
			}
			args := []*Node{constant(a), constant(b)}
			assert.Equal(t, and, (&Node{Op: And, Type: Bool, Args: args}).Truth(e))
			assert.Equal(t, or, (&Node{Op: Or, Type: Bool, Args: args}).Truth(e))
			pick := &Node{Op: If, Type: Bool, Args: []*Node{constant(a), constant(b), constant(True)}}
			want := Unknown
			if a == True {
				want = b
			} else if a == False {
				want = True
			}
			assert.Equal(t, want, pick.Truth(e))
		}
	}
	assert.Equal(t, Unknown, Unknown.Not())
}

func TestArithmetic(t *testing.T) {
	for _, c := range []struct {
		op   Op
		a, b float64
		want float64
		ok   bool
	}{
		{Add, 1, 2, 3, true}, {Sub, 1, 2, -1, true}, {Mul, 3, 2, 6, true}, {Div, 7, 2, 3.5, true}, {Div, 1, 0, 0, false},
		{Mod, 7, 2, 1, true}, {Mod, -7, 2, -1, true}, {Mod, 7.5, 2, 1.5, true}, {Mod, 1, 0, 0, false},
		{Sub, math.Inf(1), math.Inf(1), 0, false},
	} {
		got, ok := arithmetic(c.op, c.a, c.b)
		assert.Equal(t, c.ok, ok)
		assert.Equal(t, c.want, got)
	}
}

func TestWholeDays(t *testing.T) {
	day := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	for after, want := range map[time.Duration]int64{
		0: 0, 24*time.Hour - 1000: 0, 24 * time.Hour: 1, -1000: -1, -24 * time.Hour: -1, -25 * time.Hour: -2,
	} {
		assert.Equal(t, want, WholeDays(day.UnixMicro(), day.Add(after).UnixMicro()), after)
	}
}

func TestFold(t *testing.T) {
	for _, pair := range [][2]string{{"Straße", "STRAßE"}, {"KELVIN", "\u212Aelvin"}, {"ΣΑΣ", "σας"}, {"abc", "ABC"}} {
		assert.Equal(t, Fold(pair[0]), Fold(pair[1]))
	}
	assert.NotEqual(t, Fold("ss"), Fold("ß"))
	assert.Equal(t, "plain ascii", Fold("plain ascii"))
}

// TestFoldRooms holds folding in whatever room to one folding, that of every
// character by itself.
func TestFoldRooms(t *testing.T) {
	var room []byte
	var all []string
	for _, s := range []string{"", "a", "A", "plain", "Kelvin \u212A", "ẞß", "\xff\xfeA", "ΣΑΣ", strings.Repeat("Ü", 200), strings.Repeat("x", 300) + "Y", strings.Repeat("\xff", 200)} {
		var want strings.Builder
		for _, r := range s {
			want.WriteRune(foldRune(r))
		}
		if utf8.ValidString(s) {
			assert.LessOrEqual(t, want.Len(), len(s), "%q", s)
			assert.False(t, Beyond(s, want.Len()), "%q", s)
		}
		var f Folder
		assert.Equal(t, want.String(), f.Fold(s))
		assert.Equal(t, want.String(), Fold(s))
		all = append(all, FoldInto(&room, s))
		assert.Equal(t, want.String(), all[len(all)-1])
	}
	for i, s := range all { // the room has grown since
		assert.Equal(t, Fold(s), s, i)
	}
	for r := rune(0); r <= unicode.MaxRune; r++ {
		if f := foldRune(r); utf8.RuneLen(f) > utf8.RuneLen(r) || utf8.RuneLen(r) > 3*utf8.RuneLen(f) {
			assert.Negative(t, utf8.RuneLen(r), "%U", r)
		}
	}
}

func TestFoldLongTexts(t *testing.T) {
	for _, n := range []int{10, foldRoom - 2, foldRoom, longRoom - 2, longRoom, 3 * longRoom} {
		s := strings.Repeat("Ü", n/2)
		for op, part := range map[Op]string{Contains: "üÜü", Starts: "Ü", Ends: "ü", HasWord: s} {
			assert.True(t, testText(op, s, part, true), "%d %v", n, op)
			assert.False(t, testText(op, s, part+"x", true), "%d %v", n, op)
		}
		assert.Equal(t, n <= longRoom, testing.AllocsPerRun(5, func() { testText(Contains, s, "üÜü", true) }) == 0, n)
	}
}

func TestHasWord(t *testing.T) {
	for _, c := range []struct {
		s, word string
		want    bool
	}{
		{"VP of Sales", "VP", true}, {"SVP of Sales", "VP", false}, {"SVP, VP", "VP", true}, {"VPs", "VP", false},
		{"Vice President, EMEA", "Vice President", true}, {"Chief-Officer", "Chief", true}, {"", "VP", false}, {"VP", "", false},
		{"Überchef", "chef", false}, {"C++ dev", "C++", true},
	} {
		assert.Equal(t, c.want, hasWord(c.s, c.word), "%q in %q", c.word, c.s)
	}
}

func TestLogWindow(t *testing.T) {
	at := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC).UnixMicro()
	e := &Env{At: at, Events: []Event{{At: at}, {At: at - 10*Day}, {At: at - 10*Day - 1}, {At: at + 1}, {Type: 1, At: at}, {At: at - 1}}, Own: 5}
	count := func(l Log) float64 {
		f, ok := (&Node{Op: Count, Type: Number, Log: &l}).Number(e)
		require.True(t, ok)
		return f
	}
	assert.Equal(t, 3.0, count(Log{Window: 10 * Day}), "both ends are inside, the future is not")
	assert.Equal(t, 4.0, count(Log{Window: -1}))
	assert.Equal(t, 3.0, count(Log{Window: -1, ByAccount: true}))
	assert.Equal(t, Tally{Counted: 3, Future: 1, Outside: 1}, (&Log{Window: 10 * Day}).Tally(e))
	assert.Equal(t, Tally{Counted: 3, Future: 1, Others: 1}, (&Log{Window: -1, ByAccount: true}).Tally(e), "the last one is a contact's")
	since, _ := (&Node{Op: Since, Type: Number, Log: &Log{Type: 7, Window: -1}}).Number(e)
	assert.True(t, math.IsInf(since, 1), "no such activity is longer ago than any number")
}

// TestProgramGuard refuses what a condition may not do on expr's machine.
func TestProgramGuard(t *testing.T) {
	list := []*Node{{Op: Const, Type: List, List: []string{"a", "bb"}}}
	for _, src := range []string{
		`len(filter(_0, # != "a")) + 1`, `reduce(_0, # + #acc, "")`, `len(1..1000000) > 3`, `_0 ?? _0[0]`,
		`let x = 5; x > 3`, `2 ** 3 > 7`, `$env != nil`, `{"a": 1}.a > 0`, `_0[0] == "a"`, `any(_0, # matches _0[0])`, `sortBy(_0, #)[0] == "a"`,
	} {
		p, err := NewProgram(src, Bool, list)
		assert.Error(t, err, src)
		assert.Nil(t, p, src)
	}
	for src, want := range map[string]Tri{
		`any(_0, # == "bb")`: True, `all(_0, len(#) > 1)`: False, `count(_0, # startsWith "b") == 1`: True,
		`any(_0, _div(1.0, len(#) - 1) > 0)`: Unknown, `any(_0, _mod(len(#), 2.0) == 0)`: True,
	} {
		p, err := NewProgram(src, Bool, list)
		require.NoError(t, err, src)
		assert.Equal(t, want, (&Node{Op: VM, Type: Bool, Args: list, VM: p}).Truth(&Env{}), src)
	}
}

func TestCallNeverPanics(t *testing.T) {
	for name, fn := range map[string]func([]any) (any, error){
		"panic": func([]any) (any, error) { panic("boom") },
		"error": func([]any) (any, error) { return nil, errDivision },
		"type":  func([]any) (any, error) { return "text", nil },
		"nan":   func([]any) (any, error) { return math.NaN(), nil },
		"inf":   func([]any) (any, error) { return math.Inf(1), nil },
	} {
		_, ok := (&Node{Op: Call, Type: Number, Fn: fn}).Number(&Env{})
		assert.False(t, ok, name)
	}
	called := false
	missing := &Node{Op: Call, Type: Bool, Args: []*Node{{Op: Field, Type: Number}},
		Fn: func([]any) (any, error) { called = true; return true, nil }}
	assert.Equal(t, Unknown, missing.Truth(&Env{Accounts: make(Record, 1)}))
	assert.False(t, called, "a call with a missing argument is not made")
}

// TestPossible holds that whatever open values turn out to be, the truth is
// among those that were possible, over random trees.
func TestPossible(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	values := []float64{-2, -1, 0, 0.5, 1, 2, 100}
	for range 6_000 {
		tree := randomTree(r, 4)
		e := &Env{Accounts: make(Record, 3), Open: make([]bool, 3)}
		for i := range e.Accounts {
			if e.Open[i] = r.IntN(2) == 0; !e.Open[i] {
				e.Accounts[i] = Slot{State: Known, Num: values[r.IntN(7)], Flag: r.IntN(2) == 0}
			}
		}
		possible := tree.Possible(e)
		require.True(t, possible.Has(tree.Truth(e)), "staying missing")
		for range 40 {
			learnt := &Env{Accounts: append(Record(nil), e.Accounts...)}
			for i, open := range e.Open {
				if open && r.IntN(4) > 0 {
					learnt.Accounts[i] = Slot{State: Known, Num: values[r.IntN(7)], Flag: r.IntN(2) == 0}
				}
			}
			require.True(t, possible.Has(tree.Truth(learnt)), "%+v", learnt.Accounts)
		}
	}
}

func randomTree(r *rand.Rand, depth int) *Node {
	pick := r.IntN(12)
	if depth == 0 {
		pick = 3 + r.IntN(9)
	}
	sub := func() *Node { return randomTree(r, depth-1) }
	number := func() *Node { return randomNumber(r, 2) }
	switch pick {
	case 0:
		return &Node{Op: []Op{And, Or}[r.IntN(2)], Type: Bool, Args: []*Node{sub(), sub(), sub()}}
	case 1:
		return &Node{Op: Not, Type: Bool, Args: []*Node{sub()}}
	case 2:
		return &Node{Op: []Op{If, Else}[r.IntN(2)], Type: Bool, Args: []*Node{sub(), sub(), sub()}}
	case 3:
		if r.IntN(2) == 0 {
			return &Node{Op: Field, Type: Bool, Slot: r.IntN(3)}
		}
		return &Node{Op: Missing, Type: Bool, Args: []*Node{number()}}
	case 4:
		return &Node{Op: Between, Type: Bool, Args: []*Node{number()}, Lo: Bound{Num: -1, Open: r.IntN(2) == 0}, Hi: Bound{Num: 1, Open: r.IntN(2) == 0, Unbounded: r.IntN(3) == 0}}
	case 5:
		return &Node{Op: OneOf, Type: Bool, Args: []*Node{number()}, Set: NewSet([]float64{0, 2}, nil, false)}
	}
	return &Node{Op: []Op{Eq, Ne, Lt, Le, Gt, Ge}[pick-6], Type: Bool, Args: []*Node{number(), number()}}
}

func randomNumber(r *rand.Rand, depth int) *Node {
	if depth == 0 || r.IntN(3) == 0 {
		if r.IntN(2) == 0 {
			return &Node{Op: Const, Type: Number, Num: []float64{-1, 0, 1, 2}[r.IntN(4)]}
		}
		return &Node{Op: Field, Type: Number, Slot: r.IntN(3)}
	}
	a, b := randomNumber(r, depth-1), randomNumber(r, depth-1)
	switch op := []Op{Add, Sub, Mul, Div, Mod, Min, Max, Else, Neg, Abs, Round, Floor, Ceil, If}[r.IntN(14)]; op {
	case Neg, Abs, Round, Floor, Ceil:
		return &Node{Op: op, Type: Number, Args: []*Node{a}}
	case If:
		return &Node{Op: op, Type: Number, Args: []*Node{randomTree(r, 0), a, b}}
	default:
		return &Node{Op: op, Type: Number, Args: []*Node{a, b}}
	}
}
