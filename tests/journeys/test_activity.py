"""Someone else comes in: a notice lies in the mailbox, its link protects, all of it at once."""

from __future__ import annotations

import email
import email.policy
import imaplib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from playwright.sync_api import expect

from casier.kernel.instance import Port
from journeys.doors import change
from journeys.pages import arrived, violations
from journeys.running import RunningInstance
from waiting import wait_until

pytestmark = [pytest.mark.journey, pytest.mark.alone]
ADDRESS = "pauline.lemoine@ac-rouen.fr"
SUBJECT = "Connexion inhabituelle à votre messagerie|Nouvelle connexion à votre messagerie"
LINK = re.compile(r"https://rouen\.localhost(?::\d+)?(/securite/[A-Za-z0-9_-]{43}/)")
WIDTHS = (1440, 768, 390, 320)


@pytest.fixture
def pauline(instance: RunningInstance) -> Iterator[dict[str, Any]]:
    """Someone of Rouen; afterwards she has all back that she came with."""
    change(instance, "rouen", "lock.on_unusual=notify")
    person = instance.demo(address=ADDRESS)
    yield person
    change(instance, "rouen", "lock.on_unusual=ignore")
    instance.casier("demo", "restore", ADDRESS)


def visitor(chromium: Any, instance: RunningInstance, **options: Any) -> Any:
    context = chromium.new_context(
        ignore_https_errors=True,
        base_url=instance.web_url("rouen"),
        locale="fr-FR",
        bypass_csp=True,
        **options,
    )
    return context.new_page()


def sign_in(page: Any, person: dict[str, Any]) -> None:
    page.goto("/connexion/?suite=/compte/")
    page.fill("#identifiant", person["address"])
    page.fill("#mot_de_passe", person["password"])
    page.click("button.main")
    arrived(page, "/compte/")


def is_in(page: Any) -> bool:
    asked = "async () => (await fetch('/api/me', {headers: {'X-Casier-Background': '1'}})).status"
    return bool(page.evaluate(asked) == 200)


@contextmanager
def imap(instance: RunningInstance, password: str) -> Iterator[imaplib.IMAP4_SSL]:
    client = imaplib.IMAP4_SSL("localhost", instance.port(Port.IMAPS), ssl_context=instance.tls)
    try:
        client.login(ADDRESS, password)
        client.select("INBOX")
        yield client
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            client.shutdown()


def notice_in(client: imaplib.IMAP4_SSL, device: str) -> str:
    """The text of the notice in the mailbox that tells of a sign-in with DEVICE; "" while there is none."""
    client.noop()
    _, found = client.search(None, "FROM", '"ne-pas-repondre"')
    for number in reversed(found[0].split()):
        _, data = client.fetch(number.decode(), "(BODY.PEEK[])")
        message = email.message_from_bytes(data[0][1], policy=email.policy.default)  # type: ignore[index]
        body = message.get_body(("plain",))
        text = str(body.get_content()) if body else ""
        if device in text and re.fullmatch(SUBJECT, str(message["Subject"])):
            return text
    return ""


def cut(client: imaplib.IMAP4_SSL) -> bool:
    try:
        return client.noop()[0] != "OK"
    except (OSError, imaplib.IMAP4.error):
        return True


def narrow_enough(page: Any) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (page.url, width)
    page.set_viewport_size({"width": 1280, "height": 900})


def test_it_was_not_me(chromium: Any, instance: RunningInstance, pauline: dict[str, Any]) -> None:
    own = visitor(chromium, instance)
    sign_in(own, pauline)
    reader = instance.app_password(ADDRESS, "own telephone")
    # Somebody else with her password, on another machine, makes a door for themselves.
    thief = visitor(chromium, instance, user_agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")
    sign_in(thief, pauline)
    assert is_in(own)
    assert is_in(thief)
    stolen = instance.app_password(ADDRESS, "stolen")

    with imap(instance, reader) as mail, imap(instance, stolen) as theirs:
        text = wait_until("the notice", lambda: notice_in(mail, "Firefox, Windows"))
        assert "mot de passe ni code" in text
        path = LINK.search(text)
        assert path is not None, text

        # Her history shows both, and the line of the other one can be reported.
        own.goto("/compte/activite/")
        expect(own.get_by_text("cette session")).to_have_count(1)
        expect(own.get_by_text("Firefox, Windows").first).to_be_visible()
        narrow_enough(own)
        found = violations(own)

        # On a telephone where she isn't signed in; a look alone changes nothing.
        telephone = visitor(chromium, instance, viewport={"width": 390, "height": 844})
        telephone.goto(path[1])
        found += violations(telephone)
        expect(telephone.get_by_role("heading", level=1)).to_have_text(re.compile("Ce n’était pas vous"))
        assert is_in(own)
        assert is_in(thief)
        telephone.get_by_role("button", name="Protéger mon compte").click()
        pressed = time.monotonic()
        expect(telephone.get_by_role("heading", level=1)).to_have_text("Votre compte est protégé")
        wait_until("both are out", lambda: not is_in(thief) and not is_in(own))
        wait_until("the program is cut", lambda: cut(theirs))
        # How quick it is on each road, `test_suspending.py` judges: here a link is there once.
        assert time.monotonic() - pressed < 10
        narrow_enough(telephone)
        found += violations(telephone)

    with pytest.raises(imaplib.IMAP4.error), imap(instance, stolen):
        pass
    thief.goto("/connexion/")
    thief.fill("#identifiant", pauline["address"])
    thief.fill("#mot_de_passe", pauline["password"])
    thief.click("button.main")
    expect(thief.get_by_role("alert")).to_be_visible()
    telephone.goto(path[1])
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Ce lien a déjà servi")
    telephone.goto("/securite/" + "A" * 43 + "/")
    expect(telephone.get_by_role("heading", level=1)).to_have_text("Ce lien ne fonctionne pas")
    found += violations(telephone)
    assert found == []
    for page in (own, thief, telephone):
        page.context.close()
