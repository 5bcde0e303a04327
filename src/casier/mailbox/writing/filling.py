"""Filling a signature's template from what is known of a person. No database here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from html import escape
from html.parser import HTMLParser

from casier.kernel.errors import CasierError

_FIELD = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_TAGS = frozenset(
    [
        "p",
        "div",
        "span",
        "br",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "a",
        "table",
        "tbody",
        "tr",
        "td",
        "ul",
        "ol",
        "li",
    ]
)
_ATTRIBUTES = frozenset({"href", "style"})
_STYLE = re.compile(r"[\w\s#%.,:;()'\"-]*")
LONGEST = 8000
LONGEST_ADDRESS = 300
_CHARTER = re.compile(r"https://[^\s<>\"'{}\\]+")


class BadTemplate(CasierError):
    """A template holds something that a signature must not; the facts say what."""

    code = "bad_template"


class TooLong(BadTemplate):
    """More than MOST letters in one of its forms."""

    code = "template_too_long"


class UnknownFields(BadTemplate):
    """FIELDS aren't among those KNOWN."""

    code = "unknown_fields"


class Forbidden(BadTemplate):
    """FOUND: elements or attributes beyond words, links, lists, tables and simple looks."""

    code = "not_in_signature"


class SaysNothing(BadTemplate):
    """One of its forms has no words."""

    code = "signature_empty"


class BadCharter(BadTemplate):
    """The address of the charter isn't one of the web."""

    code = "bad_charter"


@dataclass(frozen=True, slots=True)
class Fields:
    """What a template may name, in the words of those who write it."""

    nom: str = ""
    fonction: str = ""
    etablissement: str = ""
    ville: str = ""
    academie: str = ""
    adresse: str = ""
    charte: str = ""


_KNOWN = frozenset(Fields.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Filled:
    """A signature in both its forms."""

    html: str
    text: str


def fill(html: str, text: str, fields: Fields) -> Filled:
    """Both forms with the values of FIELDS. A line of which nothing is known is left out."""
    return Filled(_fill(html, fields, escape), _fill(text, fields, str))


def _fill(template: str, fields: Fields, written: Callable[[str], str]) -> str:
    known = asdict(fields)
    lines = []
    for line in template.strip().splitlines():
        values = [known[name] for name in _FIELD.findall(line)]
        if all(values):
            lines.append(_FIELD.sub(lambda found: written(known[found.group(1)]), line))
    return "\n".join(lines)


def check(html: str, text: str, charter: str = "") -> None:
    """Raises BadTemplate when a field is unknown, or the HTML holds more than words, links and their look."""
    if charter and (len(charter) > LONGEST_ADDRESS or not _CHARTER.fullmatch(charter)):
        raise BadCharter(
            f"Not an https address of {LONGEST_ADDRESS} letters at most: {charter[:80]!r}.",
            charter=charter[:80],
        )
    if not text.strip() or not _plain(html):
        raise SaysNothing("Both forms, HTML and plain text, must say something.")
    if len(html) > LONGEST or len(text) > LONGEST:
        raise TooLong(f"A signature has {LONGEST} letters at most in each form.", most=LONGEST)
    known = ", ".join(Fields.__dataclass_fields__)
    unknown = ", ".join(sorted({name for name in _FIELD.findall(html + text) if name not in _KNOWN}))
    if unknown:
        raise UnknownFields(f"No such field: {unknown}. There are: {known}.", fields=unknown, known=known)
    parser = _Checker()
    parser.feed(html)
    parser.close()
    if parser.faults:
        found = ", ".join(parser.faults[:5])
        raise Forbidden(f"Not allowed in a signature: {found}.", found=found)


class _Checker(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.faults.append(f"<{tag}>")
        self.faults += [f"{name}={value}" for name, value in attrs if not _allowed(name, value or "")]

    def handle_decl(self, decl: str) -> None:
        self.faults.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.faults.append(f"<?{data}>")


def _allowed(name: str, value: str) -> bool:
    if name == "href":
        return value.startswith(("https://", "mailto:")) or _FIELD.fullmatch(value) is not None
    return name in _ATTRIBUTES and "url" not in value and _STYLE.fullmatch(value) is not None


def holds(body: str, signature: str) -> bool:
    """Whether the words of each line of SIGNATURE stand in BODY, however they are wrapped; both in one form.

    What BODY quotes doesn't count: the signature of an earlier message isn't this one's.
    """
    said = _plain(body)
    return all(line in said for line in map(_plain, signature.splitlines()) if line)


class _Words(HTMLParser):
    """The words of a text that aren't quoted from another message."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._quoted = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._quoted += tag == "blockquote"

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self._quoted:
            self._quoted -= 1

    def handle_data(self, data: str) -> None:
        if not self._quoted:
            self.words.append(data)


def _plain(text: str) -> str:
    """Letters and digits alone: blanks, quotes and tags differ from one form to the other."""
    parser = _Words()
    parser.feed(text)
    parser.close()
    return re.sub(r"[\W_]+", "", "".join(parser.words)).casefold()
