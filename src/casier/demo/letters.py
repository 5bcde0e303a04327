"""A letter as the story tells it, and as it lies in mailboxes."""

from __future__ import annotations

import html
import random
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from casier.demo import data, files, french

_POLICY = SMTP.clone(max_line_length=76)
_STYLE = "font-family:Calibri,Arial,sans-serif;font-size:11pt;color:#1f2623"


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Someone who writes or is written to; those with a mailbox of the demonstration have a `box`."""

    name: str
    address: str
    signature: tuple[str, ...] = ()
    box: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message. The same bytes lie in the mailbox of everyone who got it."""

    id: str
    sender: Correspondent
    to: tuple[Correspondent, ...]
    subject: str
    paragraphs: tuple[str, ...]
    date: datetime
    cc: tuple[Correspondent, ...] = ()
    attached: tuple[files.File, ...] = ()
    meeting: files.Meeting | None = None
    answers: Letter | None = None
    layout: str = "text"  # text, html, newsletter, phishing
    charset: str = "utf-8"
    extra: tuple[tuple[str, str], ...] = field(default=())

    @property
    def chain(self) -> list[Letter]:
        """What it answers, oldest first."""
        return [*self.answers.chain, self.answers] if self.answers else []


def render(letter: Letter, delivered: bool) -> bytes:
    """LETTER as bytes; DELIVERED ones bear the trace of their way, those in Sent don't."""
    message = EmailMessage(_POLICY)
    if delivered:
        _trace(message, letter)
    message["Date"] = format_datetime(french.paris(letter.date))
    message["From"] = _header(letter.sender)
    message["To"] = [_header(who) for who in letter.to]
    if letter.cc:
        message["Cc"] = [_header(who) for who in letter.cc]
    message["Subject"] = letter.subject
    message["Message-ID"] = letter.id
    if letter.answers:
        message["In-Reply-To"] = letter.answers.id
        message["References"] = " ".join(earlier.id for earlier in letter.chain)
    for name, value in letter.extra:
        message[name] = value
    _content(message, letter)
    for number, part in enumerate(part for part in message.walk() if part.is_multipart()):
        part.set_boundary(f"=_casier_{random.Random(letter.id + str(number)).getrandbits(64):016x}")  # noqa: S311
    return message.as_bytes()


def _trace(message: EmailMessage, letter: Letter) -> None:
    host = letter.sender.address.rpartition("@")[2]
    number = random.Random(letter.id).randrange(1, 250)  # noqa: S311  decoration, no secret
    message["Return-Path"] = f"<{letter.sender.address}>"
    message["Received"] = (
        f"from mail.{host} (mail.{host} [192.0.2.{number}]) by mx.casier.example with ESMTPS;"
        f" {format_datetime(french.paris(letter.date))}"
    )


def _header(who: Correspondent) -> Address:
    return Address(who.name, addr_spec=who.address)


def _content(message: EmailMessage, letter: Letter) -> None:
    text = "\n".join(plain(letter)) + "\n"
    charset = letter.charset if _fits(text, letter.charset) else "utf-8"
    message.set_content(text, charset=charset, cte="quoted-printable")
    if letter.layout != "text":
        message.add_alternative(markup(letter), subtype="html", charset="utf-8", cte="quoted-printable")
    if letter.meeting:
        calendar = files.invitation(letter.meeting)
        parameters = {"method": "REQUEST", "charset": "utf-8", "name": "invitation.ics"}
        message.add_alternative(calendar.encode(), "text", "calendar", params=parameters)
    for file in letter.attached:
        kind, _, subtype = file.type.partition("/")
        message.add_attachment(file.content, kind, subtype, filename=file.name)


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def plain(letter: Letter, depth: int = 0) -> list[str]:
    """The lines of the text, with what it answers quoted below."""
    lines: list[str] = []
    for paragraph in letter.paragraphs:
        lines += [paragraph, ""]
    if letter.sender.signature:
        lines += ["-- ", letter.sender.name, *letter.sender.signature]
    if letter.answers and depth < 3:
        lines += ["", _attribution(letter.answers), ""]
        lines += [
            f"> {line}".rstrip() if not line.startswith(">") else f">{line}"
            for line in plain(letter.answers, depth + 1)
        ]
    return lines


def markup(letter: Letter, depth: int = 0) -> str:
    """The same as HTML; newsletters and the phishing attempt have pages of their own."""
    if letter.layout in ("newsletter", "phishing"):
        return _newsletter(letter) if letter.layout == "newsletter" else _phishing(letter)
    body = "".join(f'<p style="margin:0 0 10px">{html.escape(text)}</p>' for text in letter.paragraphs)
    sign = "<br>".join(html.escape(line) for line in (letter.sender.name, *letter.sender.signature))
    out = f'<div style="{_STYLE}">{body}<p style="color:#5a6460;font-size:10pt">{sign}</p></div>'
    if letter.answers and depth < 3:
        before = html.escape(_attribution(letter.answers))
        quoted = markup(_as_html(letter.answers), depth + 1)
        border = "border-left:2px solid #c9c5bb;margin:0 0 0 8px;padding-left:10px"
        out += f'<p>{before}</p><blockquote style="{border}">{quoted}</blockquote>'
    return out


def _as_html(letter: Letter) -> Letter:
    """An answered letter is quoted as ordinary HTML whatever its own layout is."""
    return replace(letter, layout="html")


def _attribution(letter: Letter) -> str:
    when = f"{french.day(letter.date)} {french.paris(letter.date).year} à {french.clock(letter.date)}"
    return french.typographic(f"Le {when}, {letter.sender.name} a écrit :")


def _newsletter(letter: Letter) -> str:
    host = _host(letter)
    rows = "".join(
        data.template("newsletter-row.html").substitute(text=html.escape(text), host=host, number=number)
        for number, text in enumerate(letter.paragraphs[1:-1], 1)
    )
    page = data.template("newsletter.html")
    return page.substitute(host=host, mark=letter.id[1:9], title=html.escape(letter.subject), rows=rows)


def _phishing(letter: Letter) -> str:
    """What a forger sends: a link whose text names one site and whose address is another's."""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in letter.paragraphs[:-1])
    return data.template("phishing.html").substitute(body=body, last=html.escape(letter.paragraphs[-1]))


def _host(letter: Letter) -> str:
    return letter.sender.address.rpartition("@")[2]
