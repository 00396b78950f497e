package dsl

import "time"

// Formula is the text of a condition or of a computed value, as the author
// wrote it. The zero Formula is absent.
type Formula struct {
	Text string
	Pos  Pos // where Text begins in the ruleset's Source

	node Node   // the parsed Text, where the parser has made it
	of   string // the Text that node was made from
}

// IsZero tells whether the formula is absent.
func (f Formula) IsZero() bool { return f.Text == "" }

// Equal compares the texts of two formulas.
func (f Formula) Equal(g Formula) bool { return f.Text == g.Text }

func (f Formula) String() string { return f.Text }

// MarshalText gives the text.
func (f Formula) MarshalText() ([]byte, error) { return []byte(f.Text), nil }

// UnmarshalText takes the text.
func (f *Formula) UnmarshalText(b []byte) error {
	*f = Formula{Text: string(b)}
	return nil
}

// ValueKind tells the kinds of literal value apart.
type ValueKind uint8

// The kinds of value. The zero kind is null.
const (
	NullValue ValueKind = iota
	NumberValue
	TextValue
	BoolValue
	ListValue
	DateValue
)

// Value is a literal of a param, a default or a case.
type Value struct {
	Kind   ValueKind
	Number float64
	Text   string
	Bool   bool
	List   []string
	Date   Date
}

// Date is a day or a moment in UTC. A day stands for the whole of it in
// comparisons and for its first instant as data.
type Date struct {
	Time  time.Time
	Whole bool // a day, not a moment
}

func (d Date) String() string {
	if d.Whole {
		return d.Time.UTC().Format("2006-01-02")
	}
	return d.Time.UTC().Format(time.RFC3339Nano)
}

// Duration is a length of time; days are 24 hours.
type Duration time.Duration
