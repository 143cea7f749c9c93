"""A complaint is the record behind a case about goods, and stands as that does; words said leave events handled."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

_STAYS = """
CREATE OR REPLACE FUNCTION enablement_complaint_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (OLD.state = 'answered' AND NEW.state <> 'answered'{but}) OR
       (OLD.number, OLD.reseller_id, OLD.order_number, OLD.about, OLD.created_at) IS DISTINCT FROM
       (NEW.number, NEW.reseller_id, NEW.order_number, NEW.about, NEW.created_at){more} THEN
        RAISE EXCEPTION 'a complaint stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
"""
_WITH_CASES = _STAYS.format(
    but=" AND NEW.case_id IS NULL AND NEW.about = 'goods'",
    more=" OR (OLD.case_id IS NOT NULL AND NEW.case_id IS DISTINCT FROM OLD.case_id)",
)
_REDACT = """
UPDATE outbox_outboxevent SET payload = payload || '{"data": {}}'
WHERE state IN ('done', 'skipped') AND topic = 'ComplaintAnswered';
UPDATE outbox_outboxevent SET payload = payload #- '{data,asked}' #- '{data,text}' #- '{data,answer}'
WHERE state IN ('done', 'skipped') AND topic = 'MailRequested' AND payload ->> 'kind' IN ('answer', 'case');
UPDATE outbox_outboxevent SET payload = payload || '{"text": ""}'
WHERE state IN ('done', 'skipped') AND topic = 'CaseTold';
UPDATE outbox_outboxevent SET payload = payload || '{"note": "", "photos": []}'
WHERE state IN ('done', 'skipped') AND topic = 'ReturnRequested';
"""
_REOPEN = """
UPDATE enablement_complaint SET answer = left(answer, 1000), closed_at = NULL,
    state = CASE WHEN answer = '' THEN 'open' ELSE 'answered' END,
    answered_at = CASE WHEN answer <> '' THEN COALESCE(answered_at, closed_at) END
WHERE state = 'closed' OR length(answer) > 1000;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('enablement', '0034_booking_guards'),
        ('outbox', '0006_vacuumed_by_changes'),
        ('supplier', '0034_lot_pick_orders'),
        ('tenancy', '0002_default_search_path'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='complaint',
            name='complaint_answered_or_open',
        ),
        migrations.AddField(
            model_name='complaint',
            name='case',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='complaint', to='enablement.deskcase'),
        ),
        migrations.AddField(
            model_name='complaint',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='complaint',
            name='closed_by',
            field=models.CharField(blank=True, db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='complaint',
            name='line_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='complaint',
            name='problem',
            field=models.CharField(blank=True, db_default='', default='', choices=[('broken', 'Broken or damaged'), ('wrong', 'Something else came'), ('missing', 'Pieces are missing'), ('quality', 'Not as good as it should be')], max_length=8),
        ),
        migrations.AddField(
            model_name='complaint',
            name='reason',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='complaint',
            name='shipment',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='supplier.shipment'),
        ),
        migrations.AlterField(
            model_name='complaint',
            name='answer',
            field=models.CharField(blank=True, max_length=2000),
        ),
        migrations.AlterField(
            model_name='complaint',
            name='state',
            field=models.CharField(choices=[('open', 'Open'), ('answered', 'Answered'), ('closed', 'Closed')], default='open', max_length=8),
        ),
        migrations.AddConstraint(
            model_name='complaint',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('closed_at', None), ('state', 'open')), models.Q(('answered_at__isnull', False), ('closed_at', None), ('state', 'answered'), models.Q(('answer', ''), _negated=True)), models.Q(('closed_at__isnull', False), ('state', 'closed'), models.Q(('closed_by', ''), _negated=True)), _connector='OR'), name='complaint_answered_or_open'),
        ),
        migrations.RunSQL(migrations.RunSQL.noop, _REOPEN),
        migrations.RunSQL(_WITH_CASES, _STAYS.format(but="", more="")),
        migrations.RunSQL(_REDACT, migrations.RunSQL.noop),
    ]
