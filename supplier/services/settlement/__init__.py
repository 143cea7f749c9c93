"""Settle with resellers: what is due, runs and their statements, payouts, what the provider booked."""
