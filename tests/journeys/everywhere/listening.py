"""Going around with a screen reader: Orca in a session of its own, on a screen that nobody sees."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from journeys.doors import open_wide
from journeys.running import CHROMIUM, CHROMIUM_ARGUMENTS, started

WHO = "claire.lefevre@ac-normandie.fr"
NEEDED = ("orca", "Xvfb", "openbox", "xdotool", "dbus-run-session", "gsettings")
BUS_LAUNCHER = "/usr/libexec/at-spi-bus-launcher"
DISPLAY = ":77"
QUIET_SECONDS = 1.6
SWITCHES = (
    ("org.gnome.desktop.interface", "toolkit-accessibility"),
    ("org.gnome.desktop.a11y.applications", "screen-reader-enabled"),
)
# Orca waits for its loudspeaker, of which there is none: what it would say stands in its log all the same.
WITHOUT_VOICE = """
from orca import settings, speechdispatcherfactory
settings.enableKeyEcho = False
for name in ("_init", "speak", "speakCharacter", "speakKeyEvent", "stop", "sayAll", "speakUtterances",
             "_apply_acss", "_send_command", "updatePunctuationLevel", "updateCapitalizationStyle"):
    if hasattr(speechdispatcherfactory.SpeechServer, name):
        setattr(speechdispatcherfactory.SpeechServer, name, lambda self, *a, **k: None)
"""
FIRST_ROW = '#conversations [tabindex="0"]'


class Listener:
    """Does one thing after another, and prints what is said after each."""

    def __init__(self, log: Path) -> None:
        self.log = log

    def hear(self, what: str, act: Callable[[], object], seconds: float = QUIET_SECONDS) -> None:
        begun = self.log.stat().st_size
        act()
        time.sleep(seconds)
        with self.log.open(errors="replace") as log:
            log.seek(begun)
            said = [line.split("SPEECH OUTPUT:")[1] for line in log if "SPEECH OUTPUT:" in line]
        print(f"{what}", flush=True)
        for words in said:
            print(f"    {words.split('{')[0].strip().strip(chr(39))}", flush=True)

    def keys(self, *names: str) -> None:
        for name in names:
            self.hear(f"[{name}]", lambda name=name: subprocess.run(["xdotool", "key", name], check=True))

    def write(self, text: str) -> None:
        self.hear(
            f"« {text} »", lambda: subprocess.run(["xdotool", "type", "--delay", "30", text], check=True)
        )


@contextmanager
def session(folder: Path) -> Iterator[Path]:
    """A screen, a window manager, the bus of assistive technology and Orca; gives Orca's log."""
    log, customs = folder / "orca.log", folder / ".local/share/orca"
    customs.mkdir(parents=True)
    (customs / "orca-customizations.py").write_text(WITHOUT_VOICE, encoding="utf-8")
    os.environ.update(
        DISPLAY=DISPLAY,
        HOME=str(folder),
        XDG_RUNTIME_DIR=str(folder),
        ACCESSIBILITY_ENABLED="1",
        LC_ALL="C.UTF-8",
    )
    os.environ.pop("XDG_DATA_HOME", None)
    for schema, key in SWITCHES:
        subprocess.run(["gsettings", "set", schema, key, "true"], check=True)
    commands = (
        ["Xvfb", DISPLAY, "-screen", "0", "1440x950x24"],
        ["openbox"],
        [BUS_LAUNCHER, "--launch-immediately"],
        ["orca", "--replace", f"--debug-file={log}"],
    )
    with ExitStack() as stack:
        for command in commands:
            process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            stack.callback(process.kill)
            time.sleep(1.5)
        until = time.monotonic() + 20
        while not log.exists() and time.monotonic() < until:
            time.sleep(0.2)
        yield log


def around(page: Page, listener: Listener, person: dict[str, str]) -> None:
    """From the door to a message that left."""
    hear, keys, write = listener.hear, listener.keys, listener.write
    hear("the field of the name", lambda: page.locator("#identifiant").focus())
    write(person["signInName"])
    keys("Tab")
    write("not-the-password")
    keys("Return")
    page.fill("#identifiant", person["signInName"])
    page.fill("input[type=password]", person["password"])
    hear("signed in", lambda: page.keyboard.press("Enter"), seconds=6)
    hear("the first conversation", lambda: page.locator(FIRST_ROW).focus())
    keys("Down", "Down", "e", "z", "l", "Escape", "b", "Escape", "ctrl+k", "Escape")
    keys("c")
    write("nat")
    keys("Return")
    write("lycee@dehors.example")
    keys("Return", "BackSpace", "Tab", "Tab", "Tab")
    write("Essai")
    keys("Tab")
    write("Bonjour.")
    hear("a draft is kept", lambda: None, seconds=3)
    hear("the text", lambda: page.locator(".editor-text").focus())
    keys("ctrl+Return")
    hear("the first conversation", lambda: page.locator(FIRST_ROW).focus())
    keys("Return", "h", "h", "h", *["Down"] * 12)


def main() -> int:
    parser = argparse.ArgumentParser(description="What a screen reader says on a way through the mail.")
    parser.add_argument("--instance", required=True, help="folder of a demo instance that runs")
    chosen = parser.parse_args()
    missing = [name for name in (*NEEDED, BUS_LAUNCHER) if shutil.which(name) is None]
    if missing:
        sys.exit(f"Missing: {', '.join(missing)}. apt-get install --no-install-recommends "
                 "orca at-spi2-core dbus xvfb openbox xdotool")  # fmt: skip
    if "CASIER_LISTENING" not in os.environ:  # a bus of its own, gone with it
        os.environ["CASIER_LISTENING"] = "1"
        os.execvp("dbus-run-session", ["dbus-run-session", "--", sys.executable, *sys.argv])
    os.environ["CASIER_TEST_INSTANCE"] = chosen.instance
    arguments = [
        *(one for one in CHROMIUM_ARGUMENTS if "headless" not in one),
        "--force-renderer-accessibility",
        "--window-size=1440,900",
    ]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        instance = stack.enter_context(started())
        open_wide(instance)
        listener = Listener(stack.enter_context(session(folder)))
        browser = stack.enter_context(sync_playwright()).chromium.launch_persistent_context(
            folder / "profile",
            executable_path=CHROMIUM,
            headless=False,
            args=arguments,
            locale="fr-FR",
            ignore_https_errors=True,
            no_viewport=True,
            ignore_default_args=["--enable-automation"],
        )
        stack.callback(browser.close)
        person = instance.demo(address=WHO)
        page = browser.pages[0]
        listener.hear("the door", lambda: page.goto(instance.web_url(person["academy"])), seconds=4)
        page.bring_to_front()
        subprocess.run(["xdotool", "mousemove", "400", "700", "click", "1"], check=True)
        around(page, listener, person)
    return 0
