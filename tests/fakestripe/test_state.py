"""What the state file keeps, also when the process is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import stripe

from tests.fakestripe import FakeStripe
from tests.fakestripe.conftest import client_of, express, wanted

ROOT = Path(__file__).parents[2]


def test_payments_events_and_keys_survive_a_restart(tmp_path: Path) -> None:
    file, params = tmp_path / "deep" / "fakestripe.sqlite3", wanted()
    with FakeStripe.start(state=file) as fake:
        session = client_of(fake).v1.checkout.sessions.create(params, {"idempotency_key": "k"})
        fake.pay(session.id)
    with FakeStripe.start(state=file) as fake:
        again = client_of(fake).v1.checkout.sessions.create(params, {"idempotency_key": "k"})
        assert (again.id, client_of(fake).v1.checkout.sessions.retrieve(session.id).status) == (session.id, "complete")
        sent = fake.deliver(lambda body, signature: 200)
        assert (len(sent), sent[-1].type) == (4, "checkout.session.completed")


def test_second_fake_on_the_same_file_is_refused(tmp_path: Path) -> None:
    with FakeStripe.start(state=tmp_path / "s.sqlite3"), pytest.raises(Exception, match="locked"):
        FakeStripe.start(state=tmp_path / "s.sqlite3")


def _process(file: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "tests.fakestripe", "--port", "0", "--state", str(file), "--secret", "whsec_x"]
    command += more
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[3].rstrip(",")


def test_answered_payment_survives_kill_9(tmp_path: Path) -> None:
    process, url = _process(tmp_path / "s.sqlite3")
    client = stripe.StripeClient("sk_test_fake", base_addresses={"api": url})
    session = client.v1.checkout.sessions.create(wanted())
    requests.post(str(session.url), data={"outcome": "card"}, allow_redirects=False, timeout=5)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    with FakeStripe.start(state=tmp_path / "s.sqlite3") as fake:
        assert client_of(fake).v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_process_ends_at_sigterm(tmp_path: Path) -> None:
    process, _ = _process(tmp_path / "s.sqlite3")
    process.terminate()
    assert process.wait(timeout=10) == 0
    process.communicate()


def test_funds_are_there_from_the_beginning_and_once(tmp_path: Path) -> None:
    for _ in range(2):
        process, url = _process(tmp_path / "s.sqlite3", "--funds", "usd:5000,eur:700")
        held = stripe.StripeClient("sk_test_fake", base_addresses={"api": url}).v1.balance.retrieve()
        process.terminate()
        process.communicate()
        assert [(item.currency, item.amount) for item in held.available] == [("eur", 700), ("usd", 5000)]


def test_accounts_transfers_and_disputes_survive_a_restart(tmp_path: Path) -> None:
    with FakeStripe.start(state=tmp_path / "s.sqlite3") as fake:
        client = client_of(fake)
        account = express(client).id
        fake.onboard(account)
        fake.add_funds(1_000)
        made = client.v1.transfers.create({"currency": "usd", "amount": 400, "destination": account})
        fake.pay(client.v1.checkout.sessions.create(wanted()).id)
        dispute = fake.dispute(fake.all("charge")[-1]["id"])
    with FakeStripe.start(state=tmp_path / "s.sqlite3") as fake:
        client = client_of(fake)
        assert client.v1.balance.retrieve({}, {"stripe_account": account}).available[0].amount == 400
        client.v1.transfers.reversals.create(made.id)
        fake.decide(dispute, won=True)
        assert client.v1.disputes.retrieve(dispute).status == "won"
