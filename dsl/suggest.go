package dsl

import "github.com/accountscore/accountscore/internal/spell"

// maxSuggest is how many bytes of a text are worth comparing.
const maxSuggest = spell.MaxName

// speller finds what a misspelt name was meant to be, see [spell.Speller]. The
// zero speller is ready.
type speller struct{ spell.Speller }

// near gives the name that was probably meant; empty if none is close.
func (s *speller) near(name string, among func() []string) string { return s.Near(name, among) }

// suggest is near with a list that is there already.
func (s *speller) suggest(name string, among []string) string { return s.Suggest(name, among) }
