"""The first words of a message, as a list shows them.

Cyrus would read and decode the whole message each time a list is shown; here it is done once, from its
beginning, when the message is stored.
"""

from __future__ import annotations

import binascii
import codecs
import html
import quopri
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import BinaryIO

from casier.engines.cyrus.arriving.parts import Part

LONGEST = 200  # characters; RFC 8621 §4.1.4 allows 256
READ_BYTES = 32 * 1024
_TEXT_CHARS = 4_000
_HTML_CHARS = 32_000
_UNSEEN = frozenset({"head", "style", "script", "title", "template", "noscript"})
_ENDS_WORD = frozenset({"br", "p", "div", "td", "th", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr"})
_QUOTED = re.compile(r"^>.*$", re.MULTILINE)
# What spreads through newsletters to fill the preview with nothing: zero-width and soft characters.
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_NO_DIGIT = re.compile(rb"[^A-Za-z0-9+/]")
_SPACES = re.compile(r"\s+")


def preview_of(message: Part, file: BinaryIO) -> str:
    """The first words of the message with these parts in FILE; "" where it has no text."""
    part = _first_text(message)
    if part is None:
        return ""
    file.seek(part.offset)
    text = _decoded(_content(file.read(min(part.size, READ_BYTES)), part.encoding), part.charset)
    shown = _seen_in_html(text) if part.kind == "text/html" else _QUOTED.sub("", text[:_TEXT_CHARS])
    return _SPACES.sub(" ", _INVISIBLE.sub("", shown)).strip()[:LONGEST].rstrip()


def _first_text(message: Part) -> Part | None:
    """The first part to be read as text: plain before HTML, as a reader of one line wants it."""
    texts = [
        part
        for part in _leaves(message)
        if part.kind in ("text/plain", "text/html") and part.disposition != "attachment"
    ]
    return min(texts[:3], key=lambda part: part.kind == "text/html", default=None)


def _leaves(part: Part) -> Iterator[Part]:
    if not part.kind.startswith("multipart/"):
        yield part
    for inner in part.parts:
        yield from _leaves(inner)


def _content(encoded: bytes, encoding: str) -> bytes:
    """ENCODED without its transfer encoding; its end may be missing."""
    if encoding == "quoted-printable":
        return quopri.decodestring(encoded)
    if encoding != "base64":
        return encoded
    digits = _NO_DIGIT.sub(b"", encoded)
    digits = digits[: len(digits) - (len(digits) % 4 == 1)]
    return binascii.a2b_base64(digits + b"=" * (-len(digits) % 4))


def _decoded(content: bytes, charset: str) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return codecs.getincrementaldecoder(name)().decode(content).replace("\0", "")
        except (LookupError, ValueError):
            continue
    # Neither what it says nor UTF-8: in French mail that is Windows's own.
    return content.decode("cp1252", "replace").replace("\0", "")


class _Enough(Exception):
    pass


class _Seen(HTMLParser):
    """Collects the text that a reader sees, until there is enough of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._length = 0
        self._unseen = 0

    def handle_starttag(self, tag: str, _attributes: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in _UNSEEN
        if tag in _ENDS_WORD:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(0, self._unseen - (tag in _UNSEEN))

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self.words.append(data)
        self._length += len(data.strip())
        if self._length > 2 * LONGEST:
            raise _Enough


def _seen_in_html(text: str) -> str:
    seen = _Seen()
    try:
        seen.feed(text[:_HTML_CHARS])
        seen.close()
    except _Enough:
        pass
    except (AssertionError, ValueError):
        # Nothing that a parser of HTML should do. Tags are no harm in a list, which shows them as text.
        return html.unescape(text[:LONGEST])
    return "".join(seen.words)
