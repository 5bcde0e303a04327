"""What the edge must know of proved addresses. The database is the truth: doing it again is safe."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from casier.audit.wake import client
from casier.directory.models import Account
from casier.kernel import published
from casier.mailbox.filters.models import RedirectAddress


def publish_verified(accounts: Iterable[Account]) -> None:
    """Write the proved addresses of ACCOUNTS as they are now."""
    keys = {account.pk: account.mailbox_key for account in accounts}
    proved: dict[object, list[str]] = {pk: [] for pk in keys}
    rows = RedirectAddress.objects.filter(account__in=keys, verified_at__isnull=False)
    for account, address in rows.values_list("account", "address"):
        proved[account].append(address)
    pipeline = client(settings.REDIS_SOCKET).pipeline(transaction=True)
    for pk, key in keys.items():
        pipeline.delete(published.verified_key(key))
        if proved[pk]:
            pipeline.sadd(published.verified_key(key), *proved[pk])
    pipeline.execute()
