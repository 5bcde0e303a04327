"""Offices that come by themselves: who directs a school is its head, who is in a group that the policy names
holds its office, for as long as the directory says so.

`directory.mandates.in_force` asks for the function each time, so an office ends with it at once; here the
rows are made and ended, which is for the journal and for lists. What a group brings ends here.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.journal import record_many
from casier.audit.outbox import emit_many
from casier.directory import actions
from casier.directory.life import ENDED
from casier.directory.mandates import working_on
from casier.directory.models import Academy, Mandate, Office, Posting
from casier.groups.api import BadRule, Group, live, members_of
from casier.policies.api import Contradiction, Policy, policy_for

BY = Actor.system("functions")
_BROUGHT = ~Q(by_function="", by_group="")


class Held(NamedTuple):
    """An office that somebody holds."""

    account: uuid.UUID
    school: int | None
    office: str


class Brought(NamedTuple):
    """What brings an office to somebody."""

    held: Held
    function: str = ""
    group: str = ""


def settle_all(now: datetime) -> int:
    """The same for every academy."""
    return sum(settle(academy, now) for academy in Academy.objects.all())


def settle(academy: Academy, now: datetime) -> int:
    """Give the offices that functions and groups bring, end those that nothing brings any more; how many
    changed.

    Who was relieved of one stays so, and who has it from somebody isn't given it twice.
    """
    with transaction.atomic():
        # One at a time: two would give the same office twice.
        Academy.objects.select_for_update().get(pk=academy.pk)
        wanted = {*_by_function(academy, now), *_by_group(academy, now)}
        live_rows = {_brings(row): row for row in _rows(academy).filter(_BROUGHT, ended_at=None)}
        stale = live_rows.keys() - wanted
        for one in stale:
            row = live_rows[one]
            actions.end_mandate(row, by=BY, reason=row.comes_with, now=now, withdrawn=False)
        otherwise = _otherwise(academy)
        new = [one for one in wanted - live_rows.keys() if one.held not in otherwise]
        _give(academy, new, now)
    return len(stale) + len(new)


def _by_function(academy: Academy, now: datetime) -> Collection[Brought]:
    rows = Posting.objects.filter(
        working_on(timezone.localtime(now).date()),
        function__in=policy_for(academy).rights.head_functions,
        school__academy=academy,
        person__account__academy=academy,
    ).exclude(person__account__state__in=ENDED)
    # Of two functions in a school the same one always counts.
    triples = rows.order_by("-function").values_list("person__account", "school", "function")
    return [
        Brought(held, function)
        for held, function in {
            Held(account, school, str(Office.HEAD)): function for account, school, function in triples
        }.items()
    ]


def _by_group(academy: Academy, now: datetime) -> Iterator[Brought]:
    seen: set[Held] = set()
    for office, group in _groups(academy, policy_for(academy)):
        if group is None:
            continue
        try:
            accounts = members_of(group, timezone.localtime(now).date()).values_list("pk", flat=True)
        except BadRule:  # it names a group that is gone: it has no members
            continue
        for account in accounts:
            held = Held(account, None, office)
            if held not in seen:
                seen.add(held)
                yield Brought(held, group=group.slug)


def _groups(academy: Academy, policy: Policy) -> list[tuple[str, Group | None]]:
    """The offices that the policy gives to groups, with the group: one of the whole academy, whose rule
    nobody in charge of a part of it writes.
    """
    pairs = [text.split(":", 1) for text in policy.rights.office_groups]
    whole = live(academy).filter(school=None, network=None, department="") if pairs else Group.objects.none()
    found = {group.slug: group for group in whole}
    return [(office, found.get(slug)) for office, slug in pairs]


def unknown_groups(academy: Academy, policy: Policy) -> Iterator[Contradiction]:
    """Groups that aren't there, or are for a part of the academy."""
    for text, (_office, group) in zip(policy.rights.office_groups, _groups(academy, policy), strict=True):
        if group is None:
            slug = text.partition(":")[2]
            yield Contradiction(
                "rights.office_groups",
                f"no group of the whole academy is called {slug}",
                f"aucun groupe de toute l’académie ne s’appelle {slug}",
            )


def uses_of(group: Group) -> list[str]:
    """The offices that GROUP brings, for who would remove it."""
    named = [
        text for text in policy_for(group.academy).rights.office_groups if text.endswith(f":{group.slug}")
    ]
    return [f"Politique : rights.office_groups ({text})" for text in named]


def _rows(academy: Academy) -> QuerySet[Mandate]:
    return Mandate.objects.filter(academy=academy).select_related("account")


def _held(row: Mandate) -> Held:
    return Held(row.account_id, row.school_id, str(row.office))


def _brings(row: Mandate) -> Brought:
    return Brought(_held(row), row.by_function, row.by_group)


def _otherwise(academy: Academy) -> set[Held]:
    """Who was relieved of an office, and who holds it because somebody gave it."""
    given = Q(by_function="", by_group="", ended_at=None, ends_at=None, shared_from=None)
    of_a_part = ~Q(department="") | Q(network__isnull=False)
    return {_held(row) for row in _rows(academy).filter(given | Q(withdrawn=True)).exclude(of_a_part)}


def _give(academy: Academy, new: Collection[Brought], now: datetime) -> None:
    made = Mandate.objects.bulk_create(
        Mandate(
            account_id=one.held.account,
            office=one.held.office,
            academy=academy,
            school_id=one.held.school,
            starts_at=now,
            reason=one.function or one.group,
            by_function=one.function,
            by_group=one.group,
        )
        for one in new
    )
    schools = {row.school_id for row in made if row.school_id}
    uais = dict(academy.schools.filter(pk__in=schools).values_list("pk", "uai"))
    record_many(
        BY, "mandate.given", "", academy=academy.slug, at=now,
        rows=[(f"account:{row.account_id.hex}", _facts(row, uais)) for row in made],
    )  # fmt: skip
    emit_many("account.changed", [row.account_id.hex for row in made])


def _facts(row: Mandate, uais: dict[int, str]) -> dict[str, object]:
    facts = {"function": row.by_function, "group": row.by_group, "school": uais.get(row.school_id or 0, "")}
    return {
        "mandate": row.pk,
        "office": str(row.office),
        **{name: text for name, text in facts.items() if text},
    }
