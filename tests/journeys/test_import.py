"""`./casier mail import` on a running instance: what goes in, what stays out, and once is enough."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import pytest

from casier.mailbox.importing import normal
from casier.mailbox.importing.appending import fingerprint
from journeys.commands import CASIER
from journeys.jmap import Jmap
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = pytest.mark.journey
PROJECT = Path(__file__).resolve().parents[2]
ODD = sorted((PROJECT / "tests" / "data" / "odd").glob("*.eml"))
# Written in two halves so that a scanner on the developer's machine leaves this file alone.
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
# The same odd message is read differently, and docs/operate/import.md says why.
DIFFERENT = {
    "deux-types": "two-content-types",
    "guillemets-windows": "latin1-read-as-windows",
    "multipart-sans-partie": "multipart-without-parts",
    "nom-brut": "raw-letters-in-name",
    "retour-chariot-seul": "lone-carriage-return",
    "sans-charset-utf8": "letters-not-declared",
}


def run_import(instance: RunningInstance, address: str, *arguments: object) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of an import."""
    command = [
        str(CASIER),
        "mail",
        "import",
        address,
        *map(str, arguments),
        "--json",
        "--instance",
        str(instance.root),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout, (done.returncode, done.stderr)
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def reader(instance: RunningInstance) -> Jmap:
    """Someone whose mailbox key is their address, with few messages of their own."""
    row = instance.demo(name="Bernard Noël")
    return Jmap(instance, row["address"], row["mailboxKey"], instance.app_password(row["address"], "import"))


@pytest.fixture(scope="module")
def comparing() -> ModuleType:
    """bench/compare_reading.py as a module."""
    spec = importlib.util.spec_from_file_location("compare_reading", PROJECT / "bench" / "compare_reading.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def mail(subject: str, body: str = "Bonjour.\n", *more: str) -> bytes:
    lines = [
        f"Subject: {subject}",
        "Date: Tue, 03 Mar 2026 09:12:00 +0100",
        f"Message-ID: <{uuid4().hex}@x>",
        *more,
    ]
    return ("\n".join(lines) + "\n\n" + body).encode()


def readable(path: Path) -> Path:
    """The command works as another user than the tests."""
    for folder in [path, *path.parents]:
        if folder.stat().st_mode & 0o005 != 0o005 and folder.is_dir():
            folder.chmod(folder.stat().st_mode | 0o055)
    return path


def emails(reader: Jmap, marks: list[str], *properties: str) -> dict[str, dict[str, Any]]:
    ids = ["M" + mark for mark in marks]
    (got,) = reader.call(("Email/get", {"ids": ids, "properties": ["id", *properties]}))
    return {one["id"].removeprefix("M"): one for one in got["list"]}


def test_a_maildir_keeps_folders_flags_and_dates(
    instance: RunningInstance, reader: Jmap, tmp_path: Path
) -> None:
    box = tmp_path / "Maildir"
    contents = {
        "cur/1.a:2,FS": mail("un"),
        "new/2.a": mail("deux"),
        ".Projets.Été/cur/3.a:2,RS": mail("trois"),
    }
    for name, content in contents.items():
        (box / name).parent.mkdir(parents=True, exist_ok=True)
        (box / name).write_bytes(content)
    for part in ("cur", "new", ".Projets.Été/new"):
        (box / part).mkdir(parents=True, exist_ok=True)
    folder = f"Essai {uuid4().hex[:6]}"
    code, report = run_import(instance, reader.address, readable(box), "--folder", folder)
    assert (code, report["imported"], report["leftOut"]) == (0, 3, [])
    assert report["folders"] == {folder: 2, f"{folder}/Projets/Été": 1}
    marks = [fingerprint(normal.normalise(content).content) for content in contents.values()]
    found = emails(reader, marks, "keywords", "receivedAt")
    assert [set(found[mark]["keywords"]) for mark in marks] == [
        {"$flagged", "$seen"},
        set(),
        {"$answered", "$seen"},
    ]
    assert {one["receivedAt"] for one in found.values()} == {"2026-03-03T08:12:00Z"}


def test_a_second_run_imports_nothing_even_after_the_mail_was_filed(
    instance: RunningInstance, reader: Jmap, tmp_path: Path
) -> None:
    contents = [mail(f"message {number}") for number in range(5)]
    for number, content in enumerate(contents):
        (tmp_path / f"{number}.eml").write_bytes(content)
    readable(tmp_path)
    _, planned = run_import(instance, reader.address, tmp_path, "--dry-run")
    _, first = run_import(instance, reader.address, tmp_path)
    assert (planned["imported"], planned["dryRun"], first["imported"]) == (5, True, 5)
    mark = fingerprint(normal.normalise(contents[0]).content)
    boxes = {box["role"]: box["id"] for box in reader.call(("Mailbox/get", {"ids": None}))[0]["list"]}
    reader.call(("Email/set", {"update": {"M" + mark: {"mailboxIds": {boxes["archive"]: True}}}}))
    (tmp_path / "6.eml").write_bytes(mail("nouveau"))
    _, second = run_import(instance, reader.address, tmp_path)
    assert (second["imported"], second["known"]) == (1, 5)


def test_a_virus_stays_out_and_its_neighbours_come_in(
    instance: RunningInstance, reader: Jmap, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as out:
        out.writestr("1.eml", mail("avant"))
        out.writestr("2.eml", mail("malade", EICAR + "\n"))
        out.writestr("3.eml", mail("apres"))
        out.writestr("4.eml", b"")
    code, report = run_import(instance, reader.address, readable(tmp_path) / "x.zip")
    assert (code, report["imported"]) == (2, 2)
    left = [(one["position"], one["reason"]) for one in report["leftOut"]]
    assert sorted(left) == [("2.eml", "virus"), ("4.eml", "empty")]


def test_attachments_are_found_by_search(instance: RunningInstance, reader: Jmap, tmp_path: Path) -> None:
    word = f"mot{uuid4().hex[:10]}"
    pdf = 'Content-Type: application/pdf; name="a.pdf"\n\n%PDF\n'
    parts = f"--f\nContent-Type: text/plain\n\nx\n--f\n{pdf}--f--\n"
    (tmp_path / "1.eml").write_bytes(mail(word, parts, 'Content-Type: multipart/mixed; boundary="f"'))
    (tmp_path / "2.eml").write_bytes(mail(word, "sans\n"))
    run_import(instance, reader.address, readable(tmp_path))

    def search(**more: object) -> list[str]:
        found: list[str] = reader.call(("Email/query", {"filter": {"subject": word, **more}}))[0]["ids"]
        return found

    wait_until("both messages to be indexed", lambda: len(search()) == 2)
    assert len(search(hasAttachment=True)) == 1


def test_an_unknown_address_is_said(instance: RunningInstance, tmp_path: Path) -> None:
    command = [
        str(CASIER),
        "mail",
        "import",
        "personne@ac-rouen.fr",
        str(tmp_path),
        "--instance",
        str(instance.root),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_every_odd_message_reads_as_python_reads_it_or_as_explained(
    instance: RunningInstance, reader: Jmap, comparing: ModuleType
) -> None:
    assert len(ODD) > 40
    _, report = run_import(
        instance, reader.address, PROJECT / "tests" / "data" / "odd", "--folder", "Curiosités"
    )
    assert report["leftOut"] == []
    contents = {path.stem: normal.normalise(path.read_bytes()).content for path in ODD}
    properties = ("bodyStructure", "bodyValues", "subject")
    ids = {name: "M" + fingerprint(content) for name, content in contents.items()}
    arguments = {"ids": list(ids.values()), "properties": ["id", *properties], "fetchAllBodyValues": True}
    (got,) = reader.call(("Email/get", {**arguments, "bodyProperties": comparing.PARTS}))
    seen = {one["id"]: one for one in got["list"]}
    different = {
        name: kind
        for name, content in contents.items()
        for kind, _ in comparing.compare(content, seen[ids[name]])
    }
    assert different == DIFFERENT
    subjects = {name: seen[ids[name]]["subject"] for name in ("en-tete-brut-utf8", "en-tete-brut-latin1")}
    assert subjects["en-tete-brut-utf8"] == "Réunion à préparer"
