"""What can be refused about personal data."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class UnderWay(CasierError):
    """A copy of this person's data is being made already."""

    code = "copy_under_way"


class NoSuchCopy(CasierError):
    """Not there, or not yours."""

    code = "no_such_copy"


class NotReady(CasierError):
    """It can't be fetched: not yet, or not any more."""

    code = "copy_not_ready"


class CannotErase(CasierError):
    """Erasing is refused. Its fact `why`: in_service, held, erased."""

    code = "cannot_erase"


class BadRegister(CasierError):
    """Not what the register can hold. Its fact `field` says where."""

    code = "bad_register"
