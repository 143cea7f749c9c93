"""The service network: taken on, offered, replaced, handed in, paid by the ledger, scored; and what the database guards."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from enablement.models import ServiceOffer, ServiceProvider, ServiceStatement, ServiceTask
from enablement.selectors import audit_services, network
from enablement.services import dispatching, providers, service_mail, service_pay, service_tasks
from s2b2c import wiring
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound
from s2b2c.outbox import dispatcher
from s2b2c.outbox.models import OutboxEvent
from supplier.selectors import audit
from tests import factories
from tests.enablement import serving
from tests.enablement.buying import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def company(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return factories.company()


@pytest.fixture
def rose():
    made = factories.reseller("rose")
    serving.earn(made)
    return made


def clean() -> None:
    assert [*audit.books(), *audit_services.books()] == []


# --- From application to pay -----------------------------------------------------------------------------
def test_only_an_active_provider_is_offered_anything() -> None:
    applied = serving.provider(active=False)
    task = serving.offered(serving.task())
    assert (task.state, task.reason["code"]) == ("open", "nobody")
    for state in ("vetted", "active"):
        providers.move(provider_id=applied.pk, to=state, actor_id=None)
    assert serving.offered(task).provider == applied


def test_the_way_of_a_booking_moves_exactly_its_money(rose) -> None:
    studio = serving.provider()
    providers.set_bank(provider_id=studio.pk, **serving.BANK)
    task = serving.task(rose)
    assert (serving.balance("reseller_payable", rose), serving.balance("service_held")) == (38_000, 12_000)
    clean()
    serving.done(task)
    service_tasks.approve(number=task.number, actor_id=None)
    service_tasks.approve(number=task.number, actor_id=None)
    assert (serving.balance("reseller_payable", rose), serving.balance("service_held")) == (41_000, 0)
    assert serving.balance("service_payable") == 9_000
    clean()
    service_pay.make(currency="USD", actor_id=None)
    statement = ServiceStatement.objects.get()
    service_pay.paid(number=statement.number, actor_id=None)
    service_pay.paid(number=statement.number, actor_id=None)
    assert (serving.fresh(task).state, serving.balance("service_payable"), statement.total_minor) == ("paid", 0, 9_000)
    clean()


def test_a_cancelled_booking_gives_all_of_it_back(rose) -> None:
    serving.provider()
    task = serving.offered(serving.task(rose))
    service_tasks.cancel(number=task.number, actor_id=None)
    service_tasks.cancel(number=task.number, actor_id=None)
    assert (serving.balance("reseller_payable", rose), serving.balance("service_held")) == (50_000, 0)
    assert ServiceOffer.objects.get().state == "withdrawn"
    clean()


def test_a_shop_books_no_more_than_it_earned(rose) -> None:
    with refuses("balance"):
        serving.task(rose, budget_minor=50_001)
    assert ServiceTask.objects.count() == 0


def test_services_supplier_books_itself_are_its_own_cost() -> None:
    serving.provider()
    task = serving.done(serving.task())
    service_tasks.approve(number=task.number, actor_id=None)
    assert (serving.balance("service_cost"), serving.balance("service_payable")) == (9_000, 9_000)
    clean()


def test_a_provider_without_a_bank_waits_for_its_money() -> None:
    serving.provider()
    service_tasks.approve(number=serving.done(serving.task()).number, actor_id=None)
    with refuses("nothing"):
        service_pay.make(currency="USD", actor_id=None)


def test_the_bank_file_has_a_line_a_provider() -> None:
    studio = serving.provider()
    providers.set_bank(provider_id=studio.pk, **{**serving.BANK, "holder": "=Studio"})
    for _ in range(2):
        service_tasks.approve(number=serving.done(serving.task()).number, actor_id=None)
    lines = service_pay.as_csv(service_pay.make(currency="USD", actor_id=None)).splitlines()
    assert len(lines) == 2
    assert lines[1].split(",")[1:] == ["'=Studio", "DE89370400440532013000", "COBADEFF", "", "DE", "180.00", "USD"]


# --- Asked, and replaced ---------------------------------------------------------------------------------
def test_who_says_nothing_in_time_is_replaced_by_the_next() -> None:
    first, second = serving.provider("First", rates={"photos": 8_000}), serving.provider("Second")
    task = serving.offered(serving.task())
    assert task.provider == first
    with clock.set_to(clock.now() + timedelta(minutes=121)):
        with refuses("offer"):
            service_tasks.accept(number=task.number, provider_id=first.pk)
        assert serving.offered(task).provider == second
        assert dispatching.run() == 0
    states = list(ServiceOffer.objects.order_by("id").values_list("state", flat=True))
    assert states == ["expired", "open"]


def test_who_declines_or_gives_back_is_not_asked_again() -> None:
    first, second = serving.provider("First", rates={"photos": 8_000}), serving.provider("Second")
    task = serving.offered(serving.task())
    service_tasks.decline(number=task.number, provider_id=first.pk, note="Away")
    assert serving.offered(task).provider == second
    service_tasks.accept(number=task.number, provider_id=second.pk)
    service_tasks.hand_back(number=task.number, provider_id=second.pk, note="Ill")
    found = serving.offered(task)
    assert (found.state, found.provider, found.reason["code"]) == ("open", None, "all_refused")


def test_nobody_gets_more_in_a_day_than_fits() -> None:
    serving.provider(capacity=2)
    day = serving.today() + timedelta(days=1)
    made = [serving.task(day=day, latest=day) for _ in range(3)]
    dispatching.run()
    dispatching.run()
    found = [serving.fresh(task) for task in made]
    assert sorted(task.state for task in found) == ["offered", "offered", "open"]
    assert [task.reason["code"] for task in found if task.state == "open"] == ["full"]


def test_another_provider_cannot_answer_or_see_the_task() -> None:
    serving.provider("First", rates={"photos": 8_000})
    second = serving.provider("Second")
    task = serving.offered(serving.task())
    with refuses("offer"):
        service_tasks.accept(number=task.number, provider_id=second.pk)
    with pytest.raises(NotFound):
        network.task_of_provider(task.number, second.pk)


def test_person_may_choose_another_who_is_able() -> None:
    serving.provider("First", rates={"photos": 8_000})
    second = serving.provider("Second")
    far = serving.provider("Far", areas=["902"])
    task = serving.task()
    with refuses("not_able"):
        dispatching.give_to(number=task.number, provider_id=far.pk, actor_id=None)
    dispatching.give_to(number=task.number, provider_id=second.pk, actor_id=None)
    assert (serving.offered(task).provider, serving.fresh(task).reason) == (second, {"code": "by_hand"})


def test_offer_is_told_by_mail_with_a_link_that_opens() -> None:
    studio = serving.provider(language="zh-hans")
    serving.offered(serving.task())
    OutboxEvent.objects.update(next_at=clock.now() - timedelta(minutes=1))
    dispatcher.drain(wiring.HANDLERS)
    service_mail.send_offer(ServiceOffer.objects.get().pk)
    assert len(mail.outbox) == 2
    assert mail.outbox[0].to == [studio.email]
    assert "摄影" in mail.outbox[0].subject
    word = mail.outbox[0].body.split("/provider/in/")[1].split("/")[0]
    assert providers.opened(word) == studio
    providers.renew_link(provider_id=studio.pk, actor_id=None)
    with pytest.raises(NotFound):
        providers.opened(word)


# --- Proof -----------------------------------------------------------------------------------------------
def test_pictures_are_asked_for_where_pictures_were_booked() -> None:
    studio = serving.provider()
    task = serving.offered(serving.task())
    service_tasks.accept(number=task.number, provider_id=studio.pk)
    with refuses("photos"):
        service_tasks.hand_in(number=task.number, provider_id=studio.pk, proof="Done")


def test_what_is_sent_back_is_handed_in_again_and_counts() -> None:
    studio = serving.provider()
    task = serving.done(serving.task())
    service_tasks.send_back(number=task.number, answer="Brighter, please", actor_id=None)
    service_tasks.hand_in(number=task.number, provider_id=studio.pk, proof="Brighter")
    service_tasks.approve(number=task.number, actor_id=None)
    service_tasks.complain(number=task.number, complaint="One is missing", actor_id=None)
    parts = {part.code: (part.good, part.all) for part in network.scores([studio.pk])[studio.pk].parts}
    assert parts == {"accepted": (1, 1), "on_time": (1, 1), "approved": (0, 1), "content": (0, 1)}


def test_score_is_the_weighted_mean_of_its_parts() -> None:
    studio = serving.provider()
    assert network.scores([studio.pk])[studio.pk].value == 80
    service_tasks.decline(number=serving.offered(serving.task()).number, provider_id=studio.pk)
    score = network.scores([studio.pk])[studio.pk]
    assert [part.percent for part in score.parts] == [64, 80, 80, 80]
    assert score.value == (64 * 25 + 80 * 75) // 100


# --- What the database guards ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        {"state": "approved"},
        {"state": "paid"},
        {"budget_minor": 1},
        {"number": "TOTHER"},
        {"state": "offered", "provider": None},
    ],
)
def test_database_refuses_a_jump_of_an_open_task(change) -> None:
    task = serving.task()
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceTask.objects.filter(pk=task.pk).update(**change)


@pytest.mark.parametrize(
    "change", [{"price_minor": 8_000}, {"provider": None}, {"state": "open", "photos": [], "proof": ""}]
)
def test_database_keeps_what_was_handed_in(change) -> None:
    serving.provider()
    task = serving.done(serving.task())
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceTask.objects.filter(pk=task.pk).update(**change)


def test_database_keeps_answers_and_statements() -> None:
    studio = serving.provider()
    providers.set_bank(provider_id=studio.pk, **serving.BANK)
    task = serving.done(serving.task())
    service_tasks.approve(number=task.number, actor_id=None)
    service_pay.make(currency="USD", actor_id=None)
    for rows, change in (
        (ServiceOffer.objects.all(), {"state": "declined"}),
        (ServiceStatement.objects.all(), {"total_minor": 1}),
        (ServiceTask.objects.all(), {"statement": None}),
        (ServiceProvider.objects.all(), {"state": "applied"}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


def test_database_holds_a_statement_to_the_sum_of_its_tasks() -> None:
    studio = serving.provider()
    ServiceStatement.objects.create(
        number="V-1", batch="V-0", provider=studio, currency="USD", total_minor=5, bank={}, created_at=clock.now()
    )
    with connection.cursor() as cursor, pytest.raises(IntegrityError):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.django_db(transaction=True)
def test_two_rounds_at_once_offer_each_task_once() -> None:
    factories.company()
    serving.provider(capacity=3)
    day = serving.today() + timedelta(days=1)
    made = [serving.task(day=day, latest=day) for _ in range(5)]

    def round_() -> None:
        try:
            dispatching.run()
        finally:
            connection.close()

    threads = [threading.Thread(target=round_) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    assert ServiceOffer.objects.count() == 3
    assert sum(serving.fresh(task).state == "open" for task in made) == 2
