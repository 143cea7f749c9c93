# Vendors, their offers, purchase orders, receipts, costs.

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('supplier', '0021_planned_arrivals'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PurchaseOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=12, unique=True)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('sent', 'Sent'), ('part', 'Partly received'), ('received', 'Received'), ('cancelled', 'Cancelled')], default='draft', max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('rate', models.DecimalField(decimal_places=6, default=1, max_digits=14)),
                ('order_fee_minor', models.PositiveBigIntegerField(default=0)),
                ('note', models.CharField(blank=True, max_length=240)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='PurchaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='enablement.purchaseorder')),
            ],
        ),
        migrations.CreateModel(
            name='PurchaseLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=60)),
                ('quantity', models.PositiveIntegerField()),
                ('unit_minor', models.PositiveBigIntegerField()),
                ('expected_on', models.DateField(null=True)),
                ('received', models.PositiveIntegerField(default=0)),
                ('called_off', models.PositiveIntegerField(default=0)),
                ('arrival', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.arrival')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.variant')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='enablement.purchaseorder')),
            ],
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('slip', models.CharField(blank=True, max_length=80)),
                ('difference', models.CharField(blank=True, max_length=160)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='enablement.purchaseorder')),
            ],
        ),
        migrations.CreateModel(
            name='ReceiptLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('unit_minor', models.PositiveBigIntegerField()),
                ('cost_minor', models.DecimalField(decimal_places=4, max_digits=20)),
                ('on_hand', models.PositiveIntegerField()),
                ('average_minor', models.DecimalField(decimal_places=4, max_digits=20)),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='enablement.purchaseline')),
                ('receipt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='enablement.receipt')),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.variant')),
            ],
        ),
        migrations.CreateModel(
            name='VariantCost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('currency', models.CharField(max_length=3)),
                ('average_minor', models.DecimalField(decimal_places=4, max_digits=20)),
                ('last_minor', models.DecimalField(decimal_places=4, max_digits=20)),
                ('received_at', models.DateTimeField()),
                ('variant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='supplier.variant')),
            ],
        ),
        migrations.CreateModel(
            name='Vendor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('contact', models.CharField(blank=True, max_length=80)),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=40)),
                ('address', models.CharField(blank=True, max_length=240)),
                ('country', models.CharField(blank=True, max_length=2)),
                ('language', models.CharField(choices=[('en', 'English'), ('zh-hans', 'Simplified Chinese')], default='en', max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('rate', models.DecimalField(decimal_places=6, default=1, max_digits=14)),
                ('lead_days', models.PositiveSmallIntegerField(default=14)),
                ('order_fee_minor', models.PositiveBigIntegerField(default=0)),
                ('minimum_minor', models.PositiveBigIntegerField(default=0)),
                ('active', models.BooleanField(default=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('name'), name='vendor_name_once'), models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='vendor_rate_positive'), models.CheckConstraint(condition=models.Q(('lead_days__lte', 365)), name='vendor_lead_within_a_year')],
            },
        ),
        migrations.AddField(
            model_name='purchaseorder',
            name='vendor',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='enablement.vendor'),
        ),
        migrations.CreateModel(
            name='VendorOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(blank=True, max_length=60)),
                ('minimum', models.PositiveIntegerField(default=1)),
                ('pack', models.PositiveIntegerField(default=1)),
                ('weekly', models.PositiveIntegerField(blank=True, null=True)),
                ('changed_at', models.DateTimeField()),
                ('variant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='supplier.variant')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='enablement.vendor')),
            ],
        ),
        migrations.CreateModel(
            name='PriceBreak',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField()),
                ('unit_minor', models.PositiveBigIntegerField()),
                ('offer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='breaks', to='enablement.vendoroffer')),
            ],
        ),
        migrations.AddConstraint(
            model_name='purchaseline',
            constraint=models.UniqueConstraint(fields=('order', 'variant'), name='purchase_line_once'),
        ),
        migrations.AddConstraint(
            model_name='purchaseline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0), models.Q(('called_off', 0), ('quantity__gte', django.db.models.expressions.CombinedExpression(models.F('received'), '+', models.F('called_off'))), _connector='OR')), name='purchase_line_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(fields=('order', 'key'), name='receipt_once'),
        ),
        migrations.AddIndex(
            model_name='receiptline',
            index=models.Index(fields=['variant', '-id'], name='receipt_line_variant'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.UniqueConstraint(fields=('receipt', 'line'), name='receipt_line_once'),
        ),
        migrations.AddConstraint(
            model_name='receiptline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='receipt_line_of_something'),
        ),
        migrations.AddConstraint(
            model_name='variantcost',
            constraint=models.CheckConstraint(condition=models.Q(('average_minor__gte', 0)), name='cost_not_negative'),
        ),
        migrations.AddIndex(
            model_name='purchaseorder',
            index=models.Index(fields=['state', '-id'], name='purchase_state'),
        ),
        migrations.AddConstraint(
            model_name='purchaseorder',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='purchase_rate_positive'),
        ),
        migrations.AddConstraint(
            model_name='vendoroffer',
            constraint=models.UniqueConstraint(fields=('vendor', 'variant'), name='vendor_offer_once'),
        ),
        migrations.AddConstraint(
            model_name='vendoroffer',
            constraint=models.CheckConstraint(condition=models.Q(('minimum__gte', 1), ('pack__gte', 1), models.Q(('weekly', None), ('weekly__gte', 1), _connector='OR')), name='vendor_offer_of_something'),
        ),
        migrations.AddConstraint(
            model_name='pricebreak',
            constraint=models.UniqueConstraint(fields=('offer', 'quantity'), name='price_break_once'),
        ),
        migrations.AddConstraint(
            model_name='pricebreak',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='price_break_from_one'),
        ),
    ]
