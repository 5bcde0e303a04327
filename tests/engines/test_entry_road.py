"""Whoever is on the way in is known and not yet in; what ends everything of an account ends that, too."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from casier.audit.api import Actor
from casier.directory.models import Account
from casier.identity.api import check_password, end_sessions
from casier.identity.passwords.api import force_change
from casier.kernel.secret import Secret
from engines.portal_scene import *  # noqa: F403
from engines.portal_scene import new_browser, sign_in, signed_in

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
BY = Actor.system("tests")
DUE = "/connexion/mot-de-passe/"
NEW = "Girafe-pluvieuse-douze-violons"


def on_the_way(account: Account) -> Client:
    """A browser that has shown the right password, where another is to be chosen."""
    browser = new_browser()
    assert sign_in(browser)["Location"] == DUE
    assert account
    return browser


def choose(browser: Client, password: str) -> Any:
    return browser.post(DUE, {"nouveau": password}, secure=True)


@pytest.fixture
def due(claire: Account) -> Account:
    """Claire's password was found out: she must choose another."""
    force_change(claire, BY, "found out")
    return claire


def test_who_chooses_first_goes_on_and_the_other_is_out(due: Account) -> None:
    owner, thief = on_the_way(due), on_the_way(due)
    assert choose(owner, NEW).status_code == 302
    assert signed_in(owner)
    assert choose(thief, "Ruelle-chantante-neuf-biscuits")["Location"].startswith("/connexion/?")
    assert not signed_in(thief)
    assert check_password(due, Secret(NEW))


def test_signing_out_everywhere_ends_the_way_in(due: Account) -> None:
    thief = on_the_way(due)
    end_sessions(due, "asked by the person", BY)
    assert thief.get(DUE, secure=True)["Location"].startswith("/connexion/?")
    assert choose(thief, NEW)["Location"].startswith("/connexion/?")
    assert not check_password(due, Secret(NEW))


def test_who_comes_afterwards_comes_in(due: Account) -> None:
    end_sessions(due, "asked by the person", BY)
    owner = on_the_way(due)
    assert choose(owner, NEW).status_code == 302
    assert signed_in(owner)
