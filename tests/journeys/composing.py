"""Hands on the composer: what journeys about writing share."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page, expect

from journeys.jmap import Jmap
from journeys.running import RunningInstance
from waiting import wait_until

EDITOR = ".editor-text"
CHIPS = ".person-chip-name"

_PASTE = """(target, [html, text]) => {
  const data = new DataTransfer();
  if (html) data.setData('text/html', html);
  data.setData('text/plain', text);
  target.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
}"""

# A photograph without its camera: noise, which no compression makes small.
_PICTURE = """async (target, [how, width, height]) => {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const drawing = canvas.getContext('2d');
  const points = drawing.createImageData(width, height);
  let seed = 7;
  for (let at = 0; at < points.data.length; at += 1) {
    seed = (seed * 1103515245 + 12345) & 0x7fffffff;
    points.data[at] = at % 4 === 3 ? 255 : seed >> 16;
  }
  drawing.putImageData(points, 0, 0);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9));
  const data = new DataTransfer();
  data.items.add(new File([blob], 'photo.jpg', { type: 'image/jpeg' }));
  const options = { bubbles: true, cancelable: true };
  if (how === 'paste') target.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
  else {
    const { x, y } = target.getBoundingClientRect();
    const place = { ...options, dataTransfer: data, clientX: x + 30, clientY: y + 20 };
    target.dispatchEvent(new DragEvent('dragover', place));
    target.dispatchEvent(new DragEvent('drop', place));
  }
}"""


def people(page: Page, field: str = "À") -> Locator:
    """Where one types addressees."""
    return page.get_by_role("combobox", name=field, exact=True)


def begin(page: Page, to: str, subject: str) -> Locator:
    """A new message with an addressee and a subject; where one writes."""
    page.keyboard.press("c")
    people(page).press_sequentially(f"{to},")
    expect(page.locator(CHIPS)).to_have_count(1)
    page.get_by_role("textbox", name="Objet").fill(subject)
    editor = page.locator(EDITOR)
    editor.click()
    return editor


def paste(page: Page, selector: str, text: str, html: str = "") -> None:
    page.locator(selector).first.evaluate(_PASTE, [html, text])


def put_picture(page: Page, how: str, width: int, height: int) -> None:
    """HOW: `paste` or `drop`."""
    page.locator(EDITOR).evaluate(_PICTURE, [how, width, height])


def saved(page: Page) -> None:
    expect(page.locator(".save-state")).to_contain_text("Brouillon enregistré", timeout=15_000)


def mailbox_of(instance: RunningInstance, address: str) -> Jmap:
    """The mailbox of ADDRESS as another program sees it."""
    return Jmap(instance, address, address, instance.app_password(address, "rédaction"))


def received(mailbox: Jmap, subject: str, role: str = "inbox") -> dict[str, Any]:
    """The message called SUBJECT in the folder of ROLE, with its texts, once it is there."""
    box = mailbox.mailbox(role)
    properties = [
        "subject",
        "from",
        "textBody",
        "htmlBody",
        "bodyValues",
        "attachments",
        "headers",
        "keywords",
    ]

    def look() -> dict[str, Any] | None:
        (found,) = mailbox.call(("Email/query", {"filter": {"inMailbox": box, "subject": subject}}))
        wanted = {
            "ids": found["ids"][:10],
            "properties": properties,
            "fetchTextBodyValues": True,
            "fetchHTMLBodyValues": True,
        }
        (got,) = mailbox.call(("Email/get", wanted))
        # Words that are looked for may be those of another subject: this one, whole.
        same = [one for one in got["list"] if (one["subject"] or "").replace("\xa0", " ") == subject]
        return same[0] if same else None

    message = wait_until(f"« {subject} » in {role}", look, 40)
    assert message is not None
    return message


def text_of(message: dict[str, Any], form: str) -> str:
    """The words of a message in one FORM: `textBody` or `htmlBody`."""
    values = message["bodyValues"]
    return "".join(str(values[part["partId"]]["value"]) for part in message[form] if part["partId"] in values)
