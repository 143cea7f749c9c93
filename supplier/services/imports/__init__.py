"""Catalogue imports: upload → map → check (dry run) → apply → retry what failed | revert.

``jobs`` are the steps a person takes; ``runner`` does the work in chunks, each one transaction.
"""
