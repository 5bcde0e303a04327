"""What the help desk does for somebody: suspend, unlock, reset, post a letter, close a report."""

from __future__ import annotations

import re

import pytest

from casier.audit.models import JournalEntry
from casier.directory.models import Academy, Account, AccountState, Mandate
from casier.identity.history.models import NoticeSent
from casier.identity.recovery import api as recovery
from engines.console_matrix import DESK, DSI, SECURITY
from engines.console_scene import (
    change,
    claire,
    get,
    holder,
    open_doors,
    page_of,
    post,
    reported,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, new_browser, redis_server, sign_in

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_suspending_and_lifting_it(rouen: Academy, claire: Account) -> None:
    visitor, hers = holder(rouen, DESK), new_browser()
    sign_in(hers)
    get(visitor, page_of(claire))  # that somebody looked is written once
    before = JournalEntry.objects.count()
    empty = post(visitor, page_of(claire, "suspendre/"), motif="  ")
    assert empty.status_code == 422
    assert 'id="motif-erreur"' in empty.content.decode()
    assert JournalEntry.objects.count() == before
    assert post(visitor, page_of(claire, "suspendre/"), motif="Vol de téléphone").status_code == 302
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED
    assert hers.get("/api/me", secure=True).status_code != 200
    entry = JournalEntry.objects.get(action="account.suspended")
    agent = Account.objects.get(person__family_name="Agent")
    assert (entry.actor, entry.reason) == (f"account:{agent.public_id}", "Vol de téléphone")
    page = said(get(visitor, page_of(claire)))
    assert "Vol de téléphone" in page
    assert "est suspendu" in page
    assert post(visitor, page_of(claire, "retablir/"), motif="Retrouvé").status_code == 302
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE
    assert list(NoticeSent.objects.filter(account=claire).order_by("at").values_list("notice", flat=True))[
        -2:
    ] == ["suspended", "resumed"]


def test_unlocking_opens_the_door_again(rouen: Academy, claire: Account) -> None:
    for number in range(6):
        sign_in(new_browser(), password=f"faux-{number}")
    assert sign_in(new_browser()).status_code != 302
    visitor = holder(rouen, DESK)
    assert "Claire Lefèvre" in get(visitor, "/console/blocages/").content.decode()
    assert "bloqués" in said(get(visitor, page_of(claire)))
    assert post(visitor, page_of(claire, "debloquer/"), motif="Appel").status_code == 302
    assert sign_in(new_browser()).status_code == 302
    assert "Claire Lefèvre" not in get(visitor, "/console/blocages/").content.decode()


def test_nobody_acts_on_themselves(rouen: Academy) -> None:
    visitor = holder(rouen, DSI)
    me = Account.objects.get(person__family_name="Agent")
    assert "C’est votre compte" in said(get(visitor, page_of(me)))
    for act in ("suspendre", "deconnecter", "debloquer"):
        assert post(visitor, page_of(me, f"{act}/"), motif="x").status_code == 403
    answer = post(visitor, page_of(me, "charge/"), motif="x", charge="security")
    assert answer.status_code == 422
    assert Mandate.objects.filter(account=me).count() == 1


def test_a_password_is_shown_once_after_the_checks(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    weak = post(visitor, page_of(claire, "reinitialiser/"), motif="Appel", controle=["posting", "birth_date"])
    assert weak.status_code == 422
    assert 'id="controle-erreur"' in weak.content.decode()
    answer = post(
        visitor, page_of(claire, "reinitialiser/"), motif="Appel", controle=["document", "in_person"]
    )
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    match = re.search(r'class="password"><code>([^<]+)', answer.content.decode())
    assert match
    for path in (page_of(claire), "/console/demandes/"):
        assert match[1] not in get(visitor, path).content.decode()
    assert sign_in(new_browser()).status_code != 302


def test_with_four_eyes_a_second_person_agrees_and_the_first_reads(rouen: Academy, claire: Account) -> None:
    change(rouen, "recovery.four_eyes=true")
    first, second = holder(rouen, DESK, "Premier"), holder(rouen, SECURITY, "Second")
    asked = post(first, page_of(claire, "reinitialiser/"), motif="Appel", controle=["document", "in_person"])
    assert asked.status_code == 302
    (row,) = recovery.pending_resets(rouen)
    path = f"/console/reinitialisations/{row.pk}/"
    assert "Donner mon accord" not in said(get(first, path))
    assert post(first, path, motif="x", decision="oui").status_code == 422
    assert "Donner mon accord" in said(get(second, path))
    assert post(second, path, motif="vu", decision="oui").status_code == 302
    assert post(second, f"{path}mot-de-passe/").status_code == 403
    assert 'class="password"' in post(first, f"{path}mot-de-passe/").content.decode()
    assert 'class="password"' not in post(first, f"{path}mot-de-passe/", follow=True).content.decode()


def test_a_letter_is_asked_printed_posted(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    asked = post(visitor, page_of(claire, "lettre/"), motif="Appel", adresse="12 rue du Port\n76000 Rouen")
    assert asked.status_code == 302
    (row,) = recovery.letters(rouen)
    assert "Claire Lefèvre" in get(visitor, "/console/lettres/").content.decode()
    pdf = post(visitor, "/console/lettres/imprimer/", lettre=[str(row.pk)])
    assert (pdf["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert post(visitor, f"/console/lettres/{row.pk}/", motif="parti", geste="postee").status_code == 302
    row.refresh_from_db()
    assert row.state == "posted"
    assert post(visitor, "/console/lettres/imprimer/").status_code == 302


def test_a_report_is_closed_with_a_conclusion(rouen: Academy, claire: Account) -> None:
    row = reported(claire)
    visitor = holder(rouen, SECURITY)
    assert row.reference in get(visitor, "/console/demandes/").content.decode()
    assert post(visitor, f"/console/signalements/{row.reference}/", motif="").status_code == 422
    assert post(visitor, f"/console/signalements/{row.reference}/", motif="Fausse alerte").status_code == 302
    row.refresh_from_db()
    assert row.conclusion == "Fausse alerte"
