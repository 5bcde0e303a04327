"""Finding a person by a name, an address or a piece of one, within what the asking person may see."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from casier.directory.finding import catch_up, first, words_of
from casier.directory.models import Account, Address, Posting

MOST = 25
SHORTEST = 2
_NUMEN = re.compile(r"[0-9]{2}[A-Z][0-9]{7}[A-Z]{3}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Found:
    """One person in a list."""

    id: str
    name: str
    address: str
    state: str
    place: str
    academy: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The first people that fit, and whether there are more."""

    people: list[Found]
    more: bool
    short: bool = False  # too little was typed to look for


def is_numen(typed: str) -> bool:
    """Whether TYPED is a NUMEN: confidential, so that it is neither looked up nor shown again."""
    return _NUMEN.fullmatch("".join(typed.split())) is not None


def find(within: QuerySet[Account], typed: str) -> Answer:
    """Those of WITHIN whom every word of TYPED fits; nothing for fewer than two letters."""
    words = words_of(typed)
    if len("".join(words)) < SHORTEST:
        return Answer([], False, short=True)
    ids = _exact(within, typed) if "@" in typed else []
    if not ids:
        catch_up(timezone.now())
        ids = first(within, words, MOST + 1)
    rows = {account.pk: account for account in _complete(Account.objects.filter(pk__in=ids))}
    return Answer([_found(rows[pk]) for pk in ids[:MOST] if pk in rows], len(ids) > MOST)


def _exact(within: QuerySet[Account], typed: str) -> list[uuid.UUID]:
    """Whose address TYPED is, now or before: the index answers, no table is read."""
    owners = Address.objects.filter(address=typed.strip().lower(), account__isnull=False)
    owner = owners.values_list("account", flat=True).first()
    return list(within.filter(pk=owner).values_list("pk", flat=True)) if owner else []


def _complete(rows: QuerySet[Account]) -> QuerySet[Account]:
    main = Address.objects.filter(is_primary=True)
    postings = Posting.objects.select_related("school").filter(ends_on=None)
    return rows.select_related("person", "academy").prefetch_related(
        Prefetch("addresses", queryset=main, to_attr="main_addresses"),
        Prefetch("person__postings", queryset=postings, to_attr="live_postings"),
    )


def _found(account: Account) -> Found:
    addresses: list[Address] = getattr(account, "main_addresses", [])
    postings: list[Posting] = getattr(account.person, "live_postings", [])
    schools = [posting.school.name for posting in postings if posting.school]
    return Found(
        id=str(account.pk),
        name=account.person.full_name,
        address=addresses[0].address if addresses else account.mailbox_key,
        state=account.state,
        place=schools[0] if schools else "",
        academy=account.academy.name,
    )
