"""Messages for the tests of the roads, as bytes: what matters is often what no library would write."""

from __future__ import annotations

import base64
import io
import zipfile
from uuid import uuid4

from engines.roads_rig import ALICE, EICAR, OUTSIDER

ROADS = ("public", "clients", "jmap", "redirect")
# A message that Sieve passes on has been received before.
_PASSED_ON = "Received: from dehors.example by mail.ac-un.test; Sat, 21 Nov 2026 10:00:00 +0000\r\n"


def subject() -> str:
    return f"essai {uuid4().hex}"


def author(road: str) -> str:
    """Who writes on ROAD: our own people, or someone outside."""
    return ALICE if road in ("clients", "jmap") else OUTSIDER


def head(road: str, title: str, *extra: str) -> bytes:
    """Header lines of an ordinary message on ROAD, without the empty line."""
    lines = [
        f"From: {author(road)}",
        "To: bob@ac-un.test",
        f"Subject: {title}",
        f"Message-ID: <{uuid4().hex}@essai.example>",
        "Date: Sat, 21 Nov 2026 10:00:00 +0000",
        "MIME-Version: 1.0",
        *extra,
    ]
    text = "\r\n".join(lines) + "\r\n"
    return ((_PASSED_ON if road == "redirect" else "") + text).encode()


def plain(road: str, title: str, text: bytes = b"Bonjour\r\n", *extra: str) -> bytes:
    return head(road, title, *extra) + b"\r\n" + text


def attached(road: str, title: str, content: bytes, kind: str = "application/octet-stream") -> bytes:
    """A text with one attachment in base64."""
    body = base64.encodebytes(content).replace(b"\n", b"\r\n")
    return b"".join(
        (
            head(road, title, 'Content-Type: multipart/mixed; boundary="b1"'),
            b"\r\n--b1\r\nContent-Type: text/plain\r\n\r\nVoir le document.\r\n",
            f"--b1\r\nContent-Type: {kind}\r\nContent-Disposition: attachment\r\n".encode(),
            b"Content-Transfer-Encoding: base64\r\n\r\n" + body + b"--b1--\r\n",
        )
    )


def forwarded(road: str, title: str, inner: bytes) -> bytes:
    """INNER as an attached message (message/rfc822)."""
    return b"".join(
        (
            head(road, title, 'Content-Type: multipart/mixed; boundary="b2"'),
            b"\r\n--b2\r\nContent-Type: text/plain\r\n\r\nPour information.\r\n",
            b"--b2\r\nContent-Type: message/rfc822\r\n\r\n" + inner + b"\r\n--b2--\r\n",
        )
    )


def zipped(content: bytes, name: str = "document.txt") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


def nested(content: bytes, levels: int) -> bytes:
    for level in range(levels):
        content = zipped(content, "document.txt" if level == 0 else f"{level}.zip")
    return content


def bomb(unpacked: int) -> bytes:
    """A small archive that unpacks to UNPACKED bytes of nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("zeros", "w") as member:
        for _ in range(unpacked // 1_000_000):
            member.write(bytes(1_000_000))
    return buffer.getvalue()


def encrypted_zip() -> bytes:
    """An archive whose only file says that it is encrypted (APPNOTE 4.4.4, bit 0)."""
    data = bytearray(zipped(b"secret de polichinelle " * 20))
    data[6] |= 1
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    return bytes(data)


def infected(kind: str, road: str, title: str) -> bytes:
    """A message with the test virus, hidden as KIND says."""
    match kind:
        case "attached":
            return attached(road, title, EICAR)
        case "with a line end":
            return attached(road, title, EICAR + b"\r\n")
        case "attached as text":
            return attached(road, title, b"Bonjour,\r\n\r\n" + EICAR + b"\r\n", "text/plain")
        case "in the text":
            return plain(road, title, b"Bonjour,\r\n\r\n" + EICAR + b"\r\nCordialement\r\n")
        case "in text as base64":
            body = base64.encodebytes(b"Bonjour,\r\n" + EICAR).replace(b"\n", b"\r\n")
            extra = ("Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64")
            return head(road, title, *extra) + b"\r\n" + body
        case "in a zip":
            return attached(road, title, zipped(EICAR), "application/zip")
        case "in nested zips":
            return attached(road, title, nested(EICAR, 4), "application/zip")
        case "in a forwarded message":
            return forwarded(road, title, attached("public", "dedans", EICAR))
        case "in a zip in a forwarded message":
            return forwarded(road, title, attached("public", "dedans", zipped(EICAR), "application/zip"))
    raise ValueError(kind)


KINDS_OF_INFECTION = (
    "attached",
    "with a line end",
    "attached as text",
    "in the text",
    "in text as base64",
    "in a zip",
    "in nested zips",
    "in a forwarded message",
    "in a zip in a forwarded message",
)
