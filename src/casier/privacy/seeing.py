"""What was done about somebody, as they may see it: what, by which office, when and why, and not by whom.

Who acted is named by what they are charged with: people at the help desk are not to be looked for at home.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casier.audit.api import Query, Recorded, search
from casier.directory.models import Account, Mandate
from casier.privacy.copies.masking import Mask

# What concerns a person and isn't told to them while it matters: none of it was done to them.
UNTOLD = frozenset({"document.accepted"})
SHOWN = 40
LOOKED = "person.looked_at"
_HEX = 32


@dataclass(frozen=True, slots=True)
class Done:
    """One act. BY: `self`, `platform`, `operations`, or `office`; OFFICES: what they were
    charged with when they did it."""

    id: int
    at: datetime
    action: str
    by: str
    offices: tuple[str, ...]
    reason: str

    @property
    def is_look(self) -> bool:
        """Whether somebody only looked."""
        return self.action in {LOOKED, "mail.traced"}


@dataclass(frozen=True, slots=True)
class Page:
    """Acts, the latest first; OLDER is where the next page begins."""

    acts: list[Done]
    older: int | None


def done_to(account: Account, language: str, before: int | None = None) -> Page:
    """What others did to ACCOUNT, or with what is theirs; and what they did to themselves."""
    found = search(Query(target=f"account:{account.public_id}"), SHOWN, before)
    entries = [entry for entry in found.entries if entry.action not in UNTOLD]
    offices = _offices(entries)
    mask = Mask.of(account, language)
    return Page([_done(entry, account, offices, mask) for entry in entries], found.older)


def _done(entry: Recorded, account: Account, held: list[Mandate], mask: Mask) -> Done:
    kind, _colon, name = entry.actor.partition(":")
    by = {"operator": "operations", "account": "office"}.get(kind, "platform")
    if name == account.public_id:
        by = "self"
    offices = {row.office for row in held if row.account_id.hex == name and _held_at(row, entry.at)}
    return Done(entry.id, entry.at, entry.action, by, tuple(sorted(offices)), mask.text(entry.reason))


def _held_at(row: Mandate, at: datetime) -> bool:
    ends = [end for end in (row.ends_at, row.ended_at) if end is not None]
    return row.starts_at <= at and all(at < end for end in ends)


def _offices(entries: Iterable[Recorded]) -> list[Mandate]:
    """What those who acted were ever charged with."""
    names = {name for entry in entries if (name := entry.actor.partition("account:")[2])}
    ids = [uuid.UUID(name) for name in names if len(name) == _HEX]
    return list(Mandate.objects.filter(account__in=ids))
