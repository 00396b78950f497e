package dsl

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quoteText puts a text into double quotes so that nothing in it can end the
// quotes early: quotes, line ends and invisible characters are escaped. What
// no text of the language can hold, a NUL or bytes that are no UTF-8, becomes
// U+FFFD.
func quoteText(s string) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	writeQuoted(&b, s)
	return b.String()
}

// writeQuoted writes what quoteText gives.
func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	for _, r := range s {
		switch r {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case '\n':
			b.WriteString(`\n`)
		case '\t':
			b.WriteString(`\t`)
		case '\r':
			b.WriteString(`\r`)
		case 0:
			b.WriteRune(unicode.ReplacementChar)
		default:
			if unicode.IsPrint(r) {
				b.WriteRune(r)
				continue
			}
			writeEscape(b, r)
		}
	}
	b.WriteByte('"')
}

func writeEscape(b *strings.Builder, r rune) {
	hex := strconv.FormatUint(uint64(r), 16)
	letter, width := 'u', 4
	if r > 0xffff {
		letter, width = 'U', 8
	}
	b.WriteByte('\\')
	b.WriteRune(letter)
	b.WriteString(strings.Repeat("0", width-len(hex)))
	b.WriteString(hex)
}

// ambiguousWords are the words that may mean something else than a name somewhere
// that a name can stand, in lower case.
var ambiguousWords = setOfWords(`
	true false null nil missing known empty else otherwise when where play hold
	targeting motion metric contact did expect was as at on value by x and or
	not in is any all none has word contains starts ends with matches between
	within over to per max min half life linear daily max equals equal does gt
	gte lt lte neq eq least most from out of weight unscored round every case
	ruleset version review score reasons above below baseline code param field activity dimension disqualify
	tiers grades trigger let best first sum each latest scale decay cap combine
	engaged bonus committee assigned distinct since falling falls rises reaches
	default one ignoring stale after fixed enrichable actionable thousand
	million billion`)

func setOfWords(s string) map[string]bool {
	set := make(map[string]bool)
	for _, w := range strings.Fields(s) {
		set[w] = true
	}
	return set
}

// printName prints a name: bare where it is a plain word that means nothing
// else, in quotes where it is not.
func printName(s string) string {
	if isPlainWord(s) && !ambiguousWords[strings.ToLower(s)] {
		return s
	}
	return quoteText(s)
}

// isPlainWord tells whether s is one word: a letter or an underscore, then
// letters, digits and underscores.
func isPlainWord(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return (r == '_' || unicode.IsLetter(r)) && wordLen(s) == len(s)
}

// isProperWord tells whether s is a plain word with a capital, which is text
// without quotes.
func isProperWord(s string) bool {
	return isPlainWord(s) && 'A' <= s[0] && s[0] <= 'Z' && !ambiguousWords[strings.ToLower(s)]
}

// printItem prints a text as an item of a list: as it stands where it cannot
// be read as anything else, in quotes where it can.
func printItem(s string) string {
	if s == "" || strings.ContainsAny(s, ",;|[](){}\"'`\\") || strings.Contains(s, "  ") {
		return quoteText(s)
	}
	for _, r := range s {
		if r != ' ' && (unicode.IsSpace(r) || !unicode.IsPrint(r) || smartQuote(r) != 0 || r == unicode.ReplacementChar) {
			return quoteText(s)
		}
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return quoteText(s)
	}
	words := strings.Split(s, " ")
	if len(words) == 1 && literalWords[strings.ToLower(s)] {
		return quoteText(s)
	}
	for _, w := range words {
		if strings.HasPrefix(w, "#") || strings.HasPrefix(w, "//") || !hasLetterOrDigit(w) ||
			len(words) > 1 && operatorStart[strings.ToLower(w)] {
			return quoteText(s)
		}
	}
	return s
}

// literalWords look like values other than text.
var literalWords = setOfWords("true false null nil undefined missing")

func hasLetterOrDigit(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}
