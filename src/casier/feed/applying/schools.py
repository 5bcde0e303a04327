"""Schools made, changed, opened again, closed: hundreds, one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from casier.audit.journal import record_many
from casier.audit.outbox import Rank, ranked
from casier.directory import actions
from casier.directory.errors import AddressTaken
from casier.directory.models import Network, School
from casier.feed.applying.work import Work, done, skip
from casier.feed.models import Change, Verb

_PAST = {Verb.CREATE: "created", Verb.CHANGE: "changed", Verb.RETURN: "reopened", Verb.LEAVE: "closed"}


def apply_schools(work: Work, rows: Sequence[Change]) -> None:
    """Do what ROWS say; one whose school was changed by somebody meanwhile is left alone."""
    create = [row for row in rows if row.verb == Verb.CREATE]
    _create(work, create)
    for row in rows:
        if row.verb != Verb.CREATE:
            _change(work, row)
    for verb, past in _PAST.items():
        journalled: list[tuple[str, dict[str, object]]] = [
            (f"school:{row.target}", work.facts(changed=sorted(row.after)))
            for row in rows
            if row.verb == verb and row.status == "done"
        ]
        if journalled:
            record_many(
                work.by,
                f"school.{past}",
                work.reason,
                academy=work.academy.slug,
                at=work.now,
                rows=journalled,
            )


def _create(work: Work, rows: Sequence[Change]) -> None:
    taken = set(School.objects.filter(uai__in=[row.target for row in rows]).values_list("uai", flat=True))
    fresh = [row for row in rows if row.target not in taken]
    for school in School.objects.bulk_create(_school(work, row) for row in fresh):
        work.schools[school.uai] = school
    for row in rows:
        if row.target in taken:
            skip(row, "changed_since")
        else:
            _join(work, work.schools[row.target], row.after["networks"])
            done(row, **_mailbox(work, work.schools[row.target]))


def _mailbox(work: Work, school: School) -> dict[str, str]:
    """Its mailbox, where the policy wants one; an address that is somebody's already is left to them."""
    if not work.school_mailboxes:
        return {}
    try:
        with transaction.atomic(), ranked(Rank.MANY):
            made = actions.create_functional_mailbox(
                work.academy, actions.NewMailbox(school.name, school),
                by=work.by, reason=work.reason, now=work.now,
            )  # fmt: skip
    except AddressTaken:
        return {}
    return {"mailbox": made.pk.hex}


def _school(work: Work, row: Change) -> School:
    values = {name: value for name, value in row.after.items() if name != "networks"}
    return School(academy=work.academy, uai=row.target, **values)


def _change(work: Work, row: Change) -> None:
    school = work.schools.get(row.target)
    if school is None or any(_held(school, name) != value for name, value in row.before.items()):
        skip(row, "changed_since")
        return
    set_values(work, school, row.after)
    done(row)


def set_values(work: Work, school: School, values: dict[str, Any]) -> None:
    """Make SCHOOL have VALUES."""
    plain = [name for name in values if name != "networks"]
    for name in plain:
        setattr(school, name, values[name])
    if plain:
        school.save(update_fields=plain)
    if "networks" in values:
        _join(work, school, values["networks"])


def _held(school: School, name: str) -> Any:
    if name == "networks":
        return sorted(school.networks.values_list("name", flat=True))
    return getattr(school, name)


def _join(work: Work, school: School, names: Sequence[str]) -> None:
    if names or school.networks.exists():
        school.networks.set(_network(work, name) for name in names)


def _network(work: Work, name: str) -> Network:
    slug = slugify(name)[:50] or "reseau"
    found = Network.objects.filter(academy=work.academy, name=name[:150]).first()
    return (
        found
        or Network.objects.get_or_create(academy=work.academy, slug=slug, defaults={"name": name[:150]})[0]
    )
