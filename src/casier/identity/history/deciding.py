"""« It wasn’t me », as a table: what protects the account, by what happened and by how it is said.

Whoever only holds a link may be its owner on a telephone, or someone who reads the owner's mail and wants
them out. What a link does is therefore safe in both cases: it shuts, it opens nothing, and the way back
asks for means that were there before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from casier.identity.entry.road import SECOND_FACTORS, Proof
from casier.identity.history.results import Notice, SignInResult


class Event(StrEnum):
    """What kind of thing is disowned."""

    TRY = "try"  # someone without the password
    PASSWORD_KNOWN = "password_known"  # noqa: S105 - someone had the password, and was kept out all the same
    CAME_IN = "came_in"
    CHANGED = "changed"  # someone inside changed how one comes in
    PROGRAM = "program"  # a mail program that shows a right password, and waits
    RECOVERY = "recovery"  # someone asked for a way back in


class Measure(StrEnum):
    """What can be done at once, in the order in which it is done."""

    SUSPEND = "suspend"
    NEW_PASSWORD = "new_password"  # noqa: S105 - the present one opens nothing any more
    END_SESSIONS = "end_sessions"
    REVOKE_SINCE = "revoke_since"  # factors, means and application passwords added since
    REVOKE_PROGRAM = "revoke_program"
    FORGET_DEVICES = "forget_devices"  # none is known or trusted any more
    CUT_PROGRAMS = "cut_programs"  # open connections of mail programs
    CANCEL_RECOVERY = "cancel_recovery"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class Said:
    """How it is said, and what is left to the person."""

    signed_in: bool  # from a session that stays: freshly proved, and not the one that is disowned
    way_back: bool  # a verified means, older than what is disowned, by which a person comes back alone


_IN_ORDER = tuple(Measure)
_EVERYTHING = frozenset(Measure) - {Measure.SUSPEND, Measure.REVOKE_PROGRAM}
_TABLE: dict[Event, frozenset[Measure]] = {
    Event.TRY: frozenset({Measure.REPORT}),
    Event.RECOVERY: frozenset({Measure.CANCEL_RECOVERY, Measure.REPORT}),
    Event.PROGRAM: frozenset({Measure.REVOKE_PROGRAM, Measure.CUT_PROGRAMS, Measure.REPORT}),
    Event.PASSWORD_KNOWN: frozenset({Measure.NEW_PASSWORD, Measure.END_SESSIONS, Measure.REPORT}),
    Event.CAME_IN: _EVERYTHING,
    Event.CHANGED: _EVERYTHING,
}
OPENED_ALREADY = frozenset({Event.CAME_IN, Event.CHANGED})


def measures(event: Event, said: Said) -> tuple[Measure, ...]:
    """What is done, in order.

    The account is suspended when someone was inside and nobody who has just proved who they are says so:
    after a change of the way in the means can't be trusted to lead its owner back; and without any, only the
    help desk can. Otherwise a new password, by the means from before, is enough.
    """
    wanted = set(_TABLE[event])
    if not said.signed_in and (event is Event.CHANGED or (event in OPENED_ALREADY and not said.way_back)):
        wanted.add(Measure.SUSPEND)
    return tuple(measure for measure in _IN_ORDER if measure in wanted)


_OF_NOTICE: dict[Notice, Event] = {
    Notice.NEW_DEVICE: Event.CAME_IN,
    Notice.UNUSUAL: Event.CAME_IN,
    Notice.SUSPENDED: Event.PASSWORD_KNOWN,
    Notice.ONE_DEVICE: Event.PASSWORD_KNOWN,
    Notice.LOCKED: Event.TRY,
    Notice.PASSWORD_CHANGED: Event.CHANGED,
    Notice.FACTOR_ADDED: Event.CHANGED,
    Notice.FACTOR_REMOVED: Event.CHANGED,
    # One of the two keys may have been in before: nothing tells which is its owner's.
    Notice.FACTOR_COPIED: Event.CAME_IN,
    Notice.MEANS_CHANGED: Event.CHANGED,
    Notice.APP_PASSWORD_CREATED: Event.CHANGED,
    Notice.APP_PASSWORD_WAITS: Event.PROGRAM,
    Notice.ACTIVATED: Event.CHANGED,
    Notice.RECOVERY_ASKED: Event.RECOVERY,
    Notice.RECOVERED: Event.CHANGED,
    Notice.HELP_DESK: Event.CHANGED,
}
_OF_RESULT: dict[SignInResult, Event] = {
    SignInResult.OPENED: Event.CAME_IN,
    SignInResult.WRONG: Event.TRY,
    SignInResult.WRONG_FACTOR: Event.PASSWORD_KNOWN,
    SignInResult.DELAYED: Event.TRY,
    SignInResult.REFUSED: Event.PASSWORD_KNOWN,
    SignInResult.ONE_DEVICE: Event.PASSWORD_KNOWN,
}


# What the help desk may do at the word of someone who isn't its owner, without letting them in by it.
_HARMLESS_HELP = frozenset({"unlock", "sign_out"})


def event_of_notice(notice: Notice, facts: Mapping[str, str]) -> Event | None:
    """What disowning NOTICE means; None for what nobody can have caused in the person's name."""
    if notice is Notice.SUSPENDED and facts.get("by"):
        return None
    if notice is Notice.HELP_DESK and facts.get("what") in _HARMLESS_HELP:
        return Event.TRY
    return _OF_NOTICE.get(notice)


def event_of_result(result: SignInResult) -> Event:
    """What disowning a line of the history means."""
    return _OF_RESULT[result]


def trusted(proofs: tuple[str, ...]) -> bool:
    """Whether a session has shown a second factor: a trusted browser says nothing of who sits before it."""
    return bool({str(proof) for proof in SECOND_FACTORS - {Proof.TRUSTED_DEVICE}} & set(proofs))
