"""Making accounts: a person, a posting, addresses, a mailbox key and a store."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from casier.audit.api import Actor, emit, record
from casier.directory.access import default_store, numen_vault
from casier.directory.actions.giving import give
from casier.directory.errors import AlreadyThere
from casier.directory.models import Academy, Account, MailDomain, Person, PersonKey, Posting, School, Store
from casier.directory.naming import claim_key, free_local, in_order, on_all, parse_key, parse_own
from casier.kernel.addresses import MailAddress, local_part
from casier.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class NewAccount:
    """A person to make an account for."""

    given_name: str
    family_name: str  # the usual one
    school: School | None = None
    function: str = ""
    numen: Secret | None = None
    birth_date: date | None = None
    title: str = ""
    feed_key: str = ""
    birth_name: str = ""
    store: Store | None = None  # where nothing is said: the school's, else the default
    # Given by hand, where the name doesn't make them.
    address: str = ""
    mailbox_key: str = ""


def create_account(academy: Academy, new: NewAccount, *, by: Actor, reason: str, now: datetime) -> Account:
    """Make one account. Raises NameWithoutLetters, AddressTaken, AlreadyThere (same NUMEN or feed key)."""
    return create_accounts(academy, [new], by=by, reason=reason, now=now)[0]


def create_accounts(
    academy: Academy, new: Iterable[NewAccount], *, by: Actor, reason: str, now: datetime
) -> list[Account]:
    """Make several accounts in one transaction: all or none."""
    with transaction.atomic():
        # One at a time in an academy: two homonyms never find the same address free.
        Academy.objects.select_for_update().get(pk=academy.pk)
        domains, store = in_order(academy), default_store()
        return [_create(academy, one, domains, store, by, reason, now) for one in new]


def _create(
    academy: Academy,
    new: NewAccount,
    domains: list[MailDomain],
    store: Store,
    by: Actor,
    reason: str,
    now: datetime,
) -> Account:
    person = _person(academy, new, now)
    primary, pairs = _addresses(academy, new, domains, now)
    account_id = uuid.uuid4()
    wanted_key = parse_key(new.mailbox_key) if new.mailbox_key else str(primary)
    school_store = new.school.store if new.school and new.school.store_id else None
    account = Account.objects.create(
        id=account_id,
        academy=academy,
        person=person,
        mailbox_key=claim_key(wanted_key, account_id, now),
        store=new.store or school_store or store,
        created_at=now,
    )
    give(account, pairs, now, primary=primary)
    if new.school or new.function:
        Posting.objects.create(
            person=person, school=new.school, function=new.function or "-", starts_on=now.date()
        )
    record(
        by, "account.created", f"account:{account.public_id}", reason,
        academy=academy.slug, at=now, address=str(primary), name=person.full_name,
    )  # fmt: skip
    emit("account.changed", account.public_id)
    return account


def _addresses(
    academy: Academy, new: NewAccount, domains: list[MailDomain], now: datetime
) -> tuple[MailAddress, list[tuple[MailAddress, MailDomain]]]:
    """The primary address and all of them: on every domain from the name, or the one given by hand."""
    if new.address:
        address, domain = parse_own(academy, new.address)
        return address, [(address, domain)]
    local = free_local(domains, local_part(new.given_name, new.family_name), now)
    return MailAddress(local, domains[0].name), list(on_all(domains, local))


def _person(academy: Academy, new: NewAccount, now: datetime) -> Person:
    person = Person(
        academy=academy,
        given_name=" ".join(new.given_name.split()),
        family_name=" ".join(new.family_name.split()),
        birth_name=" ".join(new.birth_name.split()),
        title=new.title,
        birth_date=new.birth_date,
        created_at=now,
    )
    if new.feed_key and PersonKey.objects.filter(academy=academy, key=new.feed_key).exists():
        raise AlreadyThere(
            f"A person with the feed's key {new.feed_key} is there already.", feed_key=new.feed_key
        )
    if new.numen:
        _seal_numen(person, new.numen)
    person.save(force_insert=True)
    if new.feed_key:
        PersonKey.objects.create(academy=academy, key=new.feed_key, person=person)
    return person


def _seal_numen(person: Person, numen: Secret) -> None:
    vault = numen_vault()
    person.numen_index = vault.index(numen)
    person.numen_sealed = vault.seal(numen, secrets.token_bytes(12))
    if Person.objects.filter(numen_index=person.numen_index).exists():
        raise AlreadyThere("Someone with this NUMEN is there already.")
