package accountscore

import (
	"database/sql"
	"encoding/json"
	"math"
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
	"github.com/accountscore/accountscore/internal/cond"
)

// The shapes of structs that a random account is held in. Every kind of Go
// type that a field takes is in one of them.

type plainLead struct {
	ID        string    `score:",id"`
	Employees float64   `score:"employees"`
	Enriched  time.Time `score:"employees,refreshed"`
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
	Tier      string    `score:",prevtier"`
	People    []struct {
		ID   string      `score:",id"`
		Rank string      `score:"seniority"`
		Lead float64     `score:"lead_score"`
		Last time.Time   `score:"last_active"`
		Log  []plainStep `score:",activities"`
	} `score:",contacts"`
	Log []plainStep `score:",activities"`
}

type plainStep struct {
	Type  string    `score:",type"`
	At    time.Time `score:",at"`
	Value float64   `score:",value"`
	Page  string    `score:"page"`
	Depth int       `score:"depth"`
}

type pointerLead struct {
	ID        *string    `score:",id"`
	Employees *int64     `score:"employees"`
	Enriched  *time.Time `score:"employees,refreshed"`
	Revenue   *float32   `score:"revenue"`
	Founded   *uint64    `score:"founded"`
	Seats     *int8      `score:"seats"`
	Industry  *string    `score:"industry"`
	Country   *string    `score:"country"`
	Plan      *string    `score:"plan"`
	Customer  *bool      `score:"customer"`
	Trial     *bool      `score:"trial"`
	Stack     *[]string  `score:"stack"`
	Funded    *time.Time `score:"funded"`
	Tier      *string    `score:",prevtier"`
	People    []*struct {
		ID   *string        `score:",id"`
		Rank *string        `score:"seniority"`
		Lead *float64       `score:"lead_score"`
		Last *time.Time     `score:"last_active"`
		Log  []*pointerStep `score:",activities"`
	} `score:",contacts"`
	Log []*pointerStep `score:",activities"`
}

type pointerStep struct {
	Type  *string    `score:",type"`
	At    *time.Time `score:",at"`
	Value *int       `score:",value"`
	Page  *string    `score:"page"`
	Depth *uint16    `score:"depth"`
}

type nullLead struct {
	ID        sql.NullString      `score:",id"`
	Employees sql.NullFloat64     `score:"employees"`
	Enriched  sql.NullTime        `score:"employees,refreshed"`
	Revenue   sql.NullInt64       `score:"revenue"`
	Founded   sql.Null[uint32]    `score:"founded"`
	Seats     *sql.NullInt16      `score:"seats"`
	Industry  sql.NullString      `score:"industry"`
	Country   sql.Null[string]    `score:"country"`
	Plan      wrappedNull         `score:"plan"`
	Customer  sql.NullBool        `score:"customer"`
	Trial     *sql.NullBool       `score:"trial"`
	Stack     sql.Null[[]string]  `score:"stack"`
	Funded    sql.Null[time.Time] `score:"funded"`
	Tier      sql.NullString      `score:",prevtier"`
	People    []struct {
		ID   sql.NullString  `score:",id"`
		Rank sql.NullString  `score:"seniority"`
		Lead sql.NullFloat64 `score:"lead_score"`
		Last sql.NullTime    `score:"last_active"`
	} `score:",contacts"`
	Log []struct {
		Type  sql.NullString  `score:",type"`
		At    sql.NullTime    `score:",at"`
		Value sql.NullFloat64 `score:",value"`
		Page  sql.NullString  `score:"page"`
		Depth sql.NullByte    `score:"depth"`
	} `score:",activities"`
}

type wrappedNull struct{ sql.NullString }

type (
	namedText  string
	namedTexts []namedText
	namedCount uint
	namedShare float32
	namedBool  bool
	namedTime  time.Time
)

type namedLead struct {
	*Firmographics
	usage
	ID     namedText `score:",id"`
	Tier   namedText `score:",prevtier"`
	People []struct {
		Person
		Log []namedStep `score:",activities"`
	} `score:",contacts"`
	Log []namedStep `score:",activities"`
	// Hidden tags and members without one.
	Firm     Firmographics `score:"-"`
	Anything map[string]any
}

type Firmographics struct {
	*Firmographics             // hides its own tags
	Employees      json.Number `score:"employees"`
	Enriched       namedTime   `score:"employees,refreshed"`
	Revenue        namedShare  `score:"revenue,omitzero"`
	Founded        namedCount  `score:"founded,omitzero"`
	Industry       namedText   `score:"industry"`
	Country        namedText   `score:"country"`
	deep
}

type deep struct {
	Customer string `score:"customer"` // hidden by that of usage, or its type would be an error
}

type usage struct {
	Seats    int16                    `score:"seats,omitzero"`
	Plan     namedText                `score:"plan"`
	Customer namedBool                `score:"customer,omitzero"`
	Trial    *namedBool               `score:"trial,omitzero"`
	Stack    namedTexts               `score:"stack"`
	Funded   string                   `score:"funded"`
	_        struct{ Valid, So bool } // is no field
}

type Person struct {
	ID   namedText   `score:",id"`
	Rank namedText   `score:"seniority"`
	Lead json.Number `score:"lead_score,omitzero"`
	Last namedText   `score:"last_active"`
}

type namedStep struct {
	Type  namedText  `score:",type"`
	At    namedTime  `score:",at"`
	Value uintptr    `score:",value"`
	Page  *namedText `score:"page"`
	Depth float32    `score:"depth"`
}

// fill gives every member of a struct a random value, some of them hostile.
func (r randomRules) fill(v reflect.Value, tag string) {
	name, role, _ := strings.Cut(tag, ",")
	switch {
	case v.Type() == reflect.TypeFor[namedTime]() || v.Type() == timeType:
		t := testMoment.Add(-time.Duration(r.IntN(200*24)) * time.Hour)
		if r.IntN(10) == 0 {
			t = []time.Time{{}, time.Unix(1<<40, 0), time.Unix(-1<<40, 0), testMoment.AddDate(0, 0, 3)}[r.IntN(4)]
		}
		if name == "signed" && r.IntN(2) == 0 {
			if edge, ok := r.value(name).(time.Time); ok {
				t = edge
			}
		}
		v.Set(reflect.ValueOf(t).Convert(v.Type()))
		return
	case v.Type() == jsonNumberType:
		v.SetString(r.of("0", "49.5", "100", "1e3", "20", "9007199254740993", "x", "", "NaN", "5"))
		return
	}
	number := func() float64 {
		if name == "" {
			name = "founded"
		}
		if n, ok := r.value(name).(float64); ok {
			return n
		}
		return float64([]int{0, 1, 5, 10, 25, 49, 50, 100, 500, 1000, 5000, -3, r.IntN(6000)}[r.IntN(13)])
	}
	switch v.Kind() {
	case reflect.Pointer:
		if r.IntN(4) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			r.fill(v.Elem(), tag)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			inner, ok := f.Tag.Lookup("score")
			if inner == "-" || f.Type == reflect.PointerTo(v.Type()) || !f.IsExported() && !f.Anonymous {
				continue
			}
			if !ok {
				inner = tag // of a struct of a value and whether it is valid
			}
			r.fill(v.Field(i), inner)
		}
	case reflect.Slice:
		if r.IntN(5) == 0 {
			return
		}
		if name == "tags" || name == "stack" && r.wild {
			list := reflect.ValueOf(r.value(name))
			v.Set(reflect.MakeSlice(v.Type(), list.Len(), list.Len()))
			for i := range list.Len() {
				v.Index(i).SetString(list.Index(i).String())
			}
			return
		}
		n := r.IntN(4)
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		for i := range n {
			r.fill(v.Index(i), "")
		}
	case reflect.String:
		switch {
		case role == "type":
			v.SetString(r.of("visit", "webinar", "other", ""))
		case role == "id":
			v.SetString(r.of("a", "b", "c"))
		case role == "prevtier":
			v.SetString(r.of("top", "mid", ""))
		case name == "funded", name == "last_active":
			v.SetString(r.of("2026-10-01", "2026-10-20T10:00:00+02:00", "2026-08-15", "", " ", "soon", "2026-13-01"))
		case r.IntN(6) == 0:
			v.SetString(r.of("", " ", "\u00a0", "\t\n", "\u00e9", "x"))
		case name == "industry", name == "country", name == "plan", name == "region":
			v.SetString(r.value(name).(string))
		default:
			v.SetString(r.of("vp", "ic", "/x", "/home", "CRM", "EHR"))
		}
	case reflect.Bool:
		v.SetBool(r.IntN(3) > 0)
	case reflect.Float32, reflect.Float64:
		f := number()
		if r.IntN(8) == 0 {
			f = []float64{math.NaN(), math.Inf(1), 1 << 54, -1 << 54, 1 << 53, math.Copysign(0, -1)}[r.IntN(6)]
		}
		v.SetFloat(f)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		i := int64(number())
		if r.IntN(8) == 0 {
			i = []int64{math.MaxInt64, math.MinInt64, 1<<53 + 1, 1 << 53, -1<<53 - 1, 0}[r.IntN(6)]
		}
		v.SetInt(i)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		u := uint64(max(number(), 0))
		if r.IntN(8) == 0 {
			u = []uint64{math.MaxUint64, 1 << 63, 1<<53 + 1, 1 << 53, 0}[r.IntN(5)]
		}
		v.SetUint(u)
	}
}

// accountOf makes an account of a struct with maps.
func accountOf(v reflect.Value) Account {
	a := Account{Fields: map[string]any{}, Refreshed: map[string]time.Time{}}
	members(v, v.Type(), func(name, role string, v reflect.Value, omit bool) {
		switch {
		case role == "id":
			a.ID, _ = mapText(v)
		case role == "prevtier":
			a.PrevTier, _ = mapText(v)
		case role == "contacts":
			eachRow(v, func(row reflect.Value) { a.Contacts = append(a.Contacts, contactOf(row)) })
		case role == "activities":
			a.Activities = logOf(v)
		case role == "refreshed":
			if t, ok := mapValue(v, false).(time.Time); ok {
				a.Refreshed[name] = t
			}
		default:
			a.Fields[name] = mapValue(v, omit)
		}
	})
	return a
}

func contactOf(v reflect.Value) Contact {
	c := Contact{Fields: map[string]any{}}
	members(v, v.Type(), func(name, role string, v reflect.Value, omit bool) {
		switch role {
		case "id":
			c.ID, _ = mapText(v)
		case "activities":
			c.Activities = logOf(v)
		default:
			c.Fields[name] = mapValue(v, omit)
		}
	})
	return c
}

func logOf(v reflect.Value) []Activity {
	var log []Activity
	eachRow(v, func(row reflect.Value) {
		a := Activity{Fields: map[string]any{}}
		members(row, row.Type(), func(name, role string, v reflect.Value, omit bool) {
			switch role {
			case "type":
				a.Type, _ = mapText(v)
			case "at":
				a.At, _ = mapValue(v, omit).(time.Time)
			case "value":
				if slot := convert(mapValue(v, omit), cond.Number); slot.State == cond.Invalid {
					a.Value = math.NaN() // an integer that a float64 cannot hold
				} else {
					a.Value = slot.Num
				}
			default:
				a.Fields[name] = mapValue(v, omit)
			}
		})
		log = append(log, a)
	})
	return log
}

// members calls visit for every tag of a struct, the outer ones first. A
// member behind a nil pointer is not valid.
func members(v reflect.Value, t reflect.Type, visit func(name, role string, v reflect.Value, omit bool)) {
	type level struct {
		v reflect.Value
		t reflect.Type
	}
	seen := map[string]bool{}
	for levels := []level{{v, t}}; len(levels) > 0; levels = levels[1:] {
		v, t := levels[0].v, levels[0].t
		for i := range t.NumField() {
			f := t.Field(i)
			var member reflect.Value
			if v.IsValid() {
				member = v.Field(i)
			}
			tag, ok := f.Tag.Lookup("score")
			if !ok && f.Anonymous {
				if f.Type.Kind() == reflect.Pointer {
					if member.IsValid() {
						member = member.Elem()
					}
					f.Type = f.Type.Elem()
				}
				if f.Type != t { // a struct that embeds itself hides its own tags
					levels = append(levels, level{member, f.Type})
				}
			}
			name, role, _ := strings.Cut(tag, ",")
			key, omit := tag, role == "omitzero"
			if omit {
				key, role = name+",", ""
			} else if role == "" {
				key = name + ","
			}
			if ok && tag != "-" && !seen[key] {
				seen[key] = true
				visit(name, role, member, omit)
			}
		}
	}
}

func eachRow(v reflect.Value, visit func(reflect.Value)) {
	if !v.IsValid() {
		return
	}
	for i := range v.Len() {
		row := v.Index(i)
		if row.Kind() == reflect.Pointer {
			row = row.Elem()
		}
		if row.IsValid() {
			visit(row)
		}
	}
}

func mapText(v reflect.Value) (string, bool) {
	x := mapValue(v, false)
	if x == nil {
		return "", false
	}
	return reflect.ValueOf(x).String(), true
}

// mapValue gives what a map would hold.
func mapValue(v reflect.Value, omit bool) any {
	if v.IsValid() && v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil
	}
	if v.Kind() == reflect.Struct && !isTime(v.Type()) {
		for v.NumField() == 1 {
			v = v.Field(0)
		}
		if !v.FieldByName("Valid").Bool() {
			return nil
		}
		v = v.Field(0)
	}
	switch {
	case isTime(v.Type()):
		if t := v.Convert(timeType).Interface().(time.Time); !t.IsZero() {
			return t
		}
		return nil
	case omit && v.Type() == jsonNumberType:
		if f, err := json.Number(v.String()).Float64(); err == nil && f == 0 {
			return nil
		}
	case omit && (v.IsZero() || v.CanFloat() && v.Float() == 0):
		return nil
	}
	return v.Interface()
}

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
		at+"base.Customer: customer is a bool, and a Go int holds none [type]",
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
