package main

import (
	"sort"
	"unicode/utf8"
)

// document is an open file. Offsets are bytes of its text; positions are
// lines and UTF-16 code units, as the protocol counts.
type document struct {
	uri     string
	version int
	text    string
	lines   []int // where each line begins
	dirty   bool  // its diagnostics are not published yet

	known *analysis // of the text, made when somebody asks
}

func newDocument(uri string, version int, text string) *document {
	d := &document{uri: uri, version: version}
	d.set(text)
	return d
}

func (d *document) set(text string) {
	d.text, d.known, d.dirty = text, nil, true
	d.lines = append(d.lines[:0], 0)
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\n', text[i] == '\r' && (i+1 == len(text) || text[i+1] != '\n'):
			d.lines = append(d.lines, i+1)
		}
	}
}

// apply makes one change of the text.
func (d *document) apply(c change) {
	if c.Range == nil {
		d.set(c.Text)
		return
	}
	from, to := d.offset(c.Range.Start), d.offset(c.Range.End)
	if from > to {
		from, to = to, from
	}
	d.set(d.text[:from] + c.Text + d.text[to:])
}

// lineEnd gives where a line ends, before its line break.
func (d *document) lineEnd(line int) int {
	if line+1 == len(d.lines) {
		return len(d.text)
	}
	end := d.lines[line+1] - 1
	if end > d.lines[line] && d.text[end] == '\n' && d.text[end-1] == '\r' {
		end--
	}
	return end
}

// offset gives the byte of a position. One beyond the end of its line is that
// end, one beyond the last line the end of the text, and one inside a
// character its beginning.
func (d *document) offset(p position) int {
	if uint64(p.Line) >= uint64(len(d.lines)) {
		return len(d.text)
	}
	i, end := d.lines[p.Line], d.lineEnd(int(p.Line))
	for units := uint32(0); i < end; {
		r, size := utf8.DecodeRuneInString(d.text[i:])
		if units += utf16Len(r); units > p.Character {
			break
		}
		i += size
	}
	return i
}

// position gives the position of a byte.
func (d *document) position(offset int) position {
	offset = min(max(offset, 0), len(d.text))
	line := sort.Search(len(d.lines), func(i int) bool { return d.lines[i] > offset }) - 1
	units := uint32(0)
	for _, r := range d.text[d.lines[line]:offset] {
		units += utf16Len(r)
	}
	return position{Line: uint32(line), Character: units}
}

// utf16Len gives the code units of a character in UTF-16.
func utf16Len(r rune) uint32 {
	if r >= 0x10000 {
		return 2
	}
	return 1
}

func (d *document) span(from, to int) span {
	return span{Start: d.position(from), End: d.position(to)}
}
