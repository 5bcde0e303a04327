"""What the IT department tells: `/api/announcements`."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from ninja import Router, Status

from casier.identity.models import User
from casier.mailbox.announcements.actions import announcements_for, dismiss
from casier.portal.api.access import signed_in
from casier.portal.api.schemas import Shape
from casier.portal.api.words import Words

router = Router()


class AnnouncementShape(Shape):
    id: str
    level: Literal["information", "warning", "critical"]
    french: str
    english: str
    ends_at: datetime | None


class Announced(Shape):
    """CHANGES_AT: when another one begins or one of these ends, so that nobody needs to ask before."""

    announcements: list[AnnouncementShape]
    changes_at: datetime | None


@router.get("", response=Announced, by_alias=True, auth=signed_in)
def get_announcements(request: HttpRequest) -> Announced:
    """What is to be shown now, the most pressing first."""
    seen = announcements_for(cast("User", request.user).account, timezone.now())
    shown = [
        AnnouncementShape(
            id=row.id.hex,
            level=cast('Literal["information", "warning", "critical"]', row.level),
            french=row.french,
            english=row.english,
            ends_at=row.ends_at,
        )
        for row in seen.now
    ]
    return Announced(announcements=shown, changes_at=seen.changes_at)


@router.put("/{announcement_id}/dismissed", response={204: None}, auth=signed_in)
def put_dismissed(request: HttpRequest, announcement_id: str) -> Status[None]:
    """Put it aside, on every device. 409 for what is critical."""
    dismiss(cast("User", request.user).account, announcement_id, timezone.now())
    return Status(204, None)


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    if (get_language() or "fr").startswith("en"):
        said = Words(409, "Alert kept", "A critical alert stays until it is over.")
    else:
        said = Words(409, "Alerte maintenue", "Une alerte critique reste affichée jusqu’à sa fin.")
    return {"critical_stays": said}
