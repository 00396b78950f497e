package classes

// Crowded tells whether the cuts lie too close together for cells.
func (c *Cuts) Crowded() bool { return c.all != nil }
