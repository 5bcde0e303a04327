"""What a browser is refused that wants to be told."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class PushOff(CasierError):
    """The academy doesn't offer it, or this installation reaches no push service; `why` tells which."""

    code = "push_off"


class PushOnSharedComputer(CasierError):
    """Signed in on a shared computer, which keeps nothing."""

    code = "push_shared_computer"


class BadSubscription(CasierError):
    """Not a subscription of a push service that this installation knows; the fact `why` tells."""

    code = "bad_subscription"


class NotYourDevice(CasierError):
    """Another browser has this address at its push service."""

    code = "not_your_device"


class TooManyChanges(CasierError):
    """More than a person changes; `retry_after` tells in how many seconds."""

    code = "too_many_changes"


class NoDevice(CasierError):
    """This browser isn't told of anything."""

    code = "not_found"
