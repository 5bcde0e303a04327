"""What people say is wrong about them: kept for the help desk, who puts it right in the directory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from casier.audit.api import Actor, record
from casier.directory.errors import WrongState
from casier.directory.models import Academy, Account
from casier.identity.activation.models import CorrectionRequest, Wrong
from casier.identity.history.api import Notice, tell
from casier.kernel.errors import new_reference

LONGEST_TEXT = 1000
# Who sends the page again and again has one request, not a hundred.
_MOST_OPEN = 3


def ask_correction(
    account: Account, wrong: Sequence[Wrong], text: str, *, by: Actor, now: datetime
) -> CorrectionRequest:
    """Keep what is wrong with ACCOUNT's details. Beyond a few open requests the newest takes this one's
    words.
    """
    with transaction.atomic():
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)
        open_ones = CorrectionRequest.objects.filter(account=account, settled_at=None).order_by("-created_at")
        said = {"wrong": sorted({item.value for item in wrong}), "text": text.strip()[:LONGEST_TEXT]}
        if open_ones.count() >= _MOST_OPEN:
            row = open_ones[0]
            row.wrong, row.text, row.created_at = said["wrong"], str(said["text"]), now
            row.save(update_fields=["wrong", "text", "created_at"])
        else:
            row = CorrectionRequest.objects.create(
                account=account, reference=new_reference(), created_at=now, **said
            )
        record(
            by, "account.correction_asked", f"account:{account.public_id}", "",
            academy=account.academy.slug, at=now, wrong=row.wrong, reference=row.reference,
        )  # fmt: skip
    return row


def settle_correction(
    row: CorrectionRequest, answer: str, *, accepted: bool, by: Actor, now: datetime
) -> CorrectionRequest:
    """The help desk has dealt with it, and its person is told. Raises WrongState when somebody did before."""
    with transaction.atomic():
        locked = (
            CorrectionRequest.objects.select_for_update(of=("self",))
            .select_related("account__academy")
            .get(pk=row.pk)
        )
        if locked.settled_at is not None:
            raise WrongState("The request is settled already.", state="settled")
        locked.settled_at, locked.settled_by, locked.answer = now, by.name, answer.strip()[:LONGEST_TEXT]
        locked.accepted = accepted
        locked.save(update_fields=["settled_at", "settled_by", "answer", "accepted"])
        record(
            by, "account.correction_settled", f"account:{locked.account.public_id}", answer,
            academy=locked.account.academy.slug, at=now, reference=locked.reference, accepted=accepted,
        )  # fmt: skip
        told = {"reason": locked.answer, "accepted": "yes" if accepted else "", "reference": locked.reference}
        tell(locked.account, Notice.CORRECTION, told)
    return locked


def open_corrections(academy: Academy) -> QuerySet[CorrectionRequest]:
    """What waits for the help desk of ACADEMY, the oldest first."""
    waiting = CorrectionRequest.objects.filter(account__academy=academy, settled_at=None)
    return waiting.select_related("account__person", "account__academy").order_by("created_at")
