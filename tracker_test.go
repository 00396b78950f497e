package accountscore

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shadow is an account that is changed as a tracker is told to.
type shadow struct {
	r  randomRules
	m  *Model
	a  Account
	at time.Time
	t  *Tracker

	last *Activity // that was recorded
}

func newShadow(r randomRules, m *Model) *shadow {
	w := &shadow{r: r, m: m, a: r.account(r.IntN(2) == 0), at: testMoment}
	for i := range w.a.Contacts {
		if i > 0 && r.IntN(8) == 0 {
			w.a.Contacts[i].ID = w.a.Contacts[i-1].ID
		}
	}
	if r.IntN(3) == 0 && len(w.a.Contacts) > 0 {
		c := &w.a.Contacts[0]
		for c.ID = "c0"; len(c.Activities) < keptFrom; { // a log whose answers are kept
			c.Activities = append(slices.Clip(c.Activities), r.log()...)
		}
	}
	w.t = m.Track(w.a, w.at)
	return w
}

// step changes both in one random way, and says how.
func (w *shadow) step() string {
	r := w.r
	fields := r.fields()
	field := fields[r.IntN(len(fields))]
	switch r.IntN(16) {
	default:
		v := r.value(field)
		if r.IntN(8) == 0 {
			v = []any{"5", "", struct{}{}, -1, []any{"CRM", nil}, nil, "2026-10-01", int64(1 << 60)}[r.IntN(8)]
		}
		if r.wild && r.IntN(8) == 0 {
			v = []any{math.NaN(), math.Inf(-1), []string(nil), " ", time.Time{}, w.at, w.at.Add(time.Microsecond), "\xff", true}[r.IntN(9)]
		}
		w.a.Fields[field] = v
		w.t.Set(field, v)
		return fmt.Sprintf("set %s to %v", field, v)
	case 0:
		delete(w.a.Fields, field)
		w.t.Unset(field)
		return "unset " + field
	case 1:
		at := w.at.Add(time.Duration(10-r.IntN(120)) * 24 * time.Hour)
		if r.IntN(5) == 0 {
			at = time.Time{}
		}
		if r.wild && r.IntN(8) == 0 {
			at = r.moment()
		}
		aged := r.of("employees", "employees", "signed", "founded")
		w.a.Refreshed[aged] = at
		w.t.SetRefreshed(aged, at)
		return aged + " refreshed at " + at.String()
	case 2:
		w.a.PrevTier = r.of("", "top", "mid")
		w.t.SetPrevTier(w.a.PrevTier)
		return "was " + w.a.PrevTier
	case 3, 4, 5:
		fresh := r.account(true).Contacts
		if len(fresh) == 0 {
			return "nothing"
		}
		c := fresh[0]
		c.ID = fmt.Sprintf("c%d", r.IntN(5))
		w.replace(&c)
		w.t.SetContact(c)
		return fmt.Sprintf("contact %+v", c)
	case 6:
		id := fmt.Sprintf("c%d", r.IntN(6))
		w.a.Contacts = slices.DeleteFunc(slices.Clone(w.a.Contacts), func(c Contact) bool { return c.ID == id })
		w.t.RemoveContact(id)
		return "without contact " + id
	case 7, 8:
		log := r.log()
		if len(log) == 0 {
			return "nothing"
		}
		act := log[0]
		if r.IntN(10) == 0 {
			act.At = time.Time{}
		}
		if !act.At.IsZero() {
			act.At = act.At.Add(w.at.Sub(testMoment))
		}
		if w.last != nil && r.IntN(4) == 0 {
			act.At = w.last.At.Add(time.Duration(r.IntN(24)-12) * time.Hour) // of one day
		}
		if r.wild && w.last != nil && r.IntN(4) == 0 {
			act = *w.last // once more, wherever
		}
		w.last = &act
		id := r.of("", "c0", "c1", "c2", "nobody")
		if i := slices.IndexFunc(w.a.Contacts, func(c Contact) bool { return c.ID == id }); i >= 0 {
			w.a.Contacts[i].Activities = append(slices.Clip(w.a.Contacts[i].Activities), act)
		} else if id == "" {
			w.a.Activities = append(slices.Clip(w.a.Activities), act)
		}
		w.t.Record(id, act)
		return fmt.Sprintf("%q did %+v", id, act)
	case 9, 10, 11:
		w.at = w.at.Add(time.Duration(r.IntN(1+40*24*60)) * time.Minute)
		if r.IntN(8) == 0 {
			w.at = w.at.Add(-time.Duration(r.IntN(80*24)) * time.Hour)
		}
		if r.wild && r.IntN(6) == 0 {
			w.at = r.moment()
		}
		w.t.Advance(w.at)
		return "at " + w.at.String()
	case 12:
		next := w.t.NextChange()
		if next.IsZero() {
			return "never"
		}
		w.at = next.Add(-time.Duration(r.IntN(2)) * time.Microsecond)
		w.t.Advance(w.at)
		return "next at " + w.at.String()
	}
}

// replace sets a contact of the account.
func (w *shadow) replace(c *Contact) {
	i := slices.IndexFunc(w.a.Contacts, func(old Contact) bool { return old.ID == c.ID })
	if i < 0 {
		w.a.Contacts = append(slices.Clip(w.a.Contacts), *c)
		return
	}
	rest := slices.DeleteFunc(slices.Clone(w.a.Contacts[i+1:]), func(old Contact) bool { return old.ID == c.ID })
	w.a.Contacts = append(append(slices.Clone(w.a.Contacts[:i]), *c), rest...)
}

// check holds the tracker to a full rescore, and to what it says of its next
// change.
func (w *shadow) check(t testing.TB, history func() string) {
	t.Helper()
	want, got := w.m.Score(w.a, w.at), w.t.Result()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("-rescore +tracker:\n%s\n%s", diff, history())
	}
	if w.r.IntN(3) > 0 {
		return
	}
	next := w.t.NextChange()
	for range 2 {
		at := w.at.Add(time.Duration(w.r.IntN(400*24*60)) * time.Minute)
		if !next.IsZero() {
			span := next.Sub(w.at)
			require.Positive(t, span, "%s", history())
			at = w.at.Add(time.Duration(w.r.Int64N(int64(span))))
			if w.r.IntN(3) == 0 {
				at = next.Add(-time.Microsecond)
			}
		}
		later := w.m.Score(w.a, at)
		later.At = want.At
		if diff := cmp.Diff(want, later); diff != "" {
			t.Fatalf("-now +%v, before the next change at %v:\n%s\n%s", at, next, diff, history())
		}
	}
}

// checkTracker takes a tracker through random changes.
func checkTracker(t testing.TB, r randomRules, steps int) {
	m, src := randomModel(t, r)
	follow(t, r, m, src, steps)
}

func follow(t testing.TB, r randomRules, m *Model, src string, steps int) {
	w := newShadow(r, m)
	var history []string
	said := func() string { return fmt.Sprintf("%q\n%+v\n%s", history, w.a, src) }
	w.check(t, said)
	for range steps {
		for range 1 + r.IntN(3) {
			history = append(history, w.step())
		}
		w.check(t, said)
	}
}

// TestTrackerIsAFullRescore compares whole results after every change.
func TestTrackerIsAFullRescore(t *testing.T) {
	t.Parallel() // with the race detector it takes its time
	for seed := range uint64(400) {
		checkTracker(t, newRandom(90_000+seed), 25)
		checkTracker(t, newWild(90_000+seed), 25)
	}
}

// checkQuickTracker takes a tracker on the short way through random changes,
// where the model has one, and notes the forms of that.
func checkQuickTracker(t testing.TB, r randomRules, steps int, forms map[string]int) {
	m, src := randomModel(t, r)
	q := m.Track(Account{}, testMoment).quick.q
	if q == nil {
		return
	}
	for _, form := range append(q.decisionForms(), "") {
		forms[form]++
	}
	follow(t, r, m, src, steps)
}

// TestTrackerQuickly is TestTrackerIsAFullRescore on the short way.
func TestTrackerQuickly(t *testing.T) {
	forms := map[string]int{}
	for seed := range uint64(1000) {
		checkQuickTracker(t, newWild(95_000+seed), 25, forms)
	}
	assert.Greater(t, forms[""], 100)
	requireForms(t, forms, 10, false)
}

// FuzzTracker is TestTrackerIsAFullRescore from any seed.
func FuzzTracker(f *testing.F) {
	for seed := range uint64(20) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) {
		checkTracker(t, newRandom(seed), 40)
		checkTracker(t, newWild(seed), 40)
		checkQuickTracker(t, newWild(seed), 40, map[string]int{})
	})
}

// beyond64Bits has scores of contacts, above and below zero, that are too large
// to be added up by rank in 64 bits.
const beyond64Bits = "combine ranked 0.9"

// TestTrackerManyContacts takes contacts through every way to combine them,
// with more of them than ranks that count.
func TestTrackerManyContacts(t *testing.T) {
	for _, lines := range []string{
		"combine ranked 0.8", beyond64Bits, "combine ranked 0.3", "combine ranked 1", "combine sum", "combine max", "combine top 3", "combine mean",
		"combine weighted mean", "combine best 60%", "engaged at least 5 distinct by department", "bonus multi-thread 50% falling 0.5",
		"committee by role { buyer: 2, user: 1 }", "committee assigned by role { buyer: 2, user: 1 }",
		"decay half-life 30d since last_active within 60d", "combine top 3\n  decay linear 20d since last_active",
	} {
		text := engagement(lines)
		if lines == beyond64Bits {
			text = strings.NewReplacer("score lead_score\n  cap 100\n", "score 900 * (lead_score - 50)\n", "vp: 1.5", "vp: 50").Replace(text)
		}
		m := compile(t, text+"tiers {\n  a when engaged_contacts > 2 and senior_engaged > 1\n  b when completeness > 50\n}\n")
		r := newRandom(uint64(len(lines)))
		contact := func(id int) Contact {
			return Contact{ID: fmt.Sprint(id), Fields: map[string]any{"seniority": r.of("vp", "manager", "ic"), "lead_score": float64(r.IntN(400)) / 4,
				"last_active": testMoment.AddDate(0, 0, -r.IntN(80)), "department": r.of("a", "b", "c", ""), "role": r.of("buyer", "user", "x")}}
		}
		w := &shadow{r: r, m: m, at: testMoment}
		for i := range 120 {
			w.a.Contacts = append(w.a.Contacts, contact(i))
		}
		w.t = m.Track(w.a, w.at)
		for range 300 {
			switch r.IntN(6) {
			case 0:
				id := fmt.Sprint(r.IntN(150))
				w.a.Contacts = slices.DeleteFunc(w.a.Contacts, func(c Contact) bool { return c.ID == id })
				w.t.RemoveContact(id)
			case 1:
				w.at = w.at.Add(time.Duration(r.IntN(40)) * time.Hour)
				w.t.Advance(w.at)
			default:
				c := contact(r.IntN(150))
				w.replace(&c)
				w.t.SetContact(c)
			}
			w.check(t, func() string { return lines })
		}
	}
}

// TestTrackerCopies what it is given.
func TestTrackerCopies(t *testing.T) {
	m := compile(t, "field stack list\nstack contains \"CRM\" → +5\n")
	stack := []string{"CRM"}
	fields := map[string]any{"stack": stack}
	tr := m.Track(Account{Fields: fields}, testMoment)
	stack[0], fields["stack"] = "ERP", nil
	assert.Equal(t, 5.0, tr.Result().Score)
	tr.Set("stack", stack)
	assert.Equal(t, 0.0, tr.Result().Score)
	stack[0] = "CRM"
	tr.SetPrevTier("x")
	assert.Equal(t, 0.0, tr.Result().Score)
}

// TestTrackerUnknownNames do nothing.
func TestTrackerUnknownNames(t *testing.T) {
	m := compile(t, "field unread number\nemployees > 5 → +5\n"[len("field unread number\n"):])
	tr := m.Track(Account{ID: "a"}, testMoment)
	want := tr.Result()
	tr.Set("nobody", 5)
	tr.Unset("nobody")
	tr.SetRefreshed("nobody", testMoment)
	tr.SetRefreshed("employees", testMoment)
	tr.RemoveContact("nobody")
	tr.Record("nobody", Activity{Type: "visit"})
	tr.Record("", Activity{Type: "visit"})
	assert.Equal(t, want, tr.Result())
	tr.Set("employees", "many")
	assert.Equal(t, 1, tr.Result().Invalid)
	tr.Set("employees", 9)
	assert.Zero(t, tr.Result().Invalid)
}
