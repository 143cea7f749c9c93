"""Pieces that are waited for no longer are called what orders are: cancelled."""

from django.db import migrations, models
from django.db.models import F, Q

_STAYS = """
CREATE OR REPLACE FUNCTION enablement_purchase_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
    SELECT state INTO its_state FROM enablement_purchaseorder
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.order_id ELSE OLD.order_id END;
    IF TG_OP = 'UPDATE' AND its_state <> 'draft' THEN
        IF (OLD.order_id, OLD.variant_id, OLD.quantity, OLD.unit_minor, OLD.code) IS DISTINCT FROM
           (NEW.order_id, NEW.variant_id, NEW.quantity, NEW.unit_minor, NEW.code)
           OR NEW.received < OLD.received
           OR ((OLD.received, OLD.{name}) IS DISTINCT FROM (NEW.received, NEW.{name})
               AND its_state NOT IN ('sent', 'part')) THEN
            RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF its_state <> 'draft' THEN
        RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF TG_OP <> 'DELETE' AND (NEW.received > 0 OR NEW.{name} > 0) THEN
        RAISE EXCEPTION 'nothing is received for a draft' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""


def _adds_up(name: str) -> models.CheckConstraint:
    within = Q(**{name: 0}) | Q(quantity__gte=F("received") + F(name))
    return models.CheckConstraint(name="purchase_line_adds_up", condition=Q(quantity__gt=0) & within)


class Migration(migrations.Migration):
    dependencies = [("enablement", "0003_mart")]

    operations = [
        migrations.RemoveConstraint("purchaseline", "purchase_line_adds_up"),
        migrations.RenameField("purchaseline", "called_off", "cancelled"),
        migrations.AddConstraint("purchaseline", _adds_up("cancelled")),
        migrations.RunSQL(_STAYS.format(name="cancelled"), _STAYS.format(name="called_off")),
    ]
