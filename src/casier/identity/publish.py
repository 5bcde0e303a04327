"""Writing in Redis what the edge asks of an account. The database is the truth; this can be done again at any time."""

from __future__ import annotations

from casier.directory.models import Account, AccountState, Address, Role
from casier.identity.models import AppPassword
from casier.identity.redis_link import answering
from casier.kernel import published
from casier.kernel.published import Access, AppPasswordState
from casier.policies.api import policy_for

_ACCESS = {
    AccountState.INVITED: Access.OPEN,
    AccountState.ACTIVE: Access.OPEN,
    AccountState.SUSPENDED: Access.SUSPENDED,
    AccountState.CLOSED: Access.CLOSED,
}


def account_state(account: Account) -> published.AccountState:
    """What the edge needs to know of ACCOUNT, as the database says now."""
    policy = policy_for(account.academy)
    own = account.addresses.filter(retired_at__isnull=True)
    memberships = account.memberships.filter(mailbox__is_closed=False).select_related("mailbox")
    may_send = [member.mailbox_id for member in memberships if member.role in {Role.ANSWER, Role.MANAGE}]
    shared = Address.objects.filter(mailbox__in=may_send, retired_at__isnull=True)
    return published.AccountState(
        id=account.public_id,
        mailbox_key=account.mailbox_key,
        store=account.store.name,
        academy=account.academy.slug,
        access=_ACCESS[AccountState(account.state)],
        addresses=sorted({*own.values_list("address", flat=True), *shared.values_list("address", flat=True)}),
        shared=sorted(member.mailbox.mailbox_key for member in memberships),
        idle_seconds=policy.sessions.idle_minutes * 60,
        absolute_seconds=policy.sessions.absolute_hours * 3600,
        attachment_bytes=policy.mail.attachment_bytes,
        networks=list(policy.allowed_networks),
    )


def publish_account(account: Account) -> None:
    """Write ACCOUNT's state and its application passwords as they are now. Raises Unavailable."""
    state = account_state(account)
    with answering() as redis:
        pipeline = redis.pipeline(transaction=True)
        pipeline.set(published.account_key(state.id), state.dumps())
        pipeline.set(published.mailbox_owner_key(state.mailbox_key), state.id)
        for row in AppPassword.objects.filter(account=account):
            key = published.app_password_key(row.mac)
            if row.revoked_at or state.access == Access.CLOSED:
                pipeline.delete(key)
            else:
                pipeline.set(key, AppPasswordState(state.id, row.id.hex, list(row.protocols)).dumps())
        pipeline.execute()
