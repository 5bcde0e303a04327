"""How far something that is sent can be."""

from __future__ import annotations

from enum import StrEnum


class Fate(StrEnum):
    """How far something is."""

    WAITING = "waiting"  # to be sent, or to be tried again
    SENDING = "sending"
    SENT = "sent"  # taken by Postfix or by a gateway
    DELIVERED = "delivered"  # the network says that the telephone has it
    FAILED = "failed"  # refused for good, by all
    LATE = "late"  # it would have come too late to be of use
    DOUBTFUL = "doubtful"  # it may have been sent: not a second time


OVER = frozenset({Fate.SENT, Fate.DELIVERED, Fate.FAILED, Fate.LATE, Fate.DOUBTFUL})
