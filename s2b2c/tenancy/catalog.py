"""What PostgreSQL's catalogs say of one schema, as sorted lines without its name: equal lists, equal schemas."""

from __future__ import annotations

from django.db import connection

_LINES = r"""
SELECT 'table ' || c.relname || ' kind=' || c.relkind::text || ' options=' || coalesce(c.reloptions::text, '')
  FROM pg_class c WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT format('column %%s.%%s %%s notnull=%%s identity=%%s generated=%%s default=%%s collation=%%s', c.relname,
              a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated,
              coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attcollation::regcollation)
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'index ' || pg_get_indexdef(i.indexrelid) || ' valid=' || i.indisvalid::text
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'constraint ' || c.relname || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
 WHERE k.connamespace = %(schema)s::regnamespace AND k.contype <> 'n'  -- 'n' since PostgreSQL 18: said by the column
UNION ALL
SELECT 'sequence ' || s.relname || ' ' || format_type(q.seqtypid, NULL)
  FROM pg_class s JOIN pg_sequence q ON q.seqrelid = s.oid WHERE s.relnamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'trigger ' || c.relname || ' ' || pg_get_triggerdef(t.oid)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
 WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
UNION ALL
SELECT 'function ' || p.proname FROM pg_proc p WHERE p.pronamespace = %(schema)s::regnamespace
UNION ALL
SELECT 'type ' || t.typname FROM pg_type t
 WHERE t.typnamespace = %(schema)s::regnamespace AND t.typrelid = 0 AND t.typelem = 0
"""


def describe(schema: str) -> tuple[str, ...]:
    """Describe tables, columns, indexes, constraints, sequences and whatever else a schema holds."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"schema": schema})
        return tuple(sorted(line.replace(f"{schema}.", "") for (line,) in cursor.fetchall()))
