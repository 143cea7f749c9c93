"""What the database guards of lots: pieces are the sum of movements, nothing of a lot that is not free leaves, states go
their declared way, and quarantine in stock is that of the lots. Columns a checkout writes have no trigger."""

from django.db import migrations

_FUNCTIONS = """
CREATE FUNCTION supplier_lot_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its supplier_lot%ROWTYPE;
BEGIN
    SELECT * INTO its FROM supplier_lot WHERE id = NEW.lot_id;
    IF NEW.kind = 'shipment' AND its.state <> 'free' THEN
        RAISE EXCEPTION 'lot % is %: nothing of it leaves', its.code, its.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    UPDATE supplier_lotstock SET pieces = pieces + NEW.quantity
    WHERE lot_id = NEW.lot_id AND warehouse_id = NEW.warehouse_id;
    IF NOT FOUND THEN
        INSERT INTO supplier_lotstock (lot_id, warehouse_id, pieces, aside)
        VALUES (NEW.lot_id, NEW.warehouse_id, NEW.quantity, 0);
    END IF;
    IF its.serial AND (SELECT sum(pieces) FROM supplier_lotstock WHERE lot_id = NEW.lot_id) > 1 THEN
        RAISE EXCEPTION 'a serial number is of one piece' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION supplier_lot_stock_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR pg_trigger_depth() < 2 THEN
        RAISE EXCEPTION 'pieces of a lot are the sum of its movements' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION supplier_lot_goes_on() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (
        ('checking', 'free'), ('checking', 'held'), ('free', 'held'), ('held', 'free'), ('held', 'recalled')) THEN
        RAISE EXCEPTION 'a lot does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (OLD.variant_id, OLD.code, OLD.serial, OLD.received_at) IS DISTINCT FROM
       (NEW.variant_id, NEW.code, NEW.serial, NEW.received_at) THEN
        RAISE EXCEPTION 'what a lot is stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION supplier_lot_pick_fits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.shipment_id IS NOT NULL THEN
        RAISE EXCEPTION 'what was sent stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF TG_OP <> 'DELETE' AND NOT EXISTS (
        SELECT 1 FROM supplier_lot l, supplier_fulfilmentline f
        WHERE l.id = NEW.lot_id AND f.id = NEW.line_id AND f.variant_id = l.variant_id) THEN
        RAISE EXCEPTION 'a line takes lots of its own variant' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE FUNCTION supplier_quarantine_is_of_lots() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    its_variant bigint; its_warehouse bigint := NEW.warehouse_id;
BEGIN
    IF TG_TABLE_NAME = 'supplier_stock' THEN
        its_variant := (to_jsonb(NEW) ->> 'variant_id')::bigint;
    ELSE
        SELECT variant_id INTO its_variant FROM supplier_lot WHERE id = (to_jsonb(NEW) ->> 'lot_id')::bigint;
    END IF;
    IF (SELECT COALESCE(sum(quarantined), 0) FROM supplier_stock
        WHERE variant_id = its_variant AND warehouse_id = its_warehouse) <>
       (SELECT COALESCE(sum(s.aside), 0) FROM supplier_lotstock s JOIN supplier_lot l ON l.id = s.lot_id
        WHERE l.variant_id = its_variant AND s.warehouse_id = its_warehouse) THEN
        RAISE EXCEPTION 'quarantine is not that of the lots' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION supplier_lot_moves();
DROP FUNCTION supplier_lot_stock_is_moved();
DROP FUNCTION supplier_lot_goes_on();
DROP FUNCTION supplier_lot_pick_fits();
DROP FUNCTION supplier_quarantine_is_of_lots();
"""


def _trigger(name: str, table: str, when: str, function: str, kind: str = "TRIGGER", more: str = "") -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE {kind} {name} {when} ON {table} {more} FOR EACH ROW EXECUTE FUNCTION {function}();",
        f"DROP TRIGGER {name} ON {table};",
    )


_AT_COMMIT = {"kind": "CONSTRAINT TRIGGER", "more": "DEFERRABLE INITIALLY DEFERRED"}
_QUARANTINE = "supplier_quarantine_is_of_lots"


class Migration(migrations.Migration):
    dependencies = [("supplier", "0023_lots")]

    operations = [
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        _trigger("lot_movement_only_added", "supplier_lotmovement", "BEFORE UPDATE OR DELETE", "supplier_append_only"),
        _trigger("lot_moves", "supplier_lotmovement", "AFTER INSERT", "supplier_lot_moves"),
        _trigger(
            "lot_stock_is_moved", "supplier_lotstock", "BEFORE INSERT OR DELETE OR UPDATE OF pieces, lot_id, warehouse_id",
            "supplier_lot_stock_is_moved",
        ),
        _trigger("lot_goes_on", "supplier_lot", "BEFORE UPDATE", "supplier_lot_goes_on"),
        _trigger("lot_is_kept", "supplier_lot", "BEFORE DELETE", "supplier_append_only"),
        _trigger("lot_pick_fits", "supplier_lotpick", "BEFORE INSERT OR UPDATE OR DELETE", "supplier_lot_pick_fits"),
        _trigger("stock_quarantine", "supplier_stock", "AFTER UPDATE OF quarantined", _QUARANTINE, **_AT_COMMIT),
        _trigger("lot_quarantine", "supplier_lotstock", "AFTER UPDATE OF aside", _QUARANTINE, **_AT_COMMIT),
    ]  # fmt: skip
