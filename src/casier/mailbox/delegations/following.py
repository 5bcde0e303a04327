"""The engines follow a delegation: rights in the store, senders at the edge, what is open; both are told."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from django.conf import settings

from casier.audit.wake import client, tell_browsers
from casier.directory.actions.delegations import delegation_with, expire
from casier.directory.delegating import holds, in_force, right_under
from casier.directory.errors import NotFound
from casier.directory.models import Account, Delegation
from casier.directory.publishing import publish_accounts
from casier.kernel import published
from casier.kernel.errors import Unavailable
from casier.mailbox.delegations.telling import tell_both
from casier.mailbox.sending.jmap import Jmap, NoAnswer, NotReached
from casier.mailbox.stores import store_named
from casier.mailbox.wanted import of_account
from casier.policies.api import policy_for

# Open pages ask again who they are and what they may open.
EVENT = "access"


def follow(delegation_id: str, now: datetime) -> None:
    """Make everything what this delegation says at NOW. Doing it again changes nothing."""
    try:
        row = delegation_with(delegation_id)
    except NotFound:
        return
    if row.ended_at is None and row.ends_at <= now:
        expire(row, now)
        row.refresh_from_db(fields=["ended_at"])
    set_rights(row.owner)
    publish_accounts([row.owner.pk, row.delegate.pk])
    if not (holds(row, now) and right_under(policy_for(row.owner.academy), row.right)):
        _cut(row.delegate)
    for account in (row.owner, row.delegate):
        tell_browsers(settings.REDIS_SOCKET, EVENT, account.mailbox_key)
    _tell(row, now)


def set_rights(owner: Account) -> None:
    """Let the store know who opens the mailbox of OWNER now."""
    wanted = of_account(owner, policy_for(owner.academy))
    if wanted is None or wanted.rights is None or owner.provisioned_at is None:
        return
    if wanted.rights.everywhere:
        _make_agendas(wanted.key)
    store_named(wanted.store).set_rights(wanted.key, wanted.rights, wanted.own)


def look_over(now: datetime) -> None:
    """Once more for every mailbox that is open to someone: what was made since has rights from above."""
    open_rows = Delegation.objects.filter(in_force(now)).select_related("owner__academy", "owner__store")
    for owner in {row.owner_id: row.owner for row in open_rows}.values():
        set_rights(owner)


def _make_agendas(key: str) -> None:
    """Have agendas and address books before the mail is open to others: made later, they would be open too.

    The store makes them when their owner first asks. Raises Unavailable.
    """
    instance = settings.CASIER_INSTANCE
    road = Jmap(instance.socket("cyrus", "nginx", "dav.sock"), instance.key("jwt"))
    try:
        with road.acting_for(key) as session:
            for kind in ("calendars", "addressbooks"):
                session.visit(f"/dav/{kind}/user/{quote(key)}/")
    except (NotReached, NoAnswer) as error:
        raise Unavailable("store", cause=str(error.facts)) from error


def _cut(delegate: Account) -> None:
    """A folder that a mail program has open stays open to it: its connections end, and it comes back."""
    client(settings.REDIS_SOCKET).publish(
        published.CHANNEL_ENDED, f"{delegate.public_id} {published.ENDED_CONNECTIONS}"
    )


def _tell(row: Delegation, now: datetime) -> None:
    """Tell both once that it was given, that it began, that it ended."""
    step = "ended" if row.ended_at is not None else "begun" if row.starts_at <= now else "given"
    if row.told in {step, "ended"}:
        return
    tell_both(row, step, now)
    Delegation.objects.filter(pk=row.pk).update(told=step)
