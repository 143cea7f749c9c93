"""Announcements: whom they are for, who has read them, and what nobody can change afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from enablement.models import Announcement, AnnouncementRead
from enablement.selectors import notices
from enablement.services import notices as services
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from s2b2c.tenancy.models import Reseller
from tests import factories
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()


@pytest.fixture
def rose():
    return factories.reseller("rose")


@pytest.fixture
def tulip(rose):
    return factories.reseller("tulip")


def told(**more) -> Announcement:
    facts = {"title_en": "New labels", "text_en": "## From Monday\n\n- Old labels **end**", "title_zh": "新面单"}
    return services.publish(**{**facts, **more}, actor_id=None)


def office(shop, role: str = "owner") -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, role))
    return client


def test_each_shop_has_what_is_for_it(rose, tulip) -> None:
    Reseller.objects.filter(pk=tulip.pk).update(opened_at=clock.now() - timedelta(days=91))
    every, new, mine = told(), told(audience="new"), told(audience="chosen", slugs=["tulip"])
    old = Reseller.objects.get(pk=tulip.pk)
    assert {each.pk for each in notices.of_shop(Reseller.objects.get(pk=rose.pk))} == {every.pk, new.pk}
    assert {each.pk for each in notices.of_shop(old)} == {every.pk, mine.pk}
    assert {each.pk: (each.shops, each.have_read) for each in notices.listed()} == {
        every.pk: (2, 0), new.pk: (1, 0), mine.pk: (1, 0)
    }  # fmt: skip


def test_who_has_not_read_is_known_by_name(rose, tulip) -> None:
    made = told(must_read=True)
    reader = factories.member(rose, "owner")
    for _twice in range(2):
        services.read(reseller=rose, announcement_id=made.pk, reader_id=reader.pk)
    assert [(each.slug, each.read_at is None) for each in notices.concerned(made).order_by("slug")] == [
        ("rose", False), ("tulip", True)
    ]  # fmt: skip
    assert (notices.find(made.pk).left, notices.unread(rose), len(notices.unread(tulip))) == (1, [], 1)


def test_what_must_be_read_comes_first(rose) -> None:
    due = told(must_read=True, due_on=clock.now().date())
    told()
    told(must_read=True)
    assert notices.unread(rose)[0].pk == due.pk


def test_shop_of_another_can_not_read_it(rose, tulip) -> None:
    made = told(audience="chosen", slugs=["tulip"])
    with pytest.raises(NotFound):
        services.read(reseller=rose, announcement_id=made.pk, reader_id=None)
    assert office(rose).get(f"/rose/announcements/{made.pk}/").status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"title_en": "", "title_zh": ""}, {"text_en": " "}, {"audience": "chosen", "slugs": ["nobody"]},
              {"audience": "chosen"}, {"due_on": clock.now().date() + timedelta(days=1)},
              {"must_read": True, "due_on": clock.now().date() - timedelta(days=1)}]
)  # fmt: skip
def test_what_can_not_be_is_refused(wrong) -> None:
    with pytest.raises(Refused):
        told(**wrong)
    assert Announcement.objects.count() == 0


@pytest.mark.parametrize(
    "attack",
    ["UPDATE enablement_announcement SET text_en = 'Other'", "UPDATE enablement_announcement SET must_read = false",
     "DELETE FROM enablement_announcement", "DELETE FROM enablement_announcementread",
     "UPDATE enablement_announcementread SET read_at = now() - interval '1 year'"],
)  # fmt: skip
def test_what_was_read_stays(rose, attack: str) -> None:
    services.read(reseller=rose, announcement_id=told(must_read=True).pk, reader_id=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_reader_who_leaves_is_forgotten_and_the_reading_stays(rose) -> None:
    person = factories.member(rose, "owner")
    services.read(reseller=rose, announcement_id=told().pk, reader_id=person.pk)
    person.delete()
    assert AnnouncementRead.objects.get().reader_id is None


def test_supplier_writes_and_sees_who_has_not_read(rose, tulip) -> None:
    writer = supplier_office.client("support")
    form = {"title_en": "Strike", "text_en": "Parcels are late.", "audience": "all", "must_read": "on"}
    address = writer.post("/announcements/new/", form).headers["Location"]
    reader = office(rose)
    assert "Strike" in reader.get("/rose/").content.decode()
    path = f"/rose{address}"
    assert "I have read it" in reader.get(path).content.decode()
    assert reader.post(f"{path}read/").status_code == 302
    assert "Strike" not in reader.get("/rose/").content.decode()
    names = supplier_office.text(writer.get(f"{address}?only=unread"))
    assert ("Tulip" in names, "Rose" in names) == (True, False)


def test_withdrawn_one_is_gone_from_every_shop_and_its_readers_stay_known(rose) -> None:
    made, writer = told(), supplier_office.client("support")
    services.read(reseller=rose, announcement_id=made.pk, reader_id=None)
    writer.post(f"/announcements/{made.pk}/withdraw/")
    assert list(notices.of_shop(rose)) == []
    assert notices.find(made.pk).have_read == 1


def test_clerk_reads_and_the_owner_says_so(rose) -> None:
    made = told(must_read=True)
    clerk = office(rose, "clerk")
    assert clerk.get(f"/rose/announcements/{made.pk}/").status_code == 200
    assert clerk.post(f"/rose/announcements/{made.pk}/read/").status_code == 403


def test_home_takes_one_more_query_for_any_number(rose) -> None:
    client = office(rose)
    client.get("/rose/")
    _page, before = supplier_office.selects(lambda: client.get("/rose/"))
    for _each in range(6):
        told()
    _page, after = supplier_office.selects(lambda: client.get("/rose/"))
    assert before == after


def test_empty_and_in_chinese(rose) -> None:
    client, writer = office(rose), supplier_office.client("support")
    for _full in range(2):
        for person, path in (
            (client, "/rose/announcements/"),
            (writer, "/announcements/"),
            (writer, "/announcements/new/"),
        ):
            person.cookies["language"] = "zh-hans"
            assert "公告" in person.get(path).content.decode()
        told()
