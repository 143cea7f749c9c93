"""Inviting, appointing and removing staff."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from s2b2c.accounts.models import AuditEntry, Invitation, Membership
from s2b2c.accounts.selectors import memberships
from s2b2c.accounts.services import staff
from s2b2c.kernel import clock
from s2b2c.kernel.errors import NotFound, Refused, StateRefused
from tests import factories


def test_invited_person_joins_once(admin):
    _invitation, token = staff.invite(actor=admin, email="Wei@Example.com ", role="warehouse")
    user = factories.user("wei@example.com")
    assert staff.accept(token=token, user=user).role == "warehouse"
    with pytest.raises(NotFound):
        staff.accept(token=token, user=user)


def test_only_the_invited_may_accept(admin):
    _invitation, token = staff.invite(actor=admin, email="wei@example.com", role="warehouse")
    with pytest.raises(StateRefused):
        staff.accept(token=token, user=factories.user("mallory@example.com"))
    assert Membership.objects.count() == 1


def test_old_invitation_is_no_longer_good(admin):
    invitation, token = staff.invite(actor=admin, email="wei@example.com", role="warehouse")
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=clock.now() - timedelta(seconds=1))
    with pytest.raises(NotFound):
        staff.accept(token=token, user=factories.user("wei@example.com"))


def test_inviting_again_replaces_the_first(admin):
    _first, old = staff.invite(actor=admin, email="wei@example.com", role="warehouse")
    _second, new = staff.invite(actor=admin, email="wei@example.com", role="finance")
    user = factories.user("wei@example.com")
    with pytest.raises(NotFound):
        staff.accept(token=old, user=user)
    assert staff.accept(token=new, user=user).role == "finance"


def test_token_is_kept_nowhere(admin):
    invitation, token = staff.invite(actor=admin, email="wei@example.com", role="warehouse")
    assert token not in str(Invitation.objects.filter(pk=invitation.pk).values().get())
    assert token not in str(list(AuditEntry.objects.values()))


def test_role_of_the_other_side_is_refused(admin, rose):
    with pytest.raises(Refused):
        staff.invite(actor=admin, email="wei@example.com", role="owner")
    with pytest.raises(Refused):
        staff.invite(actor=admin, email="wei@example.com", role="admin", reseller=rose)


def test_member_is_not_invited_again(rose, owner):
    with pytest.raises(StateRefused):
        staff.invite(actor=owner, email=owner.email, role="clerk", reseller=rose)


def test_last_owner_stays(rose, owner):
    mine = memberships.of(owner, rose)
    for refused in (
        lambda: staff.remove(actor=owner, membership_id=mine.pk, reseller=rose),
        lambda: staff.change_role(actor=owner, membership_id=mine.pk, role="clerk", reseller=rose),
    ):
        with pytest.raises(StateRefused):
            refused()
    assert memberships.of(owner, rose).role == "owner"


def test_owner_leaves_when_there_is_another(rose, owner):
    other = factories.member(rose, "owner")
    staff.remove(actor=other, membership_id=memberships.of(owner, rose).pk, reseller=rose)
    assert memberships.of(owner, rose) is None


def test_owner_of_one_shop_reaches_nobody_in_another(rose, owner):
    tulip = factories.reseller("tulip")
    theirs = memberships.of(factories.member(tulip, "clerk"), tulip)
    with pytest.raises(NotFound):
        staff.remove(actor=owner, membership_id=theirs.pk, reseller=rose)
    with pytest.raises(NotFound):
        staff.change_role(actor=owner, membership_id=theirs.pk, role="manager", reseller=rose)


def test_every_step_is_written_down(admin):
    _invitation, token = staff.invite(actor=admin, email="wei@example.com", role="warehouse")
    joined = staff.join(token=token, name="Wei", password=factories.PASSWORD)
    membership = memberships.of(joined, None)
    staff.change_role(actor=admin, membership_id=membership.pk, role="finance")
    staff.remove(actor=admin, membership_id=membership.pk)
    steps = AuditEntry.objects.order_by("pk").values_list("action", "actor__email", "subject")
    assert list(steps) == [
        ("staff.invited", admin.email, "wei@example.com"),
        ("staff.joined", "wei@example.com", "wei@example.com"),
        ("staff.role_changed", admin.email, "wei@example.com"),
        ("staff.removed", admin.email, "wei@example.com"),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_administrators_cannot_remove_each_other_at_once():
    users = [factories.staff("admin"), factories.staff("admin")]
    ids = [memberships.of(user, None).pk for user in users]
    start, refused = threading.Barrier(2), []

    def remove(actor, target):
        try:
            start.wait()
            staff.remove(actor=actor, membership_id=target)
        except (StateRefused, NotFound) as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=remove, args=(users[i], ids[1 - i])) for i in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Membership.objects.filter(role="admin").count(), len(refused)) == (1, 1)
