"""Filters of the shop's e-mails."""
