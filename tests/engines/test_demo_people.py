"""People of the demonstration come in as they did at first, whatever was tried with them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.demo import cast, enrol
from casier.demo.doors import restore
from casier.directory.actions.accounts import suspend
from casier.directory.models import Account
from casier.identity.api import check_password, set_password
from casier.identity.models import User
from casier.identity.passwords.api import force_change
from casier.kernel.secret import Secret
from engines.portal_scene import *  # noqa: F403
from engines.portal_scene import new_browser, sign_in, signed_in

pytestmark = [pytest.mark.engines, pytest.mark.django_db]
BY = Actor.system("tests")


def test_a_person_has_back_what_they_came_with() -> None:
    players, now = cast.load(), timezone.now()
    found = enrol.enrol(players, now)
    person = next(one for one in players.people if one.key == "karim")
    account = found["karim"]
    assert isinstance(account, Account)
    set_password(account, Secret("Girafe-pluvieuse-douze-violons"), BY, "tried")
    force_change(account, BY, "tried")
    suspend(account, by=BY, reason="tried", now=now)
    restore(person, account, BY, now)
    account.refresh_from_db()
    assert check_password(account, Secret(cast.PASSWORD))
    assert User.objects.get(account=account).change_forced_at is None
    browser = new_browser("rouen.localhost")
    sign_in(browser, "karim.haddad", cast.PASSWORD)
    assert not signed_in(browser)  # from outside the academy a second factor is asked for first
    assert browser.get("/connexion/second-facteur/inscrire/", secure=True).status_code == 200
