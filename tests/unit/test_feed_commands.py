"""`./casier feed`: from files to people and back, the exit codes, what a program reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from feed_scene import COLLEGE, LYCEE, ME, NOW, account
from feed_scene import academy as make_academy
from typer.testing import CliRunner

from casier.boot.commands.feed import app
from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Account, Person
from casier.feed.models import ColumnMapping, ReviewItem, Run

pytestmark = pytest.mark.django_db
TABLE = f"""Jointure;Prénom;Nom;Date de naissance;UAI;Emploi tenu
P1;Zoé;BERGER;17/05/1980;{LYCEE};ENS
P1;Zoé;BERGER;17/05/1980;{COLLEGE};ENS
P2;Luc;DURAND;18/05/1980;{COLLEGE};DIR
"""
WHY = ("--reason", "rentrée")


@pytest.fixture(autouse=True)
def _scene(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casier.audit.outbox.wake_worker", lambda _socket: None)
    monkeypatch.setattr("casier.directory.publishing._publish_now", lambda _account: None)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    owner = make_academy()
    for uai in (LYCEE, COLLEGE):
        actions.create_school(owner, NewSchool(uai, "École"), by=ME, reason="tests", now=NOW)


def run(code: int, *words: str) -> Any:
    result = CliRunner().invoke(app, list(words))
    assert result.exit_code == code, result.output
    return json.loads(result.stdout) if "--json" in words else result.output


def test_from_a_table_to_people_and_back(tmp_path: Path) -> None:
    path = tmp_path / "rentree.csv"
    path.write_text(TABLE, encoding="utf-8")
    asked = ("import", str(path), "--academy", "rouen", *WHY, "--mapping", "function=Emploi tenu")
    asked += ("--mapping", "key=Jointure", "--mapping", "given_name=Prénom", "--mapping", "family_name=Nom")
    asked += ("--mapping", "birth_date=Date de naissance", "--mapping", "school=UAI")
    looked = run(0, *asked, "--json")
    assert (looked["state"], looked["counts"]["person.create"]) == ("looked_at", 2)
    assert not Person.objects.exists()
    number = str(looked["run"])
    done = run(0, "apply", number, *WHY, "--json")
    assert (done["state"], done["mailboxes"]["left"], done["mailboxes"]["total"]) == ("applied", 2, 2)
    assert account("zoe.berger@ac-rouen.fr").person.postings.count() == 2
    # what the columns are is remembered
    assert ColumnMapping.objects.count() == 1
    again = run(0, "import", str(path), "--academy", "rouen", *WHY, "--apply", "--json")
    assert again["lines"] == []
    assert [one["run"] for one in run(0, "runs", "--academy", "rouen", "--json")] == [
        again["run"],
        int(number),
    ]
    run(1, "undo", number, *WHY)  # not the last
    run(0, "undo", str(again["run"]), *WHY)
    undone = run(0, "undo", number, *WHY, "--json")
    assert undone["state"] == "undone"
    assert not Account.objects.exists()


def test_what_goes_wrong_has_its_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "rentree.csv"
    path.write_text(TABLE + "P3;;PETIT;19/05/1980;0;ENS\n", encoding="utf-8")
    said = run(1, "import", str(path), "--academy", "rouen", "--reason", "  ")
    assert "reason" in said.lower()
    assert not Run.objects.exists()
    run(1, "import", str(tmp_path / "nothing.xml"), "--academy", "rouen", *WHY)
    run(1, "show", "999")
    columns = ("--mapping", "given_name=Prénom", "--mapping", "family_name=Nom")
    said = run(4, "import", str(path), "--academy", "rouen", *WHY, *columns)
    assert "refused" in said


def test_without_a_reason_the_files_are_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "rentree.csv"
    path.write_text(TABLE.replace("Emploi tenu", "Fonction"), encoding="utf-8")
    looked = run(0, "import", str(path), "--academy", "rouen", "--json")
    assert looked["reason"] == "rentree.csv"
    done = run(0, "import", str(path), "--academy", "rouen", "--apply", "--json")
    assert (done["state"], done["reason"]) == ("applied", "rentree.csv")
    assert "--reason" in run(1, "undo", str(done["run"]))


def test_what_is_badly_asked_is_told_before_anything_is_read(tmp_path: Path) -> None:
    path = tmp_path / "rentree.csv"
    path.write_text(TABLE, encoding="utf-8")
    asked = ("import", str(path), "--academy", "rouen", *WHY)
    for words in (("--holds", "pupils"), ("--allow-leaving", "-1"), ("--mapping", "key")):
        run(2, *asked, *words)
    number = str(run(0, *asked, "--json")["run"])
    for words in (("--verb", "delete"), ("--limit", "-1")):
        run(2, "show", number, *words)
    assert Run.objects.count() == 1


def test_a_file_that_is_no_feed_says_how_to_go_on(tmp_path: Path) -> None:
    for name in ("agents.csv", "agents.7z", "agents.xlsx"):
        (tmp_path / name).write_text("A;B;C\n1;2;3\n")
    said = run(1, "import", str(tmp_path / "agents.csv"), "--academy", "rouen")
    assert "--mapping given_name=… --mapping family_name=…" in said
    assert "A, B, C" in said
    assert "[bad_feed: columns_missing]" in said
    said = run(1, "import", str(tmp_path / "agents.7z"), "--academy", "rouen")
    assert "agents.7z" in said
    assert ".zip" in said
    assert "[bad_feed: workbook]" in run(1, "import", str(tmp_path / "agents.xlsx"), "--academy", "rouen")
    cut = tmp_path / "ENT_Complet_20260901_PersEducNat_0000.xml"
    cut.write_text("<ficAlimMENESR><addRequest>")
    said = run(1, "import", str(cut), "--academy", "rouen")
    assert f"[bad_feed: cut_short] (run {Run.objects.get().pk})" in said


def test_a_refused_line_says_who_it_is_and_a_line_that_was_not_done_counts(tmp_path: Path) -> None:
    path = tmp_path / "rentree.csv"
    path.write_text(
        "Jointure;Prénom;Nom;Date de naissance;UAI\n"
        f"K7;Zoé;BERGER;31/02/1980;{LYCEE}\nK8;Luc;DURAND;17/05/1980;{LYCEE}\n",
        encoding="utf-8",
    )
    said = run(4, "import", str(path), "--academy", "rouen")
    assert "Zoé BERGER" in said
    number = Run.objects.get().pk
    Run.objects.update(counts={"person.create": 1})
    actions.create_account(
        Run.objects.get().academy,
        actions.NewAccount("Luc", "Durand", feed_key="K8"),
        by=ME,
        reason="t",
        now=NOW,
    )
    said = run(4, "apply", str(number), *WHY)
    assert "not done" in said
    assert "1 not done" in said


def test_a_doubt_is_settled_at_the_command_line(tmp_path: Path) -> None:
    from casier.directory.access import academy_named

    owner = academy_named("rouen")
    there = actions.create_account(owner, actions.NewAccount("Zoé", "Berger"), by=ME, reason="tests", now=NOW)
    path = tmp_path / "rentree.csv"
    path.write_text(TABLE.replace("Emploi tenu", "Fonction"), encoding="utf-8")
    run(4, "import", str(path), "--academy", "rouen", *WHY, "--apply")
    doubts = run(0, "review", "--json")
    assert [one["candidates"][0]["person"] for one in doubts] == [there.person_id]
    item = str(doubts[0]["item"])
    run(2, "review", item, *WHY)
    assert run(0, "review", item, "--same", str(there.person_id), *WHY, "--json") == []
    run(0, "import", str(path), "--academy", "rouen", *WHY, "--apply")
    assert there.person.postings.count() == 2
    assert ReviewItem.objects.get().state == "same"


def test_a_run_that_stops_says_which_and_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rentree.csv"
    path.write_text(TABLE.replace("Emploi tenu", "Fonction"), encoding="utf-8")
    run(0, "import", str(path), "--academy", "rouen", "--apply")
    monkeypatch.setattr("casier.feed.threshold.ALWAYS", 0)
    path.write_text("\n".join(TABLE.replace("Emploi tenu", "Fonction").splitlines()[:2]), encoding="utf-8")
    said = run(3, "import", str(path), "--academy", "rouen", "--complete", "--apply")
    number = Run.objects.latest("pk").pk
    assert f"./casier feed show {number} --verb leave" in said
    assert f"./casier feed apply {number} --allow-leaving 1 --reason" in said
    said = run(0, "apply", str(number), "--allow-leaving", "1", *WHY)
    assert f"run {number} is applied" in run(1, "apply", str(number), *WHY)


def test_a_delta_that_comes_late_is_not_applied_unseen(tmp_path: Path) -> None:
    def delta(day: int, family: str) -> Path:
        path = tmp_path / f"ENT_Delta_202609{day:02}_PersEducNat_0000.xml"
        path.write_text(
            '<ficAlimMENESR><addRequest><operationalAttributes><attr name="categoriePersonne"><value>'
            "PersEducNat</value></attr></operationalAttributes><identifier><id>7</id></identifier><attributes>"
            f'<attr name="sn"><value>{family}</value></attr><attr name="givenName"><value>Zoé</value></attr>'
            f'<attr name="ENTPersonFonctions"><value>{LYCEE}$ENS$$$</value></attr></attributes></addRequest>'
            "</ficAlimMENESR>"
        )
        return path

    first = run(0, "import", str(delta(2, "Berger")), "--academy", "rouen", "--apply", "--json")
    assert first["older"] == {}
    late = str(delta(1, "Durand"))
    said = run(3, "import", late, "--academy", "rouen", "--apply")
    assert "These files are of 01/09/2026" in said
    assert f"run {first['run']}, applied already, was of 02/09/2026" in said
    assert Person.objects.get().family_name == "Berger"
    looked = run(0, "import", late, "--academy", "rouen", "--json")
    assert looked["older"]["run"] == first["run"]
    run(0, "apply", str(looked["run"]), *WHY)
    assert Person.objects.get().family_name == "Durand"
