"""The commands on content: what they print, their exit codes, what they leave in the journal."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from casier.audit.api import Actor, erase, seal
from casier.audit.models import JournalEntry
from casier.boot.commands import functional, journal
from casier.boot.content import help_words
from casier.directory import actions
from casier.directory.models import Academy, Account, Membership
from casier.identity.cli import app as app_passwords
from casier.kernel.uai import key_letter

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "rentrée", "now": NOW}
UAI = "0761234" + key_letter("0761234")
CE = f"ce.{UAI.lower()}@ac-rouen.example"
JEAN = "jean.martin@ac-rouen.example"


@pytest.fixture
def academy(db: None, monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    new = actions.NewAcademy("rouen", "Rouen", "#1a5fb4", ("ac-rouen.example",), ("r.localhost",))
    made = actions.create_academy(new, **WHY)
    actions.create_school(made, actions.NewSchool(UAI, "Collège Monod"), **WHY)
    return made


@pytest.fixture
def jean(academy: Academy) -> Account:
    return actions.create_account(academy, actions.NewAccount("Jean", "Martin"), **WHY)


def ask(app: typer.Typer, *words: str, code: int = 0) -> Any:
    """Run WORDS with --json; what was answered, or what was said when the exit code isn't 0."""
    answer = CliRunner().invoke(app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if code == 0 else answer.output


@pytest.fixture
def ce(jean: Account) -> str:
    made = ask(functional.app, "create", "--academy", "rouen", "--name", "Monod", "--school", UAI)
    assert (made["address"], made["mailboxKey"], made["provisioned"]) == (CE, CE, False)
    return str(made["address"])


def test_a_service_has_an_address_of_its_own(academy: Academy) -> None:
    words = ("create", "--academy", "rouen", "--name", "Aide", "--address")
    assert ask(functional.app, *words, "aide@ac-rouen.example")["school"] == ""
    assert "not_our_domain" in ask(functional.app, *words, "aide@ailleurs.example", code=1)
    assert "address_taken" in ask(functional.app, *words, "aide@ac-rouen.example", code=1)


def test_members_come_change_and_go(ce: str) -> None:
    def member(do: str, *more: str, code: int = 0) -> Any:
        return ask(functional.app, "member", do, ce, JEAN, *more, "--reason", "intérim", code=code)

    assert member("add", "--role", "read")["members"] == [{"address": JEAN, "role": "read"}]
    assert member("add", "--role", "manage")["members"] == [{"address": JEAN, "role": "manage"}]
    assert ask(functional.app, "list")[0]["members"] == [{"address": JEAN, "role": "manage"}]
    assert member("remove")["members"] == []
    assert not Membership.objects.exists()
    assert "not_found" in member("remove", code=1)
    done = ask(journal.app, "list", "--target", ce)
    assert [one["action"] for one in done] == [
        "functional.created",
        "functional.member_read",
        "functional.member_manage",
        "functional.member_removed",
    ]
    assert {one["reason"] for one in done[1:]} == {"intérim"}
    assert done[0]["actor"].startswith("operator:")


def test_a_membership_needs_a_reason(ce: str) -> None:
    ask(functional.app, "member", "add", ce, JEAN, "--role", "read", code=2)
    assert not Membership.objects.exists()


def test_the_journal_of_a_person_by_address_or_id(jean: Account) -> None:
    actions.suspend(jean, **WHY)
    by_address = ask(journal.app, "list", "--target", JEAN)
    assert [one["action"] for one in by_address] == ["account.created", "account.suspended"]
    assert ask(journal.app, "list", "--target", f"account:{jean.public_id}") == by_address
    assert [one["action"] for one in ask(journal.app, "list", "-n", "1")] == ["account.suspended"]
    assert "not_found" in ask(journal.app, "list", "--target", "nobody@ac-rouen.example", code=1)


def test_facts_that_were_erased_are_not_shown(jean: Account) -> None:
    for entry in JournalEntry.objects.filter(target=f"account:{jean.public_id}"):
        erase(entry)
    (entry_shown,) = ask(journal.app, "list", "--target", JEAN)
    assert entry_shown["facts"] == {}
    seal(NOW)
    assert ask(journal.app, "verify") == {"sound": True, "breaks": [], "withoutFacts": 1}


def test_the_seals_tell_what_was_touched(jean: Account) -> None:
    seal(NOW)
    assert ask(journal.app, "verify") == {"sound": True, "breaks": [], "withoutFacts": 0}
    JournalEntry.objects.filter(action="account.created").update(reason="autre")
    answer = CliRunner().invoke(journal.app, ["verify", "--json"])
    assert answer.exit_code == 1
    told = json.loads(answer.stdout)
    assert (told["sound"], told["breaks"][0]["batch"]) == (False, 1)
    said = CliRunner().invoke(journal.app, ["verify"]).output
    assert "Lot 1" in said
    assert "a été modifié après avoir été scellé" in said


def test_an_application_password_is_not_for_a_closed_account(jean: Account) -> None:
    made = ask(app_passwords, "create", JEAN, "--name", "Téléphone")
    assert made["address"] == JEAN
    assert [one["name"] for one in ask(app_passwords, "list", JEAN)] == ["Téléphone"]
    actions.close(jean, **WHY)
    assert "closed" in ask(app_passwords, "create", JEAN, "--name", "Tablette", code=1)
    assert ask(app_passwords, "list", JEAN) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["account"], ["account", "--help"]),
        (["account", "--help"], ["account", "--help"]),
        (["account", "create", "--academy", "x", "--help"], ["account", "create", "--help"]),
        (
            ["functional", "member", "add", "a", "b", "--help"],
            ["functional", "member", "add", "a", "b", "--help"],
        ),
        (["account", "list"], None),
        (["provision", "--check"], None),
    ],
)
def test_help_is_asked_for_or_not(arguments: list[str], words: list[str] | None) -> None:
    assert help_words(arguments) == words
