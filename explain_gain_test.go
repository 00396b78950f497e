package accountscore

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// TestGainsAreTheWalk holds what each missing field could bring, which comes
// from the tables, to the range of a scoring that leaves only that field open.
func TestGainsAreTheWalk(t *testing.T) {
	gains := 0
	for seed := range uint64(400) {
		r := newRandom(30_000 + seed)
		m, src := randomModel(t, r)
		a := r.account(r.IntN(3) == 0)
		x := m.Explain(a, testMoment)
		// A model of more fields than an index is kept of looks them up.
		index := m.guide.trials
		m.guide.trials = nil
		require.Equal(t, x.Missing, m.Explain(a, testMoment).Missing, src)
		m.guide.trials = index
		for _, note := range x.Missing {
			s := m.scratch()
			s.traced = true
			s.run(a, testMoment)
			for i := range s.env.Open {
				s.env.Open[i] = m.fields[i].Name == note.Field
			}
			s.open = true
			s.conclude()
			score := s.score
			require.Equal(t, [2]float64{(score.high - score.at).Float(), (score.at - score.low).Float()}, [2]float64{note.Gain, note.Loss}, "%s, seed %d\n%s\n%+v", note.Field, seed, src, a)
			m.release(s)
			gains += count(note.Gain > 0 || note.Loss > 0)
		}
	}
	require.Greater(t, gains, 300)
}

// TestGainAlone: what a field brings alone counts no let open that reads others.
func TestGainAlone(t *testing.T) {
	m := compile(t, "field customer bool\nfield employees number\nlet big = employees > 500\nbig and customer → +10")
	missing := m.Explain(Account{}, testMoment).Missing
	require.Len(t, missing, 2)
	for _, n := range missing {
		require.Equal(t, [2]float64{0, 10}, [2]float64{n.Gain, n.TogetherGain}, n.Field)
	}
}

// TestTrialIndex: of a group that reads fields together it is noted once, and of
// more than a model should keep nothing is.
func TestTrialIndex(t *testing.T) {
	m := compile(t, "field a number\nfield b number\nbest of {\n a + b > 1 → +1\n a - b > 2 → +2\n}")
	for slot, readers := range m.trialIndex(nil, 2) {
		require.Len(t, readers, 1)
		require.Equal(t, []int{0}, readers[0].shared, slot)
	}
	require.Nil(t, m.trialIndex(nil, 1))
}

// TestCompositeLacks: the entry of a composite that the sums point at is of all
// that is missing; a field that is open lacks nothing.
func TestCompositeLacks(t *testing.T) {
	k := composite{parts: []compositePart{{slot: 0}, {slot: 1}}}
	for _, tt := range []struct {
		name string
		open []bool
		want bool
	}{
		{"both open", []bool{true, true}, false},
		{"one is missing", []bool{true, false}, true},
	} {
		require.Equal(t, tt.want, k.lacks(&cond.Env{Open: tt.open, Accounts: make(cond.Record, 2)}), tt.name)
	}
}
