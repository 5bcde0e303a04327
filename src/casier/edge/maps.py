"""The address maps that Postfix asks over the socketmap protocol.

`alias <address>` → mailbox key (`name+x@` leads where `name@` does); `domain <d>` → itself;
`transport <key>` → where its store takes mail;
`srs-forward <sender>` and `srs-reverse <recipient>` → the sender of redirected mail, rewritten and read back.
What can't be known now is TEMP: a bounce can't be taken back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from casier.edge.records import Records
from casier.edge.srs import Srs
from casier.kernel.addresses import PLATFORM_DOMAIN, without_detail
from casier.kernel.errors import Unavailable
from casier.kernel.published import AddressState, Delivery

NOT_FOUND = "NOTFOUND "
# Addresses that ended, each leading to the next.
MOST_STEPS = 20
_PLATFORM = f"@{PLATFORM_DOMAIN}"


@dataclass(frozen=True, slots=True)
class AddressMaps:
    """Answers for Postfix; STORES says by name where each store takes mail (`lmtp:unix:…`)."""

    records: Records
    stores: Mapping[str, str]
    srs: Srs

    async def look_up(self, request: str, now: float) -> str:
        """The answer to `<map> <key>`."""
        name, _, key = request.partition(" ")
        try:
            return await self._look_up(name, key, now)
        except Unavailable:
            return "TEMP the directory cannot be read now"

    async def _look_up(self, name: str, key: str, now: float) -> str:
        match name:
            case "alias":
                return await self._alias(key)
            case "domain":
                return f"OK {key}" if await self.records.is_ours(key) else NOT_FOUND
            case "transport":
                return await self._transport(key)
            case "srs-forward":
                return await self._rewritten(key, now)
            case "srs-reverse":
                return _found(self.srs.reverse(key, now))
        return "PERM no such map"

    async def _alias(self, key: str) -> str:
        """Known and provisioned: the mailbox. Known only: wait. Unknown: no, as RCPT is answered."""
        address = await self._address(key)
        if address is None:
            return NOT_FOUND
        if address.delivery != Delivery.READY:
            return "TEMP the mailbox is being made"
        if address.leads_to:
            return f"OK {address.leads_to}" if await self._arrives(address) else NOT_FOUND
        return f"OK {address.mailbox_key}"

    async def _arrives(self, address: AddressState) -> bool:
        """Whether somebody gets what ADDRESS leads on: whom it leads to may have left since, or lead back.

        Mail that is taken in and then has nowhere to go would come back to a sender who may be forged.
        """
        seen = set[str]()
        while address.leads_to and address.leads_to not in seen and len(seen) < MOST_STEPS:
            seen.add(address.leads_to)
            if not await self.records.is_ours(address.leads_to.rpartition("@")[2]):
                return True
            found = await self._address(address.leads_to)
            if found is None:
                return False
            address = found
        return not address.leads_to

    async def _address(self, text: str) -> AddressState | None:
        """Where mail for an address goes; what stands after a + is the person's own affair."""
        found = await self.records.address(text)
        plain = without_detail(text) if found is None else None
        return await self.records.address(plain) if plain else found

    async def _rewritten(self, sender: str, now: float) -> str:
        """An outsider's sender under a domain of ours. Our own senders stay as they are."""
        ours = await self.records.domains()
        if not ours or sender.rpartition("@")[2].lower() in ours:
            return NOT_FOUND
        return _found(self.srs.forward(sender, ours[0], now))

    async def _transport(self, key: str) -> str:
        """The road to a mailbox. Postfix asks with the key that `alias` gave it, or with an address."""
        account = await self.records.owner(key)
        store = account.store if account else ""
        if not store and (address := await self.records.address(key)):
            store = address.store
        if not store:
            return NOT_FOUND
        road = self.stores.get(store)
        if road and key.endswith(_PLATFORM):
            road = road.replace("lmtp:", "probe:", 1)  # not behind everyone's mail in the queue
        return f"OK {road}" if road else f"TEMP the store {store} is not known here"


def _found(value: str | None) -> str:
    return NOT_FOUND if value is None else f"OK {value}"
