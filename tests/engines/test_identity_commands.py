"""`./casier identity`: a person's access from the command line, with a real Redis."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from casier.audit.models import JournalEntry
from casier.boot.commands import identity as commands
from casier.directory.actions import activate
from casier.directory.models import Account, AccountState
from casier.identity.history import api as history
from casier.identity.history.models import NoticeSent
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
CLAIRE = "claire.lefevre@ac-rouen.fr"
BECAUSE = ("--reason", "appel du 12, numéro connu")


@pytest.fixture(autouse=True)
def in_service(claire: Account) -> None:
    """Claire has been here for a while."""
    activate(claire, by=BY, reason="tests", now=timezone.now())
    claire.refresh_from_db()
    NoticeSent.objects.all().delete()


def ask(*words: str, code: int = 0) -> Any:
    answer = CliRunner().invoke(commands.app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if code == 0 else answer.output


def actions_of(account: Account) -> list[tuple[str, str]]:
    rows = JournalEntry.objects.filter(target=f"account:{account.public_id}", actor__startswith="operator:")
    return list(rows.order_by("id").values_list("action", "reason"))


def told(account: Account) -> list[str]:
    return list(NoticeSent.objects.filter(account=account).order_by("at").values_list("notice", flat=True))


def test_a_person_is_shown_without_a_secret(claire: Account) -> None:
    sign_in(new_browser())
    shown = ask("show", CLAIRE)
    assert (shown["address"], shown["state"], shown["academy"]) == (CLAIRE, "active", "rouen")
    assert shown["causes"] == []
    text = json.dumps(shown)
    assert PASSWORD not in text
    assert "numen" not in text.lower()
    assert "not_found" in ask("show", "personne@ac-rouen.fr", code=1)
    plain = CliRunner().invoke(commands.app, ["show", CLAIRE])
    assert "Claire Lefèvre" in plain.output


def test_suspending_and_resuming_are_journalled_told_and_have_a_reason(claire: Account) -> None:
    before = actions_of(claire)
    ask("suspend", CLAIRE, code=2)
    assert "reason_wanted" in ask("suspend", CLAIRE, "--reason", "  ", code=1)
    assert (actions_of(claire), told(claire)) == (before, [])
    assert ask("suspend", CLAIRE, *BECAUSE)["state"] == "suspended"
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED
    shown = ask("show", CLAIRE)
    assert (shown["causes"][0]["code"], shown["causes"][0]["reason"]) == ("suspended", BECAUSE[1])
    assert sign_in(new_browser()).status_code != 302
    assert ask("resume", CLAIRE, *BECAUSE)["state"] == "active"
    assert "wrong_state" in ask("resume", CLAIRE, *BECAUSE, code=1)
    done = [action for action, reason in actions_of(claire) if reason == BECAUSE[1]]
    assert done == ["account.suspended", "identity.sessions_ended", "account.resumed"]
    assert told(claire) == ["suspended", "resumed"]


def test_signing_out_everywhere_is_told(claire: Account) -> None:
    assert ask("sign-out", CLAIRE, *BECAUSE)["did"] == "sign_out"
    assert ("identity.sessions_ended", BECAUSE[1]) in actions_of(claire)
    assert told(claire) == ["help_desk"]


def test_a_reset_needs_checks_and_gives_a_password_once(claire: Account) -> None:
    assert "not_enough_checks" in ask("reset", CLAIRE, *BECAUSE, "--check", "document", code=1)
    weak = ("--check", "posting", "--check", "birth_date")
    assert "not_enough_checks" in ask("reset", CLAIRE, *BECAUSE, *weak, code=1)
    made = ask("reset", CLAIRE, *BECAUSE, "--check", "called_back", "--check", "document")
    assert made["state"] == "done"
    assert made["password"]
    assert made["password"] not in json.dumps([row[1] for row in actions_of(claire)])
    assert sign_in(new_browser()).status_code != 302
    assert ask("pending") == []


def test_a_letter_waits_for_who_prints_it(claire: Account) -> None:
    lines = ("--line", "12 rue du Port", "--line", "76000 Rouen")
    (row,) = ask("letter", CLAIRE, *BECAUSE, *lines)
    assert [one["id"] for one in ask("letters", "--academy", "rouen")] == [row["id"]]
    assert ask("show", CLAIRE)["letters"][0]["id"] == row["id"]
    (revoked,) = ask("revoke-letter", row["id"], *BECAUSE)
    assert revoked["state"] == "revoked"


def test_a_reference_is_opened(claire: Account) -> None:
    given = history.refuse("locked", account=claire, academy=claire.academy, source="192.0.2.9")
    found = ask("reference", given.lower())
    assert (found["why"], found["account"], found["source"]) == ("locked", claire.public_id, "192.0.2.9")
    assert found["meaning"]
    assert "not_found" in ask("reference", "R-2222-2222", code=1)


def test_what_goes_on_at_the_door_can_be_asked(claire: Account) -> None:
    for number in range(6):
        sign_in(new_browser(), password=f"faux-{number}")
    assert ask("blocks", "--academy", "rouen")[0]["address"] == CLAIRE
    assert ask("show", CLAIRE)["causes"][0]["code"] == "blocked_passwords"
    assert ask("unlock", CLAIRE, *BECAUSE)["did"] == "unlock"
    assert ask("blocks") == []
    assert ask("waves") == []
    assert ask("reports") == []
    assert isinstance(ask("history", CLAIRE, "-n", "3"), list)
