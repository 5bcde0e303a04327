"""All members of a rule in one query.

Texts are compared as people read them, case and accents apart: which spellings the directory has for a value
is looked up first, so that the database only compares for equality, and every database finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_, or_

from django.db.models import F, Q, QuerySet
from django.db.models.lookups import In

from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Address,
    Network,
    Posting,
    PostingDetail,
    PostingKind,
    School,
)
from casier.groups.rule import (
    OF_THE_PERSON,
    STAR,
    BadRule,
    Both,
    Condition,
    Either,
    Everyone,
    Field,
    Not,
    Rule,
    children,
    of_postings,
)
from casier.groups.terms import same

# Who has gone is in no group, whatever its rule.
PRESENT = (AccountState.INVITED, AccountState.ACTIVE, AccountState.SUSPENDED, AccountState.LEAVING)
MOST_SPELLINGS = 5000
_COLUMNS = {Field.SCHOOL: "name", Field.CITY: "city", Field.KIND: "kind", Field.DEPARTMENT: "department"}
_DETAILS = {
    Field.SUBJECT: PostingKind.SUBJECT,
    Field.CLASS: PostingKind.CLASS,
    Field.PRINCIPAL: PostingKind.PRINCIPAL,
}
_ALL, _NOBODY = ~Q(pk__in=[]), Q(pk__in=[])


def in_force(on: date) -> Q:
    """The postings that hold on that day, its last one included."""
    begun = Q(starts_on__isnull=True) | Q(starts_on__lte=on)
    return begun & (Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def merged(parts: Iterable[Rule]) -> list[Rule]:
    """PARTS joined by "or", those about one field as one: a list costs the database what one value does."""
    values: dict[Field, tuple[str, ...]] = {}
    others: list[Rule] = []
    for part in parts:
        if isinstance(part, Condition):
            values[part.field] = tuple(dict.fromkeys((*values.get(part.field, ()), *part.values)))
        else:
            others.append(part)
    return [*(Condition(name, found) for name, found in values.items()), *others]


@dataclass
class Query:
    """Rules as conditions of the database, for an academy on a day; GROUPS are the rules that others name."""

    academy: Academy
    on: date
    groups: Mapping[str, Rule] = field(default_factory=dict)
    _known: dict[Field, list[str]] = field(default_factory=dict)

    def members(self, rule: Rule) -> QuerySet[Account]:
        """Those in RULE, each once. Raises BadRule where a value fits too many spellings."""
        present = Account.objects.filter(academy=self.academy, state__in=PRESENT)
        return present.filter(self.person(rule))

    def person(self, rule: Rule) -> Q:
        """RULE as a condition on an account."""
        match rule:
            case Everyone():
                return _ALL
            case Condition() if rule.field in OF_THE_PERSON:
                return self._of_person(rule)
            case Condition():
                return self._by_posting(rule)
            case Not():
                return ~self.person(rule.rule)
            case Either():
                # Whoever fits one part by a posting fits one part: nothing ties the parts together.
                return reduce(or_, self._gathered(Either, merged(rule.parts)))
            case Both():
                return reduce(and_, self._gathered(Both, rule.parts))

    def _gathered(self, kind: type[Both | Either], parts: Iterable[Rule]) -> list[Q]:
        """What is of the person one by one; what is of postings together, in one subquery."""
        ours: list[Rule] = []
        theirs: list[Rule] = []
        for part in parts:
            (theirs if of_postings(part) else ours).append(part)
        found = [self.person(part) for part in ours]
        if theirs:
            found.append(
                self.person(theirs[0]) if len(theirs) == 1 else self._by_posting(kind(tuple(theirs)))
            )
        return found

    def _by_posting(self, rule: Rule) -> Q:
        """Who fits RULE by a posting; or, where parts of it ask nothing of a posting, without one."""
        rows = Posting.objects.filter(in_force(self.on))
        fits = Q(person__in=rows.filter(self.posting(rule)).values("person"))
        alone = self._alone(rule)
        return fits if alone is None else fits | alone

    def _alone(self, rule: Rule) -> Q | None:
        """RULE for someone without a posting; None where it can't be."""
        if not of_postings(rule):
            return self.person(rule)
        if isinstance(rule, Condition):
            return None
        parts = [self._alone(part) for part in children(rule)]
        possible = [part for part in parts if part is not None]
        if isinstance(rule, Both):
            return reduce(and_, possible) if len(possible) == len(parts) else None
        return reduce(or_, possible) if possible else None

    def posting(self, rule: Rule) -> Q:
        """RULE as a condition on a posting."""
        if not of_postings(rule):
            whose = Account.objects.filter(self.person(rule), academy=self.academy)
            return Q(person__in=whose.values("person"))
        match rule:
            case Condition():
                return self._of_posting(rule)
            case Both():
                return reduce(and_, (self.posting(part) for part in rule.parts))
            case Either():
                return reduce(or_, (self.posting(part) for part in merged(rule.parts)))
        raise AssertionError(rule)

    # Conditions ---------------------------------------------------------------------------------------
    def _of_person(self, one: Condition) -> Q:
        if one.field == Field.STATE:
            return Q(state__in=one.values)
        if one.field == Field.GROUP:
            return reduce(or_, (self.person(self.groups[slug]) for slug in one.values))
        rows = Address.objects.filter(
            domain__name__in=one.values, retired_at__isnull=True, account__isnull=False
        )
        return Q(pk__in=rows.values("account"))

    def _of_posting(self, one: Condition) -> Q:
        if one.field == Field.FUNCTION:
            return _ALL if STAR in one.values else Q(function__in=one.values)
        if one.field == Field.ORIGIN:
            return Q(source__in=one.values)
        if one.field == Field.NETWORK:
            return self._in_networks(one)
        if one.field in _DETAILS:
            rows = PostingDetail.objects.filter(kind=_DETAILS[one.field])
            if STAR not in one.values:
                rows = rows.filter(value__in=self.spellings(one))
            # The sum keeps SQLite from seeking each number of the list under each school or person.
            return Q(In(F("id") + 0, rows.values("posting")))
        return self._at_school(one)

    def _in_networks(self, one: Condition) -> Q:
        rows = Network.objects.filter(academy=self.academy).values_list("pk", "slug", "name")
        found = [
            pk
            for pk, slug, name in rows
            if any(same(value, text) for value in one.values for text in (slug, name))
        ]
        links = School.networks.through.objects.filter(network__in=found)
        return Q(school__in=links.values("school"))

    def _at_school(self, one: Condition) -> Q:
        column = _COLUMNS[one.field]
        if STAR in one.values:
            return Q(**{f"school__{column}__gt": ""})
        found = Q(**{f"school__{column}__in": self.spellings(one)})
        if one.field == Field.SCHOOL:
            found |= Q(school__uai__in=[value for value in one.values if not value.endswith(STAR)])
        return found

    # Spellings ----------------------------------------------------------------------------------------
    def spellings(self, one: Condition) -> list[str]:
        """The texts of the directory that ONE's values stand for. Raises BadRule where there are too many."""
        found = [text for text in self.known(one.field) if any(same(value, text) for value in one.values)]
        if len(found) > MOST_SPELLINGS:
            raise BadRule(
                "A value with a star fits too much: say more of it.",
                "Une valeur avec une étoile convient à trop de choses : précisez-la.",
            )
        return found

    def known(self, name: Field) -> list[str]:
        """What the directory says of a field, each text once."""
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]

    def _read(self, name: Field) -> list[str]:
        if name in _DETAILS:
            details = PostingDetail.objects.filter(kind=_DETAILS[name])
            return list(details.values_list("value", flat=True).distinct())
        if name == Field.FUNCTION:
            return list(Posting.objects.values_list("function", flat=True).distinct())
        column = _COLUMNS[name]
        schools = School.objects.exclude(**{column: ""})
        return list(schools.values_list(column, flat=True).distinct())
