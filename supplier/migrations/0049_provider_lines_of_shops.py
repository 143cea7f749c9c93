import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    # Lines kept before get their shop when the books are next put beside each other.

    dependencies = [
        ('supplier', '0048_bank_returns'),
        ('tenancy', '0002_default_search_path'),
    ]

    operations = [
        migrations.AddField(
            model_name='providerentry',
            name='reseller',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.reseller'),
        ),
        migrations.RemoveIndex(
            model_name='providerentry',
            name='provider_entry_order',
        ),
        migrations.AddIndex(
            model_name='providerentry',
            index=models.Index(condition=models.Q(('order_number', ''), _negated=True), fields=['reseller', 'order_number'], name='provider_entry_of_order'),
        ),
    ]
