"""Costs beside the price and vendors' bills; what the database guards of them: states, sums, and that two people pay."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


_FUNCTIONS = """
CREATE FUNCTION enablement_charge_is_shared() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_id bigint := CASE WHEN TG_TABLE_NAME = 'enablement_chargepart' THEN (to_jsonb(NEW) ->> 'charge_id')::bigint ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_purchasecharge c WHERE c.id = its_id AND c.own_minor <>
               (SELECT COALESCE(sum(p.own_minor), 0) FROM enablement_chargepart p WHERE p.charge_id = c.id)) THEN
        RAISE EXCEPTION 'the parts of a cost do not sum to it' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION enablement_bill_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('held', 'approved'), ('held', 'refused'), ('approved', 'filed'), ('filed', 'paid'), ('filed', 'approved')) THEN
        RAISE EXCEPTION 'a bill does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.vendor_id, OLD.number, OLD.order_id, OLD.currency, OLD.rate, OLD.billed_on, OLD.total_minor, OLD.entered_by_id)
       IS DISTINCT FROM
       (NEW.vendor_id, NEW.number, NEW.order_id, NEW.currency, NEW.rate, NEW.billed_on, NEW.total_minor, NEW.entered_by_id)
       OR (OLD.state <> 'held' AND (OLD.payable_minor, OLD.approved_by_id, OLD.approved_at)
           IS DISTINCT FROM (NEW.payable_minor, NEW.approved_by_id, NEW.approved_at)) THEN
        RAISE EXCEPTION 'what was billed and approved stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.payment_id IS NOT NULL) <> (NEW.state IN ('filed', 'paid')) THEN
        RAISE EXCEPTION 'a bill is with the bank by a file' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.state = 'filed' AND EXISTS (
        SELECT 1 FROM enablement_vendorpayment p WHERE p.id = NEW.payment_id
        AND (p.made_by_id IN (NEW.approved_by_id, NEW.entered_by_id) OR p.currency <> NEW.currency)) THEN
        RAISE EXCEPTION 'nobody pays what they entered or approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_bill_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what was billed stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.bill_id, OLD.line_id, OLD.charge_id, OLD.pieces, OLD.unit_minor) IS DISTINCT FROM
       (NEW.bill_id, NEW.line_id, NEW.charge_id, NEW.pieces, NEW.unit_minor)
       OR (OLD.accrued_minor IS NOT NULL AND to_jsonb(OLD) - 'credit_note' <> to_jsonb(NEW) - 'credit_note')
       OR (OLD.decision NOT IN ('', 'fits') AND OLD.decision <> NEW.decision) THEN
        RAISE EXCEPTION 'what was billed and decided stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_charge_is_shared();
DROP FUNCTION enablement_bill_goes_on();
DROP FUNCTION enablement_bill_line_stays();
"""


def _trigger(name: str, table: str, when: str, function: str, kind: str = "TRIGGER", more: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {more} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


_AT_COMMIT = {"kind": "CONSTRAINT TRIGGER", "more": "DEFERRABLE INITIALLY DEFERRED"}
_ONLY_ADDED = ("purchasecharge", "chargepart", "costchange", "vendorpayment")
_GUARDS = [
    migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
    *[
        _trigger(f"{table}_only_added", f"enablement_{table}", "BEFORE UPDATE OR DELETE", "enablement_append_only")
        for table in _ONLY_ADDED
    ],
    _trigger("charge_is_shared", "enablement_purchasecharge", "AFTER INSERT", "enablement_charge_is_shared", **_AT_COMMIT),
    _trigger("part_is_of_charge", "enablement_chargepart", "AFTER INSERT", "enablement_charge_is_shared", **_AT_COMMIT),
    _trigger("bill_goes_on", "enablement_vendorbill", "BEFORE UPDATE", "enablement_bill_goes_on"),
    _trigger("bill_is_kept", "enablement_vendorbill", "BEFORE DELETE", "enablement_append_only"),
    _trigger("bill_line_stays", "enablement_billline", "BEFORE UPDATE OR DELETE", "enablement_bill_line_stays"),
]


class Migration(migrations.Migration):

    dependencies = [
        ('enablement', '0026_paper_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='receiptline',
            name='booked_minor',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='vendor',
            name='bank',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.CreateModel(
            name='BillRules',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('price_bps', models.PositiveIntegerField(default=100)),
                ('pieces_bps', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('id', 1)), name='bill_rules_once'), models.CheckConstraint(condition=models.Q(('pieces_bps__lte', 5000), ('price_bps__lte', 5000)), name='bill_rules_of_parts')],
            },
        ),
        migrations.CreateModel(
            name='PurchaseCharge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('freight', 'Freight'), ('duty', 'Duty'), ('insurance', 'Insurance'), ('other', 'Other cost'), ('fee', 'Fee per order'), ('difference', 'Billed otherwise')], max_length=10)),
                ('basis', models.CharField(choices=[('value', 'by value'), ('weight', 'by weight'), ('pieces', 'by pieces')], max_length=8)),
                ('amount_minor', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('rate', models.DecimalField(decimal_places=6, default=1, max_digits=14)),
                ('own_minor', models.BigIntegerField()),
                ('note', models.CharField(blank=True, max_length=160)),
                ('key', models.CharField(max_length=60)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='enablement.purchaseorder')),
            ],
        ),
        migrations.CreateModel(
            name='ChargePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('own_minor', models.BigIntegerField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='charges', to='enablement.purchaseline')),
                ('charge', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='enablement.purchasecharge')),
            ],
        ),
        migrations.CreateModel(
            name='VendorBill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40)),
                ('state', models.CharField(choices=[('held', 'Held'), ('approved', 'To pay'), ('filed', 'With the bank'), ('paid', 'Paid'), ('refused', 'Refused')], default='held', max_length=10)),
                ('currency', models.CharField(max_length=3)),
                ('rate', models.DecimalField(decimal_places=6, default=1, max_digits=14)),
                ('billed_on', models.DateField()),
                ('due_on', models.DateField()),
                ('total_minor', models.PositiveBigIntegerField()),
                ('payable_minor', models.PositiveBigIntegerField(null=True)),
                ('reason', models.CharField(blank=True, max_length=160)),
                ('destination', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('approved_at', models.DateTimeField(null=True)),
                ('paid_at', models.DateTimeField(null=True)),
                ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='enablement.purchaseorder')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='enablement.vendor')),
            ],
        ),
        migrations.CreateModel(
            name='BillLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pieces', models.PositiveIntegerField(default=1)),
                ('unit_minor', models.PositiveBigIntegerField()),
                ('trouble', models.JSONField(default=list)),
                ('decision', models.CharField(blank=True, choices=[('', 'Undecided'), ('fits', 'Fits'), ('accept', 'Accepted'), ('short', 'Paid short'), ('credit', 'Credit note asked')], default='', max_length=8)),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(blank=True, max_length=160)),
                ('paid_pieces', models.PositiveIntegerField(null=True)),
                ('payable_minor', models.PositiveBigIntegerField(null=True)),
                ('accrued_minor', models.BigIntegerField(null=True)),
                ('credit_minor', models.PositiveBigIntegerField(default=0)),
                ('credit_note', models.CharField(blank=True, max_length=40)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('line', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='enablement.purchaseline')),
                ('charge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='enablement.purchasecharge')),
                ('bill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='enablement.vendorbill')),
            ],
        ),
        migrations.CreateModel(
            name='VendorPayment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True)),
                ('currency', models.CharField(max_length=3)),
                ('total_minor', models.BigIntegerField()),
                ('count', models.IntegerField()),
                ('created_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddField(
            model_name='vendorbill',
            name='payment',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bills', to='enablement.vendorpayment'),
        ),
        migrations.CreateModel(
            name='CostChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120, unique=True)),
                ('of_bill', models.BooleanField(default=False)),
                ('minor', models.BigIntegerField()),
                ('pieces', models.PositiveIntegerField()),
                ('on_hand', models.PositiveIntegerField()),
                ('stock_minor', models.BigIntegerField()),
                ('variance_minor', models.BigIntegerField()),
                ('average_minor', models.DecimalField(decimal_places=4, max_digits=20, null=True)),
                ('at', models.DateTimeField()),
                ('line', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cost_changes', to='enablement.purchaseline')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('minor', django.db.models.expressions.CombinedExpression(models.F('stock_minor'), '+', models.F('variance_minor')))), name='cost_change_adds_up')],
            },
        ),
        migrations.AddConstraint(
            model_name='purchasecharge',
            constraint=models.UniqueConstraint(fields=('order', 'key'), name='charge_once'),
        ),
        migrations.AddConstraint(
            model_name='purchasecharge',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0), models.Q(models.Q(('amount_minor__gt', 0), ('own_minor__gte', 0)), ('kind', 'difference'), _connector='OR')), name='charge_of_something'),
        ),
        migrations.AddConstraint(
            model_name='chargepart',
            constraint=models.UniqueConstraint(fields=('charge', 'line'), name='charge_part_once'),
        ),
        migrations.AddConstraint(
            model_name='billline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('charge', None), ('line__isnull', False)), models.Q(('charge__isnull', False), ('line', None), ('pieces', 1)), _connector='OR'), name='bill_line_of_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='billline',
            constraint=models.UniqueConstraint(fields=('bill', 'line', 'charge'), name='bill_line_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='billline',
            constraint=models.CheckConstraint(condition=models.Q(('pieces__gt', 0), models.Q(('payable_minor', None), ('payable_minor__lte', django.db.models.expressions.CombinedExpression(models.F('pieces'), '*', models.F('unit_minor'))), _connector='OR')), name='bill_line_owes_at_most_itself'),
        ),
        migrations.AddIndex(
            model_name='vendorbill',
            index=models.Index(fields=['state', 'due_on'], name='vendor_bill_due'),
        ),
        migrations.AddConstraint(
            model_name='vendorbill',
            constraint=models.UniqueConstraint(models.F('vendor'), django.db.models.functions.text.Upper('number'), name='vendor_bill_once'),
        ),
        migrations.AddConstraint(
            model_name='vendorbill',
            constraint=models.CheckConstraint(condition=models.Q(('rate__gt', 0)), name='vendor_bill_rate_positive'),
        ),
        migrations.AddConstraint(
            model_name='vendorbill',
            constraint=models.CheckConstraint(condition=models.Q(('payable_minor', None), ('payable_minor__lte', models.F('total_minor')), _connector='OR'), name='vendor_bill_owes_at_most_itself'),
        ),
        migrations.AddConstraint(
            model_name='vendorbill',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('held', 'refused')), models.Q(('approved_at__isnull', False), ('payable_minor__isnull', False)), _connector='OR'), name='vendor_bill_approved_says_how_much'),
        ),
        *_GUARDS,
    ]
