"""The requests themselves: who sees which, and how an answer is kept."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from casier.audit.api import Actor, record
from casier.directory.mandates import Ability, academies_within, schools_within
from casier.directory.models import Account, Membership, Role, School
from casier.schools.errors import WrongStep
from casier.schools.models import Kind, Request, State

FORGOTTEN = timedelta(days=7)


def waiting_for(account: Account, now: datetime) -> QuerySet[Request]:
    """What waits for an answer of ACCOUNT: the academy's, its schools', its mailboxes'. Who asks to be let in
    is their school's matter; for the academy, only what nobody there has answered in a week.
    """
    academies = academies_within(account, Ability.MANAGE_SCHOOL_MAILBOXES, now)
    whole = Q(academy__in=academies) & (~Q(kind=Kind.JOIN) | Q(asked_at__lte=now - FORGOTTEN))
    schools = schools_within(account, Ability.MANAGE_SCHOOL_MAILBOXES, now).exclude(academy__in=academies)
    managed = Membership.objects.filter(account=account, role=Role.MANAGE).values("mailbox")
    join = Q(kind=Kind.JOIN) & (Q(school__in=schools.values("pk")) | Q(mailbox__in=managed))
    rows = Request.objects.filter(whole | join, state=State.WAITING)
    return _with_names(rows.exclude(asked_by=account).exclude(about=account))


def asked_by(account: Account) -> QuerySet[Request]:
    """What ACCOUNT asked for, the last first."""
    return _with_names(Request.objects.filter(asked_by=account)).order_by("-asked_at")


def requests_of(school: School) -> QuerySet[Request]:
    """What waits for SCHOOL."""
    return _with_names(Request.objects.filter(school=school, state=State.WAITING))


def _with_names(rows: QuerySet[Request]) -> QuerySet[Request]:
    names = ("school", "academy", "mailbox", "about__person", "asked_by__person")
    return rows.select_related(*names).order_by("asked_at")


# Within a transaction, of a row that is locked ---------------------------------------------------------
def locked_row(request: Request) -> Request:
    """REQUEST as it is now, with what an answer needs."""
    rows = Request.objects.select_for_update(of=("self",))
    return rows.select_related(
        "school__academy", "academy", "mailbox__school__academy", "mailbox__academy", "about__person",
        "about__academy", "asked_by__person", "asked_by__academy",
    ).get(pk=request.pk)  # fmt: skip


def still_waits(row: Request) -> None:
    """Raises WrongStep once it is answered."""
    if row.state != State.WAITING:
        raise WrongStep("Somebody has answered.", state=row.state)


def settle(row: Request, state: State, by: Actor, answer: str, now: datetime, given: str = "") -> None:
    """Keep the answer, and who gave it. GIVEN: the address, where it isn't the one that was asked for."""
    row.state, row.decided_by, row.decided_at, row.answer = state, by.name, now, answer
    row.save(update_fields=["state", "decided_by", "decided_at", "answer"])
    note(
        row, f"functional.{state.value}", by, answer or row.reason, now, **({"given": given} if given else {})
    )


def note(row: Request, action: str, by: Actor, reason: str, now: datetime, **more: str) -> None:
    """Write into the journal what became of it."""
    target = f"functional:{row.mailbox_id.hex}" if row.mailbox_id else f"school:{row.school.uai}"
    record(
        by, action, target, reason, academy=row.academy.slug, at=now, kind=row.kind, name=row.name,
        address=row.address, about=row.about.public_id if row.about else "", request=row.pk.hex,
        **more,
    )  # fmt: skip
