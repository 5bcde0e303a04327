"""What can stand in the way of a file sent by link."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class NoSuchLink(CasierError):
    """Not one of this person's, or gone."""

    code = "not_found"


class FileTooLarge(CasierError):
    """Larger than the academy lets pass by link."""

    code = "link_too_large"


class NoRoom(CasierError):
    """The person's files, or the disk, have no room for it."""

    code = "link_no_room"


class WrongOffset(CasierError):
    """The piece doesn't begin where the file ends; the sender asks where that is, and goes on from there."""

    code = "link_wrong_offset"


class OutsidersNotAllowed(CasierError):
    """The academy sends files to its own people only."""

    code = "link_outsiders"


class PasswordNeeded(CasierError):
    """The academy asks for a password where someone outside is to fetch the file."""

    code = "link_password_needed"


class NotSendable(CasierError):
    """The file isn't whole, or was found not to be safe."""

    code = "link_not_sendable"


class BadTerms(CasierError):
    """A life that is too long, a password that is too short, an address that is none."""

    code = "link_bad_terms"
