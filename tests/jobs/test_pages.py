"""Jobs as people meet them: from a list, on a page of their own, at the desk; in both offices."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from s2b2c.jobs import runner, services
from s2b2c.jobs.models import Job
from s2b2c.jobs.registry import kinds
from supplier.models import Product
from tests import factories
from tests.supplier import catalogue_world as world
from tests.supplier import office

pytestmark = pytest.mark.django_db
WITHDRAW = {"action": "supply.products.withdrawn", "all": "1", "query": "status=active"}


@pytest.fixture(autouse=True)
def _quick(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    monkeypatch.setattr(services, "SMALL", 3)
    monkeypatch.setattr(services, "wake", lambda: None)


@pytest.fixture
def client() -> Client:
    return office.client("catalogue")


def products(many: int) -> None:
    for number in range(many):
        world.product(f"P{number}", skus=(f"P{number}-1",), on_sale=True)


def test_a_large_selection_leads_to_the_page_of_its_job(client: Client) -> None:
    products(5)
    answer = client.post("/jobs/start/", WITHDRAW)
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.token}/"
    page = office.text(client.get(f"/jobs/{job.token}/"))
    assert f'hx-get="/jobs/{job.token}/progress/"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    runner.run_due(kinds())
    assert Product.objects.filter(status="withdrawn").count() == 5
    assert client.get(f"/jobs/{job.token}/progress/").headers["HX-Refresh"] == "true"
    page = office.text(client.get(f"/jobs/{job.token}/"))
    assert "5 of 5 rows" in page
    assert "hx-trigger" not in page.partition('id="job"')[2].partition("</section>")[0]


def test_undo_of_a_small_one_comes_with_its_toast(client: Client) -> None:
    products(2)
    answer = client.post("/jobs/start/", {**WITHDRAW, "back": "/catalogue/?status=active"}, follow=True)
    assert answer.redirect_chain == [("/catalogue/?status=active", 302)]
    assert "2 products withdrawn" in office.text(answer)
    client.post(f"/jobs/{Job.objects.get().token}/undo/")
    assert Product.objects.filter(status="active").count() == 2


def test_rows_that_failed_are_listed_told_apart_and_in_the_csv(client: Client) -> None:
    products(1)
    world.product("EMPTY", skus=())
    answer = client.post("/jobs/start/", {"action": "supply.products.active", "all": "1", "query": ""}, follow=True)
    job = Job.objects.get()
    assert (job.same, job.failed) == (1, 1)
    assert f'href="/jobs/{job.token}/?state=refused&amp;state=broken"' in office.text(answer)
    found = client.get(f"/jobs/{job.token}/?state=refused&state=broken&csv=1")
    lines = b"".join(found.streaming_content).decode("utf-8-sig").splitlines()
    assert lines == ["Row,State,Why", "EMPTY,Refused,Add a variant before you put it on sale."]


def test_a_colleague_neither_sees_nor_touches_my_job(client: Client) -> None:
    products(5)
    client.post("/jobs/start/", WITHDRAW)
    token, other = Job.objects.get().token, office.client("catalogue")
    assert token not in office.text(other.get("/jobs/"))
    answers = [other.get(f"/jobs/{token}/"), other.get(f"/jobs/{token}/progress/")]
    answers += [other.post(f"/jobs/{token}/{step}/") for step in ("stop", "retry", "undo")]
    assert {answer.status_code for answer in answers} == {404}
    assert token in office.text(office.client("admin").get("/jobs/"))


def test_a_role_that_may_not_is_offered_nothing_and_refused(client: Client) -> None:
    products(1)
    reader = office.client("finance")
    assert "supply.products" not in office.text(reader.get("/catalogue/"))
    assert reader.post("/jobs/start/", WITHDRAW).status_code == 403
    assert client.post("/jobs/start/", {**WITHDRAW, "action": "office.products.hide"}).status_code == 404


def test_the_way_back_leads_nowhere_else(client: Client) -> None:
    products(1)
    answer = client.post("/jobs/start/", {**WITHDRAW, "back": "//evil.example/"})
    assert answer.headers["Location"] == "/catalogue/"


def test_the_desk_costs_the_same_for_one_and_for_many(client: Client) -> None:
    products(1)
    client.post("/jobs/start/", WITHDRAW)
    _answer, one = office.selects(lambda: client.get("/jobs/"))
    for action in ("active", "withdrawn") * 4:
        client.post("/jobs/start/", {"action": f"supply.products.{action}", "all": "1", "query": ""})
    _answer, many = office.selects(lambda: client.get("/jobs/"))
    assert (Job.objects.count(), many) == (9, one)


def test_a_job_of_another_shop_is_not_there() -> None:
    products(1)
    office.client("admin").post("/jobs/start/", WITHDRAW)
    rose = factories.reseller("rose")
    owner = Client(HTTP_HOST="office.localhost")
    owner.force_login(factories.member(rose, "owner"), "allauth.account.auth_backends.AuthenticationBackend")
    assert owner.get(f"/rose/jobs/{Job.objects.get().token}/").status_code == 404
    assert owner.get("/rose/jobs/").status_code == 200
