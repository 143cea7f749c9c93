"""Pages of jobs, the same in both offices, and the way from a list to them."""
