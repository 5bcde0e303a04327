"""Finding a person by a name, an address or a piece of one, within what the asking person may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from casier.directory.models import Account, Address, Person, Posting
from casier.kernel.addresses import fold

MOST = 25
SHORTEST = 2
MOST_WORDS = 5


@dataclass(frozen=True, slots=True)
class Found:
    """One person in a list."""

    id: str
    name: str
    address: str
    state: str
    place: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The first people that fit, and whether there are more."""

    people: list[Found]
    more: bool


def find(within: QuerySet[Account], typed: str) -> Answer:
    """Those of WITHIN whom every word of TYPED fits; nothing for fewer than two letters."""
    words = fold(typed.replace("’", "'")).split()[:MOST_WORDS]
    if len("".join(words)) < SHORTEST:
        return Answer([], False)
    rows = within.filter(pk__in=_exact(typed)) if "@" in typed else within.none()
    if not rows.exists():
        rows = within.filter(_fits(words, typed.split()[:MOST_WORDS]))
    rows = rows.order_by("person__family_name", "person__given_name", "pk")
    chosen = list(_complete(rows)[: MOST + 1])
    return Answer([_found(account) for account in chosen[:MOST]], len(chosen) > MOST)


def _exact(typed: str) -> list[uuid.UUID]:
    """Whose address TYPED is, now or before: the index answers, no table is read."""
    owners = Address.objects.filter(address=typed.strip().lower(), account__isnull=False)
    return [owner for owner in owners.values_list("account", flat=True) if owner is not None]


def _fits(folded: list[str], typed: list[str]) -> Q:
    """Addresses hold names without accents; a name that an address doesn't follow is looked at itself.

    Subqueries instead of joins: each table is read once, nobody comes twice.
    """
    by_address = Address.objects.filter(account__isnull=False)
    for word in folded:
        by_address = by_address.filter(address__contains=word)
    by_name = Person.objects.all()
    for word in typed:
        by_name = by_name.filter(Q(family_name__icontains=word) | Q(given_name__icontains=word))
    return Q(pk__in=by_address.values("account")) | Q(person__in=by_name.values("pk"))


def _complete(rows: QuerySet[Account]) -> QuerySet[Account]:
    main = Address.objects.filter(is_primary=True)
    postings = Posting.objects.select_related("school").filter(ends_on=None)
    return rows.select_related("person").prefetch_related(
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
    )
