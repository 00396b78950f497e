package accountscore

import (
	"testing"

	"github.com/stretchr/testify/require"
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
