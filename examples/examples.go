// Package examples holds rulesets, accounts to score with them and the results
// to expect, for trying the library out and for testing what is built on it.
//
// Each example has a name, one of [Names]. Its ruleset is text in the rules
// language, its accounts are invented and as incomplete as real ones: values
// are absent, empty, out of date or of the wrong kind. [Golden] gives what
// every account of it scores at the moment [At]:
//
//	model, err := examples.Model("healthcare")
//	accounts, err := examples.Accounts("healthcare")
//	golden, err := examples.Golden("healthcare")
//	for i, a := range accounts {
//		if got := examples.OutcomeOf(model.Score(a, examples.At)); !reflect.DeepEqual(got, golden[i]) {
//			t.Errorf("got %+v, want %+v", got, golden[i])
//		}
//	}
//
// The files are embedded; nothing is read from the disk. Functions return
// fresh values that the caller may change, and may be called concurrently.
package examples

import (
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore"
)

//go:generate go run ./gen -dir accounts

//go:embed rulesets/*.rules accounts/*.json golden/*.json
var files embed.FS

// At is the moment at which the accounts are scored for [Golden].
var At = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

// names are the examples, the simple ones first.
var names = []string{"enterprise", "midmarket", "plg", "three_attribute", "healthcare", "gate", "four_dimensions"}

// Names gives the names of the examples, the simple ones first.
func Names() []string { return slices.Clone(names) }

// Source gives the text of an example's ruleset.
func Source(name string) ([]byte, error) { return read("rulesets", name, ".rules") }

// Options gives what an example's ruleset wants to be compiled with: values
// for the params that its text leaves open.
func Options(name string) []accountscore.Option {
	if name == "midmarket" {
		return []accountscore.Option{accountscore.WithParam("target_vertical", "Healthcare")}
	}
	return nil
}

// Ruleset gives an example's ruleset.
func Ruleset(name string) (*accountscore.Ruleset, error) {
	src, err := Source(name)
	if err != nil {
		return nil, err
	}
	return accountscore.Parse(name+".rules", src)
}

// Model gives an example's ruleset, compiled with its [Options].
func Model(name string) (*accountscore.Model, error) {
	rs, err := Ruleset(name)
	if err != nil {
		return nil, err
	}
	return accountscore.Compile(rs, Options(name)...)
}

// AccountsJSON gives the accounts of an example as they are stored: a JSON
// array, one account a line.
func AccountsJSON(name string) ([]byte, error) { return read("accounts", name, ".json") }

// Accounts gives the accounts of an example.
func Accounts(name string) ([]accountscore.Account, error) {
	return decode[accountscore.Account]("accounts", name)
}

// Golden gives the outcome of every account of an example, in the order of
// [Accounts], at the moment [At].
func Golden(name string) ([]Outcome, error) { return decode[Outcome]("golden", name) }

func read(folder, name, ext string) ([]byte, error) {
	if !slices.Contains(names, name) {
		return nil, fmt.Errorf("examples: there is no %q: the examples are %s", name, strings.Join(names, ", "))
	}
	return files.ReadFile(folder + "/" + name + ext)
}

func decode[T any](folder, name string) ([]T, error) {
	b, err := read(folder, name, ".json")
	if err != nil {
		return nil, err
	}
	var list []T
	if err := json.Unmarshal(b, &list); err != nil {
		return nil, fmt.Errorf("examples: %s/%s.json: %w", folder, name, err)
	}
	return list, nil
}
