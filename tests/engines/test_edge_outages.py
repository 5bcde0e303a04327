"""What people see and what passes while something behind the door is down."""

from __future__ import annotations

import re

import pytest

from engines.edge_rig import (
    Rig,
    start_python,
    start_redis,
)
from engines.edge_scene import PROBLEM, cookie, jmap, rig, running
from waiting import wait_until

__all__ = ["cookie", "rig", "running"]  # fixtures
pytestmark = pytest.mark.engines


def test_without_redis_nobody_is_signed_out(rig: Rig, cookie: str) -> None:
    rig.stop("redis")
    try:
        answer = jmap(rig, cookie)
        page = rig.ask("GET", "/courrier/", Cookie=cookie)
    finally:
        start_redis(rig)
    assert (answer.status, answer.json["type"]) == (503, "unavailable")
    assert answer.headers["retry-after"] == "3"
    assert page.status == 503
    assert "Casier redémarre…" in page.body.decode()
    wait_until("the session after Redis is back", lambda: jmap(rig, cookie).status == 200)


def test_without_the_edge_nothing_passes(rig: Rig, cookie: str) -> None:
    rig.stop("edge")
    try:
        answer = jmap(rig, cookie, Accept_Language="en")
    finally:
        start_python(rig, "edge")
    assert (answer.status, answer.json["title"]) == (503, "Casier is restarting…")
    assert rig.cyrus.seen == []


def test_when_django_is_down_people_get_a_calm_page(rig: Rig) -> None:
    rig.web.down = True
    try:
        page = rig.ask("GET", "/connexion/")
        still = rig.ask("GET", "/connexion/?suite=x&immobile=1")
        english = rig.ask("POST", "/connexion/", b"x=1", Accept_Language="en")
        api = rig.ask("GET", "/api/me")
    finally:
        rig.web.down = False
    assert (page.status, english.status, api.status) == (503, 503, 503)
    text = page.body.decode()
    assert "Casier redémarre…" in text
    assert re.search(r"<code>R-[0-9a-f]{4}-[0-9a-f]{4}</code>", text)
    assert 'http-equiv="refresh" content="3"' in text
    assert 'href="?immobile=1"' in text
    assert "refresh" not in still.body.decode(), "who reads slowly stops it"
    assert all(word in english.body.decode() for word in ("Casier is restarting…", "Stop refreshing"))
    assert "actualise" not in english.body.decode()
    assert '<html lang="en"' in english.body.decode()
    assert api.headers["content-type"].startswith(PROBLEM)
    assert api.json["type"] == "unavailable"


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_nginx_itself_are_whole(rig: Rig, language: str) -> None:
    """Nginx tells in the page where it doesn't understand a template."""
    rig.web.down = True
    try:
        out = rig.ask("GET", "/connexion/", Accept_Language=language)
    finally:
        rig.web.down = False
    refused = rig.ask("GET", "/aide/%2e%2e%2f", Accept_Language=language)
    absent = rig.ask("GET", "/courrier/assets/nulle-part.js", Accept_Language=language)
    assert (out.status, refused.status, absent.status) == (503, 400, 404)
    for page in (out, refused, absent):
        text = page.body.decode()
        assert "error occurred" not in text
        assert ("immobile" in text) == (page is out), "only an outage is asked about again"
