"""What stands behind the reference of someone who was told to call the help desk."""

from __future__ import annotations

from datetime import datetime, timedelta

from casier.directory.models import Academy, Account
from casier.identity.recovery.models import DeskRequest
from casier.kernel.errors import new_reference

KEPT = timedelta(days=30)


def note_request(academy: Academy | None, source: str, now: datetime) -> str:
    """A fresh reference, whoever asks: nothing has been looked up yet."""
    made = DeskRequest.objects.create(
        reference=new_reference(), academy=academy, source=source[:64], asked_at=now
    )
    return made.reference


def attach(reference: str, account: Account) -> None:
    """Whose reference it is; the worker finds out after the page was answered."""
    DeskRequest.objects.filter(reference=reference).update(account=account, academy=account.academy)


def desk_request(reference: str) -> DeskRequest | None:
    """Who was given REFERENCE, for the help desk that is told it; `account` is None for a name nobody has."""
    found = DeskRequest.objects.select_related("account__academy", "account__person", "academy")
    return found.filter(reference=reference.strip().upper()).first()


def forget_old(now: datetime) -> None:
    """Requests that nobody will call about any more."""
    DeskRequest.objects.filter(asked_at__lt=now - KEPT).delete()
