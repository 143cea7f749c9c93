"""Reads for c's pages: one or two statements each, no wholesale price, no margin."""
