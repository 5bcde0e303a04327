"""Making many accounts at once: a feed brings sixty thousand in a night.

The same rows, journal and events as `create_account`, in a number of queries that doesn't grow with people.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from casier.audit.api import Actor
from casier.audit.journal import record_many
from casier.audit.outbox import Rank, emit_many
from casier.directory.models import (
    Academy,
    Account,
    Address,
    MailDomain,
    Person,
    PersonKey,
    Store,
    UsedMailboxKey,
)
from casier.directory.naming import free_locals, in_order
from casier.kernel.addresses import local_part


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A person to make an account for; PERSON: who is in the directory already, without an account."""

    account_id: UUID
    given_name: str
    family_name: str
    store: Store
    birth_name: str = ""
    title: str = ""
    birth_date: date | None = None
    numen_index: str | None = None
    numen_sealed: bytes | None = None
    feed_key: str = ""
    person: Person | None = None
    starts_on: date | None = None  # whose mailbox must be there by then


def create_many(
    academy: Academy, newcomers: Sequence[Newcomer], *, by: Actor, reason: str, now: datetime
) -> list[Account]:
    """Make all of them in one transaction; who starts first is provisioned first, then the others in order.

    Keys and NUMENs must be new, names must have letters: whoever plans has looked. Raises AddressTaken.
    """
    with transaction.atomic():
        # One at a time in an academy: two homonyms never find the same address free.
        Academy.objects.select_for_update().get(pk=academy.pk)
        domains = in_order(academy)
        locals_ = free_locals(
            domains, [local_part(new.given_name, new.family_name) for new in newcomers], now
        )
        people = _people(academy, newcomers, now)
        accounts = _accounts(academy, newcomers, people, _keys(domains, locals_), now)
        _addresses(accounts, locals_, domains, now)
        record_many(
            by, "account.created", reason, academy=academy.slug, at=now,
            rows=[
                (f"account:{account.public_id}", {"address": account.mailbox_key, "name": person.full_name})
                for account, person in zip(accounts, people, strict=True)
            ],
        )  # fmt: skip
        emit_many(
            "account.changed",
            [account.public_id for account in accounts],
            [Rank.on(new.starts_on) if new.starts_on else Rank.MANY for new in newcomers],
        )
    return accounts


def _keys(domains: list[MailDomain], locals_: Sequence[str]) -> list[str]:
    """The mailbox keys: the primary addresses, which are free as keys where they are free as addresses."""
    return [f"{local}@{domains[0].name}" for local in locals_]


def _people(academy: Academy, newcomers: Sequence[Newcomer], now: datetime) -> list[Person]:
    people = [new.person or _person(academy, new, now) for new in newcomers]
    Person.objects.bulk_create([person for person in people if person.pk is None])
    PersonKey.objects.bulk_create(
        PersonKey(academy=academy, key=new.feed_key, person=person)
        for new, person in zip(newcomers, people, strict=True)
        if new.feed_key
    )
    return people


def _person(academy: Academy, new: Newcomer, now: datetime) -> Person:
    return Person(
        academy=academy,
        given_name=new.given_name,
        family_name=new.family_name,
        birth_name=new.birth_name,
        title=new.title,
        birth_date=new.birth_date,
        numen_index=new.numen_index,
        numen_sealed=new.numen_sealed,
        created_at=now,
    )


def _accounts(
    academy: Academy, newcomers: Sequence[Newcomer], people: Sequence[Person], keys: list[str], now: datetime
) -> list[Account]:
    UsedMailboxKey.objects.bulk_create(UsedMailboxKey(key=key, at=now) for key in keys)
    return Account.objects.bulk_create(
        Account(
            id=new.account_id,
            academy=academy,
            person=person,
            mailbox_key=key,
            store=new.store,
            created_at=now,
        )
        for new, person, key in zip(newcomers, people, keys, strict=True)
    )


def _addresses(
    accounts: Sequence[Account], locals_: Sequence[str], domains: list[MailDomain], now: datetime
) -> None:
    names = [f"{local}@{domain.name}" for local in locals_ for domain in domains]
    # What is left of an owner whose time is over: free, or it wouldn't have been given.
    Address.objects.filter(address__in=names).delete()
    Address.objects.bulk_create(
        Address(
            address=f"{local}@{domain.name}",
            domain=domain,
            account=account,
            is_primary=number == 0,
            created_at=now,
        )
        for account, local in zip(accounts, locals_, strict=True)
        for number, domain in enumerate(domains)
    )
