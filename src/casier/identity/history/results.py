"""What can happen at the door, and what a person can be told about their account: names only."""

from __future__ import annotations

from enum import StrEnum


class SignInResult(StrEnum):
    """How an attempt to come in ended."""

    OPENED = "opened"
    WRONG = "wrong"  # name or password
    WRONG_FACTOR = "wrong_factor"
    DELAYED = "delayed"  # too many tries: nothing was looked at
    REFUSED = "refused"  # all was right, and the account or the place may not
    ONE_DEVICE = "one_device"


class Notice(StrEnum):
    """What a person is told about their account; `words.py` finds the words."""

    NEW_DEVICE = "new_device"
    UNUSUAL = "unusual"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    ONE_DEVICE = "one_device"
    LOCKED = "locked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - names, not secrets
    PASSWORD_EXPIRES = "password_expires"  # noqa: S105
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    FACTOR_COPIED = "factor_copied"  # a key that seems to exist twice: it opens nothing any more
    MEANS_CHANGED = "means_changed"
    APP_PASSWORD_CREATED = "app_password_created"  # noqa: S105
    APP_PASSWORD_WAITS = "app_password_waits"  # noqa: S105
    ACTIVATED = "activated"
    RECOVERY_ASKED = "recovery_asked"
    RECOVERED = "recovered"
    HELP_DESK = "help_desk"
    CORRECTION = "correction"  # what they found wrong about themselves was dealt with
    PROTECTED = "protected"  # after « it wasn’t me »: what was done
    # To those who hold a mandate, about others.
    REPORTED = "reported"
    ATTACK_WAVE = "attack_wave"
