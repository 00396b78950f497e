package main

import (
	"slices"
	"strings"
)

// blockKind is what braces hold.
type blockKind uint8

const (
	fileBlock      blockKind = iota
	dimensionBlock           // rules over the account
	contactsBlock            // a dimension from contacts
	groupBlock
	tiersBlock
	caseBlock
	contactBlock // a contact of a case
	tableBlock
	gradesBlock
)

// block is braces that are open, and the statement that they belong to.
type block struct {
	kind blockKind
	head []token
}

// place is where in a text something stands.
type place struct {
	blocks []block
	stmt   []token // of the statement so far, without line ends and comments
	inside *token  // the text in quotes or the comment around, or nil
}

// maxHead bounds what is kept of a statement behind its block, so that no text
// makes statements that grow with every brace.
const maxHead = 32

// placeAt finds the place of text[end], from the text before it alone.
func placeAt(text string, end int) place {
	var p place
	open := 0 // ( and [
	newline := false
	toks := scan(text, end)
	for i, t := range toks {
		if i == len(toks)-1 && t.to == end && (t.kind == commentToken || t.kind == textToken && !closed(t.s)) {
			p.inside = &toks[i]
			break
		}
		switch t.kind {
		case commentToken:
			continue
		case lineToken:
			newline = open == 0
			continue
		}
		if newline && !p.goesOn(t) && p.kind() != tableBlock && p.kind() != gradesBlock {
			p.stmt = nil
		}
		newline = false
		switch t.s {
		case "(", "[":
			open++
		case ")", "]":
			open = max(open-1, 0)
		case "{":
			p.blocks = append(p.blocks, block{p.opens(), p.stmt})
			p.stmt, open = nil, 0
			continue
		case "}":
			if n := len(p.blocks); n > 0 {
				head := p.blocks[n-1].head
				p.stmt = append(head[:min(len(head), maxHead)], t)
				p.blocks = p.blocks[:n-1]
			} else {
				p.stmt = nil
			}
			open = 0
			continue
		case ";":
			p.stmt = nil
			continue
		case ",":
			if k := p.kind(); open == 0 && (k == tableBlock || k == gradesBlock || (k == caseBlock || k == contactBlock) && !p.begins("expect")) {
				p.stmt = nil
				continue
			}
		}
		p.stmt = append(p.stmt, t)
	}
	// The cursor on a new line stands before nothing that could go on.
	if newline && !p.ends() && p.kind() != tableBlock {
		p.stmt = nil
	}
	return p
}

// closed tells whether a text in quotes has its closing quote.
func closed(s string) bool {
	runes := []rune(s)
	n := len(runes)
	return n > 1 && quoteOf(runes[0]) == quoteOf(runes[n-1]) && textLen(s+"\n") == len(s) && (n < 3 || runes[n-2] != '\\')
}

func (p *place) kind() blockKind {
	if n := len(p.blocks); n > 0 {
		return p.blocks[n-1].kind
	}
	return fileBlock
}

// in tells whether a block of a kind is open.
func (p *place) in(kind blockKind) bool {
	return slices.ContainsFunc(p.blocks, func(b block) bool { return b.kind == kind })
}

// begins tells whether the statement begins with a word.
func (p *place) begins(word string) bool { return len(p.stmt) > 0 && p.stmt[0].s == word }

// ends tells whether the statement ends with what a line cannot end with.
func (p *place) ends() bool {
	if len(p.stmt) == 0 {
		return false
	}
	last := p.stmt[len(p.stmt)-1]
	if last.kind == opToken {
		switch last.s {
		case ")", "]", "}", "+", "#":
			return false
		}
		return true
	}
	return last.s == "and" || last.s == "or"
}

var continues = wordSet("and or play max min per else half daily linear baseline code targeting motion metric")

// goesOn tells whether a line that begins with a token goes on with the
// statement before it.
func (p *place) goesOn(t token) bool {
	if p.ends() {
		return true
	}
	switch t.kind {
	case wordToken:
		return len(p.stmt) > 0 && continues[strings.ToLower(t.s)]
	case opToken:
		return isArrow(t.s) || t.s == "&&" || t.s == "||" || t.s == "??" || t.s == "?" || t.s == ":" || t.s == ")" || t.s == "{" || t.s == "}"
	}
	return false
}

// opens tells what a brace opens that follows the statement.
func (p *place) opens() blockKind {
	if slices.ContainsFunc(p.stmt, func(t token) bool { return t.kind == opToken && isArrow(t.s) }) {
		return tableBlock
	}
	if len(p.stmt) == 0 {
		return tableBlock
	}
	switch p.stmt[0].s {
	case "dimension":
		for i, t := range p.stmt[1:] {
			if t.s == "contacts" && p.stmt[i].s == "from" {
				return contactsBlock
			}
		}
		return dimensionBlock
	case "tiers":
		return tiersBlock
	case "grades":
		return gradesBlock
	case "case":
		return caseBlock
	case "contact":
		return contactBlock
	case "best", "first", "sum":
		return groupBlock
	}
	return tableBlock
}

// back gives the text of the n-th last token of the statement, from 1; empty
// where there is none.
func (p *place) back(n int) string {
	if n > len(p.stmt) {
		return ""
	}
	return p.stmt[len(p.stmt)-n].s
}
