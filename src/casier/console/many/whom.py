"""Whom an operation is about, who asked for it, and what the journal says of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import Count, QuerySet

from casier.audit.api import Actor, record
from casier.console.many.acts import DEEDS, ManyAct
from casier.console.many.filters import Filter, chosen
from casier.console.models import Operation
from casier.directory.access import account_by_id
from casier.directory.mandates import Ability, people_within
from casier.directory.models import Account


def people_of(operation: Operation, now: datetime) -> QuerySet[Account]:
    """Who was chosen, of those whom the chooser may see at all."""
    by = asked_by(operation)
    seen = (
        Account.objects.all()
        if is_operator(by)
        else people_within(account_by_id(by.name.partition(":")[2]), Ability.SEE_PERSON, now)
    )
    if "ids" in operation.chosen:
        return seen.filter(pk__in=[uuid.UUID(hex=one) for one in operation.chosen["ids"]])
    wanted = Filter.of(operation.chosen.get("filter", {}))
    return chosen(seen.filter(academy=operation.academy), wanted, operation.academy, now)


def within_of(operation: Operation, now: datetime) -> QuerySet[Account]:
    by = asked_by(operation)
    if is_operator(by):
        return Account.objects.all()
    ability = DEEDS[ManyAct(operation.act)].ability
    return people_within(account_by_id(by.name.partition(":")[2]), ability, now)


def note(operation: Operation, action: str, by: Actor, reason: str, now: datetime, **facts: object) -> None:
    record(
        by, action, f"operation:{operation.pk.hex}", reason, academy=operation.academy.slug, at=now,
        act=operation.act, params=operation.params, chosen=_told(operation.chosen), **facts,
    )  # fmt: skip


def _told(chosen_by: dict[str, object]) -> dict[str, object]:
    ids = chosen_by.get("ids")
    return {"people": len(ids)} if isinstance(ids, list) else dict(chosen_by)


def locked_row(operation: Operation) -> Operation:
    rows = Operation.objects.select_for_update(of=("self",)).select_related("academy")
    return rows.get(pk=operation.pk)


def one_at_a_time(by: Actor) -> None:
    """Wait until nothing else that BY launches is on its way: each launch counts what went before it."""
    if not is_operator(by):
        account = account_by_id(by.name.partition(":")[2])
        Account.objects.select_for_update(of=("self",)).get(pk=account.pk)


def asked_by(operation: Operation) -> Actor:
    return Actor(operation.by, operation.origin)


def is_operator(by: Actor) -> bool:
    return by.name.startswith("operator:") and by.origin == "cli"


def tally(operation: Operation) -> dict[tuple[str, str], int]:
    """How many lines there are of each status and reason."""
    rows = operation.lines.values_list("status", "why").annotate(count=Count("pk")).order_by("status", "why")
    return {(status, why): count for status, why, count in rows}
