package accountscore

import (
	"fmt"

	"github.com/accountscore/accountscore/dsl"
)

// WithLanguage lets the conditions of rules, scales, disqualifiers and tiers be
// written in another language, under the name that it has: a ruleset chooses it
// for one, as in cel "employees >= 1000" → +50, or with the statement language
// cel for all of them. [dsl.Rules] and [dsl.Expr] need no option, and another
// language of their names is an error. The language's answers must depend on
// nothing but its arguments, or scores are not reproducible; package dsltest
// tests that and the rest of the contract. A condition that panics is an error
// of [Compile] or, in a score, unknown.
func WithLanguage(l dsl.Language) Option {
	name, err := languageName(l)
	return func(o *options) {
		if err != nil {
			o.errs = append(o.errs, &dsl.Error{File: "option WithLanguage", Code: dsl.CodeStructure,
				Message: err.Error(), Fix: "pass a dsl.Language that has a name"})
			return
		}
		o.bind.Languages[name] = l
	}
}

func languageName(l dsl.Language) (name string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the language has no name: it panicked: %v", r)
		}
	}()
	if l == nil {
		return "", fmt.Errorf("the language is nil")
	}
	if name = l.Name(); name == "" {
		return "", fmt.Errorf("the language has no name")
	}
	return name, nil
}
