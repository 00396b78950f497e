package chart

import (
	"encoding/xml"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWriteDrawsEveryPoint(t *testing.T) {
	c := Chart{Title: "Cost & size", X: "rules", Y: "ns", Lines: []Line{
		{"map", []Point{{1, 10}, {10, 100}, {100, 1000}}},
		{"<table>", []Point{{1, 5}, {100, 900}}},
	}}
	var b strings.Builder
	require.NoError(t, c.Write(&b))
	svg := b.String()
	// It is well-formed, with names escaped.
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		_, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
	}
	require.Equal(t, 5, strings.Count(svg, "<circle "))
	require.Contains(t, svg, "Cost &amp; size")
	require.Contains(t, svg, "&lt;table&gt;")
	// Equal factors are equal steps on the paper.
	x := scale([]float64{1, 100}, 0, 200)
	require.InDelta(t, 100, x.place(10), 1e-9)
}

func TestWriteRefusesWhatHasNoLogarithm(t *testing.T) {
	for _, p := range []Point{{0, 1}, {1, 0}, {-1, 1}, {math.NaN(), 1}, {1, math.Inf(1)}} {
		c := Chart{Lines: []Line{{"bad", []Point{p}}}}
		require.Error(t, c.Write(io.Discard))
	}
	require.Error(t, (&Chart{}).Write(io.Discard))
}

func TestNamesKeepApart(t *testing.T) {
	c := Chart{Lines: []Line{{"a", []Point{{1, 10}}}, {"b", []Point{{1, 10}}}, {"c", []Point{{1, 10.1}}}}}
	var b strings.Builder
	require.NoError(t, c.Write(&b))
	places := map[string]bool{}
	for _, line := range strings.Split(b.String(), "\n") {
		if strings.Contains(line, `x="540.0"`) {
			places[line[:strings.Index(line, " text-anchor")]] = true
		}
	}
	require.Len(t, places, 3)
}

func TestNumber(t *testing.T) {
	for f, want := range map[float64]string{0.01: "0.01", 0.123: "0.123", 1: "1", 1.5: "1.5", 100: "100", 999: "999",
		1000: "1,000", 1e7: "10,000,000", 12.34: "12.3"} {
		require.Equal(t, want, Number(f))
	}
}
