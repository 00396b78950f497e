package accountscore

import (
	"maps"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// subject is what an explanation is about: a scoring that can be done again,
// with some of it changed. It shares no memory with the caller's account.
type subject struct {
	model   *Model
	account Account // its Fields are nil until whole makes them of taken
	at      time.Time

	taken []any // the values of the fields that the model reads; nil: account has all
	once  sync.Once
	ways  atomic.Pointer[ways] // once somebody has asked for them
}

// reset makes the subject one of nothing.
func (sub *subject) reset() { *sub = subject{} }

// null stands among the values for one that is there, and nil.
type null struct{}

// kept gives a value that nobody else may change.
func kept(v any) any {
	switch v.(type) {
	case float64, string, bool, time.Time:
		return v
	case nil:
		return null{}
	}
	if c, shared := cloneValue(v); shared {
		return c
	}
	return v
}

// take copies an account. The values of its fields are given where they have
// been copied already: often they are all that it has, and a map need not be
// made of them until somebody asks for it.
func (sub *subject) take(a *Account, taken []any, present int) {
	if present == len(a.Fields) && taken != nil && a.Fields != nil {
		sub.taken = taken
		sub.account = a.cloneRest()
		return
	}
	sub.account = a.clone()
}

// whole gives the subject with all of its account.
func (sub *subject) whole() *subject {
	sub.once.Do(func() {
		if sub.taken == nil {
			return
		}
		fields := make(map[string]any, len(sub.taken))
		for n, slot := range sub.model.read {
			switch v := sub.taken[n].(type) {
			case nil:
			case null:
				fields[sub.model.fields[slot].key] = nil
			default:
				fields[sub.model.fields[slot].key] = v
			}
		}
		sub.account.Fields = fields
	})
	return sub
}

// clone copies all of an account that scoring reads.
func (a *Account) clone() Account {
	c := a.cloneRest()
	c.Fields = cloneFields(a.Fields)
	return c
}

// cloneRest copies all but the account's own fields.
func (a *Account) cloneRest() Account {
	c := Account{ID: a.ID, Activities: cloneLog(a.Activities), Refreshed: maps.Clone(a.Refreshed), Contacts: slices.Clone(a.Contacts), PrevTier: a.PrevTier}
	for i := range c.Contacts {
		k := &c.Contacts[i]
		k.Fields, k.Activities = cloneFields(k.Fields), cloneLog(k.Activities)
	}
	return c
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
