"""`./casier school` and `./casier functional`: a school's affairs at the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
import typer
from django.utils import timezone
from typer.testing import CliRunner

from casier.audit.api import Actor
from casier.boot.commands import functional, school
from casier.directory.models import Account, FunctionalMailbox, Membership
from casier.schools import api
from unit.life_people import OTHER_UAI, UAI
from unit.schools_people import Town, town

pytestmark = pytest.mark.django_db
JEAN, WHY = "jean.martin@ac-rouen.example", ("--reason", "mutation")


@pytest.fixture
def place(monkeypatch: pytest.MonkeyPatch) -> Town:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    return town()


def ask(app: typer.Typer, *words: str, code: int = 0) -> Any:
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if code == 0 else answer.output


def test_a_school_with_all_that_is_its_own(place: Town) -> None:
    shown = ask(school.app, "show", UAI)
    assert (shown["people"], shown["heads"]) == (3, ["thierry.morel@ac-normandie.example"])
    assert {one["role"] for one in shown["mailboxes"][0]["members"]} == {"answer", "manage"}
    assert "Thierry" not in CliRunner().invoke(school.app, ["show", OTHER_UAI]).output
    assert "not" in ask(school.app, "show", "0000000A", code=1).lower()


def test_a_departure_is_shown_done_and_taken_back(place: Town) -> None:
    seen = ask(school.app, "depart", UAI, JEAN)
    assert (seen["applied"], seen["leaves"], seen["mailboxes"]) == (False, True, ["Accueil"])
    assert Membership.objects.filter(account=place.jean).exists()
    assert "reason_wanted" in ask(school.app, "depart", UAI, JEAN, "--apply", code=1)
    assert "not_posted" in ask(school.app, "depart", OTHER_UAI, JEAN, code=1)
    done = ask(school.app, "depart", UAI, JEAN, "--apply", *WHY)
    assert done["applied"]
    assert not Membership.objects.filter(account=place.jean).exists()
    listed = ask(school.app, "show", UAI)["departures"]
    assert [(one["id"], one["canUndo"]) for one in listed] == [(done["id"], True)]
    assert ask(school.app, "stay", done["id"], *WHY)["undone"]
    assert "too_late_to_undo" in ask(school.app, "stay", done["id"], *WHY, code=1)
    assert Account.objects.get(pk=place.jean.pk).state == "active"


def test_requests_are_listed_and_answered(place: Town) -> None:
    by = Actor.account(place.head.public_id, "192.0.2.1")
    said: dict[str, Any] = {"by": by, "reason": "les CPE", "now": timezone.now()}
    first = api.ask_new(place.here, "Vie scolaire", "vie scolaire", **said)
    second = api.ask_new(place.here, "Gestion", "gestion", **said)
    listed = ask(functional.app, "requests", "--academy", "rouen")
    assert [one["id"] for one in listed] == [first.pk.hex, second.pk.hex]
    assert ask(functional.app, "approve", first.pk.hex)["state"] == "approved"
    assert "wrong_step" in ask(functional.app, "approve", first.pk.hex, code=1)
    ask(functional.app, "refuse", second.pk.hex, code=2)
    refused = ask(functional.app, "refuse", second.pk.hex, "--reason", "déjà une")
    assert (refused["state"], refused["answer"]) == ("refused", "déjà une")
    assert "not_found" in ask(functional.app, "approve", "personne", code=1)
    assert ask(functional.app, "requests") == []


def test_the_operator_opens_and_shuts_at_once(place: Town) -> None:
    made = ask(functional.app, "request", UAI, "--name", "Intendance", *WHY)
    assert made["state"] == "approved"
    assert "address_taken" in ask(functional.app, "request", UAI, "--name", "Intendance", *WHY, code=1)
    ask(functional.app, "request", UAI, "--close", made["address"], *WHY)
    assert FunctionalMailbox.objects.get(name="Intendance").is_closed
