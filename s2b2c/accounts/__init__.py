"""Staff accounts of S and b: who someone is, and what role they have where."""
