"""What is found where two things can't stand together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from casier.policies.policy import Policy


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A field, and why it can't stand as it is, in both languages."""

    field: str
    reason: str
    french: str


Check = Callable[[Policy], Iterator[Contradiction]]
