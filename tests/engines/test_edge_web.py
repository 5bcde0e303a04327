"""The web's door with real nginx, edge, Redis and clamd: what passes, and what tries to."""

from __future__ import annotations

import base64
import http.client
import json
import re
import socket
import time

import pytest

from casier.kernel import published
from casier.kernel.instance import Port
from casier.kernel.published import Access
from engines.edge_rig import (
    ACCOUNT,
    APP_PASSWORD,
    CAMILLE,
    KEY,
    Rig,
)
from engines.edge_scene import BASIC, JSON, PROBLEM, claims, cookie, jmap, rig, running

__all__ = ["cookie", "rig", "running"]  # fixtures
pytestmark = pytest.mark.engines


def test_a_signed_in_browser_reaches_cyrus_as_itself(rig: Rig, cookie: str) -> None:
    assert jmap(rig, cookie).status == 200
    seen = rig.cyrus.seen[-1]
    assert claims(seen.headers["authorization"])["sub"] == KEY
    assert "cookie" not in seen.headers
    assert seen.length == len(b'{"using":[]}')


@pytest.mark.parametrize(
    ("headers", "status", "reason"),
    [
        ({"Cookie": ""}, 401, "sign_in_required"),
        ({"Cookie": "__Host-casier=" + "x" * 43}, 401, "sign_in_required"),
        ({"Origin": ""}, 403, "wrong_origin"),
        ({"Origin": "https://evil.example"}, 403, "wrong_origin"),
        ({"Origin": "null"}, 403, "wrong_origin"),
        ({"Sec_Fetch_Site": "cross-site"}, 403, "wrong_origin"),
        ({"Content_Type": "text/plain"}, 403, "wrong_content_type"),
    ],
)
def test_what_is_refused_never_reaches_cyrus(
    rig: Rig, cookie: str, headers: dict[str, str], status: int, reason: str
) -> None:
    answer = jmap(rig, cookie, **headers)
    assert (answer.status, answer.json["type"]) == (status, reason)
    assert answer.headers["content-type"] == PROBLEM
    assert re.fullmatch(r"R-[2-9A-Z]{4}-[2-9A-Z]{4}", answer.json["reference"])
    assert rig.cyrus.seen == []


def test_refusals_speak_the_persons_language(rig: Rig) -> None:
    french, english = jmap(rig, "a=b"), jmap(rig, "a=b", Accept_Language="en-GB,en;q=0.9")
    assert french.json["title"] == "Connexion nécessaire"
    assert english.json["title"] == "Sign in to continue"


def test_a_browser_gets_no_password_prompt_and_a_program_does(rig: Rig) -> None:
    browser = rig.ask("GET", "/jmap/", Sec_Fetch_Site="same-origin")
    assert browser.status == 401
    assert "www-authenticate" not in browser.headers
    program = rig.ask("PROPFIND", "/dav/principals/")
    assert program.headers["www-authenticate"].startswith("Basic ")


def test_a_client_can_not_bring_what_only_nginx_says(rig: Rig, cookie: str) -> None:
    forged = {
        "Authorization": "Bearer forged.by.client",
        "X_Casier_User": "directrice@ac-rouen.test",
        "X_Casier_Token": "forged",
        "X_Casier_Store": "store9",
        "X_Casier_Kind": "page",
        "X_Casier_Method": "GET",
        "X_Casier_Limit": "999999999999",
        "X_Forwarded_Proto": "http",
        "X_Real_IP": "10.0.0.1",
    }
    assert jmap(rig, cookie, **forged).status == 200
    seen = rig.cyrus.seen[-1]
    assert claims(seen.headers["authorization"])["sub"] == KEY
    assert jmap(rig, "", **forged).status == 401
    rig.ask("GET", "/api/me", **forged, X_Casier_Internal="x", X_Casier_Account="x", X_Casier_Session="x")
    given = {name: value for name, value in rig.web.seen[-1].headers.items() if name.startswith("x-casier")}
    assert set(given) <= {"x-casier-method"}
    assert rig.web.seen[-1].headers["x-forwarded-proto"] == "https"
    assert rig.web.seen[-1].headers["x-real-ip"] == "127.0.0.1"


def test_a_suspended_account_is_out_at_once(rig: Rig, cookie: str) -> None:
    assert jmap(rig, cookie).status == 200
    rig.account(access=Access.SUSPENDED)
    answer = jmap(rig, cookie)
    assert (answer.status, answer.json["type"]) == (403, "account_suspended")
    assert rig.ask("GET", "/dav/x", Authorization=BASIC).status == 403


def test_sessions_end(rig: Rig) -> None:
    now = int(time.time())
    for state in ({"absolute_until": now}, {"created": now - 1801}):
        answer = jmap(rig, rig.sign_in(**state))
        assert (answer.status, answer.json["type"]) == (401, "session_expired")


def test_only_what_a_person_does_keeps_a_session(rig: Rig, cookie: str) -> None:
    seen = published.seen_key(rig.digest(cookie))
    jmap(rig, cookie, X_Casier_Background="1")
    assert rig.store.get(seen) is None
    jmap(rig, cookie)
    assert int(rig.store.get(seen) or 0) >= int(time.time()) - 5
    assert 0 < rig.store.ttl(seen) <= 1800


@pytest.mark.parametrize(
    "path",
    [
        "/jmap/%2e%2e/",
        "/jmap/..%2fdav/",
        "/jmap/x/../../dav/",
        "//jmap/",
        "/jmap//upload/x",
        "/jmap/upload%2fx",
        "/jmap/%75pload%2f",
        "/jmap/./",
        "/jmap\\upload/",
        "/jmap/%00",
        "/_casier/check",
        "/_casier/refused",
        "/_casier/../jmap/",
        "/static/../secrets/jwt.key",
        "/static/..%2f..%2fsecrets/jwt.key",
        "/courrier/assets/..%2f..%2f..%2fsecrets/jwt.key",
        "/courrier/assets../secrets/jwt.key",
    ],
)
def test_tricks_with_the_path_lead_nowhere(rig: Rig, path: str) -> None:
    answer = rig.ask("GET", path)
    assert answer.status in (302, 400, 401, 404)
    assert answer.headers.get("location", "/connexion/").startswith("/connexion/")
    assert rig.cyrus.seen == []
    assert all(".." not in seen.path and "%2" not in seen.path for seen in rig.web.seen)
    assert rig.instance.key("jwt").hex().encode() not in answer.body


def test_cyruss_own_push_is_closed_even_to_people(rig: Rig, cookie: str) -> None:
    for path in ("/jmap/eventsource/?types=*", "/jmap/ws/"):
        assert rig.ask("GET", path, Cookie=cookie, Sec_Fetch_Site="same-origin").status == 404
    assert rig.cyrus.seen == []


def test_an_application_password_opens_agendas_and_contacts(rig: Rig) -> None:
    assert rig.ask("PROPFIND", "/dav/principals/", Authorization=BASIC).status == 200
    assert claims(rig.cyrus.seen[-1].headers["authorization"])["sub"] == KEY
    wrong = "Basic " + base64.b64encode(f"{CAMILLE}:wrong".encode()).decode()
    assert rig.ask("PROPFIND", "/dav/principals/", Authorization=wrong).status == 401
    assert rig.ask("GET", "/events", Authorization=BASIC).status == 401
    cross = rig.ask("PROPFIND", "/dav/principals/", Authorization=BASIC, Origin="https://evil.example")
    assert cross.status == 403


def test_no_log_sees_a_password_or_a_cookie(rig: Rig, cookie: str) -> None:
    jmap(rig, cookie)
    rig.ask("GET", "/dav/x", Authorization=BASIC)
    rig.ask("GET", f"/jmap/download/a/b/secret-name.pdf?accept={APP_PASSWORD.split()[0]}", Cookie=cookie)
    logs = "".join(path.read_text("utf-8", "replace") for path in rig.instance.log.iterdir())
    for secret in (APP_PASSWORD, APP_PASSWORD.split()[0], BASIC.split()[1], cookie, "secret-name", "eyJ"):
        assert secret not in logs


def test_the_web_client_and_its_files(rig: Rig, cookie: str) -> None:
    page = rig.ask("GET", "/courrier/dossier/INBOX", Cookie=cookie, Sec_Fetch_Site="cross-site")
    assert page.status == 200
    assert b"Courrier" in page.body
    assert "script-src 'self';" in page.headers["content-security-policy"]
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
    away = rig.ask("GET", "/courrier/dossier/x?y=1")
    assert (away.status, away.headers["location"]) == (302, "/connexion/?suite=/courrier/dossier/x?y=1")
    asset = rig.ask("GET", "/courrier/assets/app.js", Accept_Encoding="gzip")
    assert "immutable" in asset.headers["cache-control"]
    assert asset.headers["content-encoding"] == "gzip"
    assert asset.headers["content-type"].startswith("text/javascript")


def test_unknown_names_get_nothing(rig: Rig) -> None:
    for name in ("evil.example", "127.0.0.1", "rouen.localhost.evil.example"):
        answer = rig.ask("GET", "/connexion/", Host=name)
        assert answer.status == 421
        assert "Adresse inconnue" in answer.body.decode()
    assert rig.web.seen == []


def test_plain_http_is_sent_to_tls(rig: Rig) -> None:
    with socket.create_connection(("127.0.0.1", rig.instance.port(Port.WEB)), 10) as plain:
        plain.sendall(b"GET /x HTTP/1.1\r\nHost: rouen.localhost\r\nConnection: close\r\n\r\n")
        answer = plain.recv(4096).decode()
    assert answer.startswith("HTTP/1.1 308")
    assert f"Location: https://rouen.localhost:{rig.instance.port(Port.WEB)}/x" in answer


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        b"Content-Length: 5\r\nContent-Length: 0\r\n",
        b"Transfer-Encoding: xchunked\r\n",
        b"Content-Length : 5\r\n",
    ],
)
def test_two_readings_of_where_a_request_ends_are_refused(rig: Rig, cookie: str, headers: bytes) -> None:
    smuggled = b"0\r\n\r\nGET /jmap/smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    head = f"POST /jmap/ HTTP/1.1\r\nHost: rouen.localhost:{rig.instance.port(Port.WEB)}\r\n".encode()
    head += f"Cookie: {cookie}\r\nOrigin: {rig.origin}\r\nContent-Type: {JSON}\r\n".encode()
    answer = rig.raw(head + headers + b"\r\n" + smuggled)
    assert answer.split(b" ")[1] in (b"400", b"501")
    assert rig.cyrus.seen == []


def test_a_flood_of_sign_ins_is_slowed(rig: Rig) -> None:
    statuses = {rig.ask("POST", "/connexion/", b"x=1").status for _ in range(90)}
    assert statuses == {200, 429}
    assert rig.ask("GET", "/connexion/").status == 200


def test_only_rspamd_may_ask_for_senders(rig: Rig) -> None:
    def ask(key: str, body: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(
            "127.0.0.1", rig.instance.port(Port.EDGE_INTERNAL), timeout=10
        )
        connection.request("POST", "/senders", body, {"X-Casier-Internal": key})
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer

    key = rig.instance.key("internal").hex()
    mine = json.dumps({"login": KEY, "author": [CAMILLE], "sender": [], "others": {}})
    both = [CAMILLE, "directrice@ac-rouen.test"]
    others = json.dumps({"login": KEY, "author": both, "sender": [], "others": []})
    assert ask("", mine)[0] == 403
    assert ask("0" * 64, mine)[0] == 403
    assert json.loads(ask(key, mine)[1])["verdict"] == "allow"
    refused = json.loads(ask(key, others)[1])
    assert (refused["verdict"], refused["reason"]) == ("reject", "not_yours")
    assert ask(key, "[]")[0] == 400
    assert ACCOUNT not in refused
