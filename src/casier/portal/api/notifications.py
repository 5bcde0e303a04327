"""What services told the person signed in: `/api/notifications`."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from casier.identity.models import User
from casier.mailbox.notifications.actions import SHOWN, mark_read, notifications_of, remove, unread
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words

router = Router()


class NotificationShape(Shape):
    id: str
    service: str
    title: str
    text: str
    link: str
    at: datetime
    read: bool


class Bell(Shape):
    unread: int
    notifications: list[NotificationShape]


class Which(Shape):
    ids: list[UUID] = Field(min_length=1, max_length=SHOWN)


@router.get("", response=Bell, by_alias=True, auth=signed_in)
def get_notifications(request: HttpRequest) -> Bell:
    """The latest, and how many of all were never looked at."""
    account, now = cast("User", request.user).account, timezone.now()
    shown = [
        NotificationShape(
            id=row.id.hex,
            service=row.service.name,
            title=row.title,
            text=row.text,
            link=row.link,
            at=row.at,
            read=row.read_at is not None,
        )
        for row in notifications_of(account, now)[:SHOWN]
    ]
    return Bell(unread=unread(account, now), notifications=shown)


@router.post("/read", response={204: None}, auth=signed_in)
def post_read(request: HttpRequest, which: Which) -> Status[None]:
    """They were looked at."""
    mark_read(cast("User", request.user).account, which.ids, timezone.now())
    return Status(204, None)


@router.post("/removed", response={204: None}, auth=signed_in)
def post_removed(request: HttpRequest, which: Which) -> Status[None]:
    """Out of the list."""
    remove(cast("User", request.user).account, which.ids, timezone.now())
    return Status(204, None)


def words() -> dict[str, Words]:
    return {}
