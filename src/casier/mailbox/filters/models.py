"""Addresses elsewhere that people prove to be their own, so that their rules may send mail on to them."""

from __future__ import annotations

from django.db import models

from casier.directory.models import Account


class RedirectAddress(models.Model):
    """One address; proved once VERIFIED_AT is set, before that waiting for its code."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="redirect_addresses")
    address = models.CharField(max_length=254)
    code = models.CharField(max_length=64)  # keyed hash
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "address"], name="redirect_address_once")]

    def __str__(self) -> str:
        return f"{self.address} of {self.account_id}"
