"""The journal in the console: who reads how far, that reading leaves a trace, what is taken out."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from casier.audit.api import check, public_key, seal
from casier.audit.models import JournalEntry
from casier.console import journal
from casier.console.figures.nightly import check_chain
from casier.console.models import ChainCheck
from casier.directory import actions
from casier.directory.models import Academy, Account, Office, Posting, School
from engines.console_scene import (
    MONOD,
    OPEN,
    active,
    change,
    claire,
    get,
    holder,
    open_doors,
    page_of,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, academy, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DSI, DPO, SECURITY = Office.DSI, Office.DPO, Office.SECURITY
HERS = "claire.lefevre@ac-rouen.fr"


@pytest.fixture
def happened(claire: Account) -> None:
    actions.suspend(claire, by=BY, reason="Vol de téléphone", now=timezone.now())
    actions.resume(claire, by=BY, reason="Retrouvé", now=timezone.now())


def reads(action: str) -> list[JournalEntry]:
    return list(JournalEntry.objects.filter(action=action).order_by("pk"))


def test_the_dpo_finds_what_was_done_to_somebody_by_their_exact_address(
    rouen: Academy, claire: Account, happened: None
) -> None:
    visitor = holder(rouen, DPO)
    page = said(get(visitor, f"/console/journal/?sur={HERS}"))
    assert "Vol de téléphone" in page
    assert "Claire Lefèvre" in page
    assert "Suspension" in page
    assert (
        "Retrouvé"
        not in said(get(visitor, f"/console/journal/?sur={HERS}&acte=account.suspended")).split("Ce qui")[1]
    )
    unknown = get(visitor, "/console/journal/?sur=claire")
    assert "Vol de téléphone" not in said(unknown)
    assert "écrivez-la en entier" in said(unknown)
    assert get(visitor, page_of(claire)).status_code == 404


def test_reading_the_journal_leaves_a_trace_once(rouen: Academy, claire: Account, happened: None) -> None:
    visitor = holder(rouen, DPO)
    for _again in range(3):
        get(visitor, f"/console/journal/?sur={HERS}")
    (entry,) = reads("journal.searched")
    assert entry.target == f"account:{claire.public_id}"
    assert entry.payload.facts == {"asked": {"sur": HERS}}
    get(visitor, "/console/journal/?texte=vol")
    assert len(reads("journal.searched")) == 2


def test_the_journal_of_another_academy_is_not_read(rouen: Academy, claire: Account, happened: None) -> None:
    caen = academy("amiens", ("ac-amiens.fr",))
    change(caen, *OPEN)
    visitor = holder(caen, DSI, "Voisin")
    for query in ("", f"?sur={HERS}", "?texte=Vol", "?acte=account.suspended", "?avant=99999999999999999999"):
        answer = get(visitor, f"/console/journal/{query}")
        assert answer.status_code == 200
        assert "Lefèvre" not in answer.content.decode()
        assert "Vol de téléphone" not in answer.content.decode()


def test_who_answers_for_one_school_names_a_person_of_it(
    rouen: Academy, claire: Account, happened: None
) -> None:
    visitor = holder(rouen, SECURITY, school=MONOD)
    assert "Vol de téléphone" not in said(get(visitor, "/console/journal/"))
    assert "Vol de téléphone" not in said(get(visitor, f"/console/journal/?sur={HERS}"))
    assert get(visitor, "/console/journal/exporter/").status_code == 403
    luc = active(person(rouen, "Luc", "Petit"))
    Posting.objects.create(person=luc.person, school=School.objects.get(uai=MONOD), function="ENS")
    page = said(get(visitor, "/console/journal/?sur=luc.petit@ac-rouen.fr"))
    assert "Compte activé" in page


def test_parts_are_taken_out_as_a_table_and_as_a_signed_file(
    rouen: Academy, claire: Account, happened: None, tmp_path: Path
) -> None:
    actions.suspend(claire, by=BY, reason='=HYPERLINK("http://mal.example")', now=timezone.now())
    visitor = holder(rouen, DPO)
    path = f"/console/journal/exporter/?sur={HERS}"
    assert post(visitor, path, motif="").status_code == 422
    table = b"".join(post(visitor, path, motif="Demande de la personne").streaming_content).decode()
    assert "Vol de téléphone" in table
    assert "\"'=HYPERLINK" in table
    answer: Any = post(visitor, path, motif="Audit", forme="signe")
    whole = b"".join(answer.streaming_content)
    file = tmp_path / "journal.zip"
    file.write_bytes(whole)
    assert list(check(file, public_key(settings.CASIER_INSTANCE.key("journal")))) == []
    assert b"Vol" in zipfile.ZipFile(io.BytesIO(whole)).read("entries.jsonl")
    assert [entry.reason for entry in reads("journal.exported")] == ["Demande de la personne", "Audit"]


def test_the_page_tells_whether_the_chain_holds(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DPO)
    assert "pas encore été vérifiés" in said(get(visitor, "/console/journal/"))
    seal(timezone.now())
    check_chain(timezone.now())
    assert "vérifié intact" in said(get(visitor, "/console/journal/"))
    ChainCheck.objects.create(at=timezone.now(), batches=3, entries=9, broken=[{"batch": 2}])
    assert "modifié après coup" in said(get(visitor, "/console/journal/"))


# Who looked ------------------------------------------------------------------------------------------
def test_reading_about_somebody_is_written_once_an_hour(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, other = holder(rouen, DSI), holder(rouen, Office.HELP_DESK, "Autre")
    for path in ("", "vie/", "messages/", "suspendre/"):
        assert get(visitor, page_of(claire, path)).status_code == 200
    get(other, page_of(claire))
    looks = reads("person.looked_at")
    assert [entry.target for entry in looks] == [f"account:{claire.public_id}"] * 2
    assert len({entry.actor for entry in looks}) == 2
    page = said(get(visitor, page_of(claire)))
    assert "Qui a consulté cette fiche" in page
    assert page.count("Alix Autre") == 1


def test_ones_own_page_leaves_none_nor_does_what_is_refused(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DSI)
    me = Account.objects.get(person__family_name="Agent")
    assert get(visitor, page_of(me)).status_code == 200
    far = holder(rouen, Office.HELP_DESK, "Loin", school=MONOD)
    assert get(far, page_of(claire)).status_code == 404
    assert reads("person.looked_at") == []


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("group:aix-marseille/professeurs-principaux", "groupe aix-marseille/professeurs-principaux"),
        ("academy:aix-marseille", "académie aix-marseille"),
        ("feed:12", "import 12"),
        ("operation:0123456789abcdef0123456789abcdef", "acte en nombre 0123456789ab"),
        ("demo", "demo"),
    ],
)
def test_what_was_acted_on_is_named_whole(target: str, shown: str) -> None:
    assert journal.thing_words(target) == shown
