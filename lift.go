package accountscore

import (
	"github.com/accountscore/accountscore/dsl"
)

// Path is a set of changes that would bring an account to a tier, or the
// answer that nothing that may be proposed does.
type Path struct {
	// Target is what was asked for: a tier, or see [Explanation.LiftTo].
	Target string `json:"target"`
	// Reached tells that the changed account has it, or an earlier one: every
	// path was tried by scoring the account with its changes. Where it is false
	// the path has no changes, and Reason says why.
	Reached bool     `json:"reached"`
	Changes []Change `json:"changes,omitempty"` // the lightest first
	// Effort is the sum of the changes' own.
	Effort float64 `json:"effort"`
	// Score and Tier are those of the changed account; out of reach, those that
	// the account has.
	Score float64 `json:"score"`
	Tier  string  `json:"tier"`
	// Label is what the account has of it where a grade or a tier of a further
	// ladder was asked for, such as "fit.grade A".
	Label string `json:"label,omitempty"`
	// Greedy tells that the changes were found one after the other, as no set of
	// three did: each is needed, but there may be fewer that do. Without Cut more
	// than three are needed.
	Greedy bool `json:"greedy,omitempty"`
	// Cut tells that not every set of few changes was tried, because there are
	// so many: a smaller one may have been missed. Where Reached is false it
	// tells that no way was found though nothing proves that there is none;
	// without it the tier is out of reach.
	Cut    bool   `json:"cut,omitempty"`
	Reason string `json:"reason,omitempty"`
}

// ChangeKind says what a change does.
type ChangeKind string

// The kinds of change, from the lightest on, each with its effort.
const (
	// ChangeRefresh is to confirm a value that is too old: 1.
	ChangeRefresh ChangeKind = "refresh"
	// ChangeFill is to find out a value that is missing: 2.
	ChangeFill ChangeKind = "fill"
	// ChangeRepeat is an activity: 3, and 1 for each further time.
	ChangeRepeat ChangeKind = "repeat"
	// ChangeReach is to bring a value elsewhere: 5, and up to 5 more: as far as a
	// number moves in multiples of itself, and 1 for each further item of a list.
	ChangeReach ChangeKind = "reach"
	// ChangeEngage is a contact: 8, or 10 for a new one, times its weight after
	// the other changes of a path where that is above 1, and up to half as much
	// again where it scores more than just engaged.
	ChangeEngage ChangeKind = "engage"
)

// Change is one thing that would be different about an account. It says all
// that [Explanation.Apply] needs, and more for those who read it: what an
// account is now, and what else would do.
type Change struct {
	Kind ChangeKind `json:"kind"`

	// Field is what to fill, to refresh, or to bring to a value, and Key its
	// name in the data, where that is another.
	Field string `json:"field,omitempty"`
	Key   string `json:"key,omitempty"`
	// Mark is what the ruleset says of the field: enrichable, which a missing
	// one is unless the ruleset says otherwise, or actionable.
	Mark string `json:"mark,omitempty"`
	// State and From are what is known of the field now.
	State ValueState `json:"state,omitempty"`
	From  dsl.Value  `json:"from,omitzero"`
	// To is the value that was tried: the nearest to From that does, as finely as
	// the ruleset reads it: whole, unless it compares it with fractions or counts
	// it within one or between -1 and 1, or the account has a fraction; and a plainer
	// one where that is about as near, or the next whole one beyond a whole bound. To a list that is known its items are added, and Out are the
	// items that are taken out of it, as often as they are in it; null adds none. Or
	// are other values that do as well: of such a list others to add, or, where none
	// are added, others to take out. Whichever of the values that do each change of
	// a path takes, the path reaches.
	To  dsl.Value   `json:"to,omitzero"`
	Out []string    `json:"out,omitempty"`
	Or  []dsl.Value `json:"or,omitempty"`
	// Min and Max bound the numbers or dates around To that do; null bounds
	// nothing. With Above, Min itself does not; with Below, Max does not. An end
	// that a formula sets may be off by what floating-point numbers round: by a
	// millionth of a millionth of itself, and no more.
	Min   dsl.Value `json:"min,omitzero"`
	Max   dsl.Value `json:"max,omitzero"`
	Above bool      `json:"above,omitempty"`
	Below bool      `json:"below,omitempty"`
	// Except are the texts that do not do, where any other does. What the field
	// has now is one of them, unless it differs by case alone from one that is, and
	// the field ignores case. Any tells that every value does: it is enough to know
	// it. To is one of those that do. Of a list they are of an item that it does not
	// have, of one that is missing of its one item.
	Except []string `json:"except,omitempty"`
	Any    bool     `json:"any,omitempty"`
	// More of the items of To, the last, stand for any others that the list does
	// not have, but for Except.
	More int `json:"more,omitempty"`
	// Where are conditions in the rules language: a text for which one of them
	// holds does, as To and Or do.
	Where []string `json:"where,omitempty"`
	// Same names another field of the path: what that has does here, and nothing
	// else. To is what the other's is.
	Same string `json:"same,omitempty"`

	// Activity happens Count times, at the moment of the scoring and each with
	// Value; on a contact's log where there is a Contact. Value is that of the
	// newest of its type; where none is in the log one, or, where a sum asks for
	// it, as much as is enough. It is zero where nothing reads it.
	Activity string  `json:"activity,omitempty"`
	Count    int     `json:"count,omitempty"` // 10,000 at most
	Value    float64 `json:"value,omitempty"`

	// Contact is the id of the contact to engage or to act with, or whose Field
	// is to fill. New tells that the account does not have it yet.
	Contact string `json:"contact,omitempty"`
	New     bool   `json:"new,omitempty"`
	// Score is what the contact would score: just enough to be engaged, or more
	// where less of it would not reach, but no more than the goal and the cap allow.
	// It follows from Who, With and Did;
	// Apply does not read it.
	Score float64 `json:"score,omitempty"`
	// Who are the values that say whom to engage, such as a seniority and a
	// role. With are the other values of the contact or the activity that the
	// trial assumed, and Did what the contact was assumed to have done.
	Who  []FieldValue `json:"who,omitempty"`
	With []FieldValue `json:"with,omitempty"`
	Did  []Deed       `json:"did,omitempty"`

	Effort float64 `json:"effort"`
}

// FieldValue is the value of a field of a contact or an activity.
type FieldValue struct {
	Field string    `json:"field"`
	Value dsl.Value `json:"value"`
	// Other tells that Value stands for any text that the ruleset does not
	// name, or that no other contact has where contacts are told apart by it;
	// Own tells that it is the latter.
	Other bool `json:"other,omitempty"`
	Own   bool `json:"own,omitempty"`
}

// Deed is an activity that a contact was assumed to have done.
type Deed struct {
	Activity string       `json:"activity"`
	Count    int          `json:"count"`
	Value    float64      `json:"value,omitempty"`
	With     []FieldValue `json:"with,omitempty"`
}

// Bounds of one search. Ordinary rulesets and accounts need a small part of
// them; where one ends the search, the paths say so by Cut.
const (
	maxLiftPaths   = 8       // that are given
	maxExact       = 3       // changes of a path that is exact
	maxGreedy      = 10      // changes of a path that is not
	maxLiftWork    = 6 << 20 // parts of formulas that the search evaluates, roughly: six nanoseconds each
	maxFinishWork  = 1 << 19 // and that finding the nearest values does; and saying why not
	maxGreedyWork  = 1 << 20 // and that being greedy does, each way
	maxValues      = 64      // values of one field that are tried
	maxLiftFields  = 500     // fields that are tried
	maxRepeats     = 10_000  // times that an activity is repeated
	maxActivities  = 40      // activities that are tried, of the account
	maxLiftRoles   = 50      // of a committee that are tried
	maxLiftPeople  = 6       // contacts that are tried, for each way of acting with one
	maxProfiles    = 24      // kinds of new contact that are tried
	maxFilterTrial = 256     // combinations of values that are tried to satisfy a filter
)

// Lift gives the smallest sets of changes, of fields, activities and contacts,
// that bring the account to the next tier: the one before its own, or the last
// one for an account that has none.
// It gives nothing where the account has the first tier already, or the model
// has none. See [Explanation.LiftTo]. The paths are sought once, by whatever
// needs them first, and are kept with the explanation.
func (x *Explanation) Lift() []Path {
	if x = x.made(); x.subject == nil {
		return noSubject("")
	}
	return clonePaths(x.paths())
}

// nextTier seeks the paths to the next tier.
func (x *Explanation) nextTier() []Path {
	tiers := x.subject.model.tiers
	at := len(tiers)
	for i := range x.Tiers {
		if x.Tiers[i].Chosen {
			at = i
		}
	}
	if at == 0 {
		return nil
	}
	return x.lift(x.subject.model.tierGoal(at - 1))
}

// LiftTo gives the smallest sets of changes that bring the account to a tier,
// or to an earlier one, the least effort first. It gives nothing where the
// account has it already. Where no set was found, the one path has Reached false
// and a Reason. It is said to be out of reach where every set was tried, or
// where the model bounds what all that may be changed could bring together;
// else the path has Cut.
//
// The tier may also be one of a further ladder, named with it as in "stage
// warm", a grade of a dimension, "fit.grade B", or of them all, "grade B2". A
// grade is reached by points that have it or are beyond it, as seen from the
// points that there are: from below by its least points or more; from above by
// its most or fewer, so that a worse grade is reached by losing points. A tier's condition may ask for all that it can read:
// the score, dimensions, those of contacts too, how many contacts are engaged,
// the committee, and fields. Where it bounds points from above, as "people
// between 20 and 40" does, what lies between too little and too much of a change
// is sought.
//
// What may be changed: a field that is missing, unless the ruleset marks it
// "fixed"; a field that is known, where it is marked "enrichable" or
// "actionable"; activities, which may happen once more or several times;
// contacts, those there are and new ones, which may be engaged; and a field of
// a contact that is missing, unless it is "fixed". A contact who is engaged
// scores just enough for that, or where less does not reach as much as it takes,
// up to the cap: by the numbers that the score is made of, up to a billion, and
// by what the rules of the block reward. A field's "stale after" changes no
// score; one that is older than "missing after" can be refreshed.
//
// No proper subset of a path's changes reaches the tier. Within the work of one
// search, some tens of milliseconds, every set of one and of two changes is
// tried, every set of three where those do not reach, and larger ones, up to
// ten, where there are few enough of them. Where one or two changes reach, sets
// of three are sought too that take less effort than any of those, as far as
// some work goes: at most two are given. Beyond that changes are chosen one
// after the other, each the one that brings the account nearest, and the path
// is marked Greedy; where none comes nearer alone, points beyond the bounds of
// the score and rules that hold in part are followed. Of sets of changes that
// differ only in their values the one of least effort is given, of numbers that
// are computed with together one of whole numbers; a set that adds
// a change to the fields, activities and contacts of another is given only if
// that lowers the effort, and of new contacts of one role who would do, only
// the easiest to engage. At most eight are given, one of the fewest changes
// among them.
//
// The values that are tried stand for all: each constant that the ruleset
// compares a field with cuts its values into classes. Where a field is
// computed with, the values at which a condition turns are sought with all
// other fields as they are. For tests of a part of a text, and for patterns,
// texts are made that meet some of them; conditions in other languages give none.
// To a list that is known items are added, others are taken out of it, or both, as
// few as do. What several tests ask of its items is put in together; for the
// conditions of list functions items are made.
//
// What a change says of other values than To is shown: nothing that the model
// asks of them turns where it is not seen. Where that cannot be shown a range is
// as small as one value. Of contacts, Except and Any look at whole texts alone.
//
// The cost is that of scoring the account thousands of times, and bounded to
// some tens of milliseconds, or to a few scorings of an account that takes
// longer to score than that. It is safe for concurrent use.
func (x *Explanation) LiftTo(tier string) []Path {
	if x = x.made(); x.subject == nil {
		return noSubject(tier)
	}
	goal, ok := x.subject.model.goal(tier, &x.Result)
	switch {
	case !ok:
		return []Path{{Target: tier, Score: x.Result.Score, Tier: x.Result.Tier, Reason: "the ruleset has no such tier or grade"}}
	case len(goal.tiers) == 0:
		return nil
	}
	return x.lift(goal)
}

func noSubject(tier string) []Path {
	return []Path{{Target: tier, Cut: true, Reason: "this explanation was read from data, or is empty: without a model nothing can be tried"}}
}

func (x *Explanation) lift(goal liftGoal) []Path {
	l := newLifter(x.subject, goal)
	defer l.close()
	return l.paths(x)
}

func (l *lifter) paths(x *Explanation) []Path {
	if l.reached() {
		return nil
	}
	l.probe()
	if !l.barred() {
		l.levers()
		if paths := l.search(); len(paths) > 0 {
			return paths
		}
	}
	why, proven := l.reason()
	return []Path{{Target: l.goal.name, Score: x.Result.Score, Tier: x.Result.Tier, Label: l.goal.told(&x.Result), Cut: !proven, Reason: why}}
}
