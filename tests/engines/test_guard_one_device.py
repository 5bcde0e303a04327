"""One device at a time, by the web: each mode, both devices told, two at once, mail programs left alone."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection
from django.test import Client

from casier.directory.models import Account
from casier.identity import sessions
from casier.identity.factors import totp
from casier.identity.guard import api as guard
from casier.identity.redis_link import redis
from casier.kernel import published
from engines.factors_scene import enrolled
from engines.guard_scene import at, change_policy, notices
from engines.portal_scene import (
    COOKIE,
    browser,
    claire,
    emptied,
    redis_server,
    sign_in,
    signed_in,
)

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def allow(claire: Account, mode: str) -> None:
    minutes = 10 if mode == "suspend" else 0
    change_policy(claire, sessions={"one_device": mode, "suspend_minutes": minutes})


def page(browser: Client, path: str = "/connexion/") -> str:
    return str(browser.get(path, secure=True).content.decode())


def test_off_lets_any_number_in(claire: Account) -> None:
    devices = [at(number) for number in range(4)]
    assert [sign_in(device).status_code for device in devices] == [302] * 4
    assert all(signed_in(device) for device in devices)


def test_the_last_one_replaces_and_the_first_is_told(claire: Account) -> None:
    allow(claire, "replace")
    first, second = at(1), at(2)
    sign_in(first)
    with redis().pubsub(ignore_subscribe_messages=True) as channel:
        channel.subscribe(published.CHANNEL_ENDED)
        assert sign_in(second).status_code == 302
        told = next(message for _ in range(50) if (message := channel.get_message(timeout=0.1)))
    assert told["data"] == claire.public_id
    assert signed_in(second)
    assert not signed_in(first)
    assert "ouverte sur un autre appareil" in page(first)
    assert "one_device" in notices(claire)


def test_the_first_one_stays_where_the_second_is_refused(claire: Account) -> None:
    allow(claire, "refuse")
    first, second = at(1), at(2)
    sign_in(first)
    refused = sign_in(second)
    assert refused.status_code == 403
    assert "ouverte sur un autre appareil" in refused.content.decode()
    assert not signed_in(second)
    assert signed_in(first)
    assert "one_device" in notices(claire)
    first.post("/deconnexion/", secure=True)
    assert sign_in(second).status_code == 302


def test_both_stand_still_and_go_on_when_the_time_is_up(claire: Account) -> None:
    allow(claire, "suspend")
    first, second = at(1), at(2)
    sign_in(first)
    suspended = sign_in(second)
    assert suspended.status_code == 403
    assert "10 minutes" in suspended.content.decode()
    assert not signed_in(first)
    assert not signed_in(second)
    assert "Un second appareil" in page(first)
    # The cookie was kept: it is the same session that goes on.
    assert first.cookies[COOKIE].value
    block = guard.block_of(claire)
    assert block is not None
    assert [lane.lane for lane in block.lanes] == ["one_device"]
    redis().delete(published.frozen_key(claire.public_id))
    assert signed_in(first)
    assert not signed_in(second)


def test_the_edge_holds_both_back_as_well(claire: Account) -> None:
    """Also what doesn't come by Django: the edge reads the same key (tests/unit/test_edge_check.py)."""
    allow(claire, "suspend")
    first = at(1)
    sign_in(first)
    sign_in(at(2))
    assert 0 < redis().ttl(published.frozen_key(claire.public_id)) <= 600


@pytest.mark.parametrize("who", ["first", "second"])
def test_who_shows_a_strong_factor_goes_on_and_the_other_ends(claire: Account, who: str) -> None:
    """By the pages: the person's application, shown anew on the device where they are."""
    allow(claire, "suspend")
    # Enrolled, and not asked for here: it is the second device that makes it needed.
    change_policy(claire, second_factor={"requirement": "contextual", "contexts": ("sensitive_service",)})
    secret = enrolled(claire)
    first, second = at(1), at(2)
    sign_in(first)
    assert "Continuer avec mon second facteur" in sign_in(second).content.decode()
    proving, other = (first, second) if who == "first" else (second, first)
    if who == "first":
        assert sign_in(first).status_code == 403
    asked = proving.post("/connexion/autre-appareil/", secure=True)
    assert asked["Location"].startswith("/connexion/second-facteur/")
    proving.get(asked["Location"], secure=True)
    wrong = proving.post("/connexion/second-facteur/", {"code": "000000", "moyen": "totp"}, secure=True)
    assert wrong.status_code in {422, 429}
    assert not signed_in(proving)
    code = totp.code_at(secret, time.time())
    done = proving.post("/connexion/second-facteur/", {"code": code, "moyen": "totp"}, secure=True)
    assert (done.status_code, done["Location"]) == (302, "/courrier/")
    assert signed_in(proving)
    assert not signed_in(other)
    if who == "second":
        assert "ouverte sur un autre appareil" in page(first)


def test_an_sms_or_a_password_alone_lifts_nothing(claire: Account) -> None:
    allow(claire, "suspend")
    first, second = at(1), at(2)
    sign_in(first)
    sign_in(second)
    assert sign_in(second).status_code == 403
    assert sign_in(first).status_code == 403
    assert not signed_in(first)


@pytest.mark.parametrize("mode", ["replace", "refuse", "suspend"])
def test_the_same_device_again_replaces_its_own_session(claire: Account, mode: str) -> None:
    allow(claire, mode)
    browser = at(1)
    sign_in(browser)
    first = browser.cookies[COOKIE].value
    # The browser was closed, its session cookie is gone; the cookie of the device stays.
    del browser.cookies[COOKIE]
    assert sign_in(browser).status_code == 302
    assert signed_in(browser)
    assert browser.cookies[COOKIE].value != first
    browser.cookies[COOKIE] = first
    assert not signed_in(browser)


@pytest.mark.parametrize("mode", ["refuse", "suspend"])
def test_an_idle_session_stands_in_nobodys_way(claire: Account, mode: str) -> None:
    allow(claire, mode)
    first = at(1)
    sign_in(first)
    digest = sessions.digest_of(first.cookies[COOKIE].value)
    redis().set(published.seen_key(digest), int(time.time()) - 1801)
    record = str(redis().get(published.session_key(digest)))
    created = int(record.split('"created": ')[1].split(",", maxsplit=1)[0])
    redis().set(published.session_key(digest), record.replace(str(created), str(created - 1900)))
    assert sign_in(at(2)).status_code == 302


def test_it_never_feeds_the_counts_of_failures(claire: Account) -> None:
    allow(claire, "refuse")
    sign_in(at(1))
    for number in range(2, 12):
        assert sign_in(at(number)).status_code == 403
    assert sign_in(at(1)).status_code != 429
    assert redis().keys("casier:guard:lane:*") == []


@pytest.mark.parametrize("mode", ["replace", "refuse", "suspend"])
def test_of_two_at_once_only_one_gets_in(claire: Account, mode: str) -> None:
    allow(claire, mode)
    start = threading.Barrier(4)
    devices = [at(number) for number in range(4)]

    def come(device: Client) -> None:
        start.wait(10)
        try:
            sign_in(device)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, args=(device,)) for device in devices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    alive = sum(signed_in(device) for device in devices)
    assert alive == (0 if mode == "suspend" else 1)
    assert len(sessions.live_sessions(claire.public_id, int(time.time()))) == 1


def test_mail_programs_are_left_alone(claire: Account) -> None:
    """What is published of the account stays open, and connections aren't told to end."""
    allow(claire, "suspend")
    sign_in(at(1))
    with redis().pubsub(ignore_subscribe_messages=True) as channel:
        channel.subscribe(published.CHANNEL_ENDED)
        sign_in(at(2))
        told = next(message for _ in range(50) if (message := channel.get_message(timeout=0.1)))
    assert published.ENDED_CONNECTIONS not in told["data"]
    state = published.AccountState.loads(str(redis().get(published.account_key(claire.public_id))))
    assert state.access == published.Access.OPEN
