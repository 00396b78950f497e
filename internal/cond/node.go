// Package cond is the one intermediate form of conditions and computed
// values: typed trees over numbered slots, with three-valued evaluation. The
// scalar evaluator, the range of what missing data could turn out to be, the
// explanation and the index of what reads what all work on these trees.
package cond

import "regexp"

// Tri is a three-valued truth. The zero Tri is Unknown.
type Tri int8

// The truths.
const (
	Unknown Tri = iota
	False
	True
)

// Of makes a Tri of a bool.
func Of(b bool) Tri {
	if b {
		return True
	}
	return False
}

// Not negates: not unknown is unknown.
func (t Tri) Not() Tri {
	switch t {
	case True:
		return False
	case False:
		return True
	}
	return Unknown
}

// Type is the type of a node's value.
type Type uint8

// The types.
const (
	NoType Type = iota // not decided
	Bool
	Number
	Text
	List // of text
	Time
)

func (t Type) String() string {
	return [...]string{"unknown", "bool", "number", "text", "list", "time"}[t]
}

// State says what is known of one value.
type State uint8

// The states, missing ones first. The zero State is Unset.
const (
	Unset   State = iota // never mapped
	Null                 // mapped, but empty
	Expired              // older than its field's "missing after"
	Invalid              // could not be used
	Known
	Stale     // known, but older than its field's "stale after"
	Defaulted // missing, and its field's default stands in
)

// Missing tells whether there is no value to use.
func (s State) Missing() bool { return s < Known }

// Slot holds one value. Which member counts, the field's type says.
type Slot struct {
	State State
	Flag  bool
	Num   float64
	Time  int64 // microseconds since 1970, UTC
	Text  string
	List  []string
}

// Record is the values of one account, contact or activity, by slot.
type Record []Slot

// Space says which record a field belongs to.
type Space uint8

// The spaces.
const (
	Account Space = iota
	Contact
	Activity
	Computed // the lets
)

// Op says what a node does.
type Op uint8

// The operations. In parentheses: the types of Args → the node's Type.
const (
	Const    Op = iota // Num, Text, Flag, Time or List, by Type
	Field              // the value of Slot in Space, of the node's Type; a number of the Set, if there is one
	Metric             // a number that the scoring itself produced: Slot indexes Env.Metrics
	Grade              // a text that the scoring itself produced: Slot indexes Env.Grades
	Value              // the current activity's value → Number
	And                // (Bool…) → Bool, Kleene
	Or                 // (Bool…) → Bool, Kleene
	Not                // (Bool) → Bool
	If                 // (Bool, T, T) → T; unknown where the test is
	Else               // (T, T) → T: the first, or the second where the first is unknown; "??"
	Missing            // (T) → Bool, never unknown
	Empty              // (T) → Bool: missing, or an empty list; never unknown
	Eq                 // (T, T) → Bool; numbers, times, bools, texts. Fold ignores case
	Ne                 //
	Lt                 // (Number, Number) or (Time, Time) → Bool
	Le                 //
	Gt                 //
	Ge                 //
	Between            // (Number or Time) → Bool: within Lo and Hi
	OneOf              // (Number or Text) → Bool: in the constant Set
	Contains           // (Text, Text) → Bool: substring
	Starts             // (Text, Text) → Bool
	Ends               // (Text, Text) → Bool
	Matches            // (Text) → Bool: Re, compiled with (?i) where case is ignored
	HasWord            // (Text or List, Text) → Bool: a whole word of it
	HasItem            // (List, Text) → Bool: an item equals
	HasAny             // (List) or (List, List) → Bool: an item is in Set, or in the second
	HasAll             // (List) or (List, List) → Bool: all of Set, or of the second, are items
	Within             // (Time) → Bool: in the closed window of Window µs that ends at the moment
	Neg                // (Number) → Number
	Add                // (Number, Number) → Number
	Sub                //
	Mul                //
	Div                // unknown on division by zero
	Mod                // floating remainder, sign of the dividend; unknown on zero
	Min                // (Number…) → Number
	Max                // (Number…) → Number
	Abs                // (Number) → Number
	Round              // half away from zero
	Floor              //
	Ceil               //
	Len                // (List or Text) → Number: items, or characters
	Days               // (Time) → Number: whole days from it to the moment, floored
	Count              // Log → Number
	Any                // Log → Bool
	Sum                // Log → Number: of the activities' values
	Since              // Log → Number: whole days since the newest; +Inf where there is none
	Call               // Fn over Args → Type; unknown where an argument is or Fn fails
	VM                 // Program over Args → Type; unknown where an argument is or it fails
	Foreign            // Judge over Args → Bool; what a missing argument means, Judge decides
)

// Node is one node of a tree. Trees are immutable once built and may share
// nodes.
type Node struct {
	Op     Op
	Type   Type
	Space  Space
	Fold   bool // Eq, Ne, OneOf and the text and list tests ignore case
	Flag   bool // Const of Bool
	Slot   int
	Num    float64
	Time   int64 // Const of Time, in µs
	Text   string
	List   []string // Const of List; the words that the patterns of a VM are written for
	Args   []*Node
	Lo, Hi Bound
	Set    *Set
	Re     *regexp.Regexp
	Window int64 // Within: µs
	Log    *Log
	Place  int // of a Log's answer in Env.Memo; zero: none
	Fn     func(args []any) (any, error)
	VM     *Program
	Judge  Judge
	Src    string // canonical text, for people
}

// Bound is one end of a Between. An infinite Num (or Unbounded) bounds nothing.
type Bound struct {
	Num       float64
	Time      int64
	Open      bool // the end itself is outside
	Unbounded bool
}

// Log is a question to the log of activities.
type Log struct {
	Type      int   // index of the activity type
	ByAccount bool  // the account's own log alone
	Where     *Node // a filter over the activity; may be nil
	Window    int64 // closed, in µs, ending at the moment; negative: all the past
}

// Memo is the answer to a question to the log, and the turn that it is of.
type Memo struct {
	turn   uint64
	answer float64
	tally  tally // what the answer is of

	dated uint64 // the turn that the dates are of
	dates dates
}

// Event is one activity of the log.
type Event struct {
	Type int32
	// Younger is by how many whole days less than its age it has decayed. It is
	// zero but where an attribution tells decay from windows.
	Younger int32
	At      int64 // µs
	Value   float64
	Fields  Record
}

// Faded gives the whole days for which the activity has decayed.
func (ev *Event) Faded(now int64) int64 { return WholeDays(ev.At, now) - int64(ev.Younger) }

// Env is what a tree is evaluated over. It is scratch of one scoring and not
// safe for concurrent use.
type Env struct {
	At       int64 // the scoring moment, µs
	Accounts Record
	Contacts Record // the current contact
	Lets     Record
	Event    *Event // the current activity, in filters
	Events   []Event
	Own      int // Events[:Own] are the account's own
	// Memo keeps the answers of the log's questions, which do not change while
	// Turn stays: a node of a question may have a Place there. Turn zero keeps nothing.
	Memo    []Memo
	Turn    uint64
	Metrics []float64
	Grades  []string
	// What Possible varies over: the missing values that could turn out to be
	// anything, by slot of Accounts and Lets, and the spans of the Metrics and
	// the sets of the Grades. Nil varies nothing.
	Open, OpenLets        []bool
	LetSpans              []Span // of lets that are open; nil: they could be anything
	MetricLow, MetricHigh []float64
	GradeSets             [][]string
	held                  held
	// Texts and Lists keep answers of tests of long values; nil keeps none.
	Texts *Texts
	Lists *Lists
	// Fault is told of a caller's function that gave no answer, and why; nil
	// tells nobody.
	Fault func(function, why string)
}
