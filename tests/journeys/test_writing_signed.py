"""An imposed signature; the address an answer leaves from; a draft in two tabs; receipts."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from journeys.composing import EDITOR, begin, mailbox_of, received, saved, text_of
from journeys.running import RunningInstance
from journeys.webmail import ROW, press_once_still, signed_in

MICKAEL = "mickael.caron@ac-amiens.fr"
HTML = "<p><strong>{{nom}}</strong> – {{academie}}</p>\n<p><a href='{{charte}}'>Charte</a></p>\n"
TEXT = "{{nom}} – {{academie}}\n{{charte}}\n"


@pytest.fixture
def imposed(instance: RunningInstance, tmp_path: Path) -> Iterator[None]:
    """Amiens imposes a signature for as long as the test runs."""
    (tmp_path / "s.html").write_text(HTML, encoding="utf-8")
    (tmp_path / "s.txt").write_text(TEXT, encoding="utf-8")
    charter = "https://www.ac-amiens.fr/charte"
    files = ("--html", str(tmp_path / "s.html"), "--text", str(tmp_path / "s.txt"))
    instance.casier("writing", "set-signature", "amiens", *files, "--charter", charter, "--reason", "essai")
    instance.casier("writing", "rule", "amiens", "--signature", "imposed", "--reason", "essai")
    assert instance.json("writing", "signature", "amiens", "--as", MICKAEL)["mode"] == "imposed"
    yield
    instance.casier("writing", "rule", "amiens", "--signature", "offered", "--reason", "essai")
    instance.casier("writing", "reset-signature", "amiens", "--reason", "essai")


def send_at_once(page: Page, subject: str) -> None:
    """By the list of drafts: without the time to undo."""
    page.get_by_role("button", name="Envoyer plus tard").click()
    page.get_by_role("menuitem", name="Demain à 8 h").click()
    # Where one writes, keys are letters.
    expect(page.locator(".composer")).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("b")
    page.locator(ROW, has_text=subject).get_by_role("button", name="Partira").click()
    page.get_by_role("menuitem", name="Envoyer maintenant").click()


@pytest.mark.usefixtures("imposed")
def test_an_imposed_signature_stands_once_below_each_message_and_each_answer(
    new_context: Any, instance: RunningInstance
) -> None:
    page = signed_in(new_context(), instance, MICKAEL)
    mailbox = mailbox_of(instance, MICKAEL)
    subject = f"Signé {time.time_ns()}"
    begin(page, MICKAEL, subject)
    signature = page.get_by_role("region", name="Signature de l’académie")
    expect(signature).to_contain_text("Ajoutée à tous les messages par votre académie")
    expect(signature.get_by_role("button")).to_have_count(0)
    page.keyboard.type("Bonjour.")
    send_at_once(page, subject)
    first = received(mailbox, subject)
    for form in ("textBody", "htmlBody"):
        assert text_of(first, form).count("charte") == 1
    assert "-- \nMickaël Caron – Académie d" in text_of(first, "textBody")

    page.keyboard.press("g")
    page.keyboard.press("i")
    page.locator(ROW, has_text=subject).locator(".row-subject").click()
    press_once_still(page.get_by_role("button", name="Répondre", exact=True).last)
    page.locator(EDITOR).press_sequentially("Bien reçu.")
    saved(page)
    send_at_once(page, f"Re: {subject}")
    answer = text_of(received(mailbox, f"Re: {subject}"), "htmlBody")
    own, _, quoted = answer.partition("<blockquote")
    assert (own.count("Charte"), quoted.count("Charte")) == (1, 1)


def test_an_answer_leaves_from_the_address_that_was_written_to(
    new_context: Any, instance: RunningInstance
) -> None:
    jean = "jean.martin@ac-normandie.fr"
    page = signed_in(new_context(), instance, jean)
    page.keyboard.press("c")
    options = page.get_by_label("De", exact=True).locator("option")
    expect(options.nth(1)).to_be_attached()
    senders = options.all_inner_texts()
    alias = next(text.rsplit(" – ", 1)[1] for text in senders if jean not in text)
    page.keyboard.press("Escape")
    mailbox = mailbox_of(instance, jean)
    subject = f"À l’alias {time.time_ns()}"
    mailbox.submit(mailbox.draft(alias, subject), alias)
    page.locator(ROW, has_text=subject).locator(".row-subject").click(timeout=30_000)
    page.get_by_role("button", name="Répondre", exact=True).last.click()
    expect(page.get_by_label("De", exact=True)).to_contain_text(alias)
    chosen = page.get_by_label("De", exact=True).evaluate("(field) => field.selectedOptions[0].textContent")
    assert alias in chosen


def test_a_draft_that_two_tabs_change_is_kept_in_both_versions(
    new_context: Any, instance: RunningInstance
) -> None:
    jean = "jean.martin@ac-normandie.fr"
    context = new_context()
    one = signed_in(context, instance, jean)
    subject = f"Deux onglets {time.time_ns()}"
    begin(one, jean, subject)
    one.keyboard.type("Ensemble.")
    saved(one)
    one.keyboard.press("Escape")
    two = context.new_page()
    two.goto(one.url)
    for page in (one, two):
        page.get_by_role("link", name="Brouillons").or_(
            page.get_by_role("button", name="Brouillons")
        ).first.click()
        page.locator(ROW, has_text=subject).locator(".row-subject").click()
        expect(page.locator(EDITOR)).to_contain_text("Ensemble.")
    for page, word in ((one, "Un. "), (two, "Deux. ")):
        page.locator(EDITOR).press("Home")
        page.keyboard.type(word)
        expect(page.locator(".save-state")).to_contain_text("Enregistrement")
        saved(page)
    expect(two.locator(".composer-notice")).to_contain_text("les deux versions sont dans vos brouillons")
    mailbox = mailbox_of(instance, jean)
    assert mailbox.subjects("drafts", subject) == [subject, subject]


def test_who_asked_is_told_that_the_message_was_read(new_context: Any, instance: RunningInstance) -> None:
    jean, claire = "jean.martin@ac-normandie.fr", "claire.lefevre@ac-normandie.fr"
    sender = mailbox_of(instance, jean)
    subject = f"À lire {time.time_ns()}"
    wanted = {
        "header:Disposition-Notification-To:asAddresses": [{"email": jean}],
        "header:X-Priority:asText": "1 (Highest)",
    }
    sender.submit(sender.draft(claire, subject, **wanted), claire)
    page = signed_in(new_context(), instance, claire)
    page.locator(ROW, has_text=subject).locator(".row-subject").click(timeout=30_000)
    expect(page.get_by_text("Importance haute")).to_be_visible()
    page.get_by_role("button", name="Envoyer l’accusé").click()
    expect(page.get_by_text("Accusé de lecture envoyé")).to_be_visible(timeout=20_000)
    told = received(sender, f"Lu : {subject}")
    kinds = [value["value"] for value in told["headers"] if value["name"].lower() == "content-type"]
    assert "disposition-notification" in kinds[0]
    assert sender.address not in [each["email"] for each in told["from"]]
