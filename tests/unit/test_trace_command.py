"""`./casier trace`: what it answers a program and a person, and what the journal keeps of it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from typer.testing import CliRunner

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.boot.commands import trace
from casier.directory import actions
from casier.kernel.instance import Instance
from casier.trace.logs import machine_zone

WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "rentrée", "now": timezone.now()}
JEAN = "jean.martin@ac-rouen.example"
TYPED = "jean.marten@ac-rouen.example"


@pytest.fixture(autouse=True)
def at(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """Two refusals in the log, two hours ago: for Jean, and for an address that nobody has."""
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    settings.CASIER_INSTANCE = Instance(tmp_path)
    new = actions.NewAcademy("rouen", "Rouen", "#1a5fb4", ("ac-rouen.example",), ("r.localhost",))
    actions.create_account(actions.create_academy(new, **WHY), actions.NewAccount("Jean", "Martin"), **WHY)
    moment = timezone.now().astimezone(machine_zone()) - timedelta(hours=2)
    (tmp_path / "log").mkdir()
    (tmp_path / "log" / "postfix.log").write_text(
        "".join(
            f"{moment:%b} {moment.day:2} {moment:%H:%M:%S} mail postfix/public/smtpd[8]: NOQUEUE: reject: "
            f"RCPT from unknown[203.0.113.5]: 554 5.7.1 <{who}>: Relay access denied; from=<dad@example.org> "
            f"to=<{who}> proto=ESMTP helo=<x>\n"
            for who in (JEAN, TYPED)
        ),
        "utf-8",
    )
    return moment


def ask(*words: str) -> list[dict[str, Any]]:
    answer = CliRunner().invoke(trace.app, [*words, "--reason", "appel 12", "--json"])
    assert answer.exit_code == 0, answer.output
    found: list[dict[str, Any]] = json.loads(answer.stdout)["messages"]
    return found


def test_a_program_is_answered(at: datetime) -> None:
    (message,) = ask(JEAN)
    assert (message["sender"], message["recipients"], message["queue"]) == ("dad@example.org", [JEAN], "")
    (event,) = message["events"]
    assert (event["kind"], event["to"]) == ("refused", JEAN)
    assert datetime.fromisoformat(event["at"]) == at.replace(microsecond=0)


def test_the_time_asked_has_an_end(at: datetime) -> None:
    earlier = (at - timedelta(hours=1)).isoformat(timespec="minutes")
    assert ask(JEAN, "--hours", "1") == ask(JEAN, "--until", earlier) == []
    assert len(ask(JEAN, "--hours", "1", "--until", (at + timedelta(minutes=5)).isoformat())) == 1
    answer = CliRunner().invoke(trace.app, [JEAN, "--reason", "x", "--until", "hier"])
    assert answer.exit_code == 2


def test_an_address_that_nobody_has_is_followed_and_the_journal_has_it(at: datetime) -> None:
    (message,) = ask(TYPED)
    assert message["recipients"] == [TYPED]
    entry = JournalEntry.objects.get(action="mail.traced")
    assert (entry.target, entry.academy, entry.payload.facts["address"]) == ("address", "", TYPED)
    answer = CliRunner().invoke(trace.app, ["jean", "--reason", "x"])
    assert answer.exit_code == 1
