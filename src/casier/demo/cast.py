"""Who plays in the demonstration."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from casier.demo import data

# One for all, and public: an instance with the demonstration must not be reachable by strangers.
PASSWORD = "Ardoise-Craie-Encre-2048"  # noqa: S105  it is meant to be known


@dataclass(frozen=True, slots=True)
class Academy:
    slug: str
    name: str
    accent: str
    domains: tuple[str, ...]
    host: str
    service: str  # who signs its circulars


@dataclass(frozen=True, slots=True)
class School:
    uai: str
    academy: str
    name: str
    kind: str
    city: str
    postal_code: str


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with an account. `born_as` is the name that an earlier address and the mailbox key keep."""

    key: str
    academy: str
    given_name: str
    family_name: str
    title: str
    function: str
    label: str
    role: str
    birth_date: date
    numen: str
    address: str
    school: str = ""
    born_as: str = ""

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Functional:
    """A mailbox of a school or service."""

    key: str
    academy: str
    name: str
    address: str
    members: tuple[tuple[str, str], ...]
    school: str = ""


@dataclass(frozen=True, slots=True)
class Cast:
    academies: tuple[Academy, ...]
    schools: tuple[School, ...]
    people: tuple[Person, ...]
    functional: tuple[Functional, ...]

    def academy(self, slug: str) -> Academy:
        return next(academy for academy in self.academies if academy.slug == slug)

    def school(self, uai: str) -> School | None:
        return next((school for school in self.schools if school.uai == uai), None)

    def person(self, key: str) -> Person:
        return next(person for person in self.people if person.key == key)


def fold(name: str) -> str:
    """NAME as it stands in an address: no accents, apostrophes or spaces."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode("ascii")
    return "-".join(plain.replace("'", "").split())


@cache
def load() -> Cast:
    """The cast written in `data/people.toml`, each with the address that the rules give them."""
    values = data.toml("people.toml")
    academies = tuple(Academy(**{**row, "domains": tuple(row["domains"])}) for row in values["academy"])
    domains = {academy.slug: academy.domains[0] for academy in academies}
    taken: set[str] = set()
    return Cast(
        academies,
        tuple(School(**row) for row in values["school"]),
        tuple(
            Person(**row, address=_address(row, domains[row["academy"]], taken)) for row in values["person"]
        ),
        tuple(_functional(row, domains[row["academy"]]) for row in values["functional"]),
    )


def _address(row: dict[str, Any], domain: str, taken: set[str]) -> str:
    local = f"{fold(row['given_name'])}.{fold(row['family_name'])}"
    digit = 0
    while f"{local}{digit or ''}@{domain}" in taken:
        digit += 1
    taken.add(f"{local}{digit or ''}@{domain}")
    return f"{local}{digit or ''}@{domain}"


def _functional(row: dict[str, Any], domain: str) -> Functional:
    values = {key: value for key, value in row.items() if key not in ("local_part", "members")}
    members = tuple(sorted(row["members"].items()))
    return Functional(**values, address=f"{row['local_part']}@{domain}", members=members)
