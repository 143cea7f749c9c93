"""Who hears what, and what can be done to rows of a list: the whole choreography on one screen.

Handlers of one event run in this order, in one transaction, each exactly once. ``outside`` ones reach
beyond the database: they stand alone on their topic, run at least once, and carry their own key. ``apart``
ones lock stock: each event is a transaction of its own.

``JOBS`` holds what an office's list can do to many rows at once, by its code.
"""

from __future__ import annotations

import enablement.handlers
import enablement.web.replenishment
import orders.handlers
import reseller.web.products
import storefront.handlers
import supplier.handlers
import supplier.web.catalogue
import supplier.web.outbox
from s2b2c.jobs.bulk import Bulk
from s2b2c.outbox.dispatcher import Handler

HANDLERS: dict[str, list[Handler]] = {
    "OrderPlaced": [
        Handler(
            "supplier.open_fulfilment",
            supplier.handlers.open_fulfilment,
            many=supplier.handlers.open_fulfilments,
        ),
        Handler("supplier.post_sale", supplier.handlers.post_sale, many=supplier.handlers.post_sales),
        Handler("enablement.record_sale", enablement.handlers.record_sale, many=enablement.handlers.record_sales),
        Handler(
            "enablement.book_services", enablement.handlers.book_services, many=enablement.handlers.book_services_of
        ),
    ],
    "FulfilmentOpened": [
        Handler(
            "orders.mark_processing",
            orders.handlers.mark_processing,
            tenant=True,
            many=orders.handlers.mark_processing_many,
        )
    ],
    "PickingStarted": [
        Handler(
            "orders.mark_picking",
            orders.handlers.mark_picking,
            tenant=True,
            many=orders.handlers.mark_picking_many,
        )
    ],
    "PickingStopped": [Handler("orders.mark_put_back", orders.handlers.mark_put_back, tenant=True)],
    "ShipmentSent": [
        Handler("supplier.post_shipment", supplier.handlers.post_shipment, many=supplier.handlers.post_shipments),
        Handler(
            "orders.mark_shipped",
            orders.handlers.mark_shipped,
            tenant=True,
            many=orders.handlers.mark_shipped_many,
        ),
    ],
    "ShipmentDelivered": [Handler("orders.mark_delivered", orders.handlers.mark_delivered, tenant=True)],
    "DeliveryConfirmed": [Handler("supplier.take_delivered", supplier.handlers.take_delivered)],
    "FulfilmentCancelled": [Handler("orders.refund_unserved", orders.handlers.refund_unserved, tenant=True)],
    "CashSettled": [Handler("orders.settle_cash", orders.handlers.settle_cash, tenant=True)],
    "OrderCancelled": [Handler("supplier.cancel_order", supplier.handlers.cancel_order, apart=True)],
    "AddressChanged": [Handler("supplier.readdress", supplier.handlers.readdress)],
    "HoldAsked": [Handler("supplier.hold_or_resume", supplier.handlers.hold_or_resume)],
    "PiecesDelayed": [Handler("orders.note_delay", orders.handlers.note_delay, tenant=True)],
    "PiecesCame": [Handler("orders.note_arrival", orders.handlers.note_arrival, tenant=True)],
    "HoldChanged": [Handler("orders.note_hold", orders.handlers.note_hold, tenant=True)],
    "RefundMade": [
        Handler(
            "supplier.post_refund",
            supplier.handlers.post_refund,
            apart=supplier.handlers.stops_sending,
            many=supplier.handlers.post_refunds,
        ),
        Handler(
            "enablement.record_refund", enablement.handlers.record_refund, many=enablement.handlers.record_refunds
        ),
        Handler(
            "enablement.note_service_refund",
            enablement.handlers.note_service_refund,
            many=enablement.handlers.note_service_refunds,
        ),
    ],
    "RefundCovered": [Handler("supplier.post_covered", supplier.handlers.post_covered)],
    "ReturnRequested": [Handler("supplier.open_return", supplier.handlers.open_return)],
    "ReturnApproved": [Handler("supplier.expect_return", supplier.handlers.expect_return)],
    "ReturnRefused": [Handler("supplier.drop_return", supplier.handlers.drop_return)],
    "ReturnSent": [Handler("supplier.mark_return_sent", supplier.handlers.mark_return_sent)],
    "ReturnAsked": [Handler("orders.take_return", orders.handlers.take_return, tenant=True, apart=True)],
    "ReturnReceived": [
        Handler("orders.mark_return_received", orders.handlers.mark_return_received, tenant=True),
    ],
    "ReturnInspected": [Handler("orders.close_return", orders.handlers.close_return, tenant=True, apart=True)],
    "ReturnClosed": [Handler("supplier.settle_return", supplier.handlers.settle_return)],
    "CaseMoved": [Handler("enablement.note_case", enablement.handlers.note_case)],
    "CaseTold": [Handler("orders.take_case", orders.handlers.take_case, tenant=True)],
    "RecallTold": [Handler("orders.tell_recall", orders.handlers.tell_recall, tenant=True, apart=True)],
    "ComplaintAnswered": [Handler("orders.write_answer", orders.handlers.write_answer, tenant=True)],
    "BankRefundPaid": [Handler("orders.mark_bank_refund", orders.handlers.mark_bank_refund, tenant=True)],
    "BankRefundReturned": [Handler("orders.ask_account", orders.handlers.ask_account, tenant=True)],
    "RefundRequested": [Handler("orders.send_refund", orders.handlers.send_refund, tenant=True, outside=True)],
    "RefundReported": [Handler("orders.check_refund", orders.handlers.check_refund, tenant=True, outside=True)],
    "PaymentReported": [Handler("orders.record_payment", orders.handlers.record_payment, tenant=True, outside=True)],
    "DisputeReported": [Handler("supplier.check_dispute", supplier.handlers.check_dispute, outside=True)],
    "PaymentUnused": [Handler("supplier.note_unused_payment", supplier.handlers.note_unused_payment)],
    "DisputeChanged": [Handler("orders.note_dispute", orders.handlers.note_dispute, tenant=True)],
    "PageCloseRequested": [Handler("orders.close_page", orders.handlers.close_page, tenant=True, outside=True)],
    "CodeRequested": [Handler("storefront.send_code", storefront.handlers.send_code, tenant=True, outside=True)],
    "PayoutRequested": [Handler("supplier.send_payout", supplier.handlers.send_payout, outside=True)],
    "ClawbackRequested": [Handler("supplier.take_back", supplier.handlers.take_back, outside=True)],
    "RecoveryWanted": [Handler("supplier.recover", supplier.handlers.recover, apart=True)],
    "PayoutAccountReported": [Handler("supplier.read_account", supplier.handlers.read_account, outside=True)],
    "ServiceOffered": [Handler("enablement.tell_provider", enablement.handlers.tell_provider, outside=True)],
    "ServiceCalledOff": [Handler("enablement.call_off_provider", enablement.handlers.call_off_provider, outside=True)],
    "ServiceFailed": [Handler("orders.refund_service", orders.handlers.refund_service, tenant=True)],
    "ServiceTold": [Handler("orders.tell_service", orders.handlers.tell_service, tenant=True)],
    "ProviderLinkAsked": [Handler("enablement.send_link", enablement.handlers.send_link, outside=True)],
    "QuoteAsked": [Handler("enablement.ask_vendor", enablement.handlers.ask_vendor, outside=True)],
    "MailRequested": [Handler("orders.send_mail", orders.handlers.send_mail, tenant=True, outside=True)],
}

JOBS: dict[str, Bulk] = {
    each.code: each
    for each in (
        *supplier.web.catalogue.BULK,
        *supplier.web.outbox.BULK,
        *enablement.web.replenishment.BULK,
        *reseller.web.products.BULK,
    )
}
