"""A run at work: the last look only, what changed meanwhile, a kill, two at once, who comes first."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from feed_fixtures import academy, silent_redis
from feed_scene import (
    CLOCK,
    ME,
    NOW,
    SCHOOLS,
    WHY,
    account,
    applied,
    later,
    looked_at,
    person,
    silent,
)

from casier.audit import outbox
from casier.audit.models import OutboxEvent
from casier.audit.outbox import Rank
from casier.directory import actions
from casier.directory.models import (
    Academy,
    Account,
    Person,
    UsedMailboxKey,
)
from casier.feed.actions import ask_to_apply
from casier.feed.applying import applying
from casier.feed.applying.applying import apply
from casier.feed.errors import Overtaken, WrongRunState
from casier.feed.holding import AtWork, holding
from casier.feed.models import Change, Run, RunState
from casier.feed.records import Function

__all__ = ["academy", "silent_redis"]  # fixtures
pytestmark = pytest.mark.django_db


def test_only_the_last_look_is_applied(academy: Academy) -> None:
    first = looked_at(academy, *SCHOOLS, person("P1"))
    applied(academy, *SCHOOLS, person("P1"), clock=later(1))
    with pytest.raises(Overtaken):
        ask_to_apply(first, **WHY)


def test_what_somebody_changed_meanwhile_is_left_alone(academy: Academy) -> None:
    applied(academy, *SCHOOLS, person("P1", "Anne", "Durand"))
    run = looked_at(academy, *SCHOOLS, person("P1", "Anne", "Müller"), clock=later(1))
    actions.rename(account("anne.durand@ac-rouen.fr"), "Anne", "Petit", by=ME, reason="tests", now=NOW)
    run = apply(ask_to_apply(run, **WHY), silent, later(1))
    assert run.counts["skipped"] == 1
    assert Change.objects.get(run=run).note == "changed_since"
    assert Person.objects.get().family_name == "Petit"


class Killed(BaseException):
    """The process is gone: nothing is caught, nothing is written any more."""


def test_a_run_that_is_killed_is_taken_up_where_it_was(
    academy: Academy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applying, "CHUNK", 2)
    many = [person(f"P{number}", "Jean", f"Martin-{'abcdefg'[number]}") for number in range(5)]
    run = ask_to_apply(looked_at(academy, *SCHOOLS, *many), **WHY)
    chunks: list[int] = []

    def killed(done: int, _total: int) -> None:
        chunks.append(done)
        if len(chunks) == 2:
            raise Killed

    with pytest.raises(Killed):
        apply(run, killed, CLOCK)
    run.refresh_from_db()
    assert (run.state, run.done, Account.objects.count()) == (RunState.APPLYING, 4, 2)
    Run.objects.update(holder="dead", held_until=NOW)  # the lease of who was killed runs out
    run = apply(run, silent, CLOCK)
    assert (run.state, run.done, Account.objects.count()) == (RunState.APPLIED, 7, 5)
    assert UsedMailboxKey.objects.count() == 5


def test_two_never_work_on_one_run(academy: Academy) -> None:
    run = ask_to_apply(looked_at(academy, *SCHOOLS, person("P1")), **WHY)
    with holding(run), pytest.raises(AtWork):
        apply(run, silent, CLOCK)
    other = looked_at(academy, *SCHOOLS, person("P1"))
    with pytest.raises(WrongRunState):
        ask_to_apply(other, **WHY)


def test_who_has_a_date_first_comes_first(academy: Academy) -> None:
    applied(
        academy,
        *SCHOOLS,
        person("P1", "Anne"),
        person("P2", "Luc", functions=[Function("E1", "ENS", starts_on=date(2026, 9, 15))]),
        person("P3", "Zoé", functions=[Function("E1", "ENS", starts_on=date(2026, 9, 3))]),
    )
    # Another run's people come in between where their day is sooner; what only changes comes last.
    renamed = person("P1", "Anne", "Durand")
    applied(
        academy, renamed, person("P4", "Max", functions=[Function("E1", "ENS", starts_on=date(2026, 9, 4))]),
        complete=False, clock=later(1),
    )  # fmt: skip
    OutboxEvent.objects.filter(key=account("anne.martin@ac-rouen.fr").public_id, rank=Rank.MANY).delete()
    keys = [task.key for task in outbox.claim("tests", timezone.now(), 9, ["account.changed"])]
    made = {one.public_id: one.person.given_name for one in Account.objects.select_related("person")}
    assert [made[key] for key in keys] == ["Zoé", "Max", "Luc", "Anne"]
