"""``make pictures``: every page of a running demo as pictures, in two sizes and two languages, for people to look at."""
