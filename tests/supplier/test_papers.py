"""Statements and invoices name both parties and each rate of tax, as they were when the paper was issued."""

from __future__ import annotations

import pytest
from django.urls import reverse

from s2b2c.accounts.models import AuditEntry
from s2b2c.kernel.errors import Refused
from supplier.models import Invoice, PaperParty, SalesLine, SalesOrder, Settlement
from supplier.services.settlement import parties
from tests import factories
from tests.supplier import office, settling

pytestmark = pytest.mark.django_db

OURS = {
    "name": "Harbour & Loom Supply Inc.", "street": "48 Dock Street", "postcode": "02903", "city": "Providence",
    "region": "RI", "country": "us", "tax_number": "05-0000000",
}  # fmt: skip
THEIRS = {**OURS, "name": "Juniper Row LLC", "street": "212 Warren Street", "tax_number": "gb 123 4567 89"}


@pytest.fixture
def shop(settings):
    settings.PLATFORM_DOMAIN = "localhost"
    factories.company()
    settling.agreed(payout_method="bank", fee_tax_bps=2_000)
    made = factories.reseller("juniper-row", name="Juniper Row")
    settling.bank(made)
    return made


def test_papers_keep_who_stood_on_them(shop):
    actor = factories.staff("finance")
    parties.describe(reseller=None, actor=actor, **OURS)
    parties.describe(reseller=shop, actor=actor, **THEIRS)
    settling.sold(shop, 2)
    settling.released()
    row, invoice = Settlement.objects.get(), Invoice.objects.get()
    before = (row.document, row.digest, invoice.document, invoice.digest)
    parties.describe(reseller=shop, actor=actor, **{**THEIRS, "name": "Another Name"})
    row.refresh_from_db()
    invoice.refresh_from_db()
    assert (row.document, row.digest, invoice.document, invoice.digest) == before
    sides = invoice.document["parties"]
    assert (sides["supplier"]["tax_number"], sides["supplier"]["country"]) == ("05-0000000", "US")
    assert (sides["reseller"]["name"], sides["reseller"]["tax_number"]) == ("Juniper Row LLC", "GB 123 4567 89")
    page = office.client("finance").get(reverse("supply:invoice", args=[invoice.pk], urlconf="s2b2c.urls.supply"))
    for word in ("Juniper Row LLC", "212 Warren Street", "GB 123 4567 89", "48 Dock Street"):
        assert word in page.content.decode()


def test_fee_is_invoiced_by_the_rate_of_its_tax(shop):
    settling.sold(shop, 2)
    other = settling.sold(shop, 1)
    SalesOrder.objects.filter(pk=other.pk).update(agreed={"fee_tax_bps": 700})
    settling.released()
    document = Invoice.objects.get().document
    assert document["rates"] == [[700, 50, 10], [2_000, 100, 20]]
    assert (document["net"], document["tax"], document["gross"]) == (150, 30, 180)


def test_statement_says_what_customers_were_taxed_by_rate(shop):
    first, second = settling.sold(shop, 2), settling.sold(shop, 1)
    SalesLine.objects.filter(order=first).update(tax_bps=700)
    SalesLine.objects.filter(order=second).update(tax_bps=1_900)
    settling.released()
    row = Settlement.objects.get()
    sold = {rate: (net, tax) for kind, rate, net, tax in row.document["taxes"] if kind == "sale"}
    assert set(sold) == {700, 1_900}
    assert sum(tax for _, tax in sold.values()) == first.tax_minor + second.tax_minor
    shipping = first.shipping_minor + second.shipping_minor
    paid = first.captured_minor + second.captured_minor
    assert sum(net + tax for net, tax in sold.values()) == paid
    assert sum(net for net, _ in sold.values()) == paid - first.tax_minor - second.tax_minor >= shipping


def test_supplier_says_who_it_is_and_a_clerk_of_stock_may_not(shop):
    path = reverse("supply:company", urlconf="s2b2c.urls.supply")
    answer = office.client("finance").post(path, OURS | {"country": "US"})
    assert (answer.status_code, PaperParty.objects.get().name) == (302, OURS["name"])
    assert AuditEntry.objects.get(action="papers.party").detail["tax_number"] == "05-0000000"
    assert office.client("warehouse").get(path).status_code == 403


@pytest.mark.parametrize(("field", "value"), [("name", " "), ("street", ""), ("tax_number", "?"), ("tax_number", "1")])
def test_party_without_name_or_with_an_odd_tax_number_is_refused(shop, field, value):
    with pytest.raises(Refused) as refusal:
        parties.describe(reseller=shop, actor=factories.user(), **{**OURS, field: value})
    assert (refusal.value.field, PaperParty.objects.count()) == (field, 0)
