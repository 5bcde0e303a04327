"""What people choose in the web client: `/api/settings/<section>`."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from casier.identity.models import User
from casier.mailbox.choices.actions import save_choice
from casier.portal.api.access import signed_in
from casier.portal.api.words import Words

router = Router()


@router.put("/{section}", response={204: None}, auth=signed_in)
def put_settings(request: HttpRequest, section: str) -> Status[None]:
    """Keep one section, whole."""
    save_choice(cast("User", request.user).account, section, request.body)
    return Status(204, None)


def words() -> dict[str, Words]:
    """Refusals of this part, in the person's language."""
    return {
        "bad_choice": Words(
            422,
            _("Réglage refusé"),
            _("Ce réglage n’a pas la forme attendue. Rechargez la page et recommencez."),
        )
    }
