"""Whether new mail comes from somebody whom its reader knows: asked of the store, kept nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from email import message_from_bytes
from email.utils import getaddresses

from casier.directory.models import Account, Address
from casier.engines.cyrus.imap import ImapConnection, quoted
from casier.engines.cyrus.store import Store
from casier.kernel.addresses import BadAddress, MailAddress
from casier.kernel.arrived import Arrived
from casier.mailbox.arrivals.folders import Moved, OpenFolder

# Of more messages at once it is enough to know that somebody known is among the first.
_MOST = 50
_LITERAL = re.compile(rb"\{(\d+)\}\r\n")
_SET = re.compile(r"[0-9:,]{1,200}")


def known_among(store: Store, account: Account, event: Arrived) -> int:
    """How many of the messages of EVENT come from people of the academy, or whom one has written to.

    Messages that are gone count for nothing. Raises Unavailable or StoreRefused.
    """
    if not _SET.fullmatch(event.uids):
        return 0
    with store.person(account.mailbox_key) as connection:
        try:
            OpenFolder(connection, "INBOX", event.uid_validity)
        except Moved:
            return 0
        asked = f"UID FETCH {event.uids} (BODY.PEEK[HEADER.FIELDS (FROM)])"
        answer = connection.run(asked).expect()
        senders = [sender for line in answer.lines if (sender := sender_in(line))][:_MOST]
        strangers = set(senders) - _of_academy(account, senders)
        written = _written_to(connection, strangers)
    return sum(sender not in strangers or sender in written for sender in senders)


def sender_in(line: bytes) -> str:
    """The address in the From of a fetched header; empty where there is none that can be read."""
    begun = _LITERAL.search(line)
    if begun is None:
        return ""
    header = message_from_bytes(line[begun.end() : begun.end() + int(begun[1])])
    for _, address in getaddresses([str(value) for value in header.get_all("From", [])]):
        try:
            return str(MailAddress.parse(address)).lower()
        except BadAddress:
            continue
    return ""


def _of_academy(account: Account, senders: Iterable[str]) -> set[str]:
    """Those that are addresses of the academy's people and mailboxes now."""
    ours = Address.objects.filter(address__in=set(senders), retired_at__isnull=True)
    own = ours.filter(account__academy=account.academy) | ours.filter(mailbox__academy=account.academy)
    return set(own.values_list("address", flat=True))


def _written_to(connection: ImapConnection, addresses: Iterable[str]) -> set[str]:
    """Those whom something in the folder of sent mail went to."""
    if not addresses or not connection.run('EXAMINE "Sent"').ok:
        return set()
    return {address for address in sorted(addresses) if _found(connection, address)}


def _found(connection: ImapConnection, address: str) -> bool:
    answer = connection.run(f"UID SEARCH TO {quoted(address)}").expect()
    return any(len(line.split()) > 2 for line in answer.lines if line.startswith(b"* SEARCH"))
