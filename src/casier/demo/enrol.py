"""Bring the cast into the directory. Doing it twice changes nothing; half done, it is finished."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import msgspec

from casier.audit.api import Actor
from casier.demo import cast as casting
from casier.demo.cast import Cast, Functional, Person
from casier.demo.cast import School as CastSchool
from casier.demo.doors import furnish
from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.models import Academy, Account, AccountState, FunctionalMailbox, Role, School
from casier.identity.api import set_password
from casier.identity.models import User
from casier.kernel.secret import Secret
from casier.policies.api import shipped

BY = Actor.system("demo")
_WHY = "démonstration"
_HERE = ("127.0.0.0/8", "::1/128")


def enrol(players: Cast, now: datetime) -> dict[str, Account | FunctionalMailbox]:
    """Make what is missing; return each box's account or functional mailbox by the cast's key."""
    academies = {academy.slug: _academy(academy, now) for academy in players.academies}
    for school in players.schools:
        _school(school, academies[school.academy], now)
    found: dict[str, Account | FunctionalMailbox] = {}
    accounts = {person.key: _account(person, academies[person.academy], now) for person in players.people}
    found.update(accounts)
    for mailbox in players.functional:
        found[mailbox.key] = _functional(mailbox, academies[mailbox.academy], accounts, now)
    return found


def as_known(players: Cast, found: dict[str, Account | FunctionalMailbox]) -> Cast:
    """PLAYERS with the addresses that the directory really gave them."""
    people = tuple(
        replace(person, address=primary_address(account))
        for person in players.people
        if isinstance(account := found[person.key], Account)
    )
    return replace(players, people=people)


def _academy(new: casting.Academy, now: datetime) -> Academy:
    academy = Academy.objects.filter(slug=new.slug).first()
    if academy is not None:
        return academy
    # Whoever tries the demonstration on its own machine stands inside the academy.
    policy = msgspec.structs.replace(shipped(new.slug), own_networks=_HERE)
    made = actions.NewAcademy(new.slug, new.name, new.accent, new.domains, (new.host,), policy)
    return actions.create_academy(made, by=BY, reason=_WHY, now=now)


def _school(new: CastSchool, academy: Academy, now: datetime) -> None:
    if not School.objects.filter(uai=new.uai).exists():
        made = actions.NewSchool(new.uai, new.name, new.kind, new.city, new.postal_code)
        actions.create_school(academy, made, by=BY, reason=_WHY, now=now)


def _account(person: Person, academy: Academy, now: datetime) -> Account:
    key = f"demo-{person.key}"
    account = Account.objects.filter(person__keys__academy=academy, person__keys__key=key).first()
    if account is None:
        account = _create(person, academy, key, now)
    if person.born_as and account.person.family_name == person.born_as:
        actions.rename(account, person.given_name, person.family_name, by=BY, reason="mariage", now=now)
    if not User.objects.filter(account=account).exclude(password="").exists():
        set_password(account, Secret(casting.PASSWORD), BY, _WHY)
    if account.state == AccountState.INVITED:
        account = actions.activate(account, by=BY, reason=_WHY, now=now)
        furnish(person, account, BY, now)
    return account


def _create(person: Person, academy: Academy, key: str, now: datetime) -> Account:
    new = actions.NewAccount(
        given_name=person.given_name,
        family_name=person.born_as or person.family_name,
        school=School.objects.filter(uai=person.school).first(),
        function=person.function,
        numen=Secret(person.numen),
        birth_date=person.birth_date,
        title=person.title,
        feed_key=key,
    )
    return actions.create_account(academy, new, by=BY, reason=_WHY, now=now)


def _functional(
    new: Functional, academy: Academy, accounts: dict[str, Account], now: datetime
) -> FunctionalMailbox:
    mailbox = FunctionalMailbox.objects.filter(addresses__address=new.address).first()
    if mailbox is None:
        school = School.objects.filter(uai=new.school).first()
        made = actions.NewMailbox(new.name, school, "" if school else new.address)
        mailbox = actions.create_functional_mailbox(academy, made, by=BY, reason=_WHY, now=now)
    there = set(mailbox.memberships.values_list("account_id", flat=True))
    for key, role in new.members:
        if accounts[key].pk not in there:
            actions.set_member(mailbox, accounts[key], Role(role), by=BY, reason=_WHY, now=now)
    return mailbox
