"""The import wizard: upload → map columns → check → apply → result."""
