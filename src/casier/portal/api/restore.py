"""What was deleted for good: `/api/restore`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from casier.audit.api import Actor
from casier.identity.models import User
from casier.mailbox.importing.names import decode
from casier.mailbox.restoring import actions
from casier.mailbox.restoring.index import Deleted
from casier.mailbox.restoring.looking import look_at
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words
from casier.portal.views.sign_in import source_of

PAGE = 100
router = Router()


class SearchRequest(Shape):
    """`anew` where one begins to look: what was deleted since is found too."""

    account_id: str = Field(max_length=254)
    text: str = Field(default="", max_length=300)
    since: datetime | None = None
    until: datetime | None = None
    position: int = Field(default=0, ge=0, le=1_000_000)
    anew: bool = False


class Person(Shape):
    name: str
    email: str


class DeletedMessage(Shape):
    id: str
    subject: str
    sender: Person
    to: str
    size: int
    draft: bool
    folder: str
    received_at: datetime
    deleted_at: datetime


class Folder(Shape):
    """A folder that was deleted with its messages."""

    id: str
    name: str
    messages: int
    deleted_at: datetime


class SearchAnswer(Shape):
    total: int
    days: int
    messages: list[DeletedMessage]
    folders: list[Folder]


class RestoreRequest(Shape):
    account_id: str = Field(max_length=254)
    messages: list[str] = Field(min_length=1, max_length=actions.MOST)


class FolderRequest(Shape):
    account_id: str = Field(max_length=254)
    folder: str = Field(max_length=1200)


class Place(Shape):
    folder: str
    messages: int


class RestoreAnswer(Shape):
    """Where things came back, how many could not, and what undoes it for an hour."""

    placed: list[Place]
    missing: int
    undo: str


class UndoRequest(Shape):
    undo: str = Field(max_length=100_000)


class LookRequest(Shape):
    account_id: str = Field(max_length=254)
    message: str = Field(max_length=64)


class LookAnswer(Shape):
    text: str
    files: list[str]


class Undone(Shape):
    count: int


def _account_of(request: HttpRequest) -> tuple[User, Actor]:
    user = cast("User", request.user)
    return user, Actor.account(user.account.public_id, source_of(request))


@router.post("/search", response=SearchAnswer, by_alias=True, auth=signed_in)
def post_search(request: HttpRequest, wanted: SearchRequest) -> SearchAnswer:
    """What was deleted and can come back. (A POST: what one looks for doesn't stand in addresses.)"""
    user, _actor = _account_of(request)
    asked = actions.Asked(wanted.text, _zoned(wanted.since), _zoned(wanted.until))
    found = actions.search(
        user.account, wanted.account_id, asked,
        place=wanted.position, most=PAGE, anew=wanted.anew, now=timezone.now(),
    )  # fmt: skip
    folders = [
        Folder(id=one.name, name=decode(one.path), messages=count, deleted_at=_moment(one.deleted))
        for one, count in found.folders
    ]
    messages = [_message(one) for one in found.messages]
    return SearchAnswer(total=found.total, days=found.days, messages=messages, folders=folders)


@router.post("/messages", response=RestoreAnswer, by_alias=True, auth=signed_in)
def post_messages(request: HttpRequest, wanted: RestoreRequest) -> RestoreAnswer:
    """Bring messages back to their folders."""
    user, actor = _account_of(request)
    now = timezone.now()
    done = actions.restore(user.account, wanted.account_id, wanted.messages, by=actor, now=now)
    return _restored(done)


@router.post("/folders", response=RestoreAnswer, by_alias=True, auth=signed_in)
def post_folder(request: HttpRequest, wanted: FolderRequest) -> RestoreAnswer:
    """Bring a deleted folder back with what was in it."""
    user, actor = _account_of(request)
    now = timezone.now()
    done = actions.restore_folder(user.account, wanted.account_id, wanted.folder, by=actor, now=now)
    return _restored(done)


@router.post("/undo", response=Undone, by_alias=True, auth=signed_in)
def post_undo(request: HttpRequest, wanted: UndoRequest) -> Undone:
    """What came back goes again."""
    user, actor = _account_of(request)
    return Undone(count=actions.undo(user.account, wanted.undo, by=actor, now=timezone.now()))


@router.post("/look", response=LookAnswer, by_alias=True, auth=signed_in)
def post_look(request: HttpRequest, wanted: LookRequest) -> LookAnswer:
    """The text of a deleted message, to know it again."""
    user, _actor = _account_of(request)
    seen = look_at(actions.content(user.account, wanted.account_id, wanted.message))
    return LookAnswer(text=seen.text, files=list(seen.files))


def _zoned(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _message(one: Deleted) -> DeletedMessage:
    return DeletedMessage(
        id=one.hash, subject=one.subject,
        sender=Person(name=one.name, email=one.address), to=one.to, size=one.size, draft=bool(one.message_id),
        folder=decode(one.folder), received_at=_moment(one.received), deleted_at=_moment(one.deleted),
    )  # fmt: skip


def _restored(done: actions.Restored) -> RestoreAnswer:
    places: dict[str, int] = {}
    for one in done.placed:
        places[one.name] = places.get(one.name, 0) + len(one.uids)
    placed = [Place(folder=name, messages=count) for name, count in places.items()]
    return RestoreAnswer(placed=placed, missing=done.missing, undo=done.undo)


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "restore_not_yours": Words(
            403, _("Récupération impossible"), _("Ce message ou cette boîte ne vous est pas ouvert.")
        ),
        "restore_no_room": Words(
            409,
            _("Boîte trop pleine"),
            _("Il n’y a pas assez de place pour ces messages. Faites de la place, ou choisissez-en moins."),
        ),
        "restore_too_many": Words(
            422, _("Trop de messages à la fois"), _("Choisissez moins de messages, puis recommencez.")
        ),
        "restore_undo_gone": Words(
            409, _("Trop tard pour annuler"), _("Les messages restent dans leurs dossiers.")
        ),
        "restore_busy": Words(
            429,
            _("Recherche en cours"),
            _("Cette boîte est déjà en train d’être examinée. Réessayez dans un instant."),
        ),
    }
