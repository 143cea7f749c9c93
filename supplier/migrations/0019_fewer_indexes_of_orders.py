# Indexes that others cover, or that hold nothing but NULL, cost every order taken over; so do keys that a composite one covers.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supplier', '0018_bearers_of_disputes'),
        ('tenancy', '0002_default_search_path'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='salesorder',
            name='sales_order_once',
        ),
        migrations.RemoveIndex(
            model_name='salesorder',
            name='sales_order_number',
        ),
        migrations.AlterField(
            model_name='fulfilmentline',
            name='line',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.salesline'),
        ),
        migrations.AlterField(
            model_name='fulfilmentline',
            name='variant',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='supplier.variant'),
        ),
        migrations.AlterField(
            model_name='fulfilmentorder',
            name='assignee',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='fulfilmentorder',
            name='number',
            field=models.CharField(max_length=12),
        ),
        migrations.AlterField(
            model_name='fulfilmentorder',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='fulfilments', to='supplier.salesorder'),
        ),
        migrations.AlterField(
            model_name='fulfilmentorder',
            name='warehouse',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.warehouse'),
        ),
        migrations.AlterField(
            model_name='journal',
            name='key',
            field=models.CharField(max_length=120),
        ),
        migrations.AlterField(
            model_name='journal',
            name='reseller',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.reseller'),
        ),
        migrations.AlterField(
            model_name='journal',
            name='reverses',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.journal'),
        ),
        migrations.AlterField(
            model_name='ordernote',
            name='actor',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='salesline',
            name='order',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='supplier.salesorder'),
        ),
        migrations.AlterField(
            model_name='salesline',
            name='variant',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.variant'),
        ),
        migrations.AlterField(
            model_name='salesorder',
            name='reseller',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.reseller'),
        ),
        migrations.AlterField(
            model_name='salesorder',
            name='reservation',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.reservation'),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='credit',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.account'),
        ),
        migrations.AlterField(
            model_name='transfer',
            name='debit',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.account'),
        ),
        migrations.AddIndex(
            model_name='fulfilmentorder',
            index=models.Index(condition=models.Q(('assignee__isnull', False)), fields=['assignee'], name='fulfilment_assignee'),
        ),
        migrations.AddIndex(
            model_name='ordernote',
            index=models.Index(condition=models.Q(('actor__isnull', False)), fields=['actor'], name='order_note_actor'),
        ),
        migrations.AddConstraint(
            model_name='fulfilmentorder',
            constraint=models.UniqueConstraint(fields=('number',), name='fulfilment_number', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.UniqueConstraint(fields=('key',), name='journal_key', opclasses=['varchar_pattern_ops']),
        ),
        migrations.AddConstraint(
            model_name='journal',
            constraint=models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='journal_reversed_once'),
        ),
        migrations.AddConstraint(
            model_name='salesline',
            constraint=models.UniqueConstraint(fields=('variant', 'id'), name='sales_line_variant'),
        ),
        migrations.AddConstraint(
            model_name='salesorder',
            constraint=models.UniqueConstraint(fields=('order_number', 'reseller'), name='sales_order_once', opclasses=['varchar_pattern_ops', 'int8_ops']),
        ),
        migrations.RunSQL(
            """ALTER TABLE supplier_fulfilmentline ADD CONSTRAINT fulfilment_line_of_variant
                 FOREIGN KEY (variant_id, line_id) REFERENCES supplier_salesline (variant_id, id)
                 DEFERRABLE INITIALLY DEFERRED;""",
            "ALTER TABLE supplier_fulfilmentline DROP CONSTRAINT fulfilment_line_of_variant;",
        ),
    ]
