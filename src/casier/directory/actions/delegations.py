"""Opening one's mailbox to a colleague, and closing it again."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.delegating import right_under
from casier.directory.errors import BadDelegation, DelegationForbidden, NotFound
from casier.directory.life import ENDED
from casier.directory.models import Account, DelegateRight, Delegation
from casier.directory.publishing import publish_after_commit
from casier.policies.api import policy_for

MOST_GIVEN = 20
MOST_FOLDERS = 100
# Each is told to both: nobody's bell is flooded.
MOST_A_DAY = 50
TOPIC = "delegation.changed"
_FOLDER = re.compile(r"[0-9A-Za-z-]{1,64}")
# A moment that has just passed while the form was filled in is now.
_LATE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Opening:
    """What is opened, how far, from when to when. FOLDERS: ids of the store; none: the whole mailbox."""

    right: DelegateRight
    starts_at: datetime
    ends_at: datetime
    folders: tuple[str, ...] = ()


def delegate_mailbox(
    owner: Account, delegate: Account, opening: Opening, *, by: Actor, reason: str, now: datetime
) -> Delegation:
    """Open OWNER's mailbox to DELEGATE; one that is open to them becomes OPENING.

    Raises DelegationForbidden, BadDelegation.
    """
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("academy").get(pk=owner.pk)
        _check(locked, delegate, opening, now)
        _end_open(locked, delegate, now)
        row = Delegation.objects.create(
            owner=locked,
            delegate=delegate,
            right=opening.right,
            folders=list(dict.fromkeys(opening.folders)),
            starts_at=max(opening.starts_at, now),
            ends_at=opening.ends_at,
            created_at=now,
        )
        record(
            by, "delegation.given", f"account:{locked.public_id}", reason,
            academy=locked.academy.slug, at=now, delegation=row.id.hex, to=delegate.public_id,
            right=opening.right.value, folders=row.folders,
            starts_at=row.starts_at.isoformat(), ends_at=row.ends_at.isoformat(),
        )  # fmt: skip
        # Now, when it begins, and when it ends: each time the engines follow what the rows say then.
        emit(TOPIC, row.id.hex)
        if row.starts_at > now:
            emit(TOPIC, row.id.hex, due=row.starts_at)
        emit(TOPIC, row.id.hex, due=row.ends_at)
        publish_after_commit(delegate)
        publish_after_commit(locked)
    return row


def end_delegation(row: Delegation, *, by: Actor, reason: str, now: datetime) -> Delegation:
    """Close it now. One that has ended stays as it was."""
    with transaction.atomic():
        locked = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related("owner__academy", "delegate")
            .get(pk=row.pk)
        )
        if locked.ended_at is None:
            _end(locked, "delegation.ended", by, reason, now)
    return locked


def expire(row: Delegation, now: datetime) -> None:
    """Note that its time is over."""
    with transaction.atomic():
        open_rows = Delegation.objects.select_for_update(of=("self",)).select_related(
            "owner__academy", "delegate"
        )
        locked = open_rows.filter(pk=row.pk, ended_at=None, ends_at__lte=now).first()
        if locked is not None:
            _end(locked, "delegation.expired", Actor.system("delegations"), "", now)


def end_all_of(account: Account, *, by: Actor, reason: str, now: datetime) -> None:
    """End what ACCOUNT gave and what it was given: it is closed. Inside a transaction."""
    rows = Delegation.objects.filter(ended_at=None).select_related("owner__academy", "delegate")
    for row in [*rows.filter(owner=account), *rows.filter(delegate=account)]:
        _end(row, "delegation.ended", by, reason, now)


def hand_over(
    owner: Account, heir: Account | None, *, until: datetime, by: Actor, reason: str, now: datetime
) -> None:
    """Let HEIR, and nobody else, read the mailbox of OWNER, whose account is closed; None: nobody does.

    Inside a transaction.
    """
    open_rows = Delegation.objects.filter(owner=owner, ended_at=None).select_related("owner__academy")
    held = {row.delegate_id: row for row in open_rows.select_related("delegate")}
    if heir is not None and heir.pk in held and held[heir.pk].ends_at >= until:
        held.pop(heir.pk)
        heir = None
    for row in held.values():
        _end(row, "delegation.ended", by, reason, now)
    if heir is None or until <= now:
        return
    row = Delegation.objects.create(
        owner=owner, delegate=heir, right=DelegateRight.READ, folders=[], starts_at=now, ends_at=until,
        created_at=now, handed=True,
    )  # fmt: skip
    record(
        by, "delegation.handed", f"account:{owner.public_id}", reason, academy=owner.academy.slug, at=now,
        delegation=row.id.hex, to=heir.public_id, ends_at=until.isoformat(),
    )  # fmt: skip
    emit(TOPIC, row.id.hex)
    emit(TOPIC, row.id.hex, due=until)
    publish_after_commit(heir)


def follow_owner(owner: Account) -> None:
    """OWNER is out, or in again: so is whoever the mailbox is open to. Inside a transaction."""
    for row in Delegation.objects.filter(owner=owner, ended_at=None).select_related("delegate"):
        emit(TOPIC, row.id.hex)
        publish_after_commit(row.delegate)


def delegation_with(delegation_id: str) -> Delegation:
    """The delegation with this id. Raises NotFound."""
    try:
        rows = Delegation.objects.select_related(
            "owner__academy", "owner__person", "delegate__person", "delegate__academy"
        )
        return rows.get(pk=uuid.UUID(hex=delegation_id))
    except (ValueError, Delegation.DoesNotExist) as error:
        raise NotFound(f"No delegation has the id {delegation_id!r}.", delegation=delegation_id) from error


def _check(owner: Account, delegate: Account, opening: Opening, now: datetime) -> None:
    policy = policy_for(owner.academy)
    allowed = right_under(policy, opening.right)
    if allowed is not opening.right:
        raise DelegationForbidden(
            "The academy's policy doesn't allow this.", right=opening.right.value, most=policy.delegation.most
        )
    if delegate.pk == owner.pk or delegate.academy_id != owner.academy_id:
        raise BadDelegation("Only to another person of the same academy.", field="to")
    if ENDED & {owner.state, delegate.state}:
        raise BadDelegation("An account that is closed has no part in this.", field="to")
    longest = timedelta(days=policy.delegation.longest_days + 1)
    starts = max(opening.starts_at, now)
    if opening.starts_at < now - _LATE and opening.starts_at.date() != now.date():
        raise BadDelegation("It can't begin in the past.", field="starts_at")
    if not starts < opening.ends_at <= starts + longest:
        raise BadDelegation(
            "It ends after it begins, within what the academy allows.",
            field="ends_at", longest_days=policy.delegation.longest_days,
        )  # fmt: skip
    if len(opening.folders) > MOST_FOLDERS or not all(map(_FOLDER.fullmatch, opening.folders)):
        raise BadDelegation("Not folders.", field="folders")
    _check_number(owner, delegate, now)


def _check_number(owner: Account, delegate: Account, now: datetime) -> None:
    if Delegation.objects.filter(owner=owner, created_at__gt=now - timedelta(days=1)).count() >= MOST_A_DAY:
        raise BadDelegation(f"At most {MOST_A_DAY} a day.", field="to")
    others = Delegation.objects.filter(owner=owner, ended_at=None).exclude(delegate=delegate)
    if others.count() >= MOST_GIVEN:
        raise BadDelegation(f"A mailbox is open to {MOST_GIVEN} people at most.", field="to")


def _end_open(owner: Account, delegate: Account, now: datetime) -> None:
    """What was open to the same person gives way; the new row tells the rest."""
    for row in Delegation.objects.filter(owner=owner, delegate=delegate, ended_at=None):
        Delegation.objects.filter(pk=row.pk).update(ended_at=now, told="ended")
        emit(TOPIC, row.id.hex)


def _end(row: Delegation, action: str, by: Actor, reason: str, now: datetime) -> None:
    row.ended_at = min(now, row.ends_at) if action == "delegation.expired" else now
    row.save(update_fields=["ended_at"])
    record(
        by, action, f"account:{row.owner.public_id}", reason, academy=row.owner.academy.slug, at=now,
        delegation=row.id.hex, to=row.delegate.public_id,
    )  # fmt: skip
    emit(TOPIC, row.id.hex)
    publish_after_commit(row.delegate)
