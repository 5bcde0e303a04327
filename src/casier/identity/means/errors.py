"""Why a means isn't taken, and why no code is sent."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class TooManyCodes(CasierError):
    """More codes than the limits allow; `seconds` until the next one."""

    code = "too_many_codes"

    def __init__(self, message: str = "", *, seconds: int = 0, **facts: object) -> None:
        super().__init__(message, seconds=seconds, **facts)
        self.seconds = seconds


class BadMeans(CasierError):
    """Not an address or number that can be taken: `why` says it by a stable word."""

    code = "bad_means"

    def __init__(self, why: str) -> None:
        super().__init__(why, why=why)
        self.why = why


class NoSuchMeans(CasierError):
    """No such means of this person."""

    code = "no_such_means"


class LastMeans(CasierError):
    """The policy wants one, and this is the last."""

    code = "last_means"
