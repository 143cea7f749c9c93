"""The one table: columns, filters in the URL, keyset pages, choice of rows, CSV. Example: docs/design.md."""

from s2b2c.ui.table.answers import as_csv, respond
from s2b2c.ui.table.columns import Column, date_column, money_column, picture_column, state_column
from s2b2c.ui.table.filters import Choice, DateRange, Filter, Text, Typed
from s2b2c.ui.table.keyset import Page, count
from s2b2c.ui.table.table import Action, Empty, Table, View

__all__ = [
    "Action",
    "Choice",
    "Column",
    "DateRange",
    "Empty",
    "Filter",
    "Page",
    "Table",
    "Text",
    "Typed",
    "View",
    "as_csv",
    "count",
    "date_column",
    "money_column",
    "picture_column",
    "respond",
    "state_column",
]
