"""What other rooms may ask of the guard: who is blocked, which browser is known, what goes on at the door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse

from casier.audit.api import Actor
from casier.directory.models import Academy, Account

__all__ = [
    "Block",
    "BlockedLane",
    "Wave",
    "active_blocks",
    "block_of",
    "clear_factor_failures",
    "factor_wait",
    "forget_devices",
    "know_device",
    "known_device",
    "note_factor_failure",
    "unlock",
    "waves",
]


@dataclass(frozen=True, slots=True)
class BlockedLane:
    """One way in that is shut: wrong passwords of unknown devices, of one device, or wrong second factors."""

    lane: str  # "unknown", "device", "all" (strict policy), "factor", "one_device" (monoposte)
    since: int  # unix seconds
    until: int  # unix seconds; 0: until somebody unlocks it
    why: str  # "passwords", "factors", "one_device"
    sources: tuple[str, ...] = ()  # the addresses the last wrong tries came from
    device: str = ""  # of lane "device": the browser in words


@dataclass(frozen=True, slots=True)
class Block:
    """What is blocked of an account now."""

    account: str  # public id
    lanes: tuple[BlockedLane, ...]


@dataclass(frozen=True, slots=True)
class Wave:
    """Many failures at once against an academy."""

    id: int
    academy: str  # slug
    opened_at: datetime
    closed_at: datetime | None
    failures: int
    sources: int
    accounts: int


def factor_wait(account: Account, now: float) -> int:
    """Seconds until a second factor may be tried; 0: now; -1: only after a reset."""
    return 0


def note_factor_failure(account: Account, source: str, now: float) -> int:
    """Count a wrong second factor after a right password; what `factor_wait` says from now on."""
    return 0


def clear_factor_failures(account: Account) -> None:
    """A second factor was right: its count starts again."""


def block_of(account: Account) -> Block | None:
    """What is blocked of ACCOUNT; None when nothing is."""
    return None


def unlock(account: Account, *, by: Actor, reason: str) -> None:
    """Open every lane of ACCOUNT again: journalled, and its person is told."""


def know_device(request: HttpRequest, response: HttpResponse, account: Account) -> None:
    """Make this browser a known device of ACCOUNT: after a full sign-in, or a proof by code."""


def known_device(request: HttpRequest, account: Account) -> str:
    """The id of this browser as a known device of ACCOUNT; "" when it isn't one."""
    return ""


def forget_devices(account: Account) -> None:
    """No browser is a known device of ACCOUNT any more."""


def active_blocks(academy: Academy) -> list[Block]:
    """Who is blocked now in ACADEMY."""
    return []


def waves(academy: Academy) -> list[Wave]:
    """The attack waves against ACADEMY, the newest first."""
    return []
