package accountscore

import (
	"database/sql"
	"encoding/json"
	"math"
	"reflect"
	"strings"
	"time"

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
