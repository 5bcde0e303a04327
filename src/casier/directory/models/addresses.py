"""Mail addresses: whose they are, and whose they were."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from casier.directory.models.accounts import Account
from casier.directory.models.mailboxes import FunctionalMailbox
from casier.directory.models.places import MailDomain


class EndedAs(models.TextChoices):
    """What an address was when its account was closed."""

    PRIMARY = "primary"
    ALIAS = "alias"


class Address(models.Model):
    """A mail address. Retired ones stay, so that nobody receives the mail of someone who left."""

    address = models.CharField(max_length=254, unique=True)
    domain = models.ForeignKey(MailDomain, on_delete=models.PROTECT, related_name="addresses")
    account = models.ForeignKey(
        Account, null=True, blank=True, on_delete=models.PROTECT, related_name="addresses"
    )
    mailbox = models.ForeignKey(
        FunctionalMailbox, null=True, blank=True, on_delete=models.PROTECT, related_name="addresses"
    )
    is_primary = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)
    reserved_until = models.DateTimeField(null=True, blank=True)
    # What it was when its account was closed: what comes back when the account does.
    ended_as = models.CharField(max_length=10, choices=EndedAs, blank=True)
    # Where mail for an address that ended goes on to, where somebody decided so.
    leads_to = models.CharField(max_length=254, blank=True)

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=True, mailbox__isnull=False)
                | Q(account__isnull=False, mailbox__isnull=True),
                name="address_has_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True) | Q(is_primary=False),
                name="retired_address_is_not_primary",
            ),
            models.UniqueConstraint(
                fields=["account"], condition=Q(is_primary=True), name="one_primary_address_of_account"
            ),
            models.UniqueConstraint(
                fields=["mailbox"], condition=Q(is_primary=True), name="one_primary_address_of_mailbox"
            ),
        ]

    def __str__(self) -> str:
        return self.address
