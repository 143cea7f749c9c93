"""What the fake answers has the shape of Stripe's published examples and of the library's classes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
import stripe
from stripe.checkout import Session

from tests.fakestripe import FakeStripe

EXAMPLES = Path(__file__).parents[2].parent / "shared/data/stripe/fixtures3.json"
CLASSES: dict[str, Any] = {
    "checkout.session": Session,
    "payment_intent": stripe.PaymentIntent,
    "charge": stripe.Charge,
    "refund": stripe.Refund,
    "balance_transaction": stripe.BalanceTransaction,
    "event": stripe.Event,
    "account": stripe.Account,
    "account_link": stripe.AccountLink,
    "bank_account": stripe.BankAccount,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
    "payout": stripe.Payout,
    "balance": stripe.Balance,
    "dispute": stripe.Dispute,
    "item": stripe.LineItem,
}
# Shown by the examples only when expanded, or of an older version of the API.
NOT_SHOWN = {"charge": {"refunds"}, "checkout.session": {"currency_conversion"}}


@pytest.fixture
def answers(fake: FakeStripe, client: stripe.StripeClient, paid: Any, seller: str) -> dict[str, dict[str, Any]]:
    """One object of each type as the API shows them, after all that can happen to a payment."""
    charge = fake.all("charge")[0]["id"]
    client.v1.refunds.create({"payment_intent": paid.payment_intent, "amount": 100})
    link = {"account": seller, "return_url": "http://a.example", "refresh_url": "http://a.example"}
    links = client.v1.account_links.create({**link, "type": "account_onboarding"}).to_dict()  # type: ignore[typeddict-item]
    made = client.v1.transfers.create({"currency": "usd", "destination": seller, "source_transaction": charge})
    client.v1.transfers.reversals.create(made.id, {"amount": 100})
    fake.add_funds(500)
    fake.pay_out()
    fake.decide(fake.dispute(charge), won=True)
    asked = {"item": f"checkout/sessions/{paid.id}/line_items", "balance": "balance"}
    asked["bank_account"] = f"accounts/{seller}"
    got = {
        kind: requests.get(f"{fake.url}/v1/{path}", auth=(fake.api_key, ""), timeout=5).json()
        for kind, path in asked.items()
    }
    got |= {"item": got["item"]["data"][0], "bank_account": got["bank_account"]["external_accounts"]["data"][0]}
    return (
        {kind: fake.all(kind)[0] for kind in CLASSES if kind not in {*got, "account_link"}}
        | got
        | {"account_link": links}
    )


@pytest.mark.parametrize("kind", CLASSES)
def test_answer_has_only_fields_the_library_knows(answers: dict[str, dict[str, Any]], kind: str) -> None:
    known = {name for base in CLASSES[kind].__mro__ for name in vars(base).get("__annotations__", {})}
    assert sorted(set(answers[kind]) - known) == []


@pytest.mark.parametrize("kind", CLASSES)
def test_answer_has_the_fields_of_the_published_example(answers: dict[str, dict[str, Any]], kind: str) -> None:
    example = _examples()[kind]
    assert sorted(set(example) - set(answers[kind]) - NOT_SHOWN.get(kind, set())) == []


@pytest.mark.parametrize("kind", CLASSES)
def test_answer_has_the_types_of_the_published_example(answers: dict[str, dict[str, Any]], kind: str) -> None:
    if kind == "event":
        pytest.skip("the example carries a plan")
    assert _differences(answers[kind], _examples()[kind], kind) == []


def _examples() -> dict[str, Any]:
    if not EXAMPLES.is_file():
        pytest.skip("Stripe's published examples (shared/data/stripe/fixtures3.json) are not here")
    return json.loads(EXAMPLES.read_text())["resources"]


def _differences(ours: Any, theirs: Any, path: str) -> list[str]:
    """Name each place where both have a value and the values are of different kinds."""
    if ours is None or theirs is None:
        return []
    if isinstance(ours, dict) and isinstance(theirs, dict):
        both = [name for name in ours if name in theirs]
        return [line for name in both for line in _differences(ours[name], theirs[name], f"{path}.{name}")]
    if isinstance(ours, dict) and isinstance(theirs, str) and "id" in ours:  # expanded here, an id there
        return []
    return [] if type(ours) is type(theirs) else [f"{path}: {type(ours).__name__}, not {type(theirs).__name__}"]


def test_library_reads_the_answers(client: stripe.StripeClient, paid: Any) -> None:
    """The objects come out as the library's classes, nested ones too."""
    session = client.v1.checkout.sessions.retrieve(paid.id, {"expand": ["payment_intent.latest_charge"]})
    assert (type(session), type(session.payment_intent)) == (Session, stripe.PaymentIntent)
    assert type(session.payment_intent.latest_charge) is stripe.Charge  # type: ignore[union-attr]
