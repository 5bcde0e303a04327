"""What other rooms may ask of the guard: who is blocked, which browser is known, what goes on at the door."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse

from casier.directory.models import Academy, Account
from casier.identity import sessions
from casier.identity.entry.road import Entry
from casier.identity.guard import devices, factors, knowing, lanes, watching
from casier.identity.guard.actions import forget_devices, unlock
from casier.identity.guard.blocks import Block, BlockedLane, active_blocks, block_of
from casier.identity.guard.keys import keyed
from casier.identity.guard.places import place_of
from casier.identity.guard.sources import one_source
from casier.identity.guard.unusual import Place
from casier.identity.guard.waves import Wave, waves
from casier.identity.redis_link import answering
from casier.policies.policy import UnusualSign

__all__ = [
    "Block",
    "BlockedLane",
    "Place",
    "Wave",
    "active_blocks",
    "block_of",
    "clear_factor_failures",
    "factor_wait",
    "forget_devices",
    "know_device",
    "known_device",
    "note_factor_failure",
    "note_right_proof",
    "note_wrong_proof",
    "one_source",
    "place_of",
    "unlock",
    "unusual_signs",
    "waves",
]


def factor_wait(account: Account, now: float) -> int:
    """Seconds until a second factor may be tried; 0: now; -1: only after a reset."""
    return factors.wait(account, now)


def note_factor_failure(account: Account, source: str, now: float) -> int:
    """Count a wrong second factor after a right password; what `factor_wait` says from now on.

    The caller looks at one code of an account at a time: many at once must gain nothing.
    """
    return factors.failed(account, source, now)


def clear_factor_failures(account: Account) -> None:
    """A second factor was right: its count starts again."""
    factors.cleared(account)


def note_wrong_proof(academy: Academy | None, whom: str, source: str, now: float) -> None:
    """A proof was wrong at a door that limits tries by itself (activation, recovery): many of them, by
    whichever doors, are an attack wave, of which one alert tells. It shuts nothing.

    WHOM: what the visitor said to be, whether or not anyone has it; it is kept as a keyed hash.
    """
    if academy is not None:
        with answering() as redis:
            lanes.count_wrong(redis, academy.slug, keyed("proof", whom), one_source(source), now)


def note_right_proof(academy: Academy | None, now: float) -> None:
    """A proof was right there: on a morning when hundreds activate, slips are no wave."""
    if academy is not None:
        with answering() as redis:
            lanes.count_right(redis, academy.slug, now)


def know_device(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Make this browser a known device of ACCOUNT: after a full sign-in, or a proof by code."""
    terms = request.session.get(sessions.TERMS, {})
    source = str(terms.get("source", "")) or request.headers.get("X-Real-IP", "")
    device_id = str(terms.get("known_device", ""))
    knowing.remember(request, response, account, device_id, str(terms.get("device", "")), source)


def known_device(request: HttpRequest, account: Account) -> str:
    """The id of this browser as a known device of ACCOUNT; "" when it isn't one."""
    return knowing.recognised(request.COOKIES.get(devices.COOKIE, ""), account, time.time())


def unusual_signs(request: HttpRequest, account: Account, entry: Entry) -> tuple[UnusualSign, ...]:
    """What is unusual about an entry on its way (`policy.unusual`): for who asks a factor because of it."""
    return watching.unusual_signs(account, entry, request.COOKIES.get(devices.COOKIE, ""), time.time())
