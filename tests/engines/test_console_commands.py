"""Lists, acts on many and figures at the command line, as programs read them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from casier.audit.models import JournalEntry
from casier.boot.commands import account as accounts
from casier.boot.commands import figures
from casier.console.models import Operation
from casier.directory.models import Academy, Account
from engines.console_scene import claire, open_doors, rouen
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def said(*words: str, app: Any = accounts.app, code: int = 0) -> Any:
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if code == 0 else answer.output


def test_accounts_are_listed_told_suspended_and_taken_back(rouen: Academy, claire: Account) -> None:
    luc = person(rouen, "Luc", "Petit")
    assert [row["name"] for row in said("list", "--never-opened")] == [luc.person.full_name]
    assert said("list", "--not-seen", "7", code=2)
    told = said("many", "run", "suspend", "--academy", "rouen", "--opened")
    assert (told["state"], told["counts"]) == ("prepared", {"planned": 1})
    claire.refresh_from_db()
    assert claire.state == "active"
    assert "suspend" not in {row["act"] for row in said("many", "list") if row["state"] == "done"}
    said("many", "run", "suspend", "--academy", "rouen", code=1)  # everybody is nobody's choice
    said("many", "run", "suspend", "--academy", "rouen", "--opened", "--apply", code=1)  # no reason
    done = said("many", "run", "suspend", "--academy", "rouen", "--opened", "--apply", "--reason", "Essai")
    assert (done["state"], [row["status"] for row in done["lines"]]) == ("done", ["done"])
    entry = JournalEntry.objects.get(action="account.suspended")
    assert (entry.reason, entry.actor.partition(":")[0]) == ("Essai", "operator")
    assert said("many", "show", done["id"])["state"] == "done"
    back = said("many", "undo", done["id"], "--reason", "Retour")
    assert (back["state"], [row["status"] for row in back["lines"]]) == ("undone", ["undone"])
    claire.refresh_from_db()
    assert claire.state == "active"
    said("many", "show", "rien", code=1)
    assert Operation.objects.filter(state="undone").count() == 1


@pytest.mark.parametrize(
    ("option", "value"), [("--group", "aucun"), ("--network", "aucun"), ("--school", "0760099A")]
)
def test_a_name_that_there_is_not_is_refused_and_means_nobody(
    rouen: Academy, claire: Account, option: str, value: str
) -> None:
    said("list", "--academy", "rouen", option, value, code=1)
    said("many", "run", "suspend", "--academy", "rouen", option, value, code=1)
    assert not Operation.objects.exists()
    assert said("list", "--group", "aucun", code=2)  # a group is an academy's


def test_a_numen_is_no_criterion_and_both_commands_choose_by_the_same_options(rouen: Academy) -> None:
    run = ("many", "run", "suspend", "--academy", "rouen")
    for words in (("list",), run):
        assert "NUMEN" in said(*words, "--q", "12e3456789abc", code=2)
        helped = CliRunner().invoke(accounts.app, [*words[:2], "--help"]).output
        for option in ("q", "state", "school", "department", "network", "function", "group", "never-opened"):
            assert f"--{option}" in helped, option
    assert not Operation.objects.exists()


def test_figures_are_counted_and_shown(rouen: Academy, claire: Account) -> None:
    said("keep", app=figures.app)
    found = {row["name"]: row["value"] for row in said("show", "rouen", app=figures.app)}
    assert found["state.active"] == 1
    said("show", "nulle-part", app=figures.app, code=1)
