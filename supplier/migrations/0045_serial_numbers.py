"""A mark on variants whose pieces each have a serial number, and what holds it: no piece of them lies in stock without one,
a number lies at one place and in one tote."""

from django.db import migrations, models
from django.db.models import Q, Value

_FUNCTIONS = """
CREATE FUNCTION supplier_serials_missing(its_variant bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM (
            SELECT warehouse_id, sum(available + held + damaged + quarantined) AS pieces
            FROM supplier_stock WHERE variant_id = its_variant GROUP BY 1
            UNION ALL
            SELECT s.warehouse_id, -sum(s.pieces) FROM supplier_lotstock s JOIN supplier_lot l ON l.id = s.lot_id
            WHERE l.variant_id = its_variant AND l.serial GROUP BY 1) each
        GROUP BY warehouse_id HAVING sum(pieces) <> 0)
$$;

CREATE FUNCTION supplier_serials_are_told() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM supplier_variant WHERE id = NEW.variant_id AND serials)
       AND supplier_serials_missing(NEW.variant_id) THEN
        RAISE EXCEPTION 'each piece of variant % has a serial number', NEW.variant_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION supplier_serials_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF supplier_serials_missing(NEW.id) THEN
        RAISE EXCEPTION 'pieces of variant % are in stock without a serial number', NEW.sku
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION supplier_lot_pick_is_of_serial() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.serial := COALESCE((SELECT serial FROM supplier_lot WHERE id = NEW.lot_id), false);
    RETURN NEW;
END $$;
"""
_NO_FUNCTIONS = """
DROP FUNCTION supplier_lot_pick_is_of_serial();
DROP FUNCTION supplier_serials_begin();
DROP FUNCTION supplier_serials_are_told();
DROP FUNCTION supplier_serials_missing(bigint);
"""
# Two that put one number into two warehouses at once wait for each other, so that the second sees the first.
_MOVES = """
CREATE OR REPLACE FUNCTION supplier_lot_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE its supplier_lot%ROWTYPE;
BEGIN
    SELECT * INTO its FROM supplier_lot WHERE id = NEW.lot_id;
    IF NEW.kind = 'shipment' AND its.state <> 'free' THEN
        RAISE EXCEPTION 'lot % is %: nothing of it leaves', its.code, its.state
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    {lock}
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
"""
_LOCK = "IF its.serial THEN PERFORM 1 FROM supplier_lot WHERE id = NEW.lot_id FOR NO KEY UPDATE; END IF;"
_TRIGGERS = """
CREATE CONSTRAINT TRIGGER movement_tells_serials AFTER INSERT ON supplier_movement
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION supplier_serials_are_told();
CREATE CONSTRAINT TRIGGER variant_begins_serials AFTER UPDATE OF serials ON supplier_variant
    DEFERRABLE INITIALLY IMMEDIATE FOR EACH ROW WHEN (NEW.serials AND NOT OLD.serials)
    EXECUTE FUNCTION supplier_serials_begin();
CREATE TRIGGER lot_pick_is_of_serial BEFORE INSERT OR UPDATE ON supplier_lotpick
    FOR EACH ROW EXECUTE FUNCTION supplier_lot_pick_is_of_serial();
"""
_NO_TRIGGERS = """
DROP TRIGGER lot_pick_is_of_serial ON supplier_lotpick;
DROP TRIGGER variant_begins_serials ON supplier_variant;
DROP TRIGGER movement_tells_serials ON supplier_movement;
"""
# What lies in totes; what was sent stays as it was written.
_FILL = """
    UPDATE supplier_lotpick p SET serial = true FROM supplier_lot l
    WHERE l.id = p.lot_id AND l.serial AND p.shipment_id IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("supplier", "0044_vendor_accounts")]

    operations = [
        migrations.AddField("variant", "serials", models.BooleanField(default=False, db_default=Value(False))),
        migrations.AddField(
            "lotpick", "serial", models.BooleanField(default=False, db_default=Value(False), editable=False)
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "lotpick",
            models.CheckConstraint(name="lot_pick_of_one_piece", condition=Q(serial=False) | Q(quantity=1)),
        ),
        migrations.AddConstraint(
            "lotpick",
            models.UniqueConstraint(
                fields=["lot"], condition=Q(shipment=None, serial=True), name="serial_in_one_tote"
            ),
        ),
        migrations.RunSQL(_FUNCTIONS, _NO_FUNCTIONS),
        migrations.RunSQL(_MOVES.format(lock=_LOCK), _MOVES.format(lock="")),
        migrations.RunSQL(_TRIGGERS, _NO_TRIGGERS),
    ]
