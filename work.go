package accountscore

import (
	"slices"

	"github.com/accountscore/accountscore/dsl"
	"github.com/accountscore/accountscore/internal/cond"
)

// worker counts what a model's formulas take, so that no legal ruleset takes
// more time or memory than its bounds say. What lets read counts again for
// each formula that reads them: a chain of lets stands for many fields.
type worker struct {
	work     int // parts of formulas, entries of tables, fields read through lets
	contacts int // of it, what is done for each contact
	logs     int // questions to the log of activities, with their filters

	slots, lets []bool // that the current formula reads; all false in between
}

// spend counts work that a place of the ruleset asks for.
func (c *compiler) spend(pos dsl.Pos, path string, work int) {
	most := c.checked.Limits.Work
	before := c.work
	if c.work += work; before <= most && c.work > most {
		c.fail(pos, path, dsl.CodeLimit, "use fewer or shorter conditions, or let fewer of them read long chains of lets",
			"the ruleset takes too much work: its conditions, tables and what they read through lets have more than %d parts", most)
	}
}

// logged counts a question to the log.
func (c *compiler) logged(l *cond.Log) { c.logs += 1 + l.Where.Size(dsl.MaxExpanded) }

// reads gives the account slots that nodes read, through lets too, ascending.
// Formulas that read nothing but one let share the slots of the let.
func (c *compiler) reads(pos dsl.Pos, path string, nodes ...*cond.Node) []int {
	if c.slots == nil {
		c.slots, c.lets = make([]bool, len(c.checked.Fields)), make([]bool, len(c.checked.Lets))
	}
	var slots, lets []int
	for _, n := range nodes {
		n.Walk(func(n *cond.Node) {
			switch {
			case n.Op != cond.Field:
			case n.Space == cond.Account && !c.slots[n.Slot]:
				c.slots[n.Slot] = true
				slots = append(slots, n.Slot)
			case n.Space == cond.Computed && !c.lets[n.Slot]:
				c.lets[n.Slot] = true
				lets = append(lets, n.Slot)
			}
		})
	}
	for _, l := range lets {
		c.spend(pos, path, len(c.m.lets[l].reads))
	}
	if len(slots) > 0 || len(lets) != 1 {
		for _, l := range lets {
			if c.work > c.checked.Limits.Work {
				break // there will be no model
			}
			for _, slot := range c.m.lets[l].reads {
				if !c.slots[slot] {
					c.slots[slot] = true
					slots = append(slots, slot)
				}
			}
		}
		slices.Sort(slots)
	} else {
		slots = c.m.lets[lets[0]].reads
	}
	for _, slot := range slots {
		c.slots[slot] = false
	}
	for _, l := range lets {
		c.lets[l] = false
	}
	return slots
}

// boundCases holds what all cases take together to its bound: each is scored,
// the range of its missing fields included.
func (c *compiler) boundCases() {
	each := c.work - c.contacts
	for i := range c.m.dims {
		d := &c.m.dims[i]
		for j := range d.axes {
			a := &d.axes[j]
			cost := 0
			for _, g := range a.groups {
				cost += d.groups[g].cost()
			}
			each += min(cost*len(a.samples), maxJoint)
		}
	}
	most, work := c.checked.Limits.CaseWork, 0
	for i := range c.rs.Cases {
		k := &c.rs.Cases[i]
		done := countDone(k.Did)
		for j := range k.Contacts {
			done += countDone(k.Contacts[j].Did)
		}
		if work += each + len(k.Contacts)*c.contacts + done*c.logs; work > most {
			c.fail(k.Pos, "case "+k.Name, dsl.CodeLimit, "use fewer cases, or fewer activities and contacts in them",
				"the cases take too much work: more than %d steps, all together", most)
			return
		}
	}
}

// countDone counts activities.
func countDone(did []dsl.Did) int {
	n := 0
	for i := range did {
		n += max(1, did[i].Times)
	}
	return n
}
