"""What the desk's pages cost among many: figures of a day, each panel of the dashboard, lists, acts on many.

PYTHONPATH=src:. python bench/desk.py [--people 60000]
CASIER_TEST_DATABASE_URL=postgresql://… PYTHONPATH=src:. python bench/desk.py

Makes its people in a throwaway database. Prints seconds, and how many questions the database was asked;
nobody else should use the machine.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any


def measured(name: str, work: Callable[[], Any]) -> Any:
    """Do WORK and print what it cost."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        result = work()
        print(f"{name:<44} {time.perf_counter() - began:7.2f} s  {len(asked):5} queries")
    return result


def fill(academy: Any, now: Any) -> None:
    """A fifth never opened their account; the others did since September; mailboxes have sizes."""
    from casier.audit.models import JournalEntry
    from casier.console.models import MailboxSize
    from casier.directory.models import Account, School

    for number, department in enumerate(("27", "76")):
        ids = list(School.objects.values_list("pk", flat=True))[number::2]
        School.objects.filter(pk__in=ids).update(department=department)
    accounts = list(Account.objects.all())
    Account.objects.filter(pk__in=[one.pk for one in accounts[::5]]).update(state="invited")
    JournalEntry.objects.bulk_create(
        (
            JournalEntry(
                at=now - timedelta(minutes=number), actor="system:bench", action="account.activated",
                target=f"account:{one.public_id}", academy=academy.slug,
            )
            for number, one in enumerate(accounts)
            if number % 5
        ),
        batch_size=2000,
    )  # fmt: skip
    MailboxSize.objects.bulk_create(
        (
            MailboxSize(
                key=one.mailbox_key, academy=academy, account=one, used_bytes=number * 10_000,
                limit_bytes=2 * 10**9, read_at=now, before_bytes=0, before_at=now,
            )
            for number, one in enumerate(accounts)
        ),
        batch_size=2000,
    )  # fmt: skip


def main() -> None:
    """Make people, then measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=60_000)
    people = parser.parse_args().people
    from bench.person_search import prepare

    me: Any = prepare(people)
    from django.utils import timezone

    from casier.audit.api import Actor
    from casier.console.access import Desk
    from casier.console.figures.panels import PANELS
    from casier.console.figures.reckoning import keep
    from casier.console.figures.scopes import scope_of
    from casier.console.many import operating, working
    from casier.console.many.acts import ManyAct
    from casier.console.many.exporting import rows
    from casier.console.many.filters import Filter
    from casier.console.views.lists import _facts
    from casier.directory.mandates import abilities_of

    now = timezone.now()
    desk = Desk(me, Actor.account(me.public_id), "bench", now, abilities_of(me, now))
    fill(me.academy, now)
    measured("figures, the first time", lambda: keep(me.academy, now))
    measured("figures, the next hour", lambda: keep(me.academy, now))
    for code in ("", "d:76"):
        scope = measured(f"scope {code or 'academy'}", lambda code=code: scope_of(desk, code))
        for name, panel in PANELS.items():
            measured(f"  panel {name}", lambda panel=panel, scope=scope: panel(scope, now))
    for query in ({}, {"q": "martin"}, {"departement": "76", "active": "non"}, {"vu": "90"}, {"plein": "90"}):
        wanted = Filter.of(query)
        measured(f"list {query or 'all'}", lambda wanted=wanted: _facts(desk, wanted, ""))
    measured("list, its last page", lambda: _facts(desk, Filter(), str(people // 50)))
    operation = measured(
        "act on all: asked for",
        lambda: operating.begin(me.academy, ManyAct.SIGN_OUT, Filter(), {}, by=desk.actor, now=now),
    )
    measured("act on all: written down by the worker", lambda: working.work_off(operation))
    everybody = desk.people(_seen())
    measured("list as a file", lambda: sum(1 for _row in rows(everybody)))


def _seen() -> Any:
    from casier.directory.mandates import Ability

    return Ability.SEE_PERSON


if __name__ == "__main__":
    main()
