"""The life of an account: activate, suspend, resume, close."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.actions.delegations import end_all_of, follow_owner
from casier.directory.life import Step, next_state
from casier.directory.models import Account, AccountState, Address, Membership
from casier.directory.publishing import publish_after_commit
from casier.policies.api import policy_for


def activate(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """The person has what is needed to sign in."""
    return _step(account, Step.ACTIVATE, by, reason, now)


def suspend(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """Put the account out everywhere within a second. Its mail is still received."""
    return _step(account, Step.SUSPEND, by, reason, now)


def resume(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """Lift a suspension: the account is what it was before."""
    return _step(account, Step.RESUME, by, reason, now)


def close(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """End the account for good. Its addresses stay reserved for the time that the policy sets."""
    return _step(account, Step.CLOSE, by, reason, now)


def _step(account: Account, step: Step, by: Actor, reason: str, now: datetime) -> Account:
    with transaction.atomic():
        locked = (
            Account.objects.select_for_update(of=("self",))
            .select_related("academy", "store")
            .get(pk=account.pk)
        )
        state = AccountState(locked.state)
        after = next_state(state, AccountState(locked.state_before) if locked.state_before else None, step)
        if after is state:
            return locked
        locked.state_before = state if after is AccountState.SUSPENDED else ""
        locked.state = after
        locked.save(update_fields=["state", "state_before"])
        if after is AccountState.CLOSED:
            end_all_of(locked, by=by, reason=reason, now=now)
            _retire_everything(locked, now)
        record(
            by, f"account.{_PAST[step]}", f"account:{locked.public_id}", reason,
            academy=locked.academy.slug, at=now, before=state.value,
        )  # fmt: skip
        if (state in _OUT) != (after in _OUT):
            emit("account.access", locked.public_id)
            follow_owner(locked)
        emit("account.changed", locked.public_id)
        publish_after_commit(locked)
    return locked


_OUT = {AccountState.SUSPENDED, AccountState.CLOSED}
_PAST = {
    Step.ACTIVATE: "activated",
    Step.SUSPEND: "suspended",
    Step.RESUME: "resumed",
    Step.CLOSE: "closed",
}


def _retire_everything(account: Account, now: datetime) -> None:
    """Addresses end and are kept from others; memberships end."""
    reserved = now + timedelta(days=policy_for(account.academy).leaving.address_reserved_days)
    Address.objects.filter(account=account, retired_at=None).update(
        is_primary=False, retired_at=now, reserved_until=reserved
    )
    memberships = Membership.objects.filter(account=account).select_related("mailbox")
    for membership in memberships:
        emit("functional.changed", membership.mailbox.pk.hex)
    memberships.delete()
