"""What a transfer is at the account it goes to: a payment, and with a reversal its refund."""

from __future__ import annotations

from tests.fakestripe.resources import payments
from tests.fakestripe.store import Record, new_id
from tests.fakestripe.world import World


def arrival(world: World, transfer: Record) -> Record:
    """Give the payment a transfer is at the account it goes to."""
    source = transfer | {"id": None, "receipt_email": None, "metadata": {}}
    return payments.make_charge(world, source, "stripe_account", None, failed=False) | {
        "payment_method": None,
        "receipt_url": None,
        "source_transfer": transfer["id"],
    }


def return_of(world: World, payment: Record, reversal: Record) -> Record:
    """Give the refund a reversal is at the account it takes from."""
    return {
        "id": new_id("pyr_"),
        "object": "refund",
        "amount": reversal["amount"],
        "balance_transaction": None,
        "charge": payment["id"],
        "created": world.now(),
        "currency": payment["currency"],
        "metadata": {},
        "payment_intent": None,
        "reason": None,
        "receipt_number": None,
        "source_transfer_reversal": reversal["id"],
        "status": "succeeded",
        "transfer_reversal": None,
    }
