"""Why somebody can't come in, and what helps: a table from facts to findings. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from casier.directory.life import ENDED, IN_USE
from casier.directory.models import AccountState


class Cause(StrEnum):
    """What stands in the way. The pages find the words."""

    CLOSED = "closed"
    NOT_ACTIVATED = "not_activated"
    IDLE = "idle"  # suspended because nobody used the account
    UNUSUAL = "unusual"  # suspended because a sign-in was not like the others
    OWN_WISH = "own_wish"  # suspended by the person: « it wasn't me »
    SUSPENDED = "suspended"  # by somebody of the academy
    PASSWORDS = "passwords"  # too many wrong ones
    FACTORS = "factors"  # too many wrong second factors after a right password
    ONE_DEVICE = "one_device"
    NETWORK = "network"
    NO_PASSWORD = "no_password"  # noqa: S105 - causes, not secrets
    TEMPORARY_OVER = "temporary_over"
    EXPIRED = "expired"  # the way is open: a new one is asked for at sign-in
    NOTHING = "nothing"


class Cure(StrEnum):
    """What the person may do about it here and now."""

    NONE = ""
    UNLOCK = "unlock"  # their lanes, and this browser becomes a known one
    REOPEN = "reopen"  # an account that was only idle
    RECOVER = "recover"  # a new password
    ACTIVATE = "activate"


class SuspendedBy(StrEnum):
    """Who put the account out, as the journal has it."""

    NOBODY = ""
    IDLENESS = "idleness"
    GUARD = "guard"
    PERSON = "person"
    SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Lane:
    """A way in that is shut. UNTIL: unix seconds; 0: until somebody opens it."""

    why: str  # "passwords", "factors", "one_device"
    until: int
    here: bool = True  # whether it is shut for this browser, too


@dataclass(frozen=True, slots=True)
class Facts:
    """What there is to know about an account that someone can't open."""

    state: AccountState
    suspended_by: SuspendedBy = SuspendedBy.NOBODY
    lanes: tuple[Lane, ...] = ()
    network_allowed: bool = True
    has_password: bool = True
    temporary_over: bool = False
    expired: bool = False
    may_reopen: bool = False  # idle accounts, by policy
    may_recover: bool = True  # some way back that the person goes alone


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause, what cures it, and until when it lasts by itself (0: it doesn't end)."""

    cause: Cause
    cure: Cure = Cure.NONE
    until: int = 0


_SUSPENSIONS = {
    SuspendedBy.IDLENESS: Cause.IDLE,
    SuspendedBy.GUARD: Cause.UNUSUAL,
    SuspendedBy.PERSON: Cause.OWN_WISH,
}


def diagnose(facts: Facts) -> list[Finding]:
    """Everything that stands in the way, what weighs most first; never empty."""
    if facts.state in ENDED:
        return [Finding(Cause.CLOSED)]
    if facts.state == AccountState.INVITED:
        return [Finding(Cause.NOT_ACTIVATED, Cure.ACTIVATE)]
    found = [*_suspension(facts), *_lanes(facts), *_network(facts)]
    if facts.state in IN_USE:
        found += _password(facts)
    return found or [Finding(Cause.NOTHING, _recover(facts))]


def _suspension(facts: Facts) -> list[Finding]:
    if facts.state != AccountState.SUSPENDED:
        return []
    cause = _SUSPENSIONS.get(facts.suspended_by, Cause.SUSPENDED)
    may = cause is Cause.IDLE and facts.may_reopen
    return [Finding(cause, Cure.REOPEN if may else Cure.NONE)]


def _lanes(facts: Facts) -> list[Finding]:
    """Wrong second factors are no matter for a code alone: whoever knows the password could try on for ever.

    While such a lock holds nothing is opened here.
    """
    held = any(lane.why == "factors" for lane in facts.lanes)
    by_cause: dict[Cause, int] = {}
    for lane in facts.lanes:
        cause = Cause(lane.why)
        until = by_cause.get(cause, lane.until)
        by_cause[cause] = 0 if 0 in (until, lane.until) else max(until, lane.until)
    return [
        Finding(cause, Cure.NONE if held else Cure.UNLOCK, until)
        for cause, until in sorted(by_cause.items(), key=lambda pair: pair[0] is not Cause.FACTORS)
    ]


def _network(facts: Facts) -> list[Finding]:
    return [] if facts.network_allowed else [Finding(Cause.NETWORK)]


def _password(facts: Facts) -> list[Finding]:
    if not facts.has_password:
        return [Finding(Cause.NO_PASSWORD, _recover(facts))]
    if facts.temporary_over:
        return [Finding(Cause.TEMPORARY_OVER, _recover(facts))]
    return [Finding(Cause.EXPIRED)] if facts.expired else []


def _recover(facts: Facts) -> Cure:
    return Cure.RECOVER if facts.may_recover and facts.state in IN_USE else Cure.NONE
