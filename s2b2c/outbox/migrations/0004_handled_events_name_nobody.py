from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_at_a_glance")]

    operations = [
        migrations.RunSQL(
            """UPDATE outbox_outboxevent SET payload = payload || '{"recipient": {}}'
               WHERE state IN ('done', 'skipped') AND payload ? 'recipient';""",
            migrations.RunSQL.noop,
        )
    ]
