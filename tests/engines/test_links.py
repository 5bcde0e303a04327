"""Files by link: in pieces, to those they were sent to, on the terms that were set; real Redis."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from casier.audit.models import JournalEntry
from casier.directory.models import Account, Role
from casier.kernel.link_storage import coming_folder
from casier.mailbox.links.actions import Sending, send_by_link
from casier.mailbox.links.models import Link
from engines.links_scene import (
    CONTENT,
    HEADERS,
    PARENT,
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
from unit.identity_people import BY, PASSWORD, lend_mailbox, person

__all__ = ["browser", "claire", "emptied", "redis_server", "sender"]  # fixtures
pytestmark = [pytest.mark.engines, pytest.mark.django_db(transaction=True)]


def test_a_file_comes_in_pieces_and_goes_to_who_proves_the_address(sender: Client) -> None:
    coming = coming_folder(settings.CASIER_INSTANCE)
    others = set(coming.iterdir()) if coming.exists() else set()
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
    looking = visitor.get(path, secure=True)
    assert "L’antivirus examine" in looking.content.decode()
    assert looking.headers["Refresh"] == "10"
    assert "Refresh" not in visitor.get(path + "?immobile=1", secure=True).headers, "stopped"
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
    assert set(coming.iterdir()) == others, "nothing of this one is left there"
    (mine,) = sender.get("/api/links", secure=True).json()
    assert (mine["downloads"], mine["fetched"][0]["address"]) == (1, PARENT)
    assert JournalEntry.objects.filter(action="link.fetched").count() == 1


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


def test_a_password_that_the_policy_asks_for_stays_once_the_file_was_sent(
    claire: Account, sender: Client
) -> None:
    from msgspec.structs import replace

    from casier.policies.api import adopt, policy_for

    policy = policy_for(claire.academy)
    strict = replace(policy, links=replace(policy.links, outsider_password=True))
    adopt(claire.academy, strict, by=BY, reason="tests", now=timezone.now())
    sent(sender, password="orage-bleu-12")
    link = Link.objects.get()

    def change(terms: dict[str, object]) -> tuple[int, str]:
        path = f"/api/links/{link.id}"
        answer = sender.patch(path, terms, content_type="application/json", headers=HEADERS, secure=True)
        return answer.status_code, answer.json().get("type", "")

    assert change({"password": ""}) == (422, "link_password_needed")
    assert change({"password": "averse-verte-7", "maxDownloads": 2})[0] == 200
    link.recipients.all().delete()
    assert change({"password": ""})[0] == 200


def test_a_sensitive_file_doesnt_say_its_name(claire: Account, sender: Client) -> None:
    path, visitor = sent(sender, sensitive=True), new_browser()
    assert "bulletins.pdf" not in visitor.get(path, secure=True).content.decode()
    enter(visitor, path)
    assert "bulletins.pdf" in visitor.get(path, secure=True).content.decode()


def test_a_page_that_only_was_looked_at_leaves_no_session(sender: Client) -> None:
    path, visitor = sent(sender), new_browser()
    answer = visitor.get(path, secure=True)
    assert set(answer.cookies) <= {"__Host-casier-csrf"}
    assert "script-src 'self';" in answer["Content-Security-Policy"]
