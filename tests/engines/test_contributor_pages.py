"""The console's pages of outside contributors: what is typed, what is refused, whose they are."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.contributors import api
from casier.contributors.models import Request, State, Stay
from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Academy, Account, Office, Posting, School
from engines.console_scene import (
    MONOD,
    ZAY,
    active,
    charge,
    claire,
    get,
    holder,
    open_doors,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
ROOM = "/console/intervenants/"


def typed(**more: Any) -> dict[str, str]:
    last = f"{timezone.localdate() + timedelta(days=30):%d/%m/%Y}"
    first = timezone.localdate().isoformat()
    return {
        "etablissement": MONOD, "prenom": "Inès", "nom": "Delmas", "naissance": "1991-06-03",
        "role": "Théâtre", "debut": first, "fin": last, "motif": "atelier", "courriel": "ines@laposte.net",
        **more,
    }  # fmt: skip


@pytest.fixture
def head(rouen: Academy) -> Any:
    return holder(rouen, Office.HEAD, "Cheffe", MONOD)


@pytest.fixture
def stay(rouen: Academy, head: Any) -> Stay:
    """A contributor who hasn't come in yet."""
    school, sponsor = School.objects.get(uai=MONOD), Account.objects.get(person__family_name="Cheffe")
    today = timezone.localdate()
    wanted = api.Wanted(
        "Malik",
        "Benali",
        "Musique",
        today,
        today + timedelta(days=20),
        "projet",
        birth_date=today.replace(year=1990),
    )
    request = api.ask(school, wanted, asker=sponsor, by=Actor.operator("tests"), now=timezone.now())
    return api.approve(request, api.Agreed(), by=Actor.operator("tests"), now=timezone.now())


def test_a_request_is_shown_before_it_is_sent(head: Any) -> None:
    shown = post(head, f"{ROOM}demander/", geste="voir", **typed())
    assert "rien ne s’ouvre avant" in said(shown)
    assert not Request.objects.exists()
    assert "Demander un intervenant" in said(post(head, f"{ROOM}demander/", geste="modifier", **typed()))
    assert post(head, f"{ROOM}demander/", geste="envoyer", **typed()).status_code == 302
    row = Request.objects.get()
    assert (row.full_name, row.state) == ("Inès Delmas", State.WAITING)
    twice = post(head, f"{ROOM}demander/", geste="envoyer", **typed())
    assert twice.status_code == 422
    assert Request.objects.count() == 1
    page = said(get(head, f"{ROOM}demandes/{row.pk}/"))
    assert "ines@laposte.net" not in page


@pytest.mark.parametrize(
    "wrong",
    [{"nom": ""}, {"fin": "demain"}, {"fin": "01/01/2001"}, {"courriel": "x"}, {"nom": "<script>" * 20}],
)
def test_what_is_wrong_stands_at_its_field(head: Any, wrong: dict[str, str]) -> None:
    answer = post(head, f"{ROOM}demander/", geste="envoyer", **typed(**wrong))
    assert answer.status_code == 422
    name = next(iter(wrong))
    assert re.search(f'id="{name}-erreur"', answer.content.decode())
    assert "<script><script>" not in answer.content.decode()
    assert not Request.objects.exists()


def test_nobody_asks_for_another_school(rouen: Academy, head: Any) -> None:
    actions.create_school(rouen, NewSchool(ZAY, "Lycée Zay"), by=BY, reason="tests", now=timezone.now())
    answer = post(head, f"{ROOM}demander/", geste="envoyer", **typed(etablissement=ZAY))
    assert answer.status_code == 403
    assert not Request.objects.exists()


def test_another_schools_contributors_are_not_there(rouen: Academy, stay: Stay) -> None:
    actions.create_school(rouen, NewSchool(ZAY, "Lycée Zay"), by=BY, reason="tests", now=timezone.now())
    other = holder(rouen, Office.HEAD, "Autre", ZAY)
    request = Request.objects.get()
    for path in (
        f"{stay.pk}/",
        f"{stay.pk}/prolonger/",
        f"{stay.pk}/terminer/",
        f"{stay.pk}/acces/",
        f"demandes/{request.pk}/",
    ):
        for answer in (get(other, f"{ROOM}{path}"), post(other, f"{ROOM}{path}", motif="x", geste="feuille")):
            assert answer.status_code in {404, 405}
            assert "Benali" not in answer.content.decode()
    assert "Benali" not in said(get(other, ROOM))
    assert Posting.objects.get(pk=stay.posting_id).ends_on == stay.posting.ends_on


def test_the_sheet_is_the_heads_to_print(rouen: Academy, head: Any, stay: Stay) -> None:
    sheet = post(head, f"{ROOM}{stay.pk}/acces/", geste="feuille")
    assert sheet.content.startswith(b"%PDF")
    chief = holder(rouen, Office.DSI, "Chef")
    assert post(chief, f"{ROOM}{stay.pk}/acces/", geste="feuille").status_code == 403


def test_who_asked_does_not_answer(rouen: Academy, head: Any) -> None:
    post(head, f"{ROOM}demander/", geste="envoyer", **typed())
    asker = Account.objects.get(person__family_name="Cheffe")
    charge(asker, Office.DSI)
    row = Request.objects.get()
    assert "une autre personne de la DSI" in said(get(head, f"{ROOM}demandes/{row.pk}/"))
    answer = post(head, f"{ROOM}demandes/{row.pk}/", geste="accepter", fin=row.ends_on.isoformat())
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.state == State.WAITING


def test_the_dsi_must_say_who_it_is(rouen: Academy, head: Any) -> None:
    known = active(person(rouen, "Ines", "Delmas"))
    post(head, f"{ROOM}demander/", geste="envoyer", **typed())
    row, chief = Request.objects.get(), holder(rouen, Office.DSI, "Chef")
    page = f"{ROOM}demandes/{row.pk}/"
    answer = {"geste": "accepter", "fin": row.ends_on.isoformat()}
    assert post(chief, page, **answer).status_code == 422
    assert post(chief, page, **answer, personne="999999").status_code == 422
    assert post(chief, page, **answer, personne=str(known.person_id)).status_code == 302
    assert Stay.objects.get().account == known


def test_two_windows_and_one_answer(rouen: Academy, head: Any) -> None:
    """The second is told that somebody has answered; it isn't asked who the newcomer might be."""
    post(head, f"{ROOM}demander/", geste="envoyer", **typed())
    row, chief = Request.objects.get(), holder(rouen, Office.DSI, "Chef")
    page = f"{ROOM}demandes/{row.pk}/"
    answer = {"geste": "accepter", "fin": row.ends_on.isoformat()}
    assert post(chief, page, **answer).status_code == 302
    again = post(chief, page, **answer)
    assert again.status_code == 422
    assert "quelqu’un a répondu" in said(again)
    assert "Accepter et créer le compte" not in said(again)
    assert Stay.objects.count() == 1
