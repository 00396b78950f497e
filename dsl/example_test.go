package dsl_test

import (
	"fmt"

	"github.com/accountscore/accountscore/dsl"
)

// What a condition reads, in the order of its text.
func ExampleInspect() {
	n, errs := dsl.ParseFormula(dsl.Formula{Text: "employees > 100 and country in [US, UK]"}, "", "")
	if len(errs) > 0 {
		fmt.Println(errs)
	}
	dsl.Inspect(n, func(n dsl.Node) bool {
		if name, ok := n.(*dsl.Name); ok {
			fmt.Println(name.Ident)
		}
		return true
	})
	// Output:
	// employees
	// country
}
