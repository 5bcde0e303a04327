"""Self-repair: the facts about an account whose person has proved who they are, and what they may mend."""

from __future__ import annotations

from datetime import datetime
from ipaddress import ip_address, ip_network

from django.db import transaction

from casier.audit.api import Actor, recent
from casier.directory.actions.accounts import resume
from casier.directory.models import Account, AccountState
from casier.identity.guard import api as guard
from casier.identity.models import User
from casier.identity.passwords.expiry import ends_at
from casier.identity.recovery import tickets
from casier.identity.recovery.authority import note
from casier.identity.recovery.diagnosis import Cure, Facts, Finding, Lane, SuspendedBy, diagnose
from casier.policies.api import policy_for

WHY = "self-repair after a proof by code"

# The ways back that a person goes without anybody's help.
_ALONE = frozenset({"backup_link", "temporary_code", "letter"})
_LOOKED_AT = 200  # entries of the journal


def findings(account: Account, source: str, now: datetime) -> list[Finding]:
    """Why ACCOUNT can't be opened from SOURCE, what weighs most first. Raises Unavailable."""
    return diagnose(facts_of(account, source, now))


def facts_of(account: Account, source: str, now: datetime) -> Facts:
    """What there is to know. Only for who has proved to be its person."""
    policy, user = policy_for(account.academy), User.objects.filter(account=account).first()
    block = guard.block_of(account)
    lanes = tuple(Lane(lane.why, lane.until) for lane in block.lanes) if block else ()
    end = ends_at(user, now) if user else None
    over = user is not None and user.temporary_until is not None and user.temporary_until <= now
    return Facts(
        state=AccountState(account.state),
        suspended_by=suspended_by(account),
        lanes=lanes,
        network_allowed=network_allowed(source, policy.allowed_networks),
        has_password=user is not None and user.has_usable_password(),
        temporary_over=over,
        expired=end is not None and end <= now,
        may_reopen=policy.idle_account.reopen_by_self_service,
        may_recover=bool(_ALONE & set(policy.recovery.methods)),
    )


def suspended_by(account: Account) -> SuspendedBy:
    """Who suspended ACCOUNT, as the journal has it."""
    if account.state != AccountState.SUSPENDED:
        return SuspendedBy.NOBODY
    entries = recent(_LOOKED_AT, f"account:{account.public_id}")
    actors = [entry.actor for entry in entries if entry.action == "account.suspended"]
    actor = actors[-1] if actors else ""
    if actor == f"account:{account.public_id}":
        return SuspendedBy.PERSON
    if actor.startswith("system:idle"):
        return SuspendedBy.IDLENESS
    return SuspendedBy.GUARD if actor == "system:guard" else SuspendedBy.SOMEBODY


def mend(account: Account, cure: Cure, source: str, now: datetime) -> bool:
    """Do what the person may do: whether it was done. Decided anew by the facts, and not without end."""
    if not any(finding.cure is cure for finding in findings(account, source, now)):
        return False
    if not tickets.may_mend(account.public_id):
        return False
    by = Actor.account(account.public_id, source)
    with transaction.atomic():
        note(by, "self_repair", account, "", now, cure=cure.value)
        if cure is Cure.UNLOCK:
            guard.unlock(account, by=by, reason=WHY)
        elif cure is Cure.REOPEN:
            resume(account, by=by, reason=WHY, now=now)
    return True


def network_allowed(source: str, networks: tuple[str, ...]) -> bool:
    """Whether accounts may be used from SOURCE; without a list, from anywhere."""
    if not networks:
        return True
    try:
        address = ip_address(source)
    except ValueError:
        return False
    return any(address in ip_network(network) for network in networks)
