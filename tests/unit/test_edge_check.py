"""The rules of the web's door, allowed and refused side by side."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import replace

import pytest

from casier.edge.bearer import Bearers
from casier.edge.check import Asked, Kind, from_our_page, network_allowed, session_may, with_cookie
from casier.edge.door import Door, Passed, Stopped, basic_of, cookie_of
from casier.edge.problems import Reason
from casier.edge.records import AppPassword, LiveSession, app_password_mac, session_digest
from casier.kernel.published import Access, AppPasswordState
from casier.kernel.secret import Secret
from unit.edge_fakes import CAMILLE, NOW, OLD_NAME, ORIGIN, Published, account, session

KEY = b"k" * 32
COOKIE = "c" * 43
APP_PASSWORD = "abcd-efgh-ijkl-mnop"
POST = Asked(Kind.JMAP, "POST", ORIGIN, origin=ORIGIN, content_type="application/json; charset=utf-8")
GET = Asked(Kind.JMAP, "GET", ORIGIN, fetch_site="same-origin")


def live(**changes: object) -> LiveSession:
    return LiveSession("d", session(**changes), account(), int(NOW) - 10)


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (POST, None),
        (replace(POST, origin="https://rouen.example"), Reason.ORIGIN),
        (replace(POST, origin="null"), Reason.ORIGIN),
        (replace(POST, origin="http://rouen.localhost:8443"), Reason.ORIGIN),
        (replace(POST, fetch_site="cross-site"), Reason.ORIGIN),
        (GET, None),
        (replace(GET, fetch_site=""), None),
        (replace(GET, fetch_site="none"), None),
        (replace(GET, fetch_site="same-site"), Reason.ORIGIN),
        (replace(GET, kind=Kind.DOWNLOAD, fetch_site="cross-site"), Reason.ORIGIN),
        (replace(GET, kind=Kind.PAGE, fetch_site="cross-site"), None),
        (replace(GET, kind=Kind.PAGE, fetch_site="cross-site", origin="https://evil.example"), Reason.ORIGIN),
    ],
)
def test_only_our_own_page_may_ask(asked: Asked, reason: Reason | None) -> None:
    assert from_our_page(asked) == reason


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        (POST, None),
        (replace(POST, origin=""), Reason.ORIGIN),
        (replace(POST, content_type="text/plain"), Reason.CONTENT_TYPE),
        (replace(POST, content_type="text/plain; application/json"), Reason.CONTENT_TYPE),
        (replace(POST, content_type=""), Reason.CONTENT_TYPE),
        (replace(POST, kind=Kind.UPLOAD, content_type="image/png"), None),
        (replace(POST, kind=Kind.DAV, method="PROPFIND", origin=""), Reason.ORIGIN),
        (GET, None),
    ],
)
def test_a_cookie_needs_more_to_change_something(asked: Asked, reason: Reason | None) -> None:
    assert with_cookie(asked) == reason


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (live(), None),
        (None, Reason.SIGN_IN),
        (LiveSession("d", session(), None, 0), Reason.SIGN_IN),
        (live(absolute_until=int(NOW)), Reason.EXPIRED),
        (live(absolute_until=int(NOW) + 1), None),
        (LiveSession("d", session(created=0), account(), int(NOW) - 1800), Reason.EXPIRED),
        (LiveSession("d", session(created=0), account(), int(NOW) - 1799), None),
        (LiveSession("d", session(), account(), 0), None),  # just signed in, nothing noted yet
        (live(origin="https://caen.localhost:8443"), Reason.ORIGIN),
        (LiveSession("d", session(), account(), int(NOW), frozen=True), Reason.ONE_DEVICE),
        (LiveSession("d", session(), account(access=Access.SUSPENDED), int(NOW)), Reason.SUSPENDED),
        (LiveSession("d", session(), account(access=Access.CLOSED), int(NOW)), Reason.SIGN_IN),
        (LiveSession("d", session(), account(networks=["10.0.0.0/8"]), int(NOW)), Reason.NETWORK),
    ],
)
def test_what_a_session_opens(found: LiveSession | None, reason: Reason | None) -> None:
    assert session_may(replace(POST, address="192.0.2.7"), found, NOW) == reason


@pytest.mark.parametrize(
    ("networks", "address", "allowed"),
    [
        ([], "192.0.2.1", True),
        (["192.0.2.0/24"], "192.0.2.1", True),
        (["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1", True),
        (["192.0.2.0/24"], "198.51.100.1", False),
        (["192.0.2.0/24"], "", False),
        (["nonsense"], "192.0.2.1", False),
    ],
)
def test_networks(networks: list[str], address: str, allowed: bool) -> None:
    assert network_allowed(networks, address) is allowed


def test_an_upload_is_bounded_by_the_account() -> None:
    small = replace(POST, kind=Kind.UPLOAD, content_length=25_000_000)
    assert session_may(small, live(), NOW) is None
    assert session_may(replace(small, content_length=25_000_001), live(), NOW) == Reason.TOO_LARGE


@pytest.fixture
def published() -> Published:
    records = Published()
    records.sessions[session_digest(Secret(COOKIE))] = live()
    mac = app_password_mac(Secret(APP_PASSWORD), KEY)
    records.passwords[mac] = AppPassword(AppPasswordState("c" * 32, "1", ["imap", "dav"]), account())
    return records


def ask(records: Published, **headers: str) -> Passed | Stopped:
    """Ask the door as nginx does; keyword arguments change or add headers."""
    base = {
        "host": "rouen.localhost:8443",
        "x-forwarded-proto": "https",
        "x-casier-kind": "jmap",
        "x-casier-method": "POST",
        "origin": ORIGIN,
        "content-type": "application/json",
        "sec-fetch-site": "same-origin",
        "cookie": f"autre=1; __Host-casier={COOKIE}; z=2",
    }
    given = {**base, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return asyncio.run(Door(records, Bearers(KEY), KEY).check(given, NOW))


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def reason_of(answer: Passed | Stopped) -> Reason | None:
    return answer.reason if isinstance(answer, Stopped) else None


def test_a_session_passes_with_all_that_nginx_needs(published: Published) -> None:
    answer = ask(published)
    assert isinstance(answer, Passed)
    headers = answer.headers()
    assert headers["X-Casier-User"] == OLD_NAME
    assert headers["X-Casier-Store"] == "store1"
    assert headers["X-Casier-Session"] == "d"
    assert headers["X-Casier-Token"].count(".") == 2


def test_background_requests_and_push_are_no_activity(published: Published) -> None:
    ask(published, x_casier_background="1")
    ask(published, x_casier_kind="events", x_casier_method="GET")
    assert published.activity == []
    ask(published)
    assert len(published.activity) == 1


def test_a_forged_request_is_no_activity(published: Published) -> None:
    assert reason_of(ask(published, origin="https://evil.example")) == Reason.ORIGIN
    assert reason_of(ask(published, content_type="text/plain")) == Reason.CONTENT_TYPE
    assert published.activity == []


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"cookie": ""}, Reason.SIGN_IN),
        ({"cookie": f"__Host-casier={COOKIE}x"}, Reason.SIGN_IN),
        ({"cookie": f"__host-casier={COOKIE}"}, Reason.SIGN_IN),
        ({"cookie": "", "authorization": "Bearer x.y.z"}, Reason.SIGN_IN),
    ],
)
def test_no_session_no_entry(published: Published, headers: dict[str, str], reason: Reason) -> None:
    assert reason_of(ask(published, **headers)) == reason


def test_redis_down_is_not_no(published: Published) -> None:
    published.down = True
    for headers in ({}, {"authorization": basic(CAMILLE, APP_PASSWORD)}):
        answer = ask(published, **headers)
        assert isinstance(answer, Stopped)
        assert (answer.reason, answer.status) == (Reason.UNAVAILABLE, 503)


@pytest.mark.parametrize(
    ("kind", "user", "password", "reason"),
    [
        ("dav", CAMILLE, APP_PASSWORD, None),
        ("dav", CAMILLE.upper(), APP_PASSWORD, None),
        ("dav", OLD_NAME, APP_PASSWORD, None),
        ("dav", "autre@ac-rouen.test", APP_PASSWORD, Reason.WRONG_PASSWORD),
        ("dav", CAMILLE, "wrong", Reason.WRONG_PASSWORD),
        ("jmap", CAMILLE, APP_PASSWORD, Reason.WRONG_PASSWORD),  # not made for this protocol
        ("events", CAMILLE, APP_PASSWORD, Reason.SIGN_IN),
    ],
)
def test_application_passwords(
    published: Published, kind: str, user: str, password: str, reason: Reason | None
) -> None:
    answer = ask(published, x_casier_kind=kind, cookie="", authorization=basic(user, password))
    assert reason_of(answer) == reason


def test_many_wrong_passwords_are_told_so_but_the_right_one_passes(published: Published) -> None:
    wrong = {"x_casier_kind": "dav", "cookie": "", "authorization": basic(CAMILLE, "wrong")}
    reasons = [reason_of(ask(published, **wrong)) for _ in range(22)]
    assert reasons[0] == Reason.WRONG_PASSWORD
    assert reasons[-1] == Reason.TOO_MANY_ATTEMPTS
    right = ask(published, x_casier_kind="dav", cookie="", authorization=basic(CAMILLE, APP_PASSWORD))
    assert isinstance(right, Passed)


def test_a_browser_is_not_asked_for_a_password(published: Published) -> None:
    browser = ask(published, cookie="")
    assert isinstance(browser, Stopped)
    assert not browser.challenge
    base = Door(published, Bearers(KEY), KEY)
    program = {
        "x-casier-kind": "dav",
        "x-casier-method": "PROPFIND",
        "host": "h",
        "x-forwarded-proto": "https",
    }
    answer = asyncio.run(base.check(program, NOW))
    assert isinstance(answer, Stopped)
    assert answer.challenge


def test_reading_headers() -> None:
    assert cookie_of("") is None
    assert cookie_of("__Host-casier=") is None
    found = cookie_of(f"a=b; __Host-casier={COOKIE}")
    assert found is not None
    assert found.reveal() == COOKIE
    assert basic_of("Basic !!!") is None
    assert basic_of("Basic " + base64.b64encode(b"nocolon").decode()) is None
    pair = basic_of(basic("a", "b:c"))
    assert pair is not None
    assert (pair[0], pair[1].reveal()) == ("a", "b:c")


def test_a_program_that_waits_for_its_owner_is_told_so(published: Published) -> None:
    published.held.add("1")
    agent = "DAVx5/4.3.3-ose Android/14"
    answer = ask(
        published,
        x_casier_kind="dav",
        cookie="",
        authorization=basic(CAMILLE, APP_PASSWORD),
        user_agent=agent,
    )
    assert isinstance(answer, Stopped)
    assert (answer.reason, answer.status, answer.challenge) == (Reason.NEW_PROGRAM, 403, False)
    assert published.uses[-1].program == "DAVx5"
