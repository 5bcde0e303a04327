"""`./casier policy`: reading, checking and putting in force, from the command line."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casier.audit.api import Actor
from casier.audit.models import JournalEntry
from casier.boot.commands import academy as academy_commands
from casier.boot.commands import policy as commands
from casier.directory import actions
from casier.directory.models import Academy
from casier.policies.api import SHIPPED, Policy, as_toml, flat, parse_toml, policy_for, shipped, with_changes
from casier.policies.models import PolicyRevision
from casier.policies.shipped import ACADEMIES, BadPolicy
from casier.policies.words import CHOICES, FIELDS, SECTIONS, section_of, value_words

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WHY: dict[str, Any] = {"by": Actor.operator("test"), "reason": "rentrée", "now": NOW}
MIX = b"""
[sign_in]
names = ["address"]
[second_factor]
requirement = "required"
methods = ["webauthn", "recovery_codes"]
[app_passwords]
approval = "new_client"
"""


@pytest.fixture
def rouen(db: None, monkeypatch: pytest.MonkeyPatch) -> Academy:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    new = actions.NewAcademy(
        "rouen", "Rouen", "#1a5fb4", ("ac-rouen.example",), ("r.localhost",), shipped("rouen")
    )
    return actions.create_academy(new, **WHY)


def ask(*words: str, code: int = 0) -> Any:
    answer = CliRunner().invoke(commands.app, [*words, "--json"])
    assert answer.exit_code == code, answer.output
    return json.loads(answer.stdout) if answer.stdout.startswith(("{", "[")) else answer.output


def test_what_ships_and_what_is_in_force(rouen: Academy) -> None:
    told = ask("list")
    assert [one["set"] for one in told["shipped"]] == list(SHIPPED)
    assert told["academies"][0] | {"at": ""} == {
        "academy": "rouen", "version": 1, "set": "rouen", "at": "", "deviations": 7,
    }  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shown_as_toml_is_read_back_as_the_same(rouen: Academy, name: str) -> None:
    answer = CliRunner().invoke(commands.app, ["show", name, "--toml"])
    assert parse_toml(answer.stdout.encode()) == shipped(name)
    assert parse_toml(as_toml(shipped(name)).encode()) == shipped(name)


def test_each_field_and_word_can_be_read_by_a_person() -> None:
    assert set(FIELDS) == set(flat(Policy()))
    assert {section_of(field) for field in FIELDS} == set(SECTIONS)
    for french, english in [*FIELDS.values(), *SECTIONS.values(), *CHOICES.values()]:
        assert french
        assert english
    assert value_words(100_000_000, "mail.attachment_bytes") == ("100\u00a0Mo", "100\u00a0MB")
    assert value_words(["sms", "voice"], "second_factor.methods")[0] == "SMS, appel vocal"


def test_two_policies_side_by_side(rouen: Academy) -> None:
    told = {one["field"]: one for one in ask("show", "strict", "--diff", "rouen")}
    assert (told["lock.scope"]["before"], told["lock.scope"]["after"]) == ("lane", "account")
    assert ask("show", "rouen", "--diff", "rouen") == []
    assert "not_found" in ask("show", "paris", code=1)


def test_a_file_is_told_everything_at_once(rouen: Academy, tmp_path: Path) -> None:
    file = tmp_path / "mix.toml"
    file.write_bytes(b"[recovery]\nmethods = []\n[lock]\nscope = 'account'\n[password]\nmin_length = 8\n")
    told = ask("check", str(file), code=1)
    assert {one["field"] for one in told["contradictions"]} == {
        "recovery.methods", "password.min_length", "password.classes",
    }  # fmt: skip
    assert "lock.scope" in {one["field"] for one in told["deviations"]}
    file.write_bytes(MIX)
    assert ask("check", str(file)) == {"sound": True, "contradictions": [], "deviations": []}
    file.write_bytes(b"[lock]\natempts = 3")
    assert "atempts" in ask("check", str(file), code=1)["contradictions"][0]["reason"]


def test_a_change_is_shown_then_made_then_remembered(rouen: Academy) -> None:
    words = ("apply", "rouen", "--change", "lock.attempts=4", "--reason", "comité")
    told = ask(*words, "--dry-run")
    assert told["changes"] == [{"field": "lock.attempts", "before": 5, "after": 4}]
    assert told["version"] is None
    assert policy_for(rouen).lock.attempts == 5
    assert ask(*words)["version"] == 2
    assert policy_for(rouen).lock.attempts == 4
    assert ask(*words)["version"] is None  # nothing changes, so nothing is written
    assert JournalEntry.objects.get(action="policy.adopted", reason="comité").payload.facts["changed"] == [
        "lock.attempts"
    ]
    assert next(one["changes"] for one in ask("history", "rouen")) == told["changes"]


def test_a_whole_set_or_a_file_takes_its_place(rouen: Academy, tmp_path: Path) -> None:
    ask("apply", "rouen", "--set", "strict", "--reason", "essai")
    assert policy_for(rouen) == shipped("strict")
    file = tmp_path / "mix.toml"
    file.write_bytes(MIX)
    ask("apply", "rouen", "--file", str(file), "--change", "lock.attempts=3", "--reason", "essai")
    assert policy_for(rouen) == with_changes(parse_toml(MIX), ["lock.attempts=3"])


@pytest.mark.parametrize(
    "change", ["lock.attempts=1", "lock=3", "lock.colour=red", "recovery.methods=[]", "lock.attempts", "x=1"]
)
def test_what_cannot_stand_is_refused_and_nothing_is_left(rouen: Academy, change: str) -> None:
    answer = CliRunner().invoke(commands.app, ["apply", "rouen", "--change", change, "--reason", "x"])
    assert answer.exit_code == 1
    assert change.partition("=")[0] in answer.output
    assert PolicyRevision.objects.count() == 1


def test_it_takes_a_reason_and_one_thing_to_apply(rouen: Academy) -> None:
    ask("apply", "rouen", "--set", "strict", code=2)
    ask("apply", "rouen", "--reason", "x", code=2)
    ask("apply", "rouen", "--set", "strict", "--file", "/dev/null", "--reason", "x", code=2)
    assert PolicyRevision.objects.count() == 1


@pytest.mark.parametrize("name", ACADEMIES)
def test_the_second_factor_can_be_taken_off_each_set(name: str) -> None:
    wide = with_changes(
        shipped(name),
        [
            "second_factor.requirement=off", "second_factor.contexts=[]", "second_factor.enrolment_days=0",
            "second_factor.grace_days=0", "sessions.one_device=off", "sessions.suspend_minutes=0",
            "lock.on_unusual=ignore", "recovery.check_days=0",
        ],
    )  # fmt: skip
    assert wide.second_factor.requirement == "off"
    with pytest.raises(BadPolicy):
        with_changes(wide, ["second_factor.requirement=perhaps"])


def test_a_fifth_academy_with_a_mix_of_its_own(rouen: Academy, tmp_path: Path) -> None:
    file = tmp_path / "mix.toml"
    file.write_bytes(MIX)
    words = [
        "create",
        "limoges",
        "--name",
        "Limoges",
        "--domain",
        "ac-limoges.example",
        "--host",
        "l.localhost",
    ]
    made = CliRunner().invoke(academy_commands.app, [*words, "--policy-file", str(file), "--json"])
    assert made.exit_code == 0, made.output
    assert policy_for(Academy.objects.get(slug="limoges")) == parse_toml(MIX)
    file.write_bytes(b"[sign_in]\nnames = []")
    words[1] = "autre"
    refused = CliRunner().invoke(academy_commands.app, [*words, "--policy-file", str(file)])
    assert refused.exit_code == 1
    assert "sign_in.names" in refused.output
    assert not Academy.objects.filter(slug="autre").exists()
