"""Who may sign in, and the passwords of mail programs. `actions.py` changes them."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from casier.directory.models import Account
from casier.identity import hashers


class Theme(models.TextChoices):
    """Light or dark, or what the person's system says."""

    AUTO = "auto"
    LIGHT = "light"
    DARK = "dark"


class PasswordKind(models.TextChoices):
    """Whose a password is."""

    OWN = "own"  # chosen by the person, known to nobody else
    TEMPORARY = "temporary"  # generated and delivered apart: opens the way to one's own, for a time


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
    password_kind = models.CharField(max_length=10, choices=PasswordKind, default=PasswordKind.OWN)
    temporary_until = models.DateTimeField(null=True, blank=True)
    # Since when another password is asked for before anything opens; none: it isn't.
    change_forced_at = models.DateTimeField(null=True, blank=True)
    # Of the days before the end at which notice is given, the last one at which it was.
    expiry_told = models.PositiveSmallIntegerField(null=True, blank=True)

    USERNAME_FIELD = "account"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.account_id.hex

    def set_password(self, raw_password: str | None) -> None:
        """As it is stored everywhere: one form of Unicode, a bounded number of hashes at once."""
        if raw_password is None:
            self.set_unusable_password()
            return
        self.password = hashers.hashed(raw_password)


class PastPassword(models.Model):
    """The hash of a password that an account had before, so that it isn't taken again."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="past_passwords")
    encoded = models.CharField(max_length=128)
    replaced_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["account", "-replaced_at"], name="past_password_of")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.replaced_at}"


class AppPassword(models.Model):
    """A generated password for one device and some protocols. Only a keyed hash of it is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="app_passwords")
    name = models.CharField(max_length=80)
    protocols = models.JSONField()
    mac = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    # Made under a policy of approval: programs that were never seen wait. Those made before go on.
    under_approval = models.BooleanField(default=False)
    # The last use, as the edge noted it: when, from which address, by what.
    used_at = models.DateTimeField(null=True, blank=True)
    used_from = models.CharField(max_length=45, blank=True)
    used_protocol = models.CharField(max_length=10, blank=True)
    used_program = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account"], condition=Q(revoked_at__isnull=True), name="app_password_live")
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.id.hex[:8]})"


class ProgramState(models.TextChoices):
    """What a person said of a program that came with one of their application passwords."""

    WAITS = "waits"
    APPROVED = "approved"
    REFUSED = "refused"


class MailProgram(models.Model):
    """A program, or the place it came from, that was seen with an application password under approval.

    `pair` is what the edge knows it by; the rest is what its owner sees.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    app_password = models.ForeignKey(AppPassword, on_delete=models.CASCADE, related_name="programs")
    pair = models.CharField(max_length=32)
    state = models.CharField(max_length=10, choices=ProgramState, default=ProgramState.WAITS)
    address = models.CharField(max_length=45)
    protocol = models.CharField(max_length=10)
    program = models.CharField(max_length=80, blank=True)
    seen_at = models.DateTimeField(db_index=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["app_password", "pair"], name="program_once")]

    def __str__(self) -> str:
        return f"{self.program or self.protocol} {self.address} {self.state}"
