package accountscore_test

import (
	"errors"
	"fmt"
	"strings"

	"github.com/accountscore/accountscore"
	"github.com/accountscore/accountscore/dsl"
)

// atLeast is a language of one form, "FIELD NUMBER": the field is at least the
// number.
type atLeast struct{}

func (atLeast) Name() string { return "atleast" }

func (atLeast) Compile(src string, schema dsl.Schema) (dsl.Program, error) {
	var p atLeastProgram
	if n, err := fmt.Sscanf(src, "%s %f", &p.field, &p.number); n != 2 {
		return nil, fmt.Errorf("write a field and a number: %w", err)
	}
	if strings.TrimSpace(src) != p.String() {
		return nil, errors.New("write a field and a number, and nothing more")
	}
	if f, ok := schema.Field(p.field); !ok || f.Type != dsl.NumberType {
		return nil, fmt.Errorf("%s is no field with a number", p.field)
	}
	return p, nil
}

type atLeastProgram struct {
	field  string
	number float64
}

func (p atLeastProgram) Eval(v dsl.Values) dsl.Truth {
	x, known := v.Value(p.field)
	if !known || x.Kind != dsl.NumberValue {
		return dsl.Unknown
	}
	return dsl.TruthOf(x.Number >= p.number)
}

func (p atLeastProgram) Trace(v dsl.Values) []dsl.Part {
	return []dsl.Part{{Text: p.String(), Truth: p.Eval(v), Fields: p.Fields()}}
}

func (p atLeastProgram) Fields() []string { return []string{p.field} }
func (p atLeastProgram) String() string   { return fmt.Sprintf("%s %v", p.field, p.number) }

func ExampleWithLanguage() {
	rs := mustParse(`field employees number
field country text

atleast "employees 1000" → +50
expr "country in ['US', 'CA']" → +20
country = US → +5
`)
	m, err := accountscore.Compile(rs, accountscore.WithLanguage(atLeast{}))
	if err != nil {
		fmt.Println(err)
		return
	}
	r := m.Score(accountscore.Account{Fields: map[string]any{"employees": 1200, "country": "US"}}, november)
	fmt.Println(r.Score)
	r = m.Score(accountscore.Account{Fields: map[string]any{"country": "CA"}}, november)
	fmt.Println(r.Score, "could be", r.Low, "to", r.High)
	// Output:
	// 75
	// 20 could be 20 to 70
}
