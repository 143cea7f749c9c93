"""allauth's forms in our words: the label says it, nothing is said twice."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa_base
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.accounts.models import Membership, User

_EMAIL, _PASSWORD, _NEW, _OLD = _("E-mail"), _("Password"), _("New password"), _("Present password")
_LENGTH = _("At least 10 characters. A few words in a row are easy to keep in mind.")
_CODE = pgettext_lazy("sign-in", "Code")


class _Plain:
    """Takes placeholders off; sets labels, help and attributes from ``words``, ``helps`` and ``attrs``."""

    words: dict[str, Any] = {}
    helps: dict[str, Any] = {}
    attrs: dict[str, dict[str, Any]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            field.widget.attrs.update(self.attrs.get(name, {}))
            field.label = self.words.get(name, field.label)
            field.help_text = self.helps.get(name, field.help_text)


class LoginForm(_Plain, account.LoginForm):
    words = {"login": _EMAIL, "password": _PASSWORD}
    helps = {"password": ""}
    attrs = {"login": {"autocomplete": "username webauthn", "autofocus": True}}


class SignupForm(_Plain, account.SignupForm):
    words = {"email": _EMAIL, "password1": _PASSWORD}
    helps = {"password1": _LENGTH}
    attrs = {"email": {"autofocus": True}}


class ResetPasswordForm(_Plain, account.ResetPasswordForm):
    words = {"email": _EMAIL}
    attrs = {"email": {"autofocus": True}}


class ResetPasswordKeyForm(_Plain, account.ResetPasswordKeyForm):
    words = {"password1": _NEW, "password2": _("The same again")}
    helps = {"password1": _LENGTH}


class ChangePasswordForm(_Plain, account.ChangePasswordForm):
    words = {"oldpassword": _OLD, "password1": _NEW, "password2": _("The same again")}
    helps = {"oldpassword": "", "password1": _LENGTH}


class SetPasswordForm(_Plain, account.SetPasswordForm):
    words = {"password1": _NEW, "password2": _("The same again")}
    helps = {"password1": _LENGTH}


class ChangeEmailForm(_Plain, account.AddEmailForm):
    words = {"email": _("New e-mail")}


class ReauthenticateForm(_Plain, account.ReauthenticateForm):
    words = {"password": _PASSWORD}
    helps = {"password": ""}
    attrs = {"password": {"autofocus": True}}


class AuthenticateForm(_Plain, mfa_base.AuthenticateForm):
    words = {"code": _CODE}
    attrs = {"code": {"inputmode": "numeric", "autofocus": True}}


class MFAReauthenticateForm(_Plain, mfa_base.ReauthenticateForm):
    words = {"code": _CODE}
    attrs = {"code": {"inputmode": "numeric", "autofocus": True}}


class ActivateTOTPForm(_Plain, totp.ActivateTOTPForm):
    words = {"code": _("Six figures from the app")}
    attrs = {"code": {"inputmode": "numeric", "autofocus": True}}


class AddWebAuthnForm(_Plain, webauthn.AddWebAuthnForm):
    words = {"name": _("Name"), "passwordless": _("Sign in with it alone, without a password")}
    helps = {"name": _("What you will know it by, such as “My phone”."), "passwordless": ""}


class EditWebAuthnForm(_Plain, webauthn.EditWebAuthnForm):
    words = {"name": _("Name")}


class ProfileForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name and language of a user."""

    language = forms.ChoiceField(label=_("Language of e-mails"), choices=[("en", "English"), ("zh-hans", "中文")])

    class Meta:
        model = User
        fields = ["name", "language"]
        labels = {"name": pgettext_lazy("of a person", "Name")}


class JoinForm(forms.Form):
    """What somebody who is invited and has no account yet fills in."""

    name = forms.CharField(
        label=_("Your name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True})
    )
    password = forms.CharField(
        label=_PASSWORD,
        max_length=200,
        strip=False,
        help_text=_LENGTH,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, User(email=self.email, name=self.cleaned_data.get("name", "")))
        return password


class InviteForm(forms.Form):
    """An address and a role of the side."""

    email = forms.EmailField(label=_EMAIL, max_length=254)
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Membership.Role.choices)
        self.fields["role"].choices = [(role, labels[role]) for role in roles]  # type: ignore[attr-defined]
        self.fields["role"].initial = roles[-1]


class KeyForm(forms.Form):
    """A name for a key, and what it may do."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("The system that will use it."))
    scopes = forms.MultipleChoiceField(label=_("It may"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, scopes: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scopes"].choices = list(scopes.items())  # type: ignore[attr-defined]
