
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Reseller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.CharField(max_length=40, unique=True, verbose_name='short name')),
                ('schema_name', models.CharField(editable=False, max_length=63, unique=True)),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('status', models.CharField(choices=[('applied', 'Applied'), ('open', 'Open'), ('suspended', 'Suspended'), ('closed', 'Closed')], default='applied', max_length=12, verbose_name='status')),
                ('currency', models.CharField(max_length=3, verbose_name='currency')),
                ('country', models.CharField(max_length=2, verbose_name='country')),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10, verbose_name='language')),
                ('schema_version', models.CharField(blank=True, default='', editable=False, max_length=120)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('opened_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('suspended_reason', models.CharField(blank=True, default='', max_length=300)),
            ],
            options={
                'verbose_name': 'reseller',
                'constraints': [models.CheckConstraint(condition=models.Q(('slug__regex', '^(?=.{3,40}$)[a-z0-9]+(-[a-z0-9]+)*$')), name='reseller_slug_shape'), models.CheckConstraint(condition=models.Q(('schema_name__regex', '^shop_[a-z0-9]{10,40}$')), name='reseller_schema_shape'), models.CheckConstraint(condition=models.Q(('status__in', ['applied', 'open', 'suspended', 'closed'])), name='reseller_status_known'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='reseller_currency_shape'), models.CheckConstraint(condition=models.Q(('country__regex', '^[A-Z]{2}$')), name='reseller_country_shape'), models.CheckConstraint(condition=models.Q(('language__in', ['en', 'zh-hans'])), name='reseller_language_known'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'open'), _negated=True), models.Q(('opened_at__isnull', False), models.Q(('schema_version', ''), _negated=True)), _connector='OR'), name='reseller_open_has_schema'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'suspended'), _negated=True), models.Q(('suspended_reason', ''), _negated=True), _connector='OR'), name='reseller_suspension_has_reason')],
            },
        ),
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('domain', models.CharField(max_length=253, verbose_name='domain')),
                ('is_primary', models.BooleanField(default=False, verbose_name='main address')),
                ('verified_at', models.DateTimeField(blank=True, editable=False, null=True)),
                ('verification_token', models.CharField(blank=True, default='', editable=False, max_length=64)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='tenancy.reseller')),
            ],
            options={
                'verbose_name': 'domain',
                'constraints': [models.CheckConstraint(condition=models.Q(('domain__regex', '^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$')), name='domain_shape'), models.UniqueConstraint(condition=models.Q(('verified_at__isnull', False)), fields=('domain',), name='domain_proved_once'), models.UniqueConstraint(fields=('tenant', 'domain'), name='domain_claimed_once_per_reseller'), models.UniqueConstraint(condition=models.Q(('is_primary', True)), fields=('tenant',), name='domain_one_primary'), models.CheckConstraint(condition=models.Q(('is_primary', False), ('verified_at__isnull', False), _connector='OR'), name='domain_primary_is_proved')],
            },
        ),
    ]
