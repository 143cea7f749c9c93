"""The audit log's actions and details as people read them. An action without words here is shown as it is."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import Membership
from s2b2c.ui import figures

ACTIONS: dict[str, str | Promise] = {
    "staff.joined": _("Joined the staff"),
    "staff.invited": _("Invited"),
    "staff.invitation_withdrawn": _("Withdrew an invitation"),
    "staff.role_changed": _("Changed a role"),
    "staff.removed": _("Removed from the staff"),
    "api_key.created": _("Created an API key"),
    "api_key.revoked": _("Revoked an API key"),
    "account.password_changed": _("Changed the password"),
    "account.password_set": _("Set a password"),
    "account.password_reset": _("Reset the password"),
    "account.email_changed": _("Changed the e-mail"),
    "account.email_confirm": _("Confirmed the e-mail"),
    "account.email_deleted": _("Removed an e-mail"),
    "account.totp_activated": _("Switched the authenticator app on"),
    "account.totp_deactivated": _("Switched the authenticator app off"),
    "account.webauthn_added": _("Added a passkey"),
    "account.webauthn_removed": _("Removed a passkey"),
    "account.recovery_codes_generated": _("Made new recovery codes"),
    "shop.opened": _("Opened a shop"),
    "reseller.opened": _("Opened a shop for somebody"),
    "reseller.approved": _("Accepted an application"),
    "reseller.declined": _("Turned an application down"),
    "reseller.suspended": _("Suspended a shop"),
    "reseller.reopened": _("Opened a shop again"),
    "reseller.terms": _("Agreed on new terms"),
    "bill.approved": _("Approved a vendor’s bill"),
    "bill.bank_file": _("Made a bank file for vendors"),
    "bill.came_back": _("A payment to a vendor came back"),
    "bill.credit_note": _("Wrote down a credit note"),
    "bill.decided": _("Decided on a vendor’s bill"),
    "bill.entered": _("Entered a vendor’s bill"),
    "bill.paid": _("Said that vendors were paid"),
    "bill.refused": _("Refused a vendor’s bill"),
    "bill.rules": _("Set how far bills may differ"),
    "purchase.cost_added": _("Added a cost to a purchase order"),
    "vendor.bank": _("Changed a vendor’s bank account"),
    "quote.asked": _("Asked vendors for prices"),
    "quote.awarded": _("Awarded products to vendors"),
    "quote.cancelled": _("Gave a request for prices up"),
    "provider.active": _("Let a provider take tasks"),
    "provider.applied": _("A provider applied"),
    "provider.bank": _("A provider changed its bank account"),
    "provider.changed": _("Changed a provider"),
    "provider.link_renewed": _("Made a provider’s link dead"),
    "provider.refused": _("Refused a provider"),
    "provider.suspended": _("Suspended a provider"),
    "provider.vetted": _("Checked a provider’s papers"),
    "service.approved": _("Approved a service"),
    "service.bank_file": _("Made a bank file for providers"),
    "service.booked": _("Booked a service"),
    "service.cancelled": _("Cancelled a service"),
    "service.complaint": _("Complained about a service"),
    "service.given_up": _("Gave up a booked service"),
    "service.given": _("Chose a provider by hand"),
    "service.left_out": _("Chose services its customers can book"),
    "service.offered": _("Changed a service customers can book"),
    "service.paid": _("Noted that a provider was paid"),
    "service.sent_back": _("Sent a service back"),
    "announcement.published": _("Published an announcement"),
    "announcement.withdrawn": _("Withdrew an announcement"),
    "case.closed": _("Closed a case of help"),
    "complaint.answered": _("Answered a complaint"),
    "complaint.judged": _("Judged whether goods complained of were bad"),
    "complaint.lot": _("Named the lot of a complaint"),
    "course.published": _("Published a course"),
    "course.written": _("Wrote a course"),
    "desk.set": _("Set who helps with what"),
    "inspection.asked": _("Asked for an inspection"),
    "inspection.accepted": _("Accepted a lot"),
    "inspection.rejected": _("Rejected a lot"),
    "inspection.plan": _("Set an inspection plan"),
    "inspection.plan_ended": _("Ended an inspection plan"),
    "inspection.series_began": _("Began a series of inspections anew"),
    "kit.changed": _("Changed a kit"),
    "kit.drafted": _("Drafted a kit"),
    "kit.published": _("Published a kit"),
    "kit.withdrawn": _("Withdrew a kit"),
    "lot.freed": _("Released a lot"),
    "lot.held": _("Held a lot"),
    "lot.recalled": _("Recalled a lot"),
    "lot.scrapped": _("Wrote a lot off"),
    "recall.drafted": _("Drafted a recall"),
    "recall.started": _("Started a recall"),
    "vendor.origin": _("Said whether a vendor's origin is shown"),
    "vendor.paper": _("Wrote down a vendor's paper"),
    "vendor.added": _("Added a vendor"),
    "vendor.changed": _("Changed a vendor"),
    "vendor.archived": _("Archived a vendor"),
    "vendor.restored": _("Took a vendor up again"),
    "vendor.offer": _("Wrote down a vendor's prices"),
    "vendor.offer_removed": _("Took a vendor's prices away"),
    "round.opened": _("Opened a buying round"),
    "round.cancelled": _("Cancelled a buying round"),
    "plan.begun": _("Began a purchase plan"),
    "plan.ordered": _("Put a purchase plan into drafts"),
    "purchase.sent": _("Sent a purchase order"),
    "purchase.cancelled": _("Cancelled a purchase order"),
    "purchase.received": _("Received a purchase order"),
    "purchase.closed": _("Closed a purchase order"),
    "category.created": _("Added a category"),
    "category.changed": _("Changed a category"),
    "category.moved": _("Moved a category"),
    "category.removed": _("Removed a category"),
    "product.created": _("Created a product"),
    "product.changed": _("Changed a product"),
    "product.draft": _("Made a product a draft"),
    "product.active": _("Put a product on sale"),
    "product.withdrawn": _("Withdrew a product"),
    "products.draft": _("Made products drafts"),
    "products.active": _("Put products on sale"),
    "products.withdrawn": _("Withdrew products"),
    "products.moved": _("Moved products to a category"),
    "variants.added": _("Added variants"),
    "variants.changed": _("Changed variants"),
    "variants.active": _("Put variants on sale"),
    "variants.withdrawn": _("Withdrew variants"),
    "media.added": _("Added a picture"),
    "media.changed": _("Changed a picture"),
    "media.ordered": _("Put pictures in order"),
    "media.removed": _("Removed a picture"),
    "warehouse.added": _("Added a warehouse"),
    "warehouse.changed": _("Changed a warehouse"),
    "import.uploaded": _("Uploaded an import"),
    "import.checked": _("Checked an import"),
    "import.applied": _("Applied an import"),
    "import.reverted": _("Took an import back"),
    "import.discarded": _("Discarded an import"),
    "outbox.retried": _("Tried an event again"),
    "outbox.skipped": _("Passed over an event"),
    "campaign.offered": pgettext_lazy("audit", "Offered a campaign"),
    "campaign.ended": pgettext_lazy("audit", "Ended a campaign"),
    "count.posted": pgettext_lazy("audit", "Posted a stock count"),
    "dispute.bearer": pgettext_lazy("audit", "Said who bears a lost dispute"),
    "dispute.answered": pgettext_lazy("audit", "Answered a dispute"),
    "dispute.accepted": pgettext_lazy("audit", "Accepted a dispute"),
    "payout_account.connected": pgettext_lazy("audit", "Connected a payout account"),
    "payout_account.bank": pgettext_lazy("audit", "Changed the bank account"),
    "payout.bank_file": pgettext_lazy("audit", "Made a file for the bank"),
    "payout.clawback": pgettext_lazy("audit", "Took a payout back"),
    "payout.held": pgettext_lazy("audit", "Kept an order from being paid out"),
    "payout.let_go": pgettext_lazy("audit", "Let an order be paid out"),
    "payout.asked": pgettext_lazy("audit", "Asked what became of a payout"),
    "provider.explained": pgettext_lazy("audit", "Explained a difference with the payment provider"),
    "bank_refund.account": pgettext_lazy("audit", "Gave the bank account of a refund"),
    "bank_refund.file": pgettext_lazy("audit", "Made a file of refunds for the bank"),
    "bank_refund.returned": pgettext_lazy("audit", "Noted that a refund came back"),
    "papers.party": pgettext_lazy("audit", "Changed who stands on papers"),
    "settlement.begun": pgettext_lazy("audit", "Began a settlement run"),
    "settlement.held_back": pgettext_lazy("audit", "Took orders held back off a settlement run"),
    "payout.paid": pgettext_lazy("audit", "Noted that a payout was carried out"),
    "payout.failed": pgettext_lazy("audit", "Noted that a payout came back"),
    "settlement.reviewed": pgettext_lazy("audit", "Reviewed a settlement run"),
    "settlement.released": pgettext_lazy("audit", "Released a settlement run"),
    "settlement.cancelled": pgettext_lazy("audit", "Cancelled a settlement run"),
    "review.shown": pgettext_lazy("audit", "Showed a review"),
    "review.hidden": pgettext_lazy("audit", "Hid a review"),
    "vendor.approved": pgettext_lazy("audit", "Approved a vendor"),
    "vendor.refused": pgettext_lazy("audit", "Refused a vendor"),
    "bundle.set": pgettext_lazy("audit", "Said what is in a bundle"),
    "bundle.dropped": pgettext_lazy("audit", "Made a bundle a plain variant again"),
    "job.started": pgettext_lazy("audit", "Began a job on many rows"),
    "job.undone": pgettext_lazy("audit", "Took a job back"),
    "job.retried": pgettext_lazy("audit", "Tried a job's failed rows again"),
    "transfer.sent": pgettext_lazy("audit", "Sent a transfer between warehouses"),
    "transfer.received": pgettext_lazy("audit", "Received a transfer between warehouses"),
}
DETAILS: dict[str, str | Promise] = {
    "role": _("Role"),
    "from": pgettext_lazy("audit", "From"),
    "to": pgettext_lazy("audit", "To"),
    "scopes": _("It may"),
    "reason": _("Reason"),
    "file": _("File"),
    "rows": _("Rows"),
    "count": pgettext_lazy("audit", "How many"),
    "code": _("Product code"),
    "skus": _("SKU"),
    "name": _("Name"),
    "tax_number": _("Tax number"),
    "by": pgettext_lazy("audit", "By"),
    "orders": _("Orders"),
    "before": pgettext_lazy("audit", "Before"),
    "fee_bps": _("Platform fee"),
    "event": _("Event"),
    "version": _("Version"),
    "valid_from": _("Valid from"),
    "account": pgettext_lazy("audit", "Account"),
    "amount": pgettext_lazy("audit", "Amount"),
    "audience": pgettext_lazy("audit", "For whom"),
    "cause": pgettext_lazy("audit", "Caused by"),
    "cost": pgettext_lazy("audit", "Cost"),
    "critical": pgettext_lazy("audit", "Critical"),
    "currency": pgettext_lazy("audit", "Currency"),
    "different": pgettext_lazy("audit", "Different"),
    "justified": pgettext_lazy("audit", "Goods were bad"),
    "kind": pgettext_lazy("audit", "Kind"),
    "level": pgettext_lazy("audit", "Level"),
    "lines": pgettext_lazy("audit", "Lines"),
    "lost": pgettext_lazy("audit", "Lost"),
    "lots": pgettext_lazy("audit", "Lots"),
    "major": pgettext_lazy("audit", "Major"),
    "minor": pgettext_lazy("audit", "Minor"),
    "must_read": pgettext_lazy("audit", "Must be read"),
    "order": pgettext_lazy("audit", "Order"),
    "paper": pgettext_lazy("audit", "Paper"),
    "parts": pgettext_lazy("audit", "Parts"),
    "payout_method": pgettext_lazy("audit", "Paid by"),
    "pieces": pgettext_lazy("audit", "Pieces"),
    "price": pgettext_lazy("audit", "Price"),
    "provider": pgettext_lazy("audit", "Provider"),
    "published": pgettext_lazy("audit", "Shown to buyers"),
    "reserve_bps": pgettext_lazy("audit", "Reserve"),
    "reserve_days": pgettext_lazy("audit", "Reserve kept for, days"),
    "share_bps": pgettext_lazy("audit", "We bear"),
    "shop": pgettext_lazy("audit", "Shop"),
    "shops": pgettext_lazy("audit", "Shops"),
    "sku": pgettext_lazy("audit", "SKU"),
    "statements": pgettext_lazy("audit", "Statements"),
    "total": pgettext_lazy("audit", "Sum"),
    "value_bps": pgettext_lazy("audit", "Discount"),
}
_MONEY = frozenset(["amount", "total", "price", "cost"])
_KEYS = frozenset(["lot", "product", "ids", "fields", "filter", "parent"])  # ids of rows: the subject says it in words
VALUES: dict[str, str | Promise] = {
    "photos": pgettext_lazy("service", "Photos"),
    "copy": pgettext_lazy("service", "Copywriting"),
    "install": pgettext_lazy("service", "Installation"),
    "delivery": pgettext_lazy("service", "Delivery"),
    "calls": pgettext_lazy("service", "Phone service"),
    "all": pgettext_lazy("audit", "Every shop"),
    "new": pgettext_lazy("audit", "New shops"),
    "chosen": pgettext_lazy("audit", "Chosen shops"),
    "bank": pgettext_lazy("audit", "Bank transfer"),
    "stripe": "Stripe",
    "carrier": pgettext_lazy("audit", "Carrier"),
    "supplier": pgettext_lazy("audit", "Supplier"),
    "reseller": pgettext_lazy("audit", "Shop"),
    "customer": pgettext_lazy("audit", "Customer"),
    "freight": _("Freight"),
    "duty": _("Duty"),
    "insurance": _("Insurance"),
    "other": _("Other cost"),
    "fee": _("Fee per order"),
    "difference": _("Billed otherwise"),
}


def words(action: str) -> str:
    """Say an action."""
    return str(ACTIONS.get(action, action))


def details(detail: dict[str, Any]) -> str:
    """Say the details of an entry in one line; what is empty, or a mere row's id, is passed over."""
    currency = str(detail.get("currency", ""))
    told = {name: value for name, value in detail.items() if name not in _KEYS and value not in ("", None, [], {})}
    if "." in str(told.get("kind", "")):  # a job's own code; what it did stands on its page
        del told["kind"]
    return " · ".join(f"{DETAILS.get(name, name)}: {_plain(name, value, currency)}" for name, value in told.items())


SUBJECTS = {
    "product": _("Product %(id)s"),
    "category": _("Category %(id)s"),
    "import": _("Import %(id)s"),
    "job": _("Job %(id)s"),
}


def subject(text: str) -> str:
    """Say what an entry is about: ``product:64`` is product 64; names and numbers of orders stay."""
    kind, _colon, key = text.partition(":")
    return str(SUBJECTS[kind]) % {"id": key} if key and kind in SUBJECTS else text or "–"


def _plain(name: str, value: Any, currency: str = "") -> str:
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_plain(key, each)}" for key, each in value.items())
    if name == "reason":  # what somebody typed stays as it is; what the platform gave itself is translated
        return gettext(str(value)) if value else ""
    if name in ("role", "from", "to"):
        return str(dict(Membership.Role.choices).get(value, value))
    if isinstance(value, int) and name in _MONEY:
        return figures.amount(value, currency or "USD", bare=not currency)
    if isinstance(value, int) and name.endswith("_bps"):
        return f"{value / 100:g} %"
    if name == "valid_from" and (at := parse_datetime(str(value))):
        return date_format(timezone.localtime(at), "DATE_FORMAT")
    return str(VALUES.get(value, value)) if name in ("kind", "audience", "cause", "payout_method") else str(value)
