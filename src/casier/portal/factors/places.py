"""Where the pages of second factors stand: on the way in, and in one's account."""

from __future__ import annotations

from typing import Final

from casier.identity.entry.road import Duty
from casier.portal.entry.places import Places

DOOR: Final = "portal/factors/frame_door.html"
ACCOUNT: Final = "portal/factors/frame_account.html"
MANAGE: Final = "/compte/second-facteur/"
PLACES: Final = Places(Duty.ENROL, DOOR, "/compte/second-facteur/ajouter/", ACCOUNT)
