"""Reading the help pages. They are part of the program: what they say is trusted."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

FOLDER = Path(__file__).parent
LANGUAGES = ("fr", "en")
# Subjects in the order in which one needs them; a page that isn't named here comes after them.
ORDER = (
    "premiers-pas", "entrer", "proteger-son-compte", "je-n-arrive-pas-a-entrer",
    "ecrire", "hors-ligne", "signatures", "recherche-et-clavier", "clavier", "apercu",
    "etiquettes-et-suivi", "filtres-et-absence",
    "boites-partagees", "liens", "images-et-liens", "menage", "retrouver", "importer-exporter",
    "annonces", "notifications", "groupes", "accessibilite",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One subject: its name in addresses, its title, one sentence about it, and its text as HTML."""

    topic: str
    title: str
    summary: str
    html: str


@cache
def pages(language: str) -> tuple[HelpPage, ...]:
    """All pages in LANGUAGE (French where there is no such), in the order to read them."""
    folder = FOLDER / (language if language in LANGUAGES else "fr")
    found = [_read(path) for path in folder.glob("*.md")]
    return tuple(sorted(found, key=_place))


def page(language: str, topic: str) -> HelpPage | None:
    """The page about TOPIC, or None."""
    return next((one for one in pages(language) if one.topic == topic), None)


def _place(one: HelpPage) -> tuple[int, str]:
    return (ORDER.index(one.topic) if one.topic in ORDER else len(ORDER), one.title)


def _read(path: Path) -> HelpPage:
    """A title, one sentence, the rest. Raises ValueError for a page without them."""
    text = path.read_text("utf-8")
    head, _, rest = text.partition("\n\n")
    summary = rest.partition("\n\n")[0]
    if not head.startswith("# ") or not summary:
        raise ValueError(f"{path}: a help page begins with a title and one sentence")
    # A table is named by the heading right before it; a page has one at most.
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(rest)
    named = re.sub(
        r"<h2>([^<]*)</h2>\n<table>",
        r'<h2 id="table">\1</h2>\n<table aria-labelledby="table">',
        html,
        count=1,
    )
    return HelpPage(path.stem, head.removeprefix("# ").strip(), " ".join(summary.split()), named)
