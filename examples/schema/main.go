// Command schema holds a ruleset's JSON to the published JSON Schema, as a rule
// editor does while its user types, then compiles it.
//
//	go run . model.json
//
// Without an argument it shows the JSON of an example ruleset.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/examples"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		return show("gate", stdout, stderr)
	}
	code := 0
	for _, file := range args {
		src, err := os.ReadFile(file)
		if err == nil {
			err = validate(src)
		}
		if err != nil {
			fmt.Fprintf(stderr, "%s: %v\n", file, err)
			code = 1
			continue
		}
		fmt.Fprintf(stdout, "%s: fine\n", file)
	}
	return code
}

func show(name string, stdout, stderr io.Writer) int {
	rs, err := examples.Ruleset(name)
	if err == nil {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		enc.SetEscapeHTML(false)
		err = enc.Encode(rs)
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

// validate checks the shape by the schema, then what only the language knows.
func validate(src []byte) error {
	schema, err := compileSchema(dsl.JSONSchema())
	if err != nil {
		return err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		return err
	}
	if err := schema.Validate(doc); err != nil {
		return err
	}
	rs, err := dsl.ReadJSON(src)
	if err != nil {
		return err
	}
	_, err = accountscore.Compile(rs)
	return err
}

func compileSchema(src []byte) (*jsonschema.Schema, error) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(src))
	if err != nil {
		return nil, err
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		return nil, err
	}
	return c.Compile("schema.json")
}
