"""The pages of the service network: of S, of a shop, and of providers, who come by a link."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.cache import cache
from django.test import Client

from enablement.models import ServiceProvider, ServiceStatement, ServiceTask
from enablement.services import providers, service_mail, service_tasks
from s2b2c.outbox.models import OutboxEvent
from tests import factories
from tests.enablement import serving
from tests.supplier import office

pytestmark = pytest.mark.django_db

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def world(settings, tmp_path):
    settings.SUPPLIER_MFA_REQUIRED = False
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    return factories.company()


@pytest.fixture
def rose():
    made = factories.reseller("rose")
    serving.earn(made)
    return made


def owner(shop, role: str = "owner") -> Client:
    made = Client(HTTP_HOST="office.localhost")
    made.force_login(factories.member(shop, role), BACKEND)
    return made


def inside(provider) -> Client:
    made = Client(HTTP_HOST=office.HOST)
    assert made.get(service_mail.address(provider).split("localhost", 1)[1].lstrip(":0123456789")).status_code == 302
    return made


def told(**more):
    return {
        "name": "Studio North", "email": "hello@studio-north.example", "country": "US", "base": "31008",
        "areas": "310, 3112", "currency": "USD", "capacity": "3", "language": "en", "hours": ["3", "4"],
        "price-photos": "90.00", **more,
    }  # fmt: skip


def booked(**more):
    day = serving.today().isoformat()
    return {
        "kind": "photos", "brief": "Five pictures.", "country": "US", "postcode": "31008", "day": day, "latest": day,
        "part": "", "budget": "120.00", **more,
    }  # fmt: skip


# --- Applying ----------------------------------------------------------------------------------------------
def test_anyone_may_apply_and_nobody_is_let_in_by_that() -> None:
    guest = Client(HTTP_HOST=office.HOST)
    assert guest.get("/provider/apply/").status_code == 200
    assert guest.post("/provider/apply/", told()).status_code == 302
    made = ServiceProvider.objects.get()
    assert (made.state, made.areas, made.hours) == ("applied", ["310", "3112"], [3, 4])
    assert [(rate.kind, rate.price_minor) for rate in made.rates.all()] == [("photos", 9_000)]


@pytest.mark.parametrize(
    "change", [{"price-photos": ""}, {"price-photos": "much"}, {"areas": ""}, {"hours": []}, {"email": "x"}]
)
def test_what_is_missing_in_an_application_stands_on_the_form(change) -> None:
    answer = Client(HTTP_HOST=office.HOST).post("/provider/apply/", told(**change))
    assert (answer.status_code, ServiceProvider.objects.count()) == (422, 0)
    assert "Studio North" in office.text(answer)


def test_applications_are_limited_an_hour() -> None:
    guest = Client(HTTP_HOST=office.HOST)
    answers = [guest.post("/provider/apply/", told(email=f"{n}@example.com")).status_code for n in range(12)]
    assert answers.count(302) == 10


def test_link_is_sent_to_who_is_known_and_nobody_learns_who_is() -> None:
    studio = serving.provider()
    guest = Client(HTTP_HOST=office.HOST)
    known = guest.post("/provider/in/", {"email": studio.email.upper()})
    unknown = guest.post("/provider/in/", {"email": "nobody@example.com"})
    assert office.text(known).count("on its way") == office.text(unknown).count("on its way") == 1
    assert OutboxEvent.objects.filter(topic="ProviderLinkAsked").count() == 1


def test_a_link_of_another_or_an_old_one_opens_nothing() -> None:
    studio = serving.provider()
    guest = Client(HTTP_HOST=office.HOST)
    word = providers.link(studio)
    assert guest.get(f"/provider/in/{word.replace('1', '2', 1)}/").status_code == 404
    mine = inside(studio)
    providers.renew_link(provider_id=studio.pk, actor_id=None)
    assert guest.get(f"/provider/in/{word}/").status_code == 404
    assert mine.get("/provider/")["Location"] == "/provider/in/"


# --- A provider's phone --------------------------------------------------------------------------------------
def test_provider_accepts_hands_in_and_is_told_what_waits(rose) -> None:
    studio = serving.provider()
    task = serving.offered(serving.task(rose, address="14 Elm Street"))
    phone = inside(studio)
    assert task.number in office.text(phone.get("/provider/"))
    before = office.text(phone.get(f"/provider/tasks/{task.number}/"))
    assert "14 Elm Street" not in before
    assert phone.post(f"/provider/tasks/{task.number}/accept/").status_code == 302
    assert "14 Elm Street" in office.text(phone.get(f"/provider/tasks/{task.number}/"))
    phone.post(f"/provider/tasks/{task.number}/hand-in/", {"proof": "Done", "photos": [serving.photo()]})
    found = serving.fresh(task)
    assert (found.state, len(found.photos)) == ("done", 1)
    assert "Waits for approval" in office.text(phone.get("/provider/"))


def test_a_file_that_is_no_picture_is_refused_and_nothing_is_handed_in() -> None:
    studio = serving.provider()
    task = serving.offered(serving.task())
    service_tasks.accept(number=task.number, provider_id=studio.pk)
    file = BytesIO(b"<svg onload=alert(1)>")
    file.name = "x.jpg"
    answer = inside(studio).post(f"/provider/tasks/{task.number}/hand-in/", {"proof": "x", "photos": file})
    assert (answer.status_code, serving.fresh(task).state) == (422, "accepted")


def test_provider_sees_nothing_of_another(rose) -> None:
    serving.provider("First", rates={"photos": 8_000})
    other = serving.provider("Second")
    task = serving.offered(serving.task(rose))
    phone = inside(other)
    assert phone.get(f"/provider/tasks/{task.number}/").status_code == 404
    assert phone.post(f"/provider/tasks/{task.number}/accept/").status_code == 302
    assert (serving.fresh(task).state, task.number in office.text(phone.get("/provider/"))) == ("offered", False)
    assert phone.get(f"/network/tasks/{task.number}/").status_code == 302


def test_provider_declines_in_time_or_learns_that_it_is_too_late() -> None:
    studio = serving.provider()
    task = serving.offered(serving.task())
    phone = inside(studio)
    assert phone.post(f"/provider/tasks/{task.number}/decline/", {"note": "Away"})["Location"] == "/provider/"
    assert phone.post(f"/provider/tasks/{task.number}/accept/")["Location"] == "/provider/"
    assert serving.fresh(task).state == "open"


def test_bank_is_checked_and_never_shown_whole() -> None:
    studio = serving.provider()
    phone = inside(studio)
    assert phone.post("/provider/bank/", {**serving.BANK, "account": "DE00370400440532013000"}).status_code == 422
    assert phone.post("/provider/bank/", serving.BANK).status_code == 302
    page = office.text(phone.get("/provider/bank/"))
    assert ("•••• 3000" in page, "DE8937" in page) == (True, False)


def test_provider_changes_prices_and_hours() -> None:
    studio = serving.provider()
    assert inside(studio).get("/provider/me/").status_code == 200
    inside(studio).post("/provider/me/", told(**{"price-copy": "40"}))
    studio.refresh_from_db()
    assert (studio.name, {rate.kind for rate in studio.rates.all()}) == ("Studio North", {"photos", "copy"})


# --- The supplier's office -----------------------------------------------------------------------------------
def test_applied_provider_is_checked_and_let_in() -> None:
    studio = serving.provider(active=False)
    person = office.client("quality")
    for state in ("vetted", "active"):
        person.post(f"/network/providers/{studio.pk}/move/", {"to": state})
    studio.refresh_from_db()
    assert (studio.state, studio.vetted_by is not None) == ("active", True)
    answer = person.post(f"/network/providers/{studio.pk}/move/", {"to": "suspended", "reason": ""})
    assert (answer.status_code, "Say why" in office.text(answer)) == (422, True)
    assert (
        office.client("warehouse").post(f"/network/providers/{studio.pk}/move/", {"to": "suspended"}).status_code
        == 403
    )


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_board_shows_each_task_with_its_reason(language) -> None:
    serving.provider("First", rates={"photos": 8_000})
    serving.provider("Second")
    task = serving.offered(serving.task())
    serving.offered(serving.task(postcode="99999"))
    person = office.client("support")
    page = office.text(person.get("/network/", headers={"accept-language": language}))
    words = {"en": ("Cheapest of 2 that serve 310…", "Nobody serves 999… yet."), "zh-hans": ("2 家", "999…")}[language]
    assert [word in page for word in (task.number, "First", *words)] == [True] * 4
    for view in ("standing=today", "standing=late", "state=open", "kind=photos"):
        assert person.get(f"/network/?{view}").status_code == 200


def test_supplier_books_approves_and_pays() -> None:
    studio = serving.provider()
    providers.set_bank(provider_id=studio.pk, **serving.BANK)
    person = office.confirmed(office.client())
    assert person.get("/network/new/").status_code == 200
    assert person.post("/network/new/", booked()).status_code == 302
    task = ServiceTask.objects.get()
    serving.done(task)
    assert "Is it right?" in office.text(person.get(f"/network/tasks/{task.number}/"))
    person.post(f"/network/tasks/{task.number}/approve/")
    assert "Studio" in office.text(person.get("/network/pay/"))
    person.post("/network/pay/new/", {"currency": "USD"})
    statement = ServiceStatement.objects.get()
    assert statement.number in person.get(f"/network/pay/files/{statement.batch}/").content.decode()
    person.post(f"/network/pay/{statement.number}/paid/")
    assert serving.fresh(task).state == "paid"
    assert person.get("/network/pay/").status_code == 200


def test_what_a_shop_booked_is_not_the_suppliers_to_approve(rose) -> None:
    serving.provider()
    task = serving.done(serving.task(rose))
    answer = office.client("support").post(f"/network/tasks/{task.number}/approve/")
    assert (answer.status_code, serving.fresh(task).state) == (422, "done")


def test_task_is_given_by_hand_from_its_page() -> None:
    task = serving.offered(serving.task())
    studio = serving.provider()
    person = office.client("warehouse")
    assert f'value="{studio.pk}"' in office.text(person.get(f"/network/tasks/{task.number}/"))
    person.post(f"/network/tasks/{task.number}/give/", {"provider": studio.pk})
    assert "Chosen by hand." in office.text(person.get(f"/network/tasks/{task.number}/"))


def test_page_of_a_provider_says_how_its_score_comes_about() -> None:
    studio = serving.provider()
    page = office.text(office.client("quality").get(f"/network/providers/{studio.pk}/"))
    assert "0 of 0, counts 35 %" in page
    assert office.text(office.client("finance").get("/network/providers/")).count("Studio") > 0


# --- A shop's office -----------------------------------------------------------------------------------------
def test_shop_books_photos_and_approves_what_came(rose) -> None:
    serving.provider()
    product = factories.product("Alder Mug")
    person = owner(rose)
    assert "$500.00" in office.text(person.get("/rose/services/"))
    assert person.get(f"/rose/services/new/?product={product.code}").status_code == 200
    assert person.post("/rose/services/new/", booked(sku=product.code)).status_code == 302
    task = ServiceTask.objects.get()
    assert (task.reseller, task.product) == (rose, product)
    serving.done(task)
    page = office.text(person.get(f"/rose/services/{task.number}/"))
    assert (task.photos or serving.fresh(task).photos)[0] in page
    person.post(f"/rose/services/{task.number}/approve/")
    assert serving.fresh(task).state == "approved"


def test_shop_is_told_when_it_has_not_earned_enough(rose) -> None:
    answer = owner(rose).post("/rose/services/new/", booked(budget="900.00"))
    assert answer.status_code == 422
    assert "$500.00 of what you earned is free" in office.text(answer)


def test_task_of_another_shop_is_not_there(rose) -> None:
    task = serving.task(rose)
    person = owner(factories.reseller("tulip"))
    assert person.get(f"/tulip/services/{task.number}/").status_code == 404
    assert person.post(f"/tulip/services/{task.number}/cancel/").status_code == 404
    assert serving.fresh(task).state == "open"


def test_clerk_looks_and_books_nothing(rose) -> None:
    person = owner(rose, "clerk")
    assert person.get("/rose/services/").status_code == 200
    assert person.post("/rose/services/new/", booked()).status_code == 403
