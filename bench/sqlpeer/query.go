// Package sqlpeer runs the rulesets of package fixture as SQL, on DuckDB and
// on SQLite, over a table in memory.
package sqlpeer

import (
	"fmt"
	"strings"
	"time"

	"github.com/accountscore/accountscore/bench/fixture"
)

// Score is the sum that gives a row its score. SQL has our three truth values,
// so that nothing asks whether a value is there. DuckDB is fastest where each
// text is compared with its code in an enum, which IN would not do.
func (e Engine) Score(rules []fixture.Rule) string {
	parts := make([]string, len(rules))
	for i, r := range rules {
		parts[i] = fmt.Sprintf("CASE WHEN %s THEN %d ELSE 0 END", e.condition(r.When), r.Points)
	}
	return strings.Join(parts, "\n + ")
}

func (e Engine) condition(c fixture.Cond) string {
	f, n := c.Field, fixture.Number
	switch c.Kind {
	case fixture.AtLeast:
		return f + " >= " + n(c.Lo)
	case fixture.MoreThan:
		return f + " > " + n(c.Lo)
	case fixture.AtMost:
		return f + " <= " + n(c.Hi)
	case fixture.LessThan:
		return f + " < " + n(c.Hi)
	case fixture.Between:
		return fmt.Sprintf("%s BETWEEN %s AND %s", f, n(c.Lo), n(c.Hi))
	case fixture.OneOf:
		if e.enums {
			return each(f+" = ", c.Texts, " OR ")
		}
		return f + " IN (" + texts(c.Texts) + ")"
	case fixture.NoneOf:
		if e.enums {
			return each(f+" <> ", c.Texts, " AND ")
		}
		return f + " NOT IN (" + texts(c.Texts) + ")"
	case fixture.Yes:
		return f
	case fixture.No:
		return "NOT " + f
	case fixture.Within:
		from := fixture.At.Add(-time.Duration(c.Days) * 24 * time.Hour)
		return fmt.Sprintf("%s BETWEEN %d AND %d", f, from.UnixMicro(), fixture.At.UnixMicro())
	case fixture.Missing:
		return f + " IS NULL"
	}
	word := " AND "
	if c.Kind == fixture.Any {
		word = " OR "
	}
	parts := make([]string, len(c.Args))
	for i, a := range c.Args {
		parts[i] = e.condition(a)
	}
	return "(" + strings.Join(parts, word) + ")"
}

func each(test string, items []string, word string) string {
	parts := make([]string, len(items))
	for i, t := range items {
		parts[i] = test + texts([]string{t})
	}
	return "(" + strings.Join(parts, word) + ")"
}

func texts(items []string) string {
	quoted := make([]string, len(items))
	for i, t := range items {
		quoted[i] = "'" + strings.ReplaceAll(t, "'", "''") + "'"
	}
	return strings.Join(quoted, ", ")
}

// values are an account's columns; a missing value is nil. Times are
// microseconds since 1970, which both engines compare fastest.
func values(set *fixture.Set, account map[string]any) []any {
	row := make([]any, len(set.Fields))
	for i, f := range set.Fields {
		row[i] = account[f.Name]
		if t, ok := row[i].(time.Time); ok {
			row[i] = t.UnixMicro()
		}
	}
	return row
}
