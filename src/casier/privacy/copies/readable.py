"""The pages of a copy: plain HTML that opens without a network, and in which nothing can run.

Everything is escaped; a policy in the page forbids scripts, forms and anything from elsewhere, whatever
somebody managed to have written into a name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from casier.kernel.words import Words
from casier.privacy.copies.labels import column, in_language, value

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:75rem;padding:1.5rem;"
    "color:#161616;background:#fff}"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "th,td{border:1px solid #c8c8c8;padding:.4rem .6rem;"
    "text-align:left;vertical-align:top;overflow-wrap:break-word}th{background:#f2f2f2}a{color:#0b4f9e}"
    ".wide{overflow-x:auto}.soft{color:#555}h1{line-height:1.2}li{margin:.25rem 0}"
    "@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th{background:#2a2a2a}"
    "th,td{border-color:#555}a{color:#8ab8ff}.soft{color:#bbb}}"
)
_DEEPEST = 5
_EMPTY: Words = ("Rien.", "Nothing.")


@dataclass(frozen=True, slots=True)
class Listed:
    """A section as the first page lists it."""

    code: str
    title: Words
    count: int


def begins(title: str, language: str) -> bytes:
    """The beginning of a page called TITLE."""
    name = escape(title)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{name}</title><style>{_STYLE}</style></head><body><main><h1>{name}</h1>\n"
    ).encode()


ENDS = b"</main></body></html>\n"


def table(title: str, shown: Sequence[str], rows: Iterable[dict[str, Any]], language: str) -> Iterator[bytes]:
    """A section's page, row by row."""
    yield begins(title, language)
    back = in_language(("Toutes les rubriques", "All sections"), language)
    yield f'<p><a href="../index.html">{escape(back)}</a></p><div class="wide"><table><thead><tr>'.encode()
    yield "".join(f'<th scope="col">{escape(column(name, language))}</th>' for name in shown).encode()
    yield b"</tr></thead><tbody>\n"
    some = False
    for row in rows:
        some = True
        cells = (f"<td>{escape(_cell(row.get(name), language))}</td>" for name in shown)
        yield f"<tr>{''.join(cells)}</tr>\n".encode()
    if not some:
        yield f'<tr><td colspan="{len(shown)}">{escape(in_language(_EMPTY, language))}</td></tr>'.encode()
    yield b"</tbody></table></div>" + ENDS


def _cell(found: Any, language: str, depth: int = 0) -> str:
    """FOUND as it is read: moments as people write them, the commonest codes in words."""
    if found in (None, "", [], {}):
        return "–"
    if isinstance(found, str):
        moment = _parsed(found)
        return _moment(moment, language) if moment else value(found, language)
    if isinstance(found, bool | int | float):
        return value(str(found), language)
    if depth == _DEEPEST:
        return json.dumps(found, ensure_ascii=False)
    if isinstance(found, dict):
        between = ": " if language == "en" else "\u00a0: "
        pairs = (
            f"{column(str(name), language)}{between}{_cell(one, language, depth + 1)}"
            for name, one in found.items()
        )
        return " · ".join(pairs)
    return ", ".join(_cell(one, language, depth + 1) for one in found)


def _parsed(text: str) -> datetime | None:
    """The moment that TEXT is, if it is one."""
    if len(text) <= len("2026-01-01") or text[:2] not in {"19", "20"}:
        return None
    try:
        return parse_datetime(text)
    except ValueError:  # it has the form of a moment that there never was
        return None


def _moment(moment: datetime, language: str) -> str:
    local = localtime(moment) if moment.tzinfo else moment
    return f"{local:%d/%m/%Y %H:%M}" if language == "fr" else f"{local:%Y-%m-%d %H:%M}"


def index(name: str, at: datetime, sections: Sequence[Listed], files: Sequence[str], language: str) -> bytes:
    """The first page: what is in the copy, and where."""
    french = language != "en"
    title = f"Les données de {name}" if french else f"The data of {name}"
    lead = (
        "Voici ce que la messagerie conserve à votre sujet. Ouvrez une rubrique pour la lire ; "
        "le dossier « donnees » contient la même chose pour un programme."
        if french
        else "This is what the mail service keeps about you. Open a section to read it; the folder “donnees” "
        "holds the same for a program."
    )
    left = (
        "Les mots de passe, codes et clés n’y sont pas : même la plateforme ne les connaît pas, ou ils "
        "ouvriraient votre compte. Ce qui concerne d’autres personnes est masqué. Le courrier des boîtes "
        "fonctionnelles appartient au service. Les traces techniques des moteurs (acheminement, accès, "
        "un an au plus) n’y sont pas non plus : demandez-les au délégué à la protection des données."
        if french
        else "Passwords, codes and keys are not here: not even the platform knows them, or they would open "
        "your account. What is about other people is masked. The mail of functional mailboxes is the "
        "service’s. The engines’ technical logs (delivery, access, a year at most) are not here either: "
        "ask the data protection officer for them."
    )
    proof = (
        "Le fichier SHA256SUMS, signé, montre que rien n’a été changé depuis."
        if french
        else "The signed file SHA256SUMS shows that nothing was changed since."
    )
    items = "".join(
        f'<li><a href="pages/{one.code}.html">{escape(in_language(one.title, language))}</a> '
        f'<span class="soft">({one.count})</span></li>'
        for one in sections
        if one.count
    )
    none = ", ".join(escape(in_language(one.title, language)) for one in sections if not one.count)
    nothing = ("Rien n’est conservé pour : " if french else "Nothing is kept for: ") + none + "."
    folders = "".join(f"<li>{escape(one)}</li>" for one in files)
    parts = [
        f'<p>{escape(lead)}</p><p class="soft">{escape(_moment(at, language))}</p>',
        f"<h2>{'Rubriques' if french else 'Sections'}</h2><ul>{items}</ul>",
        f'<p class="soft">{nothing}</p>' if none else "",
        f"<h2>{'Fichiers' if french else 'Files'}</h2><ul>{folders}</ul>",
        f'<p>{escape(left)}</p><p class="soft">{escape(proof)}</p>',
    ]
    return begins(title, language) + "".join(parts).encode() + ENDS
