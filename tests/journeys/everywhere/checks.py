"""What is looked at on each screen: axe, then what axe can't see."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OURS = Path(__file__).with_name("checks.js")
NAMES = Path(__file__).with_name("names.js")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Text spacing that nobody may break (WCAG 1.4.12, RGAA 10.12).
SPACING = """
*:not(svg, svg *) {
  line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important;
}
p { margin-bottom: 2em !important }"""


# Checks of our own, by the names that faults bear.
OWN = (
    "opens", "sideways", "cut", "landmarks", "fingers", "focus", "rings", "decor", "document",
    "dress", "legends", "windows", "spacing", "motion", "escape", "returns", "valid", "groups", "beside",
    "links", "spoken", "tree",
)  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong on a screen: which check, how grave, and where."""

    check: str
    gravity: str
    where: str


@cache
def _axe() -> Axe:
    return Axe()


def axe(page: Page, *, sheet_alone: bool = False) -> list[Fault]:
    """What axe finds. A sheet hides the page behind it, which was looked at by itself."""
    context = "dialog[open]" if sheet_alone and page.locator("dialog[open]").count() == 1 else None
    found = _axe().run(page, context=context, options={"runOnly": RULES, "resultTypes": ["violations"]})
    return [
        Fault(f"axe {one['id']}", one["impact"] or "minor", f"{node['html'][:150]} {_numbers(node)}")
        for one in found.response["violations"]
        for node in one["nodes"][:4]
    ]


def axe_rules(page: Page) -> list[str]:
    """The names of the rules that are looked at."""
    told = _axe().run(page, options={"runOnly": RULES}).response
    groups = ("violations", "passes", "incomplete", "inapplicable")
    return sorted({f"axe {one['id']}" for group in groups for one in told[group]})


def _numbers(node: dict[str, Any]) -> str:
    """The figures of a contrast that is too low."""
    data: dict[str, Any] = next(
        (check.get("data") for check in node.get("any", []) if isinstance(check.get("data"), dict)), {}
    )
    return (
        f"{data['fgColor']} on {data['bgColor']}: {data['contrastRatio']}" if "contrastRatio" in data else ""
    )


def ours(page: Page, language: str, *, fingers: bool) -> list[Fault]:
    """Sideways scrolling, cut words, small targets, landmarks, where the keys are, what moves."""
    page.evaluate(OURS.read_text("utf-8"))
    page.evaluate(NAMES.read_text("utf-8"))

    def told(check: str, gravity: str, argument: Any = None) -> list[Fault]:
        lines = page.evaluate(f"(argument) => casierChecks.{check}(argument)", argument)
        return [Fault(check, gravity, line) for line in lines]

    found = told("sideways", "serious") + told("cut", "moderate") + told("landmarks", "serious", language)
    found += told("focus", "serious") + told("dress", "moderate")
    found += [Fault("document", "serious", one.where) for one in told("page", "serious")]
    found += told("decor", "moderate") + told("legends", "serious")
    for check in ("valid", "groups", "beside", "links", "spoken"):
        found += told(check, "serious")
    if len(page.context.pages) > 1:
        found.append(Fault("windows", "serious", "a window that nobody asked for"))
    if fingers:
        found += [Fault("fingers", "minor", one.where) for one in told("targets", "minor", 40)]
    return found


def inventory(page: Page) -> dict[str, Any]:
    """What everything on the screen is called, once `ours` has looked: for who judges names."""
    names: dict[str, Any] = page.evaluate("casierChecks.inventory()")
    return names


def rings(page: Page) -> list[Fault]:
    """Whether each control shows that it has the keys."""
    page.keyboard.press("Shift")  # the keys are in use: a browser shows no ring to who clicks
    return [Fault("rings", "serious", line) for line in page.evaluate("casierChecks.rings()")]


def spaced(page: Page) -> list[Fault]:
    """What breaks when letters, words and lines stand further apart."""
    style = page.add_style_tag(content=SPACING)
    found = [
        Fault("spacing", "serious", line)
        for check in ("sideways", "cut")
        for line in page.evaluate(f"casierChecks.{check}()")
    ]
    style.evaluate("style => style.remove()")
    return found


def still(page: Page) -> list[Fault]:
    """What moves although less motion is wanted."""
    return [Fault("motion", "serious", line) for line in page.evaluate("casierChecks.motion()")]
