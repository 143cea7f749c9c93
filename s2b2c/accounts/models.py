"""Staff users and their memberships. Consumers are customers of one shop and never users."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from s2b2c.tenancy.models import Reseller


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who works for S or for a shop."""

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        constraints = [models.CheckConstraint(name="user_email_lower", condition=models.Q(email=Lower("email")))]

    def __str__(self) -> str:
        return self.name or self.email


class Membership(models.Model):
    """A role of one user: at S (``reseller`` is null) or in one shop."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("Administrator")
        CATALOGUE = "catalogue", _("Catalogue")
        WAREHOUSE = "warehouse", _("Warehouse")
        FINANCE = "finance", _("Finance")
        SUPPORT = "support", _("Support")
        QUALITY = "quality", _("Quality")
        OWNER = "owner", _("Owner")
        MANAGER = "manager", _("Manager")
        CLERK = "clerk", _("Clerk")

    SUPPLIER_ROLES = ("admin", "catalogue", "warehouse", "finance", "support", "quality")
    RESELLER_ROLES = ("owner", "manager", "clerk")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    # How this person has the lists here: {"orders": {"col": "number,shop", "rows": "compact", "view": 7}}.
    lists = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "reseller"], nulls_distinct=False, name="membership_once"),
            models.CheckConstraint(
                name="membership_role_fits_side",
                condition=models.Q(
                    reseller__isnull=True,
                    role__in=("admin", "catalogue", "warehouse", "finance", "support", "quality"),
                )
                | models.Q(reseller__isnull=False, role__in=("owner", "manager", "clerk")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.role}"

    @property
    def needs_second_factor(self) -> bool:
        """An administrator of S without one; asked of rows that ``selectors.memberships`` gave."""
        return self.role == self.Role.ADMIN and not getattr(self, "has_second_factor", False)


class Invitation(models.Model):
    """An open invitation to join S or a shop, redeemed once by its token (only the hash is kept)."""

    email = models.EmailField()
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=10, choices=Membership.Role.choices)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="invitation_open_once",
                fields=["email", "reseller"],
                condition=models.Q(accepted_at__isnull=True),
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.role}"


class SavedView(models.Model):
    """A list as somebody likes it: the words of its address. Shared ones are seen by everybody at S, or in the shop."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    reseller = models.ForeignKey(Reseller, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    table = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=2000, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="saved_view_name_once",
                fields=["user", "reseller", "table", "name"],
                condition=models.Q(removed_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
        indexes = [models.Index(name="saved_view_of_list", fields=["reseller", "table", "name"])]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """Who did what, when: append-only by trigger."""

    at = models.DateTimeField(auto_now_add=True)
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reseller = models.ForeignKey(Reseller, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["reseller", "-id"], name="audit_reseller"),
            models.Index(fields=["subject", "-id"], name="audit_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"
