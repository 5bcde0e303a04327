"""Whoever goes leaves nothing in sight and loses nothing: idle offline, signed out elsewhere, shared."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from journeys import offline_scene as scene
from journeys.jmap import Jmap
from journeys.offline_scene import browser, copied, deliver, found, kept, offline_said, on_disk
from journeys.running import RunningInstance
from journeys.test_offline import eventually, open_message, write
from journeys.webmail import ROW, signed_in

PERSON = "bernard.noel@ac-nancy-metz.fr"
# Words that stand nowhere else: a disk that holds one holds mail.
WORD = "sigillographie"
TYPED = "engoulevents"
# All that a browser can keep for a site, and the subscription that a worker may have.
EVERYTHING = """async () => ({
  databases: (await indexedDB.databases()).map(({ name }) => name),
  caches: await caches.keys(),
  local: { ...localStorage },
  session: { ...sessionStorage },
  workers: (await navigator.serviceWorker.getRegistrations()).length,
  pushed: (await Promise.all((await navigator.serviceWorker.getRegistrations())
    .map(({ pushManager }) => pushManager.getSubscription()))).filter((one) => one !== null).length,
  cookies: document.cookie,
})"""
NOTHING = {
    "databases": [], "caches": [], "local": {}, "session": {}, "workers": 0, "pushed": 0, "cookies": ""
}  # fmt: skip


@pytest.fixture
def mail(instance: RunningInstance) -> Jmap:
    return scene.mailbox_of(instance, PERSON)


def sign_in_again(page: Page, instance: RunningInstance) -> None:
    person = instance.demo(address=PERSON)
    page.locator("input[autocomplete~=username]").fill(person["signInName"])
    page.locator("input[type=password]").fill(person["password"])
    page.locator("input[type=password]").press("Enter")
    expect(page.locator(ROW).first).to_be_visible(timeout=15_000)


def test_idle_without_a_network_all_is_locked_and_comes_back(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    profile, stamp = tmp_path / "profile", str(time.time_ns())
    deliver(mail, f"au train {stamp}", f"Une affaire de {WORD}.")
    with scene.line(instance) as line, browser(playwright, profile, instance, line) as context:
        page = signed_in(context, instance, PERSON)
        # Before the clock runs: a busy machine takes its time with it.
        scene.shell_kept(page)
        # The terms that the academy's policy gave this session, shortened.
        scene.session_records(instance, idle_seconds=30)
        page.reload()
        expect(page.locator(ROW).first).to_be_visible()
        open_message(page, f"au train {stamp}")
        copied(page, "mail", 3)
        line.cut()
        offline_said(page)
        page.keyboard.press("s")
        write(page, PERSON, f"interrompu {stamp}", f"Les {TYPED} chantent")
        expect(page.get_by_role("dialog", name="Êtes-vous toujours là ?")).to_be_visible(timeout=40_000)
        # Nobody answers.
        expect(page.locator(".editor-text")).to_have_count(0, timeout=40_000)
        page.wait_for_timeout(1_500)
        for _ in range(2):
            expect(page.locator("body")).not_to_contain_text(TYPED)
            expect(page.locator("body")).not_to_contain_text(WORD)
            expect(page.locator(ROW)).to_have_count(0)
            page.reload(wait_until="commit")
            page.wait_for_timeout(1_500)
        assert found(mail, subject=f"interrompu {stamp}") == []
        assert on_disk(profile, WORD, TYPED) == []
        line.mend()
        expect(page.locator("input[type=password]")).to_be_visible(timeout=30_000)
        expect(page.locator("body")).to_contain_text("faute d’activité")
        sign_in_again(page, instance)
        banner = page.locator(".found-banner")
        expect(banner).to_contain_text(f"interrompu {stamp}")
        banner.get_by_role("button", name="Reprendre").click()
        expect(page.locator(".editor-text")).to_contain_text(f"Les {TYPED} chantent")
        starred = {"subject": f"au train {stamp}", "hasKeyword": "$flagged"}
        eventually("the star arrives", lambda: found(mail, **starred))
        eventually("the draft arrives", lambda: found(mail, subject=f"interrompu {stamp}"))
        assert len(found(mail, subject=f"interrompu {stamp}")) == 1
        page.get_by_role("button", name="Supprimer le brouillon").click()


def sign_out_elsewhere(context: BrowserContext, instance: RunningInstance) -> Page:
    """Sign out on a page that has no script."""
    page = context.new_page()
    page.goto(instance.web_url("nancy-metz") + "/compte/")
    page.get_by_role("button", name="Se déconnecter").click()
    expect(page.locator("body")).to_contain_text("Vous êtes déconnecté", timeout=20_000)
    return page


def left_on(page: Page) -> tuple[list[str], list[str]]:
    """Names alone: whoever opens a database while it is deleted makes it anew."""
    seen = everything(page)
    return seen["databases"], seen["caches"]


def test_signing_out_on_a_page_without_script_sends_then_leaves_nothing(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    profile, stamp = tmp_path / "profile", str(time.time_ns())
    deliver(mail, f"ailleurs {stamp}", f"Une affaire de {WORD}.")
    with browser(playwright, profile, instance) as context:
        page = signed_in(context, instance, PERSON)
        scene.shell_kept(page)
        open_message(page, f"ailleurs {stamp}")
        copied(page, "mail", 3)
        write(page, PERSON, f"en partant {stamp}", f"Des {TYPED} à l’instant.")
        # Within the second: it isn't saved yet.
        elsewhere = sign_out_elsewhere(context, instance)
        (draft,) = found(mail, inMailbox=mail.mailbox("drafts"), subject=f"partant {stamp}")
        assert TYPED in draft["preview"]
        expect(page.locator("input[type=password]")).to_be_visible(timeout=15_000)
        expect(page.locator("body")).not_to_contain_text(TYPED)
        eventually("nothing is left", lambda: left_on(elsewhere) == ([], []))
        # No page of mail open.
        page = signed_in(context, instance, PERSON)
        scene.shell_kept(page)
        open_message(page, f"ailleurs {stamp}")
        copied(page, "mail", 3)
        page.close()
        elsewhere = sign_out_elsewhere(context, instance)
        eventually("nothing is left", lambda: left_on(elsewhere) == ([], []))
        page = signed_in(context, instance, PERSON)
        expect(page.locator(ROW, has_text=f"ailleurs {stamp}")).to_be_visible()
    assert on_disk(profile, TYPED) == []


def test_what_can_t_be_sent_stays_sealed_when_one_signs_out_elsewhere(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path
) -> None:
    profile, stamp = tmp_path / "profile", str(time.time_ns())
    deliver(mail, f"scellé {stamp}", f"Une affaire de {WORD}.")
    with scene.line(instance) as line, browser(playwright, profile, instance, line) as context:
        page = signed_in(context, instance, PERSON)
        scene.shell_kept(page)
        open_message(page, f"scellé {stamp}")
        copied(page, "mail", 3)
        line.cut()
        offline_said(page)
        write(page, PERSON, f"attend {stamp}", f"Des {TYPED} au loin.")
        copied(page, "drafts", 1)
        page.close()
        line.mend()
        elsewhere = sign_out_elsewhere(context, instance)
        eventually(
            "mail is gone, what waits is here",
            lambda: (
                [(counts["mail"], counts["drafts"]) for counts in kept(elsewhere)["databases"].values()]
                == [(0, 1)]
            ),
        )
        assert found(mail, subject=f"attend {stamp}") == []
        page = signed_in(context, instance, PERSON)
        expect(page.locator(".found-banner")).to_contain_text(f"attend {stamp}")
        eventually("it arrives", lambda: found(mail, subject=f"attend {stamp}"))
        page.get_by_role("button", name="Reprendre").click()
        expect(page.locator(".editor-text")).to_contain_text(f"{TYPED} au loin")
        page.get_by_role("button", name="Supprimer le brouillon").click()
    assert on_disk(profile, WORD, TYPED) == []


def everything(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(EVERYTHING)
    return found


def use(page: Page, stamp: str) -> None:
    """What a person does in a while: reads, looks for, writes, looks through the settings."""
    open_message(page, f"commun {stamp}")
    page.keyboard.press("s")
    page.locator("[role=search] input").fill(WORD)
    page.keyboard.press("Enter")
    expect(page.locator(ROW, has_text=f"commun {stamp}")).to_be_visible()
    write(page, PERSON, f"partagé {stamp}", f"Des {TYPED} ici.")
    expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré")
    page.get_by_role("button", name="Supprimer le brouillon").click()
    page.locator(".account-button").click()
    page.locator(".menu-line", has_text="Réglages").click()
    dialog = page.get_by_role("dialog")
    for place in ("Notifications", "Hors ligne", "Cet appareil"):
        dialog.get_by_text(place, exact=True).first.click()
        expect(dialog).to_contain_text(re.compile("partagé"))
    expect(dialog.get_by_role("checkbox", name="Prévenir cet appareil")).to_have_count(0)
    page.keyboard.press("Escape")


@pytest.mark.parametrize("elsewhere", [False, True])
def test_a_shared_computer_keeps_nothing_at_all(
    playwright: Playwright, instance: RunningInstance, mail: Jmap, tmp_path: Path, elsewhere: bool
) -> None:
    profile, stamp = tmp_path / "profile", str(time.time_ns())
    deliver(mail, f"commun {stamp}", f"Une affaire de {WORD}.")
    with browser(playwright, profile, instance) as context:
        context.grant_permissions(["notifications"], origin=instance.web_url("nancy-metz"))
        if elsewhere:
            # Somebody has used this browser as their own, and only closed the page.
            before = signed_in(context, instance, PERSON)
            scene.shell_kept(before)
            context.clear_cookies()
            before.close()
        page = context.new_page()
        page.goto(instance.web_url("nancy-metz"))
        page.get_by_label("Ordinateur partagé").check()
        sign_in_again(page, instance)
        left = everything(page) if elsewhere else NOTHING
        use(page, stamp)
        page.wait_for_timeout(2_000)
        seen = everything(page)
        # What somebody left sealed on their own account stays theirs until the sign-out; nothing is added.
        assert {**seen, "databases": [], "local": {}} == NOTHING
        assert (seen["databases"], seen["local"]) == (left["databases"], left["local"])
        if elsewhere:
            page.goto(instance.web_url("nancy-metz") + "/compte/")
            page.get_by_role("button", name="Se déconnecter").click()
        else:
            page.locator(".account-button").click()
            page.get_by_role("menuitem", name="Se déconnecter").click()
        expect(page.locator("body")).to_contain_text("Vous êtes déconnecté", timeout=20_000)
        eventually("nothing is left", lambda: everything(page) == NOTHING)
    assert on_disk(profile, WORD, TYPED) == []
