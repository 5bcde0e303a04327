"""Who acts, and whether they may: asked in each act itself, of the one function that decides."""

from __future__ import annotations

from datetime import datetime

from casier.audit.api import Actor
from casier.contributors.errors import BadRequest, SamePerson, WrongStep
from casier.contributors.models import Request, Stay
from casier.directory.access import account_by_id
from casier.directory.mandates import Ability, may, require
from casier.directory.models import Account, School
from casier.kernel.errors import NotAllowed

LONGEST_REASON = 500
# The platform itself, when the calendar says so.
NIGHT = Actor.system("contributors")


def acting(by: Actor, school: School, now: datetime, *abilities: Ability) -> Account | None:
    """The person BY, who may do one of ABILITIES at SCHOOL; None: the operator of the server, who has the
    database anyway. Raises NotAllowed.
    """
    kind, _colon, name = by.name.partition(":")
    if kind == "operator" and by.origin == "cli":
        return None
    if kind != "account":
        raise NotAllowed("Only a person with a mandate may do this.", actor=by.name)
    account = account_by_id(name)
    if not any(may(account, ability, school, now) for ability in abilities[1:]):
        require(account, abilities[0], school, now)
    return account


def not_oneself(actor: Account | None, person_id: int) -> None:
    """Raises SamePerson where ACTOR would decide about themselves."""
    if actor is not None and actor.person_id == person_id:
        raise SamePerson("Nobody does this for themselves.")


def said(reason: str) -> str:
    """The reason as it is kept. Raises BadRequest."""
    text = " ".join(reason.split())[:LONGEST_REASON]
    if not text:
        raise BadRequest("Say why.", field="reason", why="missing")
    return text


def lock_school(school_id: int) -> School:
    """The school's row: what is counted there stays so, and contributors change one at a time."""
    return School.objects.select_for_update(of=("self",)).select_related("academy").get(pk=school_id)


def lock_request(request: Request) -> Request:
    """REQUEST, which still waits. The school's row comes first. Raises WrongStep."""
    lock_school(request.school_id)
    rows = Request.objects.select_for_update(of=("self",)).select_related(
        "school__academy", "asked_by__academy", "asked_by__person"
    )
    locked = rows.filter(pk=request.pk).first()
    if locked is None or locked.state != "waiting":
        raise WrongStep("The request was answered already.")
    return locked


def lock_stay(stay: Stay) -> Stay:
    """STAY as it is now. The school's row comes first. Raises WrongStep."""
    lock_school(stay.school_id)
    rows = Stay.objects.select_for_update(of=("self",)).select_related(
        "school__academy", "account__academy", "account__person", "posting", "sponsor__academy",
        "sponsor__person",
    )  # fmt: skip
    locked = rows.filter(pk=stay.pk).first()
    if locked is None:
        raise WrongStep("Nothing is left of it.")
    return locked
