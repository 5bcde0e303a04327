"""What other rooms may write into the history of an account, and how a person is told."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from casier.directory.models import Academy, Account
from casier.kernel.errors import new_reference

__all__ = ["Notice", "SignInResult", "note_sign_in", "refuse", "tell"]


class SignInResult(StrEnum):
    """How an attempt to come in ended."""

    OPENED = "opened"
    WRONG = "wrong"  # name or password
    WRONG_FACTOR = "wrong_factor"
    DELAYED = "delayed"  # too many tries: nothing was looked at
    REFUSED = "refused"  # all was right, and the account or the place may not
    ONE_DEVICE = "one_device"


class Notice(StrEnum):
    """What a person is told about their account; `history` finds the words."""

    NEW_DEVICE = "new_device"
    UNUSUAL = "unusual"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ONE_DEVICE = "one_device"
    LOCKED = "locked"
    PASSWORD_CHANGED = "password_changed"
    PASSWORD_EXPIRES = "password_expires"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    MEANS_CHANGED = "means_changed"
    APP_PASSWORD_CREATED = "app_password_created"
    APP_PASSWORD_WAITS = "app_password_waits"
    ACTIVATED = "activated"
    RECOVERY_ASKED = "recovery_asked"
    RECOVERED = "recovered"
    HELP_DESK = "help_desk"


def note_sign_in(
    account: Account | None,
    result: SignInResult,
    *,
    academy: Academy | None,
    source: str,
    device: str = "",
    proofs: tuple[str, ...] = (),
    reference: str = "",
) -> None:
    """Keep an attempt to come in: what the person sees in their history, and the help desk by its reference."""


def refuse(
    why: str, *, account: Account | None, academy: Academy | None, source: str, facts: Mapping[str, str] = {}
) -> str:
    """Keep a refusal with its facts under a fresh reference, which the page shows; the reference."""
    return new_reference()


def tell(account: Account, notice: Notice, facts: Mapping[str, str], *, not_by: str = "") -> None:
    """Tell the person, within the caller's transaction: a message in the mailbox, and to the backup means.

    NOT_BY: the id of the means that was just used or changed, so that the news comes by another road.
    """
