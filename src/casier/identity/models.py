"""Who may sign in, and the passwords of mail programs. `actions.py` changes them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from casier.directory.models import Account


class Theme(models.TextChoices):
    """Light or dark, or what the person's system says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class UserManager(BaseUserManager["User"]):
    """Django's authentication finds people by the account's id: addresses change, the id doesn't."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(account_id=uuid.UUID(username))


class User(AbstractBaseUser):
    """What an account has for signing in: one to one, made with the first password, under the same key."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.PROTECT, related_name="user")
    locale = models.CharField(max_length=5, default="fr")
    theme = models.CharField(max_length=5, choices=Theme, default=Theme.AUTO)
    password_changed_at = models.DateTimeField(null=True, blank=True)

    USERNAME_FIELD = "account"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.account_id.hex


class AppPassword(models.Model):
    """A generated password for one device and some protocols. Only a keyed hash of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="app_passwords")
    name = models.CharField(max_length=80)
    protocols = models.JSONField()
    mac = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(revoked_at__isnull=True), name="app_password_live")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id.hex[:8]})"
