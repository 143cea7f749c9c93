"""The names of events as people read them; an event without words here is shown by its class."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

TOPICS: dict[str, str | Promise] = {
    "OrderPlaced": pgettext_lazy("event", "Order placed"),
    "OrderCancelled": pgettext_lazy("event", "Order cancelled"),
    "RefundMade": pgettext_lazy("event", "Refund made"),
    "FulfilmentOpened": pgettext_lazy("event", "Fulfilment opened"),
    "PickingStarted": _("Picking started"),
    "PickingStopped": pgettext_lazy("event", "Picking stopped"),
    "ShipmentSent": _("Parcel sent"),
    "ShipmentDelivered": pgettext_lazy("event", "Parcel delivered"),
    "DeliveryConfirmed": pgettext_lazy("event", "Consumer has its parcels"),
    "FulfilmentCancelled": pgettext_lazy("event", "Pieces could not be sent"),
    "CashSettled": pgettext_lazy("event", "Cash on delivery settled"),
    "CodeRequested": pgettext_lazy("event", "Sign-in code to send"),
    "MailRequested": pgettext_lazy("event", "E-mail to send"),
    "RefundRequested": pgettext_lazy("event", "Refund to send"),
    "RefundReported": pgettext_lazy("event", "Refund reported by the payment provider"),
    "PageCloseRequested": pgettext_lazy("event", "Payment page to close"),
    "PayoutRequested": pgettext_lazy("event", "Payout to send"),
    "ClawbackRequested": pgettext_lazy("event", "Payout to take back"),
    "RecoveryWanted": pgettext_lazy("event", "Debt of a shop to take back"),
    "PayoutAccountReported": pgettext_lazy("event", "Payout account changed at the payment provider"),
    "ReturnRequested": pgettext_lazy("event", "Return asked for"),
    "ReturnApproved": pgettext_lazy("event", "Return approved"),
    "ReturnRefused": pgettext_lazy("event", "Return refused or withdrawn"),
    "ReturnSent": pgettext_lazy("event", "Return on its way"),
    "ReturnAsked": pgettext_lazy("event", "Supplier decided on a return"),
    "ReturnReceived": pgettext_lazy("event", "Return received"),
    "ReturnInspected": pgettext_lazy("event", "Return inspected"),
    "ReturnClosed": pgettext_lazy("event", "Return closed"),
    "BankRefundPaid": pgettext_lazy("event", "Refund transferred"),
    "BankRefundReturned": pgettext_lazy("event", "Refund came back from the bank"),
    "RefundCovered": pgettext_lazy("event", "Refund given back by the bank"),
    "CaseMoved": pgettext_lazy("event", "Case of help changed"),
    "CaseTold": pgettext_lazy("event", "Supplier spoke in a case of help"),
    "ComplaintAnswered": pgettext_lazy("event", "Complaint answered"),
    "RecallTold": pgettext_lazy("event", "Recall told to a shop"),
    "PaymentReported": pgettext_lazy("event", "Payment reported by the payment provider"),
    "AddressChanged": pgettext_lazy("event", "Address changed"),
    "PiecesDelayed": pgettext_lazy("event", "Pieces delayed"),
    "PiecesCame": pgettext_lazy("event", "Delayed pieces came"),
    "HoldAsked": pgettext_lazy("event", "Shop stopped or released an order"),
    "HoldChanged": pgettext_lazy("event", "Supplier stopped or released an order"),
    "DisputeReported": pgettext_lazy("event", "Dispute reported by the payment provider"),
    "ServiceOffered": pgettext_lazy("event", "Task offered to a provider"),
    "QuoteAsked": pgettext_lazy("event", "Request for prices to send to a vendor"),
    "ServiceCalledOff": pgettext_lazy("event", "Task called off with a provider"),
    "ServiceFailed": pgettext_lazy("event", "Booked service can’t be done"),
    "ServiceTold": pgettext_lazy("event", "Provider spoke of a booked service"),
    "ProviderLinkAsked": pgettext_lazy("event", "Link of a provider to send"),
    "PaymentUnused": pgettext_lazy("event", "Payment no order used"),
    "DisputeChanged": pgettext_lazy("event", "Dispute changed"),
}


def words(topic: str) -> str:
    """Say what kind of event it is."""
    return str(TOPICS.get(topic, topic))
