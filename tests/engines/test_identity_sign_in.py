"""Signing in, sessions, application passwords and `/api/`, with a real Redis and Django's own client."""

from __future__ import annotations

import json
import re
import subprocess
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from redis import Redis

from casier.audit.models import JournalEntry
from casier.directory.actions.accounts import suspend
from casier.directory.models import Account, AccountState, Role
from casier.identity import hashers, lock, sessions, signin
from casier.identity.api import create_app_password, end_sessions, revoke_app_password, set_password
from casier.identity.models import AppPassword, User
from casier.identity.redis_link import redis
from casier.kernel import published
from casier.kernel.published import AppPasswordState, SessionState
from casier.kernel.secret import Secret
from unit.identity_people import BY, PASSWORD, academy, lend_mailbox, person

pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]
HOST = "rouen.localhost:8443"
ORIGIN = f"https://{HOST}"
COOKIE = "__Host-casier"


@pytest.fixture(scope="module", autouse=True)
def redis_server() -> Iterator[None]:
    """A Redis on the throwaway instance's socket."""
    path = settings.REDIS_SOCKET
    path.parent.mkdir(parents=True, exist_ok=True)
    command = [
        "redis-server",
        "--port",
        "0",
        "--unixsocket",
        str(path),
        "--save",
        "",
        "--dir",
        str(path.parent),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    until = time.monotonic() + 10
    while not path.exists():
        assert time.monotonic() < until, "redis-server did not start"
        time.sleep(0.02)
    yield
    redis().close()
    process.terminate()
    process.wait(10)


@pytest.fixture(autouse=True)
def emptied(redis_server: None) -> None:
    redis().flushdb()


@pytest.fixture
def claire() -> Account:
    return person(academy(), password=PASSWORD)


@pytest.fixture
def browser() -> Client:
    return new_browser()


def new_browser(host: str = HOST) -> Client:
    return Client(headers={"Host": host, "X-Real-IP": "192.0.2.7"}, raise_request_exception=False)


def sign_in(browser: Client, name: str = "claire.lefevre", password: str = PASSWORD, **more: str) -> Any:
    return browser.post("/connexion/", {"identifiant": name, "mot_de_passe": password, **more}, secure=True)


def signed_in(browser: Client) -> bool:
    return bool(browser.get("/api/me", secure=True).status_code == 200)


def state_of(browser: Client) -> SessionState:
    record = redis().get(published.session_key(sessions.digest_of(browser.cookies[COOKIE].value)))
    return SessionState.loads(str(record))


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
    assert sign_in(new_browser()).status_code == 422
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
    suspended = sign_in(new_browser(), "ali.benali", PASSWORD)
    pages = {page_without_reference(answer) for answer in (unknown, wrong, suspended)}
    assert len(pages) == 1
    assert {answer.status_code for answer in (unknown, wrong, suspended)} == {422}


def test_nobody_learns_it_from_the_work_either(claire: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """One hash of the same parameters each, the same journal, the same number of queries give or take one.

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
        shown = signin.Credentials(name, Secret("wrong"), claire.academy, "192.0.2.7")
        with CaptureQueriesContext(connection) as captured:
            assert isinstance(signin.sign_in(shown, time.time()), signin.Refused)
        queries.append(len(captured))
    assert hashed == ["m=19456,t=3,p=1"] * 3
    assert max(queries) - min(queries) <= 1
    assert JournalEntry.objects.filter(action="identity.sign_in_failed").count() == 3


def test_delays_grow_with_failures_whatever_name_is_typed(claire: Account) -> None:
    names = ["claire.lefevre", "claire.lefevre@ac-rouen.fr", "claire.lefevre@ac-normandie.fr"]
    now, waits = 1_000_000.0, []
    for number in range(9):
        shown = signin.Credentials(names[number % 3], Secret("wrong"), claire.academy, "192.0.2.7")
        outcome = signin.sign_in(shown, now)
        while isinstance(outcome, signin.Delayed):
            waits.append(outcome.seconds)
            now += outcome.seconds
            outcome = signin.sign_in(shown, now)
    assert waits == [5, 10, 20, 40]
    right = signin.Credentials(names[0], Secret(PASSWORD), claire.academy, "192.0.2.7")
    assert isinstance(signin.sign_in(right, now), signin.Delayed)
    assert isinstance(signin.sign_in(right, now + 80), signin.Welcome)
    assert isinstance(signin.sign_in(right, now + 80), signin.Welcome)


def test_one_persons_failures_delay_nobody_else(claire: Account) -> None:
    person(claire.academy, "Ali", "Benali", PASSWORD)
    for _ in range(8):
        sign_in(new_browser(), "claire.lefevre", "wrong")
    assert sign_in(new_browser(), "claire.lefevre").status_code == 429
    assert sign_in(new_browser(), "ali.benali").status_code == 302


def test_attempts_at_once_are_worth_no_more_than_one_after_the_other() -> None:
    attempt = lock.Attempt("p", "s")
    waits = [lock.reserve(redis(), attempt, 1000.0, 3) for _ in range(20)]
    assert waits == [0, 0, 0] + [5] * 17


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


def test_an_application_password_is_shown_once_and_published(claire: Account, browser: Client) -> None:
    sign_in(browser)
    page = browser.post(
        "/compte/mots-de-passe/", {"nom": "Téléphone", "protocole": ["imap", "smtp"]}, secure=True
    ).content.decode()
    password = re.search(r"<code>([2-9a-z-]{29})</code>", page)
    assert password
    assert password[1] not in browser.get("/compte/mots-de-passe/", secure=True).content.decode()
    keys = list(redis().scan_iter(published.app_password_key("*")))
    state = AppPasswordState.loads(str(redis().get(keys[0])))
    assert (len(keys), state.account, state.protocols) == (1, claire.public_id, ["imap", "smtp"])
    row = AppPassword.objects.get()
    assert password[1] not in str(row.__dict__)
    done = browser.post(f"/compte/mots-de-passe/{row.id}/revoquer/", secure=True, follow=True)
    assert "ne fonctionne plus" in done.content.decode()
    assert list(redis().scan_iter(published.app_password_key("*"))) == []


def test_nobody_revokes_what_is_not_theirs(claire: Account) -> None:
    made = create_app_password(claire, "Téléphone", BY)
    person(claire.academy, "Ali", "Benali", PASSWORD)
    other = new_browser()
    sign_in(other, "ali.benali")
    assert other.post(f"/compte/mots-de-passe/{made.row.id}/revoquer/", secure=True).status_code == 404
    assert revoke_app_password(claire, made.row.id.hex, BY).revoked_at


def test_the_journal_and_the_log_hold_no_password(
    claire: Account, browser: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(browser, password="wrong-Secret-31")
    sign_in(browser)
    made = create_app_password(claire, "Téléphone", BY)
    told = caplog.text + str(list(JournalEntry.objects.values())) + repr(made)
    for secret in (PASSWORD, "wrong-Secret-31", made.password.reveal()):
        assert secret not in told


# /api/


def test_the_api_tells_who_one_is(claire: Account, browser: Client) -> None:
    shared = lend_mailbox(claire.academy, claire, Role.ANSWER)
    sign_in(browser)
    me = browser.get("/api/me", secure=True).json()
    assert me["account"] == {
        "id": claire.public_id,
        "name": "Claire Lefèvre",
        "address": "claire.lefevre@ac-rouen.fr",
        "mailboxKey": claire.mailbox_key,
    }
    assert [identity["email"] for identity in me["identities"]] == [
        "claire.lefevre@ac-rouen.fr",
        "claire.lefevre@ac-normandie.fr",
        shared,
    ]
    assert [box["email"] for box in me["shared"]] == [shared]
    assert me["limits"]["attachmentBytes"] == 100_000_000


def test_the_api_changes_nothing_for_another_site(claire: Account, browser: Client) -> None:
    sign_in(browser)
    for origin in ({}, {"Origin": "https://evil.example"}, {"Origin": "https://amiens.localhost:8443"}):
        answer = browser.patch("/api/me", '{"locale": "en"}', "application/json", headers=origin, secure=True)
        assert (answer.status_code, answer.json()["type"]) == (403, "wrong_origin")
    form = browser.patch("/api/me", "locale=en", "text/plain", headers={"Origin": ORIGIN}, secure=True)
    assert form.status_code == 403
    own = browser.patch(
        "/api/me", '{"locale": "en"}', "application/json", headers={"Origin": ORIGIN}, secure=True
    )
    assert (own.status_code, own.json()["locale"]) == (200, "en")


def test_the_api_is_closed_to_who_is_not_signed_in(claire: Account, browser: Client) -> None:
    for method, path in [
        ("get", "/api/me"),
        ("patch", "/api/me"),
        ("get", "/api/people?q=cl"),
        ("post", "/api/send"),
        ("get", "/api/send"),
        ("delete", "/api/send/00"),
    ]:
        answer = getattr(browser, method)(path, headers={"Origin": ORIGIN}, secure=True)
        assert answer.status_code == 401, path
        assert answer["Content-Type"] == "application/problem+json"
        assert re.fullmatch(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", answer.json()["reference"])


def test_completion_finds_colleagues_of_ones_own_academy(claire: Account, browser: Client) -> None:
    person(claire.academy, "Éloïse", "Benali")
    person(academy("amiens", ("ac-amiens.fr",)), "Éloïse", "Picard")
    sign_in(browser)

    def found(typed: str) -> list[str]:
        return [row["email"] for row in browser.get("/api/people", {"q": typed}, secure=True).json()]

    assert found("elo") == found("Éloïse ben") == found("benali") == ["eloise.benali@ac-rouen.fr"]
    assert found("e") == []


def test_a_draft_is_queued_and_taken_back(claire: Account, browser: Client) -> None:
    sign_in(browser)
    body = {
        "emailId": "M1",
        "accountId": claire.mailbox_key,
        "mailFrom": "claire.lefevre@ac-rouen.fr",
        "rcptTo": ["ali@ac-rouen.fr"],
    }
    headers = {"Origin": ORIGIN}
    queued = browser.post("/api/send", json.dumps(body), "application/json", headers=headers, secure=True)
    assert queued.status_code == 202
    listed = browser.get("/api/send", secure=True).json()
    assert [(row["id"], row["state"]) for row in listed] == [(queued.json()["id"], "waiting")]
    undone = browser.delete(f"/api/send/{queued.json()['id']}", headers=headers, secure=True)
    assert undone.status_code == 204
    forged = json.dumps({**body, "mailFrom": "ministre@education.gouv.fr"})
    refused = browser.post("/api/send", forged, "application/json", headers=headers, secure=True)
    assert (refused.status_code, refused.json()["type"]) == (403, "sender_not_yours")


# When Redis is down


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


# Pages


def test_autoconfig_tells_the_ports_at_both_addresses(claire: Account) -> None:
    from xml.etree import ElementTree

    for path in ("/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml"):
        answer = new_browser().get(path, {"emailaddress": "claire.lefevre@ac-normandie.fr"}, secure=True)
        root = ElementTree.fromstring(answer.content)
        assert [domain.text for domain in root.iter("domain")] == ["ac-rouen.fr", "ac-normandie.fr"]
        assert [port.text for port in root.iter("port")] == ["8993", "8465", "8587"]
        assert [kind.text for kind in root.iter("socketType")] == ["SSL", "SSL", "STARTTLS"]
        assert {host.text for host in root.iter("hostname")} == {"rouen.localhost"}
    elsewhere = new_browser("autoconfig.ac-rouen.fr").get("/mail/config-v1.1.xml", secure=True)
    assert "<hostname>rouen.localhost</hostname>" in elsewhere.content.decode()


def test_nobody_is_sent_to_another_site_after_signing_in(claire: Account) -> None:
    for wanted in (
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "/api/me",
    ):
        assert sign_in(new_browser(), suite=wanted)["Location"] == "/courrier/"
    assert sign_in(new_browser(), suite="/courrier/dossier?x=1")["Location"] == "/courrier/dossier?x=1"


def test_a_page_of_ones_own_asks_to_sign_in_and_comes_back(claire: Account, browser: Client) -> None:
    for path in ("/compte/", "/compte/mots-de-passe/", "/compte/logiciels/"):
        asked = browser.get(path, secure=True)
        assert (asked.status_code, asked["Location"]) == (302, f"/connexion/?suite={path}")
    for path in ("/compte/sessions/fermer/", "/compte/preferences/", "/compte/mots-de-passe/"):
        assert browser.post(path, secure=True).status_code == 302
    assert AppPassword.objects.count() == 0
    assert sign_in(browser, suite="/compte/logiciels/")["Location"] == "/compte/logiciels/"


def test_pages_allow_no_script_and_are_not_kept(claire: Account, browser: Client) -> None:
    page = browser.get("/connexion/", secure=True)
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "script" not in page["Content-Security-Policy"]
    assert page["Cache-Control"] == "no-store"
    assert "<script" not in page.content.decode()
    assert 'style="' not in page.content.decode()


def test_a_form_of_another_site_signs_nobody_in(claire: Account) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Host": HOST})
    answer = sign_in(strict)
    assert answer.status_code == 403
    assert "R-" in answer.content.decode()


def test_what_is_not_there_has_a_page_with_a_reference(browser: Client) -> None:
    page = browser.get("/nulle-part/", secure=True)
    assert page.status_code == 404
    assert re.search(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", page.content.decode())
    assert browser.get("/api/nowhere", secure=True)["Content-Type"] == "application/problem+json"


def test_the_sign_in_page_speaks_english_on_request(claire: Account, browser: Client) -> None:
    assert "Mot de passe" in browser.get("/connexion/", secure=True).content.decode()
    browser.post("/connexion/langue/", {"langue": "en"}, secure=True)
    assert "Password" in browser.get("/connexion/", secure=True).content.decode()


def test_preferences_are_kept_with_the_account(claire: Account, browser: Client) -> None:
    sign_in(browser)
    browser.post("/compte/preferences/", {"langue": "en", "theme": "dark"}, secure=True)
    page = new_browser()
    sign_in(page)
    text = page.get("/compte/", secure=True).content.decode()
    assert 'lang="en" data-theme="dark"' in text
    assert "My account" in text


def test_the_theme_is_that_of_the_academy(claire: Account, browser: Client) -> None:
    assert "--accent: #1b5e57" in browser.get("/theme.css", secure=True).content.decode()
    assert new_browser("localhost").get("/theme.css", secure=True).content == b""
