"""The tenant and its hosts: the lowest tables of the house, in the public schema."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from s2b2c.tenancy import slugs

SCHEMA_PATTERN = r"^shop_[a-z0-9]{10,40}$"
DOMAIN_PATTERN = r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$"


class Reseller(models.Model):
    """A small business with a shop. Its schema, where it has one, is ``schema_name``."""

    class Status(models.TextChoices):
        APPLIED = "applied", pgettext_lazy("reseller", "Applied")
        OPEN = "open", _("Open")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    # What django-tenants asks of a tenant; schemas are made by `provision` and never dropped by a delete.
    auto_create_schema = False
    auto_drop_schema = False
    domain_url = None
    domain_subfolder = None

    slug = models.CharField(_("short name"), max_length=slugs.MAX_LENGTH, unique=True)
    schema_name = models.CharField(max_length=63, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=120)
    status = models.CharField(_("status"), max_length=12, choices=Status, default=Status.APPLIED)
    currency = models.CharField(_("currency"), max_length=3)
    country = models.CharField(_("country"), max_length=2)
    language = models.CharField(
        _("language"),
        max_length=10,
        choices=[("en", _("English")), ("zh-hans", _("Simplified Chinese"))],
        default="en",
    )
    # Numbers of the last migration of each tenant app, "orders.0003 reseller.0002"; "" while there is no schema.
    schema_version = models.CharField(max_length=120, blank=True, default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        verbose_name = _("reseller")
        constraints = [
            models.CheckConstraint(name="reseller_slug_shape", condition=Q(slug__regex=slugs.PATTERN)),
            models.CheckConstraint(name="reseller_schema_shape", condition=Q(schema_name__regex=SCHEMA_PATTERN)),
            models.CheckConstraint(
                name="reseller_status_known", condition=Q(status__in=["applied", "open", "suspended", "closed"])
            ),
            models.CheckConstraint(name="reseller_currency_shape", condition=Q(currency__regex="^[A-Z]{3}$")),
            models.CheckConstraint(name="reseller_country_shape", condition=Q(country__regex="^[A-Z]{2}$")),
            models.CheckConstraint(name="reseller_language_known", condition=Q(language__in=["en", "zh-hans"])),
            models.CheckConstraint(
                name="reseller_open_has_schema",
                condition=~Q(status="open") | (Q(opened_at__isnull=False) & ~Q(schema_version="")),
            ),
            models.CheckConstraint(
                name="reseller_suspension_has_reason", condition=~Q(status="suspended") | ~Q(suspended_reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_schema(self) -> bool:
        return self.schema_version != ""

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class Domain(models.Model):
    """A host name of a shop. Sub-domains of the platform are verified at birth, others by a TXT record."""

    domain = models.CharField(_("domain"), max_length=253)
    tenant = models.ForeignKey(Reseller, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(_("main address"), default=False)
    verified_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What the TXT record must hold; "" for a sub-domain of the platform.
    verification_token = models.CharField(max_length=64, blank=True, default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("domain")
        constraints = [
            models.CheckConstraint(name="domain_shape", condition=Q(domain__regex=DOMAIN_PATTERN)),
            # Anybody may claim; only one can prove. So a claim never blocks the true owner.
            models.UniqueConstraint(
                name="domain_proved_once", fields=["domain"], condition=Q(verified_at__isnull=False)
            ),
            models.UniqueConstraint(name="domain_claimed_once_per_reseller", fields=["tenant", "domain"]),
            models.UniqueConstraint(name="domain_one_primary", fields=["tenant"], condition=Q(is_primary=True)),
            models.CheckConstraint(
                name="domain_primary_is_proved", condition=Q(is_primary=False) | Q(verified_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.domain

    @property
    def is_own(self) -> bool:
        """The reseller's own domain, not a sub-domain of the platform."""
        return self.verification_token != ""
