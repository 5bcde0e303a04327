"""Conditions that a person can be told about."""

from __future__ import annotations

import secrets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_reference() -> str:
    """A short reference such as `R-7K2M-9QXD`: shown on a refusal, written in the log beside the facts."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"R-{''.join(letters[:4])}-{''.join(letters[4:])}"


class CasierError(Exception):
    """A refusal or a failure with a stable code and facts; the edge finds the words and the language."""

    code = "error"

    def __init__(self, message: str = "", **facts: object) -> None:
        super().__init__(message or self.code)
        self.facts = facts
        self.reference = new_reference()


class NotAllowed(CasierError):
    """The actor may not do this."""

    code = "not_allowed"


class Unavailable(CasierError):
    """Something needed is down. Unknown is not no: try again later, refuse nothing for good."""

    code = "unavailable"
