"""Reports « it wasn’t me », until someone charged with it has drawn a conclusion."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from casier.audit.api import Actor, record
from casier.directory.errors import NotFound, WrongState
from casier.directory.mandates import Ability, require
from casier.directory.models import Account
from casier.identity.history.models import Report
from casier.kernel.errors import CasierError, NotAllowed

_LONGEST = 2000


class ConclusionWanted(CasierError):
    """A report isn't closed without saying what it came to."""

    code = "conclusion_wanted"


def close_report(reference: str, conclusion: str, by: Account, origin: str = "") -> Report:
    """Close a report. Raises NotFound, NotAllowed, WrongState (closed before), ConclusionWanted."""
    now = timezone.now()
    with transaction.atomic():
        rows = Report.objects.select_for_update(of=("self",)).select_related("account__academy", "academy")
        row = rows.filter(reference="".join(reference.split()).upper()).first()
        if row is None:
            raise NotFound("No such report.", reference=reference)
        require(by, Ability.SEE_HISTORY, row.account, now)
        if row.account_id == by.pk:
            raise NotAllowed("Nobody closes a report about their own account.")
        if row.closed_at is not None:
            raise WrongState("The report is closed.", reference=row.reference)
        words = " ".join(conclusion.split())[:_LONGEST]
        if not words:
            raise ConclusionWanted("Say what it came to.")
        row.closed_at, row.closed_by, row.conclusion = now, by, words
        row.save(update_fields=["closed_at", "closed_by", "conclusion"])
        record(
            Actor.account(by.public_id, origin), "identity.report_closed",
            f"account:{row.account.public_id}", words, academy=row.academy.slug, reference=row.reference,
        )  # fmt: skip
    return row
