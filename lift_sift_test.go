package accountscore

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLiftSiftsOnlyWhatFails: sifting only saves work. Whatever values the fields
// of a set that is sifted out have, with whatever change of an activity or a
// contact beside them, the goal is not reached.
func TestLiftSiftsOnlyWhatFails(t *testing.T) {
	sifted, reached := 0, 0
	for seed := range uint64(400) {
		src, a := newRandom(83_000 + seed).smallLift()
		m := compile(t, src)
		l := newLifter(m.Explain(a, testMoment).subject, m.tierGoal(0))
		if l.reached() {
			l.close()
			continue
		}
		l.probe()
		l.levers()
		size := 2 + int(seed%2)
		f := &finder{lifter: l, live: slices.Repeat([]bool{true}, len(l.list)), size: size}
		f.sift()
		// every gives each way to have some fields of those from one on beside a set.
		var every func(set []*move, fields []int, from int)
		every = func(set []*move, fields []int, from int) {
			if len(set) < size {
				for i := from; i < len(l.fields); i++ {
					for _, mv := range l.fields[i].moves {
						every(append(slices.Clone(set), mv), append(slices.Clone(fields), i), i+1)
					}
				}
				return
			}
			if f.isApt(fields) {
				for _, i := range fields {
					require.Contains(t, f.candidates(len(fields)), l.fields[i].moves[0].slot)
				}
				if sifted%16 > 0 {
					return // nothing is claimed
				}
			} else {
				sifted++
			}
			if l.reaches(set) {
				reached++
				require.True(t, f.isApt(fields), "%v\n%s\n%+v", l.changes(set), src, a)
			}
		}
		for i := range l.others {
			for _, mv := range l.others[i].moves {
				if seed%20 < 2 || size == 2 {
					every([]*move{mv}, nil, 0)
				}
			}
		}
		l.close()
	}
	require.Greater(t, sifted, 1_000)
	require.Greater(t, reached, 100)
}

// TestLiftSiftingChangesNothing: with sifting and without a search finds the
// same sets, where neither is cut, and sifting saves tries.
func TestLiftSiftingChangesNothing(t *testing.T) {
	t.Parallel()
	compared, saved := 0, 0
	for seed := range uint64(80) {
		src, a := newRandom(84_000 + seed).smallLift()
		m := compile(t, src)
		x := m.Explain(a, testMoment)
		found := func(siftless bool) (sets []string, cut bool, work int) {
			l := newLifter(x.subject, m.tierGoal(0))
			defer l.close()
			if l.reached() {
				return nil, true, 0
			}
			l.siftless = siftless
			l.probe()
			l.levers()
			for _, set := range l.exact() {
				sets = append(sets, fmt.Sprint(l.changes(set)))
			}
			return sets, l.cut, l.work
		}
		with, cut, work := found(false)
		without, short, more := found(true)
		if cut || short {
			continue
		}
		compared++
		if more > work {
			saved++
		}
		require.Equal(t, without, with, "%d: %s\n%+v", seed, src, a)
	}
	require.Greater(t, compared, 40)
	require.Greater(t, saved, 5)
}
