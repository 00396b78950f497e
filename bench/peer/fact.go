package peer

import (
	"reflect"
	"strings"

	"github.com/accountscore/accountscore/bench/fixture"
)

// facts are the accounts as structs, for engines that read Go values: for each
// field its value and whether it is known, and a Score to add to.
type facts struct {
	typ      reflect.Type
	accounts []reflect.Value
	score    int // index of Score
}

func newFacts(set *fixture.Set) *facts {
	var fields []reflect.StructField
	for _, f := range set.Fields {
		var t reflect.Type
		switch f.Type {
		case fixture.TextType:
			t = reflect.TypeFor[string]()
		case fixture.BoolType:
			t = reflect.TypeFor[bool]()
		default:
			t = reflect.TypeFor[float64]()
		}
		fields = append(fields, reflect.StructField{Name: factName(f.Name), Type: t},
			reflect.StructField{Name: "Has" + factName(f.Name), Type: reflect.TypeFor[bool]()})
	}
	fields = append(fields, reflect.StructField{Name: "Score", Type: reflect.TypeFor[int64]()})
	f := &facts{typ: reflect.StructOf(fields), score: len(fields) - 1}
	for _, m := range seconds(set) {
		v := reflect.New(f.typ).Elem()
		for i, field := range set.Fields {
			if value, ok := m[field.Name]; ok {
				v.Field(2 * i).Set(reflect.ValueOf(value))
				v.Field(2*i + 1).SetBool(true)
			}
		}
		f.accounts = append(f.accounts, v)
	}
	return f
}

func factName(field string) string {
	var b strings.Builder
	for _, part := range strings.Split(field, "_") {
		b.WriteString(strings.ToUpper(part[:1]) + part[1:])
	}
	return b.String()
}

// factSyntax suits both engines that read facts; neither has a list.
var factSyntax = syntax{
	and: " && ", or: " || ",
	value:   func(f string) string { return "F." + factName(f) },
	known:   func(f string) string { return "F.Has" + factName(f) },
	missing: func(f string) string { return "!F.Has" + factName(f) },
	number:  fixture.Number,
	in:      either(" || "),
	not:     func(s string) string { return "!" + s },
	yes:     same,
}
