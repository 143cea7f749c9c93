"""Staff come, change roles and go. ``reseller`` None is S itself; every step is in the audit log."""

from __future__ import annotations

from datetime import timedelta
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts.models import Invitation, Membership, User
from s2b2c.accounts.selectors import invitations
from s2b2c.accounts.services import audit
from s2b2c.kernel import clock, ids
from s2b2c.kernel.errors import NotFound, Refused, StateRefused, Unavailable
from s2b2c.tenancy.models import Reseller

OPEN_FOR = timedelta(days=7)


def enrol(*, email: str, password: str | None, name: str = "", language: str = "en") -> User:
    """Make a user whose address is known to be theirs (by invitation, by whoever installs the platform).

    :raises Refused: there is a user with this address.
    """
    email = email.strip().lower()
    with transaction.atomic():
        if User.objects.filter(email=email).exists():
            raise Refused("email_taken", _("There is an account with this address already."), field="email")
        user = User.objects.create_user(email, password, name=name, language=language)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    return user


def appoint(*, user: User, role: str, reseller: Reseller | None = None, actor: User | None = None) -> Membership:
    """Give a user a role without an invitation: the owner of a new shop, the first administrator of S.

    :raises Refused: the role is of the other side. :raises StateRefused: they work there already.
    """
    _check_role(role, reseller)
    with transaction.atomic():
        membership, is_new = Membership.objects.get_or_create(user=user, reseller=reseller, defaults={"role": role})
        if not is_new:
            raise StateRefused("member", _("This person works here already."))
        _note(actor or user, "staff.joined", user.email, {"role": role}, reseller)
    return membership


def invite(*, actor: User, email: str, role: str, reseller: Reseller | None = None) -> tuple[Invitation, str]:
    """Open an invitation and give it with its token, which is kept nowhere else; an earlier one is replaced.

    :raises Refused: the role is of the other side. :raises StateRefused: they work there already.
    """
    _check_role(role, reseller)
    email, token = email.strip().lower(), ids.token()
    with transaction.atomic():
        if Membership.objects.filter(user__email=email, reseller=reseller).exists():
            raise StateRefused("member", _("This person works here already."), field="email")
        invitation, _is_new = Invitation.objects.update_or_create(
            email=email,
            reseller=reseller,
            accepted_at=None,
            defaults={
                "role": role,
                "token_hash": invitations.fingerprint(token),
                "invited_by": actor,
                "expires_at": clock.now() + OPEN_FOR,
            },
        )
        _note(actor, "staff.invited", email, {"role": role}, reseller)
    return invitation, token


def withdraw(*, actor: User, invitation_id: int, reseller: Reseller | None = None) -> None:
    """Take an open invitation back.

    :raises NotFound: there is none, or it is used already.
    """
    with transaction.atomic():
        open_ones = Invitation.objects.select_for_update().filter(accepted_at=None, reseller=reseller)
        invitation = open_ones.filter(pk=invitation_id).first()
        if invitation is None:
            raise NotFound()
        invitation.delete()
        _note(actor, "staff.invitation_withdrawn", invitation.email, {}, reseller)


def accept(*, token: str, user: User) -> Membership:
    """Redeem an invitation: its reader becomes a member. Only the invited address may, and only once.

    :raises NotFound: unknown, used or expired. :raises StateRefused: invited was somebody else.
    """
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update().filter(invitations.is_open(token)).first()
        if invitation is None:
            raise NotFound("invitation", _("This invitation is no longer good. Ask for a new one."))
        if user.email != invitation.email:
            raise StateRefused(
                "other_person", _("This invitation is for %(email)s. Sign in as that."), email=invitation.email
            )
        invitation.accepted_at = clock.now()
        invitation.save(update_fields=["accepted_at"])
        membership, _is_new = Membership.objects.get_or_create(
            user=user, reseller=invitation.reseller, defaults={"role": invitation.role}
        )
        _note(user, "staff.joined", user.email, {"role": membership.role}, invitation.reseller)
    return membership


def join(*, token: str, name: str, password: str, language: str = "en") -> User:
    """Make the account of an invited person and their membership at once.

    :raises NotFound: the invitation is no longer good. :raises Refused: there is an account with its address.
    """
    with transaction.atomic():
        invitation = invitations.by_token(token)
        if invitation is None:
            raise NotFound("invitation", _("This invitation is no longer good. Ask for a new one."))
        user = enrol(email=invitation.email, password=password, name=name, language=language)
        accept(token=token, user=user)
    return user


def send_invitation(invitation: Invitation, *, url: str) -> None:
    """Mail an invitation's link, in the language in use; outside any transaction.

    :raises Unavailable: the mail server did not take it; the invitation stands and can be sent again.
    """
    place = invitation.reseller.name if invitation.reseller else settings.PLATFORM_NAME
    context = {"invitation": invitation, "url": url, "place": place, "PLATFORM_NAME": settings.PLATFORM_NAME}
    subject = render_to_string("account/email/invitation_subject.txt", context).strip()
    text = render_to_string("account/email/invitation_message.txt", context)
    try:
        send_mail(subject, text, None, [invitation.email])
    except (SMTPException, OSError) as error:
        raise Unavailable(
            "mail", _("The invitation is there, but its e-mail did not go out. Invite again.")
        ) from error


def change_role(*, actor: User, membership_id: int, role: str, reseller: Reseller | None = None) -> Membership:
    """Give a member another role.

    :raises StateRefused: they are the last administrator, or the last owner.
    """
    _check_role(role, reseller)
    with transaction.atomic():
        membership = _locked(membership_id, reseller)
        before = membership.role
        if role != before:
            _keep_a_chief(membership)
            membership.role = role
            membership.save(update_fields=["role"])
            _note(actor, "staff.role_changed", membership.user.email, {"from": before, "to": role}, reseller)
    return membership


def remove(*, actor: User, membership_id: int, reseller: Reseller | None = None) -> None:
    """End a membership; the person's next click finds the door closed. Their account stays.

    :raises StateRefused: they are the last administrator, or the last owner.
    """
    with transaction.atomic():
        membership = _locked(membership_id, reseller)
        _keep_a_chief(membership)
        membership.delete()
        _note(actor, "staff.removed", membership.user.email, {"role": membership.role}, reseller)


def _check_role(role: str, reseller: Reseller | None) -> None:
    if role not in (Membership.SUPPLIER_ROLES if reseller is None else Membership.RESELLER_ROLES):
        raise Refused("role", _("There is no such role here."), field="role")


def _locked(membership_id: int, reseller: Reseller | None) -> Membership:
    """Lock all of the side's chiefs and the one meant, in one order: two administrators can't remove each other."""
    chief = Membership.Role.ADMIN if reseller is None else Membership.Role.OWNER
    rows = Membership.objects.filter(Q(pk=membership_id) | Q(role=chief), reseller=reseller).order_by("pk")
    locked = {row.pk: row for row in rows.select_related("user").select_for_update(of=("self",))}
    if membership_id not in locked:
        raise NotFound()
    return locked[membership_id]


def _keep_a_chief(membership: Membership) -> None:
    chief = Membership.Role.ADMIN if membership.reseller_id is None else Membership.Role.OWNER
    if membership.role != chief:
        return
    others = Membership.objects.filter(reseller_id=membership.reseller_id, role=chief).exclude(pk=membership.pk)
    if not others.exists():
        raise StateRefused(
            "last_chief",
            _("Somebody must stay in charge: appoint another administrator first.")
            if membership.reseller_id is None
            else _("Somebody must stay in charge: appoint another owner first."),
        )


def _note(actor: User, action: str, email: str, detail: dict[str, str], reseller: Reseller | None) -> None:
    audit.record(actor=actor, action=action, subject=email, detail=detail, reseller=reseller)
