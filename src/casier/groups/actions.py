"""Making, changing and removing groups: each in the journal, with the rule that was and the one that is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from casier.audit.api import Actor, record
from casier.directory.errors import AlreadyThere
from casier.directory.models import Academy, Network, School
from casier.groups.api import used_by
from casier.groups.finding import check_web, live, owner_of, rule_of
from casier.groups.models import Group, Visibility
from casier.groups.reading import parse
from casier.groups.rule import BadRule, Rule, both
from casier.groups.writing import unparse
from casier.kernel.errors import CasierError
from casier.kernel.plain_text import plain

_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,48}[a-z0-9])?")
MOST_GROUPS = 2000
# Pages of the console stand at these names.
_TAKEN = frozenset({"nouveau", "apercu"})


class BadGroup(CasierError):
    """A name, a short name or an owner that can't be: `field` says which."""

    code = "bad_group"


class GroupInUse(CasierError):
    """Something else rests on the group: `uses` says what."""

    code = "group_in_use"


@dataclass(frozen=True, slots=True)
class GroupWords:
    """What a group says of itself, and whom it means."""

    name: str
    rule: str
    description: str = ""
    visibility: Visibility = Visibility.OFFICES


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose group it is: one of them, or the academy's."""

    school: School | None = None
    department: str = ""
    network: Network | None = None


def create_group(
    academy: Academy, slug: str, words: GroupWords, *, owner: Owner | None = None, by: Actor, reason: str,
    now: datetime,
) -> Group:  # fmt: skip
    """Make a group. Raises BadGroup, BadRule, AlreadyThere."""
    slug = slug.strip().lower()
    if not _SLUG.fullmatch(slug) or slug in _TAKEN:
        raise BadGroup("A short name has letters, digits and hyphens, 50 at most.", field="slug")
    name, description = _texts(words)
    owner = owner or Owner()
    with transaction.atomic():
        _lock(academy)
        if live(academy).filter(slug=slug).exists():
            raise AlreadyThere(f"A group of {academy.slug} is called {slug!r} already.", slug=slug)
        if live(academy).count() >= MOST_GROUPS:
            raise BadGroup(f"An academy has {MOST_GROUPS} groups at most.", field="slug")
        group = Group(
            academy=academy, slug=slug, name=name, description=description, visibility=words.visibility,
            school=owner.school, department=owner.department, network=owner.network,
            created_at=now, created_by=by.name, changed_at=now, changed_by=by.name,
        )  # fmt: skip
        group.rule = _kept(group, words.rule)
        group.save()
        record(by, "group.created", _target(group), reason, academy=academy.slug, at=now, **_facts(group))
    return group


def change_group(group: Group, words: GroupWords, *, by: Actor, reason: str, now: datetime) -> Group:
    """Change a group; what stays the same is no change. Raises BadGroup, BadRule, NotFound."""
    name, description = _texts(words)
    with transaction.atomic():
        _lock(group.academy)
        row = live(group.academy).select_for_update(of=("self",)).get(pk=group.pk)
        before = _facts(row)
        row.name, row.description, row.visibility = name, description, words.visibility
        row.rule = _kept(row, words.rule)
        changed = {name: value for name, value in _facts(row).items() if before[name] != value}
        if changed:
            row.changed_at, row.changed_by = now, by.name
            row.save()
            was = {f"{name}_before": before[name] for name in changed}
            record(
                by, "group.changed", _target(row), reason, academy=row.academy.slug, at=now, **changed, **was
            )
    return row


def remove_group(group: Group, *, by: Actor, reason: str, now: datetime) -> None:
    """Remove a group that nothing rests on. Raises GroupInUse; doing it twice changes nothing."""
    with transaction.atomic():
        _lock(group.academy)
        row = Group.objects.select_for_update(of=("self",)).get(pk=group.pk)
        if row.removed_at is not None:
            return
        uses = used_by(row)
        if uses:
            raise GroupInUse(f"It is used by: {', '.join(uses)}.", uses=uses)
        row.removed_at, row.changed_at, row.changed_by = now, now, by.name
        row.save(update_fields=["removed_at", "changed_at", "changed_by"])
        record(by, "group.removed", _target(row), reason, academy=row.academy.slug, at=now, **_facts(row))


def _lock(academy: Academy) -> None:
    """One change at a time in an academy: two groups that come to name each other would make a circle."""
    Academy.objects.select_for_update().get(pk=academy.pk)


def _kept(group: Group, text: str) -> str:
    """The rule as it is kept. Raises BadRule for it, and for what it would do to groups that rest on it."""
    rule = parse(text)
    owner = owner_of(group)
    known: dict[str, Rule] = {one.slug: rule_of(one) for one in live(group.academy)}
    known[group.slug] = both(owner, rule) if owner else rule
    check_web(group.slug, known[group.slug], known)
    for slug, other in known.items():
        try:
            check_web(slug, other, known)
        except BadRule as error:
            raise BadRule(
                f"The group “{slug}” rests on this one: {error.english}",
                f"Le groupe « {slug} » repose sur celui-ci : {error.french}",
            ) from error
    return unparse(rule)


def _texts(words: GroupWords) -> tuple[str, str]:
    name = plain(words.name, 120)
    if not name:
        raise BadGroup("A group has a name of 1 to 120 characters.", field="name")
    description = plain(words.description, 500)
    if words.description.strip() and not description:
        raise BadGroup("A description has 500 characters at most.", field="description")
    return name, description


def _target(group: Group) -> str:
    return f"group:{group.academy.slug}/{group.slug}"


def _facts(group: Group) -> dict[str, str]:
    return {
        "name": group.name, "description": group.description, "rule": group.rule,
        "visibility": str(group.visibility), "school": group.school.uai if group.school else "",
        "department": group.department, "network": group.network.slug if group.network else "",
    }  # fmt: skip
