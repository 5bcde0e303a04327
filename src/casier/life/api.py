"""What other rooms may use of the life of accounts."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from casier.directory.models import Account
from casier.life.clocks import closes_on, day_of, is_held_on, open_departure, spans
from casier.life.closing import close, reopen
from casier.life.departures import Fate, begin_leaving, cancel_leaving, decide_mailbox, would_close
from casier.life.errors import BadDecision, Held, NotLeaving, TooEarly
from casier.life.holds import hold, lift, lift_all
from casier.life.models import Becomes, HoldKind

__all__ = [
    "BadDecision",
    "Becomes",
    "Fate",
    "Held",
    "HoldKind",
    "NotLeaving",
    "TooEarly",
    "begin_leaving",
    "cancel_leaving",
    "close",
    "closing_day_of",
    "decide_mailbox",
    "hold",
    "is_held",
    "lift",
    "lift_all",
    "reopen",
    "would_close",
]


def is_held(account: Account) -> bool:
    """Whether a hold keeps ACCOUNT as it is today."""
    return is_held_on(account, day_of(timezone.now()))


def closing_day_of(account: Account) -> date | None:
    """The day on which ACCOUNT, which leaves, is shut; None where it doesn't leave, or nobody knows."""
    departure = open_departure(account)
    return closes_on(departure, spans(account)) if departure else None
