"""The end of the road: the session opens, on the terms of the academy."""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.contrib.auth import login
from django.http import HttpRequest

from casier.identity import backends, sessions
from casier.identity.entry.road import Entry
from casier.identity.models import User
from casier.policies.api import policy_for


@dataclass(frozen=True, slots=True)
class Opened:
    """The session is open."""


@dataclass(frozen=True, slots=True)
class NotNow:
    """Everything was right, and the session stays shut: another device has one open (monoposte), or the
    account was just suspended because the sign-in was unusual. What is told comes after full proof only.
    """

    why: str  # "one_device", "unusual", "suspended"
    seconds: int = 0  # until it may be tried again; 0: not by waiting


def open_session(request: HttpRequest, user: User, entry: Entry) -> Opened | NotNow:
    """Open a session under a fresh key, or tell why not."""
    policy = policy_for(user.account.academy).sessions
    shared = entry.shared_computer
    minutes = min(policy.idle_minutes, policy.shared_computer_idle_minutes) if shared else policy.idle_minutes
    now = int(time.time())
    login(request, user, backend=backends.PATH)
    request.session[sessions.TERMS] = sessions.as_data(
        sessions.Terms(
            created=now,
            absolute_until=now + policy.absolute_hours * 3600,
            idle_seconds=minutes * 60,
            origin=f"{request.scheme}://{request.get_host()}",
            source=entry.source,
            device=entry.device,
            shared_computer=shared,
            proofs=tuple(entry.proofs),
            proved_at=now,
        )
    )
    return Opened()
