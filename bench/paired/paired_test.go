package paired

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// clock is a clock that only tasks move.
type clock struct{ at time.Time }

func withClock(t *testing.T) *clock {
	c := &clock{time.Unix(0, 0)}
	ticks = func() time.Time { return c.at }
	wall = ticks
	t.Cleanup(func() { ticks, wall = cpu, time.Now })
	return c
}

// takes makes a task that takes so long an operation.
func (c *clock) takes(d time.Duration) Task {
	return func(n int) { c.at = c.at.Add(time.Duration(n) * d) }
}

func TestMeasureGivesTheRatioPerOperation(t *testing.T) {
	c := withClock(t)
	r := Measure(c.takes(700*time.Nanosecond), c.takes(200*time.Nanosecond), Options{})
	require.InDelta(t, 3.5, r.Median, 1e-9)
	require.InDelta(t, 3.5, r.Lower, 1e-9)
	require.InDelta(t, 3.5, r.Upper, 1e-9)
	require.Equal(t, 700*time.Nanosecond, r.A)
	require.Equal(t, 200*time.Nanosecond, r.B)
	require.Equal(t, DefaultRounds, r.Rounds)
}

func TestMeasureIsNotMovedByWhatSlowsBothDown(t *testing.T) {
	c := withClock(t)
	calls := 0
	// Both take longer and longer, as on a machine that gets busier.
	slowing := func(d time.Duration) Task {
		return func(n int) {
			calls++
			c.at = c.at.Add(time.Duration(float64(n) * float64(d) * (1 + float64(calls)/50)))
		}
	}
	r := Measure(slowing(3*time.Microsecond), slowing(time.Microsecond), Options{Rounds: 51})
	require.InDelta(t, 3, r.Median, 0.05)
}

func TestMeasureStopsWithinItsBudget(t *testing.T) {
	c := withClock(t)
	o := Options{Slice: time.Millisecond, Rounds: 1000, Budget: 50 * time.Millisecond}
	r := Measure(c.takes(time.Microsecond), c.takes(time.Microsecond), o)
	require.InDelta(t, 26, r.Rounds, 1)
	// A slow operation still gets the least number of rounds.
	r = Measure(c.takes(time.Second), c.takes(time.Second), o)
	require.Equal(t, MinRounds, r.Rounds)
}

func TestCalibrateFillsASlice(t *testing.T) {
	c := withClock(t)
	require.Equal(t, 3000, calibrate(c.takes(time.Microsecond), Options{Slice: 3 * time.Millisecond}))
	require.Equal(t, 1, calibrate(c.takes(time.Second), Options{Slice: 3 * time.Millisecond}))
	require.Positive(t, calibrate(c.takes(0), Options{Slice: 3 * time.Millisecond}))
}

func TestCalibrateIsNotMisledByAStall(t *testing.T) {
	c := withClock(t)
	calls, quick := 0, c.takes(time.Microsecond)
	stalling := func(n int) {
		if calls++; calls == 1 || calls == 4 {
			c.at = c.at.Add(100 * time.Millisecond)
		}
		quick(n)
	}
	require.Equal(t, 3000, calibrate(stalling, Options{Slice: 3 * time.Millisecond}))
}

func TestQuantile(t *testing.T) {
	values := []float64{40, 10, 30, 20}
	require.Equal(t, 25.0, Quantile(values, 0.5))
	require.Equal(t, 10.0, Quantile(values, 0))
	require.Equal(t, 40.0, Quantile(values, 1))
	require.Equal(t, 17.5, Quantile(values, 0.25))
	require.Equal(t, []float64{40, 10, 30, 20}, values)
	require.Equal(t, 7.0, Quantile([]float64{7}, 0.9))
	require.True(t, math.IsNaN(Quantile(nil, 0.5)))
}
