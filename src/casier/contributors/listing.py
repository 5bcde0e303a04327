"""Requests and stays to be shown: of which schools is the caller's to say (`mandates.schools_within`)."""

from __future__ import annotations

import uuid
from datetime import date
from enum import StrEnum

from django.db.models import Q, QuerySet

from casier.contributors.models import Request, State, Stay
from casier.directory.errors import NotFound
from casier.directory.models import Account, Posting, PostingSource, School


class Phase(StrEnum):
    """Where a stay stands today."""

    COMING = "coming"
    GOING = "going"
    OVER = "over"


def phase_of(stay: Stay, today: date) -> Phase:
    """Whether STAY is to come, under way or over."""
    posting = stay.posting
    if stay.ended_on is not None or (posting.ends_on is not None and posting.ends_on < today):
        return Phase.OVER
    return Phase.COMING if posting.starts_on is not None and posting.starts_on > today else Phase.GOING


def stays_at(schools: QuerySet[School]) -> QuerySet[Stay]:
    """The stays at these schools, those that end first before the others."""
    rows = Stay.objects.filter(school__in=schools.values("pk"))
    return _known(rows).order_by("posting__ends_on", "pk")


def stays_of(account: Account) -> QuerySet[Stay]:
    """The stays of one person, the latest first."""
    return _known(Stay.objects.filter(account=account)).order_by("-begun_at", "pk")


def requests_at(schools: QuerySet[School]) -> QuerySet[Request]:
    """What was asked for at these schools, the oldest first."""
    rows = Request.objects.filter(school__in=schools.values("pk"))
    return rows.select_related(
        "school__academy", "asked_by__person", "stay__account__person", "stay__posting"
    ).order_by("asked_at", "pk")


def stay_with(text: str) -> Stay:
    """The stay with this id. Raises NotFound."""
    found = _known(Stay.objects.filter(pk=_uuid(text))).first()
    if found is None:
        raise NotFound(f"No contributor has the number {text!r}.", stay=text)
    return found


def stay_if(text: str) -> Stay | None:
    """The stay with this id, if there is one."""
    try:
        return stay_with(text)
    except NotFound:
        return None


def request_with(text: str) -> Request:
    """The request with this id. Raises NotFound."""
    rows = Request.objects.select_related("school__academy", "asked_by__person", "stay__posting")
    found = rows.filter(pk=_uuid(text)).first()
    if found is None:
        raise NotFound(f"No request has the number {text!r}.", request=text)
    return found


def is_contributor(account: Account, on: date) -> bool:
    """Whether ACCOUNT contributes somewhere on that day, for a school that answers for them."""
    live = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), person=account.person_id, source=PostingSource.SPONSOR
    )
    return live.exists()


def waiting(schools: QuerySet[School]) -> QuerySet[Request]:
    """What waits for an answer at these schools."""
    return requests_at(schools).filter(state=State.WAITING)


def _known(rows: QuerySet[Stay]) -> QuerySet[Stay]:
    return rows.select_related(
        "account__academy", "account__person", "school__academy", "posting", "sponsor__person"
    )


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(hex=text)
    except ValueError as error:
        raise NotFound(f"{text!r} is no number.", number=text) from error
