package accountscore

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Measures of the text, in columns of a terminal: of the page, and of the
// points on its right.
const (
	pageWidth   = 100
	pointsWidth = 12
)

// Bounds of the text, so that the largest ruleset is still one that a person
// can open. Each part has a limit of its own: a thousand rules leave room for
// the total and the tiers.
const (
	maxDimensionsText = 600 << 10 // bytes
	maxDecisionsText  = 800 << 10
	maxNotesText      = 1000 << 10
	maxRowText        = 2000 // characters of one row
	maxTestRows       = 20   // tests of one rule
	maxNoteRows       = 100  // missing fields, and stale ones
)

// page is a text under construction.
type page struct {
	b       strings.Builder
	width   int // columns
	color   bool
	risk    bool // points are bad
	limit   int  // bytes; what is written beyond it is counted and dropped
	dropped int  // rows
}

// part begins a part of the text, which ends at a limit.
func (p *page) part(limit int) { p.limit = limit }

// close ends a part and says what it left out.
func (p *page) close() {
	if p.dropped > 0 {
		p.put("    ", "… and "+counted(p.dropped, "more row", "more rows")+" that the text has no room for", "")
		p.dropped = 0
	}
}

// full tells whether the part has no room for one more row, and counts it.
func (p *page) full() bool {
	if p.b.Len() < p.limit {
		return false
	}
	p.dropped++
	return true
}

func (p *page) gap() {
	if p.b.Len() < p.limit {
		p.b.WriteByte('\n')
	}
}

// line writes a line that is laid out already, with its points on the right.
func (p *page) line(indent, left, right string) {
	if !p.full() {
		p.put(indent, left, right)
	}
}

// put writes a line. Points that have no room beside it follow on their own.
func (p *page) put(indent, left, right string) {
	left = strings.TrimRight(left, " ")
	if left == "" {
		indent = strings.TrimRight(indent, " ")
	}
	taken := columns(indent) + columns(left)
	p.styled(indent, markStyle(indent))
	p.styled(left, headingStyle(indent))
	if right != "" && p.width-taken-columns(right) < 1 {
		p.b.WriteByte('\n')
		taken = 0
	}
	if right != "" {
		p.b.WriteString(strings.Repeat(" ", max(0, p.width-taken-columns(right))))
		p.styled(right, p.pointsStyle(right))
	}
	p.b.WriteByte('\n')
}

// row writes a text after its indent, broken over lines where it must be,
// with its points on the right of the first. An empty text writes nothing.
func (p *page) row(indent, text, right string) {
	if text == "" || p.full() {
		return
	}
	text = visible(shorten(text, maxRowText))
	width := p.width - columns(indent)
	narrow := width
	if right != "" {
		narrow -= max(pointsWidth, columns(right)+1)
	}
	for text != "" {
		var line string
		line, text = breakLine(text, narrow)
		p.put(indent, line, right)
		indent, right = strings.Repeat(" ", columns(indent)), ""
	}
}

// The styles are those of ANSI terminals. Nothing is told by colour alone.
const (
	plain  = ""
	bold   = "1"
	red    = "31"
	green  = "32"
	yellow = "33"
)

func (p *page) styled(s, style string) {
	if !p.color || style == plain || s == "" {
		p.b.WriteString(s)
		return
	}
	p.b.WriteString("\x1b[" + style + "m" + s + "\x1b[0m")
}

func headingStyle(indent string) string {
	if indent == "" {
		return bold
	}
	return plain
}

func markStyle(indent string) string {
	switch strings.TrimSpace(indent) {
	case "✓":
		return green
	case "✗", "⊘":
		return red
	case "?", "!":
		return yellow
	}
	return plain
}

func (p *page) pointsStyle(right string) string {
	more, less := green, red
	if p.risk {
		more, less = less, more
	}
	switch right = strings.TrimPrefix(right, "("); {
	case strings.HasPrefix(right, "+"):
		return more
	case strings.HasPrefix(right, "-"):
		return less
	case strings.HasPrefix(right, "0"):
		return plain
	}
	return bold
}

// breakLine takes what fits off a text, at a space where there is one.
func breakLine(s string, width int) (line, rest string) {
	end, space, n := len(s), -1, 0
	for i, r := range s {
		if n += runeColumns(r); n > width {
			end = i
			break
		}
		if r == ' ' && n > width/2 {
			space = i
		}
	}
	switch {
	case end == len(s):
		return s, ""
	case s[end] == ' ' || space < 0:
		return s[:end], strings.TrimLeft(s[end:], " ")
	}
	return s[:space], strings.TrimLeft(s[space:], " ")
}

// clip shortens a text to a number of columns.
func clip(s string, most int) string {
	if columns(s) <= most {
		return s
	}
	n := 0
	for i, r := range s {
		if n += runeColumns(r); n > most-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// shorten cuts a text after a number of characters.
func shorten(s string, most int) string {
	if len(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// columns is how many columns of a terminal a text takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

// wide are the characters that take two columns: those of East Asian scripts
// in their full width, and pictures.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x1100, Hi: 0x115f, Stride: 1}, // Hangul that begins a syllable
		{Lo: 0x231a, Hi: 0x231b, Stride: 1},
		{Lo: 0x23e9, Hi: 0x23f3, Stride: 1},
		{Lo: 0x2614, Hi: 0x2615, Stride: 1},
		{Lo: 0x2648, Hi: 0x2653, Stride: 1},
		{Lo: 0x26a1, Hi: 0x26a1, Stride: 1},
		{Lo: 0x26bd, Hi: 0x26be, Stride: 1},
		{Lo: 0x2705, Hi: 0x2705, Stride: 1},
		{Lo: 0x270a, Hi: 0x270b, Stride: 1},
		{Lo: 0x2728, Hi: 0x2728, Stride: 1},
		{Lo: 0x274c, Hi: 0x274e, Stride: 2},
		{Lo: 0x2753, Hi: 0x2757, Stride: 1},
		{Lo: 0x2b50, Hi: 0x2b50, Stride: 1},
		{Lo: 0x2e80, Hi: 0x303e, Stride: 1}, // radicals and punctuation
		{Lo: 0x3041, Hi: 0xa4cf, Stride: 1}, // kana, ideographs, Yi
		{Lo: 0xa960, Hi: 0xa97f, Stride: 1},
		{Lo: 0xac00, Hi: 0xd7a3, Stride: 1}, // Hangul
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1},
		{Lo: 0xfe10, Hi: 0xfe19, Stride: 1},
		{Lo: 0xfe30, Hi: 0xfe6f, Stride: 1},
		{Lo: 0xff01, Hi: 0xff60, Stride: 1}, // full-width forms
		{Lo: 0xffe0, Hi: 0xffe6, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x16fe0, Hi: 0x1b2ff, Stride: 1},
		{Lo: 0x1f000, Hi: 0x1f1e5, Stride: 1},
		{Lo: 0x1f200, Hi: 0x1f9ff, Stride: 1}, // without the letters, two of which make a flag
		{Lo: 0x1fa70, Hi: 0x1faff, Stride: 1},
		{Lo: 0x20000, Hi: 0x3fffd, Stride: 1},
	},
}

// runeColumns is how many columns a character takes. A mark that stands on
// the character before it takes none, but for the one that makes a picture of
// it.
func runeColumns(r rune) int {
	const selector = 0xfe0f
	switch {
	case r < 0x300:
		return 1
	case r == zeroJoiner || r >= 0x1160 && r <= 0x11ff || r >= 0xd7b0 && r <= 0xd7ff:
		return 0 // what a Hangul syllable goes on with stands in its place
	case r != selector && unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// zeroJoiner, of no width, makes one picture of those beside it.
const zeroJoiner = '\u200d'

// picture tells whether a character is one that joins with others, or a mark
// that stands on one.
func picture(r rune) bool {
	return r == 0xfe0f || r >= 0x1f000 && r <= 0x1faff || r >= 0x2190 && r <= 0x2bff
}

// visible escapes what a terminal could act upon: control characters, marks
// that turn the direction of writing, and bytes that are no text. A joiner
// stays between two pictures.
func visible(s string) string {
	if !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == unicode.ReplacementChar }) {
		return s
	}
	var b strings.Builder
	before := rune(0)
	for i, r := range s {
		joins := false
		if r == zeroJoiner && picture(before) {
			after, _ := utf8.DecodeRuneInString(s[i+utf8.RuneLen(zeroJoiner):])
			joins = picture(after)
		}
		if before = r; joins || unicode.IsPrint(r) {
			b.WriteRune(r)
			continue
		}
		quoted := strconv.QuoteRune(r)
		b.WriteString(quoted[1 : len(quoted)-1])
	}
	return b.String()
}
