package accountscore

import (
	"maps"
	"reflect"
	"slices"
	"time"
)

// subject is what an explanation is about: a scoring that can be done again,
// with some of it changed. It shares no memory with the caller's account.
type subject struct {
	model   *Model
	account Account
	at      time.Time
}

// clone copies all of an account that scoring reads.
func (a Account) clone() Account {
	a.Fields, a.Activities = cloneFields(a.Fields), cloneLog(a.Activities)
	a.Refreshed = maps.Clone(a.Refreshed)
	a.Contacts = slices.Clone(a.Contacts)
	for i := range a.Contacts {
		c := &a.Contacts[i]
		c.Fields, c.Activities = cloneFields(c.Fields), cloneLog(c.Activities)
	}
	return a
}

func cloneLog(log []Activity) []Activity {
	log = slices.Clone(log)
	for i := range log {
		log[i].Fields = cloneFields(log[i].Fields)
	}
	return log
}

func cloneFields(fields map[string]any) map[string]any {
	fields = maps.Clone(fields)
	for name, v := range fields {
		if c, shared := cloneValue(v); shared {
			fields[name] = c
		}
	}
	return fields
}

// unusable stands for a value that no field can use, whose content somebody
// else may change.
type unusable struct{}

// cloneValue copies a value that somebody else may change, as far as
// [convert] looks into it.
func cloneValue(v any) (copied any, shared bool) {
	switch v := v.(type) {
	case nil, string, bool, float64, int, time.Time:
		return nil, false
	case []string:
		return slices.Clone(v), true
	case []any:
		return slices.Clone(v), true
	}
	switch r := reflect.ValueOf(v); r.Kind() {
	case reflect.Pointer:
		if r.IsNil() {
			return nil, false
		}
		switch r.Elem().Kind() {
		case reflect.Pointer, reflect.Interface:
			return unusable{}, true
		}
		v = r.Elem().Interface()
		if c, shared := cloneValue(v); shared {
			v = c
		}
		return v, true
	case reflect.Slice:
		if r.Type().Elem().Kind() != reflect.String {
			return unusable{}, true
		}
		if r.IsNil() {
			return nil, false
		}
		return reflect.AppendSlice(reflect.MakeSlice(r.Type(), 0, r.Len()), r).Interface(), true
	case reflect.Map, reflect.Struct, reflect.Array, reflect.Chan, reflect.Func, reflect.UnsafePointer:
		return unusable{}, true
	}
	return nil, false
}
