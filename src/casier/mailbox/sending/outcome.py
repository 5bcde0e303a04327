"""What came of a try to send a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sent:
    """It has left, and lies among what was sent."""


@dataclass(frozen=True, slots=True)
class Unfiled:
    """It has left, and still lies among the drafts. Must never be sent again."""

    cause: str


@dataclass(frozen=True, slots=True)
class Refused:
    """It will not leave; KIND says at which step, TEXT is what the engine said."""

    kind: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Later:
    """It has not left, for a cause that passes."""

    cause: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody answered: it may have left. Looked at again before anything is sent again."""

    cause: str


Outcome = Sent | Unfiled | Refused | Later | Unknown
