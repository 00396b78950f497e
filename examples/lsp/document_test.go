package main

import (
	"testing"
	"unicode/utf8"
)

// Positions count UTF-16 code units: an emoji is two, an arrow and an accented
// letter one, whatever their bytes.
func TestPositions(t *testing.T) {
	const text = "a → b\n🚀🚀 é → x\r\nlast\rz"
	d := newDocument("", 0, text)
	for _, c := range []struct {
		offset int
		at     position
	}{
		{0, position{0, 0}},
		{2, position{0, 2}},
		{5, position{0, 3}}, // after the arrow's three bytes
		{7, position{0, 5}}, // the line's end
		{8, position{1, 0}},
		{12, position{1, 2}},
		{16, position{1, 4}},
		{19, position{1, 6}},
		{23, position{1, 8}},
		{24, position{1, 9}},
		{25, position{1, 10}},
		{27, position{2, 0}},
		{32, position{3, 0}},
		{33, position{3, 1}},
	} {
		if got := d.position(c.offset); got != c.at {
			t.Errorf("offset %d is at %v, not %v", c.offset, got, c.at)
		}
		if got := d.offset(c.at); got != c.offset {
			t.Errorf("%v is at offset %d, not %d", c.at, got, c.offset)
		}
	}
	for _, c := range []struct {
		at   position
		want int
		why  string
	}{
		{position{1, 1}, 8, "inside the first emoji"},
		{position{1, 3}, 12, "inside the second emoji"},
		{position{0, 99}, 7, "beyond the line"},
		{position{1, 99}, 25, "beyond a line that ends in CR LF"},
		{position{9, 0}, len(text), "beyond the text"},
		{position{1<<32 - 1, 1<<32 - 1}, len(text), "as far as it goes"},
	} {
		if got := d.offset(c.at); got != c.want {
			t.Errorf("%s: offset %d, not %d", c.why, got, c.want)
		}
	}
}

func TestChanges(t *testing.T) {
	at := func(l1, c1, l2, c2 uint32) *span { return &span{position{l1, c1}, position{l2, c2}} }
	for _, c := range []struct {
		name, text string
		changes    []change
		want       string
	}{
		{"insert", "ab", []change{{at(0, 1, 0, 1), "→"}}, "a→b"},
		{"after an emoji", "🚀b", []change{{at(0, 2, 0, 2), "x"}}, "🚀xb"},
		{"an emoji goes", "a🚀b", []change{{at(0, 1, 0, 3), ""}}, "ab"},
		{"over lines", "one\r\ntwo\nthree", []change{{at(0, 2, 2, 2), "-"}}, "on-ree"},
		{"one after the other", "ab", []change{{at(0, 2, 0, 2), "\nc"}, {at(1, 0, 1, 1), "d"}}, "ab\nd"},
		{"whole", "ab", []change{{nil, "x\ny"}, {at(1, 0, 1, 0), "z"}}, "x\nzy"},
		{"reversed", "abc", []change{{at(0, 2, 0, 1), ""}}, "ac"},
		{"beyond", "abc", []change{{at(7, 2, 9, 1), "d"}}, "abcd"},
	} {
		d := newDocument("", 0, c.text)
		for _, change := range c.changes {
			d.apply(change)
		}
		if d.text != c.want {
			t.Errorf("%s: %q, not %q", c.name, d.text, c.want)
		}
	}
}

func FuzzPositions(f *testing.F) {
	f.Add("a → 🚀\r\nb\rc", 5)
	f.Fuzz(func(t *testing.T, text string, offset int) {
		d := newDocument("", 0, text)
		if offset < 0 || offset > len(text) || !utf8.ValidString(text) || offset < len(text) && !utf8.RuneStart(text[offset]) {
			return
		}
		if offset > 0 && offset < len(text) && text[offset-1] == '\r' && text[offset] == '\n' {
			return // no position is inside a line end
		}
		if got := d.offset(d.position(offset)); got != offset {
			t.Fatalf("offset %d became %d", offset, got)
		}
	})
}
