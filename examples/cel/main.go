// Cel plugs the Common Expression Language into accountscore, and scores the
// accounts of three examples with their rulesets written in CEL:
//
//	cd examples/cel && go run .
//
// It prints how many accounts came out as with the original ruleset, and the
// explanation of one of them. The language itself is one file, language.go;
// language_test.go holds it against the contract of languages.
package main

import (
	"embed"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/examples"
)

//go:embed rulesets/*.rules
var rulesets embed.FS

// names are the examples that are written in CEL too.
var names = []string{"enterprise", "midmarket", "plg"}

func main() {
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

func run(w io.Writer) error {
	for _, name := range names {
		original, err := examples.Model(name)
		if err != nil {
			return err
		}
		model, err := compile(name)
		if err != nil {
			return err
		}
		accounts, err := examples.Accounts(name)
		if err != nil {
			return err
		}
		equal := 0
		for _, a := range accounts {
			if same(original.Score(a, examples.At), model.Score(a, examples.At)) {
				equal++
			}
		}
		fmt.Fprintf(w, "%-10s  %d of %d accounts score as with the original\n", name, equal, len(accounts))
	}
	model, err := compile("midmarket")
	if err != nil {
		return err
	}
	account := accountscore.Account{ID: "acme", Fields: map[string]any{"employees": 240, "revenue": 8_000_000, "industry": "Healthcare"}}
	fmt.Fprintf(w, "\n%s", model.Explain(account, examples.At).Text())
	return nil
}

// compile makes the model of an example's ruleset in CEL.
func compile(name string) (*accountscore.Model, error) {
	file := "rulesets/" + name + ".rules"
	src, err := rulesets.ReadFile(file)
	if err != nil {
		return nil, err
	}
	rs, err := accountscore.Parse(file, src)
	if err != nil {
		return nil, err
	}
	return accountscore.Compile(rs, accountscore.WithLanguage(Language()))
}

// same compares what two models made of one account, but for the names of the
// models.
func same(a, b accountscore.Result) bool {
	return a.Score == b.Score && a.Low == b.Low && a.High == b.High && a.Unknown == b.Unknown && a.Invalid == b.Invalid
}
