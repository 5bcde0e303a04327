"""Offices that a function brings: who directs a school is its head, for as long as the directory says so.

`directory.mandates.in_force` asks for the function each time, so an office ends with it at once; here the
rows are made and ended, which is for the journal and for lists.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from casier.audit.api import Actor
from casier.audit.journal import record_many
from casier.audit.outbox import emit_many
from casier.directory import actions
from casier.directory.life import ENDED
from casier.directory.mandates import working_on
from casier.directory.models import Academy, Mandate, Office, Posting
from casier.policies.api import policy_for

BY = Actor.system("functions")
Held = tuple[uuid.UUID, int | None]  # account, school


def settle_all(now: datetime) -> int:
    """The same for every academy."""
    return sum(settle(academy, now) for academy in Academy.objects.all())


def settle(academy: Academy, now: datetime) -> int:
    """Give the offices that functions bring, end those whose function has ended; how many changed.

    Who was relieved of one stays so, and who has it from somebody isn't given it twice.
    """
    with transaction.atomic():
        # One at a time: two would give the same office twice.
        Academy.objects.select_for_update().get(pk=academy.pk)
        functions = policy_for(academy).rights.head_functions
        wanted = {
            (account, school): function for account, school, function in _wanted(academy, functions, now)
        }
        live = {(row.account_id, row.school_id): row for row in _brought(academy).filter(ended_at=None)}
        stale = [row for key, row in live.items() if wanted.get(key) != row.by_function]
        for row in stale:
            actions.end_mandate(row, by=BY, reason=row.by_function, now=now, withdrawn=False)
        kept = live.keys() - {(row.account_id, row.school_id) for row in stale}
        new = wanted.keys() - kept - _elsewise(academy)
        _give(academy, {key: wanted[key] for key in new}, now)
    return len(stale) + len(new)


def _wanted(
    academy: Academy, functions: tuple[str, ...], now: datetime
) -> QuerySet[Posting, tuple[uuid.UUID, int | None, str]]:
    rows = Posting.objects.filter(
        working_on(timezone.localtime(now).date()),
        function__in=functions,
        school__academy=academy,
        person__account__academy=academy,
    )
    # In an order that doesn't change: of two functions in a school the same one always counts.
    rows = rows.exclude(person__account__state__in=ENDED).order_by("-function")
    return rows.values_list("person__account", "school", "function")


def _brought(academy: Academy) -> QuerySet[Mandate]:
    return Mandate.objects.filter(academy=academy).exclude(by_function="").select_related("account")


def _elsewise(academy: Academy) -> set[Held]:
    """Who was relieved of it, and who holds it because somebody gave it."""
    rows = Mandate.objects.filter(academy=academy, office=Office.HEAD, school__isnull=False)
    relieved = rows.filter(withdrawn=True)
    given = rows.filter(ended_at=None, by_function="", shared_from=None, ends_at=None)
    return {
        (account, school) for account, school in (relieved | given).values_list("account", "school") if school
    }


def _give(academy: Academy, new: dict[Held, str], now: datetime) -> None:
    made = Mandate.objects.bulk_create(
        Mandate(
            account_id=account,
            office=Office.HEAD,
            academy=academy,
            school_id=school,
            starts_at=now,
            reason=function,
            by_function=function,
        )
        for (account, school), function in new.items()
    )
    uais = dict(academy.schools.filter(pk__in={school for _account, school in new}).values_list("pk", "uai"))
    record_many(
        BY, "mandate.given", "", academy=academy.slug, at=now,
        rows=[
            (
                f"account:{row.account_id.hex}",
                {
                    "mandate": row.pk, "office": str(row.office), "school": uais[row.school_id or 0],
                    "ends_at": "", "function": row.by_function,
                },
            )
            for row in made
        ],
    )  # fmt: skip
    emit_many("account.changed", [row.account_id.hex for row in made])
