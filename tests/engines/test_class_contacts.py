"""The contacts of one's classes on pages and while one types; others are told that there is no such page."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory.models import Account, Posting, PostingDetail, School
from casier.feed.contacts.models import ContactClass, ContactLink, ContactState, FeedContact
from casier.kernel.uai import key_letter
from casier.policies.api import adopt, policy_for
from casier.policies.changing import with_changes
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
UAI = "0760001" + key_letter("0760001")


def contact(owner: Account, kind: str, key: str, given: str, **more: str) -> FeedContact:
    address = more.get("address", f"{given.lower()}@exemple.fr")
    return FeedContact.objects.create(
        academy=owner.academy, kind=kind, key=key, given_name=given, family_name="Roy", address=address,
        folded=f" {given.lower()} roy {address}", year=timezone.now().year, state=ContactState.LIVE,
    )  # fmt: skip


@pytest.fixture
def families(claire: Account) -> Account:
    """Claire teaches 3A; the policy opens the class to those who do."""
    school = School.objects.create(academy=claire.academy, uai=UAI, name="Lycée Corneille")
    posting = Posting.objects.create(person=claire.person, school=school, function="ENS", source="feed")
    PostingDetail.objects.create(posting=posting, kind="class", value="3A")
    for number, name in enumerate(("Zoé", "Léo")):
        child = contact(claire, "pupil", f"E{number}", name, address="")
        ContactClass.objects.create(contact=child, uai=UAI, name="3A" if number == 0 else "3 B/é")
        parent = contact(claire, "parent", f"R{number}", ("Nadia", "Yann")[number])
        ContactLink.objects.create(contact=child, parent=parent.key)
    changed = with_changes(policy_for(claire.academy), ["feed.contacts=parents"])
    adopt(claire.academy, changed, by=Actor.system("tests"), reason="tests", now=timezone.now())
    return claire


def proposed(browser: Client, typed: str) -> list[tuple[str, str]]:
    rows = browser.get("/api/people", {"q": typed}, secure=True).json()
    return [(row["email"], row["detail"]) for row in rows]


def test_a_teacher_finds_the_families_of_the_class(families: Account, browser: Client) -> None:
    sign_in(browser)
    assert "Mes classes" in browser.get("/compte/", secure=True).content.decode()
    assert "/compte/classes/" + UAI in browser.get("/compte/classes/", secure=True).content.decode()
    page = browser.get(f"/compte/classes/{UAI}/3A/", secure=True).content.decode()
    assert "Responsable de Zoé Roy" in page
    assert "yann@exemple.fr" not in page
    assert "mailto:?bcc=nadia%40exemple.fr" in unquote(page)
    assert proposed(browser, "nad") == [("nadia@exemple.fr", "Responsable de Zoé Roy, 3A")]
    assert proposed(browser, "yann") == []


def test_nobody_else_does(families: Account, browser: Client) -> None:
    person(families.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    assert "Mes classes" not in other.get("/compte/", secure=True).content.decode()
    assert other.get(f"/compte/classes/{UAI}/3A/", secure=True).status_code == 404
    assert proposed(other, "nadia") == []
    sign_in(browser)
    assert browser.get(f"/compte/classes/{UAI}/3 B%2Fé/", secure=True).status_code == 404
    assert browser.get("/compte/classes/0000000X/3A/", secure=True).status_code == 404
    Posting.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    assert browser.get(f"/compte/classes/{UAI}/3A/", secure=True).status_code == 404
    assert proposed(browser, "nadia") == []


def test_without_a_session_there_is_nothing(families: Account) -> None:
    nobody = new_browser()
    assert nobody.get(f"/compte/classes/{UAI}/3A/", secure=True).status_code == 302
    assert nobody.get("/api/people", {"q": "nadia"}, secure=True).status_code == 401


def test_a_class_may_be_called_anything(families: Account, browser: Client) -> None:
    PostingDetail.objects.update(value="3 B/é")
    sign_in(browser)
    listed = browser.get("/compte/classes/", secure=True).content.decode()
    link = listed.split('class="strong"><a href="')[1].split('"')[0]
    assert "yann@exemple.fr" in browser.get(link, secure=True).content.decode()
