"""The control page and its endpoints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.control_faults import SWITCHES
from tests.fakestripe.control_page import PAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def test_fault_is_added_as_json_and_cleared(fake: FakeStripe) -> None:
    url = f"{fake.url}/_control/faults"
    answer = requests.post(url, json={"kind": "duplicate", "times": 2, "only": "charge"}, timeout=5)
    assert [(fault["kind"], fault["times"], fault["only"]) for fault in answer.json()["faults"]] == [
        ("duplicate", 2, "charge")
    ]
    assert requests.delete(url, timeout=5).json() == {"faults": []}


def test_fault_is_added_by_the_form(fake: FakeStripe) -> None:
    form = {"kind": "delay", "seconds": "1.5", "only": ""}
    answer = requests.post(f"{fake.url}/_control/faults", data=form, timeout=5)
    assert (answer.status_code, answer.url) == (200, f"{fake.url}/_control")
    assert fake.faults.list()[0]["seconds"] == 1.5


@pytest.mark.parametrize("sent", [{"kind": "flood"}, {}, {"kind": "drop", "times": "many"}, []])
def test_senseless_fault_is_refused(fake: FakeStripe, sent: Any) -> None:
    answer = requests.post(f"{fake.url}/_control/faults", json=sent, timeout=5)
    assert (answer.status_code, fake.faults.list()) == (400, [])


def test_page_of_another_origin_cannot_control(fake: FakeStripe) -> None:
    headers = {"Origin": "http://evil.example"}
    answer = requests.post(f"{fake.url}/_control/faults", data={"kind": "drop"}, headers=headers, timeout=5)
    assert (answer.status_code, fake.faults.list()) == (403, [])


def press(fake: FakeStripe, act: str, **form: str) -> requests.Response:
    return requests.post(f"{fake.url}/_control/{act}", data=form, timeout=5)


@pytest.fixture
def busy(fake: FakeStripe, client: stripe.StripeClient, seller: str, open_session: Any) -> FakeStripe:
    """A fake with something on every page."""
    for method in ("card", "card", "alipay"):
        fake.pay(open_session(client_reference_id="7XK3M2QA").id, method)
    fake.pay(open_session().id, "alipay", later=True)
    fake.add_funds(100_000)
    made = client.v1.transfers.create(
        {"currency": "usd", "destination": seller, "amount": 5_000, "transfer_group": "run-7"}
    )
    client.v1.transfers.reversals.create(made.id, {"amount": 1_000})
    fake.pay_out(seller)
    fake.dispute(fake.all("charge")[0]["id"])
    fake.faults.add("refuse", only="/v1/transfers/*/reversals", times=0)
    return fake


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("", ["Available USD", "$920.00", "topup"]),
        ("/payments", ["7XK3M2QA", "$25.00", "processing", "disputed", "Dispute…"]),
        ("/accounts", ["lin@shop.example", "ready"]),
        ("/transfers", ["run-7", "$50.00", "$10.00 reversed"]),
        ("/payouts", ["$40.00", "pending", "account closed"]),
        ("/disputes", ["fraudulent", "needs response", "Merchant wins"]),
        ("/events", ["charge.dispute.created", "not sent yet"]),
        ("/faults", ["/v1/transfers/*/reversals", "until switched off"]),
    ],
)
def test_page_shows_what_there_is(busy: FakeStripe, page: str, words: list[str]) -> None:
    text = requests.get(f"{busy.url}/_control{page}", timeout=5).text
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize("page", PAGES)
def test_page_without_anything_says_so(fake: FakeStripe, page: str) -> None:
    answer = requests.get(f"{fake.url}/_control/{page}", timeout=5)
    assert (answer.status_code, 'class="empty"' in answer.text) == (200, True)


def test_long_page_is_cut(fake: FakeStripe) -> None:
    for _ in range(51):
        fake.world.emit("payout.paid", {"id": "po_1"})
    first = requests.get(f"{fake.url}/_control/events", timeout=5).text
    rest = requests.get(f"{fake.url}/_control/events?from=50", timeout=5).text
    assert (first.count("Send again"), rest.count("Send again")) == (50, 1)


def test_funds_are_added(fake: FakeStripe, client: stripe.StripeClient) -> None:
    assert press(fake, "funds", amount="1,234.50", currency="EUR").status_code == 200
    assert [(item.amount, item.currency) for item in client.v1.balance.retrieve().available] == [(123_450, "eur")]


@pytest.mark.parametrize("amount", ["", "much", "1.005", "-5"])
def test_senseless_funds_are_refused(fake: FakeStripe, amount: str) -> None:
    answer = press(fake, "funds", amount=amount)
    assert (answer.status_code, "is no amount" in answer.text) == (400, True)


def test_buttons_do_what_they_say(busy: FakeStripe, client: stripe.StripeClient, seller: str) -> None:
    [payout], [dispute] = busy.all("payout"), busy.all("dispute")
    late = busy.all("checkout.session")[-1]["id"]
    for act, form in [
        ("payment/succeed", {"id": late}),
        ("payout/arrive", {"id": payout["id"]}),
        ("payout/fail", {"id": payout["id"], "reason": "no_account"}),
        ("account/submit", {"id": seller}),
        ("payout", {"id": seller}),
        ("dispute/win", {"id": dispute["id"]}),
        ("dispute", {"id": busy.all("charge")[1]["id"], "reason": "duplicate"}),
        ("account/require", {"id": seller, "fields": "individual.id_number"}),
    ]:
        assert (act, press(busy, act, back="payouts", **form).url) == (act, f"{busy.url}/_control/payouts")
    assert client.v1.checkout.sessions.retrieve(late).payment_status == "paid"
    assert [(item["status"], item["failure_code"]) for item in busy.all("payout")] == [
        ("failed", "no_account"),
        ("pending", None),
    ]
    assert [(item["status"], item["reason"]) for item in busy.all("dispute")] == [
        ("won", "fraudulent"),
        ("needs_response", "duplicate"),
    ]
    [account] = busy.all("account")
    assert account["requirements"]["currently_due"] == ["individual.id_number"]
    press(busy, "account/reject", id=seller)
    assert busy.all("account")[0]["requirements"]["disabled_reason"] == "rejected.fraud"


def test_button_that_makes_no_sense_says_why(fake: FakeStripe, seller: str) -> None:
    answer = press(fake, "payout", id=seller)
    assert (answer.status_code, "Nothing is available" in answer.text) == (400, True)


def test_one_fault_is_switched_off(fake: FakeStripe) -> None:
    keep, drop = fake.faults.add("drop"), fake.faults.add("delay")
    press(fake, "faults/remove", id=str(drop.id))
    assert [fault["id"] for fault in fake.faults.list()] == [keep.id]


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: switch[0])
def test_switch_is_a_fault_that_stays(fake: FakeStripe, switch: tuple[str, dict[str, str]]) -> None:
    press(fake, "faults", times="0", **switch[1])
    assert [(fault["kind"], fault["times"]) for fault in fake.faults.list()] == [(switch[1]["kind"], 0)]


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_pages_fit_the_screen_without_scripts(browser: Browser, busy: FakeStripe, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=False)
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    for name in PAGES:
        page.goto(f"{busy.url}/_control/{name}")
        wide = page.locator("main").evaluate("e => e.ownerDocument.documentElement.scrollWidth")
        assert (name, wide) == (name, width)
    assert messages == []
    page.close()


def test_event_is_sent_again(fake: FakeStripe, paid: Any) -> None:
    fake.deliver(lambda body, signature: 200)
    event = fake.all("event")[-1]["id"]
    requests.post(f"{fake.url}/_control/resend", data={"event": event}, timeout=5)
    assert [one.event_id for one in fake.deliver(lambda body, signature: 200)] == [event]


def test_state_is_plain_data_without_notes(fake: FakeStripe, paid: Any) -> None:
    state = requests.get(f"{fake.url}/_control/state", timeout=5).json()
    session = next(item for item in state["objects"] if item["object"] == "checkout.session")
    assert [name for name in session if name.startswith("_")] == []
    assert len(state["undelivered"]) == 4


def test_unknown_control_is_404(fake: FakeStripe) -> None:
    assert requests.post(f"{fake.url}/_control/explode", timeout=5).status_code == 404
