"""Files by link as tests see them: pieces, letters, visitors; clamd is a scripted one here."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import IO, Any

import pytest
from django.conf import settings
from django.test import Client

from casier.directory.models import Account
from casier.engines.clamav.clamd import Finding, Report
from casier.mailbox.links.checking import Limits
from casier.mailbox.links.worker import Files, send_codes
from engines.portal_scene import ORIGIN, sign_in

PIECES = "application/offset+octet-stream"
PARENT = "parent@famille.example"
CONTENT = b"bulletins du trimestre" * 40
HEADERS = {"Origin": ORIGIN, "Tus-Resumable": "1.0.0"}


class Clamd:
    """Says what it is told to say."""

    def __init__(self, finding: Finding = Finding.CLEAN) -> None:
        self.finding = finding

    def scan_file(self, file: IO[bytes]) -> Report:
        assert file.read()
        return Report(self.finding, "Eicar-Test-Signature")

    def scan_pieces(self, pieces: Iterator[bytes]) -> Report:
        assert sum(map(len, pieces))
        return Report(self.finding, "Eicar-Test-Signature")


class Post(list[EmailMessage]):
    """Letters, instead of Postfix."""

    def code(self) -> str:
        found = re.search(r"(\d{4}) (\d{4})", str(self[-1].get_content()))
        assert found
        return "".join(found.groups())


def check_files(finding: Finding = Finding.CLEAN, post: Post | None = None) -> None:
    letters = Post() if post is None else post
    limits = Limits(1 << 29, 1 << 27)
    files = Files(settings.CASIER_INSTANCE, Clamd(finding), lambda: limits, letters.append)
    while files.step():
        pass


def begin(who: Client, name: str = "bulletins.pdf", size: int = len(CONTENT), **headers: Any) -> Any:
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    more = {"Upload-Length": str(size), "Upload-Metadata": told, **HEADERS, **headers}
    return who.post("/api/links/uploads", b"", content_type=PIECES, headers=more, secure=True)


def piece(who: Client, path: str, offset: int, content: bytes) -> Any:
    headers = {"Upload-Offset": str(offset), **HEADERS}
    return who.patch(path, content, content_type=PIECES, headers=headers, secure=True)


def sent(who: Client, recipients: tuple[str, ...] = (PARENT,), **more: Any) -> str:
    """A checked file that went to RECIPIENTS; the path of its page."""
    begun = begin(who)
    assert piece(who, begun["Location"], 0, CONTENT).status_code == 204
    answer = send(who, begun, recipients, **more)
    assert answer.status_code == 200, answer.content
    check_files()
    return page_of(begun)


def send(who: Client, begun: Any, recipients: tuple[str, ...] = (PARENT,), **more: Any) -> Any:
    headers = {"Origin": ORIGIN}
    if more:
        path = f"/api/links/{begun['Location'].rpartition('/')[2]}"
        set_terms = who.patch(path, more, "application/json", headers=headers, secure=True)
        if set_terms.status_code != 200:
            return set_terms
    asked = {"tokens": [page_of(begun).split("/")[2]], "recipients": list(recipients)}
    return who.post("/api/links/sending", asked, "application/json", headers=headers, secure=True)


def page_of(begun: Any) -> str:
    return "/lien/" + str(begun["X-Casier-Link"]).split("/lien/")[1]


def enter(visitor: Client, path: str, address: str = PARENT) -> None:
    """Prove ADDRESS by the code that comes."""
    post = Post()
    assert visitor.post(path, {"adresse": address}, secure=True).status_code == 302
    send_codes(post.append)
    assert visitor.post(path, {"code": post.code()}, secure=True).status_code == 302


def download(visitor: Client, path: str) -> Any:
    return visitor.post(path, {"telecharger": "1"}, secure=True, follow=True)


def goes(answer: Any) -> bool:
    return "X-Accel-Redirect" in answer.headers


@pytest.fixture
def sender(claire: Account, browser: Client) -> Client:
    sign_in(browser)
    return browser
