package dsltest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accountscore/accountscore/dsl"
)

// At is the moment that the cases are asked at.
var At = time.Date(2026, 11, 1, 9, 30, 0, 0, time.UTC)

// Values are values of fields, for asking a program in a test. What is not in
// Known is missing. They are not safe for concurrent use.
type Values struct {
	Known  map[string]dsl.Value
	Moment time.Time

	read map[string]bool // the names that were asked for
}

// Value gives a value, and remembers that it was asked for.
func (v *Values) Value(field string) (dsl.Value, bool) {
	if v.read == nil {
		v.read = map[string]bool{}
	}
	v.read[field] = true
	value, known := v.Known[field]
	return value, known
}

// At gives the moment.
func (v *Values) At() time.Time { return v.Moment }

func (v *Values) String() string {
	if len(v.Known) == 0 {
		return "nothing is known"
	}
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v.Known)) {
		x := v.Known[name]
		var shown any
		switch x.Kind {
		case dsl.NumberValue:
			shown = x.Number
		case dsl.TextValue:
			shown = fmt.Sprintf("%q", x.Text)
		case dsl.BoolValue:
			shown = x.Bool
		case dsl.ListValue:
			shown = fmt.Sprintf("%q", x.List)
		default:
			shown = x.Date
		}
		parts = append(parts, fmt.Sprintf("%s is %v", name, shown))
	}
	return strings.Join(parts, ", ")
}

// given makes values of name and value pairs; nil is missing.
func given(pairs ...any) *Values {
	v := &Values{Known: map[string]dsl.Value{}, Moment: At}
	for i := 0; i+1 < len(pairs); i += 2 {
		name := pairs[i].(string)
		switch x := pairs[i+1].(type) {
		case int:
			v.Known[name] = dsl.Value{Kind: dsl.NumberValue, Number: float64(x)}
		case float64:
			v.Known[name] = dsl.Value{Kind: dsl.NumberValue, Number: x}
		case string:
			v.Known[name] = dsl.Value{Kind: dsl.TextValue, Text: x}
		case bool:
			v.Known[name] = dsl.Value{Kind: dsl.BoolValue, Bool: x}
		case []string:
			v.Known[name] = dsl.Value{Kind: dsl.ListValue, List: x}
		case time.Time:
			v.Known[name] = dsl.Value{Kind: dsl.DateValue, Date: dsl.Date{Time: x}}
		}
	}
	return v
}

// samples are values of every kind and of every degree of knowledge.
func samples() []*Values {
	return []*Values{
		given(),
		given("employees", 1000, "country", "US", "customer", true, "tech_stack", []string{"EHR", "CRM"}, "last_seen", At.Add(-24*time.Hour), "revenue", 5e7),
		given("employees", 999.5, "country", "DE", "customer", false, "tech_stack", []string{}, "last_seen", At.Add(24*time.Hour), "revenue", -1),
		given("employees", 0, "country", `He said "hi\" – über`, "tech_stack", []string{"ehr", ""}, "last_seen", At.Add(-300*24*time.Hour)),
		given("employees", 5000), given("country", "US"), given("customer", true), given("employees", 1e300, "country", ""),
	}
}

// combination is what is known of employees, country and customer, with the
// answers of AtLeast, Equals and Flag.
type combination struct {
	values                *Values
	atLeast, equals, flag dsl.Truth
}

// combinations are all that the three tests can answer together.
func combinations() []combination {
	var all []combination
	for _, employees := range []any{nil, 10, 1000} {
		for _, country := range []any{nil, "DE", "US"} {
			for _, customer := range []any{nil, false, true} {
				x := combination{values: given("employees", employees, "country", country, "customer", customer, "revenue", 5)}
				if employees != nil {
					x.atLeast = dsl.TruthOf(employees == 1000)
				}
				if country != nil {
					x.equals = dsl.TruthOf(country == "US")
				}
				if customer != nil {
					x.flag = dsl.TruthOf(customer == true)
				}
				all = append(all, x)
			}
		}
	}
	return all
}
