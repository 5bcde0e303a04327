"""What the help desk does for someone who can't get in: reset the password, and apart from it the factors.

The identity is checked in ways that are written down. Where a second person has to agree, nothing happens
before. The password is drawn by the platform and can be read once; nobody chooses it.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.errors import WrongState
from casier.directory.life import ENDED
from casier.directory.mandates import Ability
from casier.directory.models import Academy, Account
from casier.identity.history.api import Notice
from casier.identity.recovery import consequences, neighbours
from casier.identity.recovery.authority import (
    ReasonWanted,
    SamePerson,
    authorise,
    note,
    reason_in,
    second_person_wanted,
)
from casier.identity.recovery.models import Reset, ResetKind, ResetState
from casier.kernel.errors import CasierError
from casier.kernel.secret import Secret
from casier.policies.api import policy_for

__all__ = [
    "LEAST_CHECKS",
    "Check",
    "NoSuchReset",
    "NotEnoughChecks",
    "Outcome",
    "ReasonWanted",
    "SamePerson",
    "WrongStep",
    "approve_reset",
    "pending_resets",
    "refuse_reset",
    "reset_factors",
    "start_reset",
    "take_password",
]

LEAST_CHECKS = 2
# How long a reset waits for the second person, and an agreed one for who asked to take the password.
WAITS = timedelta(hours=24)
# How long an identity that was checked for the password is good for the factors, too.
CHECKED_FOR = timedelta(hours=24)


class Check(StrEnum):
    """A way in which the help desk made sure of who is calling."""

    CALLED_BACK = "called_back"  # at the number on file
    DOCUMENT = "document"  # an identity document was seen
    IN_PERSON = "in_person"
    POSTING = "posting"  # a question that the posting answers: school, function, since when
    BIRTH_DATE = "birth_date"
    SUPERIOR = "superior"  # the head of the school or service confirmed


# Known to colleagues, pupils and the school's web site: together they are one check, not two.
_WEAK = frozenset({Check.POSTING, Check.BIRTH_DATE})


class NotEnoughChecks(CasierError):
    """The identity was not checked well enough; `least` says how many ways are needed."""

    code = "not_enough_checks"


class NoSuchReset(CasierError):
    """No reset has this id."""

    code = "no_such_reset"


class WrongStep(CasierError):
    """What was asked doesn't follow from where the reset or the letter stands."""

    code = "wrong_step"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a reset stands; the password where it was made just now, for this one look."""

    reset: Reset
    password: Secret | None = None


def enough(checks: Sequence[Check]) -> bool:
    """Whether CHECKS make sure of an identity: several, and one at least that isn't common knowledge."""
    return len(set(checks)) >= LEAST_CHECKS and not set(checks) <= _WEAK


def start_reset(account: Account, checks: Sequence[Check], by: Actor, reason: str) -> Outcome:
    """Reset the password after CHECKS: at once, or once a second person agrees.

    Raises NotAllowed, SamePerson, ReasonWanted, NotEnoughChecks, WrongState (closed),
    WrongStep (one is under way).
    """
    now = timezone.now()
    authorise(by, Ability.RESET, account, now)
    if not enough(checks):
        raise NotEnoughChecks("The identity must be checked in more ways.", least=LEAST_CHECKS)
    with transaction.atomic():
        reset = _begin(account, ResetKind.PASSWORD, sorted(set(checks)), by, reason_in(reason), now)
        return Outcome(reset, _take(reset, by, now) if reset.state == ResetState.APPROVED else None)


def reset_factors(account: Account, by: Actor, reason: str) -> Outcome:
    """Take every second factor off: an act of its own, for someone whose password was just reset.

    The identity that was checked then is what it rests on; without it NotEnoughChecks.
    """
    now = timezone.now()
    authorise(by, Ability.RESET, account, now)
    with transaction.atomic():
        checked = Reset.objects.filter(
            account=account, kind=ResetKind.PASSWORD, state=ResetState.DONE, ended_at__gt=now - CHECKED_FOR
        )
        last = checked.order_by("-ended_at").first()
        if last is None:
            raise NotEnoughChecks("Reset the password first: that is where the identity is checked.")
        reset = _begin(account, ResetKind.FACTORS, last.checks, by, reason_in(reason), now)
        if reset.state == ResetState.APPROVED:
            _drop_factors(reset, by, now)
    return Outcome(reset)


def approve_reset(reset_id: str, by: Actor, reason: str = "") -> Outcome:
    """The second person agrees. A password is then taken by who asked, factors are dropped at once.

    Raises NotAllowed, SamePerson, NoSuchReset, WrongStep.
    """
    now = timezone.now()
    with transaction.atomic():
        reset = _locked(reset_id)
        authorise(by, Ability.APPROVE_RESET, reset.account, now)
        if by.name == reset.asked_by:
            raise SamePerson("Who asked for it can't agree to it as well.")
        _must_be(reset, ResetState.PENDING, now)
        reset.state, reset.approved_by, reset.approved_at = ResetState.APPROVED, by.name, now
        reset.save(update_fields=["state", "approved_by", "approved_at"])
        note(by, "reset_approved", reset.account, reason, now, reset=reset.id.hex, kind=reset.kind)
        if reset.kind == ResetKind.FACTORS:
            _drop_factors(reset, by, now)
    return Outcome(reset)


def refuse_reset(reset_id: str, by: Actor, reason: str) -> Reset:
    """The second person doesn't agree, or who asked takes it back."""
    now = timezone.now()
    with transaction.atomic():
        reset = _locked(reset_id)
        ability = Ability.RESET if by.name == reset.asked_by else Ability.APPROVE_RESET
        authorise(by, ability, reset.account, now)
        _must_be(reset, ResetState.PENDING, now)
        words = reason_in(reason)
        _end(reset, ResetState.REFUSED, by.name, now, words)
        note(by, "reset_refused", reset.account, words, now, reset=reset.id.hex, kind=reset.kind)
    return reset


def take_password(reset_id: str, by: Actor) -> Secret:
    """The temporary password of an agreed reset: for who asked, drawn now, never to be read again."""
    now = timezone.now()
    with transaction.atomic():
        reset = _locked(reset_id)
        authorise(by, Ability.RESET, reset.account, now)
        if by.name != reset.asked_by:
            raise SamePerson("The password is for who checked the identity.")
        _must_be(reset, ResetState.APPROVED, now)
        return _take(reset, by, now)


def pending_resets(academy: Academy) -> QuerySet[Reset]:
    """The resets that wait for someone, the oldest first."""
    since = timezone.now() - WAITS
    waiting = Q(state=ResetState.PENDING, asked_at__gt=since)
    agreed = Q(state=ResetState.APPROVED, approved_at__gt=since)
    found = Reset.objects.filter(waiting | agreed, academy=academy)
    return found.select_related("account__person", "account__academy").order_by("asked_at")


def _begin(
    account: Account, kind: ResetKind, checks: Sequence[str], by: Actor, reason: str, now: datetime
) -> Reset:
    """A reset under the account's row lock, so that of two at once one begins."""
    locked = (
        Account.objects.select_for_update(of=("self",)).select_related("academy", "person").get(pk=account.pk)
    )
    if locked.state in ENDED:
        raise WrongState("The account is closed.", state=locked.state)
    _expire(Reset.objects.filter(account=locked, kind=kind), now)
    waits = second_person_wanted(locked, policy_for(locked.academy).recovery.four_eyes, now)
    try:
        with transaction.atomic():
            reset = Reset.objects.create(
                account=locked, academy=locked.academy, kind=kind, checks=[str(check) for check in checks],
                state=ResetState.PENDING if waits else ResetState.APPROVED,
                reason=reason, asked_by=by.name, asked_at=now, approved_at=None if waits else now,
            )  # fmt: skip
    except IntegrityError as error:
        raise WrongStep("A reset of this account is under way.") from error
    note(by, "reset_asked", locked, reason, now, reset=reset.id.hex, kind=kind.value, checks=reset.checks)
    return reset


def _take(reset: Reset, by: Actor, now: datetime) -> Secret:
    """Draw the password; everything that the account had open ends."""
    account = reset.account
    password = neighbours.temporary_password(account, by, reset.reason)
    neighbours.end_everything(account, by, reset.reason)
    consequences.unlock(account, by, reset.reason)
    _end(reset, ResetState.DONE, by.name, now)
    note(by, "reset_done", account, reset.reason, now, reset=reset.id.hex, kind=reset.kind)
    consequences.tell_of(account, Notice.HELP_DESK, {"what": "password", "reason": reset.reason})
    return password


def _drop_factors(reset: Reset, by: Actor, now: datetime) -> None:
    neighbours.drop_factors(reset.account, by, reset.reason)
    _end(reset, ResetState.DONE, by.name, now)
    note(by, "reset_done", reset.account, reset.reason, now, reset=reset.id.hex, kind=reset.kind)
    consequences.tell_of(reset.account, Notice.HELP_DESK, {"what": "factors", "reason": reset.reason})


def _locked(reset_id: str) -> Reset:
    try:
        wanted = uuid.UUID(reset_id)
    except ValueError as error:
        raise NoSuchReset("No such reset.", id=reset_id) from error
    found = Reset.objects.select_for_update(of=("self",)).select_related(
        "account__academy", "account__person"
    )
    reset = found.filter(pk=wanted).first()
    if reset is None:
        raise NoSuchReset("No such reset.", id=reset_id)
    return reset


def _must_be(reset: Reset, state: ResetState, now: datetime) -> None:
    since = reset.approved_at if reset.state == ResetState.APPROVED else reset.asked_at
    if reset.state != state or since is None or since <= now - WAITS:
        raise WrongStep("The reset is not there any more.", state=reset.state)


def _expire(resets: QuerySet[Reset], now: datetime) -> None:
    """Those that waited too long don't stand in the way of a new one."""
    old = now - WAITS
    stale = Q(state=ResetState.PENDING, asked_at__lte=old) | Q(
        state=ResetState.APPROVED, approved_at__lte=old
    )
    resets.filter(stale).update(state=ResetState.EXPIRED, ended_at=now)


def _end(reset: Reset, state: ResetState, by: str, now: datetime, reason: str = "") -> None:
    reset.state, reset.ended_by, reset.ended_at, reset.end_reason = state, by, now, reason
    reset.save(update_fields=["state", "ended_by", "ended_at", "end_reason"])
