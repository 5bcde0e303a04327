"""What the frame of a message shows: every line, in the letters that were meant."""

from __future__ import annotations

import base64
import time
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from journeys.mailbox_filling import append, letter
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, RunningInstance
from journeys.test_webmail_html import open_message

CHARSETS = ("cp1252", "utf-8")


@pytest.fixture
def teacher(instance: RunningInstance) -> dict[str, Any]:
    return instance.demo(address="claire.lefevre@ac-normandie.fr")


@pytest.fixture
def context(chromium: Any) -> Iterator[BrowserContext]:
    context = chromium.new_context(ignore_https_errors=True, locale="fr-FR")
    yield context
    context.close()


@pytest.fixture
def with_scroll_bars(chromium: Any) -> Iterator[BrowserContext]:
    """A browser whose scroll bars take room, as on most desks; the others are run without any."""
    browser = chromium.browser_type.launch(
        executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS, ignore_default_args=["--hide-scrollbars"]
    )
    yield browser.new_context(locale="fr-FR", ignore_https_errors=True)
    browser.close()


def test_no_line_is_cut_where_scroll_bars_take_room(
    with_scroll_bars: BrowserContext, instance: RunningInstance, teacher: dict[str, Any]
) -> None:
    subject = f"Lignes {time.time_ns()}"
    lines = "".join(f"<p>{'Un mot de plus. ' * words}</p>" for words in range(1, 30))
    append(instance, teacher, letter(subject, lines))
    page = open_message(with_scroll_bars, instance, teacher, subject)
    expect(page.locator(".mail-frame[data-measured=true]")).to_be_visible()
    shown = page.locator(".mail-frame iframe:not(.mail-twin)").element_handle().content_frame()
    assert shown is not None
    shown.wait_for_function("document.documentElement.scrollHeight <= innerHeight")
    assert shown.evaluate("document.documentElement.clientWidth == innerWidth")


def in_bytes(subject: str, kind: str, content: bytes) -> EmailMessage:
    """A message whose only part is CONTENT under the label KIND, true or not."""
    message = letter(subject, text="à remplacer")
    message.replace_header("Content-Type", kind)
    message.replace_header("Content-Transfer-Encoding", "base64")
    message.set_payload(base64.b64encode(content).decode("ascii"))
    return message


def test_a_text_without_a_true_charset_is_read(
    context: BrowserContext, instance: RunningInstance, teacher: dict[str, Any]
) -> None:
    words = "Élève présent à l’école, 12 €"
    kinds = ("text/plain", "text/plain; charset=utf-8", "text/html")
    cases = {f"{kind} {charset} {time.time_ns()}": (kind, charset) for kind in kinds for charset in CHARSETS}
    for subject, (kind, charset) in cases.items():
        append(instance, teacher, in_bytes(subject, kind, words.encode(charset)))
    page = open_message(context, instance, teacher, next(iter(cases)))
    for subject, (kind, _) in cases.items():
        page.locator(".row[data-thread]", has_text=subject).click()
        expect(page.locator(".subject")).to_have_text(subject)
        framed = page.frame_locator(".mail-frame iframe:not(.mail-twin)")
        shown = framed.locator("body") if kind == "text/html" else page.locator(".message-body")
        expect(shown).to_contain_text(words)
