"""What was done about somebody, as they may see it: what, by which office, when and why, and not by whom.

Who acted is named by what they are charged with: people at the help desk are not to be looked for at home.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from casier.audit.api import Query, Recorded
from casier.audit.reading import recorded
from casier.audit.searching import chosen
from casier.directory.models import Account, Mandate
from casier.privacy.copies.masking import Mask

SHOWN = 40
LOOKED = "person.looked_at"
_HEX = 32


@dataclass(frozen=True, slots=True)
class Done:
    """One act. BY: `platform`, `operations`, or `office`; OFFICES: what they were
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
    """What others did to ACCOUNT, or with what is theirs; what they did themselves is in their activity."""
    rows = chosen(Query(target=f"account:{account.public_id}")).exclude(actor=f"account:{account.public_id}")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    entries = [recorded(row) for row in rows.select_related("payload").order_by("-pk")[: SHOWN + 1]]
    shown = entries[:SHOWN]
    held, mask = _offices(shown), Mask.of(account, language)
    older = shown[-1].id if len(entries) > SHOWN else None
    return Page([_done(entry, held, mask) for entry in shown], older)


def _done(entry: Recorded, held: list[Mandate], mask: Mask) -> Done:
    kind, _colon, name = entry.actor.partition(":")
    by = {"operator": "operations", "account": "office"}.get(kind, "platform")
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
