"""Files by link, under attack: real Redis, Django's client, files on disk; clamd is a scripted one here."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import IO, Any

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account, Role
from casier.engines.clamav.clamd import Finding, Report
from casier.identity.redis_link import redis
from casier.kernel.link_storage import coming_folder
from casier.mailbox.links import opening
from casier.mailbox.links.actions import Sending, send_by_link
from casier.mailbox.links.checking import Limits
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.worker import Files, send_codes
from engines.portal_scene import ORIGIN, browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "redis_server"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]

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


def test_a_file_comes_in_pieces_and_goes_to_who_proves_the_address(sender: Client) -> None:
    begun = begin(sender)
    where = begun["Location"]
    assert begun.status_code == 201
    assert piece(sender, where, 0, CONTENT[:100])["Upload-Offset"] == "100"
    head = sender.head(where, headers=HEADERS, secure=True)
    assert (head["Upload-Offset"], head["Upload-Length"]) == ("100", str(len(CONTENT)))
    assert piece(sender, where, 0, CONTENT[:100]).status_code == 409
    assert piece(sender, where, 100, CONTENT[100:])["Upload-Offset"] == str(len(CONTENT))
    assert send(sender, begun).status_code == 200
    visitor, path = new_browser(), page_of(begun)
    assert "L’antivirus examine" in visitor.get(path, secure=True).content.decode()
    check_files()
    shown = visitor.get(path, secure=True).content.decode()
    assert "Claire Lefèvre" in shown
    assert "bulletins.pdf" in shown
    assert PARENT not in shown
    assert not goes(visitor.get(path + "fichier/", secure=True, follow=True))
    enter(visitor, path)
    answer = download(visitor, path)
    kept = Path(settings.CASIER_INSTANCE.data / "links" / "files")
    assert (kept / answer["X-Accel-Redirect"].removeprefix("/_casier/links/disk/")).read_bytes() == CONTENT
    assert answer["Content-Disposition"] == 'attachment; filename="bulletins.pdf"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert list(coming_folder(settings.CASIER_INSTANCE).iterdir()) == []
    (mine,) = sender.get("/api/links", secure=True).json()
    assert (mine["downloads"], mine["fetched"][0]["address"]) == (1, PARENT)
    assert JournalEntry.objects.filter(action="link.fetched").count() == 1


def test_tokens_and_unsent_links_open_nothing(sender: Client) -> None:
    path = sent(sender)
    visitor = new_browser()
    for guess in (path[:-2] + "x/", "/lien/" + "A" * 43 + "/", f"/lien/{Link.objects.get().id}/"):
        assert visitor.get(guess, secure=True).status_code == 404
    begun = begin(sender)
    piece(sender, begun["Location"], 0, CONTENT)
    check_files()
    assert visitor.get(page_of(begun), secure=True).status_code == 404
    token = path.split("/")[2]
    assert token not in str([*Link.objects.values(), *JournalEntry.objects.values()])


def test_codes_are_not_guessed(sender: Client) -> None:
    path, visitor, post = sent(sender), new_browser(), Post()
    visitor.post(path, {"adresse": PARENT}, secure=True)
    send_codes(post.append)
    code = post.code()
    assert code not in str([redis().get(key) for key in redis().scan_iter("casier:link-code:*")])
    for number in range(5):
        wrong = f"{(int(code) + number + 1) % 10**8:08}"
        assert visitor.post(path, {"code": wrong}, secure=True).status_code == 422
    assert visitor.post(path, {"code": code}, secure=True).status_code == 422
    assert not goes(download(visitor, path))


def test_a_code_opens_once_for_its_address_in_its_browser(sender: Client) -> None:
    other = "autre@famille.example"
    path, visitor, thief, post = sent(sender, (PARENT, other)), new_browser(), new_browser(), Post()
    visitor.post(path, {"adresse": PARENT}, secure=True)
    send_codes(post.append)
    thief.post(path, {"adresse": other}, secure=True)
    assert thief.post(path, {"code": post.code()}, secure=True).status_code == 422
    assert visitor.post(path, {"code": post.code()}, secure=True).status_code == 302
    again = new_browser()
    again.post(path, {"adresse": PARENT}, secure=True)
    assert again.post(path, {"code": post.code()}, secure=True).status_code == 422


def test_nothing_tells_whom_a_file_went_to(sender: Client) -> None:
    path, post = sent(sender), Post()
    pages = []
    for address in (PARENT, "personne@famille.example"):
        visitor = new_browser()
        begun = visitor.post(path, {"adresse": address}, secure=True)
        shown = visitor.get(path, secure=True).content.decode().replace(address, "A")
        pages.append((begun.status_code, re.sub(r'value="[^"]+"', "", shown)))
    send_codes(post.append)
    assert pages[0] == pages[1]
    assert [letter["To"] for letter in post] == [PARENT]
    ours = [
        new_browser().post(path, {"adresse": f"{name}@ac-rouen.fr"}, secure=True)
        for name in ("claire.lefevre", "x")
    ]
    assert {answer["Location"] for answer in ours} == {f"/connexion/?suite={path}"}


def test_codes_are_asked_for_a_few_times_only(sender: Client) -> None:
    path, post = sent(sender), Post()
    statuses = [new_browser().post(path, {"adresse": PARENT}, secure=True).status_code for _ in range(61)]
    send_codes(post.append)
    assert (len(post), statuses[:60], statuses[60]) == (5, [302] * 60, 429)


def test_our_people_come_in_by_being_signed_in(claire: Account, sender: Client) -> None:
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    path = sent(sender, ("ali.benali@ac-rouen.fr",))
    reader = new_browser()
    sign_in(reader, "ali.benali")
    assert goes(download(reader, path))
    assert Link.objects.get().fetched.get().address == "ali.benali@ac-rouen.fr"
    stranger = new_browser()
    person(claire.academy, "Zoé", "Petit", PASSWORD)
    sign_in(stranger, "zoe.petit")
    assert not goes(download(stranger, path))
    assert "à qui ce fichier n’a pas été envoyé" in stranger.get(path, secure=True).content.decode()
    assert not goes(download(sender, path))
    assert ali.public_id in JournalEntry.objects.get(action="link.fetched").actor


def test_a_shared_mailbox_opens_for_its_members(claire: Account, sender: Client) -> None:
    ali = person(claire.academy, "Ali", "Benali", PASSWORD)
    path = sent(sender, (lend_mailbox(claire.academy, ali, Role.READ),))
    reader = new_browser()
    sign_in(reader, "ali.benali")
    assert goes(download(reader, path))


def test_revocation_counts_at_once(sender: Client) -> None:
    path, visitor = sent(sender), new_browser()
    enter(visitor, path)
    assert goes(download(visitor, path))
    assert goes(visitor.get(path + "fichier/", secure=True))
    link = Link.objects.get()
    kept = Path(settings.CASIER_INSTANCE.data / "links" / "files" / link.id.hex[:2] / link.id.hex)
    assert kept.exists()
    assert sender.delete(f"/api/links/{link.id}", headers=HEADERS, secure=True).status_code == 204
    assert not goes(visitor.get(path + "fichier/", secure=True, follow=True))
    assert not goes(download(visitor, path))
    assert visitor.get(path, secure=True).status_code == 410
    assert not kept.exists()


def test_expiry_and_who_is_no_longer_a_recipient(claire: Account, sender: Client) -> None:
    path, visitor = sent(sender), new_browser()
    enter(visitor, path)
    assert goes(download(visitor, path))
    link = Link.objects.get()
    link.recipients.all().delete()
    assert not goes(visitor.get(path + "fichier/", secure=True, follow=True))
    assert not goes(download(visitor, path))
    send_by_link(claire, [path.split("/")[2]], Sending("", "", (PARENT,)), by=BY, now=timezone.now())
    assert goes(download(visitor, path))
    Link.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert not goes(visitor.get(path + "fichier/", secure=True, follow=True))
    assert not goes(download(visitor, path))
    check_files()
    link.refresh_from_db()
    assert link.emptied_at is not None


def test_the_last_download_goes_to_one_of_two(sender: Client) -> None:
    path = sent(sender, maxDownloads=1)
    link = opening.link_with(path.split("/")[2])
    assert link is not None

    def take(_number: int) -> bool:
        while True:
            try:
                return opening.count_download(link, PARENT, by=BY, now=timezone.now())
            except OperationalError:  # SQLite in memory doesn't wait for a table
                continue
            finally:
                connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(take, range(8)))
    assert (sum(taken), link.fetched.count()) == (1, 1)
    visitor = new_browser()
    assert visitor.get(path, secure=True).status_code == 410


def test_names_hold_no_folders_lines_or_turns(sender: Client) -> None:
    names = {
        "../../etc/passwd": "passwd",
        "..\\..\\boot.ini": "boot.ini",
        "a\r\nSet-Cookie: x=1.pdf": "aSet-Cookie_ x=1.pdf",
        "photo\u202egpj.exe": "photogpj.exe",
        "..": "fichier",
        "": "fichier",
        "x" * 300 + ".pdf": "x" * 176 + ".pdf",
        '"><script>.html': "___script_.html",
    }
    for given, wanted in names.items():
        begun = begin(sender, given)
        link = Link.objects.get(pk=begun["Location"].rpartition("/")[2])
        assert link.name == wanted
    assert {file.name for file in coming_folder(settings.CASIER_INSTANCE).iterdir()} >= {
        link.id.hex for link in Link.objects.all()
    }


@pytest.mark.parametrize("name", ["page.html", "dessin.svg", "code.xml"])
def test_nothing_is_served_as_what_it_says_it_is(sender: Client, name: str) -> None:
    begun, visitor = begin(sender, name), new_browser()
    piece(sender, begun["Location"], 0, CONTENT)
    send(sender, begun)
    check_files()
    enter(visitor, page_of(begun))
    answer = download(visitor, page_of(begun))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize("finding", [Finding.VIRUS, Finding.NOT_SCANNABLE])
def test_what_is_infected_or_closed_reaches_nobody(sender: Client, finding: Finding) -> None:
    begun, post, visitor = begin(sender), Post(), new_browser()
    piece(sender, begun["Location"], 0, CONTENT)
    send(sender, begun)
    check_files(finding, post)
    assert visitor.get(page_of(begun), secure=True).status_code == 410
    assert visitor.post(page_of(begun), {"adresse": PARENT}, secure=True).status_code == 410
    assert (Link.objects.get().emptied_at is not None, post[0]["To"]) == (True, "claire.lefevre@ac-rouen.fr")
    assert list(coming_folder(settings.CASIER_INSTANCE).glob(Link.objects.get().id.hex)) == []
    assert send(sender, begun).status_code == 409


def test_unknown_is_not_clean(sender: Client) -> None:
    begun = begin(sender)
    piece(sender, begun["Location"], 0, CONTENT)
    send(sender, begun)
    check_files(Finding.UNKNOWN)
    assert Link.objects.get().state == State.CHECKING
    assert "L’antivirus examine" in new_browser().get(page_of(begun), secure=True).content.decode()


def test_an_upload_is_its_owners_alone(claire: Account, sender: Client) -> None:
    begun, other = begin(sender), new_browser()
    where = begun["Location"]
    assert piece(other, where, 0, CONTENT).status_code == 401
    person(claire.academy, "Ali", "Benali", PASSWORD)
    sign_in(other, "ali.benali")
    assert piece(other, where, 0, CONTENT).status_code == 404
    assert other.head(where, headers=HEADERS, secure=True).status_code == 404
    assert other.delete(where, headers=HEADERS, secure=True).status_code == 404
    assert send(other, begun).json() == []
    assert send(other, begun, days=9).status_code == 404
    assert other.get("/api/links", secure=True).json() == []
    elsewhere = {"Upload-Offset": "0", **HEADERS, "Origin": "https://evil.example"}
    refused = sender.patch(where, CONTENT, content_type=PIECES, headers=elsewhere, secure=True)
    assert refused.status_code == 403
    assert sender.head(where, headers=HEADERS, secure=True)["Upload-Offset"] == "0"


def test_no_more_comes_than_was_said(sender: Client) -> None:
    begun = begin(sender, size=10)
    assert piece(sender, begun["Location"], 0, b"x" * 11).status_code == 413
    assert sender.head(begun["Location"], headers=HEADERS, secure=True)["Upload-Offset"] == "0"
    assert begin(sender, size=10**13).status_code == 413
    assert begin(sender, **{"Upload-Length": "-1"}).status_code == 422
    assert begin(sender, **{"Tus-Resumable": "0.2"}).status_code == 412


def test_the_address_in_the_message_is_the_academys(sender: Client) -> None:
    begun = begin(sender, **{"X-Forwarded-Host": "evil.example"})
    assert begun["X-Casier-Link"].startswith("https://rouen.localhost:8443/lien/")


def test_a_password_is_asked_hashed_and_limited(sender: Client) -> None:
    path, visitor = sent(sender, password="orage-bleu-12"), new_browser()
    assert "orage-bleu-12" not in str(Link.objects.values())
    enter(visitor, path)
    assert not goes(download(visitor, path))
    assert visitor.post(path, {"mot_de_passe": "faux"}, secure=True).status_code == 422
    assert visitor.post(path, {"mot_de_passe": "orage-bleu-12"}, secure=True).status_code == 302
    assert goes(download(visitor, path))
    guesser = new_browser()
    enter(guesser, path)
    tries = [guesser.post(path, {"mot_de_passe": f"essai-{n}"}, secure=True).status_code for n in range(9)]
    assert tries[-1] == 429
    assert guesser.post(path, {"mot_de_passe": "orage-bleu-12"}, secure=True).status_code == 429


def test_outsiders_only_where_the_policy_lets_them(claire: Account, sender: Client) -> None:
    from msgspec.structs import replace

    from casier.policies.api import adopt, policy_for

    policy = policy_for(claire.academy)
    begun = begin(sender)
    piece(sender, begun["Location"], 0, CONTENT)
    for change, code in (
        ({"outsiders": False}, "link_outsiders"),
        ({"outsider_password": True}, "link_password_needed"),
    ):
        adopt(
            claire.academy, replace(policy, links=replace(policy.links, **change)),
            by=BY, reason="tests", now=timezone.now(),
        )  # fmt: skip
        answer = send(sender, begun)
        assert (answer.status_code, answer.json()["type"]) == (422, code)
        assert new_browser().get(page_of(begun), secure=True).status_code == 404
        assert send(sender, begun, ("x@ac-rouen.fr",)).status_code == 200
        Link.objects.update(sent_at=None)
    assert send(sender, begun, days=61).status_code == 422


def test_a_sensitive_file_doesnt_say_its_name(claire: Account, sender: Client) -> None:
    path, visitor = sent(sender, sensitive=True), new_browser()
    assert "bulletins.pdf" not in visitor.get(path, secure=True).content.decode()
    enter(visitor, path)
    assert "bulletins.pdf" in visitor.get(path, secure=True).content.decode()


def test_forms_of_other_sites_do_nothing(sender: Client) -> None:
    path = sent(sender)
    strict = Client(
        enforce_csrf_checks=True, headers={"Host": "rouen.localhost:8443", "X-Real-IP": "192.0.2.8"}
    )
    assert strict.post(path, {"adresse": PARENT}, secure=True).status_code == 403


def test_a_page_that_only_was_looked_at_leaves_no_session(sender: Client) -> None:
    path, visitor = sent(sender), new_browser()
    answer = visitor.get(path, secure=True)
    assert set(answer.cookies) <= {"__Host-casier-csrf"}
    assert "script-src" not in answer["Content-Security-Policy"]
