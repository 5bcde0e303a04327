"""A deleted message as plain text: enough to know it again, nothing that could do anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, MIMEPart
from email.policy import default
from html.parser import HTMLParser
from typing import cast

from casier.mailbox.restoring.reading import text_of

LONGEST = 20_000
_PARTS = 200
_UNSEEN = frozenset({"head", "style", "script", "title", "template", "noscript"})
_ENDS_LINE = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "blockquote"})


@dataclass(frozen=True, slots=True)
class Look:
    """The text, and the names of the files that came with it."""

    text: str
    files: tuple[str, ...]


def look_at(content: bytes) -> Look:
    """What CONTENT says; as much as a glance needs. Never raises for what a message may hold."""
    try:
        message = message_from_bytes(content, policy=default)
        return Look(_text(message), tuple(_files(message)))
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        # the parser of the standard library stumbles over some headers; the message itself is whole
        return Look("", ())


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain", "html"))
    if body is None:
        return ""
    raw = cast("bytes", body.get_payload(decode=True) or b"")[: LONGEST * 8]
    text = _decoded(raw, str(body.get_content_charset() or "utf-8"))
    shown = _seen(text) if body.get_content_subtype() == "html" else text
    lines = (line.rstrip() for line in shown.replace("\r", "").replace("\0", "").split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()[:LONGEST]


def _decoded(raw: bytes, charset: str) -> str:
    for one in (charset, "utf-8"):
        try:
            return raw.decode(one)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("cp1252", "replace")


def _files(message: EmailMessage) -> list[str]:
    parts = [part for part, _ in zip(message.walk(), range(_PARTS), strict=False)]
    names = (cast("MIMEPart", part).get_filename() for part in parts if not part.is_multipart())
    return [text_of(name) for name in names if name]


def _seen(text: str) -> str:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return "".join(reader.words)


class _Reader(HTMLParser):
    """Keeps what one would read."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _UNSEEN
        if tag in _ENDS_LINE:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(re.sub(r"\s+", " ", data))
