"""Which names may be given: no address and no mailbox key is someone else's, as either of the two.

Postfix looks up again what an address led to. Were the mailbox key of one person an address of another,
mail for the first would go on to the second; so a key that was ever given stays out of reach of everyone
else's addresses.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Claims:
    """What is spoken for among the names in question."""

    # addresses in use, or retired with their time not over
    addresses: frozenset[str] = frozenset()
    # mailbox keys ever given, also those of people who left
    keys: frozenset[str] = frozenset()

    def allow_address(self, address: str, own_key: str = "") -> bool:
        """Whether ADDRESS may be given to the owner of the mailbox OWN_KEY; empty: there is none yet."""
        return address not in self.addresses and (address not in self.keys or address == own_key)

    def allow_key(self, key: str) -> bool:
        """Whether KEY may be the mailbox key of someone who has no address yet."""
        return key not in self.keys and key not in self.addresses
