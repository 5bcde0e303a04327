"""Signing in, sessions and their ends, with a real Redis and Django's own client."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis import Redis

from casier.audit.models import JournalEntry
from casier.directory.actions.accounts import suspend
from casier.directory.models import Account, AccountState
from casier.identity import hashers, sessions, signin
from casier.identity.api import end_sessions, set_password
from casier.identity.models import User
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.secret import Secret
from engines.portal_scene import (
    COOKIE,
    HOST,
    ORIGIN,
    browser,
    claire,
    emptied,
    new_browser,
    redis_server,
    sign_in,
    signed_in,
    state_of,
)
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "name",
    ["claire.lefevre", " Claire.Lefevre ", "claire.lefevre@ac-rouen.fr", "CLAIRE.LEFEVRE@ac-normandie.fr"],
)
def test_every_name_of_a_person_opens_the_door(claire: Account, browser: Client, name: str) -> None:
    answer = sign_in(browser, name)
    assert (answer.status_code, answer["Location"]) == (302, "/courrier/")
    assert signed_in(browser)


def test_at_a_host_of_no_academy_the_full_address_is_needed(claire: Account) -> None:
    browser = new_browser("localhost:8443")
    page = browser.get("/connexion/", secure=True)
    assert f"https://{HOST}/connexion/" in page.content.decode()
    assert sign_in(browser).status_code == 422
    assert sign_in(browser, "claire.lefevre@ac-rouen.fr").status_code == 302


def test_the_cookie_tells_nothing_and_redis_does_not_hold_it(claire: Account, browser: Client) -> None:
    sign_in(browser)
    cookie = browser.cookies[COOKIE]
    assert cookie["secure"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Lax", "/", "")
    assert len(cookie.value) == 43
    for key in redis().scan_iter():
        assert cookie.value not in str(key)
        if redis().type(key) == "string":
            assert cookie.value not in str(redis().get(key))


def test_the_record_is_what_the_edge_reads(claire: Account, browser: Client) -> None:
    sign_in(browser)
    state = state_of(browser)
    assert (state.account, state.origin, state.idle_seconds) == (claire.public_id, ORIGIN, 1800)
    assert state.absolute_until - state.created == 12 * 3600


def test_a_session_planted_before_is_not_the_one_after(claire: Account, browser: Client) -> None:
    planted = sessions.SessionStore()
    planted["note"] = "planted"
    planted.create()
    browser.cookies[COOKIE] = str(planted.session_key)
    sign_in(browser)
    assert browser.cookies[COOKIE].value != planted.session_key
    assert not sessions.SessionStore().exists(str(planted.session_key))


def test_signing_out_ends_the_session_and_tells_the_others(claire: Account, browser: Client) -> None:
    sign_in(browser)
    kept = browser.cookies[COOKIE].value
    with redis().pubsub(ignore_subscribe_messages=True) as channel:
        channel.subscribe(published.CHANNEL_ENDED)
        assert browser.get("/deconnexion/", secure=True).status_code == 200
        assert signed_in(browser)
        browser.post("/deconnexion/", secure=True)
        told = next(message for _ in range(50) if (message := channel.get_message(timeout=0.1)))
    assert told["data"] == claire.public_id
    browser.cookies[COOKIE] = kept
    assert not signed_in(browser)
    actions = list(
        JournalEntry.objects.filter(target=f"account:{claire.public_id}").values_list("action", flat=True)
    )
    assert "identity.signed_in" in actions
    assert "identity.signed_out" in actions


def test_a_shared_computer_is_signed_out_sooner_and_emptied(claire: Account, browser: Client) -> None:
    sign_in(browser, poste_partage="on")
    me = browser.get("/api/me", secure=True).json()
    assert me["sharedComputer"]
    assert me["limits"]["idleSeconds"] == 600
    assert "storage" in browser.post("/deconnexion/", secure=True)["Clear-Site-Data"]


def age(browser: Client, **changed: int) -> None:
    """Write the session's record as if it were older."""
    key = published.session_key(sessions.digest_of(browser.cookies[COOKIE].value))
    facts = json.loads(str(redis().get(key)))
    redis().set(key, json.dumps({**facts, **changed}))
    redis().delete(key.replace("session", "seen"))


def test_idleness_ends_a_session_and_the_page_says_so(claire: Account, browser: Client) -> None:
    sign_in(browser)
    age(browser, created=int(time.time()) - 1801)
    assert not signed_in(browser)
    assert "faute d’activité" in browser.get("/connexion/", secure=True).content.decode()


def test_what_the_page_asks_by_itself_is_no_activity(claire: Account, browser: Client) -> None:
    sign_in(browser)
    age(browser, created=int(time.time()) - 1700)
    seen = published.seen_key(sessions.digest_of(browser.cookies[COOKIE].value))
    browser.get("/api/me", headers={"X-Casier-Background": "1"}, secure=True)
    assert redis().get(seen) is None
    browser.get("/api/me", secure=True)
    assert redis().get(seen) is not None


def test_no_activity_carries_a_session_over_its_absolute_end(claire: Account, browser: Client) -> None:
    sign_in(browser)
    age(browser, absolute_until=int(time.time()) - 1)
    assert not signed_in(browser)


def test_a_suspended_account_is_out_at_once(claire: Account, browser: Client) -> None:
    sign_in(browser)
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    claire.refresh_from_db()
    suspend(claire, by=BY, reason="tests", now=timezone.now())
    assert not signed_in(browser)
    assert signed_in(other)
    assert sign_in(new_browser()).status_code == 403
    assert redis().get(published.account_key(ali.public_id)) is not None


def test_the_first_sign_in_makes_an_account_active(claire: Account, browser: Client) -> None:
    assert claire.state == AccountState.INVITED
    sign_in(browser)
    claire.refresh_from_db()
    assert claire.state == AccountState.ACTIVE


def page_without_reference(answer: Any) -> str:
    text = re.sub(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", "R", answer.content.decode())
    text = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", text)
    return re.sub(r'name="identifiant" value="[^"]*"', "", text)


def test_nobody_learns_who_exists(claire: Account) -> None:
    gone = person(claire.academy, "Ali", "Benali", PASSWORD)
    suspend(gone, by=BY, reason="tests", now=timezone.now())
    unknown = sign_in(new_browser(), "personne.inconnue", "wrong-password")
    wrong = sign_in(new_browser(), "claire.lefevre", "wrong-password")
    suspended = sign_in(new_browser(), "ali.benali", "wrong-password")
    pages = {page_without_reference(answer) for answer in (unknown, wrong, suspended)}
    assert len(pages) == 1
    assert {answer.status_code for answer in (unknown, wrong, suspended)} == {422}


def test_only_the_right_password_learns_of_a_suspension(claire: Account) -> None:
    suspend(claire, by=BY, reason="tests", now=timezone.now())
    told = sign_in(new_browser())
    assert (told.status_code, "Votre compte est suspendu" in told.content.decode()) == (403, True)
    assert re.search(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", told.content.decode())


def test_nobody_learns_it_from_the_work_either(claire: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash of the same parameters each, the same journal, the same number of queries give or take two.

    The work is compared, not the clock: a busy machine would decide otherwise.
    """
    gone = person(claire.academy, "Ali", "Benali", PASSWORD)
    suspend(gone, by=BY, reason="tests", now=timezone.now())
    hashed: list[str] = []
    real = hashers.matches

    def matches(password: str, encoded: str) -> tuple[bool, bool]:
        hashed.append(encoded.split("$")[3])
        return real(password, encoded)

    monkeypatch.setattr(hashers, "matches", matches)
    queries = []
    for name in ("claire.lefevre", "ali.benali", "personne.inconnue"):
        redis().flushdb()
        shown = signin.Credentials(name, Secret("wrong"), claire.academy, "192.0.2.7")
        with CaptureQueriesContext(connection) as captured:
            assert isinstance(signin.sign_in(shown, time.time()), signin.Refused)
        queries.append(len(captured))
    assert hashed == ["m=19456,t=3,p=1"] * 3
    assert max(queries) - min(queries) <= 2
    assert JournalEntry.objects.filter(action="identity.sign_in_failed").count() == 3


def test_one_persons_failures_lock_nobody_else(claire: Account) -> None:
    person(claire.academy, "Ali", "Benali", PASSWORD)
    for number in range(5):
        sign_in(new_browser(), "claire.lefevre", f"wrong-{number}")
    assert sign_in(new_browser(), "claire.lefevre").status_code == 429
    assert sign_in(new_browser(), "ali.benali").status_code == 302


def test_an_old_hash_is_renewed_at_sign_in(claire: Account, browser: Client) -> None:
    from argon2 import PasswordHasher

    weak = "argon2" + PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    User.objects.filter(account=claire).update(password=weak)
    sign_in(browser)
    assert "m=19456,t=3,p=1" in User.objects.get(account=claire).password


def test_a_new_password_ends_the_sessions(claire: Account, browser: Client) -> None:
    sign_in(browser)
    set_password(claire, Secret("un-Autre-mot-de-passe-41"), BY)
    assert not signed_in(browser)


def test_everywhere_else_is_ended_in_one_go(claire: Account, browser: Client) -> None:
    phone = new_browser()
    sign_in(browser)
    sign_in(phone)
    done = browser.post("/compte/sessions/fermer/", secure=True, follow=True)
    assert "que sur cet appareil" in done.content.decode()
    assert signed_in(browser)
    assert not signed_in(phone)


def test_sessions_are_listed_and_ended_one_by_one(claire: Account, browser: Client) -> None:
    phone = new_browser()
    sign_in(browser)
    sign_in(phone)
    page = browser.get("/compte/", secure=True).content.decode()
    assert "cet appareil" in page
    digest = sessions.digest_of(phone.cookies[COOKIE].value)
    stranger = person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    other.post(f"/compte/sessions/{digest}/fermer/", secure=True)
    assert signed_in(phone)
    done = browser.post(f"/compte/sessions/{digest}/fermer/", secure=True, follow=True)
    assert "Cette session est fermée." in done.content.decode()
    assert not signed_in(phone)
    assert signed_in(browser)
    assert end_sessions(stranger, "tests", BY) == 1
    assert not signed_in(other)


def test_without_redis_the_person_is_told_to_come_back(
    claire: Account, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = Redis(unix_socket_path="/nonexistent/redis.sock", retry=None)
    sign_in(browser)
    monkeypatch.setattr("casier.identity.redis_link.redis", lambda: nowhere)
    for answer in (sign_in(new_browser()), browser.get("/compte/", secure=True)):
        assert answer.status_code == 503
        assert "momentanément indisponible" in answer.content.decode()
        assert COOKIE not in answer.cookies
    api = browser.get("/api/me", secure=True)
    assert (api.status_code, api["Content-Type"]) == (503, "application/problem+json")
    monkeypatch.undo()
    assert signed_in(browser)
