"""Recalls: lots are withdrawn from all shops, every order that got some is told in its shop's name and made good.

What is to be told stands in the database, an order a row; a batch marks its rows and asks the shops in one transaction,
so that a worker killed at any moment leaves nothing told twice or left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from enablement.models import Recall, RecallOrder
from s2b2c.kernel import clock, events, ids
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.outbox import publisher
from supplier.models import Company, Lot
from supplier.services import lots, records

State = Recall.State
BATCH = 200

_ORDERS = """
    INSERT INTO enablement_recallorder (recall_id, reseller_id, order_number, lines, state, return_number)
    SELECT %s, o.reseller_id, o.order_number, jsonb_agg(jsonb_build_object('line_id', t.line_id, 'quantity', t.quantity)
           ORDER BY t.line_id), 'waiting', ''
    FROM (SELECT p.order_id, l.line_id, sum(p.quantity) AS quantity FROM supplier_lotpick p
          JOIN supplier_fulfilmentline f ON f.id = p.line_id JOIN supplier_salesline l ON l.id = f.line_id
          WHERE p.lot_id = ANY(%s) AND p.shipment_id IS NOT NULL GROUP BY 1, 2) t
    JOIN supplier_salesorder o ON o.id = t.order_id
    GROUP BY o.id ON CONFLICT DO NOTHING
"""


@transaction.atomic
def draft(
    *,
    lot_ids: Sequence[int],
    remedy: str,
    reason_en: str,
    advice_en: str,
    reason_zh: str = "",
    advice_zh: str = "",
    actor_id: int | None,
) -> Recall:
    """Write a recall; nothing happens yet.

    :raises Refused: no lot, no reason, no advice, or no remedy.
    """
    found = list(Lot.objects.filter(pk__in=lot_ids))
    if not found or len(found) != len(set(lot_ids)):
        raise Refused("lots", _("Name at least one lot."), field="lots")
    if remedy not in Recall.Remedy.values:
        raise Refused("remedy", _("Say what consumers get."), field="remedy")
    words = {
        "reason_en": records.text(reason_en, "reason_en", 300, required=True),
        "advice_en": records.text(advice_en, "advice_en", 300, required=True),
        "reason_zh": records.text(reason_zh, "reason_zh", 300),
        "advice_zh": records.text(advice_zh, "advice_zh", 300),
    }
    made = Recall.objects.create(
        number=ids.order_number(), remedy=remedy, actor_id=actor_id, created_at=clock.now(), **words
    )
    made.lots.set(found)
    records.audit(actor_id, "recall.drafted", made.number, lots=[lot.code for lot in found])
    return made


@transaction.atomic
def start(*, number: str, actor_id: int | None) -> Recall:
    """Withdraw the lots from all shops for good and note every order to be told. Started again, it goes on.

    :raises StateRefused: one of its lots can't be held.
    """
    recall = _locked(number)
    if recall.state != State.DRAFT:
        return recall
    chosen = list(recall.lots.order_by("id"))
    for lot in chosen:
        if lot.state != Lot.State.RECALLED:
            lots.hold(lot_id=lot.pk, reason=recall.reason_en[:160], actor_id=actor_id)
            lots.recall(lot_id=lot.pk, actor_id=actor_id)
    recall.state, recall.started_at = State.RUNNING, clock.now()
    recall.save(update_fields=["state", "started_at"])
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, [recall.pk, [lot.pk for lot in chosen]])
    records.audit(actor_id, "recall.started", recall.number, orders=recall.orders.count())
    return recall


def carry_on(batch: int = BATCH) -> int:
    """Tell what waits to be told, batch by batch; give how many orders. May run twice, or be killed, at any time."""
    told = 0
    for recall_id in list(Recall.objects.filter(state=State.RUNNING).values_list("id", flat=True)):
        while count := _tell(recall_id, batch):
            told += count
        _close(recall_id)
    return told


@transaction.atomic
def _tell(recall_id: int, batch: int) -> int:
    rows = RecallOrder.objects.select_for_update(skip_locked=True).filter(recall=recall_id, state="waiting")
    chosen = list(rows.order_by("id")[:batch])
    if not chosen:
        return 0
    recall = Recall.objects.get(pk=recall_id)
    now = clock.now()
    for row in chosen:
        row.state, row.told_at = RecallOrder.State.TOLD, now
        row.return_number = ids.return_number(ids.return_id()) if recall.remedy != Recall.Remedy.NONE else ""
    RecallOrder.objects.bulk_update(chosen, ["state", "told_at", "return_number"])
    publisher.publish(*(_told(recall, row) for row in chosen))
    return len(chosen)


def _told(recall: Recall, row: RecallOrder) -> events.RecallTold:
    company = Company.objects.first()
    return events.RecallTold(
        reseller_id=row.reseller_id,
        order_number=row.order_number,
        recall=recall.number,
        remedy=recall.remedy,
        lines=row.lines,
        return_number=row.return_number,
        words={
            "reason_en": recall.reason_en, "reason_zh": recall.reason_zh, "advice_en": recall.advice_en,
            "advice_zh": recall.advice_zh, "supplier": company.name if company else "",
        },
    )  # fmt: skip


@transaction.atomic
def _close(recall_id: int) -> None:
    """Say that everybody is told, once nothing waits."""
    recall = Recall.objects.select_for_update().get(pk=recall_id)
    if recall.state == State.RUNNING and not recall.orders.filter(state="waiting").exists():
        recall.state, recall.done_at = State.DONE, clock.now()
        recall.save(update_fields=["state", "done_at"])


def _locked(number: str) -> Recall:
    found = Recall.objects.select_for_update().filter(number=number.upper()).first()
    if found is None:
        raise NotFound()
    return found
