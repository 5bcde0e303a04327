"""How many of what came into a mailbox somebody is to be told of."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from functools import cached_property

from casier.directory.models import Account, Address
from casier.engines.cyrus.imap import StoreRefused
from casier.kernel.arrived import Arrived
from casier.mailbox.arrivals.uids import Uids
from casier.mailbox.push.heads import Head
from casier.mailbox.push.models import Audience

log = logging.getLogger(__name__)

Heads = Callable[[Arrived], list[Head]]
# Of ACCOUNT, reading the mailbox with this key: those of these addresses that are known.
Known = Callable[[Account, str, Collection[str]], set[str]]
# Who handed in the message with this Message-ID: a mailbox key, or empty where that isn't known.
HandedIn = Callable[[str], str]


class Came:
    """What one event tells of; the store is asked once, and only where somebody is to be told."""

    def __init__(self, event: Arrived, heads: Heads, known: Known, handed_in: HandedIn) -> None:
        self.event = event
        self._ask, self._known, self._handed_in = heads, known, handed_in

    def count_for(self, account: Account, audience: str) -> int:
        """How many are news to ACCOUNT: not what it wrote itself. Raises Unavailable."""
        own = set(Address.objects.filter(account=account, retired_at=None).values_list("address", flat=True))
        others = [head for head in self._heads if not self._wrote(account, own, head)]
        if audience != Audience.KNOWN or not others:
            return len(others)
        known = self._acquainted(account, {head.author for head in others})
        return sum(head.author in known for head in others)

    @cached_property
    def _heads(self) -> list[Head]:
        try:
            return self._ask(self.event)
        except StoreRefused as error:
            # Unknown is not no: something came, whoever wrote it.
            log.info("new mail can't be looked at (%s)", type(error).__name__)
            return [Head()] * count_of(self.event)

    def _acquainted(self, account: Account, addresses: Collection[str]) -> set[str]:
        try:
            return self._known(account, self.event.owner, addresses)
        except StoreRefused as error:
            log.info("whom one has written to can't be looked at (%s)", type(error).__name__)
            return set()

    def _wrote(self, account: Account, own: Collection[str], head: Head) -> bool:
        """By who handed it in, where several may write under one address; else by what stands in it."""
        login = self._handed_in(head.message_id) if head.message_id else ""
        return login == account.mailbox_key if login else (head.sender or head.author) in own


def count_of(event: Arrived) -> int:
    """How many messages EVENT names."""
    try:
        return sum(last - first + 1 for first, last in Uids.parse(event.uids).intervals)
    except ValueError:
        return 1
