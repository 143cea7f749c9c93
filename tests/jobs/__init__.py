"""Tests of what is done to many rows at once."""
