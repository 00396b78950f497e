// Package chart draws curves over axes of powers of ten, as SVG.
package chart

import (
	"cmp"
	"fmt"
	"html"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Chart is a picture with one or more curves.
type Chart struct {
	Title string
	X, Y  string // what the axes count
	Lines []Line
}

// Line is one curve.
type Line struct {
	Name   string
	Points []Point
}

// Point is one measurement; both numbers are positive.
type Point struct{ X, Y float64 }

const (
	width, height            = 720, 440
	left, right, top, bottom = 84, 190, 48, 64
)

// colours tell curves apart, for people who see few colours too.
var colours = []string{"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00"}

// axis maps a positive number to a place between two.
type axis struct{ low, high, from, to float64 }

func (a axis) place(v float64) float64 {
	return a.from + (math.Log10(v)-a.low)/(a.high-a.low)*(a.to-a.from)
}

// scale makes an axis of whole powers of ten that holds all the values.
func scale(values []float64, from, to float64) axis {
	a := axis{low: math.Inf(1), high: math.Inf(-1), from: from, to: to}
	for _, v := range values {
		a.low, a.high = min(a.low, math.Floor(math.Log10(v))), max(a.high, math.Ceil(math.Log10(v)))
	}
	if a.low == a.high {
		a.high++
	}
	return a
}

// Write draws the chart. A chart without points is an error, and so is a point
// that has no logarithm.
func (c *Chart) Write(w io.Writer) error {
	var xs, ys []float64
	for _, l := range c.Lines {
		for _, p := range l.Points {
			if !(p.X > 0 && p.Y > 0) || math.IsInf(p.X+p.Y, 1) {
				return fmt.Errorf("chart: %s has the point %v, %v", l.Name, p.X, p.Y)
			}
			xs, ys = append(xs, p.X), append(ys, p.Y)
		}
	}
	if len(xs) == 0 {
		return fmt.Errorf("chart: %s has no points", c.Title)
	}
	x, y := scale(xs, left, width-right), scale(ys, height-bottom, top)
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n", width, height)
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n", html.EscapeString(c.Title))
	text(&b, left, 26, "start", `font-size="15" font-weight="bold"`, c.Title)
	for e := x.low; e <= x.high; e++ {
		px := x.place(math.Pow(10, e))
		grid(&b, px, top, px, height-bottom)
		text(&b, px, height-bottom+18, "middle", "", Number(math.Pow(10, e)))
	}
	for e := y.low; e <= y.high; e++ {
		py := y.place(math.Pow(10, e))
		grid(&b, left, py, width-right, py)
		text(&b, left-8, py+4, "end", "", Number(math.Pow(10, e)))
	}
	text(&b, (left+width-right)/2, height-18, "middle", "", c.X)
	fmt.Fprintf(&b, `<g transform="translate(18 %d) rotate(-90)">`, (top+height-bottom)/2)
	text(&b, 0, 0, "middle", "", c.Y)
	b.WriteString("</g>\n")
	for i, l := range c.Lines {
		l.draw(&b, x, y, colours[i%len(colours)])
	}
	c.names(&b, y)
	b.WriteString("</svg>\n")
	_, err := io.WriteString(w, b.String())
	return err
}

func (l *Line) draw(b *strings.Builder, x, y axis, colour string) {
	fmt.Fprintf(b, `<polyline fill="none" stroke="%s" stroke-width="2" points="`, colour)
	for i, p := range l.Points {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(b, "%.1f,%.1f", x.place(p.X), y.place(p.Y))
	}
	b.WriteString("\"/>\n")
	for _, p := range l.Points {
		fmt.Fprintf(b, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"><title>%s: %s, %s</title></circle>`+"\n",
			x.place(p.X), y.place(p.Y), colour, html.EscapeString(l.Name), Number(p.X), Number(p.Y))
	}
}

// names writes each curve's name beside its end, apart from the others.
func (c *Chart) names(b *strings.Builder, y axis) {
	type name struct {
		at     float64
		text   string
		colour string
	}
	var all []name
	for i, l := range c.Lines {
		if n := len(l.Points); n > 0 {
			all = append(all, name{y.place(l.Points[n-1].Y), l.Name, colours[i%len(colours)]})
		}
	}
	slices.SortStableFunc(all, func(a, b name) int { return cmp.Compare(a.at, b.at) })
	for i := range all {
		if i > 0 && all[i].at < all[i-1].at+16 {
			all[i].at = all[i-1].at + 16
		}
		text(b, width-right+10, all[i].at+4, "start", `fill="`+all[i].colour+`"`, all[i].text)
	}
}

func grid(b *strings.Builder, x1, y1, x2, y2 float64) {
	fmt.Fprintf(b, `<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#ddd"/>`+"\n", x1, y1, x2, y2)
}

func text(b *strings.Builder, x, y float64, anchor, attributes, s string) {
	if attributes != "" {
		attributes = " " + attributes
	}
	fmt.Fprintf(b, `<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>`+"\n", x, y, anchor, attributes, html.EscapeString(s))
}

// Number shows a positive number: below a thousand with three digits, else
// whole, with commas.
func Number(f float64) string {
	if f < 1000 {
		digits := max(0, 2-int(math.Floor(math.Log10(f))))
		s := strconv.FormatFloat(f, 'f', digits, 64)
		if strings.Contains(s, ".") {
			s = strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
		}
		return s
	}
	s := strconv.FormatFloat(f, 'f', 0, 64)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
