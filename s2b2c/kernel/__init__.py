"""What every app may use: money, ids, clock, texts, events, errors. No tables, no imports from above."""
