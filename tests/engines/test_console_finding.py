"""Finding somebody in the console: by a piece of a name, an address, a reference."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from casier.console import counting
from casier.directory.models import Academy, Account, Posting, School
from casier.identity.history import api as history
from engines.console_matrix import DESK, DSI
from engines.console_scene import (
    MONOD,
    active,
    claire,
    get,
    holder,
    open_doors,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import person

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "typed", ["lefevre", "Lefèvre", "CLAIRE lefè", "claire.lefevre@ac-normandie.fr", "evre"]
)
def test_a_person_is_found_by_a_piece_of_a_name_or_an_address(
    rouen: Academy, claire: Account, typed: str
) -> None:
    visitor = holder(rouen, DESK)
    answer = visitor.get("/console/", {"q": typed}, secure=True)
    assert "Claire Lefèvre" in answer.content.decode()
    assert (
        "Claire Lefèvre" not in visitor.get("/console/", {"q": typed + "zzz"}, secure=True).content.decode()
    )


@pytest.mark.parametrize("typed", ["legoff", "mariehelene", "le goff", "marie-helene", "goff mariehel"])
def test_a_name_of_several_parts_is_found_as_it_is_heard(rouen: Academy, claire: Account, typed: str) -> None:
    active(person(rouen, "Marie-Hélène", "Le Goff"))
    answer = holder(rouen, DESK).get("/console/", {"q": typed}, secure=True)
    assert "Marie-Hélène Le Goff" in answer.content.decode()


def test_a_reference_leads_to_what_happened(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK)
    given = history.refuse("locked", account=claire, academy=rouen, source="192.0.2.1")
    answer = visitor.get("/console/", {"q": given.lower().replace("-", "")}, secure=True)
    assert answer["Location"] == f"/console/references/{given}/"
    page = said(get(visitor, answer["Location"]))
    assert "Claire Lefèvre" in page
    assert "192.0.2.1" in page
    assert "Référence inconnue" in said(get(visitor, "/console/references/R-2222-2222/"))


def test_a_numen_is_neither_looked_up_nor_shown_again(rouen: Academy) -> None:
    page = get(holder(rouen, DESK), "/console/?q=12A3456789XYZ").content.decode()
    assert "12A3456789XYZ" not in page
    assert "confidentiel" in page


def test_nothing_waits_is_said_only_where_nothing_does(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = holder(rouen, DSI)
    assert "Rien n’attend." in said(get(visitor, "/console/"))
    counts = {"boxes": 1, "contributors": 2, "feed": 3, "lists": 1, "requests": 0}
    monkeypatch.setattr(counting, "waiting_counts", lambda _desk: counts)
    page = said(get(visitor, "/console/"))
    assert "Rien n’attend." not in page
    for words in (
        "1 demande de boîte d’établissement",
        "2 intervenants à approuver",
        "3 doutes de l’annuaire",
        "1 acte en nombre à approuver",
    ):
        assert words in page


def test_a_posting_is_told_in_words_and_with_its_days(rouen: Academy, claire: Account) -> None:
    today, here = timezone.localdate(), School.objects.get(uai=MONOD)
    for function, begins, ends in (("DIR", 30, None), ("DOC", -60, -30), ("EDU", -5, None)):
        Posting.objects.create(
            person=claire.person, school=here, function=function, starts_on=today + timedelta(days=begins),
            ends_on=today + timedelta(days=ends) if ends else None,
        )  # fmt: skip
    page = said(get(holder(rouen, DSI), f"/console/personnes/{claire.pk}/"))
    assert "Vie scolaire, Collège Monod" in page
    assert "Direction, Collège Monod · à partir du" in page
    assert "Documentation, Collège Monod · jusqu’au" in page
    assert page.count("Direction, Collège Monod") == 1
