"""What a gateway is asked for, and what it may answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

Receipt = Callable[[str, str, bool], None]  # gateway, its reference, whether the telephone has it


@dataclass(frozen=True, slots=True, repr=False)
class Message:
    """One message to one number. It doesn't print: it holds a code."""

    id: str  # stable: the same when it is tried again
    kind: str  # "sms", "voice"
    number: str  # E.164
    text: str
    code: str = ""  # of a spoken one
    language: str = "fr"


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has it. REFERENCE: its name for it, for the delivery receipt."""

    reference: str = ""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """Certainly not sent. RESTS: the gateway itself is the trouble; it is left alone for a while."""

    reason: str
    rests: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """This message will not be taken, by any gateway: the number doesn't exist."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been sent, or not."""

    reason: str


Outcome = Taken | NotTaken | Refused | Unsure


class Gateway(Protocol):
    """One way to telephones."""

    @property
    def name(self) -> str: ...

    @property
    def harmless(self) -> bool:
        """Whether the same message handed over twice arrives once."""
        ...

    def carries(self, kind: str) -> bool: ...

    def send(self, message: Message) -> Outcome: ...

    def close(self) -> None: ...
