"""What this room refuses, with the facts; the edge finds the words."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class NotTaken(CasierError):
    """The academy takes no request for a contributor."""

    code = "contributors_off"


class BadRequest(CasierError):
    """Something in a request can't be: `field` says what, `why` in a word, other facts how far one may go."""

    code = "bad_contributor"


class TooMany(CasierError):
    """The school has as many contributors as the policy allows, or the head asked too often today: `why`."""

    code = "too_many_contributors"


class AlreadyAsked(CasierError):
    """The same was asked for, and waits; or the person contributes there already."""

    code = "contributor_asked"


class WrongStep(CasierError):
    """It was decided, ended or taken back meanwhile."""

    code = "wrong_step"


class SamePerson(CasierError):
    """Nobody decides about what they asked for themselves, nor about themselves."""

    code = "same_person"


class NobodyInCharge(CasierError):
    """The school has no head who could answer for the contributor."""

    code = "nobody_in_charge"
