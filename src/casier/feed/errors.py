"""What the feed refuses, with the facts."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class WrongRunState(CasierError):
    """The run isn't where this is possible: `state` says where it is."""

    code = "feed_wrong_state"


class Overtaken(CasierError):
    """Another run was applied since this one was looked at: `run` says which. Look again."""

    code = "feed_overtaken"


class NotTheLast(CasierError):
    """Only the last run that was applied can be undone: `run` says which."""

    code = "feed_not_the_last"


class TooManyLeave(CasierError):
    """More would leave than the policy lets pass without a word: `count`, `of`, `most`, `percent`."""

    code = "feed_too_many_leave"


class ReasonWanted(CasierError):
    """What touches people has a reason in words."""

    code = "reason_wanted"


class BadDecision(CasierError):
    """Not one of those whom the record may be."""

    code = "feed_bad_decision"
