"""The console: an academy, people, offices, and browsers in which their holders are signed in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.audit.api import Actor
from casier.directory import actions
from casier.directory.actions import NewMandate, NewSchool
from casier.directory.models import Academy, Account, Mandate, Office, School
from casier.identity.history.models import NoticeSent, Report
from casier.kernel.uai import key_letter
from casier.policies.api import adopt, policy_for, with_changes
from engines.portal_scene import new_browser, sign_in
from unit.identity_people import BY, PASSWORD, academy, person

DESK_OPERATOR = Actor.operator("tests")
MONOD = "0761234" + key_letter("0761234")
ZAY = "0801234" + key_letter("0801234")
OPEN = ["second_factor.requirement=off", "second_factor.contexts=[]", "lock.on_unusual=ignore"]


@pytest.fixture
def rouen() -> Academy:
    made = academy()
    change(made, *OPEN)
    actions.create_school(made, NewSchool(MONOD, "Collège Monod"), by=BY, reason="tests", now=timezone.now())
    return made


@pytest.fixture
def claire(rouen: Academy) -> Account:
    return active(person(rouen, password=PASSWORD))


@pytest.fixture(autouse=True)
def open_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in leads straight in: the duties of the road have tests of their own."""
    monkeypatch.setattr("casier.portal.entry.road.next_duty", lambda *_: None)


def change(where: Academy, *changes: str) -> None:
    policy = with_changes(policy_for(where), changes)
    adopt(where, policy, by=BY, reason="tests", now=timezone.now())


def reported(account: Account) -> Report:
    facts = {"reference": "R-2345-6789", "road": "mail", "event": "new_device"}
    return Report.objects.create(account=account, academy=account.academy, at=timezone.now(), **facts)


def active(account: Account) -> Account:
    actions.activate(account, by=BY, reason="tests", now=timezone.now())
    account.refresh_from_db()
    NoticeSent.objects.filter(account=account).delete()
    return account


def holder(where: Academy, office: Office | None, family: str = "Agent", school: str = "") -> Client:
    """A browser in which someone with OFFICE is signed in."""
    account = active(person(where, "Alix", family, password=PASSWORD))
    if office:
        charge(account, office, school)
    visitor = new_browser(f"{where.slug}.localhost:8443")
    name = account.addresses.get(is_primary=True).address
    assert sign_in(visitor, name).status_code == 302
    return visitor


def charge(account: Account, office: Office, school: str = "") -> Mandate:
    new = NewMandate(office, School.objects.filter(uai=school).first())
    return actions.give_mandate(account, new, by=DESK_OPERATOR, reason="tests", now=timezone.now())


def get(visitor: Client, path: str) -> Any:
    return visitor.get(path, secure=True)


def post(visitor: Client, path: str, **values: Any) -> Any:
    return visitor.post(path, values, secure=True)


def page_of(account: Account, more: str = "") -> str:
    return f"/console/personnes/{account.pk}/{more}"


def said(answer: Any) -> str:
    return re.sub(r"<[^>]+>", " ", answer.content.decode())


def hidden(answer: Any) -> dict[str, str]:
    text = answer.content.decode()
    version = re.search(r'name="version" value="(\d+)"', text)
    toml = re.search(r'<textarea name="toml" hidden>(.*?)</textarea>', text, re.DOTALL)
    assert version
    assert toml
    return {"version": version[1], "toml": toml[1].replace("&quot;", '"').replace("&#x27;", "'")}
