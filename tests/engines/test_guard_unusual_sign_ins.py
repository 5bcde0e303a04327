"""Unusual sign-ins by the web, with a database of places of our own: told, or suspended at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.directory.actions.accounts import resume
from casier.directory.models import Account, AccountState
from casier.identity.guard.models import Habits
from engines.guard_scene import change_policy, notices, wrong_from
from engines.portal_scene import HOST, browser, claire, emptied, redis_server, sign_in, signed_in
from unit.guard_places_file import write_places
from unit.identity_people import BY

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def places() -> Iterator[None]:
    folder = settings.CASIER_INSTANCE.root / "geo"
    folder.mkdir()
    write_places(
        folder / "places.mmdb",
        {
            "192.0.2.0/24": {"country": {"iso_code": "FR"}, "location": {"latitude": 49.4, "longitude": 1.1}},
            "203.0.113.0/24": {
                "country": {"iso_code": "JP"},
                "location": {"latitude": 35.7, "longitude": 139.7},
            },
        },
    )
    yield
    shutil.rmtree(folder)


def from_japan() -> Client:
    return Client(headers={"Host": HOST, "X-Real-IP": "203.0.113.5"}, raise_request_exception=False)


def test_the_first_sign_in_ever_is_not_unusual(claire: Account, browser: Client) -> None:
    sign_in(browser)
    assert notices(claire) == []
    assert Habits.objects.get(account=claire).sign_ins == 1


def test_a_new_device_is_told(claire: Account, browser: Client) -> None:
    sign_in(browser)
    assert signed_in(browser)
    sign_in(Client(headers={"Host": HOST, "X-Real-IP": "192.0.2.9"}))
    assert notices(claire) == ["new_device"]
    sign_in(browser)
    assert notices(claire) == ["new_device"]


@pytest.mark.usefixtures("places")
def test_from_far_away_the_account_is_suspended_and_told(claire: Account, browser: Client) -> None:
    """Rouen's policy: at once. Only after the full proof: a wrong password tells and does nothing."""
    sign_in(browser)
    assert sign_in(from_japan(), password="wrong").status_code == 422
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE
    abroad = from_japan()
    answer = sign_in(abroad)
    assert answer.status_code == 403
    assert "ne ressemble pas" in answer.content.decode()
    claire.refresh_from_db()
    assert claire.state == AccountState.SUSPENDED
    assert not signed_in(abroad)
    assert not signed_in(browser)
    assert {"unusual", "suspended"} <= set(notices(claire))
    resume(claire, by=BY, reason="it was her", now=timezone.now())
    assert sign_in(browser).status_code == 302


@pytest.mark.usefixtures("places")
def test_where_the_policy_only_tells_one_gets_in(claire: Account, browser: Client) -> None:
    change_policy(claire, lock={"on_unusual": "notify"})
    sign_in(browser)
    abroad = from_japan()
    assert sign_in(abroad).status_code == 302
    assert signed_in(abroad)
    assert notices(claire) == ["unusual"]


def test_without_a_database_no_place_is_unusual(claire: Account, browser: Client) -> None:
    sign_in(browser)
    assert sign_in(from_japan()).status_code == 302
    assert notices(claire) == ["new_device"]


def test_many_failures_just_before_are_told(claire: Account, browser: Client) -> None:
    sign_in(browser)
    wrong_from(5, "claire.lefevre")
    sign_in(browser)
    assert notices(claire) == ["unusual"]
    sign_in(browser)
    assert notices(claire) == ["unusual"]
