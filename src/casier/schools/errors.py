"""What is refused in a school's affairs, with the facts; the edge finds the words."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class NoReason(CasierError):
    """What touches others needs a reason in words."""

    code = "reason_wanted"


class NotPosted(CasierError):
    """The person has no posting at this school, or it ends by that day already."""

    code = "not_posted"


class HoldsOffice(CasierError):
    """Who holds an office leaves by the word of those who give offices."""

    code = "holds_office"


class BadDay(CasierError):
    """Not between today and the last day that the policy allows."""

    code = "bad_last_day"


class Changed(CasierError):
    """What was shown before the deed isn't so any more."""

    code = "changed_since"


class TooLate(CasierError):
    """It can't be taken back any more."""

    code = "too_late_to_undo"


class NotAsked(CasierError):
    """The academy's policy doesn't let this be asked: `field` says which."""

    code = "not_asked"


class BadRequest(CasierError):
    """What was asked can't be: `field` says which."""

    code = "bad_mailbox_request"


class AlreadyAsked(CasierError):
    """The same is asked already and waits for an answer."""

    code = "already_asked"


class WrongStep(CasierError):
    """Somebody has answered meanwhile."""

    code = "wrong_step"


class SamePerson(CasierError):
    """Nobody answers what they asked for themselves."""

    code = "own_request"


class Elsewhere(CasierError):
    """The person works at another school, and the policy wants an agreement, or forbids it."""

    code = "works_elsewhere"
