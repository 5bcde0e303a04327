"""What is done to every value before it goes on: nothing that a page or an address would trip over."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

# Bytes of Windows-1252 that were declared as ISO-8859: an apostrophe or œ, never a control character.
_MISREAD = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}
_OLDEST = 1900


class Refusal(Exception):
    """A record can't be read as one; CODE and FACTS become a Refused."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def cleaned(text: str) -> str:
    """TEXT on one line, composed (NFC), without control characters and marks that turn the writing around."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    kept = (_shown(sign) for sign in text.translate(_MISREAD))
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def _shown(sign: str) -> str:
    if sign.isspace() or unicodedata.category(sign) == "Cc":
        return " "
    return sign if sign.isprintable() else ""


def within(field: str, text: str, limit: int) -> str:
    """TEXT, which FIELD of the directory can hold. Raises Refusal."""
    if len(text) > limit:
        raise Refusal("too_long", field=field, limit=str(limit), value=text[:60])
    return text


def day(field: str, text: str) -> date | None:
    """The day written as 31/12/1980 or 1980-12-31 (a time after it is let go); None from nothing."""
    if not text:
        return None
    written = re.split("[T ]", text, maxsplit=1)[0]
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            found = datetime.strptime(written, form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
        if found.year >= _OLDEST:
            return found
    raise Refusal("bad_day", field=field, value=text[:60])


def department_of(uai: str, postal_code: str = "") -> str:
    """The department's number (76, 2A, 974) that a UAI begins with, else the postal code."""
    corsica = {"620": "2A", "720": "2B", "02A": "2A", "02B": "2B"}
    if uai:
        head = uai[:3]
        return corsica.get(head) or (head[1:] if head[0] == "0" else head)
    if len(postal_code) != 5 or not postal_code.isascii() or not postal_code.isdigit():
        return ""
    if postal_code.startswith("20"):
        return "2A" if postal_code < "20200" else "2B"
    return postal_code[:3] if postal_code.startswith(("97", "98")) else postal_code[:2]
