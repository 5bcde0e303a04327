"""What other rooms may ask of the means by which a person is reached, and of the codes sent there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casier.directory.models import Account
from casier.kernel.errors import CasierError

__all__ = [
    "CodePurpose",
    "Reach",
    "TooManyCodes",
    "check_code",
    "check_due",
    "means_wanted",
    "reaches",
    "send_code",
]


class CodePurpose(StrEnum):
    """What a code is good for; a code for one is worth nothing for another."""

    SECOND_FACTOR = "second_factor"
    VERIFY = "verify"
    RECOVERY = "recovery"
    REPAIR = "repair"
    STEP_UP = "step_up"


@dataclass(frozen=True, slots=True)
class Reach:
    """A verified way to a person."""

    id: str
    kind: str  # "mail", "sms", "voice"
    hint: str  # "c•••••@laposte.net", "06 •• •• •• 12": all that a page shows of it


class TooManyCodes(CasierError):
    """More codes than the limits allow; `seconds` until the next one."""

    code = "too_many_codes"


def means_wanted(account: Account) -> bool:
    """Whether the policy wants a backup address or telephone, and none is verified."""
    return False


def check_due(account: Account, now: datetime) -> bool:
    """Whether it is time to ask again whether the means are still good."""
    return False


def reaches(account: Account, kinds: tuple[str, ...] = ("mail", "sms", "voice")) -> list[Reach]:
    """The verified ways to ACCOUNT of these kinds; a telephone takes text and speech."""
    return []


def send_code(account: Account, reach: Reach, purpose: CodePurpose, *, source: str, language: str) -> str:
    """Send a fresh code; the id of the challenge, to be kept by the visitor's session.

    Raises TooManyCodes, Unavailable (no gateway answers).
    """
    raise NotImplementedError


def check_code(challenge: str, typed: str, purpose: CodePurpose) -> str:
    """The public id of the account whose code TYPED is; "" when it isn’t. It opens once; tries are counted."""
    raise NotImplementedError
