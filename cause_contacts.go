package accountscore

import (
	"fmt"
	"slices"
)

// contacts gives what the model takes from the contacts; nothing where it
// takes nothing.
func (x *Explanation) contacts() *ContactsExplanation {
	for i := range x.Dimensions {
		if c := x.Dimensions[i].Contacts; c != nil {
			return c
		}
	}
	return &ContactsExplanation{}
}

// countsAs gives what a number of the rollup counts a contact as, empty where
// it does not count it, or there is none.
func (c *ContactExplanation) countsAs(on string) string {
	switch {
	case c == nil:
	case on == "completeness":
		return c.Role
	case on == "contacts", on == "engaged_contacts" && c.Engaged && c.SameAs == 0, on == "senior_engaged" && c.Engaged && c.Weight > 1:
		return on
	}
	return ""
}

// contactCauses lists the contacts that a number of the rollup counts now and
// did not before, or the other way round, by rank and those that left last. For
// the completeness these are the contacts of the roles that more or fewer fill;
// before them come the roles of which another model wants another number.
func contactCauses(on string, prev, next *ContactsExplanation) []Cause {
	var list []Cause
	if on == "completeness" {
		list = wantCauses(prev, next)
	}
	add := func(id string, was, is *ContactExplanation) {
		did, does := was.countsAs(on), is.countsAs(on)
		if did == does {
			return
		}
		c := Cause{Contact: id}
		if was != nil {
			c.Before = was.Share
		}
		if is != nil {
			c.After = is.Share
		}
		for i, as := range [...]string{did, does} {
			if as == "" || on == "completeness" && prev.filled(as) == next.filled(as) {
				continue
			}
			c.Change = float64(2*i - 1)
			c.Text = contactText(id) + countWords(on, as, does != "")
			list = append(list, c)
		}
	}
	before := map[string][]*ContactExplanation{} // several of one id pair up in order
	for i := range prev.Contacts {
		c := &prev.Contacts[i]
		before[c.ID] = append(before[c.ID], c)
	}
	for i := range next.Contacts {
		c, was := &next.Contacts[i], (*ContactExplanation)(nil)
		if same := before[c.ID]; len(same) > 0 {
			was, before[c.ID] = same[0], same[1:]
		}
		add(c.ID, was, c)
	}
	for i := range prev.Contacts {
		c := &prev.Contacts[i]
		if same := before[c.ID]; len(same) > 0 && same[0] == c {
			before[c.ID] = same[1:]
			add(c.ID, c, nil)
		}
	}
	return list
}

// countWords says what became of a contact that a number of the rollup counts
// as something, or did.
func countWords(on, as string, counted bool) string {
	switch {
	case on == "completeness":
		return ", " + as
	case on == "contacts" && counted:
		return " joined"
	case on == "contacts":
		return " left"
	}
	text := ": counts as engaged"
	if !counted {
		text = ": no longer counts as engaged"
	}
	if on == "senior_engaged" {
		text += " and senior"
	}
	return text
}

// role finds a role of the committee by name, nil where there is none.
func (c *ContactsExplanation) role(name string) *RoleExplanation {
	if i := slices.IndexFunc(c.Roles, func(r RoleExplanation) bool { return r.Name == name }); i >= 0 {
		return &c.Roles[i]
	}
	return nil
}

// filled is how many of those that a role wants it has.
func (c *ContactsExplanation) filled(role string) int {
	if r := c.role(role); r != nil {
		return min(r.Have, r.Need)
	}
	return 0
}

// wantCauses lists the roles of which another number is wanted than before.
func wantCauses(prev, next *ContactsExplanation) []Cause {
	words := func(r *RoleExplanation) string {
		if r == nil {
			return "not a role"
		}
		return fmt.Sprintf("%d of %d", r.Have, r.Need)
	}
	var list []Cause
	add := func(name string) {
		if was, is := prev.role(name), next.role(name); was == nil || is == nil || was.Need != is.Need {
			list = append(list, Cause{Text: "role " + name + " from " + words(was) + " to " + words(is)})
		}
	}
	if len(prev.Roles) == 0 {
		return nil // nothing was before
	}
	for i := range next.Roles {
		add(next.Roles[i].Name)
	}
	for i := range prev.Roles {
		if next.role(prev.Roles[i].Name) == nil {
			add(prev.Roles[i].Name)
		}
	}
	return list
}
