"""The accounts of the demonstration, for people to sign in with. Needs no database."""

from __future__ import annotations

from casier.demo import cast
from casier.demo.cast import Cast, Person
from casier.kernel.instance import Instance, Port
from casier.kernel.words import say


def rows(instance: Instance) -> list[dict[str, str]]:
    """One row a person, as `./casier demo accounts --json` prints them."""
    players = cast.load()
    return [_row(person, players, instance) for person in players.people]


def _row(person: Person, players: Cast, instance: Instance) -> dict[str, str]:
    host = players.academy(person.academy).host
    return {
        "name": person.name,
        "academy": person.academy,
        "address": person.address,
        "signInName": sign_in_name(person),
        "password": cast.PASSWORD,
        "mailboxKey": mailbox_key(person),
        "role": person.role,
        "label": person.label,
        "web": f"https://{host}:{instance.port(Port.WEB)}/",
    }


def sign_in_name(person: Person) -> str:
    """What this person types, in the form that their academy's policy asks for."""
    if person.academy == "normandie":
        return person.numen
    return person.address if person.academy == "amiens" else person.address.partition("@")[0]


def mailbox_key(person: Person) -> str:
    """The key that their mailbox has kept: the first address they were given."""
    if not person.born_as:
        return person.address
    return f"{cast.fold(person.given_name)}.{cast.fold(person.born_as)}@{person.address.rpartition('@')[2]}"


def summary_lines() -> list[str]:
    """What a start prints: the password once, then a line an academy with someone to begin with."""
    players = cast.load()
    everyone = say("Démonstration : mot de passe de tous les comptes", "Demonstration: everyone's password")
    lines = [f"{everyone}  {cast.PASSWORD}"]
    for academy in players.academies:
        people = [person for person in players.people if person.academy == academy.slug]
        first, count = people[0], f"{len(people)} {say('comptes', 'accounts')}"
        lines.append(f"  {academy.host:<22} {sign_in_name(first):<26} {first.name}, {count}")
    lines.append("  ./casier demo accounts")
    return lines
