"""The outbox is vacuumed after some thousand events, however many are kept.

What was handled stays in the small indexes of what waits until a vacuum; by the server's own rule, a fifth of the rows,
that would be two million events where ten million are kept, and each look for work would read past all of them.
"""

from django.db import migrations

_SET = """
    ALTER TABLE outbox_outboxevent SET (
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000, vacuum_index_cleanup = on,
        autovacuum_analyze_scale_factor = 0.01);
"""
_RESET = """
    ALTER TABLE outbox_outboxevent RESET (
        autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold, vacuum_index_cleanup, autovacuum_analyze_scale_factor);
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0005_who_acted")]

    operations = [migrations.RunSQL(_SET, _RESET)]
