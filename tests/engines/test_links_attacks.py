"""Files by link, under attack: real Redis, Django's client, files on disk."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import OperationalError, connections
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account
from casier.engines.clamav.clamd import Finding
from casier.identity.redis_link import redis
from casier.kernel.link_storage import coming_folder
from casier.mailbox.links import opening
from casier.mailbox.links.models import Link, State
from casier.mailbox.links.worker import send_codes
from engines.links_scene import (
    CONTENT,
    HEADERS,
    PARENT,
    PIECES,
    Post,
    begin,
    check_files,
    download,
    enter,
    goes,
    page_of,
    piece,
    send,
    sender,
    sent,
)
from engines.portal_scene import browser, claire, emptied, new_browser, redis_server, sign_in
from unit.identity_people import BY, PASSWORD, person

__all__ = ["browser", "claire", "emptied", "redis_server", "sender"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


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


def test_forms_of_other_sites_do_nothing(sender: Client) -> None:
    path = sent(sender)
    strict = Client(
        enforce_csrf_checks=True, headers={"Host": "rouen.localhost:8443", "X-Real-IP": "192.0.2.8"}
    )
    assert strict.post(path, {"adresse": PARENT}, secure=True).status_code == 403
