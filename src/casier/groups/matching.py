"""Whether one person is in a group, and why: in plain Python, on what the directory says of them.

The same reckoning as `querying`, which finds all members at once; tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from casier.groups.rule import STAR, Both, Condition, Either, Everyone, Field, Not, Rule, of_postings
from casier.groups.terms import same
from casier.groups.writing import unparse


@dataclass(frozen=True, slots=True)
class PostingFacts:
    """A posting that is in force, with its school's facts."""

    function: str
    uai: str = ""
    school: str = ""
    city: str = ""
    kind: str = ""
    department: str = ""
    networks: frozenset[str] = frozenset()  # slugs and names
    subjects: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    principal: frozenset[str] = frozenset()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """A person, as rules see them."""

    state: str
    domains: frozenset[str] = frozenset()
    postings: tuple[PostingFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A part of a rule and whether the person is what it asks; ELSEWHERE: each part is, in other postings."""

    rule: str
    holds: bool
    depth: int
    kind: str  # "all", "any", "not", "one"
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Matcher:
    """Rules, with those of the groups that they name."""

    groups: Mapping[str, Rule] = field(default_factory=dict)

    def matches(self, rule: Rule, facts: Facts) -> bool:
        """Whether the person is in RULE: by one of their postings, or without any."""
        if not of_postings(rule):
            return self._holds(rule, facts, None)
        return any(self._holds(rule, facts, posting) for posting in (*facts.postings, None))

    def why(self, rule: Rule, facts: Facts, depth: int = 0) -> list[Line]:
        """RULE part by part, each asked by itself."""
        holds = self.matches(rule, facts)
        kind = {Both: "all", Either: "any", Not: "not"}.get(type(rule), "one")
        if not isinstance(rule, Both | Either):
            return [Line(unparse(rule), holds, depth, kind)]
        inner = [line for part in rule.parts for line in self.why(part, facts, depth + 1)]
        each = isinstance(rule, Both) and all(line.holds for line in inner if line.depth == depth + 1)
        return [Line(unparse(rule), holds, depth, kind, elsewhere=each and not holds), *inner]

    def _holds(self, rule: Rule, facts: Facts, posting: PostingFacts | None) -> bool:
        match rule:
            case Everyone():
                return True
            case Condition():
                return self._says(rule, facts, posting)
            case Not():
                return not self.matches(rule.rule, facts)
            case Both():
                return all(self._holds(part, facts, posting) for part in rule.parts)
            case Either():
                return any(self._holds(part, facts, posting) for part in rule.parts)

    def _says(self, one: Condition, facts: Facts, posting: PostingFacts | None) -> bool:
        if one.field == Field.STATE:
            return facts.state in one.values
        if one.field == Field.DOMAIN:
            return not facts.domains.isdisjoint(one.values)
        if one.field == Field.GROUP:
            return any(self.matches(self.groups[slug], facts) for slug in one.values)
        return posting is not None and any(_fits(one.field, value, posting) for value in one.values)


def _fits(name: Field, value: str, posting: PostingFacts) -> bool:
    if name == Field.FUNCTION:
        return value in {STAR, posting.function}
    if name == Field.ORIGIN:
        return value == posting.source
    if name == Field.SCHOOL:
        return value == posting.uai or same(value, posting.school)
    return any(same(value, text) for text in _texts(name, posting))


def _texts(name: Field, posting: PostingFacts) -> frozenset[str]:
    return {
        Field.CITY: frozenset({posting.city}),
        Field.KIND: frozenset({posting.kind}),
        Field.DEPARTMENT: frozenset({posting.department}),
        Field.NETWORK: posting.networks,
        Field.SUBJECT: posting.subjects,
        Field.CLASS: posting.classes,
        Field.PRINCIPAL: posting.principal,
    }[name]
