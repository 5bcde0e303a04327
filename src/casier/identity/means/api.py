"""What other rooms may ask of the means by which a person is reached, and of the codes sent there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from casier.directory.models import Account
from casier.identity.dispatch.api import Letter
from casier.kernel.errors import CasierError

__all__ = [
    "CodePurpose",
    "Reach",
    "TooManyCodes",
    "check_code",
    "check_due",
    "means_wanted",
    "pretend_code",
    "reaches",
    "send_code",
    "tell_means",
    "write_to",
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


def pretend_code(name: str, *, source: str) -> str:
    """What `send_code` answers for somebody who isn’t there: a challenge that nothing opens.

    Same limits, same work. NAME: what was typed. Raises TooManyCodes.
    """
    raise NotImplementedError


def write_to(
    account: Account, reach: Reach, letter: Letter, *, why: str, until: datetime | None = None
) -> str:
    """Send LETTER to a verified backup address (a link to come back in, say), in the caller’s transaction.

    The id of the row in `dispatch`. Raises NotFound when REACH isn’t a verified address of ACCOUNT.
    """
    raise NotImplementedError


def tell_means(account: Account, letter: Letter, text: str, *, why: str, not_by: str = "") -> int:
    """Tell the person by every backup means but NOT_BY: addresses get LETTER, telephones TEXT (160 characters).

    Means that were replaced or taken away lately are told too. How many were written to.
    """
    raise NotImplementedError


def check_code(challenge: str, typed: str, purpose: CodePurpose) -> str:
    """The public id of the account whose code TYPED is; "" when it isn’t. It opens once; tries are counted."""
    raise NotImplementedError
