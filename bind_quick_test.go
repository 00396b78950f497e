package accountscore

import (
	"database/sql"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/internal/cond"
)

// The shapes below have neither contacts nor activities nor refresh dates, but
// for the last: the short way can take them.

type bareLead struct {
	ID        string    `score:",id"`
	Employees float64   `score:"employees"`
	Revenue   int       `score:"revenue"`
	Founded   int32     `score:"founded"`
	Seats     uint8     `score:"seats"`
	Industry  string    `score:"industry"`
	Country   string    `score:"country"`
	Plan      string    `score:"plan"`
	Customer  bool      `score:"customer"`
	Trial     bool      `score:"trial"`
	Stack     []string  `score:"stack"`
	Funded    time.Time `score:"funded"`
	Region    string    `score:"region"`
	Tags      []string  `score:"tags"`
	Signed    time.Time `score:"signed"`
	Active    bool      `score:"active"`
	Tier      string    `score:",prevtier"`
}

type bareNull struct {
	ID        *string          `score:",id"`
	Employees *int64           `score:"employees"`
	Revenue   sql.NullFloat64  `score:"revenue"`
	Founded   *uint64          `score:"founded"`
	Seats     *sql.NullInt16   `score:"seats"`
	Industry  sql.NullString   `score:"industry"`
	Country   *string          `score:"country"`
	Customer  sql.NullBool     `score:"customer"`
	Trial     *bool            `score:"trial"`
	Stack     *[]string        `score:"stack"`
	Funded    *time.Time       `score:"funded"`
	Region    sql.Null[string] `score:"region"`
	Tags      *[]string        `score:"tags"`
	Signed    sql.NullTime     `score:"signed"`
	Active    *sql.NullBool    `score:"active"`
}

type bareNamed struct {
	*BareFirm
	Customer namedBool  `score:"customer,omitzero"`
	Trial    *namedBool `score:"trial,omitzero"`
	Tags     namedTexts `score:"tags,omitzero"`
	Signed   namedTime  `score:"signed,omitzero"`
	Active   namedBool  `score:"active"`
}

type BareFirm struct {
	Revenue  namedShare `score:"revenue,omitzero"`
	Founded  namedCount `score:"founded"`
	Seats    int16      `score:"seats,omitzero"`
	Industry namedText  `score:"industry,omitzero"`
	Region   namedText  `score:"region"`
	Funded   namedTime  `score:"funded"`
}

// bareText holds values whose reading may fail in more than one way.
type bareText struct {
	ID        string      `score:",id"`
	Employees json.Number `score:"employees"`
	Revenue   float32     `score:"revenue"`
	Funded    string      `score:"funded"`
	Signed    time.Time   `score:"signed"`
	Customer  bool        `score:"customer"`
	Active    bool        `score:"active"`
	Region    string      `score:"region"`
}

// bareFresh knows when a field was refreshed.
type bareFresh struct {
	bareLead
	Enriched time.Time `score:"employees,refreshed"`
}

// wayCount counts which way structs and accounts took.
type wayCount struct {
	structs, mustTake, open, maps, long int
	forms                               map[string]int // models that hold them
}

// mustTakeShort tells whether the short way has no reason to give a struct up.
// It reads the struct by the other way.
func mustTakeShort[T any](b *binding, v *T) (must, open bool) {
	m := b.m
	s := m.scratch()
	defer m.release(s)
	b.load(s, addressOf(v), testMoment)
	if !b.short {
		return false, false
	}
	for i := range b.fields {
		f := &b.fields[i]
		switch slot := &s.env.Accounts[f.slot]; {
		case f.kind == goStringTime, f.kind == goJSONNumber, slot.State == cond.Invalid, slot.State == cond.Expired:
			return false, false
		case f.field.fallback != nil:
			var raw cond.Slot
			if f.fill(&raw, addressOf(v)); raw.State != cond.Known {
				return false, false
			}
		case slot.State.Missing():
			open = true
		}
	}
	if open {
		if m.quick.treed {
			return false, true // a tree may be taken together with other lines
		}
		for i := range m.plan.dims {
			// What is taken together over a missing field need not be prepared.
			if len(m.plan.dims[i].composites) > 0 {
				return false, true
			}
		}
	}
	return true, open
}

// checkShort scores random structs of a shape by the short way wherever it has
// no reason to give up, as maps, and by the walk without any table.
func checkShort[T any](t testing.TB, r randomRules, m *Model, src string, n *wayCount) {
	t.Helper()
	s, err := Bind[T](m)
	require.NoError(t, err, src)
	var bound, short, mapped Result // what a scoring leaves there must not show in the next
	for range 8 {
		v := new(T)
		r.fill(reflect.ValueOf(v).Elem(), "")
		a := accountOf(reflect.ValueOf(v).Elem())
		at := testMoment
		want := walked(m, a, at)
		must, open := mustTakeShort(s.b, v)
		took := s.b.short && s.b.scoreQuickly(&short, addressOf(v), at)
		switch {
		case took:
			n.structs++
			if must {
				n.mustTake++
			}
			if open {
				n.open++
			}
			if diff := cmp.Diff(want, short, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("-walk +short way:\n%s\n%#v\n%#v\n%s", diff, a, v, src)
			}
		case must:
			t.Fatalf("the short way gave up:\n%#v\n%s", v, src)
		default:
			n.long++
		}
		if m.quick.score(&mapped, &a, at) {
			n.maps++
			if diff := cmp.Diff(want, mapped, cmpopts.EquateEmpty()); diff != "" {
				t.Fatalf("-walk +short way of maps:\n%s\n%#v\n%s", diff, a, src)
			}
		}
		s.ScoreInto(&bound, v, at)
		if diff := cmp.Diff(m.Score(a, at), bound, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-map +struct:\n%s\n%#v\n%#v\n%s", diff, a, v, src)
		}
	}
}

// checkShortShapes compares every shape over a random ruleset that has the
// short way, and tells whether there was one.
func checkShortShapes(t testing.TB, seed uint64, n *wayCount) bool {
	r := newWild(seed)
	src := r.plainRuleset()
	m := compile(t, src)
	if m.quick == nil {
		return false // too many dimensions and packed places
	}
	for _, form := range m.quick.decisionForms() {
		n.forms[form]++
	}
	checkShort[bareLead](t, r, m, src, n)
	checkShort[bareNull](t, r, m, src, n)
	checkShort[bareNamed](t, r, m, src, n)
	checkShort[bareText](t, r, m, src, n)
	s, err := Bind[bareFresh](m)
	require.NoError(t, err)
	require.True(t, s.b.short, src)
	checkShort[bareFresh](t, r, m, src, n)
	return true
}

// TestBindQuickAgrees holds the short way of structs and of maps to the walk,
// over whole results: score, range, tier and certainty, dimensions, counts.
func TestBindQuickAgrees(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	n := wayCount{forms: map[string]int{}}
	models := 0
	for seed := range uint64(500) {
		if checkShortShapes(t, 8000+seed, &n) {
			models++
		}
	}
	t.Logf("%d models, %+v", models, n)
	assert.Greater(t, models, 250)
	assert.Greater(t, n.mustTake, 700)
	assert.Greater(t, n.structs, 2000)
	assert.Greater(t, n.open, 1000)
	assert.Greater(t, n.maps, 500)
	assert.Greater(t, n.long, 1000)
	requireForms(t, n.forms, 20, true)
}

// FuzzBindQuick looks for a struct that the short way scores otherwise.
func FuzzBindQuick(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { checkShortShapes(t, seed, &wayCount{forms: map[string]int{}}) })
}

// TestBindQuickConcurrently takes the short way from many goroutines.
func TestBindQuickConcurrently(t *testing.T) {
	r := newWild(4)
	m := compile(t, r.plainRuleset())
	require.NotNil(t, m.quick)
	s, err := Bind[bareLead](m)
	require.NoError(t, err)
	var leads []bareLead
	var wants []Result
	for len(leads) < 40 {
		var v bareLead
		r.fill(reflect.ValueOf(&v).Elem(), "")
		if s.b.scoreQuickly(new(Result), addressOf(&v), testMoment) {
			leads = append(leads, v)
			wants = append(wants, walked(m, accountOf(reflect.ValueOf(&v).Elem()), testMoment))
		}
	}
	done := make(chan string)
	for g := range 8 {
		go func() {
			var got Result
			for i := range leads {
				i = (i + g*7) % len(leads)
				s.ScoreInto(&got, &leads[i], testMoment)
				if diff := cmp.Diff(wants[i], got, cmpopts.EquateEmpty()); diff != "" {
					done <- diff
					return
				}
			}
			done <- ""
		}()
	}
	for range 8 {
		assert.Empty(t, <-done)
	}
}
