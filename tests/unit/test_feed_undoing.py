"""An undone run leaves what was before; what was used stays; many cost no more queries than a few."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from feed_fixtures import academy, silent_redis
from feed_scene import (
    BIRTH,
    LYCEE,
    ME,
    NOW,
    SCHOOLS,
    WHY,
    account,
    addresses,
    applied,
    later,
    person,
    school,
    uai,
    undone,
    verbs,
)

from casier.directory import actions
from casier.directory.access import primary_address
from casier.directory.mandates import in_force
from casier.directory.models import (
    Academy,
    Account,
    AccountState,
    Person,
    PersonKey,
    Posting,
    PostingDetail,
    School,
)
from casier.feed.actions import ask_to_undo
from casier.feed.errors import NotTheLast
from casier.feed.models import Change, Gone, RunState, Status
from casier.feed.records import Function, PersonRecord

__all__ = ["academy", "silent_redis"]  # fixtures
pytestmark = pytest.mark.django_db


def test_an_undone_run_leaves_what_was_before(academy: Academy) -> None:
    first = applied(academy, *SCHOOLS, person("P1", "Anne", "Durand"), person("P2", "Luc"))
    before = _everything()
    feed = (
        replace(SCHOOLS[0], name="Autre nom", networks=("REP",)),
        person("P1", "Anne", "Müller", [Function("E1", "DIR", classes=("3A",))]),
        person("P3", "Zoé", functions=[Function("E1", "DIR")]),
    )
    run = applied(academy, *feed, clock=later(1))
    assert _everything()["heads"] == ["anne.muller@ac-rouen.fr", "zoe.martin@ac-rouen.fr"]
    with pytest.raises(NotTheLast):
        ask_to_undo(first, **WHY)
    run = undone(run, later(2))
    assert (run.state, run.counts["kept"]) == (RunState.UNDONE, 0)
    assert _everything() == before
    # nobody had the address: it is free, and the same feed does the same again
    applied(academy, *feed, clock=later(3))
    assert account("zoe.martin@ac-rouen.fr").state == AccountState.INVITED


def _everything() -> dict[str, Any]:
    return {
        "people": sorted(Person.objects.values_list("given_name", "family_name")),
        "accounts": sorted(Account.objects.values_list("mailbox_key", "state")),
        "primary": addresses(),
        "postings": sorted(
            Posting.objects.values_list(
                "person__given_name", "school__uai", "function", "starts_on", "source"
            )
        ),
        "live": Posting.objects.filter(ends_on=None).count(),
        "details": sorted(PostingDetail.objects.values_list("kind", "value")),
        "keys": sorted(PersonKey.objects.values_list("key", flat=True)),
        "schools": sorted(School.objects.values_list("uai", "name", "is_open", "networks__name")),
        "gone": Gone.objects.count(),
        "heads": sorted(primary_address(row.account) for row in in_force(NOW + timedelta(days=1))),
    }


def test_undoing_keeps_what_was_used_and_closes_what_has_a_mailbox(academy: Academy) -> None:
    run = applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"), person("P3", "Luc"))
    actions.activate(account("jean.martin@ac-rouen.fr"), by=ME, reason="tests", now=NOW)
    Account.objects.filter(mailbox_key="anne.martin@ac-rouen.fr").update(provisioned_at=NOW)
    run = undone(run)
    assert sorted(Account.objects.values_list("mailbox_key", "state")) == [
        ("anne.martin@ac-rouen.fr", "closed"), ("jean.martin@ac-rouen.fr", "active"),
    ]  # fmt: skip
    assert sorted(Change.objects.filter(run=run, status=Status.KEPT).values_list("label", "note")) == [
        ("Jean Martin", "used"), (f"Lycée Corneille ({LYCEE})", "in_use"),
    ]  # fmt: skip
    again = applied(academy, *SCHOOLS, person("P1"), person("P2", "Anne"), clock=later(1))
    assert ("return", "back") in verbs(again)
    assert "anne.martin@ac-rouen.fr" in addresses()


def test_many_cost_no_more_queries_than_a_few(academy: Academy) -> None:
    """Every query for a line is one for each of sixty thousand."""
    few, many = _queries_to_undo(academy, 3, 0), _queries_to_undo(academy, 40, 10)
    assert many == pytest.approx(few, abs=5)


def _queries_to_undo(academy: Academy, count: int, day: int) -> list[int]:
    """What it takes to undo a run that moved COUNT people, then the one that brought them."""
    places = [school(f"S{number}", uai(760100 + number), f"Collège {number}") for number in range(count)]

    def people(code: str) -> list[PersonRecord]:
        return [
            person(
                f"P{number}",
                functions=[Function(f"S{number}", code)],
                birth_date=BIRTH + timedelta(days=number),
            )
            for number in range(count)
        ]

    came = applied(academy, *places, *people("ENS"), complete=False, clock=later(day))
    moved = applied(academy, *people("DOC"), complete=False, clock=later(day + 1))
    found = []
    for run in (moved, came):
        with CaptureQueriesContext(connection) as asked:
            assert undone(run, later(day + 2)).counts["kept"] == 0
        found.append(len(asked))
    assert not School.objects.exists()
    return found


def test_only_the_schools_that_something_points_to_stay(academy: Academy) -> None:
    run = applied(academy, *SCHOOLS)
    other = actions.create_account(
        academy, actions.NewAccount("Anne", "Petit"), by=ME, reason="tests", now=NOW
    )
    Posting.objects.create(person=other.person, school=School.objects.get(uai=LYCEE), function="ENS")
    run = undone(run)
    assert list(School.objects.values_list("uai", flat=True)) == [LYCEE]
    assert list(Change.objects.filter(run=run, status=Status.KEPT).values_list("target", "note")) == [
        (LYCEE, "in_use")
    ]
