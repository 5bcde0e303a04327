"""Whom the reader of a mailbox knows: asked of the store, kept nowhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from casier.directory.models import Account, Address
from casier.engines.cyrus.imap import ImapConnection, quoted
from casier.engines.cyrus.store import Store

# Of more people at once it is enough to know whether one of the first is known.
_MOST = 50


def known_among(store: Store, account: Account, mailbox_key: str, addresses: Collection[str]) -> set[str]:
    """Those of ADDRESSES that are people of the academy, or that ACCOUNT or this mailbox has written to.

    Raises Unavailable or StoreRefused.
    """
    asked = set(sorted(address for address in addresses if address)[:_MOST])
    known = _of_academy(account, asked)
    for key in dict.fromkeys((mailbox_key, account.mailbox_key)):
        if strangers := asked - known:
            with store.person(key) as connection:
                known |= _written_to(connection, strangers)
    return known


def _of_academy(account: Account, addresses: Iterable[str]) -> set[str]:
    """Those that are addresses of the academy's people and mailboxes now."""
    ours = Address.objects.filter(address__in=set(addresses), retired_at__isnull=True)
    own = ours.filter(account__academy=account.academy) | ours.filter(mailbox__academy=account.academy)
    return set(own.values_list("address", flat=True))


def _written_to(connection: ImapConnection, addresses: Iterable[str]) -> set[str]:
    """Those whom something in the folder of sent mail went to."""
    if not connection.run('EXAMINE "Sent"').ok:
        return set()
    return {address for address in sorted(addresses) if _found(connection, address)}


def _found(connection: ImapConnection, address: str) -> bool:
    answer = connection.run(f"UID SEARCH TO {quoted(address)}").expect()
    return any(len(line.split()) > 2 for line in answer.lines if line.startswith(b"* SEARCH"))
