"""What c does that belongs to no other app: signing in to a shop."""
