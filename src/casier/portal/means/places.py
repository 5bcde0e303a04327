"""Where the pages of means stand: on the way in, and in one's account."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casier.identity.entry.road import Duty
from casier.portal.entry import road
from casier.portal.entry.places import Place, Places

MANAGE: Final = "/compte/secours/"
PLACES: Final = Places(
    Duty.MEANS, "portal/door.html", "/compte/secours/ajouter/", "portal/means/account_frame.html"
)


def done(request: HttpRequest, place: Place) -> HttpResponse:
    """Where one goes once a means is verified."""
    return redirect(MANAGE) if place.signed_in else road.go_on(request)
