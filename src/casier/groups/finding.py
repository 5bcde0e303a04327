"""Groups as they are kept, and what the directory says of a person: what rules are reckoned on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet

from casier.directory.errors import NotFound
from casier.directory.models import Academy, Account, Address, Posting, PostingDetail, PostingKind, School
from casier.groups.matching import Facts, PostingFacts
from casier.groups.models import Group
from casier.groups.querying import in_force
from casier.groups.reading import parse
from casier.groups.rule import BadRule, Condition, Field, Rule, both, groups_named, within

# Of a rule with all that it is built on: what a chain of groups may grow to.
LARGEST = 500


def live(academy: Academy) -> QuerySet[Group]:
    """The groups of ACADEMY, by name."""
    rows = Group.objects.filter(academy=academy, removed_at=None)
    return rows.select_related("academy", "school", "network").order_by("name", "slug")


def group_named(academy: Academy, slug: str) -> Group:
    """The group with this short name. Raises NotFound."""
    found = live(academy).filter(slug=slug.strip().lower()).first()
    if found is None:
        raise NotFound(f"No group of {academy.slug} is called {slug!r}.", group=slug)
    return found


def rule_of(group: Group) -> Rule:
    """GROUP's rule, kept within what owns it. Raises BadRule."""
    return within_owner(parse(group.rule), group)


def within_owner(rule: Rule, group: Group) -> Rule:
    """RULE, kept within what owns GROUP."""
    owner = owner_of(group)
    return both(owner, rule) if owner else rule


def owner_of(group: Group) -> Rule | None:
    """The perimeter that owns GROUP, as a condition; None for the academy."""
    if group.school is not None:
        return Condition(Field.SCHOOL, (group.school.uai,))
    if group.network is not None:
        return Condition(Field.NETWORK, (group.network.slug,))
    return Condition(Field.DEPARTMENT, (group.department,)) if group.department else None


def rules_for(rule: Rule, academy: Academy) -> dict[str, Rule]:
    """The rules of the groups on which RULE is built. Raises BadRule: a group that isn't there, a circle."""
    waiting, found = set(groups_named(rule)), dict[str, Rule]()
    rows = {group.slug: group for group in live(academy)} if waiting else {}
    while waiting:
        slug = waiting.pop()
        if slug in rows and slug not in found:
            found[slug] = rule_of(rows[slug])
            waiting |= groups_named(found[slug])
    check_web("", rule, found)
    return found


def check_web(name: str, rule: Rule, known: Mapping[str, Rule]) -> None:
    """Raises BadRule unless RULE, called NAME, rests on groups that are there, in no circle, and isn't too
    large with all of them. Each group is reckoned once: a web of groups can't cost more than it holds.
    """
    sizes: dict[str, int] = {}
    _size(rule, {**known, name: rule} if name else known, sizes, (name,) if name else ())


def _size(rule: Rule, known: Mapping[str, Rule], sizes: dict[str, int], way: tuple[str, ...]) -> int:
    total = sum(1 for _ in within(rule))
    for condition, _depth in within(rule):
        if not isinstance(condition, Condition) or condition.field != Field.GROUP:
            continue
        for slug in condition.values:
            total += _size_of(slug, known, sizes, way)
    if total > LARGEST:
        raise BadRule(
            "With the groups that it is built on, this rule is too large.",
            "Avec les groupes sur lesquels elle repose, cette règle est trop grande.",
        )
    return total


def _size_of(slug: str, known: Mapping[str, Rule], sizes: dict[str, int], way: tuple[str, ...]) -> int:
    if slug in way:
        circle = " → ".join((*way[way.index(slug) :], slug))
        raise BadRule(
            f"Groups can’t go in a circle: {circle}.",
            f"Des groupes ne peuvent pas tourner en rond : {circle}.",
        )
    if slug not in known:
        raise BadRule(f"No group is called “{slug}”.", f"Aucun groupe ne s’appelle « {slug} ».")
    if slug not in sizes:
        if len(way) > 20:
            raise BadRule("The chain of groups is too long.", "La chaîne de groupes est trop longue.")
        sizes[slug] = _size(known[slug], known, sizes, (*way, slug))
    return sizes[slug]


# People -----------------------------------------------------------------------------------------------
def facts_of(account: Account, on: date) -> Facts:
    """What rules see of ACCOUNT on that day."""
    domains = Address.objects.filter(account=account, retired_at=None).values_list("domain__name", flat=True)
    rows = Posting.objects.filter(in_force(on), person=account.person_id).select_related("school")
    postings = list(rows)
    details = _details(postings)
    networks = _networks(account.academy_id, {row.school_id for row in postings if row.school_id})
    return Facts(
        account.state,
        frozenset(domains),
        tuple(
            _posting(row, details[row.pk], networks.get(row.school_id or 0, frozenset())) for row in postings
        ),
    )


def _posting(row: Posting, details: Mapping[str, frozenset[str]], networks: frozenset[str]) -> PostingFacts:
    school = row.school
    place = (school.uai, school.name, school.city, school.kind, school.department) if school else ("",) * 5
    return PostingFacts(
        row.function,
        *place,
        networks=networks,
        subjects=details.get(PostingKind.SUBJECT, frozenset()),
        classes=details.get(PostingKind.CLASS, frozenset()),
        principal=details.get(PostingKind.PRINCIPAL, frozenset()),
        source=row.source,
    )


def _details(postings: Iterable[Posting]) -> Mapping[int, Mapping[str, frozenset[str]]]:
    found: defaultdict[int, defaultdict[str, frozenset[str]]] = defaultdict(lambda: defaultdict(frozenset))
    rows = PostingDetail.objects.filter(posting__in=[row.pk for row in postings])
    for posting, kind, value in rows.values_list("posting", "kind", "value"):
        found[posting][kind] |= {value}
    return found


def _networks(academy_id: int, schools: set[int]) -> Mapping[int, frozenset[str]]:
    links = School.networks.through.objects.filter(school__in=schools, network__academy=academy_id)
    found: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for school, slug, name in links.values_list("school", "network__slug", "network__name"):
        found[school] |= {slug, name}
    return found
