"""Without a network, after an idle sign-out or a crash, on a shared computer: nothing lost, nothing open."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, Route, expect

from journeys import offline_scene as scene
from journeys.jmap import Jmap
from journeys.offline_scene import back_online, browser, copied, deliver, found, kept, offline_said, on_disk
from journeys.running import RunningInstance
from journeys.webmail import ROW, picture, signed_in

BERNARD = "bernard.noel@ac-nancy-metz.fr"
FRANCOIS = "francois.muller@ac-nancy-metz.fr"
# Words that stand nowhere else: a disk that holds one holds mail.
WORD = "vexillologie"
TYPED = "gypaetes"


@pytest.fixture
def mail(instance: RunningInstance) -> Jmap:
    return scene.mailbox_of(instance, BERNARD)


def open_message(page: Page, subject: str) -> None:
    page.locator(ROW, has_text=subject).locator(".row-subject").click()
    expect(page.get_by_role("region", name="Lecture")).to_contain_text(subject)


def write(page: Page, to: str, subject: str, text: str) -> None:
    page.get_by_role("button", name="Nouveau message").first.click()
    # An editor that comes takes the keys.
    expect(page.locator(".editor-text").last).to_be_visible()
    page.get_by_role("combobox", name="À", exact=True).fill(to)
    page.get_by_role("textbox", name="Objet").fill(subject)
    page.locator(".editor-text").last.press_sequentially(text)


def unsealed(page: Page) -> None:
    """Wait until the key is here and what is typed goes to the disk."""
    copied(page, "mail", 1)


def eventually(what: str, holds: Any, patience: float = 30) -> None:
    end = time.monotonic() + patience
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain: {what}")
        time.sleep(0.2)


def test_without_a_network_mail_is_read_sorted_and_answered_and_all_arrives_once(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    stamp = str(time.time_ns())
    for name in ("lue", "classée", "répondue"):
        deliver(mail, f"{name} {stamp}", f"La {WORD} est l’étude des drapeaux, {name}.")
    with scene.line(instance) as line, browser(playwright, tmp_path / "profile", instance, line) as context:
        page = signed_in(context, instance, BERNARD)
        for name in ("lue", "classée", "répondue"):
            open_message(page, f"{name} {stamp}")
            expect(page.get_by_role("region", name="Lecture")).to_contain_text(WORD)
        scene.shell_kept(page)
        copied(page, "mail", 6)
        line.cut()
        offline_said(page)
        page.keyboard.press("u")
        # Loaded again without a network: the page, the list and what was opened are there.
        page.reload()
        expect(page.locator(ROW, has_text=f"lue {stamp}")).to_be_visible(timeout=20_000)
        offline_said(page)
        open_message(page, f"lue {stamp}")
        expect(page.get_by_role("region", name="Lecture")).to_contain_text(WORD)
        picture(page, "hors-ligne.fr")
        page.keyboard.press("s")
        open_message(page, f"classée {stamp}")
        page.keyboard.press("e")
        expect(page.locator(ROW, has_text=f"classée {stamp}")).to_have_count(0)
        open_message(page, f"répondue {stamp}")
        page.keyboard.press("r")
        page.get_by_role("textbox", name="Texte du message").press_sequentially(f"Merci pour la {WORD}.")
        page.get_by_role("combobox", name="À", exact=True).fill(BERNARD)
        page.keyboard.press("Control+Enter")
        expect(page.locator(".toast", has_text="dès le retour du réseau")).to_be_visible()
        write(page, BERNARD, f"brouillon {TYPED} {stamp}", f"Des {TYPED} planent.")
        expect(page.locator(".status-pending")).to_be_visible()
        line.mend()
        back_online(page)
        expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré", timeout=20_000)
        eventually("sent", lambda: found(mail, inMailbox=mail.mailbox("sent"), subject=stamp))
        eventually("archived", lambda: found(mail, inMailbox=mail.mailbox("archive"), subject=stamp))
        eventually("starred", lambda: found(mail, subject=f"lue {stamp}", hasKeyword="$flagged"))
        eventually("saved", lambda: found(mail, inMailbox=mail.mailbox("drafts"), subject=stamp))
        time.sleep(2)
        (starred,) = found(mail, subject=f"lue {stamp}", hasKeyword="$flagged")
        (archived,) = found(mail, inMailbox=mail.mailbox("archive"), subject=stamp)
        assert "classée" in archived["subject"]
        assert len(found(mail, inMailbox=mail.mailbox("sent"), subject=stamp)) == 1
        (draft,) = found(mail, inMailbox=mail.mailbox("drafts"), subject=stamp)
        assert TYPED in draft["preview"]
        assert starred
    assert on_disk(tmp_path / "profile", WORD, TYPED) == []


def without_saving(route: Route) -> None:
    if "Email/set" in (route.request.post_data or ""):
        route.abort()
    else:
        route.continue_()


def test_what_was_typed_survives_the_death_of_the_browser(
    playwright: Playwright, instance: RunningInstance, tmp_path: Path
) -> None:
    profile, subject = tmp_path / "profile", f"interrompu {time.time_ns()}"
    with browser(playwright, profile, instance) as context:
        page = signed_in(context, instance, BERNARD)
        unsealed(page)
        # The server hears nothing of it: what comes back comes from the disk.
        page.route("**/jmap/", without_saving)
        write(page, FRANCOIS, subject, f"Les {TYPED} sont revenus")
        copied(page, "drafts", 1)
        page.wait_for_timeout(700)  # the last words follow
        scene.killed(profile)
    assert on_disk(profile, TYPED) == []
    with browser(playwright, profile, instance) as context:
        page = signed_in(context, instance, BERNARD)
        line = page.locator(".found-banner")
        expect(line).to_contain_text(subject)
        line.get_by_role("button", name="Reprendre").click()
        expect(page.locator(".editor-text")).to_contain_text(f"Les {TYPED} sont revenus")
        expect(page.locator(".composer")).to_contain_text("retrouvé tel que vous l’aviez laissé")
        page.get_by_role("button", name="Supprimer le brouillon").click()


def test_an_idle_page_locks_and_gives_all_back_to_the_same_person_alone(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    profile, subject = tmp_path / "profile", f"en pause {time.time_ns()}"
    deliver(mail, f"secret {subject}", f"Une affaire de {WORD}.")
    with browser(playwright, profile, instance) as context:
        page = signed_in(context, instance, BERNARD)
        scene.session_records(instance, idle_seconds=30)
        page.reload()
        expect(page.locator(ROW).first).to_be_visible()
        open_message(page, f"secret {subject}")
        copied(page, "mail", 3)
        write(page, FRANCOIS, subject, f"Les {TYPED} attendent")
        other = context.new_page()
        other.goto(page.url)
        expect(other.locator(ROW).first).to_be_visible()
        expect(other.get_by_role("dialog", name="Êtes-vous toujours là ?")).to_be_visible(timeout=30_000)
        other.get_by_role("button", name="Rester").click()
        expect(other.get_by_role("dialog")).to_have_count(0)
        other.wait_for_timeout(3_000)
        expect(page.locator(".editor-text")).to_contain_text("attendent")
        for each in (page, other):
            expect(each.locator("input[type=password]")).to_be_visible(timeout=60_000)
        # Whichever page came first took the reason away with the session's cookie.
        told = [each.locator("body").inner_text() for each in (page, other)]
        assert any("faute d’activité" in text for text in told)
        # Somebody else sees nothing of it, and can't read what lies there.
        person = instance.demo(address=FRANCOIS)
        page.locator("input[autocomplete~=username]").fill(person["signInName"])
        page.locator("input[type=password]").fill(person["password"])
        page.locator("input[type=password]").press("Enter")
        expect(page.locator(ROW).first).to_be_visible(timeout=15_000)
        expect(page.locator(".found-banner")).to_have_count(0)
        expect(page.locator("body")).not_to_contain_text(TYPED)
        eventually("a copy of their own", lambda: len(kept(page)["databases"]) == 2)
        leave(page)
        page = signed_in(context, instance, BERNARD)
        expect(page.locator(".found-banner")).to_contain_text(subject)
        page.get_by_role("button", name="Reprendre").click()
        expect(page.locator(".editor-text")).to_contain_text(f"Les {TYPED} attendent")
        page.get_by_role("button", name="Supprimer le brouillon").click()
    assert on_disk(profile, WORD, TYPED) == []


def leave(page: Page) -> None:
    page.locator(".account-button").click()
    page.get_by_role("menuitem", name="Se déconnecter").click()
    expect(page.locator("body")).to_contain_text("Vous êtes déconnecté", timeout=20_000)


def test_signing_out_sends_what_waits_and_leaves_nothing(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    stamp = str(time.time_ns())
    with scene.line(instance) as line, browser(playwright, tmp_path / "profile", instance, line) as context:
        page = signed_in(context, instance, BERNARD)
        scene.shell_kept(page)
        unsealed(page)
        page.locator(ROW).first.locator(".row-subject").click()
        copied(page, "mail", 3)
        write(page, BERNARD, f"dernier {stamp}", f"Des {TYPED} avant de partir.")
        leave(page)
        (draft,) = found(mail, inMailbox=mail.mailbox("drafts"), subject=stamp)
        assert TYPED in draft["preview"]
        assert kept(page) == {"databases": {}, "stored": {}, "cached": [], "workers": 0}
        # And without a network: the choice, and what waits is there at one's return.
        page = signed_in(context, instance, BERNARD)
        scene.shell_kept(page)
        unsealed(page)
        line.cut()
        offline_said(page)
        write(page, BERNARD, f"au retour {stamp}", f"Des {TYPED} plus tard.")
        copied(page, "drafts", 1)
        page.locator(".account-button").click()
        page.get_by_role("menuitem", name="Se déconnecter").click()
        dialog = page.get_by_role("dialog", name="Avant de partir")
        expect(dialog).to_contain_text("1 brouillon")
        dialog.get_by_role("button", name="Partir sans attendre").click()
        expect(page.locator("h1")).to_contain_text("session est terminée")
        expect(page.locator("body")).not_to_contain_text(TYPED)
        page.reload()
        expect(page.locator("h1")).to_contain_text("session est terminée")
        line.mend()
        expect(page.locator("body")).to_contain_text("Vous êtes déconnecté", timeout=20_000)
        page = signed_in(context, instance, BERNARD)
        eventually(
            "the draft arrives",
            lambda: found(mail, inMailbox=mail.mailbox("drafts"), subject=f"retour {stamp}"),
        )
        page.get_by_role("button", name="Reprendre").click()
        expect(page.locator(".editor-text")).to_contain_text(f"{TYPED} plus tard")
        page.get_by_role("button", name="Supprimer le brouillon").click()
    assert on_disk(tmp_path / "profile", TYPED) == []


def test_a_shared_computer_keeps_nothing_at_all(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    profile, stamp = tmp_path / "profile", str(time.time_ns())
    deliver(mail, f"commun {stamp}", f"Une affaire de {WORD}.")
    with browser(playwright, profile, instance) as context:
        page = context.new_page()
        person = instance.demo(address=BERNARD)
        page.goto(instance.web_url(person["academy"]))
        page.locator("input[autocomplete~=username]").fill(person["signInName"])
        page.locator("input[type=password]").fill(person["password"])
        page.get_by_label("Ordinateur partagé").check()
        page.locator("input[type=password]").press("Enter")
        open_message(page, f"commun {stamp}")
        page.locator("[role=search] input").fill(WORD)
        page.keyboard.press("Enter")
        expect(page.locator(ROW, has_text=f"commun {stamp}")).to_be_visible()
        write(page, BERNARD, f"partagé {TYPED} {stamp}", f"Des {TYPED} ici.")
        expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré")
        page.wait_for_timeout(2_000)
        assert kept(page) == {"databases": {}, "stored": {}, "cached": [], "workers": 0}
        page.get_by_role("button", name="Supprimer le brouillon").click()
    assert on_disk(profile, WORD, TYPED) == []


def test_a_draft_open_twice_is_never_overwritten_silently(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    subject = f"à deux {time.time_ns()}"
    with browser(playwright, tmp_path / "profile", instance) as context:
        page = signed_in(context, instance, BERNARD)
        write(page, BERNARD, subject, "Début.")
        expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré")
        page.keyboard.press("Escape")
        pages = [page, context.new_page()]
        pages[1].goto(page.url)
        for each in pages:
            expect(each.locator(ROW).first).to_be_visible()
            each.keyboard.press("g")
            each.keyboard.press("b")
            each.locator(ROW, has_text=subject).locator(".row-subject").click()
            expect(each.locator(".editor-text")).to_contain_text("Début.")
        for each, more in zip(pages, ("Un. ", "Deux. "), strict=True):
            each.locator(".editor-text").press_sequentially(more)
            expect(each.locator(".save-state")).to_contain_text("Brouillon enregistré")
        expect(pages[1].locator(".composer-notice")).to_contain_text("modifié ou supprimé ailleurs")
        both = found(mail, inMailbox=mail.mailbox("drafts"), subject=subject)
        assert sorted(one["preview"][:2] for one in both) == ["De", "Un"]
