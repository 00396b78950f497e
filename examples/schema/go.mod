module github.com/accountscore/accountscore/examples/schema

go 1.26

require (
	github.com/accountscore/accountscore v0.0.0
	github.com/santhosh-tekuri/jsonschema/v6 v6.0.3
)

require (
	github.com/expr-lang/expr v1.17.8 // indirect
	golang.org/x/text v0.14.0 // indirect
)

replace github.com/accountscore/accountscore => ../..
