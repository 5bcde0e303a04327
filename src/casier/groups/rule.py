"""What a rule is, once read: conditions on a person and their postings, joined by and, or, except.

Everything joined by `et` is looked for in one and the same posting; `sauf` and `non` speak of the person as
a whole. So "fonction = ENS et établissement = A" is who teaches at A, not who works at A and teaches
elsewhere, and "sauf fonction = DIR" leaves out who is a head anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from casier.kernel.errors import CasierError

LONGEST = 2000  # signs
MOST_CONDITIONS = 60
MOST_VALUES = 200
DEEPEST = 12
# What begins a value's family of spellings ends with it: "3*"; alone it stands for any value that is known.
STAR = "*"


class Field(StrEnum):
    """What a condition is about."""

    FUNCTION = "function"
    SCHOOL = "school"
    CITY = "city"
    KIND = "kind"
    DEPARTMENT = "department"
    NETWORK = "network"
    SUBJECT = "subject"
    CLASS = "class"
    PRINCIPAL = "principal"
    ORIGIN = "origin"  # who says that the posting is there
    STATE = "state"
    DOMAIN = "domain"
    GROUP = "group"


# Of the person; all others are of a posting.
OF_THE_PERSON = frozenset({Field.STATE, Field.DOMAIN, Field.GROUP})


@dataclass(frozen=True, slots=True)
class Everyone:
    """All people of the academy."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One of VALUES is what FIELD says."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Who isn't in RULE, whichever the posting."""

    rule: Rule


@dataclass(frozen=True, slots=True)
class Both:
    """All of PARTS, in one posting where they speak of postings."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of PARTS at least."""

    parts: tuple[Rule, ...]


Rule = Everyone | Condition | Not | Both | Either


class BadRule(CasierError):
    """A rule that can't be read, or can't be kept: `position` and `length` tell where, `french` in words."""

    code = "bad_rule"

    def __init__(self, english: str, french: str, *, position: int = 0, length: int = 0) -> None:
        super().__init__(english, position=position, length=length, french=french, field="rule")
        self.english = english
        self.french = french
        self.position = position
        self.length = length

    def words(self, language: str) -> str:
        return self.english if language.startswith("en") else self.french


def both(*parts: Rule) -> Rule:
    """All of PARTS; what is joined already is joined with the rest."""
    flat = _flat(Both, parts)
    return flat[0] if len(flat) == 1 else Both(flat)


def either(*parts: Rule) -> Rule:
    """One of PARTS; what is joined already is joined with the rest."""
    flat = _flat(Either, parts)
    return flat[0] if len(flat) == 1 else Either(flat)


def _flat(kind: type[Both | Either], parts: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return tuple(one for part in parts for one in (part.parts if isinstance(part, kind) else (part,)))


def children(rule: Rule) -> tuple[Rule, ...]:
    """The rules of which RULE is made."""
    if isinstance(rule, Not):
        return (rule.rule,)
    return rule.parts if isinstance(rule, Both | Either) else ()


def within(rule: Rule) -> Iterator[tuple[Rule, int]]:
    """RULE and all that it is made of, each with its depth; by a list, so that no depth ends the program."""
    waiting = [(rule, 1)]
    while waiting:
        one, depth = waiting.pop()
        yield one, depth
        waiting.extend((child, depth + 1) for child in children(one))


def conditions(rule: Rule) -> list[Condition]:
    """The conditions in RULE."""
    return [one for one, _depth in within(rule) if isinstance(one, Condition)]


def groups_named(rule: Rule) -> frozenset[str]:
    """The groups that RULE is built on."""
    return frozenset(value for one in conditions(rule) if one.field == Field.GROUP for value in one.values)


def of_postings(rule: Rule) -> bool:
    """Whether RULE asks something of the posting at hand; `Not` asks about all of them."""
    if isinstance(rule, Condition):
        return rule.field not in OF_THE_PERSON
    return isinstance(rule, Both | Either) and any(of_postings(part) for part in rule.parts)
