"""Who in the directory a record is: by the feed's key, then NUMEN, then name and birth date.

A wrong match hands somebody the mail of somebody else, so what isn't certain is left to a person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from casier.feed.names import letters


@dataclass(frozen=True, slots=True)
class Traits:
    """What a record says of its person."""

    key: str
    given_name: str
    family_name: str
    birth_name: str = ""
    birth_date: date | None = None
    numen_index: str | None = None
    address: str = ""
    schools: frozenset[str] = frozenset()  # UAIs


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody in the directory who may be it."""

    person: int
    here: bool  # of the same academy
    given_name: str
    family_name: str
    birth_name: str = ""
    birth_date: date | None = None
    numen_index: str | None = None
    # The academy's feed knows them by another key.
    keyed_otherwise: bool = False
    addresses: frozenset[str] = frozenset()
    schools: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    """PERSON, for certain, and CODE tells by what; nobody (`new`); or DOUBT: who it may be."""

    code: str
    person: int | None = None
    doubt: tuple[int, ...] = ()


NEW = Match("new")


def names_of(given: str, family: str, birth_name: str) -> frozenset[tuple[str, str]]:
    """The names by which somebody may be found: with the usual name, and with that of birth."""
    first = letters(given)
    return frozenset((first, last) for last in (letters(family), letters(birth_name)) if last)


def by_key(traits: Traits, found: Candidate) -> Match:
    """The feed's key led to FOUND. Another name and another birth date: the key was given to someone else."""
    if _stranger(traits, found):
        return Match("key_reused", doubt=(found.person,))
    if traits.numen_index and found.numen_index and traits.numen_index != found.numen_index:
        return Match("numen_conflict", doubt=(found.person,))
    return Match("key", found.person)


def by_numen(traits: Traits, found: Candidate) -> Match:
    """The NUMEN is that of FOUND: a NUMEN is one person's for life, but it is typed by hand."""
    if _stranger(traits, found):
        return Match("numen_conflict", doubt=(found.person,))
    return Match("numen", found.person)


def by_name(traits: Traits, candidates: Iterable[Candidate]) -> Match:
    """Who of CANDIDATES, people of this name, it is: one alone, of the academy, whom nothing contradicts."""
    possible = [one for one in candidates if not _another(traits, one)]
    if not possible:
        return NEW
    certain = [(code, one) for one in possible if (code := _certain(traits, one))]
    if len(certain) == 1 and len(possible) == 1:
        return Match(certain[0][0], certain[0][1].person)
    doubt = tuple(one.person for one in possible)
    if len(possible) == 1 and not possible[0].here:
        return Match("other_academy", doubt=doubt)
    return Match("several" if len(possible) > 1 else "maybe_same", doubt=doubt)


def _stranger(traits: Traits, found: Candidate) -> bool:
    """Neither the name nor the birth date is that of FOUND; where no day compares, no part of the name."""
    same_name = _names(traits) & names_of(found.given_name, found.family_name, found.birth_name)
    if traits.birth_date and found.birth_date:
        return not same_name and traits.birth_date != found.birth_date
    return bool(_names(traits)) and not same_name and not _akin(traits, found)


def _akin(traits: Traits, found: Candidate) -> bool:
    """Whether a given name or a family name is the same, or isn't said."""
    first = letters(traits.given_name)
    last = {letters(traits.family_name), letters(traits.birth_name)} - {""}
    return first in {"", letters(found.given_name)} or bool(
        last & {letters(found.family_name), letters(found.birth_name)}
    )


def _another(traits: Traits, one: Candidate) -> bool:
    """Whether something known on both sides says that this is somebody else of the same name."""
    if traits.birth_date and one.birth_date:
        if traits.birth_date != one.birth_date:
            return True
    elif traits.key and one.keyed_otherwise:
        return True
    return bool(traits.numen_index and one.numen_index and traits.numen_index != one.numen_index)


def _certain(traits: Traits, one: Candidate) -> str:
    """By what it is certain that this is the person; "" where it isn't."""
    if not one.here or (traits.key and one.keyed_otherwise):
        return ""
    if traits.address and traits.address in one.addresses:
        return "name_address"
    if traits.birth_date and one.birth_date:
        return "name_birth"
    return "name_school" if traits.schools & one.schools else ""


def _names(traits: Traits) -> frozenset[tuple[str, str]]:
    return names_of(traits.given_name, traits.family_name, traits.birth_name)
