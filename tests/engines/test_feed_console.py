"""The feed in the console: a table is sent, looked at, applied, undone; doubts are settled."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Academy, Account, Address, Office, Person
from casier.feed import worker
from casier.feed.models import Change, ColumnMapping, ReviewItem, Run, RunState
from engines.console_scene import (
    MONOD,
    claire,
    get,
    holder,
    open_doors,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
TABLE = f"""Prénom;Nom;Né(e) le;Établissement;Emploi tenu
Zoé;BERGER;17/05/1980;{MONOD};ENS
=cmd|' /C calc'!A0;DURAND;18/05/1980;{MONOD};ENS
Luc;;19/05/1980;{MONOD};ENS
"""


def send(visitor: Client, content: str, name: str = "rentree.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, content.encode(), "text/csv")
    values = {"academie": "rouen", "motif": "rentrée", "fichier": file, **more}
    return visitor.post("/console/imports/nouveau/", values, secure=True)


def test_a_table_is_sent_looked_at_applied_and_undone(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, Office.DSI)
    answer = send(visitor, TABLE)
    run = Run.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/console/imports/{run.pk}/colonnes/")
    folder = Path(run.folder)
    assert folder.stat().st_mode & 0o077 == 0
    page = f"/console/imports/{run.pk}/"
    assert "Établissement" in said(get(visitor, page + "colonnes/"))
    assert worker.step() == 0  # nobody has said yet what the columns are
    columns = {
        "given_name": "Prénom", "family_name": "Nom", "birth_date": "Né(e) le", "school": "Établissement",
        "function": "Emploi tenu",
    }  # fmt: skip
    assert post(visitor, page + "colonnes/", **columns).status_code == 302
    assert ColumnMapping.objects.get().columns["columns"] == columns
    assert worker.step() == 1
    assert not folder.exists()
    text = said(get(visitor, page))
    assert "prêt à appliquer" in text
    assert "1 refus" in text
    assert not Person.objects.filter(family_name="Berger").exists()
    assert post(visitor, page + "appliquer/").status_code == 422  # without a reason
    assert post(visitor, page + "appliquer/", motif="rentrée").status_code == 302
    assert worker.step() == 1
    assert "Berger" in said(get(visitor, "/console/?q=zoe.berger"))
    assert Address.objects.filter(address="zoe.berger@ac-rouen.fr").exists()
    assert JournalEntry.objects.filter(action="feed.applied", target=f"feed:{run.pk}").exists()
    assert post(visitor, page + "annuler/", motif="mauvais fichier").status_code == 302
    assert worker.step() == 1
    assert "annulé" in said(get(visitor, page))
    assert not Person.objects.filter(family_name="Berger").exists()
    assert Account.objects.filter(pk=claire.pk).exists()


def test_the_lines_go_into_a_spreadsheet_as_text(rouen: Academy) -> None:
    visitor = holder(rouen, Office.DSI)
    send(visitor, TABLE.replace("Emploi tenu", "Fonction"))
    run = Run.objects.get()
    answer = post(visitor, f"/console/imports/{run.pk}/colonnes/")
    assert answer.status_code == 422  # nothing was chosen
    columns = {
        "given_name": "Prénom",
        "family_name": "Nom",
        "school": "Établissement",
        "function": "Fonction",
    }
    post(visitor, f"/console/imports/{run.pk}/colonnes/", **columns)
    worker.step()
    file = get(visitor, f"/console/imports/{run.pk}/lignes.csv")
    assert "\"'=cmd" in file.content.decode()
    assert 'href="=' not in get(visitor, f"/console/imports/{run.pk}/").content.decode()


def test_what_is_no_feed_is_refused_and_what_is_a_workbook_says_what_to_do(rouen: Academy) -> None:
    visitor = holder(rouen, Office.DSI)
    assert send(visitor, "x", "photo.png").status_code == 422
    assert "classeur" in said(send(visitor, "PK\x03\x04", "notes.csv"))
    assert not Run.objects.exists()
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><ficAlimMENESR>&b;</ficAlimMENESR>'
    answer = send(visitor, bomb, "ENT_Complet_20260901_PersEducNat_0000.xml")
    if answer.status_code == 302:
        worker.step()
        assert Run.objects.get().state == RunState.FAILED
    assert not Person.objects.filter(family_name="c").exists()


def test_a_killed_run_is_taken_up_by_the_worker(rouen: Academy) -> None:
    past = timezone.now() - timedelta(seconds=1)
    run = Run.objects.create(
        academy=rouen, kind="aaf", state="applying", by="t", applied_by="t", applied_reason="t",
        started_at=past, looked_at=past, holder="dead", held_until=past,
    )  # fmt: skip
    assert worker.step() == 1
    run.refresh_from_db()
    assert run.state == RunState.APPLIED
    assert worker.step() == 0


def test_a_doubt_is_settled_with_a_reason(rouen: Academy, claire: Account) -> None:
    item = ReviewItem.objects.create(
        academy=rouen, identity="P1", label="Claire Lefèvre", code="maybe_same", candidates=[claire.person_id]
    )
    visitor = holder(rouen, Office.DSI)
    page = f"/console/imports/doutes/{item.pk}/"
    assert re.search(r'type="radio" name="qui"', get(visitor, page).content.decode())
    other = holder(rouen, None, "Autre")
    assert post(other, page, qui="autre", motif="x").status_code == 404
    assert post(visitor, page, qui=str(claire.person_id)).status_code == 422
    assert post(visitor, page, qui="999999", motif="vu").status_code == 422
    assert post(visitor, page, qui=str(claire.person_id), motif="vu").status_code == 302
    item.refresh_from_db()
    assert (item.state, item.person_id, item.reason) == ("same", claire.person_id, "vu")


def test_a_line_says_where_it_stands_and_an_older_file_that_it_is_one(rouen: Academy) -> None:
    visitor = holder(rouen, Office.DSI)
    run = Run.objects.create(
        academy=rouen,
        kind="aaf",
        state="looked_at",
        options={"day": "20260901"},
        total=1,
        counts={"record.refuse": 1},
        started_at=timezone.now(),
    )
    Change.objects.create(
        run=run,
        number=1,
        phase=1,
        subject="record",
        verb="refuse",
        code="no_key",
        status="told",
        label="Zoé",
        key="K7",
        file="pers.xml",
        place=3,
        line=12,
    )
    page = f"/console/imports/{run.pk}/"
    assert "pers.xml, ligne 12 · identifiant K7" in get(visitor, page).content.decode()
    Change.objects.update(key="Zoé")  # a table without keys calls a line by the name
    assert "identifiant Zoé" not in get(visitor, page).content.decode()
    assert "reviendrait en arrière" not in get(visitor, page).content.decode()
    Run.objects.create(
        academy=rouen,
        kind="aaf",
        state="applied",
        options={"day": "20260902"},
        started_at=timezone.now(),
        applied_at=timezone.now(),
    )
    for path in (page, f"{page}appliquer/"):
        assert "était du 02/09/2026" in get(visitor, path).content.decode()
