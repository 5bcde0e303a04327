"""Who may come into the console, and how far: the whole matrix of offices and routes, with a real Redis."""

from __future__ import annotations

import re
import uuid

import pytest
from django.utils import timezone

from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Academy, Account, AccountState, Mandate, Office, Posting, School
from engines.console_matrix import DESK, DSI, OPENED, OPENS, PLATFORM, everything
from engines.console_scene import (
    MONOD,
    OPEN,
    ZAY,
    change,
    claire,
    get,
    holder,
    open_doors,
    page_of,
    post,
    rouen,
)
from engines.portal_scene import browser, emptied, new_browser, redis_server
from unit.identity_people import BY, academy

__all__ = ["browser", "claire", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_each_page_opens_for_its_offices_and_no_other(rouen: Academy, claire: Account) -> None:
    pages = everything(claire)
    assert set(pages) == set(OPENS)
    for number, office in enumerate([None, *Office]):
        visitor = holder(rouen, office, f"Agent{number}", MONOD if office == Office.HEAD else "")
        for route, path in pages.items():
            for answer in (get(visitor, path), post(visitor, path)):
                if answer.status_code == 405:
                    continue  # the page has no such method, for nobody
                opened = answer.status_code in OPENED
                assert opened == (office in OPENS[route]), (office, route, answer.status_code)
                if not opened:
                    assert answer.status_code in {403, 404}
                    assert re.search(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", answer.content.decode())
                    assert "Lefèvre" not in answer.content.decode()
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE  # a form without a reason does nothing


def test_another_academy_is_another_world(rouen: Academy, claire: Account) -> None:
    pages = everything(claire)
    caen = academy("amiens", ("ac-amiens.fr",))
    change(caen, *OPEN, "second_factor.enrolment_days=0", "second_factor.grace_days=0")
    actions.create_school(caen, NewSchool(ZAY, "Collège Zay"), by=BY, reason="tests", now=timezone.now())
    for number, office in enumerate(Office):
        visitor = holder(caen, office, f"Voisin{number}", ZAY if office == Office.HEAD else "")
        for route, path in pages.items():
            if "<" not in route:
                assert "Lefèvre" not in get(visitor, path).content.decode()
                continue
            if office == PLATFORM and PLATFORM in OPENS[route]:
                # Academies and their rules are within its reach, here as there; nobody's account is.
                assert "Lefèvre" not in get(visitor, path).content.decode()
                continue
            for answer in (get(visitor, path), post(visitor, path, motif="essai", decision="oui")):
                # A reference that isn't theirs is answered like one that was never given.
                known = route.startswith("references") and "Référence inconnue" in answer.content.decode()
                assert known or answer.status_code in {403, 404, 405}, (office, route, answer.status_code)
                assert "Lefèvre" not in answer.content.decode()


def test_an_office_for_a_school_stays_within_it(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK, school=MONOD)
    assert get(visitor, page_of(claire)).status_code == 404
    assert "Lefèvre" not in get(visitor, "/console/?q=lefevre").content.decode()
    assert get(visitor, "/console/politique/rouen/").status_code == 404
    Posting.objects.create(person=claire.person, school=School.objects.get(uai=MONOD), function="ENS")
    assert get(visitor, page_of(claire)).status_code == 200
    assert "Lefèvre" in get(visitor, "/console/?q=lefevre").content.decode()


def test_who_is_not_there_looks_like_who_is_elsewhere(rouen: Academy, claire: Account) -> None:
    visitor = holder(rouen, DESK, school=MONOD)
    there, nowhere = get(visitor, page_of(claire)), get(visitor, f"/console/personnes/{uuid.uuid4()}/")
    plain = [re.sub(r"R-\w{4}-\w{4}", "", answer.content.decode()) for answer in (there, nowhere)]
    assert plain[0] == plain[1]


def test_a_stranger_signs_in_first_and_an_office_that_ended_opens_nothing(
    rouen: Academy, claire: Account
) -> None:
    answer = get(new_browser(), page_of(claire))
    assert (answer.status_code, answer["Location"].startswith("/connexion/?suite=/console/")) == (302, True)
    visitor = holder(rouen, DSI)
    assert get(visitor, "/console/").status_code == 200
    row = Mandate.objects.get(office=DSI)
    actions.end_mandate(row, by=BY, reason="tests", now=timezone.now())
    assert get(visitor, "/console/").status_code == 404


def test_an_act_asks_for_a_fresh_proof(
    rouen: Academy, claire: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = holder(rouen, DESK)
    monkeypatch.setattr("casier.console.access.factors.fresh", lambda *_: False)
    assert get(visitor, page_of(claire)).status_code == 200
    path = page_of(claire, "suspendre/")
    for answer in (get(visitor, path), post(visitor, path, motif="x")):
        assert (answer.status_code, answer["Location"]) == (302, f"/compte/confirmer/?suite={path}")
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE
