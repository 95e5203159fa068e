"""The write side of natverk: events, rules, and the log they are kept in."""
