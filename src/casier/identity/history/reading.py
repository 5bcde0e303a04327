"""Reading the history: for its owner, for the help desk, as plain facts for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from casier.directory.models import Academy, Account
from casier.identity.history.explaining import Explanation, explained
from casier.identity.history.models import NoticeSent, Refusal, Report, SignIn, UnknownTries

SHOWN = 100


def sign_ins(account: Account, most: int = SHOWN, before: datetime | None = None) -> list[SignIn]:
    """The attempts on ACCOUNT, the latest first."""
    rows = SignIn.objects.filter(account=account)
    if before is not None:
        rows = rows.filter(last_at__lt=before)
    return list(rows.order_by("-last_at", "-id")[:most])


def notices(account: Account, most: int = SHOWN) -> list[NoticeSent]:
    """What ACCOUNT was told, the latest first."""
    rows = NoticeSent.objects.filter(account=account).select_related("account__academy")
    return list(rows.order_by("-at")[:most])


@dataclass(frozen=True, slots=True)
class Told:
    """A refusal as the help desk opens it: the facts, what they mean, what repairs it."""

    refusal: Refusal
    explanation: Explanation


def refusal_with(reference: str, language: str = settings.LANGUAGE_CODE) -> Told | None:
    """The refusal that a page showed as REFERENCE, however it was copied; None when there is none.

    Whoever asks must hold a mandate that reaches its account or academy: that is the caller's to check.
    """
    spelled = "".join(reference.split()).upper()
    row = (
        Refusal.objects.select_related("account__person", "account__academy", "academy")
        .filter(reference=spelled)
        .first()
    )
    return Told(row, explained(row.why, language)) if row else None


def reports(academy: Academy, *, closed: bool = False, most: int = SHOWN) -> list[Report]:
    """What people of ACADEMY reported, the latest first; those that are done with when CLOSED."""
    rows = Report.objects.filter(academy=academy, closed_at__isnull=not closed)
    return list(
        rows.select_related("account__person", "account__academy", "closed_by").order_by("-at")[:most]
    )


def report(reference: str) -> Report | None:
    """The report of this reference (or id)."""
    rows = Report.objects.select_related("account__person", "account__academy", "academy", "closed_by")
    return rows.filter(reference="".join(reference.split()).upper()).first()


def unknown_tries(academy: Academy | None, since: datetime) -> int:
    """How often names that nobody has were tried at ACADEMY's door."""
    rows = UnknownTries.objects.filter(academy=academy.slug if academy else "", hour__gte=since)
    return sum(rows.values_list("count", flat=True))


def as_facts(row: SignIn | NoticeSent | Refusal | Report) -> dict[str, Any]:
    """ROW as plain facts (JSON): stable names, ISO moments, nothing secret."""
    if isinstance(row, SignIn):
        return _sign_in(row)
    if isinstance(row, NoticeSent):
        return _notice(row)
    return _refusal(row) if isinstance(row, Refusal) else _report(row)


def _sign_in(row: SignIn) -> dict[str, Any]:
    return {
        "id": row.pk,
        "at": row.at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "count": row.count,
        "result": row.result,
        "source": row.source,
        "own_network": row.own_network,
        "country": row.country,
        "city": row.city,
        "device": row.device,
        "proofs": list(row.proofs),
        "reference": row.reference,
        "disowned_at": _iso(row.disowned_at),
    }


def _notice(row: NoticeSent) -> dict[str, Any]:
    return {
        "id": row.id.hex,
        "at": row.at.isoformat(),
        "notice": row.notice,
        "count": row.count,
        "facts": dict(row.facts),
        "bell_at": _iso(row.bell_at),
        "mailbox_at": _iso(row.mailbox_at),
        "backup_at": _iso(row.backup_at),
        "backup_count": row.backup_count,
        "disowned_at": _iso(row.disowned_at),
    }


def _refusal(row: Refusal) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "at": row.at.isoformat(),
        "last_at": row.last_at.isoformat(),
        "count": row.count,
        "why": row.why,
        "account": row.account.public_id if row.account else "",
        "academy": row.academy.slug if row.academy else "",
        "source": row.source,
        "facts": dict(row.facts),
    }


def _report(row: Report) -> dict[str, Any]:
    return {
        "reference": row.reference,
        "at": row.at.isoformat(),
        "account": row.account.public_id,
        "academy": row.academy.slug,
        "road": row.road,
        "source": row.source,
        "event": row.event,
        "facts": dict(row.facts),
        "done": [list(step) for step in row.done],
        "closed_at": _iso(row.closed_at),
        "closed_by": row.closed_by.public_id if row.closed_by else "",
        "conclusion": row.conclusion,
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
