"""What the database guards of buying: the states of an order, what stays once it was sent, and what is only added."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION enablement_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION enablement_purchase_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('draft', 'sent'), ('draft', 'cancelled'), ('sent', 'part'), ('sent', 'received'), ('sent', 'cancelled'),
        ('part', 'received')) THEN
        RAISE EXCEPTION 'a purchase order does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.number, OLD.created_at) IS DISTINCT FROM (NEW.number, NEW.created_at) OR (OLD.state <> 'draft' AND
       (OLD.vendor_id, OLD.warehouse_id, OLD.currency, OLD.rate, OLD.order_fee_minor, OLD.sent_at) IS DISTINCT FROM
       (NEW.vendor_id, NEW.warehouse_id, NEW.currency, NEW.rate, NEW.order_fee_minor, NEW.sent_at)) THEN
        RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_purchase_line_stays() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_state text;
BEGIN
    SELECT state INTO its_state FROM enablement_purchaseorder
    WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.order_id ELSE OLD.order_id END;
    IF TG_OP = 'UPDATE' AND its_state <> 'draft' THEN
        IF (OLD.order_id, OLD.variant_id, OLD.quantity, OLD.unit_minor, OLD.code) IS DISTINCT FROM
           (NEW.order_id, NEW.variant_id, NEW.quantity, NEW.unit_minor, NEW.code)
           OR NEW.received < OLD.received
           OR ((OLD.received, OLD.called_off) IS DISTINCT FROM (NEW.received, NEW.called_off)
               AND its_state NOT IN ('sent', 'part')) THEN
            RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF its_state <> 'draft' THEN
        RAISE EXCEPTION 'what was sent to a vendor stays' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF TG_OP <> 'DELETE' AND (NEW.received > 0 OR NEW.called_off > 0) THEN
        RAISE EXCEPTION 'nothing is received for a draft' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION enablement_receipt_line_fits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE fits boolean;
BEGIN
    SELECT l.order_id = r.order_id AND l.variant_id = NEW.variant_id AND l.unit_minor = NEW.unit_minor
           AND o.state IN ('sent', 'part') INTO fits
    FROM enablement_receipt r, enablement_purchaseline l JOIN enablement_purchaseorder o ON o.id = l.order_id
    WHERE r.id = NEW.receipt_id AND l.id = NEW.line_id;
    IF fits IS NOT TRUE THEN
        RAISE EXCEPTION 'a receipt is of its own order, while that is open, at its cost'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION enablement_received_is_what_came() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its_id bigint := CASE WHEN TG_TABLE_NAME = 'enablement_receiptline' THEN (to_jsonb(NEW) ->> 'line_id')::bigint
                              ELSE NEW.id END;
BEGIN
    IF EXISTS (SELECT 1 FROM enablement_purchaseline l WHERE l.id = its_id AND l.received <>
               (SELECT COALESCE(sum(r.quantity), 0) FROM enablement_receiptline r WHERE r.line_id = l.id)) THEN
        RAISE EXCEPTION 'received is not the sum of the receipts' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION enablement_append_only();
DROP FUNCTION enablement_purchase_goes_on();
DROP FUNCTION enablement_purchase_line_stays();
DROP FUNCTION enablement_receipt_line_fits();
DROP FUNCTION enablement_received_is_what_came();
"""


def _trigger(name: str, table: str, when: str, function: str, kind: str = "TRIGGER", more: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {more} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


_ONLY_ADDED = ("enablement_purchasenote", "enablement_receipt", "enablement_receiptline")
_AT_COMMIT = {"kind": "CONSTRAINT TRIGGER", "more": "DEFERRABLE INITIALLY DEFERRED"}


class Migration(migrations.Migration):
    dependencies = [("enablement", "0001_buying")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        *[
            _trigger(f"{table}_only_added", table, "BEFORE UPDATE OR DELETE", "enablement_append_only")
            for table in _ONLY_ADDED
        ],
        _trigger("purchase_goes_on", "enablement_purchaseorder", "BEFORE UPDATE", "enablement_purchase_goes_on"),
        _trigger("purchase_is_kept", "enablement_purchaseorder", "BEFORE DELETE", "enablement_append_only"),
        _trigger(
            "purchase_line_stays",
            "enablement_purchaseline",
            "BEFORE INSERT OR UPDATE OR DELETE",
            "enablement_purchase_line_stays",
        ),
        _trigger("receipt_line_fits", "enablement_receiptline", "BEFORE INSERT", "enablement_receipt_line_fits"),
        _trigger(
            "received_is_what_came",
            "enablement_purchaseline",
            "AFTER INSERT OR UPDATE OF received",
            "enablement_received_is_what_came",
            **_AT_COMMIT,
        ),
        _trigger(
            "receipt_is_received", "enablement_receiptline", "AFTER INSERT", "enablement_received_is_what_came", **_AT_COMMIT
        ),
    ]
