"""What one shop owns: profile, look, listings, prices, customers. One schema per shop."""
