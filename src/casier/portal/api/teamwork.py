"""Several people at one mailbox: `/api/teamwork`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import Field

from casier.audit.api import Actor
from casier.directory.access import primary_address
from casier.directory.models import Account
from casier.identity.models import User
from casier.mailbox.teamwork.actions import MOST_AT_ONCE, Wanted, set_work, works_of, works_on
from casier.mailbox.teamwork.models import Work
from casier.mailbox.teamwork.team import Team, team_for
from casier.mailbox.teamwork.writing import say_stopped, say_writing, writing_in
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.views.sign_in import source_of

router = Router()
EmailId = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,100}$")]


class MemberShape(Shape):
    id: str
    name: str
    address: str
    may_work: bool


class AnswerShape(Shape):
    by: str
    name: str
    at: datetime
    address: str
    message_id: str


class WorkShape(Shape):
    email: str
    thread: str
    assigned_to: str
    assigned_name: str
    assigned_by: str
    handled_name: str
    handled_at: datetime | None
    answers: list[AnswerShape]


class WritingShape(Shape):
    email: str
    by: str
    name: str
    since: datetime


class TeamShape(Shape):
    me: str
    may_work: bool
    members: list[MemberShape]
    works: list[WorkShape]
    writing: list[WritingShape]
    at: datetime


class WorkWanted(Shape):
    mailbox: str = Field(min_length=3, max_length=254)
    emails: list[EmailId] = Field(min_length=1, max_length=MOST_AT_ONCE)
    assign_to: str | None = Field(default=None, max_length=40)
    handled: bool | None = None


class WritingWanted(Shape):
    mailbox: str = Field(min_length=3, max_length=254)
    email: EmailId
    on: bool


def _account(request: HttpRequest) -> Account:
    return cast("User", request.user).account


@router.get("", response=TeamShape, by_alias=True, auth=signed_in)
def get_team(
    request: HttpRequest, mailbox: str, since: datetime | None = None, emails: str = ""
) -> TeamShape:
    """Who works at a mailbox, and what changed there since; or what is known of single messages."""
    account, now = _account(request), timezone.now()
    team = team_for(account, mailbox, now, to_change=False)
    if since is not None and since.tzinfo is None:
        since = None  # a moment of nowhere: all of it
    works = works_on(mailbox, emails.split(",")) if emails else works_of(mailbox, since)
    names = {member.public_id: member.person.full_name for member in team.members}
    return TeamShape(
        me=account.public_id,
        may_work=account.pk in team.may_work,
        members=_members(team),
        works=_works(works),
        writing=[
            WritingShape(email=one.email_id, by=one.account_id, name=names[one.account_id], since=one.since)
            for one in writing_in(mailbox, now)
            if one.account_id in names
        ],
        at=now,
    )


@router.post("", response={204: None}, auth=signed_in)
def post_work(request: HttpRequest, wanted: WorkWanted) -> Status[None]:
    """Take on, give to a colleague, say that it is done."""
    account = _account(request)
    asked = Wanted(tuple(wanted.emails), wanted.assign_to, wanted.handled)
    by = Actor.account(account.public_id, source_of(request))
    set_work(account, wanted.mailbox, asked, by=by, now=timezone.now())
    return Status(204, None)


@router.post("/writing", response={204: None}, auth=signed_in)
def post_writing(request: HttpRequest, wanted: WritingWanted) -> Status[None]:
    """An answer is being written, or no longer."""
    account, now = _account(request), timezone.now()
    team = team_for(account, wanted.mailbox, now, to_change=True)
    if wanted.on:
        say_writing(team, account, wanted.email, now)
    else:
        say_stopped(team, account, wanted.email)
    return Status(204, None)


def _members(team: Team) -> list[MemberShape]:
    return [
        MemberShape(
            id=member.public_id,
            name=member.person.full_name,
            address=primary_address(member),
            may_work=member.pk in team.may_work,
        )
        for member in team.members
    ]


def _works(rows: Iterable[Work]) -> list[WorkShape]:
    return [
        WorkShape(
            email=row.email_id,
            thread=row.thread_id,
            assigned_to=row.assigned_to.public_id if row.assigned_to else "",
            assigned_name=_name(row.assigned_to),
            assigned_by=_name(row.assigned_by),
            handled_name=_name(row.handled_by),
            handled_at=row.handled_at,
            answers=[
                AnswerShape(
                    by=answer.by.public_id,
                    name=answer.by.person.full_name,
                    at=answer.at,
                    address=answer.address,
                    message_id=answer.message_id,
                )
                for answer in sorted(row.answers.all(), key=lambda one: one.at)
            ],
        )
        for row in rows
    ]


def _name(account: Account | None) -> str:
    return account.person.full_name if account else ""


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "mailbox_not_open": Words(
            403, _("Boîte fermée"), _("Cette boîte ne vous est pas ouverte, ou ne l’est plus.")
        ),
        "may_only_read": Words(
            403, _("Lecture seule"), _("Vous pouvez lire cette boîte, sans rien y changer.")
        ),
        "not_in_team": Words(
            422, _("Personne inconnue ici"), _("Cette personne ne traite pas le courrier de cette boîte.")
        ),
    }
