"""The academy: lessons, questions, who passes, and what a partner shop may do before the others."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import translation

from enablement.models import Course, CoursePassed, ResellerTier
from enablement.selectors import academy, kits
from enablement.services import academy as services
from enablement.services import kits as compose
from reseller.services import kits as taking
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused
from tests import factories
from tests.supplier import office as supplier_office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(settings) -> None:
    settings.SUPPLIER_MFA_REQUIRED = False
    factories.company()
    factories.terms(300)


@pytest.fixture
def rose():
    return factories.reseller("rose")


def course(*, published: bool = True, **facts) -> Course:
    made = services.put_course(facts={"title_en": "First orders", "title_zh": "第一批订单", **facts}, actor_id=None)
    for n in range(2):
        services.put_lesson(
            course_id=made.pk, facts={"title_en": f"Lesson {n}", "text_en": "Read **this**.", "minutes": 2}
        )
        services.put_question(
            course_id=made.pk,
            facts={"text_en": f"Question {n}?", "why_en": "Because."},
            answers=[{"en": "No"}, {"en": "Yes"}],
            right=1,
        )
    return services.publish(course_id=made.pk, actor_id=None) if published else made


def read_all(shop, made: Course) -> None:
    for each in academy.lessons(made):
        services.finish(reseller=shop, lesson_id=each.pk)


def right(made: Course) -> dict[int, int]:
    return {each.pk: each.right for each in academy.questions(made)}


def office(shop, role: str = "owner") -> Client:
    client = Client(HTTP_HOST="office.localhost")
    client.force_login(factories.member(shop, role))
    return client


def test_course_is_passed_with_every_answer_right_and_all_lessons_read(rose) -> None:
    made = course(unlocks=True)
    with pytest.raises(Refused):
        services.answer(reseller=rose, course_id=made.pk, given=right(made), learner_id=None)
    read_all(rose, made)
    first, *others = right(made)
    passed, wrong = services.answer(reseller=rose, course_id=made.pk, given={first: 0, others[0]: 1}, learner_id=None)
    assert (passed, wrong, academy.tier_of(rose.pk)) == (None, [first], None)
    for _twice in range(2):
        passed, wrong = services.answer(reseller=rose, course_id=made.pk, given=right(made), learner_id=None)
    tier = academy.tier_of(rose.pk)
    assert (passed is not None, wrong, tier and tier.tier, CoursePassed.objects.count()) == (True, [], "partner", 1)


def test_course_that_does_not_unlock_changes_no_standing(rose) -> None:
    made = course()
    read_all(rose, made)
    services.answer(reseller=rose, course_id=made.pk, given=right(made), learner_id=None)
    assert (CoursePassed.objects.count(), ResellerTier.objects.count()) == (1, 0)


def test_partner_shop_takes_a_kit_on_before_the_others(rose) -> None:
    tulip, made = factories.reseller("tulip"), course(unlocks=True)
    words = {"title_en": "Early", "lead_en": "Soon.", "story_en": "Story.", "early_days": 3}
    kit = compose.draft(facts=words, actor_id=None)
    compose.put(kit_id=kit.pk, product_id=factories.product("Thing", stock=3).pk)
    compose.publish(kit_id=kit.pk, actor_id=None)
    read_all(rose, made)
    services.answer(reseller=rose, course_id=made.pk, given=right(made), learner_id=None)
    assert ([each.pk for each in kits.offered(rose)], kits.offered(tulip)) == ([kit.pk], [])
    with factories.inside(tulip), pytest.raises(NotFound):
        taking.adopt(kit_id=kit.pk)
    with factories.inside(rose):
        taking.adopt(kit_id=kit.pk)
    with clock.set_to(clock.now() + timedelta(days=3, minutes=1)):
        assert [each.pk for each in kits.offered(tulip)] == [kit.pk]


@pytest.mark.parametrize(
    "attack",
    ["DELETE FROM enablement_coursepassed", "UPDATE enablement_coursepassed SET passed_at = now() - interval '1 year'",
     "DELETE FROM enablement_resellertier", "UPDATE enablement_resellertier SET since = now() - interval '1 year'",
     "INSERT INTO enablement_resellertier (reseller_id, tier, by_course_id, since) SELECT r.id, 'partner', t.by_course_id, now()"
     " FROM enablement_resellertier t, tenancy_reseller r WHERE r.slug = 'tulip'"],
)  # fmt: skip
def test_standing_is_earned_and_stays(rose, attack: str) -> None:
    factories.reseller("tulip")
    made = course(unlocks=True)
    read_all(rose, made)
    services.answer(reseller=rose, course_id=made.pk, given=right(made), learner_id=None)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_course_without_lesson_or_question_is_not_published(rose) -> None:
    made = services.put_course(facts={"title_en": "Empty"}, actor_id=None)
    with pytest.raises(Refused):
        services.publish(course_id=made.pk, actor_id=None)
    assert academy.of_shop(rose) == []
    with pytest.raises(NotFound):
        academy.open_course(course(published=False).pk)


@pytest.mark.parametrize(("answers", "chosen"), [([{"en": "One"}], 0), ([{"en": "One"}, {"en": "Two"}], 2)])
def test_question_that_can_not_be_answered_is_refused(answers, chosen) -> None:
    made = course(published=False)
    with pytest.raises(Refused):
        services.put_question(course_id=made.pk, facts={"text_en": "?"}, answers=answers, right=chosen)


def test_open_step_of_the_checklist_leads_to_its_course(rose) -> None:
    made, client = course(step="story"), office(rose)
    assert f"/rose/learn/{made.pk}/" in client.get("/rose/").content.decode()
    read_all(rose, made)
    services.answer(reseller=rose, course_id=made.pk, given=right(made), learner_id=None)
    assert f"/rose/learn/{made.pk}/" not in client.get("/rose/").content.decode()


def test_clerk_reads_answers_and_passes_by_the_pages(rose) -> None:
    made, client = course(unlocks=True), office(rose, "clerk")
    first, second = academy.lessons(made)
    assert f"lessons/{second.pk}/" in client.post(f"/rose/learn/lessons/{first.pk}/done/").headers["Location"]
    address = client.post(f"/rose/learn/lessons/{second.pk}/done/").headers["Location"]
    wrong = client.post(address, {f"q{key}": 0 for key in right(made)})
    assert (wrong.status_code, wrong.content.decode().count("Because.")) == (422, 2)
    assert client.post(address, {f"q{key}": value for key, value in right(made).items()}).status_code == 302
    assert "You are a partner shop" in client.get("/rose/learn/").content.decode()


def test_supplier_writes_a_course_by_its_pages(rose) -> None:
    client = supplier_office.client("support")
    address = client.post("/academy/new/", {"title_en": "Prices", "step": "products"}).headers["Location"]
    client.post(
        f"{address}lessons/new/", {"title_en": "The band", "text_en": "Between floor and ceiling.", "minutes": "3"}
    )
    form = {"text_en": "What is the floor?", "answer_1_en": "A price", "answer_2_en": "A carpet", "right": "0"}
    client.post(f"{address}questions/new/", form)
    assert client.post(f"{address}questions/new/", {**form, "answer_2_en": ""}).status_code == 422
    client.post(f"{address}publish/")
    (mine,) = academy.of_shop(rose)
    assert (mine.course.title_en, mine.lessons, mine.minutes) == ("Prices", 1, 3)
    client.post(f"{address}remove/", {"lesson": academy.lessons(mine.course)[0].pk})
    assert academy.of_shop(rose)[0].lessons == 0


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_answer_in_both_languages(rose, language: str) -> None:
    client, teacher = office(rose), supplier_office.client("support")
    for person in (client, teacher):
        person.cookies["language"] = language
    with translation.override("en"):
        assert {teacher.get("/academy/").status_code, client.get("/rose/learn/").status_code} == {200}
        made = course(unlocks=True)
        lesson, question = academy.lessons(made)[0], academy.questions(made)[0]
        mine = [f"learn/{made.pk}/", f"learn/{made.pk}/questions/", f"learn/lessons/{lesson.pk}/", "learn/"]
        theirs = ["", "new/", f"{made.pk}/", f"{made.pk}/lessons/{lesson.pk}/", f"{made.pk}/questions/{question.pk}/",
                  f"{made.pk}/lessons/new/"]  # fmt: skip
        answers = [client.get(f"/rose/{path}") for path in mine] + [teacher.get(f"/academy/{path}") for path in theirs]
    assert {each.status_code for each in answers} == {200}
