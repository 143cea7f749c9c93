"""Forms about providers: what one says of itself, where it is paid, what is booked."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from enablement.models import Part, ServiceKind, ServiceProvider
from enablement.selectors import vendors
from enablement.services.service_tasks import Wish
from s2b2c.kernel import clock, money
from s2b2c.kernel.errors import Refused
from s2b2c.ui import countries
from supplier.models import Product


def _country(initial: str = "US") -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Country"), choices=countries.choices, initial=initial)


class ProviderForm(forms.Form):
    """What a provider says of itself: who, what for how much, where, when, how much a day."""

    name = forms.CharField(label=_("Name of your business"), max_length=80)
    contact = forms.CharField(label=pgettext_lazy("vendor", "Contact"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"))
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    place = forms.CharField(label=_("Town"), max_length=80, required=False)
    country = _country()
    base = forms.CharField(label=_("Your postcode"), max_length=12)
    areas = forms.CharField(
        label=_("Where you work: beginnings of postcodes"), max_length=600,
        help_text=_("With commas between: 310, 3112. A star * means everywhere in the country."),
    )  # fmt: skip
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in money.OFFERED])
    capacity = forms.IntegerField(label=_("Tasks a day, at most"), min_value=1, max_value=200, initial=4)
    language = forms.ChoiceField(label=_("Mails in"), choices=settings.LANGUAGES)
    about = forms.CharField(
        label=_("About you"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, provider: ServiceProvider | None = None) -> None:
        told = _told(provider) if provider else {"currency": vendors.own_currency()}
        super().__init__(data, initial=told)
        self.prices = {rate.kind: rate.price_minor for rate in provider.rates.all()} if provider else {}
        self.at = set(provider.hours) if provider else {3 * day + part for day in range(5) for part in (0, 1)}
        if data is not None:
            self.at = {int(each) for each in data.getlist("hours") if each.isdigit()}

    def rows(self) -> list[dict[str, Any]]:
        """Give kinds of service with what was typed or is asked for each."""
        currency = self["currency"].value() or "USD"
        return [
            {
                "kind": kind, "word": word, "name": f"price-{kind}",
                "typed": self.data.get(f"price-{kind}") if self.is_bound else self._price(kind, currency),
            }
            for kind, word in ServiceKind.choices
        ]  # fmt: skip

    def _price(self, kind: str, currency: str) -> str:
        return str(money.to_decimal(self.prices[kind], currency)) if kind in self.prices else ""

    def week(self) -> list[dict[str, Any]]:
        """Give the days of the week with their parts, ticked or not."""
        return [
            {
                "day": date_format(date(2024, 1, 1 + day), "l"),  # a Monday
                "parts": [(3 * day + part, word, 3 * day + part in self.at) for part, word in Part.choices],
            }
            for day in range(7)
        ]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        found["rates"], found["hours"] = self._rates(found.get("currency") or "USD"), sorted(self.at)
        found["areas"] = [each for each in re.split(r"[,;，、\s]+", found.get("areas") or "") if each]
        return found

    def _rates(self, currency: str) -> dict[str, int]:
        rates = {}
        for kind in ServiceKind.values:
            typed = str(self.data.get(f"price-{kind}", "")).strip()
            try:
                if typed and (minor := money.parse_amount(typed, currency)):
                    rates[kind] = minor
            except Refused as refusal:
                self.add_error(None, str(refusal))
        return rates

    @property
    def facts(self) -> dict[str, Any]:
        """Give the provider's fields."""
        return {name: value for name, value in self.cleaned_data.items() if name != "rates"}


def _told(provider: ServiceProvider) -> dict[str, Any]:
    plain = (
        "name",
        "contact",
        "email",
        "phone",
        "place",
        "country",
        "base",
        "currency",
        "capacity",
        "language",
        "about",
    )
    return {**{name: getattr(provider, name) for name in plain}, "areas": ", ".join(provider.areas)}


class BankForm(forms.Form):
    """Where a provider is paid."""

    holder = forms.CharField(label=_("Account holder"), max_length=70)
    account = forms.CharField(label=_("IBAN or account number"), max_length=40)
    routing = forms.CharField(label=_("BIC or bank code"), max_length=12)
    bank = forms.CharField(label=_("Bank"), max_length=70, required=False)
    country = _country()


def _day() -> forms.DateInput:
    """A browser's own calendar reads ISO dates only, whatever the language."""
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class BookForm(forms.Form):
    """A service to be booked."""

    kind = forms.ChoiceField(label=_("What"), choices=ServiceKind.choices)
    sku = forms.CharField(label=_("For the product"), max_length=60, required=False, help_text=_("Its number or SKU"))
    brief = forms.CharField(
        label=_("What is to be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As you would tell it to somebody who has never seen the product."),
    )  # fmt: skip
    country = _country()
    postcode = forms.CharField(label=_("Postcode"), max_length=12)
    address = forms.CharField(label=_("Street and town"), max_length=240, required=False)
    contact = forms.CharField(label=_("Who is there, with phone"), max_length=120, required=False)
    day = forms.DateField(label=_("On, at best"), widget=_day())
    latest = forms.DateField(label=_("At the latest"), widget=_day())
    part = forms.TypedChoiceField(
        label=_("Part of the day"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("Any")), *Part.choices],
    )
    budget = forms.CharField(label=_("At most it may cost"), max_length=20)

    def __init__(self, data: Any = None, *, currency: str, initial: dict[str, Any] | None = None) -> None:
        today = timezone.localdate(clock.now())
        usual = {"day": today + timedelta(days=2), "latest": today + timedelta(days=9)}
        super().__init__(data, initial={**usual, **(initial or {})})
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        try:
            found["budget_minor"] = money.parse_amount(found.get("budget") or "0", self.currency)
        except Refused as refusal:
            self.add_error("budget", str(refusal))
        found["product_id"] = self._product(found.get("sku") or "")
        return found

    def _product(self, named: str) -> int | None:
        if not named:
            return None
        rows = Product.objects.filter(status=Product.Status.ACTIVE)
        found = rows.filter(code__iexact=named).first() or rows.filter(variants__sku__iexact=named).first()
        if found is None:
            self.add_error("sku", gettext("There is no product with this number."))
            return None
        return found.pk

    @property
    def wish(self) -> Wish:
        """Give what is booked."""
        plain = ("kind", "brief", "country", "postcode", "address", "contact", "day", "latest", "part")
        told = {name: self.cleaned_data[name] for name in (*plain, "budget_minor", "product_id")}
        return Wish(currency=self.currency, **told)
