"""Personal data, page by page, with a real Redis: who reaches what, and what is refused to whom."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Academy, Account, Office
from casier.identity.activation import documents
from casier.identity.activation.models import DocumentKind
from casier.kernel.transfer_folders import exports_folder, imports_folder
from casier.life import api as life
from casier.privacy.copies.asking import whole_file
from casier.privacy.models import Erasure, ExportState, PersonExport, RegisterVersion
from engines.console_scene import (
    MONOD,
    OPEN,
    change,
    claire,
    get,
    holder,
    open_doors,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, academy

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
DPO = Office.DPO


@pytest.fixture(autouse=True)
def _folders() -> None:
    for folder in (imports_folder, exports_folder):
        folder(settings.CASIER_INSTANCE).mkdir(parents=True, exist_ok=True)


def closed(account: Account) -> Account:
    why = {"by": BY, "reason": "tests", "now": timezone.now()}
    life.begin_leaving(account, last_day=None, **why)
    life.close(account, **why)
    account.refresh_from_db()
    return account


def ready(copy: PersonExport) -> PersonExport:
    """COPY as the worker leaves it."""
    whole_file(settings.CASIER_INSTANCE, copy).write_bytes(b"zip")
    until = timezone.now() + timedelta(days=7)
    PersonExport.objects.filter(pk=copy.pk).update(state=ExportState.READY, octets=3, expires_at=until)
    return copy


def own(name: str = "claire.lefevre") -> Any:
    visitor = new_browser()
    assert sign_in(visitor, name, PASSWORD).status_code == 302
    return visitor


# One's own ------------------------------------------------------------------------------------------
def test_ones_own_copy_is_asked_for_fetched_and_journalled(rouen: Academy, claire: Account) -> None:
    mine = own()
    assert post(mine, "/compte/donnees/copie/").status_code == 302
    copy = PersonExport.objects.get()
    assert (copy.own, copy.by) == (True, f"account:{claire.public_id}")
    post(mine, "/compte/donnees/copie/")
    assert PersonExport.objects.count() == 1
    ready(copy)
    answer = get(mine, f"/compte/donnees/{copy.pk}/fichier/")
    assert answer["X-Accel-Redirect"] == f"/_casier/exports/{copy.pk.hex}.zip"
    assert "no-store" in answer["Cache-Control"]
    acts = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"person.export_asked", "person.export_fetched"} <= acts


def test_another_one_replaces_it_on_the_disk(rouen: Academy, claire: Account) -> None:
    mine = own()
    post(mine, "/compte/donnees/copie/")
    first = ready(PersonExport.objects.get())
    post(mine, "/compte/donnees/copie/")
    assert not whole_file(settings.CASIER_INSTANCE, first).exists()
    assert get(mine, f"/compte/donnees/{first.pk}/fichier/")["Location"] == "/compte/donnees/"


def test_a_fresh_proof_is_asked_for_both(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = own()
    copy = PersonExport.objects.create(
        account=claire, own=True, by="t", created_at=timezone.now(), touched_at=timezone.now()
    )
    ready(copy)
    monkeypatch.setattr("casier.portal.factors.stepping.is_fresh", lambda _request: False)
    for path in ("/compte/donnees/copie/", f"/compte/donnees/{copy.pk}/fichier/"):
        assert get(mine, path)["Location"].startswith("/compte/confirmer/")
    assert post(mine, "/compte/donnees/copie/")["Location"].startswith("/compte/confirmer/")


def test_nobody_fetches_anothers(rouen: Academy, claire: Account) -> None:
    mine = own()
    post(mine, "/compte/donnees/copie/")
    copy = ready(PersonExport.objects.get())
    for number, office in enumerate([None, *Office]):
        other = holder(rouen, office, f"Autre{number}", MONOD if office == Office.HEAD else "")
        for path in (f"/compte/donnees/{copy.pk}/fichier/", f"/console/donnees/copies/{copy.pk}/"):
            answer = get(other, path)
            assert "X-Accel-Redirect" not in answer, (office, path)
    stranger = new_browser()
    assert "X-Accel-Redirect" not in get(stranger, f"/compte/donnees/{copy.pk}/fichier/")


def test_what_others_did_is_told_by_their_office_without_their_name(rouen: Academy, claire: Account) -> None:
    desk = holder(rouen, Office.HELP_DESK, "Leguichet")
    get(desk, f"/console/personnes/{claire.pk}/")
    text = said(get(own(), "/compte/donnees/"))
    assert "Fiche consultée" in text
    assert "assistance" in text
    assert "Leguichet" not in text


# The officer's --------------------------------------------------------------------------------------
def test_a_copy_for_the_officer_is_for_officers_of_that_academy(rouen: Academy, claire: Account) -> None:
    officer = holder(rouen, DPO)
    assert "motif" in get(officer, f"/console/donnees/{claire.pk}/copie/").content.decode()
    assert post(officer, f"/console/donnees/{claire.pk}/copie/").status_code == 422
    assert post(officer, f"/console/donnees/{claire.pk}/copie/", motif="demande").status_code == 302
    copy = ready(PersonExport.objects.get())
    path = f"/console/donnees/copies/{copy.pk}/"
    assert get(officer, path)["X-Accel-Redirect"]
    caen = academy("amiens", ("ac-amiens.fr",))
    change(caen, *OPEN, "second_factor.enrolment_days=0", "second_factor.grace_days=0")
    other = holder(caen, DPO, "Voisine")
    assert get(other, path).status_code == 404
    assert get(other, f"/console/donnees/{claire.pk}/").status_code == 404
    assert post(other, f"/console/donnees/{claire.pk}/copie/", motif="x").status_code == 404
    assert post(other, f"/console/donnees/{claire.pk}/effacer/", motif="x").status_code == 404
    # The person sees that it was made, and can't fetch what is on the officer's desk.
    mine = own()
    assert "Copie des données demandée" in said(get(mine, "/compte/donnees/"))
    assert "X-Accel-Redirect" not in get(mine, f"/compte/donnees/{copy.pk}/fichier/")


def test_who_has_the_exact_address_alone_is_found(rouen: Academy, claire: Account) -> None:
    officer = holder(rouen, DPO)
    found = post(officer, "/console/donnees/", adresse="claire.lefevre@ac-normandie.fr")
    whole = claire.addresses.get(is_primary=True).address
    for text in ("claire", "lefevre", f"{whole}x", claire.public_id, str(claire.pk), "%@%", ""):
        assert post(officer, "/console/donnees/", adresse=text).status_code == 422, text
    answer = post(officer, "/console/donnees/", adresse=whole)
    assert answer["Location"] == f"/console/donnees/{claire.pk}/"
    assert found.status_code in {302, 422}
    nobody = f"/console/donnees/{uuid.uuid4()}/"
    assert get(officer, nobody).status_code == 404


def test_erasing_asks_for_the_address_and_a_reason(rouen: Academy, claire: Account) -> None:
    officer = holder(rouen, DPO)
    path, address = f"/console/donnees/{claire.pk}/effacer/", claire.addresses.get(is_primary=True).address
    assert get(officer, path).status_code == 302  # in service
    assert "Fermez d’abord le compte" in said(get(officer, f"/console/donnees/{claire.pk}/"))
    closed(claire)
    page = said(get(officer, path))
    assert "Ce qui reste" in page
    for values in ({"adresse": address}, {"motif": "x"}, {"adresse": "autre@ac-rouen.fr", "motif": "x"}):
        assert post(officer, path, **values).status_code == 422
    assert not Erasure.objects.exists()
    assert post(officer, path, adresse=address, motif="demande du 12").status_code == 302
    assert Erasure.objects.get().reason == "demande du 12"


def test_a_hold_is_told_in_plain_words(rouen: Academy, claire: Account) -> None:
    closed(claire)
    why = {"by": BY, "reason": "procédure", "now": timezone.now()}
    life.hold(claire, life.HoldKind.LEGAL, until=None, **why)
    officer = holder(rouen, DPO)
    assert "Un gel retient ce compte" in said(get(officer, f"/console/donnees/{claire.pk}/"))
    address = claire.addresses.first().address
    assert (
        post(officer, f"/console/donnees/{claire.pk}/effacer/", adresse=address, motif="x").status_code == 302
    )
    assert not Erasure.objects.exists()


def test_the_register_is_completed_in_versions(rouen: Academy, claire: Account) -> None:
    officer = holder(rouen, DPO)
    assert "À compléter" in said(get(officer, "/console/registre/"))
    hostile = '<script>alert(1)</script>=HYPERLINK("http://x")'
    done = post(officer, "/console/registre/completer/", controller=hostile, dpo="Anne", motif="début")
    assert done.status_code == 302
    assert RegisterVersion.objects.get().values["controller"] == hostile
    page = get(officer, "/console/registre/").content.decode()
    assert "<script>alert" not in page
    assert get(officer, "/console/registre/registre.json").json()["controller"] == hostile
    assert get(officer, "/console/registre/registre.csv").content.startswith("\ufeff".encode())
    assert post(officer, "/console/registre/completer/", controller="x" * 1001, motif="x").status_code == 422
    assert JournalEntry.objects.filter(action="register.changed").count() == 1
    assert get(officer, "/console/registre/?academie=amiens").status_code == 404


# Charter and notice ----------------------------------------------------------------------------------
def test_a_new_version_is_asked_for_at_the_next_sign_in(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    documents.accept_all(claire, BY, timezone.now())
    chief = holder(rouen, Office.DSI)
    path = f"/console/documents/{rouen.slug}/charte/"
    assert post(chief, path, francais="sans titre", motif="CSA").status_code == 422
    text = "# Charte de 2027\n\nUn mot de passe ne se prête pas."
    assert post(chief, path, francais=text, redemander="oui", motif="CSA").status_code == 302
    assert [one.kind for one in documents.due(claire)] == [DocumentKind.CHARTER]
    monkeypatch.undo()
    visitor = new_browser()
    answer = sign_in(visitor, "claire.lefevre", PASSWORD)
    while answer.status_code == 302 and "compte" not in answer["Location"]:
        page = get(visitor, answer["Location"])
        if page.status_code == 200:
            assert "Charte de 2027" in page.content.decode()
            break
        answer = page
    else:
        pytest.fail(f"nothing was asked: {answer['Location']}")
    listed = said(get(chief, "/console/documents/"))
    assert "version 2" in listed.replace("\xa0", " ")
    assert "redemandée à tous" in listed
    assert post(chief, path, francais=text, motif="coquille").status_code == 302
    assert documents.in_force(rouen)[DocumentKind.CHARTER].asked_from == 2


def test_the_desk_publishes_nothing(rouen: Academy, claire: Account) -> None:
    desk = holder(rouen, Office.HELP_DESK)
    assert post(
        desk, f"/console/documents/{rouen.slug}/charte/", francais="# X\n\ny", motif="x"
    ).status_code in {403, 404}
