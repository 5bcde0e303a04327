"""The page on which a head makes an arrival sheet anew, with a real Redis and real paper."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casier.directory import actions
from casier.directory.actions import NewSchool
from casier.directory.models import Academy, Account, Office, Posting, PostingSource, School
from casier.identity.activation.api import live_invitation
from engines.console_scene import (
    MONOD,
    ZAY,
    active,
    change,
    get,
    holder,
    open_doors,
    page_of,
    post,
    rouen,
    said,
)
from engines.portal_scene import browser, emptied, redis_server
from unit.identity_people import BY, person

__all__ = ["browser", "emptied", "open_doors", "redis_server", "rouen"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lina(rouen: Academy) -> Account:
    """A newcomer of Collège Monod who hasn't opened her account."""
    change(rouen, "schools.sheets_a_day=1")
    account = person(rouen, "Lina", "Nouvelle")
    school = School.objects.get(uai=MONOD)
    Posting.objects.create(person=account.person, school=school, function="ENS", source=PostingSource.FEED)
    return account


def test_a_head_prints_it_from_the_page_of_the_person(rouen: Academy, lina: Account) -> None:
    head = holder(rouen, Office.HEAD, "Morel", MONOD)
    assert f'href="{page_of(lina, "feuille/")}"' in get(head, page_of(lina)).content.decode()
    shown = get(head, page_of(lina, "feuille/"))
    assert "Il vous en reste 1" in said(shown)
    assert post(head, page_of(lina, "feuille/")).status_code == 422  # no reason
    assert live_invitation(lina) is None
    paper = post(head, page_of(lina, "feuille/"), motif="feuille perdue")
    assert paper.content.startswith(b"%PDF")
    assert "no-store" in paper["Cache-Control"]
    assert live_invitation(lina) is not None
    again = post(head, page_of(lina, "feuille/"), motif="encore")
    assert again.status_code == 422
    assert "reprenez demain" in said(again)


def test_who_gets_none(rouen: Academy, lina: Account) -> None:
    actions.create_school(rouen, NewSchool(ZAY, "Lycée Zay"), by=BY, reason="tests", now=timezone.now())
    page = page_of(lina, "feuille/")
    other = holder(rouen, Office.HEAD, "Autre", ZAY)
    security = holder(rouen, Office.SECURITY, "Garde")
    for visitor, status in ((other, 404), (security, 403)):
        for answer in (get(visitor, page), post(visitor, page, motif="x")):
            assert answer.status_code == status
            assert not answer.content.startswith(b"%PDF")
    assert live_invitation(lina) is None
    head = holder(rouen, Office.HEAD, "Morel", MONOD)
    active(lina)
    assert "feuille" not in get(head, page_of(lina)).content.decode()
    answer = post(head, page, motif="x")
    assert answer.status_code == 422
    assert not answer.content.startswith(b"%PDF")


def test_the_help_desk_has_it_on_its_own_page(rouen: Academy, lina: Account) -> None:
    change(rouen, "schools.sheets_a_day=0")
    desk = holder(rouen, Office.HELP_DESK, "Aide")
    assert f'href="{page_of(lina, "feuille/")}"' in get(desk, page_of(lina)).content.decode()
    assert post(desk, page_of(lina, "feuille/"), motif="appel").content.startswith(b"%PDF")
    head = holder(rouen, Office.HEAD, "Morel", MONOD)
    assert "réserve les feuilles" in said(get(head, page_of(lina, "feuille/")))
    assert post(head, page_of(lina, "feuille/"), motif="x").status_code == 422
