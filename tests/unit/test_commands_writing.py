"""`./casier writing`: what it takes, what it refuses and in which words, and what is in force afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from casier.audit.models import JournalEntry
from casier.boot.commands.writing import app
from casier.directory.models import Account
from casier.policies.api import policy_for
from unit.identity_people import academy, person

pytestmark = pytest.mark.django_db(transaction=True)
KEY = "claire.lefevre@ac-rouen.fr"


@pytest.fixture
def claire(monkeypatch: pytest.MonkeyPatch) -> Account:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    return person(academy())


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "s.html").write_text(
        "<p>{{nom}}</p>\n<p><a href='{{charte}}'>Charte</a></p>", encoding="utf-8"
    )
    (tmp_path / "s.txt").write_text("{{nom}}\n{{charte}}", encoding="utf-8")
    (tmp_path / "unknown.html").write_text("<p>{{inconnu}}</p>", encoding="utf-8")
    (tmp_path / "picture.html").write_text("<p>x<img src='https://x.fr/y.png'></p>", encoding="utf-8")
    (tmp_path / "empty.html").write_text("", encoding="utf-8")
    (tmp_path / "latin.html").write_bytes("é".encode("latin-1"))
    monkeypatch.chdir(tmp_path)


def run(*words: str, code: int = 0) -> str:
    answer = CliRunner().invoke(app, list(words))
    assert answer.exit_code == code, answer.output
    return answer.output


def shown(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.mark.usefixtures("claire", "files")
def test_a_signature_is_set_shown_as_someone_and_taken_back() -> None:
    charter = ("--charter", "https://www.ac-rouen.fr/charte")
    run("set-signature", "rouen", "--html", "s.html", "--text", "s.txt", *charter, "--reason", "rentrée")
    seen = shown("signature", "rouen", "--as", KEY)
    assert seen["text"] == "Claire Lefèvre\nhttps://www.ac-rouen.fr/charte"
    assert "not_found" in run("signature", "rouen", "--as", KEY, "--from", "autre@ac-rouen.fr", code=1)
    run("reset-signature", "rouen", "--reason", "fin")
    assert "charte" not in shown("signature", "rouen", "--as", KEY)["text"]
    actions = JournalEntry.objects.filter(action__startswith="signature.").values_list("action", flat=True)
    assert list(actions) == ["signature.changed", "signature.restored"]


@pytest.mark.usefixtures("claire", "files")
@pytest.mark.parametrize(
    ("html", "more", "code", "said"),
    [
        ("unknown.html", (), 1, "unknown_fields"),
        ("picture.html", (), 1, "not_in_signature"),
        ("empty.html", (), 1, "signature_empty"),
        ("latin.html", (), 2, "UTF-8"),
        ("nowhere.html", (), 2, "nowhere.html"),
        ("s.html", ("--charter", "javascript:alert(1)"), 1, "bad_charter"),
    ],
)
def test_what_a_signature_must_not_be_is_said(html: str, more: tuple[str, ...], code: int, said: str) -> None:
    assert said in run("set-signature", "rouen", "--html", html, "--text", "s.txt", *more, code=code)
    assert "{{nom}}" in shown("signature", "rouen")["text"]


@pytest.mark.usefixtures("files")
def test_the_rule_is_the_policys(claire: Account) -> None:
    run("rule", "rouen", "--signature", "imposed", "--outside", "always", "--reason", "essai")
    writing = policy_for(claire.academy).writing
    assert (writing.signature, writing.outside) == ("imposed", "always")
    assert shown("signature", "rouen")["mode"] == "imposed"
    run("rule", "rouen", "--signature", "perhaps", code=2)


@pytest.mark.usefixtures("claire", "files")
def test_templates_are_given_listed_replaced_and_deleted() -> None:
    give = ("set-template", "rouen", "Convocation", "--html", "s.html", "--subject")
    run(*give, "Un")
    run(*give, "Deux")
    assert [(one["name"], one["subject"]) for one in shown("templates", "rouen")] == [("Convocation", "Deux")]
    assert "template_refused" in run("set-template", "rouen", "x" * 101, "--html", "s.html", code=1)
    assert "template_refused" in run("set-template", "rouen", "Vide", "--html", "empty.html", code=1)
    run("delete-template", "rouen", "Convocation")
    assert "not_found" in run("delete-template", "rouen", "Convocation", code=1)
