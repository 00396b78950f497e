package dsl

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"
)

// Format lays a text out anew: indentation by blocks, arrows and columns
// aligned, one spelling of arrows, quotes and dashes. Comments, the order of
// statements, the author's groups of lines and the wording of conditions stay.
// A text that does not parse is an error, and an ErrorList. Formatting twice
// changes nothing more.
func Format(src []byte) ([]byte, error) {
	before, errs := Parse("", src)
	if err := errs.Err(); err != nil {
		return nil, err
	}
	out := layOut(strings.TrimPrefix(string(src), "\uFEFF"))
	// The layout follows the parser's rules of where a line goes on. Should
	// they ever part, the author's text stands.
	after, errs := Parse("", out)
	if len(errs) > 0 || !bytes.Equal(before.Format(), after.Format()) {
		return slices.Clone(src), nil
	}
	return out, nil
}

// layOut formats a text that parses.
func layOut(src string) []byte {
	l := layout{lexed: lex(src, 0, len(src), Pos{Line: 1, Column: 1}, 0, false)}
	l.cut()
	l.classify()
	l.align()
	return l.write()
}

// layout is a text on its way to its new shape.
type layout struct {
	*lexed
	rows []layoutRow
}

// layoutRow is one line: tokens, a comment at its end, or both.
type layoutRow struct {
	toks    []token
	comment string
	blank   bool // a blank line stands before it

	depth  int     // of the block that it stands in
	kind   rowKind // rows of one kind, one after another, share columns
	hang   bool    // it goes on with the statement above
	values bool    // it assigns values, whose texts need no quotes
	cells  []string
	indent int // more than its depth's, of a row that hangs
}

// rowKind says how a row is cut into cells.
type rowKind uint8

const (
	plainRow    rowKind = iota
	ruleRow             // [label:] condition → points …
	paramRow            // param: word, name, the rest
	letRow              // let: word, name, the rest
	fieldRow            // field: word and name, type, the rest
	triggerRow          // trigger: word, name, the rest
	gradesRow           // grades: word, name, the rest
	reasonedRow         // disqualify or scale: the condition, the reason
	tierRow             // a tier: name, the rest
	rollupRow           // a line of a contacts block: word, the rest
)

// cut makes rows of the tokens and of the comments between them.
func (l *layout) cut() {
	var row layoutRow
	lineEnds := 2 // since the last row; at the beginning a blank line is none
	end := func() {
		if len(row.toks) > 0 || row.comment != "" {
			row.blank = lineEnds > 1 && len(l.rows) > 0
			l.rows = append(l.rows, row)
			row, lineEnds = layoutRow{}, 0
		}
		lineEnds++
	}
	from := 0
	for _, t := range l.toks {
		gap := l.src[from:t.off]
		for gap != "" {
			switch {
			case strings.HasPrefix(gap, "\r\n"):
				end()
				gap = gap[2:]
			case gap[0] == '\n' || gap[0] == '\r':
				end()
				gap = gap[1:]
			case gap[0] == '#' || gap[0] == '/':
				n := endOfLine(gap, 0, len(gap))
				row.comment = strings.TrimSpace(gap[:n])
				gap = gap[n:]
			default:
				gap = gap[1:]
			}
		}
		from = int(t.end)
		switch {
		case t.kind == tEOF:
			end()
		case t.kind != tNewline:
			row.toks = append(row.toks, t)
		case t.op == opSemi:
			if len(row.toks) > 0 {
				end()
				lineEnds = 0 // the line end to come is that of the semicolon
			}
		default:
			if l.src[t.off] == '\r' && strings.HasPrefix(l.src[t.end:], "\n") {
				from++
			}
			end()
		}
	}
}

// block is an open brace, or parenthesis, of the text above a row.
type block struct {
	head  string // the first word of its row
	table bool
	paren bool
}

// classify finds for each row its depth, its kind and whether it hangs.
func (l *layout) classify() {
	var open []block
	var last token // of the rows so far
	for i := range l.rows {
		row := &l.rows[i]
		depth, parens := 0, 0
		for _, b := range open {
			if b.paren {
				parens++
			} else {
				depth++
			}
		}
		if len(row.toks) == 0 {
			row.depth = depth
			continue
		}
		for _, t := range row.toks {
			if !t.is(opRBrace) {
				break
			}
			depth = max(depth-1, 0)
		}
		row.depth = depth
		inside := block{}
		if len(open) > 0 {
			inside = open[len(open)-1]
		}
		row.hang = parens > 0 || !inside.table && (l.goesOn(last) || l.hangs(row))
		if !row.hang {
			row.kind = l.kind(row, inside)
		}
		head := l.word0(row)
		row.values = head == "param" || inside.head == "case" || inside.head == "contact" || inside.head == "did" ||
			row.hang && i > 0 && l.rows[i-1].values
		for j, t := range row.toks {
			switch t.op {
			case opLBrace, opLParen:
				if t.kind == tOp {
					table := j > 0 && row.toks[j-1].isArrow() || tableWords[head] && !row.hang
					name := head
					if head == "dimension" && l.rollupHead(row.toks[:j]) {
						name = "contacts"
					}
					open = append(open, block{head: name, table: table, paren: t.op == opLParen})
				}
			case opRBrace, opRParen:
				if t.kind == tOp && len(open) > 0 {
					open = open[:len(open)-1]
				}
			}
		}
		last = row.toks[len(row.toks)-1]
	}
}

var (
	tableWords  = setOfWords("weight bonus committee grades")
	rollupWords = setOfWords("score decay cap weight combine engaged bonus committee")
	valueWords  = setOfWords("when with to than of any all none code per")
	hangWords   = setOfWords("and or play max min per else half linear daily hold over baseline code")
)

// goesOn tells whether a statement cannot end with the token.
func (l *layout) goesOn(t token) bool {
	if t.kind != tOp {
		return t.kind == tWord && operatorStart[strings.ToLower(l.text(t))]
	}
	switch t.op {
	case opRParen, opLBrace, opRBrace, opHash, opSemi, opNone:
		return false
	}
	return true
}

// hangs tells whether a row begins with what goes on with the row above.
func (l *layout) hangs(row *layoutRow) bool {
	first := row.toks[0]
	if first.isArrow() || first.is(opAndAnd) || first.is(opOrOr) || first.is(opQuestion) || first.is(opColon) {
		return true
	}
	w := strings.ToLower(l.word0(row))
	switch {
	case w == "and" || w == "or":
		return true
	case !hangWords[w]:
		return false
	case len(row.toks) > 1 && (row.toks[1].kind == tOp && !row.toks[1].is(opPlus) && !row.toks[1].is(opMinus)):
		return w == "half" && row.toks[1].is(opMinus) && arrowOf(row.toks) < 0
	}
	return arrowOf(row.toks) < 0
}

func (l *layout) kind(row *layoutRow, inside block) rowKind {
	w := l.word0(row)
	switch {
	case arrowOf(row.toks) > 0:
		return ruleRow
	case inside.table || len(row.toks) < 2 || row.toks[1].kind != tWord && w != "scale" && w != "trigger" && !(inside.head == "contacts" && rollupWords[w]):
		return plainRow
	case inside.head == "tiers":
		return tierRow
	case w == "param":
		return paramRow
	case w == "let":
		return letRow
	case w == "field":
		return fieldRow
	case w == "trigger":
		return triggerRow
	case w == "grades":
		return gradesRow
	case w == "disqualify" || w == "scale":
		return reasonedRow
	case inside.head == "contacts" && rollupWords[w]:
		return rollupRow
	}
	return plainRow
}

// rollupHead tells whether a dimension's clauses hold "from contacts".
func (l *layout) rollupHead(toks []token) bool {
	for i := range len(toks) - 1 {
		if l.text(toks[i]) == "from" && l.text(toks[i+1]) == "contacts" {
			return true
		}
	}
	return false
}

// word0 gives the word that a row begins with.
func (l *layout) word0(row *layoutRow) string {
	if len(row.toks) > 0 && row.toks[0].kind == tWord {
		return l.text(row.toks[0])
	}
	return ""
}

func (l *layout) text(t token) string { return l.src[t.off:t.end] }

// arrowOf gives the index of the first arrow, -1 if there is none.
func arrowOf(toks []token) int { return slices.IndexFunc(toks, token.isArrow) }

// align cuts rows into cells and gives the rows of a run the same columns.
func (l *layout) align() {
	for i := 0; i < len(l.rows); {
		j := i + 1
		if len(l.rows[i].toks) > 0 && !l.rows[i].hang {
			j = l.runEnd(i)
		}
		l.alignRun(l.rows[i:j])
		i = j
	}
}

// runEnd gives the end of the run of rows that begins at i. Comments and rows
// that hang are parts of it, a blank line ends it.
func (l *layout) runEnd(i int) int {
	first := &l.rows[i]
	j := i + 1
	for ; j < len(l.rows); j++ {
		row := &l.rows[j]
		same := row.kind == first.kind && row.depth == first.depth || row.hang || len(row.toks) == 0
		if row.blank || !same || first.kind == plainRow && !row.hang {
			break
		}
	}
	return j
}

// alignRun sets the cells of rows of one kind.
func (l *layout) alignRun(rows []layoutRow) {
	var widths []int
	labels := slices.ContainsFunc(rows, func(r layoutRow) bool { return r.kind == ruleRow && l.label(r.toks) > 0 })
	for i := range rows {
		row := &rows[i]
		if len(row.toks) == 0 {
			continue
		}
		row.cells = l.cells(row, labels)
		for c, cell := range row.cells {
			if c == len(widths) {
				widths = append(widths, 0)
			}
			if len(row.cells) > 1 && widens(cell) {
				widths[c] = max(widths[c], utf8.RuneCountInString(cell))
			}
		}
	}
	hangAt := hangIndent
	for i := range rows {
		row := &rows[i]
		if row.hang {
			row.indent = hangAt
			continue
		}
		gap := row.kind.gap()
		if row.kind == tierRow && len(row.cells) > 1 {
			hangAt = widths[0] + len(gap)
		}
		for c := range len(row.cells) - 1 {
			if widths[c] > 0 || row.cells[c] != "" {
				row.cells[c] += strings.Repeat(" ", max(widths[c]-utf8.RuneCountInString(row.cells[c]), 0)) + gap
			}
		}
	}
}

func (k rowKind) gap() string {
	switch k {
	case paramRow, letRow, triggerRow, gradesRow:
		return " "
	}
	return "  "
}

// label gives the number of tokens of a rule's label and its colon.
func (l *layout) label(toks []token) int {
	if len(toks) > 2 && toks[0].kind == tWord && toks[1].is(opColon) {
		return 2
	}
	return 0
}

// cells cuts a row where its kind has columns.
func (l *layout) cells(row *layoutRow, labels bool) []string {
	toks := row.toks
	if row.hang {
		return []string{l.join(row.values, toks)}
	}
	switch row.kind {
	case ruleRow:
		var cells []string
		if n := l.label(toks); labels {
			cells = append(cells, l.join(row.values, toks[:n]))
			toks = toks[n:]
		}
		arrow := arrowOf(toks)
		cells = append(cells, l.join(row.values, toks[:arrow]))
		points := arrow + 1
		for points < len(toks) && toks[points].kind != tWord && toks[points].kind != tText {
			if toks[points].is(opLBrace) {
				points = closing(toks, points)
				break
			}
			points++
		}
		cells = append(cells, l.join(row.values, toks[arrow:points]))
		return append(cells, l.reasoned(row.values, toks[points:])...)
	case paramRow, letRow, triggerRow, gradesRow:
		return l.split(row.values, toks, 2)
	case reasonedRow:
		return l.reasoned(row.values, toks)
	case fieldRow:
		n := min(2, len(toks))
		return append([]string{l.join(row.values, toks[:n])}, l.split(row.values, toks[n:], 1)...)
	case tierRow, rollupRow:
		return l.split(row.values, toks, 1)
	}
	return []string{l.join(row.values, toks)}
}

// reasoned gives a reason at the end a cell of its own.
func (l *layout) reasoned(values bool, toks []token) []string {
	n := len(toks)
	if n > 0 && toks[n-1].kind == tText && (n == 1 || l.reasonAfter(toks[n-2])) {
		n--
	}
	return []string{l.join(values, toks[:n]), l.join(values, toks[n:])}
}

// reasonAfter tells whether a text after the token is a reason, and no value
// that the condition compares with.
func (l *layout) reasonAfter(t token) bool {
	if t.kind != tWord {
		return t.kind != tOp || t.is(opRParen)
	}
	w := strings.ToLower(l.text(t))
	return !operatorStart[w] && !valueWords[w]
}

// closing gives the index after the brace that closes the one at open.
func closing(toks []token, open int) int {
	depth := 0
	for i := open; i < len(toks); i++ {
		switch {
		case toks[i].is(opLBrace):
			depth++
		case toks[i].is(opRBrace):
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(toks)
}

// split gives n tokens their own cells, and the rest one.
func (l *layout) split(values bool, toks []token, n int) []string {
	var cells []string
	for len(cells) < n && len(toks) > 0 {
		cells = append(cells, l.join(values, toks[:1]))
		toks = toks[1:]
	}
	return append(cells, l.join(values, toks))
}

// join prints tokens with the spaces that belong between them; values tells
// that the row assigns values.
func (l *layout) join(values bool, toks []token) string {
	var b strings.Builder
	questions := 0 // that wait for their colon
	bare := bareTexts{toks: toks, values: values}
	did := len(toks) > 1 && l.text(toks[0]) == "did" && toks[1].kind == tWord
	for i, t := range toks {
		did = did && !t.is(opLParen)
		if t.is(opQuestion) {
			questions++
		}
		if i > 0 && spaced(toks[i-1], t, questions > 0) {
			if bare.has(i) {
				b.WriteString(l.src[toks[i-1].end:t.off])
			} else {
				b.WriteByte(' ')
			}
		}
		if t.is(opColon) && questions > 0 {
			questions--
		}
		// The sign of "did webinar × 6" is the letter x, where it does not run
		// into a word. Elsewhere it may be part of a text.
		if did && t.kind == tWord && !t.touches() && l.text(t) == "×" {
			b.WriteByte('x')
			continue
		}
		b.WriteString(l.print(t))
	}
	return b.String()
}

// spaced tells whether a space stands between two tokens. Around signs, dots
// and words it is the author's, who may mean something by it.
func spaced(a, b token, ternary bool) bool {
	switch {
	case b.is(opComma), b.is(opRParen), a.is(opLParen):
		return false
	case a.is(opComma), a.is(opColon), a.is(opLBrace), b.is(opLBrace), b.is(opRBrace), standsApart(a), standsApart(b):
		return true
	case b.is(opColon):
		return ternary
	}
	return !b.touches()
}

// bareTexts finds the texts of several words that have no quotes, such as a
// case's value or a table's key: the spaces in them are part of the text. It
// is asked for rising indexes.
type bareTexts struct {
	toks   []token
	values bool // texts follow "="
	end    int  // of the run of words that was looked at last
	text   bool // and whether it is a text
}

// has tells whether the token goes on with a text.
func (b *bareTexts) has(i int) bool {
	if !inBareText(b.toks[i-1]) || !inBareText(b.toks[i]) {
		return false
	}
	if i < b.end {
		return b.text
	}
	first := i - 1
	for first > 0 && first > b.end && b.inRun(first) {
		first--
	}
	for b.end = i; b.end < len(b.toks) && b.inRun(b.end); b.end++ {
	}
	value := b.values && first > 0 && isAssignment(b.toks[first-1]) && b.toks[first].kind == tWord
	b.text = value || b.end < len(b.toks) && b.toks[b.end].is(opColon)
	return b.text
}

// inRun tells whether a token goes on with the words before it.
func (b *bareTexts) inRun(i int) bool {
	t := b.toks[i]
	return (inBareText(t) || t.touches() && !t.is(opColon)) && !isAssignment(t) && !isAssignment(b.toks[i-1])
}

func inBareText(t token) bool { return t.kind == tWord || t.kind == tNumber }

func isAssignment(t token) bool { return t.is(opEq) || t.is(opEqEq) }

// standsApart tells the operators with a space on each side.
func standsApart(t token) bool {
	if t.kind != tOp {
		return false
	}
	switch t.op {
	case opArrow, opFatArrow, opQuestion, opQQ, opOrOr, opAndAnd, opEq, opEqEq, opNe, opLt, opLe, opGt, opGe:
		return true
	}
	return false
}

// print gives a token's canonical text.
func (l *layout) print(t token) string {
	text := l.text(t)
	switch {
	case t.isArrow():
		return "→"
	case t.kind == tList:
		return l.list(t, text)
	case t.flags&fOdd == 0:
		return text
	case t.kind == tText:
		if strings.HasPrefix(text, "`") {
			return text
		}
		return quoteText(l.texts[t.aux])
	case t.kind == tOp:
		for _, o := range operators {
			if o.op == t.op {
				return o.text
			}
		}
	}
	return text
}

// listBreak stands for the end of a line in a list until the row's place is
// known. No source holds a NUL.
const listBreak = "\x00"

// list prints a list: a plain one with one space after each comma, any other
// as it stands, its lines indented anew.
func (l *layout) list(t token, text string) string {
	if t.flags&fOdd != 0 || strings.Contains(text, "#") {
		if strings.Contains(text, "`") {
			return text
		}
		lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
		for i := range lines {
			lines[i] = strings.Trim(lines[i], " \t\r")
		}
		return strings.Join(lines, listBreak)
	}
	var items []string
	s := listScan{src: l.src, start: int(t.off), i: int(t.off) + 1, end: int(t.end)}
	s.items = func(item rawItem) { items = append(items, item.Raw) }
	for !s.done {
		s.step()
	}
	return "[" + strings.Join(items, ", ") + "]"
}

// breakLists puts the lines of lists under the row that they stand in, a
// bracket that ends one not as deep.
func breakLists(line string, indent int) string {
	lines := strings.Split(line, listBreak)
	for i := 1; i < len(lines); i++ {
		n := indent
		if !strings.HasPrefix(lines[i], "]") {
			n += hangIndent
		}
		if lines[i] != "" {
			lines[i] = strings.Repeat(" ", n) + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

func (l *layout) write() []byte {
	var b bytes.Buffer
	for i := range l.rows {
		row := &l.rows[i]
		closes := len(row.toks) > 0 && row.toks[0].is(opRBrace)
		opened := i > 0 && len(l.rows[i-1].toks) > 0 && l.rows[i-1].toks[len(l.rows[i-1].toks)-1].is(opLBrace)
		if row.blank && !closes && !opened {
			b.WriteByte('\n')
		}
		line := strings.TrimRight(strings.Join(row.cells, ""), " ")
		line = breakLists(line, 2*row.depth+row.indent)
		if row.comment != "" {
			if line != "" {
				line += "  "
			}
			line += row.comment
		}
		b.WriteString(strings.Repeat(" ", 2*row.depth+row.indent))
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}
