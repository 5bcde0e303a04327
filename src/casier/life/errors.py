"""What can't be done with the life of an account, with the facts."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class Held(CasierError):
    """A hold forbids it until it is lifted."""

    code = "account_held"


class TooEarly(CasierError):
    """Its day hasn't come."""

    code = "too_early"


class BadDecision(CasierError):
    """A date, an address, a colleague or a reason that can't be: `field` says which."""

    code = "bad_decision"


class NotLeaving(CasierError):
    """The account isn't on its way out."""

    code = "not_leaving"
