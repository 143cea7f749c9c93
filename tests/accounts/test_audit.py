"""The audit log: written once, never changed."""

import pytest
from django.db import IntegrityError, connection, transaction

from s2b2c.accounts.models import AuditEntry
from s2b2c.accounts.services import audit
from s2b2c.accounts.web import actions


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_auditentry SET subject = 'x'", "DELETE FROM accounts_auditentry"]
)
def test_entries_never_change(admin, statement):
    audit.record(actor=admin, action="stock.counted", subject="SKU-1", detail={"from": 1, "to": 2})
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(AuditEntry.objects.values_list("subject", "detail")) == [("SKU-1", {"from": 1, "to": 2})]


def test_log_is_searched_by_thing_and_kind(visit, admin, rose):
    audit.record(actor=admin, action="stock.counted", subject="SKU-1")
    audit.record(actor=admin, action="staff.removed", subject="wei@example.com", reseller=rose)
    client = visit("supply", admin)
    assert "wei@example.com" not in client.get("/settings/audit/?q=SKU-1").content.decode()
    page = client.get("/settings/audit/?kind=staff").content.decode()
    assert ("wei@example.com" in page, "SKU-1" in page) == (True, False)


def test_log_withstands_odd_addresses(visit, admin):
    client = visit("supply", admin)
    for query in ("q=%00", "kind=(", "after=zzz", "at_from=99999-1-1", "sort=password", "col=x", f"q={'x' * 5000}"):
        assert client.get(f"/settings/audit/?{query}").status_code in (200, 400)


def test_details_are_read_in_words():
    told = {"amount": 44_463, "currency": "USD", "reason": "", "lot": 3, "justified": True, "share_bps": 6_000}
    assert actions.details(told) == "Amount: $444.63 · Currency: USD · Goods were bad: Yes · We bear: 60 %"
    assert actions.details({"cost": 650, "cause": "carrier"}) == "Cost: 6.50 · Caused by: Carrier"
