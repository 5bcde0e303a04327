"""The life of an account: activate, suspend, resume, leave, stay, close, reopen, purge.

These change what an account is. When it leaves, and what becomes of its mailbox, is `casier.life`'s.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.actions.delegations import end_all_of, follow_owner
from casier.directory.actions.giving import give
from casier.directory.errors import WrongState
from casier.directory.life import ENDED, OUT, Standing, Step, after
from casier.directory.models import Academy, Account, AccountState, Address, EndedAs, Membership
from casier.directory.naming import NAMELESS, free_local, in_order, on_all
from casier.directory.publishing import publish_after_commit
from casier.kernel.addresses import local_part
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


def leave(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """The person is going: still in, until a day that `casier.life` knows."""
    return _step(account, Step.LEAVE, by, reason, now)


def stay(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """They aren't going after all: the account is what it was before."""
    return _step(account, Step.STAY, by, reason, now)


def close(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """Put the account out for good. Its addresses stay reserved for the time that the policy sets."""
    return _step(account, Step.CLOSE, by, reason, now)


def reopen(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """Open a closed account again, with those of its addresses that are still its own; it gets another one
    where none is left. One that was purged is as one just made: nothing is there any more.
    """
    return _step(account, Step.REOPEN, by, reason, now)


def purged(account: Account, *, by: Actor, reason: str, now: datetime) -> Account:
    """Note that nothing is left but the row. Whoever says so has removed it, and looked."""
    return _step(account, Step.PURGE, by, reason, now)


def lead_to(account: Account, address: str, *, by: Actor, reason: str, now: datetime) -> None:
    """Let mail for the addresses of a closed account go on to ADDRESS; "": nowhere."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("academy").get(pk=account.pk)
        closed = locked.addresses.exclude(ended_as="")
        if closed.exclude(leads_to=address).update(leads_to=address):
            record(
                by, "account.redirected", f"account:{locked.public_id}", reason,
                academy=locked.academy.slug, at=now, to=address,
            )  # fmt: skip
            emit("account.changed", locked.public_id)
            publish_after_commit(locked)


def set_quota(account: Account, size: int | None, *, by: Actor, reason: str, now: datetime) -> Account:
    """How much the mailbox may hold, in bytes; None: what the academy's policy says."""
    with transaction.atomic():
        locked = Account.objects.select_for_update(of=("self",)).select_related("academy").get(pk=account.pk)
        if locked.state in ENDED:
            raise WrongState("The account is closed.", state=locked.state)
        if locked.quota_bytes == size:
            return locked
        before, locked.quota_bytes = locked.quota_bytes, size
        locked.save(update_fields=["quota_bytes"])
        record(
            by, "account.quota_set", f"account:{locked.public_id}", reason,
            academy=locked.academy.slug, at=now, before=before, after=size,
        )  # fmt: skip
        emit("account.changed", locked.public_id)
    return locked


def _step(account: Account, step: Step, by: Actor, reason: str, now: datetime) -> Account:
    with transaction.atomic():
        if step is Step.REOPEN:
            # A name may be given: nobody else is given one meanwhile.
            Academy.objects.select_for_update().get(pk=account.academy_id)
        locked = (
            Account.objects.select_for_update(of=("self",))
            .select_related("academy", "store", "person")
            .get(pk=account.pk)
        )
        if step is Step.REOPEN and locked.mailbox_key.endswith(NAMELESS):
            raise WrongState("This person was erased: whoever comes back gets an account of their own.")
        before = standing(locked)
        then = after(before, step)
        if then == before:
            return locked
        locked.state, locked.state_before, locked.state_was = then.state, then.under or "", then.was or ""
        locked.save(update_fields=["state", "state_before", "state_was"])
        _addresses_follow(locked, before, then, by, reason, now)
        record(
            by, f"account.{_PAST[step]}", f"account:{locked.public_id}", reason,
            academy=locked.academy.slug, at=now, before=before.state.value,
        )  # fmt: skip
        if (before.state in OUT) != (then.state in OUT):
            emit("account.access", locked.public_id)
            follow_owner(locked)
        emit("account.changed", locked.public_id)
        publish_after_commit(locked)
    return locked


def standing(account: Account) -> Standing:
    """Where ACCOUNT stands, as the row has it."""
    return Standing(
        AccountState(account.state),
        AccountState(account.state_before) if account.state_before else None,
        AccountState(account.state_was) if account.state_was else None,
    )


_PAST = {
    Step.ACTIVATE: "activated",
    Step.SUSPEND: "suspended",
    Step.RESUME: "resumed",
    Step.LEAVE: "leaving",
    Step.STAY: "staying",
    Step.CLOSE: "closed",
    Step.REOPEN: "reopened",
    Step.PURGE: "purged",
}


def _addresses_follow(
    account: Account, before: Standing, then: Standing, by: Actor, reason: str, now: datetime
) -> None:
    was, ended = before.state in ENDED, then.state in ENDED
    if ended and not was:
        end_all_of(account, by=by, reason=reason, now=now)
        _retire_everything(account, now)
    elif was and not ended:
        _bring_back(account, now)
    elif then.state is AccountState.PURGED:
        account.addresses.exclude(leads_to="").update(leads_to="")
        Account.objects.filter(pk=account.pk).update(provisioned_at=None)
        account.provisioned_at = None


def _retire_everything(account: Account, now: datetime) -> None:
    """Addresses end and are kept from others; memberships end."""
    reserved = now + timedelta(days=policy_for(account.academy).leaving.address_reserved_days)
    live = Address.objects.filter(account=account, retired_at=None)
    live.filter(is_primary=False).update(ended_as=EndedAs.ALIAS, retired_at=now, reserved_until=reserved)
    live.filter(is_primary=True).update(
        ended_as=EndedAs.PRIMARY, is_primary=False, retired_at=now, reserved_until=reserved
    )
    memberships = Membership.objects.filter(account=account).select_related("mailbox")
    for membership in memberships:
        emit("functional.changed", membership.mailbox.pk.hex)
    memberships.delete()


def _bring_back(account: Account, now: datetime) -> None:
    """What was theirs when the account was closed is again, as far as nobody else has it now."""
    own = account.addresses.exclude(ended_as="")
    live = {"ended_as": "", "leads_to": "", "retired_at": None, "reserved_until": None}
    own.filter(ended_as=EndedAs.PRIMARY).update(is_primary=True, **live)
    own.update(**live)
    if account.addresses.filter(is_primary=True).exists():
        return
    # Whoever waits too long has lost the name: whoever has it keeps it.
    domains = in_order(account.academy)
    wanted = local_part(account.person.given_name, account.person.family_name)
    pairs = list(on_all(domains, free_local(domains, wanted, now, account.mailbox_key)))
    give(account, pairs, now, primary=pairs[0][0])
