"""Checks of lots, for ``audit.stock``: their pieces, their parcels, and what lies in quarantine."""

from __future__ import annotations

CHECKS = {
    "lots_are_sum_of_their_movements": """
        SELECT COALESCE(s.lot_id, m.lot_id), COALESCE(s.warehouse_id, m.warehouse_id), s.pieces, m.moved
        FROM supplier_lotstock s FULL JOIN (
            SELECT lot_id, warehouse_id, sum(quantity) AS moved FROM supplier_lotmovement GROUP BY 1, 2) m
        USING (lot_id, warehouse_id)
        WHERE COALESCE(s.pieces, 0) <> COALESCE(m.moved, 0)""",
    "lots_are_within_what_is_there": """
        SELECT l.variant_id, l.warehouse_id, l.pieces, COALESCE(s.there, 0) FROM (
            SELECT l.variant_id, s.warehouse_id, sum(s.pieces) AS pieces FROM supplier_lotstock s
            JOIN supplier_lot l ON l.id = s.lot_id GROUP BY 1, 2) l
        LEFT JOIN (SELECT variant_id, warehouse_id, sum(available + held + damaged + quarantined) AS there
                   FROM supplier_stock GROUP BY 1, 2) s USING (variant_id, warehouse_id)
        WHERE l.pieces > COALESCE(s.there, 0)""",
    "quarantine_is_that_of_the_lots": """
        SELECT variant_id, warehouse_id, COALESCE(s.pieces, 0), COALESCE(l.pieces, 0) FROM (
            SELECT variant_id, warehouse_id, sum(quarantined) AS pieces FROM supplier_stock GROUP BY 1, 2) s
        FULL JOIN (SELECT l.variant_id, s.warehouse_id, sum(s.aside) AS pieces FROM supplier_lotstock s
                   JOIN supplier_lot l ON l.id = s.lot_id GROUP BY 1, 2) l USING (variant_id, warehouse_id)
        WHERE COALESCE(s.pieces, 0) <> COALESCE(l.pieces, 0)""",
    "free_lots_have_nothing_aside": """
        SELECT l.id, l.code, s.warehouse_id, s.aside FROM supplier_lot l JOIN supplier_lotstock s ON s.lot_id = l.id
        WHERE l.state = 'free' AND s.aside > 0""",
    "numbered_pieces_each_have_their_number": """
        SELECT v.id, COALESCE(s.warehouse_id, l.warehouse_id), COALESCE(s.there, 0), COALESCE(l.pieces, 0)
        FROM (SELECT variant_id, warehouse_id, sum(available + held + damaged + quarantined) AS there
              FROM supplier_stock WHERE variant_id IN (SELECT id FROM supplier_variant WHERE serials) GROUP BY 1, 2) s
        FULL JOIN (SELECT l.variant_id, s.warehouse_id, sum(s.pieces) AS pieces FROM supplier_lotstock s
                   JOIN supplier_lot l ON l.id = s.lot_id WHERE l.serial GROUP BY 1, 2) l
        USING (variant_id, warehouse_id)
        JOIN supplier_variant v ON v.id = variant_id AND v.serials
        WHERE COALESCE(s.there, 0) <> COALESCE(l.pieces, 0)""",
    "parcels_say_what_left_of_lots": """
        SELECT COALESCE(p.lot_id, m.lot_id), p.sent, m.sent FROM (
            SELECT lot_id, sum(quantity) AS sent FROM supplier_lotpick WHERE shipment_id IS NOT NULL GROUP BY 1) p
        FULL JOIN (SELECT lot_id, -sum(quantity) AS sent FROM supplier_lotmovement WHERE kind = 'shipment' GROUP BY 1) m
        USING (lot_id)
        WHERE COALESCE(p.sent, 0) <> COALESCE(m.sent, 0)""",
    "parcels_hold_no_more_of_lots_than_were_sent": """
        SELECT p.line_id, p.shipment_id, p.sent, COALESCE(s.quantity, 0) FROM (
            SELECT line_id, shipment_id, sum(quantity) AS sent FROM supplier_lotpick
            WHERE shipment_id IS NOT NULL GROUP BY 1, 2) p
        LEFT JOIN (SELECT fulfilment_line_id, shipment_id, sum(quantity) AS quantity FROM supplier_shipmentline
                   GROUP BY 1, 2) s ON s.shipment_id = p.shipment_id AND s.fulfilment_line_id = p.line_id
        WHERE p.sent > COALESCE(s.quantity, 0)""",
}
