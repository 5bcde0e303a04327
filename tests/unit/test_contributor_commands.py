"""`./casier contributor`: from the request to the end, the exit codes, what a program reads."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from contributor_scene import Place, a_place
from django.utils import timezone
from typer.testing import CliRunner

from casier.boot.commands.contributor import app
from casier.directory.access import primary_address

pytestmark = pytest.mark.django_db
WHY = ("--reason", "atelier")


@pytest.fixture(autouse=True)
def _silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


@pytest.fixture
def place() -> Place:
    return a_place(occasional_at_once=True)


def run(code: int, *words: str) -> Any:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words else result.output


def day(days: int) -> str:
    return f"{timezone.localdate() + timedelta(days=days):%d/%m/%Y}"


def asked(place: Place, given: str = "Inès", code: int = 0) -> Any:
    who = ("--given-name", given, "--family-name", "Delmas", "--birth-date", "14/03/1980")
    where = ("--school", place.school.uai, "--sponsor", primary_address(place.head))
    what = ("--role", "Théâtre", "--until", day(30))
    return run(code, "ask", *where, *who, *what, *WHY, *(("--json",) if not code else ()))


def test_from_the_request_to_the_end(place: Place) -> None:
    request = asked(place)
    assert request["phase"] == "waiting"
    assert [row["number"] for row in run(0, "list", "--json")] == [request["number"]]
    assert run(0, "show", request["number"], "--json")["namesakes"] == []
    stay = run(0, "approve", request["number"], "--until", day(20), "--json")
    assert (stay["phase"], stay["address"]) == ("going", "ines.delmas@ac-normandie.example")
    later = run(0, "renew", stay["number"], "--until", day(40), *WHY, "--json")
    assert later["until"] == (timezone.localdate() + timedelta(days=40)).isoformat()
    assert "Inès Delmas" in run(0, "list", "--school", place.school.uai)
    over = run(0, "end", stay["number"], *WHY, "--json")
    assert (over["phase"], over["state"]) == ("over", "closed")
    assert run(0, "list", "--json") == []
    assert len(run(0, "list", "--over", "--json")) == 1
    run(0, "run-due", "--json")


def test_what_is_refused_says_so_by_its_exit_code(place: Place) -> None:
    request = asked(place)
    assert "contributor_asked" in asked(place, code=1)
    run(1, "refuse", request["number"])
    assert run(0, "refuse", request["number"], *WHY, "--json")["phase"] == "refused"
    run(1, "approve", request["number"])
    run(1, "show", "rien")
    run(1, "renew", request["number"], "--until", day(3), *WHY)
