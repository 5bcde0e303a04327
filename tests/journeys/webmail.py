"""The way into the webmail that journeys share."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from playwright.sync_api import BrowserContext, FileChooser, FilePayload, Locator, Page, expect

from journeys.running import RunningInstance

ROW = ".row[data-thread]"
# Where the pictures of the help pages go when they are made anew.
PICTURES = os.environ.get("CASIER_HELP_PICTURES", "")


# In the help a picture is looked at beside its text, and loaded by telephones.
LARGEST_PICTURE = 30_000
WIDEST_PICTURE = 880
SQUEEZE = """async ([png, largest, widest]) => {
    const picture = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
    const scale = Math.min(1, widest / picture.width);
    const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
    const pen = canvas.getContext('2d');
    pen.imageSmoothingQuality = 'high';
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
    for (let quality = 0.9; ; quality -= 0.1) {
        const blob = await canvas.convertToBlob({ type: 'image/webp', quality });
        if (blob.size <= largest || quality < 0.25)
            return btoa(String.fromCharCode(...new Uint8Array(await blob.arrayBuffer())));
    }
}"""


class Choosers:
    """The choosers of files that a page opens, caught from now on.

    Asked for only when a key is about to open one, the interception may come after it, and the browser opens
    its own.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.opened: list[FileChooser] = []
        page.on("filechooser", self.caught)

    def caught(self, chooser: FileChooser) -> None:
        self.opened.append(chooser)

    def choose(self, files: FilePayload | Path) -> None:
        """Give FILES to the chooser that was just asked for."""
        if not self.opened:
            self.page.wait_for_event("filechooser")
        self.opened.pop().set_files(files)


def press_once_still(button: Locator) -> None:
    """Press BUTTON where it stays. What lies below a long letter comes into view first, for the browser gives
    a press at once after a scroll to the letter's frame, which was there a moment ago.
    """
    button.scroll_into_view_if_needed()
    before = None
    while (box := button.bounding_box()) != before:
        before = box
        button.page.wait_for_timeout(200)
    button.click()


def picture(page: Page, name: str) -> None:
    """Keep what PAGE shows for the help pages, as NAME.webp; nothing unless pictures are wanted."""
    if PICTURES:
        keep(page, Path(PICTURES) / f"{name}.webp")


def keep(page: Page, file: Path, largest: int = LARGEST_PICTURE, widest: int = WIDEST_PICTURE) -> None:
    """What PAGE shows, in FILE, as WebP of LARGEST bytes and WIDEST pixels across at most."""
    shot = page.screenshot(animations="disabled")
    desk = page.context.new_page()
    made = desk.evaluate(SQUEEZE, [base64.b64encode(shot).decode(), largest, widest])
    desk.close()
    file.write_bytes(base64.b64decode(made))


def signed_in(context: BrowserContext, instance: RunningInstance, address: str) -> Page:
    """The demo person with ADDRESS, signed in, with the inbox in view."""
    person = instance.demo(address=address)
    page = context.new_page()
    page.goto(instance.web_url(person["academy"]))
    page.locator("input[autocomplete~=username]").fill(person["signInName"])
    page.locator("input[type=password]").fill(person["password"])
    page.locator("input[type=password]").press("Enter")
    pass_the_second_factor(page, instance, address)
    expect(page.locator(ROW).first).to_be_visible(timeout=15_000)
    return page


def pass_the_second_factor(page: Page, instance: RunningInstance, address: str) -> None:
    """Type the demo application's code where the academy asks for one; the doors may stand wide."""
    code = page.locator("input[autocomplete=one-time-code]")
    expect(code.or_(page.locator(ROW).first)).to_be_visible(timeout=15_000)
    if code.is_visible():
        code.fill(instance.casier("demo", "code", address).strip())
        code.press("Enter")
