"""Writing in Redis what the edge asks of an account. The database is the truth: doing it again is safe."""

from __future__ import annotations

from casier.directory.models import Account, AccountState
from casier.directory.publishing import publish_accounts
from casier.identity.models import AppPassword
from casier.identity.redis_link import answering
from casier.kernel import published
from casier.kernel.published import AppPasswordState


def publish_account(account: Account) -> None:
    """Write ACCOUNT's records and its application passwords as they are now. Raises Unavailable."""
    with answering():
        publish_accounts([account.pk])
    publish_app_passwords(account)


def publish_app_passwords(account: Account) -> None:
    """Write the application passwords that work, take away those that don't. Raises Unavailable."""
    closed = account.state == AccountState.CLOSED
    with answering() as redis:
        pipeline = redis.pipeline(transaction=True)
        for row in AppPassword.objects.filter(account=account):
            key = published.app_password_key(row.mac)
            if row.revoked_at or closed:
                pipeline.delete(key)
            else:
                state = AppPasswordState(account.public_id, row.id.hex, list(row.protocols))
                pipeline.set(key, state.dumps())
        pipeline.execute()
