"""Where our rules differ from allauth's own."""

from __future__ import annotations

import base64
import hashlib
import logging
import time
from smtplib import SMTPException
from typing import Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from s2b2c.accounts import clients
from s2b2c.accounts.models import User
from s2b2c.accounts.services import audit
from s2b2c.kernel.errors import Unavailable

_log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up for shop owners only; ways that lead back to the same host only."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail or password is wrong. Please check both."),
        "too_many_login_attempts": _("Too many attempts. Please wait a few minutes."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not your password."),
        "incorrect_code": _("This code is not right. Please check it."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Let anyone sign up at the resellers' office; staff of S, and of a shop, are invited."""
        return getattr(request, "audience", "") == "office"

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        try:
            return reverse("office:open_shop")
        except NoReverseMatch:
            return self.get_login_redirect_url(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return "/"

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_login")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:
        return "/" if self.request.user.is_authenticated else reverse("account_login")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account:security")

    def is_safe_url(self, url: str | None) -> bool:
        """Allow paths of this host: another shop's host would be an open redirect."""
        if not url or urlsplit(url).netloc:
            return False
        return url_has_allowed_host_and_scheme(url, allowed_hosts=None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return clients.address(request)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Ask again only when the last proof, the log-in included, is older than a few minutes."""
        records = get_authentication_records(self.request, self.request.user)
        return not records or time.time() - records[-1]["at"] > app_settings.REAUTHENTICATION_TIMEOUT

    def format_email_subject(self, subject: str) -> str:
        return f"{settings.PLATFORM_NAME}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send one of allauth's mails.

        :raises Unavailable: the mail server did not take it.
        """
        try:
            super().send_mail(template_prefix, email, {"PLATFORM_NAME": settings.PLATFORM_NAME, **context})
        except (SMTPException, OSError) as error:
            raise Unavailable("mail", _("The e-mail could not be sent. Please try again in a few minutes.")) from error

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        try:
            super().send_confirmation_mail(request, emailconfirmation, signup)
        except Unavailable:
            if not signup:
                raise
            _log.warning("A new account's confirmation did not go out", exc_info=True)  # can be asked for again

    def send_notification_mail(
        self, template_prefix: str, user: Any, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """Write a change of password, address or second factor into the audit log, and tell the user."""
        event = template_prefix.rpartition("/")[2]
        audit.record(actor=user, action=f"account.{event}", subject=user.email)
        try:
            super().send_notification_mail(template_prefix, user, context, email)
        except Unavailable:
            _log.warning("The notice %s did not go out", event, exc_info=True)


class MFAAdapter(DefaultMFAAdapter):
    """Passkeys belong to one host: those of the two offices are different keys, and a shop can't ask for either."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right. Please check it."),
    }

    def _get_site_name(self) -> str:
        return settings.PLATFORM_NAME

    def encrypt(self, text: str) -> str:
        """Seal an app's secret before it is stored; opened with any of the keys in use, sealed with the first."""
        return _sealer().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _sealer().decrypt(encrypted_text.encode()).decode()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:  # type: ignore[override]
        return {**super().get_public_key_credential_user_entity(user), "display_name": str(user)}


def _sealer() -> MultiFernet:
    """Derive keys from SECRET_KEY and, while it is being changed, from SECRET_KEY_FALLBACKS."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"second factor:" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])
