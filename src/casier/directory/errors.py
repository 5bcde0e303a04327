"""What the directory refuses, with the facts; the edge finds the words."""

from __future__ import annotations

from casier.kernel.errors import CasierError


class NotFound(CasierError):
    """Nothing in the directory has this name, address or id."""

    code = "not_found"


class AlreadyThere(CasierError):
    """Something with this name, number or address exists."""

    code = "already_there"


class AddressTaken(AlreadyThere):
    """The address belongs to someone, or did until too short a time ago."""

    code = "address_taken"


class NotOurDomain(CasierError):
    """The academy has no such mail domain."""

    code = "not_our_domain"


class WrongState(CasierError):
    """The account's state doesn't allow this."""

    code = "wrong_state"


class DelegationForbidden(CasierError):
    """The academy doesn't let a mailbox be opened to others, or not that far."""

    code = "delegation_forbidden"


class BadDelegation(CasierError):
    """Who, when or what can't be: `field` says which."""

    code = "bad_delegation"


class BadMandate(CasierError):
    """Who, where, when or why can't be: `field` says which."""

    code = "bad_mandate"
