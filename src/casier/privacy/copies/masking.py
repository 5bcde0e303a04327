"""What a copy tells of others: nothing that the person doesn't know already."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from casier.directory.models import Account

_ACTOR = re.compile(r"(account|operator|system|program|service):([A-Za-z0-9._@+-]+)")
_HEX = re.compile(r"\b[0-9a-f]{32}\b|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b")
_MAIL = re.compile(r"[^\s@<>\"',;:()\[\]]+@([^\s@<>\"',;:()\[\]]+\.[A-Za-z]{2,})")
# Facts that may be secret, or tell of how they are made.
SECRETS = frozenset({"mac", "digest_of", "token", "secret", "password", "numen", "sealed", "code", "salt"})
WORDS = {
    "fr": {
        "self": "vous",
        "account": "un agent de l’académie",
        "operator": "l’exploitation",
        "system": "la plateforme",
    },
    "en": {
        "self": "you",
        "account": "an agent of the academy",
        "operator": "operations",
        "system": "the platform",
    },
}


@dataclass(frozen=True, slots=True)
class Mask:
    """What is PERSON's own: an account's id in both forms, addresses."""

    ids: frozenset[str]
    addresses: frozenset[str]
    language: str = "fr"
    words: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, account: Account, language: str) -> Mask:
        addresses = {address.lower() for address in account.addresses.values_list("address", flat=True)}
        ids = frozenset({account.public_id, str(account.pk)})
        return cls(ids, frozenset({*addresses, account.mailbox_key}), language, WORDS[language])

    def plain(self, value: Any) -> Any:
        """VALUE, of JSON, without what is another person's."""
        if isinstance(value, dict):
            return {str(name): self.plain(one) for name, one in value.items() if name not in SECRETS}
        if isinstance(value, list | tuple):
            return [self.plain(one) for one in value]
        return self.text(value) if isinstance(value, str) else value

    def text(self, text: str) -> str:
        """TEXT without others' ids and addresses."""
        found = _ACTOR.sub(self._actor, text)
        found = _HEX.sub(self._id, found)
        return _MAIL.sub(self._mail, found)

    def _actor(self, found: re.Match[str]) -> str:
        kind, name = found[1], found[2]
        if name in self.ids:
            return self.words["self"]
        return self.words.get(kind, self.words["system"])

    def _id(self, found: re.Match[str]) -> str:
        return self.words["self"] if found[0] in self.ids else "…"

    def _mail(self, found: re.Match[str]) -> str:
        return found[0] if found[0].lower() in self.addresses else f"…@{found[1]}"
