"""Tests of the five dimensions."""
