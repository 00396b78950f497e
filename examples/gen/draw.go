package main

import (
	"math"
	"math/rand/v2"
	"time"
)

// at is the moment that the accounts are made for; package examples scores
// them at the same one.
var at = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// draw is a seeded source of random choices.
type draw struct{ *rand.Rand }

func newDraw(seed uint64) draw { return draw{rand.New(rand.NewPCG(seed, 20261101))} }

// chance is true with a probability.
func (d draw) chance(p float64) bool { return d.Float64() < p }

// between gives an integer from lo to hi, both possible.
func (d draw) between(lo, hi int) int { return lo + d.IntN(hi-lo+1) }

// size gives a number between lo and hi such that each order of magnitude is
// as likely as the next, rounded to two digits as such data is. Only
// multiplications are used: unlike math.Pow they give the same bits everywhere.
func (d draw) size(lo, hi float64) float64 {
	steps := d.IntN(doublings(lo, hi) + 1)
	x := lo
	for range steps {
		x *= 2
	}
	return min(hi, twoDigits(x*(1+d.Float64())))
}

// doublings counts how often lo can be doubled before it passes hi.
func doublings(lo, hi float64) int {
	n := 0
	for x := lo * 2; x <= hi; x *= 2 {
		n++
	}
	return n
}

func twoDigits(x float64) float64 {
	unit := 1.0
	for x/unit >= 100 {
		unit *= 10
	}
	return math.Round(x/unit) * unit
}

// daysAgo gives a moment from lo to hi days before the scoring moment, in
// working hours.
func (d draw) daysAgo(lo, hi int) time.Time {
	day := at.AddDate(0, 0, -d.between(lo, hi))
	return day.Add(time.Duration(d.between(8*60, 18*60)) * time.Minute)
}

// pick gives one of the choices.
func pick[T any](d draw, choices ...T) T { return choices[d.IntN(len(choices))] }

// some gives each of the choices with a probability, in order.
func some(d draw, p float64, choices ...string) []string {
	chosen := []string{}
	for _, c := range choices {
		if d.chance(p) {
			chosen = append(chosen, c)
		}
	}
	return chosen
}
