"""The requests of an AAF file, one at a time, from a stream that may be hostile.

The parser is the platform's own Expat. It loads nothing from anywhere; here a document type may name its
description and say no more, so that there is no entity to expand, and every size has a limit which holds
while the file is read, not after.

Letters as HTML writes them (&eacute;, and &apos; escaped once more) are met in feeds that came through web
programs: each stands for one sign of HTML's own fixed list, nothing that a file could declare.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from html.entities import html5
from typing import BinaryIO
from xml.parsers import expat

from casier.feed.records import BadFeed
from casier.kernel.misread import ONE_BYTE, in_utf8

ROOT = "ficAlimMENESR"
CHUNK = 64 * 1024
LONGEST_TOKEN = 256 * 1024  # of a tag, comment or declaration
LONGEST_VALUE = 64 * 1024
LARGEST_RECORD = 1024 * 1024  # characters of all its values
MOST_VALUES = 20_000
DEEPEST = 8

_DECLARATION = re.compile(rb"""<\?xml\s[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_LATIN = re.compile("latin[-_]", re.IGNORECASE)
_REFERENCE = re.compile(r"&(#\d{1,6}|#[xX][0-9A-Fa-f]{1,5}|[A-Za-z][A-Za-z0-9]{1,8});")
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf-16": "utf-16",
    "ascii": "utf-8",
    "iso8859-1": "iso-8859-1",
    "iso8859-15": "iso-8859-15",
    "cp1252": "windows-1252",
}
# How a file begins in UTF-16 without a mark.
_UNMARKED = {"<".encode("utf-16-le"): "utf-16le", "<".encode("utf-16-be"): "utf-16be"}
_ENDS_EARLY = {
    expat.errors.codes[message]
    for message in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
    )
}


@dataclass(slots=True)
class Request:
    """One request as it is written: attributes by their name in lower case, as LDAP compares them."""

    number: int
    line: int
    tag: str
    category: str = ""
    key: str = ""
    attributes: dict[str, list[str]] = field(default_factory=dict)
    operations: set[str] = field(default_factory=set)


def requests(stream: BinaryIO, name: str, encoding: str = "") -> Iterator[Request]:
    """Every request of the file NAME. ENCODING: what the file is in where it doesn't say. Raises BadFeed."""
    start = stream.read(CHUNK)
    encoding, start = _encoding(start, name, encoding)
    reading = _Reading(name, encoding)
    fed, chunk = 0, start
    while chunk:
        fed += len(chunk)
        yield from reading.feed(chunk, fed)
        chunk = stream.read(CHUNK)
    yield from reading.feed(b"", fed)


def is_utf8(stream: BinaryIO) -> bool:
    """Whether all of STREAM is UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := stream.read(1024 * 1024):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def says_encoding(start: bytes) -> bool:
    """Whether a file that begins with START tells what it is encoded in."""
    bare = start.lstrip()
    if start.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, *_UNMARKED)):
        return True
    declared = _DECLARATION.match(bare[:300])
    return declared is not None and not _utf_16(declared[1])


def _utf_16(written: bytes) -> bool:
    """Whether a declaration says UTF-16, which it doesn't mean where it can be read a byte at a time."""
    return written.lower().replace(b"_", b"-").startswith(b"utf-16")


def unescaped(text: str) -> str:
    """TEXT with the letters that are still written as HTML does, once and no further."""
    return _REFERENCE.sub(_sign, text) if "&" in text else text


def _sign(reference: re.Match[str]) -> str:
    written, name = reference[0], reference[1]
    return unescape(written) if name.startswith("#") else html5.get(f"{name};", written)


def _encoding(start: bytes, name: str, otherwise: str) -> tuple[str, bytes]:
    """The encoding, and START without what stands before the document."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", start
    if unmarked := _UNMARKED.get(start[:2]):
        return unmarked, start
    marked = start.startswith(codecs.BOM_UTF8)
    start = start.removeprefix(codecs.BOM_UTF8).lstrip()
    declared = _DECLARATION.match(start[:300])
    if marked or not declared or _utf_16(declared[1]):
        return "utf-8" if marked else otherwise or "utf-8", start
    written = declared[1].decode()
    try:
        return _ENCODINGS[codecs.lookup(_LATIN.sub("latin", written)).name], start
    except (LookupError, KeyError):
        raise BadFeed(
            f"{name} says that it is in {written}, which no feed is.",
            reason="encoding_unknown",
            file=name,
            encoding=written,
        ) from None


class _Reading:
    """The state of a parse; requests that are complete wait in `_ready`."""

    def __init__(self, name: str, encoding: str) -> None:
        self._name, self._encoding = name, encoding
        self._ready: list[Request] = []
        self._depth = self._count = self._size = self._values = 0
        self._begun = False
        self._request: Request | None = None
        self._section = self._attribute = ""
        self._text: list[str] | None = None
        parser = expat.ParserCreate(encoding)
        parser.buffer_text = True
        parser.buffer_size = 16 * 1024
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = self._entity
        parser.SkippedEntityHandler = self._skipped
        parser.ExternalEntityRefHandler = self._entity
        # As if every file had a description somewhere: what nothing declares is then told to `_skipped`.
        parser.UseForeignDTD(True)
        self._parser = parser

    def feed(self, chunk: bytes, fed: int) -> list[Request]:
        """What CHUNK completes; FED bytes were given so far, and no chunk is the end."""
        try:
            self._parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            raise self._bad_xml(error) from error
        if chunk and fed - self._parser.CurrentByteIndex > LONGEST_TOKEN:
            raise self._bad("too_large", "holds something too large")
        ready, self._ready = self._ready, []
        return ready

    def _bad(self, reason: str, what: str, **facts: object) -> BadFeed:
        line = self._parser.CurrentLineNumber
        return BadFeed(
            f"{self._name} {what} (line {line}).", reason=reason, file=self._name, line=line, **facts
        )

    def _bad_xml(self, error: expat.ExpatError) -> BadFeed:
        if error.code in _ENDS_EARLY:
            return self._bad("cut_short", "ends before its end")
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN] and self._begun:
            return self._bad("bad_bytes", f"is not {self._encoding} all through", encoding=self._encoding)
        return self._bad("not_xml", f"is not sound XML: {expat.ErrorString(error.code)}")

    def _doctype(self, _name: str, _system: str | None, _public: str | None, inside: int) -> None:
        if inside:
            raise self._bad("hostile", "declares more than its type")

    def _entity(self, *_: object) -> int:
        raise self._bad("hostile", "declares an entity")

    def _skipped(self, entity: str, parameter: int) -> None:
        sign = html5.get(f"{entity};")
        if sign and not parameter and self._text is not None:
            return self._characters(sign)
        raise self._bad("hostile", f"uses the entity {entity[:40]!r}, which nothing declares")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if tag in {"value", "id"}:
            self._text = []
        elif tag in {"attr", "modification"}:
            self._attribute = attributes.get("name", "").lower()
            self._counted()
            if tag == "modification" and self._request:
                self._request.operations.add(attributes.get("operation", ""))
                self._request.attributes.setdefault(self._attribute, [])
        elif self._depth == 2:
            self._count += 1
            self._size = self._values = 0
            self._request = Request(self._count, self._parser.CurrentLineNumber, tag)
        elif self._depth == 1:
            self._root(tag)
        else:
            self._section = tag
        if self._depth > DEEPEST:
            raise self._bad("too_deep", "is nested too deeply")

    def _root(self, tag: str) -> None:
        self._begun = True
        if tag != ROOT:
            raise self._bad("not_a_feed", f"is XML, but no feed: it begins with {tag[:40]!r}", root=tag[:40])

    def _end(self, tag: str) -> None:
        self._depth -= 1
        if tag in {"value", "id"}:
            self._value(tag)
        elif self._depth == 1 and self._request:
            self._ready.append(self._request)
            self._request = None
            self._section = ""

    def _characters(self, text: str) -> None:
        if self._text is None:
            return
        self._text.append(text)
        self._size += len(text)
        if self._size > LARGEST_RECORD or sum(map(len, self._text)) > LONGEST_VALUE:
            raise self._bad("too_large", "holds something too large")

    def _counted(self) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._bad("too_large", "holds something too large")

    def _value(self, tag: str) -> None:
        text, self._text = "".join(self._text or ()), None
        text = unescaped(in_utf8(text, self._encoding) if self._encoding in ONE_BYTE else text).strip()
        if (request := self._request) is None:
            return
        self._counted()
        if tag == "id":
            request.key = text
        elif self._section == "operationalAttributes":
            request.category = request.category or text
        else:
            request.attributes.setdefault(self._attribute, []).append(text)
