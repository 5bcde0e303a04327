"""Why something can't be brought back."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class NotYourMailbox(CasierError):
    """Not theirs, or one that they may not put anything into."""

    code = "restore_not_yours"


class NoRoomLeft(CasierError):
    """With what is wanted the mailbox would be fuller than it may be; `needed` octets."""

    code = "restore_no_room"


class TooMany(CasierError):
    """More at once than is brought back; `most` tells how many."""

    code = "restore_too_many"


class UndoGone(CasierError):
    """The way back is old, or another's."""

    code = "restore_undo_gone"


class LookingAlready(CasierError):
    """The same mailbox is being looked through; `retry_after` seconds."""

    code = "restore_busy"
