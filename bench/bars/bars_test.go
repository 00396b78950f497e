package bars

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/bench/fixture"
	"github.com/accountscore/accountscore/bench/paired"
)

func TestMet(t *testing.T) {
	atMost, atLeast := Bar{Limit: 2}, Bar{Limit: 2, AtLeast: true}
	for _, c := range []struct {
		value           float64
		atMost, atLeast bool
	}{{1.99, true, false}, {2, true, true}, {2.01, false, true}, {math.NaN(), false, false}} {
		require.Equal(t, c.atMost, atMost.Met(Reading{Value: c.value}), c.value)
		require.Equal(t, c.atLeast, atLeast.Met(Reading{Value: c.value}), c.value)
	}
	require.True(t, (&Bar{Told: true}).Met(Reading{Value: 9}))
	require.Equal(t, "–", (&Bar{Told: true}).Wanted())
	failed := Outcome{Bar: &atMost, Err: errors.New("other scores")}
	require.False(t, failed.Met())
}

func TestRunAndWrite(t *testing.T) {
	all := []Bar{
		{Name: "one ÷ other", On: "mixed", Limit: 2, Measure: func(paired.Options) (Reading, error) {
			return Reading{Value: 1.234, Lower: 1.1, Upper: 12.34, Note: "1 ns against 2 ns"}, nil
		}},
		{Name: "one ÷ other", On: "hundred", Limit: 25, AtLeast: true, Measure: func(paired.Options) (Reading, error) {
			return Reading{Value: 3}, nil
		}},
		{Name: "void", On: "mixed", Limit: 1, Measure: func(paired.Options) (Reading, error) {
			return Reading{}, errors.New("another score")
		}},
		{Name: "near", On: "mixed", Limit: 1.8, Measure: func(paired.Options) (Reading, error) { return Reading{Value: 1.8004}, nil }},
		{Name: "near", On: "mixed", Limit: 1.8, Measure: func(paired.Options) (Reading, error) { return Reading{Value: 1.7996}, nil }},
		{Name: "told", On: "mixed", Told: true, Measure: func(paired.Options) (Reading, error) { return Reading{Value: 9}, nil }},
	}
	var told []string
	outcomes := Run(all, nil, paired.Options{}, func(b *Bar) { told = append(told, b.On) })
	require.Equal(t, []string{"mixed", "hundred", "mixed", "mixed", "mixed", "mixed"}, told)
	missed, promises := Missed(outcomes)
	require.Equal(t, [2]int{3, 5}, [2]int{missed, promises})
	var b strings.Builder
	Write(&b, outcomes)
	require.Equal(t, `| bar         | on      | wanted | measured | quartiles | met | times                |
| ----------- | ------- | ------ | -------- | --------- | --- | -------------------- |
| one ÷ other | mixed   | ≤ 2    | 1.23     | 1.10–12.3 | yes | 1 ns against 2 ns    |
| one ÷ other | hundred | ≥ 25   | 3        |           | no  |                      |
| void        | mixed   | ≤ 1    | –        |           | no  | error: another score |
| near        | mixed   | ≤ 1.80 | 1.8004   |           | no  |                      |
| near        | mixed   | ≤ 1.80 | 1.80     |           | yes |                      |
| told        | mixed   | –      | 9        |           | –   |                      |
`, b.String())
	require.Len(t, Run(all, []string{"Hundred"}, paired.Options{}, func(*Bar) {}), 1)
}

func TestDuration(t *testing.T) {
	for d, want := range map[time.Duration]string{7: "7 ns", 1234: "1.23 µs", 45678901: "45.7 ms", 2 * time.Second: "2 s"} {
		require.Equal(t, want, duration(d))
	}
}

// TestBarsAgree runs every bar for as short as can be: what a bar compares
// has the same scores, or it has no reading.
func TestBarsAgree(t *testing.T) {
	shortest := paired.Options{Slice: time.Microsecond, Rounds: 1}
	for _, b := range All(Size{Copies: 2, Companies: 500}) {
		if b.On == "generated" {
			continue // ten thousand rules take too long for a test
		}
		t.Run(b.On+"/"+b.Name, func(t *testing.T) {
			r, err := b.Measure(shortest)
			require.NoError(t, err)
			require.False(t, math.IsNaN(r.Value))
		})
	}
}

func TestAgreeTellsADifference(t *testing.T) {
	s := newSubject(fixture.EnterpriseSet())
	require.NoError(t, s.agree("by hand", s.handStruct))
	require.ErrorContains(t, s.agree("by hand", func(i int) float64 { return s.handStruct(i) + 1 }), "by hand scores enterprise account 0 as ")
}

func TestInOrderReadsTheWholeOrder(t *testing.T) {
	s := &subject{order: []uint16{3, 1, 2}}
	var read []uint16
	task := s.inOrder(func(part []uint16) float64 {
		read = append(read, part...)
		return 0
	})
	task(2)
	task(5)
	require.Equal(t, []uint16{3, 1, 2, 3, 1, 2, 3}, read)
}
