import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supplier', '0046_warranties'),
        ('tenancy', '0002_default_search_path'),
    ]

    operations = [
        migrations.AddField(
            model_name='salesorder',
            name='payment_intent',
            field=models.CharField(blank=True, db_default='', default='', max_length=80),
        ),
        migrations.AddField(
            model_name='dispute',
            name='unused',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='dispute',
            name='stake_minor',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('stake_minor', None), models.Q(('stake_minor__gte', 0), ('stake_minor__lte', models.F('amount_minor')), ('unused', True)), _connector='OR'), name='dispute_stake_of_unused'),
        ),
        migrations.AddConstraint(
            model_name='dispute',
            constraint=models.CheckConstraint(condition=models.Q(('unused', False), ('bearer', 'supplier'), _connector='OR'), name='dispute_of_unused_is_borne_by_s'),
        ),
        migrations.CreateModel(
            name='UnusedPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('payment_intent', models.CharField(max_length=80, unique=True)),
                ('order_number', models.CharField(max_length=12)),
                ('currency', models.CharField(max_length=3)),
                ('amount_minor', models.BigIntegerField()),
                ('told_at', models.DateTimeField()),
                ('reseller', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.reseller')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount_minor__gt', 0)), name='unused_payment_positive')],
            },
        ),
    ]
