package accountscore

import (
	"database/sql"
	"encoding/json"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/accountscore/accountscore/dsl"
)

// checkBound scores random structs of a shape, and the same as accounts.
func checkBound[T any](t *testing.T, r randomRules, m *Model, src string) {
	t.Helper()
	s, err := Bind[T](m)
	require.NoError(t, err, src)
	var got Result
	for range 6 {
		v := new(T)
		r.fill(reflect.ValueOf(v).Elem(), "")
		a := accountOf(reflect.ValueOf(v).Elem())
		want := m.Score(a, testMoment)
		s.ScoreInto(&got, v, testMoment)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("-map +struct:\n%s\n%#v\n%#v\n%s", diff, a, v, src)
		}
	}
}

// checkShapes compares every shape over a random ruleset.
func checkShapes(t *testing.T, seed uint64) {
	r := newRandom(seed)
	src := r.ruleset()
	for !strings.Contains(src, "from contacts") {
		src = r.ruleset()
	}
	m := compile(t, src)
	checkBound[plainLead](t, r, m, src)
	checkBound[pointerLead](t, r, m, src)
	checkBound[nullLead](t, r, m, src)
	checkBound[namedLead](t, r, m, src)
}

// TestBindAgreesWithMaps scores structs of every shape and the maps made of
// them.
func TestBindAgreesWithMaps(t *testing.T) {
	for seed := range uint64(300) {
		checkShapes(t, 7000+seed)
	}
}

// FuzzBind looks for a struct that scores otherwise than the map made of it.
func FuzzBind(f *testing.F) {
	for seed := range uint64(10) {
		f.Add(seed)
	}
	f.Fuzz(checkShapes)
}

const bindDeclarations = randomDeclarations + `
dimension d {
  employees > 100 → +10
  industry = Retail → +5
  customer → +3
  stack contains "CRM" → +2
  funded within 180d → +1
  each visit where page contains "x" → +1
  sum(visit) > 100 → +1
}
dimension people from contacts {
  field seniority text
  field lead_score number
  score lead_score
}
`

// TestBindErrors binds structs with every fault that there is: all of them
// come at once.
func TestBindErrors(t *testing.T) {
	m := compile(t, bindDeclarations)
	check := func(err error, want ...string) {
		t.Helper()
		require.Error(t, err)
		var got []string
		for _, e := range err.(interface{ Unwrap() []error }).Unwrap() {
			var one *dsl.Error
			require.ErrorAs(t, e, &one)
			assert.NotEmpty(t, one.Fix, one.Message)
			got = append(got, one.Short())
		}
		assert.Equal(t, want, got)
	}
	type step struct {
		Kind  int     `score:",type"`
		At    string  `score:",at"`
		Value string  `score:",value"`
		Page  float64 `score:"page"`
		Other string  `score:"other"`
	}
	type person struct {
		Lead  string    `score:"lead_score"`
		Fresh time.Time `score:"lead_score,refreshed"`
		Firm  int       `score:"employees"`
		Log   []step    `score:",activities"`
	}
	type base struct {
		Customer int `score:"customer"`
	}
	type lead struct {
		base
		ID        int                  `score:",id"`
		Employees []byte               `score:"employees"`
		Enriched  string               `score:"employees,refreshed"`
		Again     float64              `score:"employees"`
		Industry  any                  `score:"industry"`
		Country   json.Number          `score:"country"`
		Plan      **string             `score:"plan"`
		Stack     [2]string            `score:"stack"`
		Funded    sql.Null[int]        `score:"funded"`
		Seats     struct{ Valid bool } `score:"seats"`
		Employes  int                  `score:"employes"`
		People    []person             `score:",contacts"`
		Log       step                 `score:",activities"`
		Nothing   int                  `score:""`
		Option    int                  `score:"revenue,omitempty"`
		Role      string               `score:",type"`
		Both      int                  `score:"founded,refreshed,omitzero"`
		trial     bool                 `score:"trial"`
	}
	_, err := Bind[lead](m)
	const at = "accountscore.lead."
	check(err,
		at+"Nothing: the tag \"\" names nothing [name]",
		at+"Option: the tag \"revenue,omitempty\" cannot say \"omitempty\" [structure]",
		at+"Role: the tag \",type\" cannot say \"type\" [structure]",
		at+"Both: the tag \"founded,refreshed,omitzero\" cannot say \"omitzero\" [structure]",
		at+"trial: an unexported field is tagged [structure]",
		at+"Again: the tag \"employees\" is also that of accountscore.lead.Employees [duplicate]",
		at+"ID: id is a text, and a Go int holds none [type]",
		at+"Employees: employees is a number, and a Go []uint8 holds none [type]",
		at+"Enriched: employees is a moment, and a Go string holds none [type]",
		at+"Industry: industry is a text, and a Go interface {} holds none [type]",
		at+"Country: country is a text, and a Go json.Number holds none [type]",
		at+"Plan: plan is a text, and a Go **string holds none [type]",
		at+"Stack: stack is a list, and a Go [2]string holds none [type]",
		at+"Funded: funded is a time, and a Go sql.Null[int] holds none [type]",
		at+"Seats: seats is a number, and a Go struct { Valid bool } holds none [type]",
		at+"Employes: the ruleset has no field employes [name]",
		at+"People.Fresh: the tag \"lead_score,refreshed\" cannot say \"refreshed\" [structure]",
		at+"People.Lead: lead_score is a number, and a Go string holds none [type]",
		at+"People.Firm: the contacts block has no field employees [name]",
		at+"People.Log.Kind: type is a text, and a Go int holds none [type]",
		at+"People.Log.At: at is a moment, and a Go string holds none [type]",
		at+"People.Log.Value: value is a number, and a Go string holds none [type]",
		at+"People.Log.Page: page is a text, and a Go float64 holds none [type]",
		at+"People.Log.Other: any activity has no field other [name]",
		at+"Log: a Go accountscore.step holds no activities [type]",
		at+"base.Customer: customer is a bool, and a Go int holds none [type]",
	)
	assert.Less(t, len(err.Error()), 4<<10)
	_ = lead{trial: true}

	_, err = Bind[struct {
		Log []struct{} `score:",activities"`
	}](m)
	check(err, "the struct.Log: the activities of a Go struct {} have no type [structure]", "the struct.Log: the activities of a Go struct {} have no at [structure]")
	_, err = Bind[*plainLead](m)
	check(err, "*accountscore.plainLead: a Go *accountscore.plainLead is no struct [type]")
	_, err = Bind[plainLead](nil)
	check(err, "accountscore.plainLead: there is no model [structure]")
}

// TestBindNothing binds structs without tags, without memory, and no struct.
func TestBindNothing(t *testing.T) {
	m := compile(t, bindDeclarations)
	want := m.Score(Account{}, testMoment)
	empty, err := Bind[struct{}](m)
	require.NoError(t, err)
	assert.Equal(t, want, empty.Score(&struct{}{}, testMoment))
	assert.Equal(t, want, empty.Score(nil, testMoment))
	plain, err := Bind[plainLead](compile(t, strings.Replace(bindDeclarations, "score lead_score", "field last_active time\n  score lead_score", 1)))
	require.NoError(t, err)
	assert.Equal(t, want.Low, plain.Score(nil, testMoment).Low)
	people, err := Bind[struct {
		People []struct{} `score:",contacts"`
	}](m)
	require.NoError(t, err)
	assert.Equal(t, 3, people.Score(&struct {
		People []struct{} `score:",contacts"`
	}{make([]struct{}, 3)}, testMoment).Contacts)
}

// TestBindAllocates nothing, however the struct holds its values, be it on the
// stack of the caller.
func TestBindAllocates(t *testing.T) {
	m := compile(t, strings.Replace(bindDeclarations, "score lead_score", "field last_active time\n  score lead_score\n  decay half-life 30d since last_active", 1))
	at := testMoment
	log := []plainStep{{"visit", at, 3, "/x", 1}, {"webinar", at, 0, "", 0}}
	plain, err := Bind[plainLead](m)
	require.NoError(t, err)
	allocatesNothing(t, plain, func() plainLead {
		v := plainLead{ID: "a", Employees: 500, Industry: "Retail", Stack: stackOf, Log: log}
		return v
	})
	people := make([]struct {
		ID   string      `score:",id"`
		Rank string      `score:"seniority"`
		Lead float64     `score:"lead_score"`
		Last time.Time   `score:"last_active"`
		Log  []plainStep `score:",activities"`
	}, 20)
	for i := range people {
		people[i].Lead, people[i].Last, people[i].Log = float64(i), at, log
	}
	allocatesNothing(t, plain, func() plainLead { return plainLead{ID: "a", People: people, Log: log} })
	r := newRandom(1)
	checkAllocates(t, r, m, func(*pointerLead) {})
	checkAllocates(t, r, m, func(*nullLead) {})
	checkAllocates(t, r, m, func(v *namedLead) {
		// Parsing what cannot be parsed makes an error, and an offset a place.
		v.Funded = "2026-10-20T10:00:00Z"
		if v.Firmographics != nil {
			v.Employees = "49.5"
		}
		for i := range v.People {
			v.People[i].Lead, v.People[i].Last = "12", "2026-10-01"
		}
	})
}

var stackOf = []string{"CRM"}

func checkAllocates[T any](t *testing.T, r randomRules, m *Model, mend func(*T)) {
	t.Helper()
	s, err := Bind[T](m)
	require.NoError(t, err)
	for range 20 {
		v := new(T)
		r.fill(reflect.ValueOf(v).Elem(), "")
		mend(v)
		allocatesNothing(t, s, func() T { return *v })
	}
}

// allocatesNothing leaves the pool of scratches out: the race detector empties
// it at random.
func allocatesNothing[T any](t *testing.T, s *Scorer[T], of func() T) {
	t.Helper()
	var r Result
	scratch := s.b.m.scratch()
	score := func() {
		v := of()
		s.b.score(scratch, &r, addressOf(&v), testMoment)
	}
	score()
	assert.Zero(t, testing.AllocsPerRun(20, score))
}

// TestBindConcurrently scores with one scorer from many goroutines, beside the
// model itself.
func TestBindConcurrently(t *testing.T) {
	r := newRandom(5)
	src := r.ruleset()
	for !strings.Contains(src, "from contacts") {
		src = r.ruleset()
	}
	m := compile(t, src)
	s, err := Bind[namedLead](m)
	require.NoError(t, err)
	leads, wants := make([]namedLead, 40), make([]Result, 40)
	for i := range leads {
		r.fill(reflect.ValueOf(&leads[i]).Elem(), "")
		wants[i] = s.Score(&leads[i], testMoment)
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range leads {
				i = (i + g*5) % len(leads)
				assert.Equal(t, wants[i], s.Score(&leads[i], testMoment))
				m.Score(Account{}, testMoment)
			}
		})
	}
	wg.Wait()
}

// TestBindHides: a tag of an outer struct hides the same tag further in,
// wherever it stands.
func TestBindHides(t *testing.T) {
	type one struct {
		N float64 `score:"n"`
	}
	type two struct {
		N float64 `score:"n"`
	}
	m := compile(t, "n >= 5 → +1\n")
	type last struct {
		one
		two
		N float64 `score:"n"`
	}
	s, err := Bind[last](m)
	require.NoError(t, err)
	assert.Equal(t, 1.0, s.Score(&last{one{1}, two{2}, 5}, testMoment).Score)
	type first struct {
		N float64 `score:"n"`
		one
		two
	}
	f, err := Bind[first](m)
	require.NoError(t, err)
	assert.Equal(t, 1.0, f.Score(&first{5, one{1}, two{2}}, testMoment).Score)
	type neither struct {
		one
		two
	}
	_, err = Bind[neither](m)
	assert.ErrorContains(t, err, `the tag "n" is also that of accountscore.neither.one.N`)
}

// Structs that embed each other in every order.
type (
	Tangle0 struct {
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle1 struct {
		*Tangle0
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle2 struct {
		*Tangle0
		*Tangle1
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle3 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle4 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle5 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle6
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle6 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle7
		*Tangle8
		*Tangle9
	}
	Tangle7 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle8
		*Tangle9
	}
	Tangle8 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle9
	}
	Tangle9 struct {
		*Tangle0
		*Tangle1
		*Tangle2
		*Tangle3
		*Tangle4
		*Tangle5
		*Tangle6
		*Tangle7
		*Tangle8
		N float64 `score:"n"`
	}
)

// TestBindTangled: reading tags takes no time that grows with the ways to a
// struct.
func TestBindTangled(t *testing.T) {
	m := compile(t, "n >= 5 → +1\n")
	steps := testing.AllocsPerRun(1, func() {
		s, err := Bind[Tangle0](m)
		require.NoError(t, err)
		assert.Equal(t, 1.0, s.Score(&Tangle0{Tangle9: &Tangle9{N: 5}}, testMoment).Score)
	})
	assert.Less(t, steps, 10_000.0)
}

// TestBindActivityFields: activities may differ in what a field of one name is.
func TestBindActivityFields(t *testing.T) {
	m := compile(t, `activity visit (page text), demo (page number), call (page number)
count(visit where page = "/pricing") > 0 → +1
count(demo where page > 2) > 0 → +10
count(call where page > 2) > 0 → +100
`)
	type act struct {
		Kind string    `score:",type"`
		At   time.Time `score:",at"`
		Page string    `score:"visit.page"`
		Step int       `score:"demo.page"`
		Rest float64   `score:"call.page"`
	}
	type firm struct {
		Log []act `score:",activities"`
	}
	s, err := Bind[firm](m)
	require.NoError(t, err)
	assert.Equal(t, 111.0, s.Score(&firm{[]act{{Kind: "visit", At: testMoment, Page: "/pricing"}, {Kind: "demo", At: testMoment, Step: 3},
		{Kind: "call", At: testMoment, Rest: 2.5}}}, testMoment).Score)
	assert.Equal(t, 0.0, s.Score(&firm{[]act{{Kind: "visit", At: testMoment, Step: 3}, {Kind: "demo", At: testMoment, Page: "/pricing", Rest: 3}}}, testMoment).Score)

	type mixed struct {
		Kind string    `score:",type"`
		At   time.Time `score:",at"`
		Page string    `score:"visit.page"`
		Step int       `score:"page"` // of all others
	}
	some, err := Bind[struct {
		Log []mixed `score:",activities"`
	}](m)
	require.NoError(t, err)
	assert.Equal(t, 110.0, some.Score(&struct {
		Log []mixed `score:",activities"`
	}{[]mixed{{Kind: "demo", At: testMoment, Step: 3}, {Kind: "call", At: testMoment, Step: 3}}}, testMoment).Score)

	type one struct {
		Kind string    `score:",type"`
		At   time.Time `score:",at"`
		Page string    `score:"page"`
		None int       `score:"visit.size"`
	}
	_, err = Bind[struct {
		Log []one `score:",activities"`
	}](m)
	require.ErrorContains(t, err, "demo.page is a number, and a Go string holds none")
	assert.ErrorContains(t, err, "any activity has no field visit.size")
	errs := err.(interface{ Unwrap() []error }).Unwrap()
	assert.Contains(t, errs[0].(*dsl.Error).Fix, "activities differ in page: tag a member for each, as in `score:\"demo.page\"`")
}
