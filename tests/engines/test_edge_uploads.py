"""Files on their way in and out, with real nginx, edge and clamd."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from engines.edge_rig import (
    EICAR,
    KEY,
    Answer,
    Rig,
    start_clamav,
)
from engines.edge_scene import BASIC, claims, cookie, rig, running

__all__ = ["cookie", "rig", "running"]  # fixtures
pytestmark = pytest.mark.engines


def upload(rig: Rig, cookie: str, body: object, **headers: str) -> Answer:
    given = {"Cookie": cookie, "Origin": rig.origin, "Content_Type": "application/octet-stream", **headers}
    return rig.ask("POST", f"/jmap/upload/{KEY.replace('@', '%40')}/", body, **given)


def test_a_clean_file_reaches_cyrus_as_it_was_sent(rig: Rig, cookie: str) -> None:
    body = b"Bonjour" * 50_000
    assert upload(rig, cookie, body).status == 200
    seen = rig.cyrus.seen[-1]
    assert (seen.method, seen.path) == ("POST", f"/jmap/upload/{KEY.replace('@', '%40')}/")
    assert seen.digest == hashlib.sha256(body).hexdigest()
    assert seen.headers["content-type"] == "application/octet-stream"
    assert claims(seen.headers["authorization"])["sub"] == KEY


def test_a_virus_goes_no_further(rig: Rig, cookie: str) -> None:
    answer = upload(rig, cookie, EICAR, Accept_Language="en")
    assert (answer.status, answer.json["title"]) == (422, "Virus found")
    dav = rig.ask("PUT", "/dav/calendars/user/x/Default/1.ics", b"X:" + EICAR, Authorization=BASIC)
    assert (dav.status, dav.json["type"]) == (422, "virus_found")
    post = rig.ask(
        "POST", "/dav/calendars/user/x/Default/1.ics?action=attachment-add", EICAR, Authorization=BASIC
    )
    assert post.status == 422
    assert rig.cyrus.seen == []


def test_agenda_entries_that_are_clean_arrive(rig: Rig) -> None:
    event = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"
    path = "/dav/calendars/user/x/Default/1.ics"
    assert rig.ask("PUT", path, event, Authorization=BASIC, Content_Type="text/calendar").status == 200
    seen = rig.cyrus.seen[-1]
    assert (seen.method, seen.path, seen.digest) == ("PUT", path, hashlib.sha256(event).hexdigest())


def test_the_accounts_limit_holds_with_and_without_a_length(rig: Rig, cookie: str) -> None:
    rig.account(attachment_bytes=1000)
    assert upload(rig, cookie, b"x" * 1000).status == 200
    told = upload(rig, cookie, b"x" * 1001)
    hidden = upload(rig, cookie, iter([b"x" * 600, b"x" * 600]), Transfer_Encoding="chunked")
    assert [told.status, hidden.status] == [413, 413]
    assert told.json["type"] == hidden.json["type"] == "too_large"
    assert len(rig.cyrus.seen) == 1


def test_a_hundred_megabytes_pass_without_growing_python(rig: Rig, cookie: str) -> None:
    pid = rig.processes["edge"].pid

    def peak() -> int:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1])

    upload(rig, cookie, b"x" * 1_000_000)
    before = peak()
    body = bytes(range(256)) * 390_000
    assert upload(rig, cookie, body).status == 200
    assert rig.cyrus.seen[-1].digest == hashlib.sha256(body).hexdigest()
    assert peak() - before < 4_000  # kilobytes


def test_a_download_can_run_nothing(rig: Rig, cookie: str) -> None:
    path = f"/jmap/download/{KEY}/G1/page%2Fun.html?accept=text/html"
    rig.cyrus.answers[path.partition("?")[0]] = (200, {"Content-Security-Policy": "x"})
    answer = rig.ask("GET", path, Cookie=cookie, Sec_Fetch_Site="same-origin")
    assert answer.status == 200
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    for site in ("cross-site", "same-site"):
        assert rig.ask("GET", path, Cookie=cookie, Sec_Fetch_Site=site).status == 403
    assert rig.ask("POST", path, b"", Cookie=cookie, Origin=rig.origin).status == 405


def test_without_the_scanner_uploads_wait(rig: Rig, cookie: str) -> None:
    rig.stop("clamav")
    try:
        answer = upload(rig, cookie, b"x")
    finally:
        start_clamav(rig)
    assert (answer.status, answer.json["type"]) == (503, "unavailable")
    assert rig.cyrus.seen == []
