"""One hostile message: what it holds and what it is after."""

from __future__ import annotations

import base64
import re
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum

# Every address of a trap ends in this; nobody owns it (RFC 6761).
TRAP = "piege.test"
# What running code says on the console; said from any frame, whatever its policy.
SAID = "casier-ran:"
# The header by which a message in the mailbox is known again, whatever else it holds.
MARK = "X-Casier-Case"
OWN_HEADERS = re.compile(rb"^(?:Message-ID|References|In-Reply-To)\s*:\s*", re.IGNORECASE | re.MULTILINE)


class After(StrEnum):
    """What a case is after."""

    RUN = "run"  # code
    FETCH = "fetch"  # a request that tells who reads, when and where
    COVER = "cover"  # our own interface: covering, moving, navigating, stealing focus


@dataclass(frozen=True, slots=True)
class Case:
    """A message of a family. CONTROL: a page without protection must fall for it in today's browser."""

    family: str
    after: After
    html: str = ""
    control: bool = True
    name: str = ""
    raw: bytes | None = field(
        default=None, repr=False
    )  # a whole message, where the HTML alone isn't the point
    text: str = ""

    def named(self, name: str) -> Case:
        """The same case with its name, put where it stands for."""
        raw = None if self.raw is None else filled(self.raw.decode("latin-1"), name).encode("latin-1")
        return Case(
            self.family,
            self.after,
            filled(self.html, name),
            self.control,
            name,
            raw,
            filled(self.text, name),
        )

    def message(self) -> bytes:
        """The message as it is delivered."""
        raw = self.raw if self.raw is not None else letter(self.name, self.html or None, self.text).as_bytes()
        # Its own thread, and new to the store each time: it drops what it has had already.
        raw = OWN_HEADERS.sub(b"X-Was: ", raw)
        marks = f"{MARK}: {self.name}\r\nMessage-ID: <{self.name}.{time.time_ns()}@exemple.fr>\r\n"
        # The store refuses a NUL, and no message on its way may hold one (RFC 5322 §2.1).
        return marks.encode() + raw.replace(b"\0", b"")


def filled(text: str, name: str) -> str:
    """TEXT with what its marks stand for: %JS% code without quotes, %H% a host of the trap."""
    host = f"{name}.{TRAP}"
    code = f"console.log(/{SAID}{name}/.source)"
    marks = {"%JS%": code, "%H%": host, "%U%": f"http://{host}", "%ID%": name}
    marks["%JS64%"] = base64.b64encode(f"<script>{code}</script>".encode()).decode()
    marks["%JSHEX%"] = "".join(f"&#x{ord(sign):x};" for sign in code)
    marks["%JSDEC%"] = "".join(f"&#{ord(sign):07d}" for sign in code)
    marks["%JSPCT%"] = "".join(f"%{ord(sign):02x}" for sign in code)
    return re.sub("|".join(map(re.escape, marks)), lambda found: marks[found[0]], text)


def letter(name: str, html: str | None, text: str = "") -> EmailMessage:
    """A message from outside called NAME."""
    message = EmailMessage()
    message["From"] = "Une correspondante <correspondante@exemple.fr>"
    message["To"] = "claire.lefevre@ac-normandie.fr"
    message["Subject"] = f"Cas {name}"
    message["Date"] = format_datetime(datetime.now(UTC))
    message.set_content(text or "Texte seul.")
    if html is not None:
        message.add_alternative(
            html.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), subtype="html"
        )
    return message
