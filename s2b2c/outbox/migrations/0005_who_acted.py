"""Who acted on an event stands in its row, not in rows of their own: marked done with the effects, in one update."""

from django.db import migrations, models

_FILL = """
    UPDATE outbox_outboxevent o SET acted = i.acted
    FROM (SELECT event_id, string_agg(handler, ' ' ORDER BY id) AS acted FROM outbox_inboxentry GROUP BY 1) i
    WHERE i.event_id = o.id;
"""
_FILL_BACK = """
    INSERT INTO outbox_inboxentry (event_id, handler, at)
    SELECT o.id, a.handler, COALESCE(o.done_at, now())
    FROM outbox_outboxevent o, unnest(string_to_array(o.acted, ' ')) WITH ORDINALITY AS a(handler, place)
    WHERE o.acted <> '' ORDER BY o.id, a.place;
"""


class Migration(migrations.Migration):
    dependencies = [("outbox", "0004_handled_events_name_nobody")]

    operations = [
        migrations.AddField(
            model_name="outboxevent",
            name="acted",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.RunSQL(_FILL, _FILL_BACK),
        migrations.DeleteModel(name="InboxEntry"),
    ]
