"""What other apps may use: rules and groups, their members, and whose groups someone is in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from django.db.models import Prefetch, QuerySet
from django.utils import timezone

from casier.directory.models import Academy, Account, Address, Network, Posting
from casier.groups.finding import facts_of, group_named, live, rule_of, rules_for, within_owner
from casier.groups.matching import Line, Matcher
from casier.groups.models import Group, Visibility
from casier.groups.querying import PRESENT, Query, in_force
from casier.groups.reading import parse
from casier.groups.rule import OF_THE_PERSON, STAR, BadRule, Field, Rule, conditions
from casier.groups.terms import FUNCTION_WORDS, same
from casier.groups.wording import in_words
from casier.groups.writing import unparse
from casier.kernel.addresses import fold

__all__ = [
    "PRESENT",
    "BadRule",
    "Group",
    "Line",
    "Member",
    "Rule",
    "Visibility",
    "accounts_of",
    "group_named",
    "groups_of",
    "in_any",
    "in_words",
    "is_member",
    "listed",
    "live",
    "members_count",
    "members_of",
    "parse",
    "rule_of",
    "unknown_values",
    "unparse",
    "used_by",
    "users",
    "why",
    "within_owner",
]
# Who uses groups says for what, in words a person reads: rooms above put themselves in.
users: list[Callable[[Group], list[str]]] = []


def accounts_of(rule: Rule, academy: Academy, on: date) -> QuerySet[Account]:
    """The accounts of ACADEMY that RULE means on that day, each once, those that are closed left out.

    Raises BadRule where it names a group that isn't there.
    """
    return Query(academy, on, rules_for(rule, academy)).members(rule)


def members_of(group: Group, on: date | None = None) -> QuerySet[Account]:
    """Who is in GROUP, today unless said otherwise."""
    return accounts_of(rule_of(group), group.academy, on or timezone.localdate())


def members_count(rule: Rule, academy: Academy, on: date) -> int:
    """How many RULE means."""
    return accounts_of(rule, academy, on).count()


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a list: who, where to write to, where they work."""

    id: str
    name: str
    address: str
    place: str


def listed(rows: QuerySet[Account], most: int | None = None) -> list[Member]:
    """ROWS by family name, MOST of them at most (None: all), in as many queries as for one."""
    today = timezone.localdate()
    postings = Posting.objects.filter(in_force(today)).select_related("school").order_by("pk")
    primary = Address.objects.filter(is_primary=True)
    found = rows.select_related("person").prefetch_related(
        Prefetch("addresses", queryset=primary), Prefetch("person__postings", queryset=postings)
    )
    found = found.order_by("person__family_name", "person__given_name", "pk")
    return [_member(row) for row in (found if most is None else found[:most])]


def _member(row: Account) -> Member:
    address = next((one.address for one in row.addresses.all()), "")
    places = dict.fromkeys(one.school.name for one in row.person.postings.all() if one.school)
    return Member(str(row.pk), row.person.full_name, address, ", ".join(places))


def is_member(group: Group, account: Account, on: date | None = None) -> bool:
    """Whether ACCOUNT is in GROUP; nobody is in one that was removed or whose rule can't be read any more.

    Reckoned on this person alone: a few rows, however large the academy.
    """
    return bool(_among([group], account, on or timezone.localdate()))


def in_any(account: Account, slugs: Iterable[str], on: date | None = None) -> bool:
    """Whether ACCOUNT is in one of the groups of its academy that are called so."""
    named = list(live(account.academy).filter(slug__in=list(slugs)))
    return bool(named) and bool(_among(named, account, on or timezone.localdate()))


def groups_of(account: Account, on: date | None = None) -> list[Group]:
    """The groups that ACCOUNT is in, by name."""
    return _among(list(live(account.academy)), account, on or timezone.localdate())


def why(rule: Rule, account: Account, on: date) -> list[Line]:
    """RULE part by part: which ACCOUNT fits and which not. The first line is the answer."""
    return Matcher(rules_for(rule, account.academy)).why(rule, facts_of(account, on))


def used_by(group: Group) -> list[str]:
    """What would miss GROUP: other groups, and what rooms above say."""
    slugs = [
        other.name for other in live(group.academy) if other.pk != group.pk and _names(other, group.slug)
    ]
    return [*slugs, *(words for ask in users for words in ask(group))]


def unknown_values(rule: Rule, academy: Academy, on: date) -> list[tuple[str, str]]:
    """The values that nothing in the directory has, each with what was probably meant ("" where unclear)."""
    query, found = Query(academy, on), []
    for one in conditions(rule):
        if one.field in OF_THE_PERSON:
            continue
        known = known_values(query, one.field)
        for value in one.values:
            if value != STAR and not any(same(value, text) for text in known):
                found.append((value, _near(value, known)))
    return found


def known_values(query: Query, name: Field) -> list[str]:
    """What the directory has for a field."""
    if name == Field.NETWORK:
        rows = Network.objects.filter(academy=query.academy).values_list("slug", "name")
        return [text for row in rows for text in row]
    if name == Field.SCHOOL:
        return [*query.known(name), *query.academy.schools.values_list("uai", flat=True)]
    if name == Field.FUNCTION:
        # A function of the feed that nobody has today isn't a slip of the pen.
        return [*query.known(name), *FUNCTION_WORDS]
    return query.known(name)


def _near(value: str, known: list[str]) -> str:
    folded = {fold(text): text for text in known}
    near = get_close_matches(fold(value).rstrip(STAR), folded, 1, 0.7)
    return folded[near[0]] if near else ""


def _names(group: Group, slug: str) -> bool:
    return any(slug in one.values for one in conditions(parse(group.rule)) if one.field == Field.GROUP)


def _among(groups: list[Group], account: Account, on: date) -> list[Group]:
    if account.state not in PRESENT:
        return []
    facts, found = facts_of(account, on), []
    for group in groups:
        if group.removed_at is not None or group.academy_id != account.academy_id:
            continue
        try:
            rule = rule_of(group)
            if Matcher(rules_for(rule, group.academy)).matches(rule, facts):
                found.append(group)
        except BadRule:
            continue
    return found
