"""Means of the demo's people: made up, verified, so that nobody is stopped on the way in."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.means.actions import add, read_address, read_number, verified
from casier.identity.means.models import Means

BY = Actor.system("demo")


def give_means(account: Account, address: str, number: str = "") -> None:
    """Give ACCOUNT a verified backup address and telephone, once. Nobody is told: it is how they came."""
    if verified(account):
        return
    now = timezone.now()
    with transaction.atomic():
        values = [read_address(address)] + ([read_number(number)] if number else [])
        rows = [add(account, value, BY).pk for value in values]
        Means.objects.filter(pk__in=rows).update(verified_at=now, checked_at=now)
