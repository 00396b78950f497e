package dsl

import "strings"

// tokenKind tells the kinds of token apart.
type tokenKind uint8

const (
	tEOF tokenKind = iota
	tNewline
	tWord
	tNumber
	tText
	tDate
	tDuration
	tList // a whole [ ], its items not yet cut
	tOp
	tError // op is a lexFault
)

// opKind is an operator or a bracket.
type opKind uint8

const (
	opNone opKind = iota
	opArrow
	opFatArrow // => is an arrow, and often a slip for >=
	opLParen
	opRParen
	opLBrace
	opRBrace
	opComma
	opColon
	opSemi // on a tNewline
	opQuestion
	opQQ
	opPlus
	opMinus
	opStar
	opSlash
	opPercent
	opOrOr
	opAndAnd
	opBang
	opEq
	opEqEq
	opNe
	opLt
	opLe
	opGt
	opGe
	opDotDot
	opDot
	opHash  // a list function's element
	opWrong // an operator of other languages, such as <> or **
)

// tokenFlags is what the text around a token looked like.
type tokenFlags uint8

const (
	fSpace    tokenFlags = 1 << iota // not touching the token before it
	fOdd                             // not spelled as it prints: smart quotes, dashes, comments inside
	fOddSpace                        // an odd space or a comment before it
)

// token is one token. It is small and holds no pointers, because a hostile
// text has a token a byte. aux indexes the lexed values of its kind.
type token struct {
	kind           tokenKind
	op             opKind
	flags          tokenFlags
	off, end       int32 // bytes of the source
	line, col, aux int32
}

func (t token) pos() Pos {
	return Pos{Offset: int(t.off), Line: int(t.line), Column: int(t.col)}
}

func (t token) is(op opKind) bool { return t.kind == tOp && t.op == op }

func (t token) isArrow() bool { return t.is(opArrow) || t.is(opFatArrow) }

// touches tells whether nothing stands between the token and the one before.
func (t token) touches() bool { return t.flags&fSpace == 0 }

// closureFuncs are the functions in whose parentheses # is an element and
// whose second argument is a predicate; expr's own that the language leaves
// out are among them, so that they are refused by name and not as a comment.
var closureFuncs = wordSet("all any none one filter count map sum find findIndex findLast findLastIndex groupBy sortBy reduce")

// logFuncs are the functions that may ask the log of activities.
var logFuncs = wordSet("count any sum days_since")

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

// lexFault is what is wrong with a tError token; the message is made from its
// text when the fault is reported, so that a fault costs nothing until then.
type lexFault = opKind

const (
	faultNone lexFault = iota
	faultChar
	faultInvisible
	faultDash
	faultHash
	faultElement
	faultDollar
	faultCurrency
	faultComment
	faultText
	faultBacktick
	faultEscape
	faultNumber
	faultUnit
	faultLong
	faultBig
	faultDay
	faultDateForm
	faultMoment
	faultSpan
	faultList
	faultListText
	faultListParen
	faultWide   // ： and the like
	faultBullet // • and the like
)
