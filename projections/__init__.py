"""The read side of natverk: what the events add up to."""
