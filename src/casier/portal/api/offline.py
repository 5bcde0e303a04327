"""The key of what a browser keeps: `/api/offline/<copy id>`."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Status
from pydantic import BaseModel

from casier.identity import sessions
from casier.identity.models import User
from casier.mailbox.offline import actions
from casier.portal.api.access import signed_in
from casier.portal.api.words import Words

router = Router()


class LentKey(BaseModel):
    """A key of 256 bits in hex; NEW when nothing that was written before can be read with it."""

    key: str
    days: int
    new: bool


@router.put("/{uuid:copy_id}", response=LentKey, auth=signed_in)
def put_key(request: HttpRequest, response: HttpResponse, copy_id: UUID) -> LentKey:
    """Lend the key of one's own copy to an open session."""
    terms = sessions.Terms(**request.session[sessions.TERMS])
    account = cast("User", request.user).account
    lent = actions.lend_key(account, copy_id, terms.shared_computer, timezone.now())
    response.headers["Cache-Control"] = "no-store"
    return LentKey(key=lent.key.reveal(), days=lent.days, new=lent.new)


@router.delete("/{uuid:copy_id}", response={204: None}, auth=signed_in)
def delete_key(request: HttpRequest, copy_id: UUID) -> Status[None]:
    """One's own copy is to be unreadable for good."""
    actions.forget_key(cast("User", request.user).account, copy_id)
    return Status(204, None)


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "nothing_kept": Words(
            403,
            _("Rien n’est gardé sur cet appareil"),
            _("Ce poste est partagé, ou votre académie ne permet pas de copie locale du courrier."),
        )
    }
