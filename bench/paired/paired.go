// Package paired compares how long two things take. On a machine that others
// share, absolute times move by half within minutes; the ratio of two things
// that take turns every few milliseconds hardly moves.
package paired

import (
	"math"
	"slices"
	"time"
)

// Task does an operation n times. It goes on from where its last call left
// off, so that a long order of inputs is read to its end.
type Task func(n int)

// Options say how long to measure. The zero Options measure 101 rounds of
// 3 ms a side.
type Options struct {
	Slice  time.Duration // of one side of one round
	Rounds int
	Budget time.Duration // no more rounds after this long, but at least MinRounds; zero: none
	Wall   bool          // by the wall clock: for what runs on several processors
}

// The clocks of the tasks and of the budget; tests have their own. On Linux
// ticks counts the processor time of this process, elsewhere it is the wall
// clock.
var (
	ticks = cpu
	wall  = time.Now
)

// What the zero Options stand for.
const (
	DefaultSlice  = 3 * time.Millisecond
	DefaultRounds = 101
)

// MinRounds are measured whatever the budget.
const MinRounds = 7

func (o Options) filled() Options {
	if o.Slice <= 0 {
		o.Slice = DefaultSlice
	}
	if o.Rounds <= 0 {
		o.Rounds = DefaultRounds
	}
	return o
}

// Ratio is how many times as long A takes as B: the median over the rounds,
// and the quartiles.
type Ratio struct {
	Median, Lower, Upper float64
	A, B                 time.Duration // the median time of one operation, for orientation only
	Rounds               int
}

// Measure lets a and b take turns and gives the ratio of their times per
// operation.
func Measure(a, b Task, o Options) Ratio {
	times := Turns(o, a, b)
	ratios := make([]float64, len(times))
	as, bs := make([]float64, len(times)), make([]float64, len(times))
	for i, t := range times {
		ratios[i], as[i], bs[i] = t[0]/t[1], t[0], t[1]
	}
	r := Of(ratios)
	r.A, r.B = time.Duration(Quantile(as, 0.5)), time.Duration(Quantile(bs, 0.5))
	return r
}

// Of gives the median and the quartiles of ratios, one a round.
func Of(ratios []float64) Ratio {
	return Ratio{Median: Quantile(ratios, 0.5), Lower: Quantile(ratios, 0.25), Upper: Quantile(ratios, 0.75), Rounds: len(ratios)}
}

// Turns lets tasks take turns and gives, for each round, the nanoseconds of
// one operation of each. Who goes first changes every round, so that what
// grows or falls with time hits all alike.
func Turns(o Options, tasks ...Task) [][]float64 {
	o = o.filled()
	counts := make([]int, len(tasks))
	for i, t := range tasks {
		counts[i] = calibrate(t, o)
	}
	var rounds [][]float64
	began := wall()
	for i := range o.Rounds {
		times := make([]float64, len(tasks))
		for j := range tasks {
			k := (i + j) % len(tasks)
			times[k] = perOp(tasks[k], counts[k], o)
		}
		rounds = append(rounds, times)
		if o.Budget > 0 && wall().Sub(began) > o.Budget && i+1 >= MinRounds {
			break
		}
	}
	return rounds
}

// calibrate gives how many operations fill a slice, at least one. It also
// warms the task up. A call during which something else took the processor, such
// as the collection of what came before, must not pass for a slow task: slices
// of a few fast operations would measure the clock. So it takes the least of
// three.
func calibrate(t Task, o Options) int {
	for n := 1; ; n *= 2 {
		took := perOp(t, n, o) * float64(n)
		for range 2 {
			if took >= float64(o.Slice)/2 {
				took = min(took, perOp(t, n, o)*float64(n))
			}
		}
		if took >= float64(o.Slice)/2 || n >= 1<<30 {
			return max(1, int(math.Round(float64(n)*float64(o.Slice)/took)))
		}
	}
}

// perOp gives the time of one operation in nanoseconds.
func perOp(t Task, n int, o Options) float64 {
	now := ticks
	if o.Wall {
		now = wall
	}
	began := now()
	t(n)
	return max(float64(now().Sub(began)), 1) / float64(n)
}

// Quantile gives the q-th quantile of the values, between the two nearest
// where it falls between. It is NaN of none.
func Quantile(values []float64, q float64) float64 {
	if len(values) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(values))
	at := q * float64(len(sorted)-1)
	i := int(at)
	if i+1 >= len(sorted) {
		return sorted[len(sorted)-1]
	}
	return sorted[i] + (at-float64(i))*(sorted[i+1]-sorted[i])
}
