"""A letter as a message: plain text, and the same in simple HTML. Nothing remote is fetched by either."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any, Self

from django.template.loader import render_to_string
from django.utils import timezone, translation

from casier.directory.models import Academy

SENDER = "ne-pas-repondre"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in words that are in the reader's language already. No paragraph holds HTML.

    LINK (words, address) is shown as a button; CODE stands apart in large digits. Both are secrets and live
    in the sealed row alone.
    """

    subject: str
    paragraphs: tuple[str, ...]
    language: str = "fr"
    code: str = ""
    link: tuple[str, str] | None = None

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        link = data.get("link")
        more = {"paragraphs": tuple(data["paragraphs"]), "link": tuple(link) if link else None}
        return cls(**{**data, **more})


def spaced(code: str) -> str:
    """A code in two halves, as it is read and typed."""
    middle = (len(code) + 1) // 2
    return f"{code[:middle]} {code[middle:]}" if len(code) >= 6 else code


def sender_domain(academy: Academy | None) -> str:
    """The domain that the platform writes from for ACADEMY."""
    if academy is None:
        return "localhost"
    return academy.domains.filter(is_primary=True).values_list("name", flat=True).first() or "localhost"


def compose(letter: Letter, to: str, academy: Academy | None, key: str) -> EmailMessage:
    """The message. KEY makes its Message-ID: sent a second time, it is the same message (RFC 5322 §3.6.4)."""
    domain = sender_domain(academy)
    message = EmailMessage()
    message["From"] = formataddr((academy.name if academy else "Casier", f"{SENDER}@{domain}"))
    message["To"] = to
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = f"<{key}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = letter.language
    facts = {"letter": letter, "academy": academy, "code": spaced(letter.code) if letter.code else ""}
    with translation.override(letter.language):
        message.set_content(_plain(letter, academy), cte="quoted-printable")
        html = render_to_string("dispatch/letter.html", facts)
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return message


def _plain(letter: Letter, academy: Academy | None) -> str:
    blocks = list(letter.paragraphs)
    # After the first sentences, which say what it is about: as in the HTML.
    if letter.code:
        blocks.insert(1, f"    {spaced(letter.code)}")
    if letter.link:
        blocks.insert(len(blocks) - 1 if len(blocks) > 1 else 1, f"{letter.link[0]}\n{letter.link[1]}")
    if academy:
        blocks.append(f"-- \n{academy.name}")
    return "\n\n".join(blocks) + "\n"
