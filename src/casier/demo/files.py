"""Small real files to attach: they open in the programs that they are for."""

from __future__ import annotations

import io
import random
import struct
import textwrap
import zipfile
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from casier.demo import data


@dataclass(frozen=True, slots=True)
class File:
    name: str
    type: str
    content: bytes = field(repr=False)


def make(kind: str, title: str, lines: list[str], chance: random.Random) -> File:
    """A file of KIND (pdf, odt, png) that bears TITLE and, when it has text, LINES."""
    safe = title.replace("/", "-")
    if kind == "pdf":
        return File(f"{safe}.pdf", "application/pdf", pdf(title, lines))
    if kind == "odt":
        return File(f"{safe}.odt", "application/vnd.oasis.opendocument.text", odt(title, lines))
    return File(f"{safe}.png", "image/png", png(chance))


def pdf(title: str, lines: list[str]) -> bytes:
    """One page of text in Helvetica (ISO 32000-1), A4."""
    wrapped = [part for line in lines for part in (textwrap.wrap(line, 88) or [""])][:48]
    text = [b"BT /F1 16 Tf 60 780 Td (" + _pdf_text(title[:60]) + b") Tj /F1 11 Tf 0 -30 Td 15 TL"]
    text += [b"(" + _pdf_text(line) + b") Tj T*" for line in wrapped]
    stream = zlib.compress(b"\n".join([*text, b"ET"]))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (fr-FR) >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream) + stream + b"\nendstream",
    ]
    return _pdf_file(objects)


def _pdf_file(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


def _pdf_text(text: str) -> bytes:
    raw = text.encode("cp1252", "replace")
    return raw.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def odt(title: str, lines: list[str]) -> bytes:
    """A text document (OpenDocument 1.3), its type first and not compressed: programs know it by that."""
    paragraphs = "".join(f"<text:p>{escape(line)}</text:p>" for line in lines)
    body = f'<text:h text:outline-level="1">{escape(title)}</text:h>{paragraphs}'
    parts = [
        ("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED),
        ("content.xml", data.template("odt-content.xml").substitute(body=body), zipfile.ZIP_DEFLATED),
        ("META-INF/manifest.xml", data.template("odt-manifest.xml").template, zipfile.ZIP_DEFLATED),
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text, how in parts:
            # A fixed date: the same letter has the same bytes each time.
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), text.encode(), how)
    return out.getvalue()


def png(chance: random.Random, width: int = 320, height: int = 200) -> bytes:
    """A picture of coloured blocks, as a plan of rooms might look."""
    colours = [bytes(chance.randrange(120, 250) for _ in range(3)) for _ in range(24)]
    rows = []
    for y in range(height):
        wall = y % 50 < 2
        cells = (
            b"\x40\x48\x46" if wall or x % 54 < 2 else colours[(x // 54 + 6 * (y // 50)) % 24]
            for x in range(width)
        )
        rows.append(b"\0" + b"".join(cells))
    header = struct.pack("!2I5B", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@dataclass(frozen=True, slots=True)
class Meeting:
    """What an invitation invites to."""

    uid: str
    title: str
    place: str
    starts: datetime
    ends: datetime
    organiser: tuple[str, str]  # name, address
    guests: tuple[tuple[str, str], ...]
    sent: datetime


def invitation(meeting: Meeting) -> str:
    """MEETING as iTIP (RFC 5546 §3.2.2), lines folded at 75 octets."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Casier//Demonstration//FR", "METHOD:REQUEST",
        "BEGIN:VEVENT",
        f"UID:{meeting.uid}", "SEQUENCE:0", f"DTSTAMP:{_utc(meeting.sent)}",
        f"DTSTART:{_utc(meeting.starts)}",
        f"DTEND:{_utc(meeting.ends)}", f"SUMMARY:{_ical(meeting.title)}", f"LOCATION:{_ical(meeting.place)}",
        f'ORGANIZER;CN="{meeting.organiser[0]}":mailto:{meeting.organiser[1]}',
        *(
            f'ATTENDEE;CN="{name}";ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{address}'
            for name, address in meeting.guests
        ),
        "STATUS:CONFIRMED", "TRANSP:OPAQUE", "END:VEVENT", "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(_fold(line) + "\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _ical(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _fold(line: str) -> str:
    """LINE in pieces of at most 75 octets, never inside a letter (RFC 5545 §3.1)."""
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > (75 if not pieces else 74):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join([*pieces, piece])
