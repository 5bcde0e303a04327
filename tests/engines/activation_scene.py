"""What the tests of activation share: a newcomer, the three questions of Rouen, the way to the end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from casier.directory.actions.people import NewAccount, create_account
from casier.directory.models import Academy, Account
from casier.identity.activation.models import DocumentKind
from casier.kernel.secret import Secret
from engines.portal_scene import new_browser
from unit.identity_people import BY, academy

NUMEN = "76E1234567ABC"
BORN = date(1987, 3, 14)
DETAILS, CHARTER = "/activation/coordonnees/", "/connexion/charte/"


def newcomer(owner: Academy, numen: str = NUMEN, family: str = "d’Ambray-Lefèvre") -> Account:
    new = NewAccount("Théo", family, numen=Secret(numen), birth_date=BORN, birth_name="Marchand")
    return create_account(owner, new, by=BY, reason="tests", now=timezone.now())


@pytest.fixture
def rouen() -> Academy:
    return academy()


@pytest.fixture
def theo(rouen: Academy) -> Account:
    return newcomer(rouen)


def at(slug: str) -> Client:
    return new_browser(f"{slug}.localhost:8443")


def post(browser: Client, where: str, **fields: str) -> Any:
    return browser.post(where, fields, secure=True)


def show(browser: Client, numen: str = NUMEN, born: date = BORN, name: str = "Lefèvre") -> Any:
    """Answer Rouen's three questions; the last answer."""
    first = post(browser, "/activation/", numen=numen)
    if first.status_code != 302:
        return first
    day = {"jour": str(born.day), "mois": str(born.month), "annee": str(born.year)}
    post(browser, "/activation/naissance/", **day)
    return post(browser, "/activation/nom/", nom=name)


def finished(browser: Client) -> Any:
    """Walk to the end: details, documents, password; then whatever the other rooms still ask."""
    post(browser, DETAILS)
    for kind in DocumentKind:
        read = {"document": kind.value, "version": "1", "reponse": "accord"}
        answer = post(browser, CHARTER, **read)
    return answer
