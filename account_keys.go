package accountscore

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accountscore/accountscore/internal/spell"
)

// encoding/json takes a key in any case, and the last of two that are alike.
// Both would let a slip of the pen pass for data that is missing.

// keySet is what one JSON object may hold: its keys, and of what kind the
// objects below each of them are. A nil set takes any key.
type keySet map[string]keySet

var (
	activityKeys = keySet{"type": nil, "at": nil, "value": nil, "fields": nil}
	contactKeys  = keySet{"id": nil, "fields": nil, "activities": activityKeys}
	accountKeys  = keySet{"id": nil, "fields": nil, "contacts": contactKeys, "activities": activityKeys, "refreshed": nil, "prev_tier": nil}
)

// jsonLevel is an object or a list that is being read.
type jsonLevel struct {
	keys  keySet // of the object, or of the objects in the list
	list  bool
	index int             // in a list: of the next element
	seen  map[string]bool // in an object
	key   string          // in an object: the last; empty where a key comes next
	value bool            // a value comes next
}

// checkKeys holds the keys of an account's JSON to their spelling, and each to
// stand once. It leaves everything else to the decoder.
func checkKeys(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	var levels []jsonLevel
	next := accountKeys // of the value that comes
	for {
		token, err := dec.Token()
		if err != nil {
			return nil // the decoder tells
		}
		var top *jsonLevel
		if len(levels) > 0 {
			top = &levels[len(levels)-1]
		}
		if key, ok := token.(string); ok && top != nil && !top.list && !top.value {
			if top.seen[key] {
				return fmt.Errorf("%skey %q stands twice", jsonPath(levels), key)
			}
			if right, wrong := misspelt(key, top.keys); wrong {
				return fmt.Errorf("%skey %q is written %q", jsonPath(levels), key, right)
			}
			if _, ok := top.keys[key]; !ok && top.keys != nil {
				return fmt.Errorf("%sthere is no key %q: %s", jsonPath(levels), brief(key), top.keys.meant(key))
			}
			top.seen[key], top.key, top.value = true, key, true
			next = top.keys[key]
			continue
		}
		switch token {
		case json.Delim('{'):
			levels = append(levels, jsonLevel{keys: next, seen: map[string]bool{}})
			continue
		case json.Delim('['):
			levels = append(levels, jsonLevel{keys: next, list: true})
			continue
		case json.Delim('}'), json.Delim(']'):
			levels = levels[:len(levels)-1]
		}
		if len(levels) == 0 {
			return nil
		}
		top = &levels[len(levels)-1]
		if top.index++; top.list {
			next = top.keys
		}
		top.value = false
	}
}

// misspelt tells whether a key is one of the set in another case, and its
// spelling.
func misspelt(key string, keys keySet) (string, bool) {
	if _, ok := keys[key]; ok {
		return "", false
	}
	for right := range keys {
		if strings.EqualFold(right, key) {
			return right, true
		}
	}
	return "", false
}

// meant says what a key that is none was probably meant to be.
func (k keySet) meant(key string) string {
	names := slices.Sorted(maps.Keys(k))
	if near := new(spell.Speller).Suggest(key, names); near != "" {
		return fmt.Sprintf("did you mean %q?", near)
	}
	return fmt.Sprintf("values of fields stand in \"fields\"; the other keys are %s", strings.Join(slices.DeleteFunc(names, func(n string) bool { return n == "fields" }), ", "))
}

// jsonPath gives the way to the innermost object, such as "contacts[2]: ".
func jsonPath(levels []jsonLevel) string {
	var b strings.Builder
	for _, l := range levels[:len(levels)-1] {
		switch {
		case l.list:
			fmt.Fprintf(&b, "[%d]", l.index)
		case b.Len() > 0:
			b.WriteString("." + l.key)
		default:
			b.WriteString(l.key)
		}
	}
	if b.Len() == 0 {
		return ""
	}
	return b.String() + ": "
}
