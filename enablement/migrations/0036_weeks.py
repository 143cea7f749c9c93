from django.db import migrations, models

_NAMES = """pieces, sales_minor, discount_minor, tax_minor, wholesale_minor, margin_minor, fee_minor, shipping_minor,
    funded_minor, paid_minor, orders, refunds, back_pieces, back_minor"""
_FILL = f"""
    INSERT INTO enablement_salesweek (grain, day, currency, thing_id, {_NAMES})
    SELECT grain, date_trunc('week', day)::date, currency, thing_id,
        {", ".join(f"sum({name.strip()})" for name in _NAMES.split(","))}
    FROM enablement_salessum WHERE grain <> 'all' GROUP BY 1, 2, 3, 4
"""


class Migration(migrations.Migration):

    dependencies = [
        ('enablement', '0035_landed_cost_and_bills'),
    ]

    operations = [
        migrations.CreateModel(
            name='SalesWeek',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pieces', models.BigIntegerField(default=0)),
                ('sales_minor', models.BigIntegerField(default=0)),
                ('discount_minor', models.BigIntegerField(default=0)),
                ('tax_minor', models.BigIntegerField(default=0)),
                ('wholesale_minor', models.BigIntegerField(default=0)),
                ('margin_minor', models.BigIntegerField(default=0)),
                ('fee_minor', models.BigIntegerField(default=0)),
                ('shipping_minor', models.BigIntegerField(default=0)),
                ('funded_minor', models.BigIntegerField(default=0)),
                ('paid_minor', models.BigIntegerField(default=0)),
                ('grain', models.CharField(choices=[('all', 'All'), ('reseller', 'Reseller'), ('product', 'Product'), ('category', 'Category')], max_length=8)),
                ('day', models.DateField()),
                ('currency', models.CharField(max_length=3)),
                ('thing_id', models.BigIntegerField()),
                ('orders', models.BigIntegerField(default=0)),
                ('refunds', models.BigIntegerField(default=0)),
                ('back_pieces', models.BigIntegerField(default=0)),
                ('back_minor', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('grain', 'currency', 'day', 'thing_id'), name='sales_week_once'), models.CheckConstraint(condition=models.Q(('day__iso_week_day', 1)), name='sales_week_begins_on_monday')],
            },
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
