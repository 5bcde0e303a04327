"""People of the demonstration come in as they did at first, whatever was tried with them."""

from __future__ import annotations

import pytest
from django.utils import timezone

from casier.audit.api import Actor
from casier.demo import cast, enrol
from casier.demo.doors import restore
from casier.demo.feeding import look_at_an_import
from casier.directory.actions.accounts import suspend
from casier.directory.models import Academy, Account
from casier.feed.models import Run
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


def test_an_import_waits_to_be_looked_at() -> None:
    players, now = cast.load(), timezone.now()
    enrol.enrol(players, now)
    people = Account.objects.count()
    look_at_an_import(now)
    look_at_an_import(now)
    assert Account.objects.count() == people
    for run in Run.objects.all():
        assert run.state == "looked_at", run.fault
        assert run.counts["person.create"] >= 8
        assert run.counts["record.refuse"] >= 2
        assert run.counts.get("person.leave") is None
    assert Run.objects.count() == Academy.objects.filter(schools__is_open=True).distinct().count()
