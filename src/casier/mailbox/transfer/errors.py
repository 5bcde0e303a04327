"""Why something can't be taken out or in."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class NotThere(CasierError):
    """No such export or import of theirs, or no longer."""

    code = "transfer_not_there"


class OneAtATime(CasierError):
    """One of theirs is under way."""

    code = "transfer_one_at_a_time"


class NothingChosen(CasierError):
    """Neither mail nor contacts nor agendas, or a folder that isn't there."""

    code = "transfer_nothing"


class TooLarge(CasierError):
    """More octets than are taken in (`limit`)."""

    code = "transfer_too_large"


class NoRoom(CasierError):
    """The mailbox would be fuller than it may be: `needed` octets where there are `free`."""

    code = "transfer_no_room"


class NoDisk(CasierError):
    """The platform's own disk has no room for this now."""

    code = "transfer_no_disk"


class NotNow(CasierError):
    """Its state is another: it was begun, ended or taken back meanwhile."""

    code = "transfer_not_now"


class Cancelled(Exception):
    """The person no longer wants it."""
